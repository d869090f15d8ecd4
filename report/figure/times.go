package figure

import (
	"fmt"
	"math"
	"slices"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// A timed event of a history: in how many histories it has come by each time.
type timed struct {
	name  string
	curve *stats.Curve
	n     int
}

// ends of an observed time
const (
	unseen = iota // still open when the history ended: censored
	came
	forestalled // something else ended what was watched
)

const daysAYear = 365

// still says whether an outcome class means that the armistice, or the war, was going on when the history
// ended, so that what had not come might have.
func still(class string) bool {
	return class == "deterred-quiet" || class == "deterred-simmering" || class == "ongoing-at-horizon"
}

// incidence is how likely invasion, its attribution and the first strike have come by each time from the
// armistice. They are not causes that compete with one another, for one follows on the other: each competes
// with what ends a history before it, and is censored where nothing does.
type incidence struct {
	events  []timed
	horizon float64 // d
}

func drawIncidence(r *record.Result, opt Options) (*Figure, error) {
	d, t, err := readPoint(r, opt, "outcome", "t_invasion_d", "attribution_delay_d", "t_first_strike_d", "t_end_d")
	if err != nil {
		return nil, err
	}
	i, err := newIncidence(t)
	if err != nil {
		return nil, err
	}
	return i.draw(d, opt), nil
}

func newIncidence(t *record.Table) (*incidence, error) {
	outcome, invasion, end := t.Index("outcome"), t.Index("t_invasion_d"), t.Index("t_end_d")
	i := &incidence{}
	for _, e := range []struct{ name, after string }{
		{"invasion", ""}, {"attack attributed", "attribution_delay_d"}, {"first American strike", "t_first_strike_d"},
	} {
		var times stats.Times
		after := t.Index(e.after)
		for k := range t.Len() {
			row := t.Row(k)
			if math.IsNaN(row[outcome]) {
				continue // the replication failed
			}
			at := row[invasion]
			if after >= 0 {
				at += row[after]
			}
			cause := came
			if math.IsNaN(at) {
				at, cause = row[end], forestalled
				if still(t.Columns[outcome].Label(row[outcome])) {
					cause = unseen
				}
			}
			i.horizon = max(i.horizon, row[end])
			times.T, times.Cause = append(times.T, at), append(times.Cause, cause)
		}
		i.events = append(i.events, timed{e.name, stats.NewRiskTable(times).AalenJohansen(came, stats.Greenwood), len(times.T)})
	}
	if i.horizon == 0 || i.events[0].n == 0 {
		return nil, ask("no history outlasts day 0")
	}
	return i, nil
}

func (i *incidence) draw(d *data, opt Options) *Figure {
	c := &curves{x: axis{title: "Time from the armistice, years", top: i.horizon / daysAYear}, y: axis{title: "Share of histories in which it has come, %", factor: 100}}
	table := Table{Columns: []string{"event", "t_d", "share", "low", "high", "n"}}
	description := fmt.Sprintf("Cumulative incidence, in years to %s, in %s.", plain(i.horizon/daysAYear), histories(i.events[0].n))
	for k, e := range i.events {
		times := make([]float64, steps+1)
		for j := range times {
			times[j] = i.horizon * float64(j) / steps
		}
		l, last := e.line(times, d.level, func(t float64) float64 { return t / daysAYear })
		l.colour = sequence[k]
		l.dash = []float64{0, 6, 2.5}[k]
		c.lines = append(c.lines, l)
		for _, h := range l.high {
			c.y.top = max(c.y.top, h)
		}
		value, _ := percent.words(last)
		description += fmt.Sprintf(" At the end %s has come in %s%%.", e.name, value)
		for j := 0; j < len(times); j += steps / 20 {
			table.Rows = append(table.Rows, append([]string{e.name, number(times[j])}, cells(e.curve.At(times[j], d.level, stats.LogLog))...))
		}
	}
	c.y.round(5)
	s := d.sheet("invasion, attribution and first strike", d.where(opt.Point),
		fmt.Sprintf("Aalen-Johansen among competing ends (settlement, refusal, the end of the war); bands: %s intervals at each time (Greenwood, log-log), n\u00a0= %s.", percentOf(d.level), report.Count(i.events[0].n)))
	f := s.figure(description, table)
	f.scene = c.draw(s, opt)
	return f
}

// line is the curve of an event, named with its value at the last of the times.
func (e *timed) line(times []float64, level float64, x func(float64) float64) (curve, stats.Estimate) {
	l := curve{step: true}
	var last stats.Estimate
	for _, t := range times {
		at := e.curve.At(t, level, stats.LogLog)
		if slices.Contains(at.Warnings, stats.WarnBeyondFollowUp) {
			break
		}
		last = at
		l.x, l.y = append(l.x, x(t)), append(l.y, at.Value)
		l.low, l.high = append(l.low, at.Low), append(l.high, at.High)
	}
	value, interval := percent.words(last)
	l.name = e.name + " " + value + "% " + unbroken(interval)
	return l, last
}

// race is how likely attribution, first strike and objective have come by each day of an attack.
type race struct {
	events    []timed
	longest   float64 // d
	objective bool    // whether the result tells when objectives fell
	before    stats.Estimate
}

func drawRace(r *record.Result, opt Options) (*Figure, error) {
	d, t, err := readPoint(r, opt, "outcome", "invaded", "war_d", "attribution_delay_d", "t_first_strike_d", "strike_before_fait_accompli", "t_invasion_d")
	if err != nil {
		return nil, err
	}
	var objectives map[int64]float64
	if r.Has("events.csv") {
		if objectives, err = firstObjectives(r, opt.Point); err != nil {
			return nil, err
		}
	}
	a, err := newRace(t, objectives, d.level)
	if err != nil {
		return nil, err
	}
	return a.draw(d, opt), nil
}

// firstObjectives is the day of each replication on which an objective first fell, from the armistice.
func firstObjectives(r *record.Result, point int64) (map[int64]float64, error) {
	first := map[int64]float64{}
	for t, err := range r.Chunks("events") {
		if err != nil {
			return nil, err
		}
		pointAt, rep, at, event := t.Index("point"), t.Index("rep"), t.Index("t_d"), t.Index("event")
		if min(pointAt, rep, at, event) < 0 {
			return nil, ask("events.csv has not the columns that it needs")
		}
		for i := range t.Len() {
			row := t.Row(i)
			if row[pointAt] != float64(point) || t.Columns[event].Label(row[event]) != "objective reached" {
				continue
			}
			if _, known := first[int64(row[rep])]; !known {
				first[int64(row[rep])] = row[at]
			}
		}
	}
	return first, nil
}

// newRace takes the histories with an attack. objectives is nil where it is not known when they fell.
func newRace(t *record.Table, objectives map[int64]float64, level float64) (*race, error) {
	invaded, war, outcome, rep, dDay := t.Index("invaded"), t.Index("war_d"), t.Index("outcome"), t.Index("rep"), t.Index("t_invasion_d")
	a := &race{objective: objectives != nil}
	watch := func(name string, when func(row []float64) float64) {
		var times stats.Times
		for k := range t.Len() {
			row := t.Row(k)
			if row[invaded] != 1 || math.IsNaN(row[war]) {
				continue
			}
			at, cause := when(row), came
			if math.IsNaN(at) {
				at, cause = row[war], forestalled
				if t.Columns[outcome].Label(row[outcome]) == "ongoing-at-horizon" {
					cause = unseen
				}
			}
			a.longest = max(a.longest, row[war], at)
			times.T, times.Cause = append(times.T, at), append(times.Cause, cause)
		}
		a.events = append(a.events, timed{name, stats.NewRiskTable(times).AalenJohansen(came, stats.Greenwood), len(times.T)})
	}
	column := func(name string) func([]float64) float64 {
		at := t.Index(name)
		return func(row []float64) float64 { return row[at] }
	}
	watch("attack attributed", column("attribution_delay_d"))
	watch("first American strike", column("t_first_strike_d"))
	if objectives != nil {
		watch("an objective falls", func(row []float64) float64 {
			if at, fell := objectives[int64(row[rep])]; fell {
				return at - row[dDay]
			}
			return math.NaN()
		})
	}
	if a.events[0].n == 0 {
		return nil, ask("no history has an attack, so there is no race")
	}
	before := known(t.Values(t.Index("strike_before_fait_accompli")))
	a.before = stats.Share(count(before), len(before), level)
	return a, nil
}

// firstHours is where the axis of a race begins, in days: about a quarter of an hour.
const firstHours = 0.01

func (a *race) draw(d *data, opt Options) *Figure {
	top := max(1, a.longest)
	c := &curves{x: axis{title: "Days from D-day (by powers of ten)", low: firstHours, top: top, log: true}, y: axis{title: "Share of attacks in which it has come, %", top: 1, factor: 100}}
	table := Table{Columns: []string{"event", "t_d", "share", "low", "high", "n"}}
	description := fmt.Sprintf("Cumulative incidence from D-day in %s.", report.Plural(a.events[0].n, "attack", "attacks"))
	for k, e := range a.events {
		times := make([]float64, steps+1)
		for j := range times {
			times[j] = firstHours * math.Pow(top/firstHours, float64(j)/steps)
		}
		l, last := e.line(times, d.level, func(t float64) float64 { return t })
		l.colour, l.dash = sequence[[]int{2, 0, 1}[k]], []float64{2.5, 0, 6}[k]
		c.lines = append(c.lines, l)
		value, _ := percent.words(last)
		description += fmt.Sprintf(" In %s%% %s.", value, map[string]string{
			"attack attributed": "it is attributed", "first American strike": "a strike comes", "an objective falls": "an objective falls"}[e.name])
		for j := 0; j < len(times); j += steps / 20 {
			table.Rows = append(table.Rows, append([]string{e.name, number(times[j])}, cells(e.curve.At(times[j], d.level, stats.LogLog))...))
		}
	}
	var notes []string
	if a.before.N > 0 {
		value, interval := percent.words(a.before)
		notes = append(notes, fmt.Sprintf("Where an objective fell (n = %s), the strike had come before in %s%% %s.", report.Count(a.before.N), value, interval))
	}
	if !a.objective {
		notes = append(notes, "When objectives fell is told only by a result with events (run --events all).")
	}
	notes = append(notes, fmt.Sprintf("Aalen-Johansen, the end of the war competing; bands: %s intervals at each time, n\u00a0= %s.", percentOf(d.level), report.Plural(a.events[0].n, "attack", "attacks")))
	what := "the gates against the objective"
	if !a.objective {
		what = "the gates, from D-day"
	}
	s := d.sheet(what, d.where(opt.Point), notes...)
	f := s.figure(description, table)
	f.scene = c.draw(s, opt)
	return f
}
