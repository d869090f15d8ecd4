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
	Keys     []string      // that make the groups
	Measure  record.Column // of which Class is looked at, if it has classes
	Class    string
	Groups   []Group
	Unpaired string // why there are no differences; "" where there are
	Verdicts Verdicts
}

// Group is the design points that have the same values of the keys.
type Group struct {
	Values     []string // of the keys
	Points     int
	Estimate   stats.Estimate
	Difference *Change // from the first group; nil for the first, and where the groups cannot be paired

	cells  [][]float64 // by point and replication; NaN where missing
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
	at, err := b.measure(columns, measure)
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

func (b *By) measure(columns []record.Column, measure string) (int, error) {
	name, class, classed := strings.Cut(measure, "=")
	at := slices.IndexFunc(columns, func(c record.Column) bool { return c.Name == name && !c.Factor })
	if at < 0 {
		return 0, &Ask{fmt.Sprintf("--measure %s: no such measure (see: params --measures)", measure)}
	}
	b.Measure, b.Class = columns[at], class
	if b.Measure.Kind == record.Class {
		if !slices.Contains(b.Measure.Classes, class) {
			return 0, &Ask{fmt.Sprintf("--measure %s: say which class: %s=%s", measure, name, strings.Join(b.Measure.Classes, ", "))}
		}
	} else if classed {
		return 0, &Ask{fmt.Sprintf("--measure %s: %s has no classes", measure, name)}
	}
	return at, nil
}

// share says whether the measure is a share of histories.
func (b *By) share() bool { return b.Measure.Kind == record.Bool || b.Measure.Kind == record.Class }

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
		g.into.others = append(g.into.others, bits(row, g.other))
	}
	x := row[g.at]
	if g.by.Measure.Kind == record.Class && x == x {
		if g.by.Measure.Label(x) == g.by.Class {
			x = 1
		} else {
			x = 0
		}
	}
	last := len(g.into.cells) - 1
	g.into.cells[last] = append(g.into.cells[last], x)
}

func (b *By) estimate() {
	b.Unpaired = b.unpaired()
	var p []float64
	for i := range b.Groups {
		g := &b.Groups[i]
		g.Estimate = b.level(g)
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
	first := &b.Groups[0]
	for i := range b.Groups {
		g := &b.Groups[i]
		if g.Points != first.Points || g.Points > 1 && !slices.Equal(g.others, first.others) {
			return "No differences: the groups do not hold the same values of the other factors."
		}
	}
	return ""
}

// futures says whether the points of a group are a sample of futures, and no choice.
func (b *By) futures(g *Group) bool { return g.Points > 1 && len(b.Manifest.Design.Uncertain) > 0 }

// level estimates the measure in a group. Histories at several points share their luck, so it is the
// replications, and the futures if those are sampled, that are independent.
func (b *By) level(g *Group) stats.Estimate {
	if g.Points > 1 {
		return b.clustered(g, func(point, rep int) float64 { return g.cells[point][rep] }).Estimate
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
		return stats.Share(k, len(values), b.Level)
	}
	return stats.Mean(values, b.Level)
}

// change compares a group with the first, history by history.
func (b *By) change(g, first *Group) *Change {
	if g.Points > 1 {
		return b.clustered(g, func(point, rep int) float64 { return g.cells[point][rep] - first.cells[point][rep] })
	}
	var x, y []float64
	var pairs stats.Pairs
	for i, a := range g.cells[0] {
		c := first.cells[0][i]
		if a != a || c != c {
			continue
		}
		x, y = append(x, a), append(y, c)
		switch {
		case a == 1 && c == 1:
			pairs.Both++
		case a == 1:
			pairs.OnlyA++
		case c == 1:
			pairs.OnlyB++
		default:
			pairs.Neither++
		}
	}
	if b.share() {
		return &Change{Estimate: stats.PairedShare(pairs, b.Level), P: stats.McNemar(pairs).P, VarianceReduction: pairs.VarianceReduction()}
	}
	d := stats.PairedMean(x, y, b.Level)
	p := d.Test.P
	if math.IsNaN(p) {
		p = 1
	}
	return &Change{Estimate: d.Estimate, P: p, VarianceReduction: d.VarianceReduction}
}

// clustered is the mean of value over the points and replications of a group. Its half-width is that of
// the means by replication, and, where the points are sampled futures, that of the means by point,
// added in quadrature: two-way clustering without the term for both (Cameron, Gelbach and Miller,
// Journal of Business & Economic Statistics 29, 2011), which makes it no narrower.
func (b *By) clustered(g *Group, value func(point, rep int) float64) *Change {
	reps := 0
	for _, cells := range g.cells {
		reps = max(reps, len(cells))
	}
	sums, counts := [2][]float64{make([]float64, reps), make([]float64, g.Points)}, [2][]float64{make([]float64, reps), make([]float64, g.Points)}
	total, n := 0.0, 0
	for point, cells := range g.cells {
		for rep := range cells {
			x := value(point, rep)
			if x != x {
				continue
			}
			for way, i := range [2]int{rep, point} {
				sums[way][i] += x
				counts[way][i]++
			}
			total += x
			n++
		}
	}
	half, ways := 0.0, 1
	method := "t over replications"
	if b.futures(g) {
		ways, method = 2, "t over replications and futures"
	}
	warnings := []string(nil)
	for way := range ways {
		var means []float64
		for i, k := range counts[way] {
			if k > 0 {
				means = append(means, sums[way][i]/k)
			}
		}
		e := stats.Mean(means, b.Level)
		half = math.Hypot(half, e.HalfWidth())
		for _, w := range e.Warnings {
			if !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
	}
	mean := total / float64(n)
	c := &Change{
		Estimate: stats.Estimate{Value: mean, Low: mean - half, High: mean + half, Level: b.Level, N: n, Method: method, Warnings: warnings},
		P:        1, VarianceReduction: math.NaN(),
	}
	if se := half / (math.Sqrt2 * math.Erfinv(b.Level)); se > 0 {
		c.P = math.Erfc(math.Abs(mean) / se / math.Sqrt2)
	} else if se == 0 && mean != 0 {
		c.P = 0
	}
	return c
}
