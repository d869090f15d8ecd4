package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/study/record"
)

// unsure is what luck and what the inputs leave open about a measure, at one choice of the levers.
type unsure struct {
	label string
	*report.Bars
}

func drawBars(r *record.Result, opt Options) (*Figure, error) {
	d, m, err := readMeasure(r, opt, "deterred")
	if err != nil {
		return nil, err
	}
	all, by, err := newUnsure(d, m, opt.X)
	if err != nil {
		return nil, err
	}
	return drawUnsure(d, opt, m, all, by), nil
}

// newUnsure makes both bars at each choice, as summary --by does.
func newUnsure(d *data, m *measure, x string) (out []unsure, by string, err error) {
	switch {
	case len(d.design.Uncertain) == 0:
		return nil, "", ask(`no input is sampled; a study with uncertain = ["*"] and points feeds it`)
	case d.design.Kind == "morris":
		return nil, "", ask("the points of a screening are no sample of what is believed; a study with design = \"latin-hypercube\" feeds it")
	case d.design.Futures < 2:
		return nil, "", ask("one future tells nothing of others: give the study more points")
	case d.design.Replications < 2:
		return nil, "", ask("with one history a future, luck cannot be told from the inputs: run with -n 2 or more")
	}
	keys, err := d.by(x)
	if err != nil {
		return nil, "", err
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
		b := report.NewBars(&d.design, g.points, g.cells, m.Share(), d.level)
		if !m.Share() {
			b.Run.Estimate = b.Run.Estimate.Within(0, math.Inf(1))
		}
		out = append(out, unsure{g.label, b})
	}
	return out, by, nil
}

func drawUnsure(d *data, opt Options, m *measure, all []unsure, by string) *Figure {
	inputs := vermilion.mix(0.6)
	c := &rows{axis: axis{title: m.axis(), factor: m.scale().factor, low: math.Inf(1), top: math.Inf(-1)}, heads: []string{"mean", "range"},
		key: []keyed{{span, blue, percentOf(d.level) + " interval of the mean: luck"}, {span, inputs, "middle 90% over futures: inputs"}}}
	table := Table{Columns: []string{"choice", "mean", "run_low", "run_high", "n", "input_q05", "input_q95", "futures"}}
	var doubts []string
	ratio := 0.0
	for _, u := range all {
		if u.label != "" {
			c.rows = append(c.rows, row{label: strings.TrimSpace(by + " " + u.label), head: true})
		}
		low, high := u.InputRange(m.Share())
		told := u.Input.Between > 0
		for _, w := range slices.Concat(u.Run.Warnings, u.Input.Warnings) {
			if !slices.Contains(doubts, w) {
				doubts = append(doubts, w)
			}
		}
		run := bounded(u.Run.Estimate)
		value, interval := m.scale().words(run)
		luck := row{label: "luck", cells: []string{value, interval}}
		if run.Low == run.Low {
			luck.marks = []mark{{shape: span, low: run.Low, high: run.High, fill: blue}}
		}
		c.rows = append(c.rows, luck)
		in := row{label: "inputs", cells: []string{"", "not told"}}
		if told {
			in.cells[1] = u.InputText(m.Share(), false, m.scale().factor)
			in.marks = []mark{{shape: span, low: low, high: high, fill: inputs}, {shape: tick, value: u.Input.Mean, low: math.NaN(), high: math.NaN(), fill: black}}
			if x := (high - low) / (run.High - run.Low); x-x == 0 {
				ratio = max(ratio, x)
			}
		} else {
			low, high = math.NaN(), math.NaN()
		}
		c.rows = append(c.rows, in)
		for _, v := range []float64{run.Low, run.High, low, high} {
			if v-v == 0 {
				c.axis.low, c.axis.top = min(c.axis.low, v), max(c.axis.top, v)
			}
		}
		table.Rows = append(table.Rows, slices.Concat([]string{u.label}, cells(u.Run.Estimate), []string{number(low), number(high), number(float64(u.Input.Futures))}))
	}
	if m.Share() {
		c.axis.low = 0
	}
	if !(c.axis.low < c.axis.top) {
		c.axis.low, c.axis.top = 0, 1
	}
	c.axis.round(6)
	if m.Share() {
		c.axis.low, c.axis.top = max(0, c.axis.low), min(1, c.axis.top)
	}
	warning := ""
	if len(doubts) > 0 {
		warning = "Beware: " + strings.Join(doubts, "; ") + "."
	}
	s := d.sheet("what luck and the inputs leave unsure", m.axis(),
		fmt.Sprintf("More histories narrow the first bar; only knowledge narrows the second. Over futures the noise of the histories behind each is taken out; the line is their mean. %s, %s.",
			report.Plural(all[0].Input.Futures, "future", "futures"), d.each()), warning)
	description := "Two bars for each of " + report.Plural(len(all), "choice", "choices") + "."
	if ratio > 0 {
		description += fmt.Sprintf(" Inputs leave at most %s times the range that luck leaves.", plain(digits(ratio, 2)))
	}
	f := s.figure(description, table)
	f.scene = c.draw(s, opt)
	return f
}
