package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tripwire/stats"
	"tripwire/study/record"
)

// A side is the range to which a box limits one factor.
type side struct {
	column     record.Column
	low, high  float64 // of the box, within what was sampled
	from, to   float64 // what was sampled
	accidental float64 // quasi-p: the chance that the restriction is an accident
}

// scenario is the box that scenario discovery found, and how it was found.
type scenario struct {
	box   stats.Box
	sides []side
	share float64 // of all runs in which it happened
	runs  int
	of    int // runs of the result
}

// mostSearched is how many runs PRIM looks at: more take long and move no side.
const mostSearched = 20_000

func drawBox(r *record.Result, opt Options) (*Figure, error) {
	words := opt.measure("invaded")
	d, err := read(r, opt, name(words))
	if err != nil {
		return nil, err
	}
	m, err := d.measure(words)
	if err != nil {
		return nil, err
	}
	b, err := newScenario(d, &m)
	if err != nil {
		return nil, err
	}
	return b.draw(d, opt, &m), nil
}

// newScenario looks for a box by PRIM (Friedman and Fisher 1999) and takes the one of its trajectory with the
// greatest weighted relative accuracy: its support times what its density is above the share of all runs
// (Lavrač, Flach and Zupan, ILP-99). It weighs density against coverage without a choice of the reader's.
func newScenario(d *data, m *measure) (*scenario, error) {
	switch d.design.Kind {
	case "latin-hypercube", "sobol", "nolh", "saltelli", "morris":
	default:
		return nil, ask(`the result is of the design %s; a sampled one feeds it, as design = "latin-hypercube" with uncertain = ["*"]`, d.design.Kind)
	}
	if !m.share() {
		return nil, ask("--measure %s: it needs something that happens or does not, such as invaded or outcome=nuclear-use", m.column.Name)
	}
	factors := d.factors()
	var x [][]float64
	var hit []bool
	step := 1 + (d.Len()-1)/mostSearched
	hits := 0
	for i := 0; i < d.Len(); i += step {
		row := d.Row(i)
		v := m.of(row)
		if v != v {
			continue
		}
		cells := make([]float64, len(factors))
		for j, k := range factors {
			cells[j] = row[k]
		}
		x, hit = append(x, cells), append(hit, v == 1)
		hits += int(v)
	}
	if hits == 0 || hits == len(hit) {
		return nil, ask("%s is the same in all %s", m.title(), histories(len(hit)))
	}
	b := &scenario{share: float64(hits) / float64(len(hit)), runs: len(hit), of: d.Len()}
	best := math.Inf(-1)
	for _, box := range (stats.PRIM{Peel: 0.05, Support: 0.05}).Trajectory(x, hit) {
		if f := box.Support * (box.Density - b.share); f > best {
			best, b.box = f, box
		}
	}
	for j, k := range factors {
		if !b.box.Restricted(j) {
			continue
		}
		s := side{column: d.Columns[k], accidental: b.box.QuasiP(j, x, hit)}
		values := distinct(d.Table, k)
		s.from, s.to = values[0], values[len(values)-1]
		s.low, s.high = max(s.from, b.box.Low[j]), min(s.to, b.box.High[j])
		b.sides = append(b.sides, s)
	}
	slices.SortStableFunc(b.sides, func(p, q side) int { return cmp.Compare(p.accidental, q.accidental) })
	return b, nil
}

func (b *scenario) draw(d *data, opt Options, m *measure) *Figure {
	c := &rows{axis: axis{title: "Sampled range of the factor, %", top: 1, factor: 100}, high: 17, heads: []string{"in the box", "of", "quasi-p"},
		key: []keyed{{span, blue, "in the box"}, {span, blue.mix(0.45), "in the box, perhaps by accident (quasi-p above 0.05)"}, {span, rule, "sampled"}}}
	table := Table{Columns: []string{"factor", "low", "high", "sampled_low", "sampled_high", "quasi_p"}}
	for i, s := range b.sides {
		table.Rows = append(table.Rows, []string{keyOf(&s.column), value(&s.column, s.low), value(&s.column, s.high), value(&s.column, s.from), value(&s.column, s.to), number(s.accidental)})
		if i >= mostFactors {
			continue
		}
		p := fmt.Sprintf("%.2g", s.accidental)
		if s.accidental < 0.001 {
			p = "<0.001"
		}
		fill := blue
		if s.accidental > 0.05 {
			fill = blue.mix(0.45)
		}
		scaled := func(v float64) float64 { return (v - s.from) / (s.to - s.from) }
		c.rows = append(c.rows, row{label: titled(keyOf(&s.column), printed(s.column.Unit)), marks: []mark{
			{shape: span, low: 0, high: 1, fill: rule}, {shape: span, low: scaled(s.low), high: scaled(s.high), fill: fill},
		}, cells: []string{from(&s.column, s.low, s.high), from(&s.column, s.from, s.to), p}})
	}
	if len(b.sides) == 0 {
		c.rows = []row{{label: "no factor is limited: no box is denser", head: true}}
		c.key = nil
	}
	sub := fmt.Sprintf("%s: in the box %s%% of histories, over all %s%%. The box holds %s%% of the cases and %s%% of all histories.",
		m.title(), fixed(100*b.box.Density, 0), fixed(100*b.share, 0), fixed(100*b.box.Coverage, 0), fixed(100*b.box.Support, 0))
	notes := []string{fmt.Sprintf("PRIM, peeling 5%%, %s; of its boxes the one of greatest weighted relative accuracy. Density is that of the histories that chose the box, so it flatters. Quasi-p: how easily the limit is an accident.", histories(b.runs))}
	if b.runs < b.of {
		notes = append(notes, fmt.Sprintf("Every %dth history was looked at.", (b.of+b.runs-1)/b.runs))
	}
	s := d.sheet("where it happens", sub, notes...)
	f := s.figure(fmt.Sprintf("A box that limits %d factors. %s", len(b.sides), sub), table)
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
