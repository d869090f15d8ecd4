package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// reach is how far the front goes in the attacks of one kind.
type reach struct {
	kind   string
	depths []float64 // km, ascending
}

// fan is the quantiles of the furthest front in each group of points.
type fan struct {
	label     string
	n         int
	quantiles [5]float64 // at 5, 25, 50, 75 and 95%
	median    stats.Estimate
}

func drawFront(r *record.Result, opt Options) (*Figure, error) {
	d, m, err := readMeasure(r, opt, "front_max_km", "invaded", "invasion_kind")
	if err != nil {
		return nil, err
	}
	if m.Share() {
		return nil, ask("--measure %s: it shows numbers, as front_max_km or losses_russia", opt.Measure)
	}
	if opt.X != "" || d.design.Points > 1 && opt.Point == 0 && len(d.levers()) == 1 {
		fans, by, err := newFans(d, m, opt.X)
		if err != nil {
			return nil, err
		}
		return drawFans(d, opt, m, fans, by), nil
	}
	t, err := d.one(opt.Point)
	if err != nil {
		return nil, err
	}
	reached := newReach(t, m)
	if len(reached) == 0 {
		return nil, ask("no history has an attack, so no front moved")
	}
	return drawReach(d, opt, m, reached), nil
}

// newReach is what histories with an attack reached, by its kind.
func newReach(t *record.Table, m *measure) []reach {
	invaded, kind := t.Index("invaded"), t.Index("invasion_kind")
	var all []reach
	for k, class := range t.Columns[kind].Classes {
		var depths []float64
		for i := range t.Len() {
			row := t.Row(i)
			if x := m.of(row); row[invaded] == 1 && row[kind] == float64(k) && x == x {
				depths = append(depths, x)
			}
		}
		if len(depths) > 0 {
			slices.Sort(depths)
			all = append(all, reach{class, depths})
		}
	}
	return all
}

// atLeast is the share of attacks that reached so far.
func (r *reach) atLeast(x, level float64) stats.Estimate {
	i, _ := slices.BinarySearch(r.depths, x)
	return stats.Share(len(r.depths)-i, len(r.depths), level)
}

// drawReach draws for each depth what share of attacks goes so far.
func drawReach(d *data, opt Options, m *measure, all []reach) *Figure {
	low, high := math.Inf(1), 0.0
	for _, r := range all {
		for _, x := range r.depths {
			if x > 0 {
				low = min(low, x)
			}
			high = max(high, x)
		}
	}
	if high == 0 {
		low, high = 0.1, 1
	}
	low = max(low, high/1e4)
	low = math.Pow10(int(math.Floor(math.Log10(low))))
	if high <= low {
		high = 10 * low
	}
	c := &curves{x: axis{title: m.axis() + " (by powers of ten)", low: low, top: high, log: true}, y: axis{title: "Share of attacks that reach so far or further, %", top: 1, factor: 100}}
	table := Table{Columns: []string{"invasion_kind", m.Column.Name, "share", "low", "high", "n"}}
	description := fmt.Sprintf("Exceedance curves of %s.", lower(m.title()))
	for k, r := range all {
		l := curve{name: fmt.Sprintf("%s attack (n = %s)", r.kind, report.Count(len(r.depths))), step: true, colour: sequence[k], dash: []float64{0, 6}[k%2]}
		if r.kind == "full" {
			l.name = fmt.Sprintf("full invasion (n = %s)", report.Count(len(r.depths)))
		}
		for j := range steps + 1 {
			x := low * math.Pow(high/low, float64(j)/steps)
			e := r.atLeast(x, d.level)
			l.x, l.y, l.low, l.high = append(l.x, x), append(l.y, e.Value), append(l.low, e.Low), append(l.high, e.High)
			if j%(steps/20) == 0 {
				table.Rows = append(table.Rows, append([]string{r.kind, number(x)}, cells(e)...))
			}
		}
		c.lines = append(c.lines, l)
		median, interval := m.scale().words(stats.NewSample(r.depths).QuantileInterval(0.5, d.level).Estimate)
		description += fmt.Sprintf(" The median of %s attacks is %s %s %s.", r.kind, median, m.unit(), interval)
	}
	c.refs = []reference{{0.5, "half of the attacks"}}
	s := d.sheet(lower(m.title()), strings.TrimSpace("By kind of attack. "+d.where(opt.Point)),
		fmt.Sprintf("Bands: %s Wilson intervals at each distance.", percentOf(d.level)))
	f := s.figure(description, table)
	f.scene = c.draw(s, opt)
	return f
}

