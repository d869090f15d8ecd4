package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Until is when a study that decides as it goes stops: WIDTH or WIDTH@MEASURE. WIDTH is the full width of
// the 95% interval, or, with %, that width as a part of the estimate; MEASURE is a column of runs.csv,
// with =CLASS if it has classes; deterred if it is not named.
type Until string

func (u Until) Allowed() (string, bool) {
	if _, problem := u.rule(); problem != "" {
		return problem, false
	}
	return untilRule, true
}

const untilRule = "must be WIDTH or WIDTH@MEASURE with a width above 0, such as 0.01@deterred or 5%@war_d"

// A rule is an Until that has been read.
type rule struct {
	stats.Precision
	measure record.Measure
	name    string // of the measure, and its class
}

// findMeasure reads MEASURE or MEASURE=CLASS; problem says what is wrong with it.
func findMeasure(text string) (m record.Measure, problem string) {
	m, ok := record.FindMeasure(Measures(), text)
	name := m.Column.Name
	switch {
	case ok:
		return m, ""
	case m.At < 0:
		return m, fmt.Sprintf("must name a measure, and %q is none", name)
	case m.Column.Kind == record.Class:
		return m, fmt.Sprintf("must say which class: %s=%s", name, strings.Join(m.Column.Classes, ", "+name+"="))
	}
	return m, fmt.Sprintf("must name a measure with classes before =, and %s has none", name)
}

// rule reads u; problem says what is wrong with it.
func (u Until) rule() (r rule, problem string) {
	width, name, named := strings.Cut(string(u), "@")
	if !named {
		name = "deterred"
	}
	width, relative := strings.CutSuffix(width, "%")
	x, err := strconv.ParseFloat(width, 64)
	if err != nil || !(x > 0) || math.IsInf(x, 0) {
		return r, untilRule
	}
	if relative {
		r.Relative = x / 200
	} else {
		r.Absolute = x / 2
	}
	r.name = name
	if r.measure, problem = findMeasure(name); problem != "" {
		return r, problem
	}
	if r.measure.Share() && x >= 1 && !relative {
		return r, "must be a width below 1: an interval of a share is never wider"
	}
	return r, ""
}

// measured is what a rule has to know of a design point.
type measured struct {
	yes, n  int            // of a share
	moments *stats.Moments // of a number; exact, so that they are the same in any order
}

// add counts one row.
func (r *rule) add(m *measured, measures []float64) {
	x := r.measure.Value(measures[r.measure.At])
	switch {
	case math.IsNaN(x):
	case !r.measure.Share():
		if m.moments == nil {
			m.moments = new(stats.Moments)
		}
		m.moments.Add(x)
	default:
		m.n++
		m.yes += int(x)
	}
}

// look asks the rule about a point.
func (r *rule) look(m *measured) stats.Look {
	switch {
	case r.measure.Share():
		return r.Precision.Share(m.yes, m.n, Level)
	case m.moments == nil:
		return r.Mean(new(stats.Moments), Level)
	}
	return r.Mean(m.moments, Level)
}

// width is how wide the interval of a point is, in the terms of the rule; infinite where nothing is known yet.
func (r *rule) width(l *stats.Look) float64 {
	width := l.High - l.Low
	if r.Relative > 0 {
		width /= math.Abs(l.Value)
	}
	if math.IsNaN(width) {
		return math.Inf(1)
	}
	return width
}

// met says whether every point is known well enough.
func (r *rule) met(so []measured) bool {
	for i := range so {
		if l := r.look(&so[i]); !l.Stop {
			return false
		}
	}
	return true
}

// stopping is what the manifest says of the rule.
func (r *rule) stopping(s *Settings, rounds int, so []measured) *record.Stopping {
	stop := &record.Stopping{Until: string(s.Until), Measure: r.name, MaxRuns: int64(s.MaxRuns), Rounds: rounds, Met: true}
	widest := math.Inf(-1)
	for i := range so {
		l := r.look(&so[i])
		stop.Met = stop.Met && l.Stop
		stop.Early = stop.Early || slices.Contains(l.Warnings, stats.WarnStoppedEarly)
		if width := r.width(&l); width > widest {
			widest, stop.WidestPoint = width, int64(i)
		}
	}
	stop.Early = stop.Early && stop.Met
	if !math.IsInf(widest, 0) {
		// Few digits, which are the same on every machine.
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(widest, 'g', 4, 64), 64)
		stop.Widest = &rounded
	}
	return stop
}
