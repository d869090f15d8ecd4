package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// A cluster is the histories of the design points that have the same values of some factors.
type cluster struct {
	label  string
	key    []float64
	points []int64
	cells  [][]float64 // by point and replication
}

// groups puts the histories into groups by some columns, ordered by their cells.
func (d *data) groups(keys []int, m *measure) []cluster {
	var out []cluster
	index := map[string]int{}
	pointAt := d.Index("point")
	for i := range d.Len() {
		row := d.Row(i)
		var b strings.Builder
		for _, k := range keys {
			fmt.Fprintf(&b, "%x,", math.Float64bits(row[k]))
		}
		g, ok := index[b.String()]
		if !ok {
			g = len(out)
			index[b.String()] = g
			one := cluster{}
			var words []string
			for _, k := range keys {
				one.key = append(one.key, row[k])
				words = append(words, value(&d.Columns[k], row[k]))
			}
			one.label = strings.Join(words, " · ")
			out = append(out, one)
		}
		at := &out[g]
		if n := len(at.points); n == 0 || at.points[n-1] != int64(row[pointAt]) {
			at.points, at.cells = append(at.points, int64(row[pointAt])), append(at.cells, nil)
		}
		last := len(at.cells) - 1
		at.cells[last] = append(at.cells[last], m.of(row))
	}
	slices.SortStableFunc(out, func(a, b cluster) int { return slices.CompareFunc(a.key, b.key, cmp.Compare) })
	return out
}

// ended is how many histories of each group came to an end, in the order of the groups.
func (d *data) ended(keys []int) []int {
	outcome := d.Index("outcome")
	all := d.groups(keys, &measure{record.Measure{At: d.Index("point")}})
	if outcome >= 0 {
		all = d.groups(keys, &measure{record.Measure{At: outcome}})
	}
	var n []int
	for _, g := range all {
		k := 0
		for _, cells := range g.cells {
			k += len(known(cells))
		}
		n = append(n, k)
	}
	return n
}

// estimate is the measure in a group. Histories at several points share their luck or their future, so the
// interval is the run bar, as in summary --by.
func (d *data) estimate(g *cluster, m *measure) (e stats.Estimate) {
	if len(g.points) > 1 {
		e = report.NewBars(&d.design, g.points, g.cells, m.Share(), d.level).Run.Estimate
	} else if v := known(g.cells[0]); m.Share() {
		e = stats.Share(count(v), len(v), d.level)
	} else {
		e = stats.Mean(v, d.level)
	}
	if !m.Share() {
		e = e.Within(0, math.Inf(1)) // as no measure of a history is below
	}
	return e
}

// difference is a measure in one sample less that in another: history by history if they are paired by their luck.
func difference(a, b []float64, m *measure, paired bool, level float64) stats.Estimate {
	if !paired {
		x, y := known(a), known(b)
		if m.Share() {
			return stats.Newcombe(count(x), len(x), count(y), len(y), level)
		}
		return stats.Welch(x, y, level).Estimate
	}
	var x, y []float64
	var pairs stats.Pairs
	for i := range min(len(a), len(b)) {
		if a[i] != a[i] || b[i] != b[i] {
			continue
		}
		x, y = append(x, a[i]), append(y, b[i])
		pairs.Add(a[i] == 1, b[i] == 1)
	}
	if m.Share() {
		return stats.PairedShare(pairs, level)
	}
	return stats.PairedMean(x, y, level).Estimate
}

// known is the values that are not missing.
func known(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), math.IsNaN)
}

func count(values []float64) int {
	k := 0
	for _, x := range values {
		k += int(x)
	}
	return k
}

// change is the measure in a group less that in another, which holds the same points otherwise.
func (d *data) change(a, b *cluster, m *measure) stats.Estimate {
	if len(a.cells) == 1 && len(b.cells) == 1 {
		return difference(a.cells[0], b.cells[0], m, !d.design.OwnLuck, d.level)
	}
	n := min(len(a.points), len(b.points))
	both := cluster{points: a.points[:n]}
	for p := range n {
		var cells []float64
		for rep := range min(len(a.cells[p]), len(b.cells[p])) {
			cells = append(cells, a.cells[p][rep]-b.cells[p][rep])
		}
		both.cells = append(both.cells, cells)
	}
	run := report.NewBars(&d.design, both.points, both.cells, false, d.level).Run
	if m.Share() {
		return run.PairedShare()
	}
	return run.Estimate
}
