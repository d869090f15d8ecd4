package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// data is the columns of runs.csv that a figure needs, and what it has to know of the study.
type data struct {
	*record.Table
	title  string
	design record.Design
	seed   uint64
	level  float64
}

// read takes the columns that say which history a row is, the factors and some measures out of a result.
func read(r *record.Result, opt Options, measures ...string) (*data, error) {
	runs := r.Package.Resource("runs")
	if runs == nil {
		return nil, ask("the result has no runs")
	}
	d := &data{title: r.Package.Title, design: r.Manifest.Design, seed: r.Manifest.Seed, level: opt.level()}
	var at []int
	var columns []record.Column
	for i, c := range runs.Columns {
		if c.Name == "point" || c.Name == "rep" || c.Factor || slices.Contains(measures, c.Name) {
			at, columns = append(at, i), append(columns, c)
		}
	}
	for _, name := range measures {
		if !slices.ContainsFunc(columns, func(c record.Column) bool { return c.Name == name && !c.Factor }) {
			return nil, ask("the result has no measure %s (see: params --measures)", name)
		}
	}
	d.Table = record.NewTable(columns)
	row := make([]float64, len(at))
	for t, err := range r.Chunks("runs") {
		if err != nil {
			return nil, err
		}
		for i := range t.Len() {
			cells := t.Row(i)
			for j, k := range at {
				row[j] = cells[k]
			}
			d.Append(row...)
		}
		for j, k := range at {
			d.Columns[j].Classes = t.Columns[k].Classes // a text column learns its words as it is read
		}
	}
	if d.Len() == 0 {
		return nil, ask("the result has no histories")
	}
	d.order()
	return d, nil
}

// order gives the classes of factors the order in which the design takes them. In the file the value of the
// scenario itself is the first.
func (d *data) order() {
	for j := range d.Columns {
		c := &d.Columns[j]
		if !c.Factor || c.Kind != record.Class || c.Name == "case" {
			continue
		}
		rank := map[float64]float64{}
		var classes []string
		for i := range d.Len() {
			cell := &d.Row(i)[j]
			if *cell != *cell {
				continue
			}
			k, met := rank[*cell]
			if !met {
				k = float64(len(classes))
				rank[*cell] = k
				classes = append(classes, c.Label(*cell))
			}
			*cell = k
		}
		c.Classes = classes
	}
}

// name is the measure that words ask for, without its class.
func name(words string) string {
	before, _, _ := strings.Cut(words, "=")
	return before
}

// A measure is a column of numbers, or what share of histories have a class.
type measure struct {
	at     int
	column record.Column
	class  string
	cell   float64 // of the class
}

func (d *data) measure(words string) (measure, error) {
	column, class, classed := strings.Cut(words, "=")
	m := measure{at: d.Index(column), class: class}
	if m.at < 0 {
		return m, ask("the result has no measure %s (see: params --measures)", column)
	}
	m.column = d.Columns[m.at]
	switch {
	case m.column.Kind == record.Class:
		i := slices.Index(m.column.Classes, class)
		if i < 0 {
			return m, ask("--measure %s: say which class: %s=%s", words, column, strings.Join(m.column.Classes, ", "))
		}
		m.cell = float64(i)
	case classed:
		return m, ask("--measure %s: %s has no classes", words, column)
	}
	return m, nil
}

// share says whether the measure is a share of histories.
func (m *measure) share() bool { return m.column.Kind == record.Bool || m.column.Kind == record.Class }

// of is the measure in a history: 0 or 1 for a share; NaN where the question did not arise.
func (m *measure) of(row []float64) float64 {
	x := row[m.at]
	if m.column.Kind == record.Class && x == x {
		if x == m.cell {
			return 1
		}
		return 0
	}
	return x
}

// title is what the measure is called.
func (m *measure) title() string {
	words := m.column.Title
	if words == "" {
		words = m.column.Name
	}
	if m.class != "" {
		words += ": " + m.class
	}
	return printable(words)
}

func (m *measure) unit() string {
	if m.share() {
		return "%"
	}
	return printed(m.column.Unit)
}

// printed writes a unit as print has it; what only counts has none.
func printed(unit string) string {
	switch unit {
	case "count", "probability", "share":
		return ""
	}
	return printable(strings.NewReplacer("km2", "km²", "m2", "m²").Replace(unit))
}

