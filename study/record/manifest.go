package record

import "fmt"

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

	Formats []string `json:"formats"` // of its tables: "csv", and "parquet" where they are there twice

	Runs     int64     `json:"runs"`
	Failed   int64     `json:"failed"`
	Failures []Failure `json:"failures,omitempty"` // the first MaxFailures of them
	Stopping *Stopping `json:"stopping,omitempty"` // where the study decided as it went how long to go on

	Selection *Selection `json:"selection,omitempty"` // where it looked for the best of its choices

	Files map[string]FileInfo `json:"files"`
}

// MaxFailures is how many failed replications a manifest names.
const MaxFailures = 100

// Design is how the runs were chosen.
type Design struct {
	Kind         string   `json:"kind"`                            // "single": one design point
	Points       int64    `json:"points"`                          //
	Replications int64    `json:"replications"`                    // at each point; the most, where they differ
	ByPoint      []int64  `json:"replications_by_point,omitempty"` // where they differ
	OwnLuck      bool     `json:"own_luck,omitempty"`              // replication k meets other luck at every point
	Sharing      int64    `json:"sharing,omitempty"`               // replication k meets the same luck at so many successive points, then other; absent where at all
	Futures      int64    `json:"futures,omitempty"`               // sampled values of the uncertain factors, at each choice of the others
	Factors      []string `json:"factors,omitempty"`               // keys of all that the design varies
	Uncertain    []string `json:"uncertain,omitempty"`             // of them, those that nobody chooses
	Scrambles    int64    `json:"scrambles,omitempty"`             // independent parts of a saltelli design, one after the other
	Correlated   []string `json:"correlated,omitempty"`            // names of the ledger's correlations that the sample has
	Uncorrelated []string `json:"uncorrelated,omitempty"`          // of those that it would have if the design did not need independent factors
}

// Runs is how many runs there are at all points.
func (d *Design) Runs() int64 {
	if d.ByPoint == nil {
		return d.Points * d.Replications
	}
	n := int64(0)
	for _, reps := range d.ByPoint {
		n += reps
	}
	return n
}

// At is how many replications a point has.
func (d *Design) At(point int64) int64 {
	if d.ByPoint != nil {
		return d.ByPoint[point]
	}
	return d.Replications
}

// Run is the point and the replication of a row of runs.csv, counted from 0.
func (d *Design) Run(row int64) (point, rep int64) {
	if d.ByPoint == nil {
		return row / d.Replications, row % d.Replications
	}
	for row >= d.ByPoint[point] {
		row -= d.ByPoint[point]
		point++
	}
	return point, row
}

// check says what of a manifest cannot be, because other parts of it forbid it: whoever reads the result counts on them.
func (m *Manifest) check() error {
	d := &m.Design
	bad := func(key string, value int64, rule string, args ...any) error {
		return fmt.Errorf("is damaged: %s is %d: must be %s", key, value, fmt.Sprintf(rule, args...))
	}
	for _, at := range []struct {
		key          string
		value, least int64
	}{
		{"design.points", d.Points, 1}, {"design.replications", d.Replications, 1}, {"design.sharing", d.Sharing, 0},
		{"design.futures", d.Futures, 0}, {"design.scrambles", d.Scrambles, 0},
	} {
		if at.value < at.least {
			return bad(at.key, at.value, "at least %d", at.least)
		}
	}
	if d.ByPoint != nil && int64(len(d.ByPoint)) != d.Points {
		return bad("the length of design.replications_by_point", int64(len(d.ByPoint)), "%d, that of the points", d.Points)
	}
	for point, reps := range d.ByPoint {
		if reps < 0 || reps > d.Replications {
			return bad(fmt.Sprintf("design.replications_by_point[%d]", point), reps, "from 0 to %d", d.Replications)
		}
	}
	// No row is shorter than a byte: so no product overflows, and nothing is made as large as somebody wrote it here.
	if bytes := m.Files[RunsFile].Bytes; d.ByPoint == nil && d.Points > bytes/d.Replications {
		return bad("design.points", d.Points, "so few that their replications fit into the %d bytes of %s", bytes, RunsFile)
	}
	switch {
	case m.Runs != d.Runs():
		return bad("runs", m.Runs, "%d, by the design", d.Runs())
	case d.Futures > 0 && d.Points%d.Futures != 0:
		return bad("design.futures", d.Futures, "a divisor of the points, %d", d.Points)
	case d.Sharing > 0 && d.Points%d.Sharing != 0:
		return bad("design.sharing", d.Sharing, "a divisor of the points, %d", d.Points)
	case d.Scrambles > d.Futures:
		return bad("design.scrambles", d.Scrambles, "at most the futures, %d", d.Futures)
	case m.Selection != nil && m.Selection.Best >= int64(len(m.Selection.EliminatedAt)):
		return bad("selection.best", m.Selection.Best, "less than the number of choices, %d", len(m.Selection.EliminatedAt))
	}
	row := int64(1) // futures that belong together
	switch factors := int64(len(d.Factors)); d.Kind {
	case "morris":
		row = factors + 1
	case "saltelli":
		row = (factors + 2) * max(1, d.Scrambles)
	}
	if d.Futures%row != 0 || row > 1 && d.Futures == 0 {
		return bad("design.futures", d.Futures, "a multiple of %d", row)
	}
	return nil
}

// Stopping is how a study came to its end that plays in rounds until its intervals are narrow.
type Stopping struct {
	Until       string   `json:"until"`            // the rule: WIDTH@MEASURE
	Measure     string   `json:"measure"`          // that it looks at
	MaxRuns     int64    `json:"max_runs"`         // where it gives up
	Rounds      int      `json:"rounds"`           // after each of which it was asked
	Met         bool     `json:"met"`              // at every design point
	Early       bool     `json:"early,omitempty"`  // at a point on so few events or values that its interval can cover less often than its level
	WidestPoint int64    `json:"widest_point"`     // the point that is known worst
	Widest      *float64 `json:"widest,omitempty"` // width there, in the terms of the rule, to 4 digits; missing where there is no interval
}

// Selection is how the best of the choices of a study was found. A choice is Futures successive points, or one.
type Selection struct {
	Procedure    string  `json:"procedure"`              // kim-nelson or ocba
	Measure      string  `json:"measure"`                // by which it is the best, with =CLASS if it has classes
	Better       string  `json:"better"`                 // high or low
	Confidence   float64 `json:"confidence,omitempty"`   // of kim-nelson: probability of selecting the best
	Indifference float64 `json:"indifference,omitempty"` // if every other is worse by this much, in the unit of the measure
	First        int64   `json:"first"`                  // replications of the first round
	Batch        int64   `json:"batch,omitempty"`        // replications of an observation
	MaxRuns      int64   `json:"max_runs"`               // the budget
	Rounds       int     `json:"rounds"`                 //
	Decided      bool    `json:"decided"`                // with the confidence; ocba promises none
	Best         int64   `json:"best"`                   // choice, from 0; -1 where no history says anything
	EliminatedAt []int64 `json:"eliminated_at"`          // by choice: after how many replications; 0 where it was not
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
