package figure

import (
	"math"
	"slices"
	"strings"

	"tripwire/report"
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
	var wanted []string
	for _, c := range runs.Columns {
		if c.Name == "point" || c.Name == "rep" || c.Factor || slices.Contains(measures, c.Name) {
			wanted = append(wanted, c.Name)
		}
	}
	for _, name := range measures {
		if !slices.ContainsFunc(runs.Columns, func(c record.Column) bool { return c.Name == name && !c.Factor }) {
			return nil, ask("the result has no measure %s (see: params --measures)", name)
		}
	}
	for t, err := range r.Chunks("runs", wanted...) {
		if err != nil {
			return nil, err
		}
		if d.Table == nil {
			d.Table = record.NewTable(slices.Clone(t.Columns))
		}
		for i := range t.Len() {
			d.Append(t.Row(i)...)
		}
		for i, c := range t.Columns {
			d.Columns[i].Classes = c.Classes // a text column learns its words as it is read
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

// readPoint is read, and the rows of the one design point that is asked for.
func readPoint(r *record.Result, opt Options, measures ...string) (*data, *record.Table, error) {
	d, err := read(r, opt, measures...)
	if err != nil {
		return nil, nil, err
	}
	t, err := d.one(opt.Point)
	return d, t, err
}

// readMeasure is read for a figure of one measure, the usual one unless another is asked for.
func readMeasure(r *record.Result, opt Options, usual string, others ...string) (*data, *measure, error) {
	words := opt.measure(usual)
	column, _, _ := strings.Cut(words, "=")
	d, err := read(r, opt, append(others, column)...)
	if err != nil {
		return nil, nil, err
	}
	m, err := d.measure(words)
	return d, m, err
}

// A measure is a column of numbers, or what share of histories have a class.
type measure struct{ record.Measure }

// measure finds what words ask for: a column, or COLUMN=CLASS.
func (d *data) measure(words string) (*measure, error) {
	m, err := report.FindMeasure(d.Columns, words)
	return &measure{m}, err
}

// of is the measure in a history: 0 or 1 for a share; NaN where the question did not arise.
func (m *measure) of(row []float64) float64 { return m.Value(row[m.At]) }

// title is what the measure is called.
func (m *measure) title() string {
	words := m.Column.Title
	if words == "" {
		words = m.Column.Name
	}
	if m.Class != "" {
		words += ": " + m.Class
	}
	return printable(words)
}

func (m *measure) unit() string {
	if m.Share() {
		return "%"
	}
	return printed(m.Column.Unit)
}

// printed writes a unit as print has it; what only counts has none.
func printed(unit string) string {
	switch unit {
	case "count", "probability", "share":
		return ""
	}
	return printable(strings.NewReplacer("km2", "km²", "m2", "m²").Replace(unit))
}

// axis is what the measure is called, with its unit.
func (m *measure) axis() string { return titled(m.title(), m.unit()) }

func titled(title, unit string) string {
	if unit == "" {
		return title
	}
	return title + ", " + unit
}

func (m *measure) scale() scale {
	if m.Share() {
		return percent
	}
	return scale{factor: 1}
}

// changes is what differences are shown in: percentage points for a share.
func (m *measure) changes() (unit string, s scale) {
	s = m.scale()
	s.signed = true
	if m.Share() {
		return "percentage points", s
	}
	return m.unit(), s
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
	return d.chosen()
}

// by is the columns whose values make the groups: that of x, or the levers.
func (d *data) by(x string) ([]int, error) {
	if x == "" {
		return d.levers(), nil
	}
	k, err := d.factor("--x", x)
	return []int{k}, err
}

// chosen is the columns of the factors that somebody chooses, without the case.
func (d *data) chosen() []int {
	return slices.DeleteFunc(d.factors(), func(k int) bool { return slices.Contains(d.design.Uncertain, d.Columns[k].Title) })
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
