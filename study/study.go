// Package study plays a scenario many times on all cores and leaves a result: a row a replication, a
// row a design point with every measure's estimate, and the running curves. Start at [Load] and
// [Study.Run].
//
// It knows the design, the order of rows and which measures a history has, but neither how a war
// goes (package model) nor how a result is shown (package report). The same input gives the same
// bytes of every file, whatever the number of workers.
package study

import (
	"errors"
	"fmt"
	"slices"

	"tripwire/input"
	"tripwire/model"
	"tripwire/study/record"
)

// Level is the confidence level of the intervals in points.csv and series.csv.
const Level = 0.95

// MaxRuns is how many runs a study may have unless its user confirms that more are meant.
const MaxRuns = 10_000_000

// Runs is a number of histories.
type Runs int64

// 2^53 is where the columns that number the runs end to be exact.
const mostRuns = 1 << 53

func (n Runs) Allowed() (string, bool) {
	return "must be from 1 to 2^53", 1 <= n && n <= mostRuns
}

func (Runs) Unit() string { return "histories" }

// DefaultReplications is how many histories are played where nothing is said.
const DefaultReplications = 1000

// Study is a scenario with what is to be done with it.
type Study struct {
	Scenario model.Scenario
	Settings Settings
	// Correlations is what the ledger believes of uncertainties together.
	Correlations Correlations
	File         *input.File // the resolved input

	Expect []Expectation // what its user expects of the result
	plan   *plan
}

// Load reads a scenario or a study: file is a path or the bare name of an embedded one, sets are the
// assignments of --set. What is wrong with a file comes as [input.Faults].
func Load(l input.Loader, file string, sets []string) (*Study, error) {
	s, err := load(l, file, sets, nil)
	if err != nil {
		return nil, err
	}
	given, cases := len(sets), 0
	if len(s.Settings.Policies) > 0 {
		var assignments []string
		if assignments, s.Settings.lost = s.readPolicies(l, file, given); len(s.Settings.lost) == 0 {
			sets = append(slices.Clone(sets), assignments...)
			cases = len(sets)
		}
	}
	if s.Settings.Replications == 0 {
		// What is not said becomes part of the resolved input, so that it runs again to the same bytes.
		sets = append(slices.Clone(sets), fmt.Sprintf("study.replications=%d", DefaultReplications))
	}
	if s.sequential() && s.Settings.MaxRuns == 0 {
		sets = append(slices.Clone(sets), fmt.Sprintf("study.max_runs=%d", MaxRuns))
	}
	if s.Settings.designed() || len(sets) > given {
		// A design is checked against the values and the evidence of the whole file, which are known
		// once it has been read: so it is read twice.
		if s, err = load(l, file, sets, s); err != nil {
			return nil, blameFile(err, file, given, cases)
		}
		s.File.Layers = s.File.Layers[:len(s.File.Layers)-(len(sets)-given)] // those assignments are nobody's
	}
	if s.plan = s.Settings.plan; s.plan == nil {
		s.plan = &plan{kind: single, points: 1, base: s.Scenario}
	}
	if faults := s.misplaced(); faults != nil {
		return nil, faults
	}
	return s, nil
}

func load(l input.Loader, file string, sets []string, before *Study) (s *Study, err error) {
	s = &Study{Settings: Settings{CommonLuck: true, read: before}}
	l.Idle = append(slices.Clone(l.Idle), "expect")
	s.File, err = l.Load(file, sets, &s.Scenario, s.sections())
	if err != nil {
		return nil, err
	}
	return s, nil
}

// blameFile gives the faults of assignments that nobody typed, which are those after so many, to the file that says too
// little, or that names the policies of which the set of the number cases was made.
func blameFile(err error, file string, given, cases int) error {
	var faults input.Faults
	if !errors.As(err, &faults) {
		return err
	}
	for i, f := range faults {
		if f.File != "--set" || f.Line <= given {
			continue
		}
		if f.Line == cases {
			f.Key = "study.policies"
		}
		faults[i] = input.Fault{File: file, Key: f.Key, Message: f.Message}
	}
	return faults
}

// Shape is the kind of the design ("single" where there is none), and how many factors it varies.
func (s *Study) Shape() (design string, factors int) { return string(s.plan.kind), len(s.plan.factors) }

// Points is the number of design points.
func (s *Study) Points() int64 { return s.plan.points }

