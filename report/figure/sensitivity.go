package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tripwire/stats"
	"tripwire/study/record"
)

// An index is what one factor has to do with a measure, as two estimates: first and total, or mu* and sigma.
type index struct {
	factor string
	a, b   stats.Estimate
}

// sampled takes a measure at every point of a design of a kind: its runs by point, and the factors there.
func sampled(r *record.Result, opt Options, kind, such string) (d *data, m measure, x, y [][]float64, err error) {
	words := opt.measure("invaded")
	if d, err = read(r, opt, name(words)); err != nil {
		return
	}
	if m, err = d.measure(words); err != nil {
		return
	}
	if d.design.Kind != kind {
		err = ask("the result is of the design %s; %s", d.design.Kind, such)
		return
	}
	x, y, err = d.points(&m)
	return
}

// points is the factors and the runs of a measure at each point.
func (d *data) points(m *measure) (x, y [][]float64, err error) {
	at, factors := d.Index("point"), d.factors()
	last := -1.0
	for i := range d.Len() {
		row := d.Row(i)
		if row[at] != last {
			last = row[at]
			cells := make([]float64, len(factors))
			for j, k := range factors {
				cells[j] = row[k]
			}
			x, y = append(x, cells), append(y, nil)
		}
		v := m.of(row)
		if v != v {
			return nil, nil, ask("--measure %s is missing in some histories; it needs one that none lacks, such as invaded", m.column.Name)
		}
		y[len(y)-1] = append(y[len(y)-1], v)
	}
	return x, y, nil
}

func drawSobol(r *record.Result, opt Options) (*Figure, error) {
	d, m, x, y, err := sampled(r, opt, "saltelli", `a study with design = "saltelli" feeds it`)
	if err != nil {
		return nil, err
	}
	indices, way, err := newSobol(d, x, y)
	if err != nil {
		return nil, err
	}
	return d.ranking(opt, &m, ranking{
		what: "shares of the variance", indices: indices, a: "first: gone when the factor is known", b: "total: left when all others are known",
		heads: []string{"first", "total"}, columns: []string{"first", "total"}, axis: "Share of the variance of " + lower(m.title()), note: way, sum: true,
	}), nil
}

// newSobol estimates Sobol' indices from the rows of a Saltelli design: n of A, n of B, n for each factor.
// Values are over all of them. For the intervals the sequence is cut into blocks of consecutive rows, which are
// nets of their own, and Student's t over the blocks gives the half-width: scrambled together the blocks make up
// for one another, so their mean errs less than their spread says, and the intervals lie to the wide side.
func newSobol(d *data, x, y [][]float64) ([]index, string, error) {
	factors := len(x[0])
	n := len(y) / (factors + 2)
	if n*(factors+2) != len(y) || n < 2 {
		return nil, "", ask("%d points are no Saltelli design of %d factors", len(y), factors)
	}
	blocks := 1
	for blocks < 16 && n%(2*blocks) == 0 && n/(2*blocks) >= 16 {
		blocks *= 2
	}
	size := n / blocks
	split := make([][][]float64, blocks)
	for b := range blocks {
		for part := range factors + 2 {
			split[b] = append(split[b], y[part*n+b*size:part*n+(b+1)*size]...)
		}
	}
	whole, parts := stats.Sobol([][][]float64{y}, factors, d.level), stats.Sobol(split, factors, d.level)
	about := func(value, spread stats.Estimate) stats.Estimate {
		half := spread.HalfWidth()
		value.Low, value.High = value.Value-half, value.Value+half
		return value
	}
	var out []index
	for j, k := range d.factors() {
		out = append(out, index{keyOf(&d.Columns[k]), about(whole.First[j], parts.First[j]), about(whole.Total[j], parts.Total[j])})
	}
	way := fmt.Sprintf("Janon and Jansen; whiskers: %s intervals, Student's t over %d blocks of %d base points. What is below 0 is so by sampling error: read it as 0.", percentOf(d.level), blocks, size)
	if blocks == 1 {
		way = "Janon and Jansen, without intervals: these need 32 base points or more, in a power of two."
	}
	if len(y[0]) == 1 {
		way += " One history a point: luck counts as one more cause in every total."
	}
	return out, way, nil
}

func drawMorris(r *record.Result, opt Options) (*Figure, error) {
	d, m, x, y, err := sampled(r, opt, "morris", `a study with design = "morris" feeds it`)
	if err != nil {
		return nil, err
	}
	indices, way, err := newMorris(d, x, y)
	if err != nil {
		return nil, err
	}
	unit, _ := m.changes()
	return d.ranking(opt, &m, ranking{
		what: "screening", indices: indices, a: "μ*: mean size of the effect", b: "σ: how far it depends on the others",
		heads: []string{"μ*", "σ"}, columns: []string{"mu_star", "sigma"}, axis: "Effect on " + titled(lower(m.title()), unit) + ", over the factor's whole range", note: way, scale: m.scale(),
	}), nil
}

