package figure

import (
	"fmt"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// Rungs is the names of the rungs of the escalation ladder, from 0 up; docs/model.md.
var Rungs = []string{"armistice", "incidents", "sustained flare-ups", "limited attack", "full invasion",
	"coalition in combat", "American strikes in occupied Ukraine", "American strikes on Russia",
	"Russian strikes on NATO territory", "nuclear signal", "nuclear use"}

// escalation is what share of histories reaches each rung or a higher one, and of those goes on from it.
type escalation struct {
	reached, goesOn []stats.Estimate // by rung
	signal, use     stats.Estimate   // on an axis of their own
	n               int
}

func drawEscalation(r *record.Result, opt Options) (*Figure, error) {
	d, t, err := readPoint(r, opt, "rung_max", "nuclear_signal", "nuclear_use")
	if err != nil {
		return nil, err
	}
	return newEscalation(t, d.level).draw(d, opt), nil
}

func newEscalation(t *record.Table, level float64) *escalation {
	at := make([]int, len(Rungs)+1) // at[k]: histories whose highest rung is k or more
	highest := t.Values(t.Index("rung_max"))
	for _, x := range highest {
		for k := range Rungs {
			if x >= float64(k) {
				at[k]++
			}
		}
	}
	e := &escalation{n: len(highest)}
	for k := range Rungs {
		e.reached = append(e.reached, report.Share(at[k], e.n, level))
		e.goesOn = append(e.goesOn, report.Share(at[k+1], at[k], level))
	}
	flag := func(name string) stats.Estimate {
		values := t.Values(t.Index(name))
		return report.Share(count(values), len(values), level)
	}
	e.signal, e.use = flag("nuclear_signal"), flag("nuclear_use")
	return e
}

func (e *escalation) draw(d *data, opt Options) *Figure {
	c := &rows{axis: axis{title: "Share that reaches the rung or a higher one, %", top: 1, factor: 100}, heads: []string{"reach it, %", "of those go on, %"}}
	table := Table{Columns: []string{"rung", "what", "share", "low", "high", "n"}}
	add := func(label string, s stats.Estimate, colour ink, on string) {
		words, interval := percent.words(s)
		c.rows = append(c.rows, row{label: label, marks: []mark{marked(bar, s, colour)}, cells: []string{words + " " + interval, on}})
	}
	top := 0
	for k, s := range e.reached {
		label := fmt.Sprintf("%d  %s", k, Rungs[k])
		on := ""
		if k+1 < len(Rungs) && e.goesOn[k].N > 0 {
			words, interval := percent.words(e.goesOn[k])
			on = words + " " + interval
		}
		add(label, s, rungColours(len(Rungs) + 2)[min(k, len(Rungs))], on)
		if s.Value > 0 {
			top = k
		}
		table.Rows = append(table.Rows, append([]string{label, "reached"}, cells(s)...))
		if k+1 < len(Rungs) {
			table.Rows = append(table.Rows, append([]string{label, "goes on"}, cells(e.goesOn[k])...))
		}
	}
	c.rows = append(c.rows, row{label: "On an axis of their own, at whatever rung", head: true})
	add("nuclear signal", e.signal, black, "")
	add("nuclear use", e.use, black, "")
	table.Rows = append(table.Rows, append([]string{"nuclear signal", "any rung"}, cells(e.signal)...), append([]string{"nuclear use", "any rung"}, cells(e.use)...))
	s := d.sheet("how far escalation goes", d.where(opt.Point),
		fmt.Sprintf("Whiskers: %s Wilson intervals, one-sided where nothing happened, n\u00a0= %s. Escalation is part of no score.", percentOf(d.level), report.Count(e.n)))
	words, _ := percent.words(e.use)
	f := s.figure(fmt.Sprintf("Bars for %d rungs. The highest rung reached is %d, %s. Nuclear use in %s%% of %s.", len(Rungs), top, Rungs[top], words, histories(e.n)), table)
	f.scene = c.draw(s, opt)
	return f
}
