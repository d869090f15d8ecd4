package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// An Ask is a question that a result cannot answer, and why: the mistake of whoever asks.
type Ask struct{ Message string }

func (a *Ask) Error() string { return a.Message }

// By is one measure of a study, group by group of its design points.
type By struct {
	Manifest *record.Manifest
	Title    string
	Question string
	Level    float64
	Keys     []string // that make the groups
	measured
	Groups   []Group
	Unpaired string // why there are no differences; "" where there are
	Verdicts Verdicts
}

// Group is the design points that have the same values of the keys.
type Group struct {
	Values     []string // of the keys
	Points     int
	Estimate   stats.Estimate
	*Bars              // nil where the group is one point: then the interval is luck's
	Difference *Change // from the first group; nil for the first, and where the groups cannot be paired

	cells  [][]float64 // by point and replication; NaN where missing
	points []int64     // by point: its number
	others []string    // by point: the factors that make no group
}

// Change is what separates a group from the first under the same luck.
type Change struct {
	stats.Estimate
	P                 float64 // of no difference
	Adjusted          float64 // the same, by Holm's method for as many comparisons as there are groups
	VarianceReduction float64 // histories saved by the common luck
}

// ReadBy groups the points of a result by keys: of factors ("coalition.troops", or the column's name),
// "case" or "point". The measure is a column of runs.csv, with =CLASS if it has classes. An error may
// be an [*Ask].
func ReadBy(r *record.Result, keys []string, measure string, level float64) (*By, error) {
	b := &By{Manifest: &r.Manifest, Title: r.Package.Title, Question: r.Package.Doc, Level: level}
	runs := r.Package.Resource("runs")
	if runs == nil {
		return nil, &Ask{"the result has no runs"}
	}
	columns := runs.Columns
	keyed, err := b.keys(columns, keys)
	if err != nil {
		return nil, err
	}
	at, err := b.find(columns, measure)
	if err != nil {
		return nil, err
	}
	g := &grouper{by: b, keyed: keyed, at: at, groups: map[string]int{}, point: -1}
	for i, c := range columns {
		if c.Factor && c.Name != "case" && !slices.Contains(keyed, i) &&
			(!slices.Contains(keys, "case") || slices.Contains(r.Manifest.Design.Uncertain, c.Title)) {
			g.other = append(g.other, i)
		}
	}
	g.pointAt = slices.IndexFunc(columns, func(c record.Column) bool { return c.Name == "point" })
	for t, err := range r.Chunks("runs") {
		if err != nil {
			return nil, err
		}
		for i := range t.Len() {
			g.add(t, t.Row(i))
		}
	}
	b.estimate()
	return b, nil
}

// keys finds the columns of keys.
func (b *By) keys(columns []record.Column, keys []string) (at []int, err error) {
	for _, key := range keys {
		i := slices.IndexFunc(columns, func(c record.Column) bool {
			return c.Factor && (c.Name == key || c.Title == key) || c.Name == "point" && key == "point"
		})
		if i < 0 {
			names := []string{"point"}
			for _, c := range columns {
				if c.Name == "case" {
					names = append(names, "case")
				} else if c.Factor {
					names = append(names, c.Title)
				}
			}
			const most = 12
			if len(names) > most {
				names = append(names[:most], "...")
			}
			return nil, &Ask{fmt.Sprintf("--by %s: the design does not vary it; what it varies: %s", key, strings.Join(names, ", "))}
		}
		name := columns[i].Title
		if columns[i].Name == "case" || columns[i].Name == "point" {
			name = columns[i].Name
		}
		b.Keys = append(b.Keys, name)
		at = append(at, i)
	}
	return at, nil
}

// A grouper puts rows, which come sorted by point and replication, into groups.
type grouper struct {
	by      *By
	keyed   []int // columns
	other   []int
	pointAt int
	at      int
	groups  map[string]int // by the bits of the keys' cells
	point   float64
	into    *Group
}

func bits(row []float64, at []int) string {
	b := make([]byte, 0, 8*len(at))
	for _, i := range at {
		b = fmt.Appendf(b, "%x,", math.Float64bits(row[i]))
	}
	return string(b)
}