// name with its unit, for an axis.
func (m *measure) axis() string { return titled(m.title(), m.unit()) }

func titled(title, unit string) string {
	if unit == "" {
		return title
	}
	return title + ", " + unit
}

func (m *measure) scale() scale {
	if m.share() {
		return percent
	}
	return scale{factor: 1}
}

// A group is the design points that have the same values of some factors.
type cluster struct {
	label  string
	key    []float64
	points []float64
	cells  [][]float64 // by point and replication
}

// factor finds a column of the design by its key, "case", or the column's name.
func (d *data) factor(flag, key string) (int, error) {
	i := slices.IndexFunc(d.Columns, func(c record.Column) bool { return c.Factor && (c.Title == key || c.Name == key) })
	if i >= 0 {
		return i, nil
	}
	if key == "point" && d.Index("point") >= 0 {
		return d.Index("point"), nil
	}
	var names []string
	for _, c := range d.Columns {
		if c.Factor {
			names = append(names, keyOf(&c))
		}
	}
	if len(names) == 0 {
		return -1, ask("%s %s: the design has one point and varies nothing; a study such as roe-by-size does", flag, key)
	}
	const most = 12
	if len(names) > most {
		names = append(names[:most], "...")
	}
	return -1, ask("%s %s: the design does not vary it; what it varies: %s", flag, key, strings.Join(names, ", "))
}

// keyOf is the key of a factor's parameter, or "case".
func keyOf(c *record.Column) string {
	if c.Name == "case" || c.Title == "" {
		return c.Name
	}
	return c.Title
}

// levers is the columns of the factors that somebody chooses; of a list or an ablation the case.
func (d *data) levers() []int {
	if i := d.Index("case"); i >= 0 {
		return []int{i}
	}
	var at []int
	for i, c := range d.Columns {
		if c.Factor && !slices.Contains(d.design.Uncertain, c.Title) {
			at = append(at, i)
		}
	}
	return at
}

// factors is the columns of all factors, without the case.
func (d *data) factors() []int {
	var at []int
	for i, c := range d.Columns {
		if c.Factor && c.Name != "case" {
			at = append(at, i)
		}
	}
	return at
}

// value writes the cell of a factor.
func value(c *record.Column, x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case c.Kind == record.Class || c.Kind == record.Text:
		return printable(c.Label(x))
	case c.Kind == record.Bool:
		return map[bool]string{true: "on", false: "off"}[x == 1]
	}
	return plain(x)
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
				word := value(&d.Columns[k], row[k])
				words = append(words, word)
			}
			one.label = strings.Join(words, " · ")
			out = append(out, one)
		}
		at := &out[g]
		if n := len(at.points); n == 0 || at.points[n-1] != row[pointAt] {
			at.points, at.cells = append(at.points, row[pointAt]), append(at.cells, nil)
		}
		last := len(at.cells) - 1
		at.cells[last] = append(at.cells[last], m.of(row))
	}
	slices.SortStableFunc(out, func(a, b cluster) int { return slices.CompareFunc(a.key, b.key, cmp.Compare) })
	return out
}

// estimate is the measure in a group. Histories at several points share their luck, so it is the
// replications that are independent, and the futures where those are sampled (two-way clustering without
// the term for both, which makes it no narrower: Cameron, Gelbach and Miller 2011).
func (d *data) estimate(g *cluster, m *measure) stats.Estimate {
	var all []float64
	k := 0
	for _, cells := range g.cells {
		for _, x := range cells {
			if x == x {
				all = append(all, x)
				k += int(x)
			}
		}
	}
	if len(g.cells) == 1 || d.design.OwnLuck {
		if m.share() {
			return stats.Share(k, len(all), d.level)
		}
		return stats.Mean(all, d.level)
	}
	byRep, byPoint := means(g.cells)
	e := stats.Mean(byRep, d.level)
	half := e.HalfWidth()
	if len(d.design.Uncertain) > 0 {
		half = math.Hypot(half, stats.Mean(byPoint, d.level).HalfWidth())
		e.Method = "t over replications and futures"
		if d.design.Replications == 1 {
			half, e.Method = stats.Mean(byPoint, d.level).HalfWidth(), "t over futures, all of one luck"
		}
	} else {
		e.Method = "t over replications"
	}
	e.Value, e.N = stats.Mean(all, d.level).Value, len(all)
	e.Low, e.High = e.Value-half, e.Value+half
	if m.share() {
		e.Low, e.High = max(0, e.Low), min(1, e.High)
	}
	return e
}

