package record

// Format is the version of the files of a result; it is raised when an older reader would misread
// a newer file.
const Format = 1

// Manifest says what a result is and how it was made, and holds the hash of every other file, so
// that a result is its manifest. It has no clock, host, user, path or file name: whoever runs the same
// input with the same version gets the same bytes.
type Manifest struct {
	Format   int    `json:"format"`
	Title    string `json:"title,omitempty"`
	Version  string `json:"version"`  // of the program
	Revision string `json:"revision"` // of its source, "unknown" where the build does not say
	Seed     uint64 `json:"seed"`
	Design   Design `json:"design"`
	Input    string `json:"input"` // SHA-256 of what matters in the resolved input
	Events   string `json:"events"`

	Runs     int64     `json:"runs"`
	Failed   int64     `json:"failed"`
	Failures []Failure `json:"failures,omitempty"` // the first MaxFailures of them

	Files map[string]FileInfo `json:"files"`
}

// MaxFailures is how many failed replications a manifest names.
const MaxFailures = 100

// Design is how the runs were chosen.
type Design struct {
	Kind         string   `json:"kind"`                   // "single": one design point
	Points       int64    `json:"points"`                 //
	Replications int64    `json:"replications"`           // at each point
	OwnLuck      bool     `json:"own_luck,omitempty"`     // replication k meets other luck at every point
	Sharing      int64    `json:"sharing,omitempty"`      // replication k meets the same luck at so many successive points, then other; absent where at all
	Futures      int64    `json:"futures,omitempty"`      // sampled values of the uncertain factors, at each choice of the others
	Factors      []string `json:"factors,omitempty"`      // keys of all that the design varies
	Uncertain    []string `json:"uncertain,omitempty"`    // of them, those that nobody chooses
	Scrambles    int64    `json:"scrambles,omitempty"`    // independent parts of a saltelli design, one after the other
	Correlated   []string `json:"correlated,omitempty"`   // names of the ledger's correlations that the sample has
	Uncorrelated []string `json:"uncorrelated,omitempty"` // of those that it would have if the design did not need independent factors
}

// Failure is a replication that did not come to an end. Its row has no measures.
type Failure struct {
	Point   int64  `json:"point"`
	Rep     int64  `json:"rep"`
	Seed    uint64 `json:"seed"`
	Message string `json:"message"`
	Repeat  string `json:"repeat"` // the command that meets it again, typed in the result's folder
}

// FileInfo is how a file of a result is recognised.
type FileInfo struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}