// newFans is the quantiles over the attacks of each group of points.
func newFans(d *data, m *measure, x string) ([]fan, string, error) {
	keys, err := d.by(x)
	if err != nil {
		return nil, "", err
	}
	groups := d.groups(keys, m)
	if len(groups) > mostRows {
		return nil, "", ask("--x: %d values are more than the %d rows that a figure has", len(groups), mostRows)
	}
	attacked := d.groups(keys, &measure{record.Measure{At: d.Index("invaded"), Column: record.Column{Kind: record.Bool}}})
	var fans []fan
	any := false
	for i, g := range groups {
		var values []float64
		for p, cells := range g.cells {
			for rep, v := range cells {
				if v == v && attacked[i].cells[p][rep] == 1 {
					values = append(values, v)
				}
			}
		}
		f := fan{label: g.label, n: len(values)}
		sample := stats.NewSample(values)
		for k, p := range []float64{0.05, 0.25, 0.5, 0.75, 0.95} {
			f.quantiles[k] = sample.Quantile(p, stats.MedianUnbiased)
		}
		f.median = sample.QuantileInterval(0.5, d.level).Estimate
		any = any || f.n > 0
		fans = append(fans, f)
	}
	if !any {
		return nil, "", ask("no history has an attack, so no front moved")
	}
	return fans, titled(keyOf(&d.Columns[keys[0]]), printed(d.Columns[keys[0]].Unit)), nil
}

func drawFans(d *data, opt Options, m *measure, fans []fan, by string) *Figure {
	c := &rows{axis: axis{title: m.axis()}, heads: []string{"median", "attacks"}, key: []keyed{{tick, black, "median with its interval"}, {span, blue.mix(0.55), "middle half"}, {span, blue.mix(0.22), "middle 90%"}}}
	table := Table{Columns: []string{"group", "n", "q05", "q25", "median", "median_low", "median_high", "q75", "q95"}}
	for _, f := range fans {
		q := f.quantiles
		words, interval := m.scale().words(f.median)
		c.rows = append(c.rows, row{label: f.label, cells: []string{strings.TrimSpace(words + " " + interval), report.Count(f.n)}, marks: []mark{
			{shape: span, low: q[0], high: q[4], fill: blue.mix(0.22)},
			{shape: span, low: q[1], high: q[3], fill: blue.mix(0.55)},
			marked(tick, f.median, black),
		}})
		if f.n == 0 {
			c.rows[len(c.rows)-1].marks = nil
			q = [5]float64{math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()}
		} else {
			c.axis.top = max(c.axis.top, q[4])
		}
		table.Rows = append(table.Rows, []string{f.label, report.Count(f.n), number(q[0]), number(q[1]), number(q[2]), number(f.median.Low), number(f.median.High), number(q[3]), number(q[4])})
	}
	c.axis.round(6)
	s := d.sheet(lower(m.title()), "Over the attacks of each design point, by "+by,
		fmt.Sprintf("Quantiles over attacks; the median's %s interval is by order statistics.", percentOf(d.level)))
	f := s.figure(fmt.Sprintf("Ranges of %s at %s of %s.", lower(m.title()), report.Plural(len(fans), "value", "values"), by), table)
	f.scene = c.draw(s, opt)
	return f
}
