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

// outcomes is the shares of the classes of a measure, group by group.
type outcomes struct {
	classes []string // from best to worst; of another measure in its own order
	ordered bool     // whether they have a best and a worst
	groups  []outcomeGroup
	by      string // what makes the groups; "" for a single one
	title   string // of the measure
}

type outcomeGroup struct {
	label  string
	n      int
	shares []stats.Estimate // by class; the intervals of a group hold together
	held   stats.Estimate   // deterrence, of all histories
}

func drawOutcomes(r *record.Result, opt Options) (*Figure, error) {
	words := opt.measure("outcome")
	d, err := read(r, opt, words, "outcome", "deterred")
	if err != nil {
		return nil, err
	}
	o, err := newOutcomes(d, words, opt.X)
	if err != nil {
		return nil, err
	}
	return o.draw(d, opt), nil
}

// newOutcomes counts the classes of a measure in each group of points: by x, or by what the design varies.
func newOutcomes(d *data, words, x string) (*outcomes, error) {
	at := d.Index(words)
	if at < 0 || d.Columns[at].Kind != record.Class {
		return nil, ask("--measure %s: it shows shares of classes, as of outcome or gate_failed", words)
	}
	m := &measure{record.Measure{At: at, Column: d.Columns[at]}}
	keys, err := d.by(x)
	if err != nil {
		return nil, err
	}
	if x == "" && (d.design.Points == 1 || len(keys) > 1 && d.design.Points > mostRows || len(keys) == len(d.factors()) && d.design.Futures > 0) {
		keys = nil
	}
	o := &outcomes{title: m.title(), classes: slices.Clone(m.Column.Classes), ordered: words == "outcome"}
	if o.ordered {
		slices.Reverse(o.classes)
	}
	var names []string
	for _, k := range keys {
		names = append(names, titled(keyOf(&d.Columns[k]), printed(d.Columns[k].Unit)))
	}
	o.by = strings.Join(names, " · ")
	raw := &measure{record.Measure{At: at, Column: record.Column{Kind: record.Int}}} // the cells themselves
	groups := d.groups(keys, raw)
	if len(groups) > mostRows {
		return nil, ask("--x: %d values are more than the %d rows that a figure has; choose another factor", len(groups), mostRows)
	}
	deterred := &measure{record.Measure{At: d.Index("deterred"), Column: record.Column{Kind: record.Int}}}
	var held []cluster
	if words == "outcome" && deterred.At >= 0 {
		held = d.groups(keys, deterred)
	}
	for i := range groups {
		g := &groups[i]
		one := outcomeGroup{label: g.label, held: stats.Estimate{Value: math.NaN()}}
		one.shares, one.n = o.shares(d, g)
		if held != nil {
			h := cluster{points: g.points, cells: make([][]float64, len(g.cells))}
			for p, cells := range held[i].cells { // of all histories, so refused terms count as not held
				for rep, v := range cells {
					switch {
					case g.cells[p][rep] != g.cells[p][rep]:
						v = math.NaN() // the replication failed
					case v != v:
						v = 0
					}
					h.cells[p] = append(h.cells[p], v)
				}
			}
			one.held = d.estimate(&h, &measure{record.Measure{Column: record.Column{Kind: record.Bool}}})
		}
		o.groups = append(o.groups, one)
	}
	if !slices.ContainsFunc(o.groups, func(g outcomeGroup) bool { return g.n > 0 }) {
		return nil, ask("no history has a %s", words)
	}
	return o, nil
}

// shares is those of the classes in a group. Goodman's intervals hold together; where histories of several
// points share their luck, it is those of the pooled points at Bonferroni's level that do.
func (o *outcomes) shares(d *data, g *cluster) (all []stats.Estimate, n int) {
	counts := make([]int, len(o.classes))
	place := func(cell float64) int {
		if o.ordered {
			return len(counts) - 1 - int(cell)
		}
		return int(cell)
	}
	for _, cells := range g.cells {
		for _, c := range cells {
			if c == c {
				counts[place(c)]++
				n++
			}
		}
	}
	if len(g.points) == 1 || n == 0 {
		return stats.Goodman(counts, d.level), n
	}
	each := *d
	each.level = 1 - (1-d.level)/float64(len(counts))
	for class := range counts {
		is := cluster{points: g.points}
		for _, cells := range g.cells {
			flags := make([]float64, len(cells))
			for i, c := range cells {
				switch {
				case c != c:
					flags[i] = math.NaN()
				case place(c) == class:
					flags[i] = 1
				}
			}
			is.cells = append(is.cells, flags)
		}
		e := each.estimate(&is, &measure{record.Measure{Column: record.Column{Kind: record.Bool}}})
		e.Level = d.level
		all = append(all, e)
	}
	return all, n
}

