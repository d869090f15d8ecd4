package figure

import (
	"fmt"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// sensitivity reads what the command of that name tells of a result by a method.
func sensitivity(r *record.Result, opt Options, method string) (*report.Sensitivity, error) {
	design := &r.Manifest.Design
	if report.MethodFor(design) != method {
		kind := map[string]string{"sobol": "saltelli", "morris": "morris"}[method]
		return nil, ask("the result is of the design %s; a study with design = %q feeds it", design.Kind, kind)
	}
	in, err := opt.inputs()
	if err != nil {
		return nil, err
	}
	return report.ReadSensitivity(r, in, method, opt.measure("deterred"), opt.level())
}

func drawSobol(r *record.Result, opt Options) (*Figure, error) {
	s, err := sensitivity(r, opt, "sobol")
	if err != nil {
		return nil, err
	}
	k := ranking{
		what: "shares of the variance", a: "first: gone when the factor is known", b: "total: left when all others are known",
		heads: []string{"first, %", "total, %", "basis"}, columns: []string{"first", "total"}, scale: percent, shares: true,
	}
	design := &r.Manifest.Design
	k.note = fmt.Sprintf("Janon and Jansen; whiskers: %s intervals over %s of %s. What is below 0 is so by sampling error: read it as 0.",
		percentOf(s.Level), report.Plural(design.Scrambles, "scrambling", "scramblings"),
		report.Plural(design.Points/max(1, design.Scrambles)/int64(len(design.Factors)+2), "base point", "base points"))
	if design.Scrambles < 8 {
		k.note += " There are " + stats.WarnFewScramblings + "."
	}
	if design.Scrambles < 2 {
		k.note = "Janon and Jansen, without intervals: these need 2 scramblings or more."
	}
	if design.Replications == 1 {
		k.note += " One history a point: luck counts as one more cause in every total."
	}
	for _, one := range s.Drivers {
		k.indices = append(k.indices, index{one.Key, one.Basis, one.First, one.Total})
	}
	m := &measure{record.Measure{Column: s.Measure, Class: s.Class}}
	k.axis = "Share of the variance of " + lower(m.title()) + ", %"
	return k.figure(s, m, opt), nil
}

func drawMorris(r *record.Result, opt Options) (*Figure, error) {
	s, err := sensitivity(r, opt, "morris")
	if err != nil {
		return nil, err
	}
	design := &r.Manifest.Design
	m := &measure{record.Measure{Column: s.Measure, Class: s.Class}}
	unit, _ := m.changes()
	k := ranking{
		what: "screening", a: "μ*: mean size of the effect", b: "σ: how far it depends on the others",
		heads: []string{"μ*", "σ", "basis"}, columns: []string{"mu_star", "sigma"},
		axis: "Effect on " + titled(lower(m.title()), unit) + ", over the factor's whole range", scale: m.scale(),
		note: fmt.Sprintf("Elementary effects in %s; whiskers: %s intervals over trajectories.", report.Plural(design.Points/int64(len(design.Factors)+1), "trajectory", "trajectories"), percentOf(s.Level)),
	}
	noise := false
	for _, one := range s.Drivers {
		k.indices = append(k.indices, index{one.Key, one.Basis, one.Effects.MuStar, one.Effects.Sigma})
		noise = noise || one.Effects.Noise > 0
	}
	if noise {
		k.note += " A mean size of less than twice the run noise may be noise."
	}
	return k.figure(s, m, opt), nil
}

// An index is what one factor has to do with a measure, as two estimates: first and total, or mu* and sigma.
type index struct {
	factor, basis string
	a, b          stats.Estimate
}

// A ranking is factors in the order of an index of theirs.
type ranking struct {
	what, a, b, axis, note string
	indices                []index
	heads, columns         []string
	scale                  scale
	shares                 bool // of a whole
}

func (k *ranking) figure(s *report.Sensitivity, m *measure, opt Options) *Figure {
	c := &rows{axis: axis{title: k.axis, factor: k.scale.factor}, high: 20, heads: k.heads, refs: []float64{0},
		key: []keyed{{dot, blue, k.a}, {ring, vermilion, k.b}}}
	table := Table{Columns: []string{"factor", "basis"}}
	for _, n := range k.columns {
		table.Columns = append(table.Columns, n, n+"_low", n+"_high", n+"_n")
	}
	for i, x := range k.indices {
		table.Rows = append(table.Rows, append(append([]string{x.factor, x.basis}, cells(x.a)...), cells(x.b)...))
		if i >= mostFactors {
			continue
		}
		a, b := marked(dot, bounded(x.a), blue), marked(ring, bounded(x.b), vermilion)
		a.lift, b.lift = 0.17, -0.17
		first, _ := k.scale.words(bounded(x.a))
		second, _ := k.scale.words(bounded(x.b))
		c.rows = append(c.rows, row{label: x.factor, marks: []mark{a, b}, cells: []string{first, second, printable(x.basis)}})
		c.axis.spread(x.a, x.b)
	}
	if k.shares { // a share of few points has a wide interval; all of it is in the table
		c.axis.low, c.axis.top = max(c.axis.low, -0.25), min(c.axis.top, 1.25)
	}
	c.axis.round(6)
	design := &s.Manifest.Design
	d := &data{title: s.Title, design: *design, level: s.Level}
	notes := []string{d.each() + ".", k.note, s.RestsOn()}
	if len(k.indices) > mostFactors {
		notes = append(notes, fmt.Sprintf("The first %d of %d factors.", mostFactors, len(k.indices)))
	}
	sheet := d.sheet(k.what, m.title(), notes...)
	sheet.notes[len(sheet.notes)-1] = s.Doubts() // which end with what the intervals know nothing of
	f := sheet.figure(fmt.Sprintf("%s ranked by the part in %s; the first is %s.", report.Plural(len(k.indices), "factor", "factors"), m.title(), k.indices[0].factor), table)
	f.scene = c.draw(sheet, opt)
	return f
}
