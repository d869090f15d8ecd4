package study

import (
	"fmt"
	"slices"
	"strings"

	"tripwire/input"
	"tripwire/study/record"
)

// Expectation is an [[expect]] table of a file: the band in which an estimate of the result is to lie. No
// result depends on it, so it is no part of the input's hash.
type Expectation struct {
	Name      string    `toml:"name,optional" doc:"what is expected, in words"`
	Measure   string    `toml:"measure" doc:"a column of runs.csv, with =CLASS if it has classes"`
	Statistic Statistic `toml:"statistic,optional" doc:"of a measure that is a number: mean (default), median, q05 or q95"`
	Case      string    `toml:"case,optional" doc:"name of the case in which it is expected (default every one)"`
	Point     *int64    `toml:"point,optional" doc:"number of the design point at which it is expected (default every one)"`
	Low       *float64  `toml:"low,optional" doc:"lower end of the band, in the measure's unit; of a share, in [0, 1]"`
	High      *float64  `toml:"high,optional" doc:"upper end of the band"`
}

// Statistic is what is estimated of a measure.
type Statistic string

var statistics = []Statistic{"share", "mean", "median", "q05", "q95"}

func (s Statistic) Allowed() (string, bool) {
	return "must be share, mean, median, q05 or q95", slices.Contains(statistics, s)
}

// Check calls bad for what is wrong with an expectation by itself.
func (e *Expectation) Check(bad func(key, format string, args ...any)) {
	m, ok := record.FindMeasure(Measures(), e.Measure)
	name, share := m.Column.Name, m.Share()
	if m.At < 0 {
		bad("measure", "%q: no such measure (see: params --measures)", name)
		return
	}
	switch {
	case !ok && m.Column.Kind == record.Class:
		bad("measure", "%q: say which class: %s=%s", e.Measure, name, strings.Join(m.Column.Classes, ", "))
	case !ok:
		bad("measure", "%q: %s has no classes", e.Measure, name)
	case share && e.Statistic != "" && e.Statistic != "share":
		bad("statistic", "%q: of %s there is a share only", e.Statistic, name)
	case !share && e.Statistic == "share":
		bad("statistic", "%q: %s is a number: mean, median, q05 or q95", e.Statistic, name)
	}
	if e.Case != "" && e.Point != nil {
		bad("point", "names a point, and case names one too: give one of them")
	}
	if e.Low == nil && e.High == nil {
		bad("", "has no band: give low, high or both")
	}
	if e.Low != nil && e.High != nil && *e.Low > *e.High {
		bad("low", "%v must not be above high (%v)", *e.Low, *e.High)
	}
	for key, end := range map[string]*float64{"low": e.Low, "high": e.High} {
		if share && end != nil && (*end < 0 || *end > 1) {
			bad(key, "%v: a share lies in [0, 1]", *end)
		}
	}
}

// misplaced finds the expectations of cases or points that the design does not have.
func (s *Study) misplaced() (faults input.Faults) {
	for i, e := range s.Expect {
		bad := func(key, format string, args ...any) {
			faults = append(faults, s.File.Fault(fmt.Sprintf("expect[%d].%s", i, key), format, args...))
		}
		p := s.plan
		switch {
		case e.Case != "" && p.labels == nil:
			bad("case", "%q: the design has no cases: name a point", e.Case)
		case e.Case != "" && !slices.Contains(p.labels, e.Case):
			bad("case", "%q: no such case; there are: %s", e.Case, strings.Join(p.labels, ", "))
		case e.Point != nil && (*e.Point < 0 || *e.Point >= p.points):
			bad("point", "%d: the last design point is %d", *e.Point, p.points-1)
		case e.Point == nil && p.futures > 1 && slices.Contains(statistics[2:], e.Statistic):
			bad("statistic", "%q: over sampled futures there is the mean only: name a point", e.Statistic)
		}
	}
	return faults
}