// colours is those of the classes.
func (o *outcomes) colours() []ink {
	if o.ordered {
		return rungColours(len(o.classes))
	}
	out := make([]ink, len(o.classes))
	for i := range out {
		out[i] = shade((float64(i) + 1) / float64(len(out)+1))
	}
	return out
}

func (o *outcomes) draw(d *data, opt Options) *Figure {
	table := Table{Columns: []string{"group", "class", "share", "low", "high", "n"}}
	for _, g := range o.groups {
		for i, e := range g.shares {
			table.Rows = append(table.Rows, append([]string{g.label, o.classes[i]}, cells(e)...))
		}
		if g.held.N > 0 {
			table.Rows = append(table.Rows, append([]string{g.label, "deterrence held, of all histories"}, cells(g.held)...))
		}
	}
	if len(o.groups) == 1 {
		return o.single(d, opt, table)
	}
	return o.stacked(d, opt, table)
}

// apart says where the class stands in which there was no armistice to keep: neither best nor worst.
func (o *outcomes) apart() string {
	if slices.Contains(o.classes, "terms-refused") {
		return "; last and apart, terms-refused"
	}
	return ""
}

// single is a bar for each class.
func (o *outcomes) single(d *data, opt Options, table Table) *Figure {
	g := &o.groups[0]
	c := &rows{axis: axis{title: "Share of histories, %", factor: 100}, heads: []string{"%", percentOf(d.level) + " interval"}}
	best, most := "", 0.0
	for i, e := range g.shares {
		value, interval := percent.words(e)
		c.rows = append(c.rows, row{label: o.classes[i], marks: []mark{marked(bar, e, o.colours()[i])}, cells: []string{value, interval}})
		c.axis.top = max(c.axis.top, e.High)
		if e.Value > most {
			best, most = o.classes[i], e.Value
		}
	}
	c.axis.round(5)
	c.axis.top = min(1, c.axis.top)
	sub := "Shares of " + histories(g.n)
	if o.ordered {
		sub += ", from best to worst" + o.apart()
	}
	s := d.sheet(lower(o.title), sub,
		fmt.Sprintf("Whiskers: %s intervals that hold for all classes together (%s), n\u00a0= %s.", percentOf(d.level), g.shares[0].Method, report.Count(g.n)), d.scarce())
	f := s.figure(fmt.Sprintf("Bar chart of %d classes. The commonest is %s with %s%% of %s.", len(o.classes), best, stats.Round(100*most, 0), histories(g.n)), table)
	f.scene = c.draw(s, opt)
	return f
}

// stacked is a bar for each group, in pieces from best to worst.
func (o *outcomes) stacked(d *data, opt Options, table Table) *Figure {
	c := &rows{axis: axis{title: "Share of histories, %", top: 1, factor: 100}, high: 19}
	colours := o.colours()
	seen := make([]bool, len(o.classes))
	withHeld := o.groups[0].held.N > 0
	if withHeld {
		c.heads = []string{"held, % of all"}
	}
	var first, last string
	for _, g := range o.groups {
		r := row{label: g.label}
		from := 0.0
		for i, e := range g.shares {
			if !(e.Value > 0) {
				continue
			}
			seen[i] = true
			r.marks = append(r.marks, mark{shape: piece, from: from, value: from + e.Value, fill: colours[i], words: stats.Round(100*e.Value, 0)})
			from += e.Value
		}
		if withHeld {
			r.marks = append(r.marks, mark{shape: tick, value: g.held.Value, low: g.held.Low, high: g.held.High, fill: black, lift: -0.46, slim: true})
			value, interval := percent.words(g.held)
			r.cells = []string{strings.TrimSpace(value + " " + interval)}
			if first == "" {
				first = fmt.Sprintf("%s%% at %s", value, g.label)
			}
			last = fmt.Sprintf("%s%% at %s", value, g.label)
		}
		c.rows = append(c.rows, r)
	}
	for i, class := range o.classes {
		if seen[i] {
			c.key = append(c.key, keyed{piece, colours[i], class})
		}
	}
	var notes []string
	if o.ordered {
		notes = []string{"Pieces run from best, left, to worst, right" + o.apart() + "."}
	}
	description := fmt.Sprintf("Stacked bars of outcome classes at %s of %s.", report.Plural(len(o.groups), "value", "values"), o.by)
	if withHeld {
		notes = append(notes, fmt.Sprintf("Under each bar, and beside it: deterrence held, in %% of all histories, so refused terms count as not held (the measure deterred is of accepted ones), with %s, %s.", method(o.groups[0].held, d.level), d.each()))
		description += " Of all histories deterrence held in " + first + " and " + last + "."
	}
	s := d.sheet(lower(o.title), "By "+o.by, notes...)
	f := s.figure(description, table)
	f.scene = c.draw(s, opt)
	return f
}
