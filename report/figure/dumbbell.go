package figure

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// beside is one share in two results, and what separates them.
type beside struct {
	label      string
	a, b       stats.Estimate
	difference stats.Estimate // B less A
	head       bool
}

// besideMeasures is what two results are compared in besides their outcome classes.
var besideMeasures = []string{"terms_accepted", "deterred", "invaded", "guarantee_collapsed", "nuclear_signal", "nuclear_use"}

func drawDumbbell(r *record.Result, opt Options) (*Figure, error) {
	if opt.With == nil {
		return nil, ask("it sets two results beside one another: give the other with --with DIR")
	}
	both, names := [2]*record.Table{}, [2]string{}
	var d [2]*data
	for i, side := range []*record.Result{r, opt.With} {
		var err error
		if d[i], both[i], err = readPoint(side, opt, append([]string{"outcome"}, besideMeasures...)...); err != nil {
			return nil, err
		}
		names[i] = printable(d[i].title)
	}
	if names[0] == names[1] || names[0] == "" || names[1] == "" {
		names = [2]string{folder(r.Dir), folder(opt.With.Dir)}
	}
	paired := d[0].seed == d[1].seed && report.Luck(&d[0].design, opt.Point) == report.Luck(&d[1].design, opt.Point)
	all, err := newBeside(both, paired, d[0].level)
	if err != nil {
		return nil, err
	}
	way := "between independent histories (Newcombe)"
	if paired {
		way = "between histories of the same luck (Newcombe, paired)"
		if n := min(both[0].Len(), both[1].Len()); both[0].Len() != both[1].Len() {
			way += ", over the first " + histories(n) + ", which both have"
		}
	}
	var where []string
	for i, letter := range []string{"A", "B"} {
		if words := d[i].where(opt.Point); words != "" {
			where = append(where, letter+": "+lower(words))
		}
	}
	return drawBeside(d[0], opt, names, strings.Join(where, " "), way, all), nil
}

// folder is the last part of a path: where on a machine a result lies is nobody's business.
func folder(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	return printable(filepath.Base(abs))
}

func newBeside(t [2]*record.Table, paired bool, level float64) ([]beside, error) {
	outcome := [2]int{t[0].Index("outcome"), t[1].Index("outcome")}
	classes := t[0].Columns[outcome[0]].Classes
	if !slices.Equal(classes, t[1].Columns[outcome[1]].Classes) {
		return nil, ask("the two results know other outcome classes: they are of other versions")
	}
	compare := func(label string, of [2]measure) beside {
		var values [2][]float64
		for i := range t {
			for k := range t[i].Len() {
				values[i] = append(values[i], of[i].of(t[i].Row(k)))
			}
		}
		b := beside{label: label, difference: difference(values[1], values[0], &of[0], paired, level)}
		for i, e := range []*stats.Estimate{&b.a, &b.b} {
			v := known(values[i])
			*e = report.Share(count(v), len(v), level)
		}
		return b
	}
	all := []beside{{label: "Shares of histories", head: true}}
	for _, name := range besideMeasures {
		of := [2]measure{}
		for i := range t {
			of[i].Measure, _ = record.FindMeasure(t[i].Columns, name)
		}
		all = append(all, compare(of[0].title(), of))
	}
	all = append(all, beside{label: "Outcome classes, from best to worst; terms-refused apart", head: true})
	for _, class := range slices.Backward(classes) {
		of := [2]measure{}
		for i := range t {
			of[i].Measure, _ = record.FindMeasure(t[i].Columns, "outcome="+class)
		}
		if b := compare(class, of); b.a.Value > 0 || b.b.Value > 0 {
			all = append(all, b)
		}
	}
	return all, nil
}

func drawBeside(d *data, opt Options, names [2]string, where, way string, all []beside) *Figure {
	c := &rows{axis: axis{title: "Share of histories, %", factor: 100}, heads: []string{"A, %", "B, %", "B − A, points"},
		key: []keyed{{ring, vermilion, "A: " + names[0]}, {dot, blue, "B: " + names[1]}}, high: 17}
	table := Table{Columns: []string{"share", "a", "a_low", "a_high", "a_n", "b", "b_low", "b_high", "b_n", "difference", "difference_low", "difference_high", "difference_n"}}
	signed := scale{factor: 100, signed: true}
	widest := beside{}
	for _, b := range all {
		if b.head {
			c.rows = append(c.rows, row{label: b.label, head: true})
			continue
		}
		table.Rows = append(table.Rows, slices.Concat([]string{b.label}, cells(b.a), cells(b.b), cells(b.difference)))
		first, _ := percent.words(b.a)
		second, _ := percent.words(b.b)
		change, interval := signed.words(b.difference)
		link := mark{shape: bridge, from: b.a.Value, value: b.b.Value, low: math.NaN(), high: math.NaN(), fill: rule}
		x, y := marked(ring, b.a, vermilion), marked(dot, b.b, blue)
		x.lift, y.lift = 0.13, -0.13
		c.rows = append(c.rows, row{label: b.label, marks: []mark{link, x, y}, cells: []string{first, second, change + " " + interval}})
		c.axis.top = max(c.axis.top, b.a.High, b.b.High)
		if b.difference.N > 0 && math.Abs(b.difference.Value) >= math.Abs(widest.difference.Value) {
			widest = b
		}
	}
	c.axis.round(6)
	c.axis.top = min(c.axis.top, 1)
	s := d.sheet("A and B", where, fmt.Sprintf("Whiskers: %s Wilson intervals; differences: %s, where the question arose in both.", percentOf(d.level), way))
	s.title = names[0] + " and " + names[1]
	change, interval := signed.words(widest.difference)
	f := s.figure(fmt.Sprintf("Shares in two results. They differ most in %s: %s points %s from A to B.", widest.label, change, interval), table)
	f.scene = c.draw(s, opt)
	return f
}