// Runs is the number of histories of the whole design, at most 2^53; where the study decides as it goes,
// the most that it may play.
func (s *Study) Runs() int64 {
	if s.Settings.Select != nil {
		return int64(s.Settings.MaxRuns)
	}
	n := s.mostReplications()
	if s.plan.points > mostRuns/n {
		return mostRuns
	}
	return s.plan.points * n
}

// FirstRuns is how many histories of a shard are known to be wanted before anything is played.
func (s *Study) FirstRuns(shard record.Shard) int64 {
	runs := int64(0)
	if shard.Of == 0 { // there may be a million units, and a run begins with this
		for _, span := range s.schedule()(nil) {
			runs += span.runs()
		}
		return runs
	}
	s.firstUnits(func(number, size int64) {
		if shard.Has(number) {
			runs += size
		}
	})
	return runs
}

// Units is how many units of work are known to be wanted before anything is played. Of more shards some would be empty.
func (s *Study) Units() int64 {
	n := int64(0)
	for _, span := range s.schedule()(nil) {
		k := newCut(span, n, 0)
		n += k.units
	}
	return n
}

// LargestShard is how many histories the largest of so many shards has.
func (s *Study) LargestShard(of int64) int64 {
	runs := make([]int64, of)
	s.firstUnits(func(number, size int64) { runs[record.ShardOf(number, of)-1] += size })
	return slices.Max(runs)
}

// firstUnits yields the units that are known to be wanted before anything is played, and how many histories they have.
func (s *Study) firstUnits(yield func(number, size int64)) {
	base := int64(0)
	for _, span := range s.schedule()(nil) {
		k := newCut(span, base, 0)
		base += k.units
		for number := k.base; number < base; number++ {
			u := k.unit(number)
			yield(number, u.runs())
		}
	}
}

// At returns the scenario of a design point, and the key of luck of one of its replications: the
// history is War.Play(Scenario.Seed, key).
func (s *Study) At(point, rep int64) (scenario *model.Scenario, key uint64, err error) {
	scenario = new(model.Scenario)
	err = s.plan.scenario(point, make([]float64, len(s.plan.factors)), scenario)
	return scenario, s.Key(point, rep), err
}

// Describe is the factors of a design point in words.
func (s *Study) Describe(point int64) string {
	cells := make([]float64, len(s.plan.factors))
	if err := s.plan.scenario(point, cells, new(model.Scenario)); err != nil {
		return err.Error()
	}
	text := s.plan.describe(cells)
	if s.plan.labels != nil {
		text = s.plan.labels[point/max(1, s.plan.futures)] + ": " + text
	}
	return text
}

// Key is the key of luck of a replication: rep, so that it meets the same luck at every point, unless the study wants luck of
// its own for each: point 0 then has that of the common luck. The scramblings of a saltelli design and the
// trajectories of a morris design have luck of their own, which their points share: they are to be
// independent, for the spread between them makes the intervals.
func (s *Study) Key(point, rep int64) uint64 {
	switch {
	case !s.Settings.CommonLuck:
		return uint64(point)<<32 | uint64(rep)
	case s.plan.sharing > 0:
		return uint64(point/s.plan.sharing)<<32 | uint64(rep)
	}
	return uint64(rep)
}

// Title is what the result is called: the study's title, or else the scenario's.
func (s *Study) Title() string {
	if s.Settings.Title != "" {
		return s.Settings.Title
	}
	return string(s.Scenario.Title)
}

func (s *Study) design() record.Design {
	p := s.plan
	d := record.Design{Kind: string(p.kind), Points: p.points, Replications: int64(s.Settings.Replications)}
	if p.kind == single {
		return d
	}
	d.OwnLuck, d.Futures, d.Scrambles = !s.Settings.CommonLuck, p.futures, p.scrambles
	if s.Settings.CommonLuck {
		d.Sharing = p.sharing
	}
	d.Correlated, d.Uncorrelated = p.correlated, p.uncorrelated
	for i := range p.factors {
		f := &p.factors[i]
		d.Factors = append(d.Factors, f.param.Key)
		if f.kind == uncertainty {
			d.Uncertain = append(d.Uncertain, f.param.Key)
		}
	}
	return d
}

// A Failed error says that some histories did not come to an end. The result is written: their rows
// have no measures, and the manifest says how to meet the failures again.
type Failed struct{ Failed, Runs int64 }

func (f *Failed) Error() string {
	return fmt.Sprintf("%d of %d %s failed", f.Failed, f.Runs, record.Noun(f.Runs, "replication", "replications"))
}
