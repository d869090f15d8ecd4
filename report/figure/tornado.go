package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// swing is what a measure does when one factor alone is moved from the file's own value.
type swing struct {
	column  record.Column
	base    float64   // cell of the factor's own value
	values  []float64 // cells that it is moved to, ascending
	effects []stats.Estimate
}

func (s *swing) widest() float64 {
	most := 0.0
	for _, e := range s.effects {
		if e.N > 0 {
			most = max(most, math.Abs(e.Value))
		}
	}
	return most
}

func drawTornado(r *record.Result, opt Options) (*Figure, error) {
	d, m, err := readMeasure(r, opt, "deterred")
	if err != nil {
		return nil, err
	}
	swings, err := newTornado(d, m)
	if err != nil {
		return nil, err
	}
	return drawSwings(d, opt, m, swings), nil
}

func newTornado(d *data, m *measure) ([]swing, error) {
	if d.design.Kind != "one-at-a-time" {
		return nil, ask("the result is of the design %s; a design one-at-a-time such as threshold feeds it", d.design.Kind)
	}
	chosen := d.chosen()
	groups := d.groups(chosen, m)
	base := 0 // the group of point 0: the file's own values
	for i := range groups {
		if groups[i].points[0] == 0 {
			base = i
		}
	}
	swings := make([]swing, len(chosen))
	for j, k := range chosen {
		swings[j] = swing{column: d.Columns[k], base: groups[base].key[j]}
	}
	for i := range groups {
		for j := range chosen {
			if i != base && groups[i].key[j] != groups[base].key[j] {
				swings[j].values = append(swings[j].values, groups[i].key[j])
				swings[j].effects = append(swings[j].effects, d.change(&groups[i], &groups[base], m))
			}
		}
	}
	swings = slices.DeleteFunc(swings, func(s swing) bool { return len(s.values) == 0 })
	if len(swings) == 0 {
		return nil, ask("no factor is moved from its own value")
	}
	slices.SortStableFunc(swings, func(a, b swing) int { return cmp.Compare(b.widest(), a.widest()) })
	return swings, nil
}

func drawSwings(d *data, opt Options, m *measure, swings []swing) *Figure {
	unit, scale := m.changes()
	c := &rows{axis: axis{title: "Change of " + titled(lower(m.title()), unit), factor: scale.factor}, refs: []float64{0}}
	table := Table{Columns: []string{"factor", "from", "to", "difference", "low", "high", "n"}}
	pairs := true // at most one value below and one above the own
	for i := range swings {
		s := &swings[i]
		below, above := 0, 0
		for j, v := range s.values {
			if v < s.base {
				below++
			} else {
				above++
			}
			table.Rows = append(table.Rows, append([]string{keyOf(&s.column), value(&s.column, s.base), value(&s.column, v)}, cells(s.effects[j])...))
		}
		pairs = pairs && below <= 1 && above <= 1
	}
	shown := swings[:min(len(swings), mostFactors)]
	if pairs {
		c.high = 22
		c.heads = []string{"lower: effect", "higher: effect"}
		c.key = []keyed{{bar, sky, "at the lower value"}, {bar, vermilion, "at the higher value"}}
	} else {
		c.heads = []string{"effect"}
	}
	for i := range shown {
		s := &shown[i]
		own := keyOf(&s.column) + " (" + value(&s.column, s.base) + ")"
		if unit := printed(s.column.Unit); unit != "" && s.column.Kind != record.Class {
			own = keyOf(&s.column) + " (" + value(&s.column, s.base) + " " + unit + ")"
		}
		c.axis.spread(s.effects...)
		if !pairs {
			c.rows = append(c.rows, row{label: "From " + own, head: true})
			for j, v := range s.values {
				words, interval := scale.words(s.effects[j])
				c.rows = append(c.rows, row{label: "to " + value(&s.column, v), marks: []mark{marked(bar, s.effects[j], sky)}, cells: []string{words + " " + interval}})
			}
			continue
		}
		one := row{label: own, cells: []string{"", ""}}
		for j, v := range s.values {
			b, side := marked(bar, s.effects[j], sky), 0
			b.slim, b.lift = true, 0.2
			if v > s.base {
				b.fill, b.lift, side = vermilion, -0.2, 1
			}
			words, _ := scale.words(s.effects[j])
			one.cells[side] = value(&s.column, v) + ": " + words
			one.marks = append(one.marks, b)
		}
		c.rows = append(c.rows, one)
	}
	c.axis.round(6)
	notes := []string{fmt.Sprintf("Changes from the file's own value, in brackets. %s; whiskers: %s intervals (%s), %s.", d.luck(), percentOf(d.level), swings[0].effects[0].Method, d.each())}
	if len(shown) < len(swings) {
		notes = append(notes, fmt.Sprintf("The %d widest of %d factors.", len(shown), len(swings)))
	}
	s := d.sheet("one factor at a time", titled(m.title(), unit), notes...)
	f := s.figure(fmt.Sprintf("Effects of %s on %s, each moved alone; the widest is that of %s.", report.Plural(len(swings), "factor", "factors"), m.title(), keyOf(&swings[0].column)), table)
	f.scene = c.draw(s, opt)
	return f
}