// newMorris finds the trajectories of a Morris design by the ranks of each factor's levels. A trajectory of
// which a point had to give way to a rule between parameters is left out: there two factors move at once.
func newMorris(d *data, x, y [][]float64) ([]index, string, error) {
	factors := len(x[0])
	if len(x)%(factors+1) != 0 {
		return nil, "", ask("%d points are no trajectories of %d factors", len(x), factors)
	}
	levels := make([][]float64, factors)
	for j := range factors {
		for _, row := range x {
			levels[j] = append(levels[j], row[j])
		}
		slices.Sort(levels[j])
		levels[j] = slices.Compact(levels[j])
	}
	var unit, runs [][]float64
	all := len(x) / (factors + 1)
	for t := range all {
		rows, ok := trajectory(x[t*(factors+1):(t+1)*(factors+1)], levels)
		if ok {
			unit, runs = append(unit, rows...), append(runs, y[t*(factors+1):(t+1)*(factors+1)]...)
		}
	}
	kept := len(unit) / (factors + 1)
	if kept < 2 {
		return nil, "", ask("%d of %d trajectories move one factor at a time; it needs two", kept, all)
	}
	var out []index
	s := stats.Morris(unit, runs, d.level)
	noise := 0.0
	for j, k := range d.factors() {
		out = append(out, index{keyOf(&d.Columns[k]), s[j].MuStar, s[j].Sigma})
		if s[j].Noise == s[j].Noise {
			noise = max(noise, s[j].Noise)
		}
	}
	way := fmt.Sprintf("Elementary effects in %d trajectories; whiskers: %s intervals over trajectories.", kept, percentOf(d.level))
	if kept < all {
		way += fmt.Sprintf(" %d more are left out, where a rule between parameters moved two factors at once.", all-kept)
	}
	if noise > 0 {
		way += " A mean size of less than twice the run noise may be noise."
	}
	return out, way, nil
}

// trajectory puts the rows of a trajectory on the grid of the unit cube, if each differs from the one before in
// one factor, and each factor once. A factor whose two levels came out as one value, such as a small whole
// number, has moved where none of the others did: by a whole range, to no effect.
func trajectory(rows, levels [][]float64) (unit [][]float64, ok bool) {
	for _, row := range rows {
		u := make([]float64, len(row))
		for j, v := range row {
			i, _ := slices.BinarySearch(levels[j], v)
			u[j] = float64(i) / float64(max(1, len(levels[j])-1))
		}
		unit = append(unit, u)
	}
	moved := make([]bool, len(levels))
	var idle []int // steps that moved nothing
	for i := 1; i < len(rows); i++ {
		n := 0
		for j := range rows[i] {
			if rows[i][j] != rows[i-1][j] {
				if n++; n > 1 || moved[j] {
					return nil, false
				}
				moved[j] = true
			}
		}
		if n == 0 {
			idle = append(idle, i)
		}
	}
	for j := range moved {
		if moved[j] {
			continue
		}
		from := idle[0]
		idle = idle[1:]
		for i := range unit {
			unit[i][j] = 0
			if i >= from {
				unit[i][j] = 1
			}
		}
	}
	return unit, true
}

// A ranking is factors in the order of one of two indices.
type ranking struct {
	what, a, b, axis, note string
	indices                []index
	heads, columns         []string
	scale                  scale
	sum                    bool // order and show the second first: totals
}

func (d *data) ranking(opt Options, m *measure, r ranking) *Figure {
	slices.SortStableFunc(r.indices, func(p, q index) int {
		if r.sum {
			return cmp.Compare(q.b.Value, p.b.Value)
		}
		return cmp.Compare(q.a.Value, p.a.Value)
	})
	if r.scale.factor == 0 {
		r.scale.factor = 1
	}
	c := &rows{axis: axis{title: r.axis, factor: r.scale.factor}, high: 20, heads: r.heads, refs: []float64{0},
		key: []keyed{{dot, blue, r.a}, {ring, vermilion, r.b}}}
	table := Table{Columns: []string{"factor"}}
	for _, n := range r.columns {
		table.Columns = append(table.Columns, n, n+"_low", n+"_high", n+"_n")
	}
	for i, x := range r.indices {
		table.Rows = append(table.Rows, slices.Concat([]string{x.factor}, cells(x.a), cells(x.b)))
		if i >= mostFactors {
			continue
		}
		a, b := marked(dot, bounded(x.a), blue), marked(ring, bounded(x.b), vermilion)
		a.lift, b.lift = 0.17, -0.17
		first, _ := r.scale.words(bounded(x.a))
		second, _ := r.scale.words(bounded(x.b))
		c.rows = append(c.rows, row{label: x.factor, marks: []mark{a, b}, cells: []string{first, second}})
		c.axis.spread(x.a, x.b)
	}
	c.axis.round(6)
	notes := []string{r.note, d.each() + "."}
	if len(r.indices) > mostFactors {
		notes = append(notes, fmt.Sprintf("The first %d of %d factors.", mostFactors, len(r.indices)))
	}
	s := d.sheet(r.what, m.title(), notes...)
	f := s.figure(fmt.Sprintf("%d factors ranked by their part in %s; the first is %s.", len(r.indices), m.title(), r.indices[0].factor), table)
	f.scene = c.draw(s, opt)
	return f
}

// bounded is an estimate whose open interval is none.
func bounded(e stats.Estimate) stats.Estimate {
	if math.IsInf(e.Low, 0) || math.IsInf(e.High, 0) {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	return e
}
