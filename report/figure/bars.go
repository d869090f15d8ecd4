package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// unsure is what luck and what the inputs leave open about a measure, at one choice of the levers.
type unsure struct {
	label   string
	luck    stats.Estimate // of the mean over the futures that were played
	futures int
	inputs  [5]float64 // quantiles of the expectation over futures, at 5, 25, 50, 75 and 95%
}

func drawBars(r *record.Result, opt Options) (*Figure, error) {
	words := opt.measure("invaded")
	d, err := read(r, opt, name(words))
	if err != nil {
		return nil, err
	}
	m, err := d.measure(words)
	if err != nil {
		return nil, err
	}
	all, by, err := newUnsure(d, &m, opt.X)
	if err != nil {
		return nil, err
	}
	return drawUnsure(d, opt, &m, all, by), nil
}

// newUnsure separates the two. The means at the futures spread by the inputs and by the luck of the few
// histories behind each; the second part of their variance is known, and the means are drawn together about
// their own mean until only the first is left.
func newUnsure(d *data, m *measure, x string) (out []unsure, by string, err error) {
	if len(d.design.Uncertain) == 0 {
		return nil, "", ask(`no input is sampled; a study with uncertain = ["*"] and points feeds it`)
	}
	if d.design.Replications < 2 {
		return nil, "", ask("with one history a future, luck cannot be told from the inputs: run with -n 2 or more")
	}
	keys := d.levers()
	if x != "" {
		k, err := d.factor("--x", x)
		if err != nil {
			return nil, "", err
		}
		keys = []int{k}
	}
	groups := d.groups(keys, m)
	if len(groups) > mostRows/2 {
		return nil, "", ask("--x: %d choices are more than the %d that a figure has; choose a factor", len(groups), mostRows/2)
	}
	for i, k := range keys {
		if i > 0 {
			by += " · "
		}
		by += keyOf(&d.Columns[k])
	}
	for i := range groups {
		g := &groups[i]
		if len(g.cells) < 8 {
			return nil, "", ask("%d futures are too few for quantiles over them: it needs 8", len(g.cells))
		}
		byRep, byPoint := means(g.cells)
		noise := 0.0
		for _, cells := range g.cells {
			if v := known(cells); len(v) > 1 {
				sample := stats.NewSample(v)
				noise += sample.Moments().Variance() / float64(len(v)) / float64(len(g.cells))
			}
		}
		spread := stats.NewSample(byPoint).Moments()
		left := 0.0
		if v := spread.Variance(); v > 0 {
			left = math.Sqrt(max(0, v-noise) / v)
		}
		shrunk := make([]float64, len(byPoint))
		for j, v := range byPoint {
			shrunk[j] = spread.Mean() + left*(v-spread.Mean())
		}
		u := unsure{label: g.label, luck: stats.Mean(byRep, d.level), futures: len(g.cells)}
		sample := stats.NewSample(shrunk)
		for k, p := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
			u.inputs[k] = sample.Quantile(p, stats.MedianUnbiased)
		}
		out = append(out, u)
	}
	return out, by, nil
}

func drawUnsure(d *data, opt Options, m *measure, all []unsure, by string) *Figure {
	inputs := vermilion.mix(0.6)
	c := &rows{axis: axis{title: m.axis(), factor: m.scale().factor, low: math.Inf(1), top: math.Inf(-1)}, heads: []string{"middle", "range"},
		key: []keyed{{span, blue, percentOf(d.level) + " interval of the mean: luck"}, {span, inputs, "middle 90% over futures: inputs"}}}
	table := Table{Columns: []string{"choice", "mean", "luck_low", "luck_high", "inputs_q05", "inputs_q25", "inputs_q50", "inputs_q75", "inputs_q95", "futures"}}
	for _, u := range all {
		q := u.inputs
		luck, input := "luck", "inputs"
		if u.label != "" {
			c.rows = append(c.rows, row{label: strings.TrimSpace(by + " " + u.label), head: true})
		}
		value, interval := m.scale().words(u.luck)
		p := place(m.scale().factor*q[2], m.scale().factor*(q[4]-q[0])/20)
		if m.share() {
			p = max(p, -1)
		}
		wide := "[" + fixed(m.scale().factor*q[0], p) + ", " + fixed(m.scale().factor*q[4], p) + "]"
		c.rows = append(c.rows,
			row{label: luck, marks: []mark{{shape: span, low: u.luck.Low, high: u.luck.High, fill: blue}}, cells: []string{value, interval}},
			row{label: input, marks: []mark{{shape: span, low: q[0], high: q[4], fill: inputs}, {shape: tick, value: q[2], low: math.NaN(), high: math.NaN(), fill: black}}, cells: []string{fixed(m.scale().factor*q[2], p), wide}})
		for _, v := range []float64{u.luck.Low, u.luck.High, q[0], q[4]} {
			if v-v == 0 {
				c.axis.low, c.axis.top = min(c.axis.low, v), max(c.axis.top, v)
			}
		}
		table.Rows = append(table.Rows, []string{u.label, number(u.luck.Value), number(u.luck.Low), number(u.luck.High), number(q[0]), number(q[1]), number(q[2]), number(q[3]), number(q[4]), number(float64(u.futures))})
	}
	if m.share() {
		c.axis.low = 0
	}
	if !(c.axis.low < c.axis.top) {
		c.axis.low, c.axis.top = 0, 1
	}
	c.axis.round(6)
	if m.share() {
		c.axis.low, c.axis.top = max(0, c.axis.low), min(1, c.axis.top)
	}
	s := d.sheet("what luck and the inputs leave unsure", m.axis(),
		fmt.Sprintf("More histories narrow the first bar; only knowledge narrows the second. Over futures the luck of the histories behind each is taken out; the line is the median. %s futures, %s.", fixed(float64(all[0].futures), 0), d.each()))
	i := slices.IndexFunc(all, func(u unsure) bool { return u.inputs[4]-u.inputs[0] > 0 })
	description := fmt.Sprintf("Two bars for each of %d choices.", len(all))
	if i >= 0 {
		description += fmt.Sprintf(" Inputs leave %s times the range that luck leaves.", fixed((all[i].inputs[4]-all[i].inputs[0])/max(1e-12, all[i].luck.High-all[i].luck.Low), 0))
	}
	f := s.figure(description, table)
	f.scene = c.draw(s, opt)
	return f
}