// means is the means of cells by replication and by point, of those that have any.
func means(cells [][]float64) (byRep, byPoint []float64) {
	var sums, counts []float64
	for _, reps := range cells {
		sum, n := 0.0, 0.0
		for rep, x := range reps {
			if rep == len(sums) {
				sums, counts = append(sums, 0), append(counts, 0)
			}
			if x == x {
				sums[rep] += x
				counts[rep]++
				sum += x
				n++
			}
		}
		if n > 0 {
			byPoint = append(byPoint, sum/n)
		}
	}
	for rep, n := range counts {
		if n > 0 {
			byRep = append(byRep, sums[rep]/n)
		}
	}
	return byRep, byPoint
}

// difference is the measure at one point less that at another, history by history under the same luck;
// between two samples if every point had luck of its own.
func (d *data) difference(a, b []float64, m *measure) stats.Estimate {
	return difference(a, b, m, !d.design.OwnLuck, d.level)
}

func difference(a, b []float64, m *measure, paired bool, level float64) stats.Estimate {
	if !paired {
		x, y := known(a), known(b)
		if m.share() {
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
		switch {
		case a[i] == 1 && b[i] == 1:
			pairs.Both++
		case a[i] == 1:
			pairs.OnlyA++
		case b[i] == 1:
			pairs.OnlyB++
		default:
			pairs.Neither++
		}
	}
	if m.share() {
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

// one is the rows of one design point.
func (d *data) one(point int64) (*record.Table, error) {
	if point < 0 || point >= d.design.Points {
		return nil, ask("--point %d: the last design point is %d", point, d.design.Points-1)
	}
	t := record.NewTable(d.Columns)
	at := d.Index("point")
	for i := range d.Len() {
		if row := d.Row(i); row[at] == float64(point) {
			t.Append(row...)
		}
	}
	return t, nil
}

// where says which design point a figure shows; "" where there is only one.
func (d *data) where(point int64) string {
	if d.design.Points < 2 {
		return ""
	}
	at := d.Index("point")
	words := fmt.Sprintf("Design point %d of %s", point, fixed(float64(d.design.Points), 0))
	for i := range d.Len() {
		row := d.Row(i)
		if row[at] != float64(point) {
			continue
		}
		if c := d.Index("case"); c >= 0 {
			return words + " (" + value(&d.Columns[c], row[c]) + ")."
		}
		var parts []string
		for _, k := range d.factors() {
			parts = append(parts, keyOf(&d.Columns[k])+" = "+value(&d.Columns[k], row[k]))
		}
		if len(parts) > 3 {
			parts = append(parts[:3], "...")
		}
		return words + " (" + strings.Join(parts, ", ") + ")."
	}
	return words + "."
}

// sheet is the surroundings of a figure of this study.
func (d *data) sheet(what, sub string, notes ...string) sheet {
	title := what
	if t := printable(d.title); t != "" {
		title = t + ": " + what
	}
	s := sheet{title: title, sub: sub}
	for _, n := range append(notes, d.caution()) {
		if n != "" {
			s.notes = append(s.notes, n)
		}
	}
	return s
}

// scarce warns where points are pooled that all met the luck of few replications: that they are many points
// does not tell how much of what is seen is that luck.
func (d *data) scarce() string {
	const few = 10
	if d.design.OwnLuck || d.design.Points < 2 || d.design.Replications >= few {
		return ""
	}
	n := "one replication"
	if d.design.Replications > 1 {
		n = fixed(float64(d.design.Replications), 0) + " replications"
	}
	return "All points met the luck of " + n + ": more of them, or common_luck = false, tell more."
}

// caution says what the intervals know nothing of.
func (d *data) caution() string {
	if len(d.design.Uncertain) > 0 {
		return "Inputs are sampled over what the ledger believes of them; a comparison under stated assumptions, never a forecast."
	}
	return "Luck only: every input has one value; a comparison under stated assumptions, never a forecast."
}

// each is how many histories stand at a point, in words.
func (d *data) each() string {
	if d.design.Points < 2 {
		return histories(d.design.Replications)
	}
	return histories(d.design.Replications) + " a point"
}

// method is how the intervals of estimates were made, in words.
func method(e stats.Estimate, level float64) string {
	return percentOf(level) + " intervals (" + e.Method + ")"
}
