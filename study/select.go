package study

import (
	"slices"

	"tripwire/study/record"
)

// Select is the [study.select] table: which of the chosen points is the best, and how to find that out.
type Select struct {
	Measure      string     `toml:"measure,optional" doc:"by which it is the best: a column of runs.csv, with =CLASS if it has classes (default deterred)"`
	Better       Better     `toml:"better,optional" doc:"high or low: which values are better; not needed of deterred"`
	Procedure    Procedure  `toml:"procedure,optional" doc:"kim-nelson keeps a promise (default); ocba spends max_runs and promises nothing"`
	Confidence   Confidence `toml:"confidence,optional" doc:"probability with which kim-nelson selects the best (default 0.95)"`
	Indifference Positive   `toml:"indifference,optional" doc:"to kim-nelson a policy that is worse by less is as good, in the unit of the measure; of a share 0.02 is two percentage points"`
	Batch        Runs       `toml:"batch,optional" doc:"replications whose mean is one observation to kim-nelson (default 20)"`
}

// Better says which values of a measure are better.
type Better string

const (
	high Better = "high"
	low  Better = "low"
)

func (b Better) Allowed() (string, bool) { return "must be high or low", b == high || b == low }

// Procedure is how the best is selected.
type Procedure string

const (
	kimNelson Procedure = "kim-nelson"
	ocba      Procedure = "ocba"
)

func (p Procedure) Allowed() (string, bool) {
	return "must be kim-nelson or ocba", p == kimNelson || p == ocba
}

// Confidence is a probability that a procedure promises.
type Confidence float64

func (c Confidence) Allowed() (string, bool) {
	return "must be in [0.5, 0.9999]", .5 <= c && c <= .9999
}

// Positive is a number above 0.
type Positive float64

func (x Positive) Allowed() (string, bool) { return "must be above 0", x > 0 }

const (
	defaultConfidence = 0.95
	defaultBatch      = 20
	fewestBatches     = 10 // from which variances are estimated
)

// effective is the table with what it does not say.
func (s *Select) effective() Select {
	e := *s
	if e.Procedure == "" {
		e.Procedure = kimNelson
	}
	if e.Measure == "" {
		e.Measure = "deterred"
	}
	if e.Better == "" {
		e.Better = high
	}
	if e.Confidence == 0 {
		e.Confidence = defaultConfidence
	}
	if e.Batch == 0 {
		e.Batch = defaultBatch
	}
	return e
}

// check looks at the table beside its settings.
func (s *Select) check(settings *Settings, bad func(key, format string, args ...any)) {
	e := s.effective()
	m, problem := findMeasure(e.Measure)
	if problem != "" {
		bad("select.measure", "%s", problem)
	}
	if s.Better == "" && e.Measure != "deterred" {
		bad("select", "does not say whether high or low values of %s are better: add better", e.Measure)
	}
	if problem == "" && m.Share() && s.Indifference >= 1 {
		bad("select.indifference", "%v must be below 1: %s is a share", float64(s.Indifference), e.Measure)
	}
	n := settings.Replications
	switch {
	case e.Procedure == ocba:
		for _, given := range []struct {
			key string
			is  bool
		}{{"confidence", s.Confidence != 0}, {"indifference", s.Indifference != 0}, {"batch", s.Batch != 0}} {
			if given.is {
				bad("select."+given.key, "is of no use to ocba, which promises nothing")
			}
		}
		if settings.MaxRuns == 0 {
			bad("select", "ocba needs study.max_runs, which it spends")
		}
	case s.Indifference == 0:
		bad("select", "kim-nelson needs indifference: by how much worse a policy is as good")
	case n > 0 && (n%e.Batch != 0 || n < fewestBatches*e.Batch):
		bad("replications", "%d must be a multiple of the batch (%d) and %d batches or more, from which kim-nelson estimates variances", n, e.Batch, fewestBatches)
	}
	if settings.Design == "" || settings.Design.sampled() {
		bad("select", "needs a design of chosen points: %s, %s, %s or %s", grid, list, oneAtATime, ablation)
	}
}

// checkPlan looks at the table beside the points.
func (s *Select) checkPlan(c *checker, settings *Settings, choices, points int64) {
	if choices < 2 {
		c.fault("select", "has one point to select from: it needs two or more")
	}
	if first := int64(settings.Replications); points*first > int64(settings.MaxRuns) {
		c.fault("max_runs", "%d is less than the first round, %d replications at each of %d points", settings.MaxRuns, first, points)
	}
}

// selection is what the manifest says of how the best was selected.
func (s *selector) selection() *record.Selection {
	m := &record.Selection{
		Procedure: string(s.how.Procedure), Measure: s.how.Measure, Better: string(s.how.Better), First: s.first, MaxRuns: s.left + s.spent,
		Rounds: s.rounds, Decided: s.decided(), Best: s.best(), EliminatedAt: slices.Clone(s.out),
	}
	if s.how.Procedure == kimNelson {
		m.Confidence, m.Indifference, m.Batch = float64(s.how.Confidence), float64(s.how.Indifference), s.batch
	}
	return m
}
