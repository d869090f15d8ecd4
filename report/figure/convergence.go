package figure

import (
	"fmt"
	"math"

	"tripwire/stats"
	"tripwire/study/record"
)

// convergence is an estimate over the first n histories, for n that grow.
type convergence struct {
	n         []float64
	estimates []stats.Estimate
	sequences []stats.Estimate // intervals that hold at every n together
}

// fewest is how many histories the first estimate takes.
const fewest = 10

func drawConvergence(r *record.Result, opt Options) (*Figure, error) {
	d, m, err := readMeasure(r, opt, "deterred")
	if err != nil {
		return nil, err
	}
	t, err := d.one(opt.Point)
	if err != nil {
		return nil, err
	}
	c, err := newConvergence(t, m, d.level)
	if err != nil {
		return nil, err
	}
	return c.draw(d, opt, m), nil
}

func newConvergence(t *record.Table, m *measure, level float64) (*convergence, error) {
	if t.Len() < 2*fewest {
		return nil, ask("it needs %d histories or more at a point; this result has %d", 2*fewest, t.Len())
	}
	c := &convergence{}
	var values []float64
	next := float64(fewest)
	ratio := math.Pow(float64(t.Len())/fewest, 1.0/60)
	for i := range t.Len() {
		if x := m.of(t.Row(i)); x == x {
			values = append(values, x)
		}
		if n := float64(i + 1); n >= math.Round(next) || i+1 == t.Len() {
			for math.Round(next) <= n {
				next *= ratio
			}
			if len(values) < 2 {
				continue
			}
			sample := stats.NewSample(values)
			e, always := sample.Mean(level).Within(0, math.Inf(1)), sample.MeanSequence(level).Within(0, math.Inf(1))
			if m.Share() {
				e, always = stats.Share(count(values), len(values), level), stats.ShareSequence(count(values), len(values), level)
			}
			c.n, c.estimates, c.sequences = append(c.n, n), append(c.estimates, e), append(c.sequences, always)
		}
	}
	if len(c.n) == 0 {
		return nil, ask("%s is missing in all histories", m.Column.Name)
	}
	return c, nil
}

func (c *convergence) draw(d *data, opt Options, m *measure) *Figure {
	table := Table{Columns: []string{"histories", "value", "low", "high", "n", "sequence_low", "sequence_high"}}
	l, always := curve{colour: blue}, [2]curve{}
	for k := range always {
		always[k] = curve{colour: vermilion, dash: 2.5}
	}
	low, high := math.Inf(1), math.Inf(-1)
	for i, e := range c.estimates {
		l.x, l.y = append(l.x, c.n[i]), append(l.y, e.Value)
		l.low, l.high = append(l.low, e.Low), append(l.high, e.High)
		low, high = min(low, e.Low), max(high, e.High)
		s := c.sequences[i]
		for k, edge := range []float64{s.Low, s.High} {
			if math.IsInf(edge, 0) {
				edge = math.NaN() // no bound yet
			}
			always[k].x, always[k].y = append(always[k].x, c.n[i]), append(always[k].y, edge)
			if m.Share() {
				low, high = min(low, edge), max(high, edge)
			}
		}
		table.Rows = append(table.Rows, append(append([]string{number(c.n[i])}, cells(e)...), number(s.Low), number(s.High)))
	}
	last := c.estimates[len(c.estimates)-1]
	if low == high {
		low, high = low-1, high+1
	}
	p := &curves{x: axis{title: "Histories (by powers of ten)", low: c.n[0], top: c.n[len(c.n)-1], log: true}, y: axis{title: m.axis(), low: low, top: high, factor: m.scale().factor}}
	p.y.round(6)
	words, interval := m.scale().words(last)
	l.name = words + " " + unbroken(interval)
	if m.Share() {
		l.name = words + "% " + unbroken(interval)
	}
	p.lines = []curve{l, always[0], always[1]}
	s := d.sheet(lower(m.title())+", as histories are added", d.where(opt.Point),
		fmt.Sprintf("Line: the first n histories. Band: %s interval (%s) at each n by itself. Dashed: %s confidence sequence, which holds however often one looks.", percentOf(d.level), last.Method, percentOf(d.level)))
	f := s.figure(fmt.Sprintf("The estimate of %s settles at %s %s after %s.", m.title(), words, interval, histories(int64(c.n[len(c.n)-1]))), table)
	f.scene = p.draw(s, opt)
	return f
}
