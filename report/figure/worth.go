package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// worth is what the measure loses when one guarantee is taken away from all, and what one gives alone.
type worth struct {
	guarantee   string
	lost, alone stats.Estimate

	without, only *cluster // all guarantees but this one, this one alone
	same          [2]bool  // no pair of histories differs: all and all without it, none and it alone
}

func drawWorth(r *record.Result, opt Options) (*Figure, error) {
	d, m, err := readMeasure(r, opt, "deterred")
	if err != nil {
		return nil, err
	}
	all, err := newWorth(d, m)
	if err != nil {
		return nil, err
	}
	return drawWorths(d, opt, m, all), nil
}

// newWorth finds the cases of an ablation by what is switched on there.
func newWorth(d *data, m *measure) ([]worth, error) {
	if d.design.Kind != "ablation" {
		return nil, ask("the result is of the design %s; an ablation such as worth feeds it", d.design.Kind)
	}
	switches := d.chosen()
	groups := d.groups(switches, m)
	find := func(rest float64, odd int) *cluster {
		for i := range groups {
			ok := true
			for j, x := range groups[i].key {
				want := rest
				if j == odd {
					want = 1 - rest
				}
				ok = ok && x == want
			}
			if ok {
				return &groups[i]
			}
		}
		return nil
	}
	whole, nothing := find(1, -1), find(0, -1)
	var out []worth
	for j, k := range switches {
		without, only := find(1, j), find(0, j)
		if whole == nil || nothing == nil || without == nil || only == nil {
			return nil, ask("a case of the ablation has no histories")
		}
		guarantee := strings.TrimSuffix(strings.TrimSuffix(keyOf(&d.Columns[k]), "enabled"), ".")
		out = append(out, worth{strings.TrimRight(guarantee, "._"), d.change(whole, without, m), d.change(only, nothing, m),
			without, only, [2]bool{alike(whole, without), alike(nothing, only)}})
	}
	slices.SortStableFunc(out, func(a, b worth) int { return cmp.Compare(b.lost.Value, a.lost.Value) })
	return out, nil
}

// alike says whether no history differs between two groups, among those that have the measure in both.
func alike(a, b *cluster) bool {
	for p := range min(len(a.cells), len(b.cells)) {
		for rep := range min(len(a.cells[p]), len(b.cells[p])) {
			if x, y := a.cells[p][rep], b.cells[p][rep]; x == x && y == y && x != y {
				return false
			}
		}
	}
	return true
}

// undiffering says where there is nothing to tell apart, so that an interval about 0 is not read as a measured one.
func undiffering(all []worth) string {
	var of []string
	for i, w := range all {
		if w.same[0] {
			of = append(of, "all, and all without "+w.guarantee)
		}
		if w.same[1] {
			of = append(of, "none, and "+w.guarantee+" alone")
		}
		for _, other := range all[i+1:] {
			if alike(w.without, other.without) && alike(w.only, other.only) {
				of = append(of, w.guarantee+", and "+other.guarantee+", taken away or alone")
			}
		}
	}
	if of == nil {
		return ""
	}
	return "No pair of histories differs between " + strings.Join(of, "; ") + "."
}

func drawWorths(d *data, opt Options, m *measure, all []worth) *Figure {
	unit, scale := m.changes()
	c := &rows{axis: axis{title: "Change of " + titled(lower(m.title()), unit), factor: scale.factor}, high: 24, refs: []float64{0},
		heads: []string{"lost without it", "given alone"}, key: []keyed{{dot, blue, "lost when it alone is taken away"}, {ring, vermilion, "given when it stands alone"}}}
	table := Table{Columns: []string{"guarantee", "what", "difference", "low", "high", "n"}}
	for _, w := range all {
		lost, alone := marked(dot, w.lost, blue), marked(ring, w.alone, vermilion)
		lost.lift, alone.lift = 0.17, -0.17
		a, ai := scale.words(w.lost)
		b, bi := scale.words(w.alone)
		c.rows = append(c.rows, row{label: w.guarantee, marks: []mark{lost, alone}, cells: []string{a + " " + ai, b + " " + bi}})
		c.axis.spread(w.lost, w.alone)
		table.Rows = append(table.Rows, append([]string{w.guarantee, "all less without it"}, cells(w.lost)...), append([]string{w.guarantee, "alone less none"}, cells(w.alone)...))
	}
	c.axis.round(6)
	s := d.sheet("what each guarantee is worth", titled(m.title(), unit),
		fmt.Sprintf("%s, %s, %s. Intervals hold one at a time.", d.luck(), method(all[0].lost, d.level), d.each()), undiffering(all))
	if strings.EqualFold(printable(d.title), "What each guarantee is worth") {
		s.title = printable(d.title)
	}
	first, _ := scale.words(all[0].lost)
	f := s.figure(fmt.Sprintf("Differences for %s. Most is lost without %s: %s %s.", report.Plural(len(all), "guarantee", "guarantees"), all[0].guarantee, first, unit), table)
	f.scene = c.draw(s, opt)
	return f
}
