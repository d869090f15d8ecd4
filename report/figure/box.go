package figure

import (
	"fmt"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// drawBox draws the box that sensitivity --method prim tells.
func drawBox(r *record.Result, opt Options) (*Figure, error) {
	design := &r.Manifest.Design
	if report.MethodFor(design) != "prim" {
		return nil, ask(`the result is of the design %s; a sampled one feeds it, as design = "latin-hypercube" with uncertain = ["*"]`, design.Kind)
	}
	in, err := opt.inputs()
	if err != nil {
		return nil, err
	}
	b, err := report.ReadDiscovery(r, in, opt.measure("deterred"), opt.Cut, opt.level())
	if err != nil {
		return nil, err
	}
	return drawDiscovery(b, opt), nil
}

func drawDiscovery(b *report.Discovery, opt Options) *Figure {
	c := &rows{axis: axis{title: "Sampled range of the factor, %", top: 1, factor: 100}, high: 17, heads: []string{"in the box", "sampled", "basis", "quasi-p"},
		key: []keyed{{span, blue, "in the box"}, {span, rule, "sampled"}}}
	table := Table{Columns: []string{"factor", "basis", "low", "high", "sampled_low", "sampled_high", "quasi_p"}}
	for i := range b.Limits {
		l := &b.Limits[i]
		table.Rows = append(table.Rows, []string{l.Key, l.Basis, number(l.Low), number(l.High), number(l.From), number(l.To), number(l.QuasiP)})
		if i >= mostFactors {
			continue
		}
		p := fmt.Sprintf("%.2g", l.QuasiP)
		if l.QuasiP < 0.001 {
			p = "<0.001"
		}
		scaled := func(v float64) float64 { return (min(l.To, max(l.From, v)) - l.From) / (l.To - l.From) }
		c.rows = append(c.rows, row{label: titled(l.Key, printed(l.Column.Unit)), marks: []mark{
			{shape: span, low: 0, high: 1, fill: rule}, {shape: span, low: scaled(l.Low), high: scaled(l.High), fill: blue},
		}, cells: []string{printable(l.Range), from(&l.Column, l.From, l.To), printable(l.Basis), p}})
	}
	if len(b.Limits) == 0 {
		c.rows = []row{{label: "no factor is limited: luck would give any box as dense", head: true}}
		c.key, c.heads = nil, nil
	}
	sub := b.Sentence()
	n := func(k int) string { return report.Count(k) }
	d := &data{title: b.Title, design: b.Manifest.Design, level: b.Level}
	found := ""
	if len(b.Limits) > 0 {
		found = fmt.Sprintf("Where the box was found its density is %s%%. Quasi-p: how easily the limit is an accident. ", stats.Round(100*b.Found.Density, 0))
	}
	s := d.sheet("where it happens", sub,
		fmt.Sprintf("PRIM on %s points, judged on the other %s; in brackets %s intervals there. %s%s.", n(b.Points-b.HeldOut), n(b.HeldOut), percentOf(b.Level), found, d.each()))
	f := s.figure(fmt.Sprintf("A box that limits %s. %s", report.Plural(len(b.Limits), "factor", "factors"), sub), table)
	f.scene = c.draw(s, opt)
	return f
}

// from is a range of a factor.
func from(c *record.Column, low, high float64) string {
	if low == high {
		return value(c, low)
	}
	if c.Kind == record.Float {
		low, high = digits(low, 3), digits(high, 3)
	}
	return value(c, low) + " to " + value(c, high)
}