func (g *grouper) add(t *record.Table, row []float64) {
	if p := row[g.pointAt]; p != g.point {
		g.point = p
		key := bits(row, g.keyed)
		i, ok := g.groups[key]
		if !ok {
			i = len(g.by.Groups)
			g.groups[key] = i
			var values []string
			for _, k := range g.keyed {
				values = append(values, string(record.AppendCell(nil, &t.Columns[k], row[k], 6)))
			}
			g.by.Groups = append(g.by.Groups, Group{Values: values})
		}
		g.into = &g.by.Groups[i]
		g.into.Points++
		g.into.cells = append(g.into.cells, nil)
		g.into.points = append(g.into.points, int64(g.point))
		g.into.others = append(g.into.others, bits(row, g.other))
	}
	last := len(g.into.cells) - 1
	g.into.cells[last] = append(g.into.cells[last], g.by.value(row[g.at]))
}

func (b *By) estimate() {
	b.Unpaired = b.unpaired()
	var p []float64
	for i := range b.Groups {
		g := &b.Groups[i]
		b.level(g)
		if i > 0 && b.Unpaired == "" {
			g.Difference = b.change(g, &b.Groups[0])
			p = append(p, g.Difference.P)
		}
	}
	for i, adjusted := range stats.Holm(p) {
		b.Groups[1+i].Difference.Adjusted = adjusted
	}
}

// unpaired says why no group can be compared with the first, point by point and history by history.
func (b *By) unpaired() string {
	if len(b.Groups) < 2 {
		return ""
	}
	if b.Manifest.Design.OwnLuck {
		return "No differences: every point had luck of its own (common_luck = false)."
	}
	if b.Manifest.Design.Sharing > 0 {
		return "No differences: luck is shared within a scrambling or trajectory only."
	}
	first := &b.Groups[0]
	for i := range b.Groups {
		g := &b.Groups[i]
		if g.Points != first.Points || g.Points > 1 && !slices.Equal(g.others, first.others) {
			return "No differences: the groups do not hold the same values of the other factors."
		}
	}
	return ""
}

// inputs says whether the groups have input bars.
func (b *By) inputs() bool {
	return slices.ContainsFunc(b.Groups, func(g Group) bool { return g.Bars != nil && g.Input != nil })
}

// level estimates the measure in a group.
func (b *By) level(g *Group) {
	if g.Points > 1 {
		g.Bars = b.bars(g, b.share(), func(point, rep int) float64 { return g.cells[point][rep] })
		g.Estimate = b.possible(g.Run.Estimate)
		return
	}
	var values []float64
	k := 0
	for _, x := range g.cells[0] {
		if x == x {
			values = append(values, x)
			k += int(x)
		}
	}
	if b.share() {
		g.Estimate = stats.Share(k, len(values), b.Level)
	} else {
		g.Estimate = b.possible(stats.Mean(values, b.Level))
	}
}

// possible cuts an interval to what the mean of a measure can be: none is below 0 in any history.
func (m *measured) possible(e stats.Estimate) stats.Estimate {
	if m.share() {
		return e.Within(0, 1)
	}
	return e.Within(0, math.Inf(1))
}

// change compares a group with the first, history by history.
func (b *By) change(g, first *Group) *Change {
	if g.Points > 1 {
		w := b.bars(g, false, func(point, rep int) float64 {
			if rep >= len(first.cells[point]) {
				return math.NaN()
			}
			return g.cells[point][rep] - first.cells[point][rep]
		}).Run
		return &Change{Estimate: w.Estimate, P: w.P(), VarianceReduction: math.NaN()}
	}
	n := min(len(g.cells[0]), len(first.cells[0])) // one may have been played longer than the other
	x, y := both(g.cells[0][:n], first.cells[0][:n])
	if b.share() {
		pairs := pairsOf(x, y)
		return &Change{Estimate: stats.PairedShare(pairs, b.Level), P: stats.McNemar(pairs).P, VarianceReduction: pairs.VarianceReduction()}
	}
	d := stats.PairedMean(x, y, b.Level)
	p := d.Test.P
	if math.IsNaN(p) {
		p = 1
	}
	return &Change{Estimate: d.Estimate, P: p, VarianceReduction: d.VarianceReduction}
}

// bars makes both bars of the mean of value over the histories of a group of several points.
func (b *By) bars(g *Group, share bool, value func(point, rep int) float64) *Bars {
	cells := make([][]float64, len(g.cells))
	for point := range cells {
		for rep := range g.cells[point] {
			cells[point] = append(cells[point], value(point, rep))
		}
	}
	return NewBars(&b.Manifest.Design, g.points, cells, share, b.Level)
}
