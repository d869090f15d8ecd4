// Package report turns the tables of a result into what people read. Start at [Read], which gathers
// a [Summary] from the rows of a result. As every table it says itself as JSON and CSV, and as a [Document] that is
// text, Markdown or a part of a page.
//
// The package knows the names of measures but not the war: what a measure means, its unit and the
// order of its classes come with the result.
package report

import (
	"iter"
	"math"
	"slices"

	"tripwire/stats"
	"tripwire/study/record"
)

// Given is the condition under which something is estimated: in which histories.
type Given uint8

const (
	Any       Given = iota // all that came to an end
	Accepted               // Moscow accepted the terms
	Invaded                // Russia attacked again
	Objective              // an attack reached an objective
	Limited                // Russia attacked again, with a limited aim
	Full                   // Russia attacked again, in full
	givens
)

func (g Given) String() string {
	return [...]string{"", "terms accepted", "invaded", "objective reached", "limited attack", "full invasion"}[g]
}

// Row is one estimate of a summary.
type Row struct {
	Measure   string // the column of runs.csv
	Class     string // of a measure with classes
	Least     int64  // for the statistic "share": it counts where the measure is this much or more
	Given     Given
	Statistic string  // "share", "incidence", "q05", "median" or "q95"
	Days      float64 // for the statistic "incidence": by this day
	Unit      string  // "share", or the measure's
	stats.Estimate
	*Bars // nil where there is one design point: then the interval is luck's
}

// Summary is what is known of a result, as estimates with intervals.
type Summary struct {
	Manifest *record.Manifest
	Title    string
	Question string
	Level    float64
	Horizon  float64     // days, the longest of the histories
	N        [givens]int // how many histories came to an end under each condition
	Rows     []Row
	Examples []Example // a history of each outcome class that occurred, worst class first
	Verdicts Verdicts  // on what was expected, if [Judge] was asked

	columns []record.Column
	cells   cells
	items   []item
	under   [givens][]int        // of items, those under a condition
	met     []bool               // by outcome class: there is an example
	ends    *stats.TimeHistogram // first end of the accepted armistice: 1 invasion, 2 anything else

	layout *layout // nil where there is one point
}

// endCell is the width [d] of the cells in which very many ends are counted, as they are for points.csv.
const endCell = 0.25

// Example is the first replication that ended in an outcome class.
type Example struct {
	Class string
	Rep   int64
}

// An item is one measure under one condition, for its rows.
type item struct {
	measure   string
	given     Given
	statistic string // "share" or "quantiles"
	least     []int64
	column    int
	counts    []int           // of a Bool: no, yes; of a Class: each
	numbers   bool            // the values themselves count, not how many there are of each
	sample    stats.Histogram // of them
	from      int             // its first row
}

// contents is what a summary holds, in its order.
var contents = []item{
	{measure: "deterred", given: Accepted, statistic: "share"},
	{measure: "outcome", statistic: "share"},
	{measure: "invaded", given: Accepted, statistic: "share"},
	{measure: "flareups", given: Accepted, statistic: "quantiles"},
	{measure: "detected", given: Accepted, statistic: "quantiles"},
	{measure: "attributed", given: Accepted, statistic: "quantiles"},
	{measure: "misattributed", given: Accepted, statistic: "quantiles"},
	{measure: "invasion_kind", given: Invaded, statistic: "share"},
	{measure: "gate_failed", given: Invaded, statistic: "share"},
	{measure: "gate_failed", given: Objective, statistic: "share"},
	{measure: "strike_before_fait_accompli", given: Objective, statistic: "share"},
	{measure: "guarantee_collapsed", given: Invaded, statistic: "share"},
	{measure: "rung_max", statistic: "share", least: []int64{5, 7, 8}},
	{measure: "nuclear_signal", statistic: "share"},
	{measure: "nuclear_use", statistic: "share"},
}

func init() {
	// Two kinds of attack are two wars: a median over both would describe neither.
	for _, kind := range []Given{Limited, Full} {
		for _, measure := range []string{"front_max_km", "area_max_km2", "war_d", "t_first_strike_d", "supply_min",
			"losses_russia", "losses_ukraine", "losses_coalition", "leakers", "flow_lost_mt"} {
			contents = append(contents, item{measure: measure, given: kind, statistic: "quantiles"})
		}
	}
}

// looked is the columns of runs.csv that a summary looks at.
func looked() []string {
	columns := []string{"rep", "outcome", "terms_accepted", "invaded", "t_invasion_d", "t_end_d"}
	for _, g := range contents {
		columns = append(columns, g.measure)
	}
	return columns
}

// Read gathers the summary of a result with intervals at a level. Its memory does not grow with the histories, only with
// the design points: from [stats.Kept] on, numbers and times are counted in a [stats.Histogram] and a [stats.TimeHistogram],
// and for both bars of several points the rows are read again.
func Read(r *record.Result, level float64) (*Summary, error) {
	if r.Manifest.Design.Points <= 1 {
		return read(&r.Manifest, r.Package, r.Chunks("runs", looked()...), level)
	}
	h, err := openRuns(r, looked()...)
	if err != nil {
		return nil, err
	}
	defer h.close()
	return readStudy(&r.Manifest, r.Package, h, level)
}

// read needs a table to come, if only one without rows.
func read(m *record.Manifest, p *record.Package, runs iter.Seq2[*record.Table, error], level float64) (*Summary, error) {
	var s *Summary
	for t, err := range runs {
		if err != nil {
			return nil, err
		}
		if s == nil {
			s = newSummary(m, p, t.Columns, level)
		}
		s.add(t)
	}
	s.estimate()
	return s, nil
}

func newSummary(m *record.Manifest, p *record.Package, columns []record.Column, level float64) *Summary {
	s := &Summary{Manifest: m, Title: p.Title, Question: p.Doc, Level: level, columns: columns}
	s.ends, s.layout = stats.NewTimeHistogram(endCell), newLayout(&m.Design)
	s.cells = cells{
		rep: s.index("rep"), outcome: s.index("outcome"), accepted: s.index("terms_accepted"),
		invaded: s.index("invaded"), objective: s.index("strike_before_fait_accompli"),
		deterred: s.index("deterred"), invasion: s.index("t_invasion_d"), end: s.index("t_end_d"), kind: s.index("invasion_kind"),
	}
	for _, g := range contents {
		// A measure that the result does not have is left out.
		if g.column = s.index(g.measure); g.column < 0 {
			continue
		}
		g.counts = make([]int, max(2, len(s.columns[g.column].Classes)))
		g.sample.NoMean = true
		g.numbers = g.statistic == "quantiles" || g.least != nil
		s.under[g.given] = append(s.under[g.given], len(s.items))
		s.items = append(s.items, g)
	}
	class := func(column int, name string) float64 {
		if column < 0 {
			return -1
		}
		return float64(slices.Index(s.columns[column].Classes, name))
	}
	s.cells.settled = class(s.cells.outcome, "settled")
	s.cells.limited, s.cells.full = class(s.cells.kind, "limited"), class(s.cells.kind, "full")
	if at := s.cells.outcome; at >= 0 {
		s.met = make([]bool, len(s.columns[at].Classes))
	}
	return s
}

func (s *Summary) index(measure string) int { return record.Index(s.columns, measure) }

// cells is where the summary's own measures stand in a row, -1 where the result does not have one; and some classes.
type cells struct {
	rep, outcome, accepted, invaded, objective, deterred, invasion, end, kind int
	settled                                                                   float64 // outcome
	limited, full                                                             float64 // kind
}

// cell is a number of a row that may not be there.
func cell(row []float64, i int) float64 {
	if i < 0 {
		return math.NaN()
	}
	return row[i]
}

// add counts some rows.
func (s *Summary) add(t *record.Table) {
	for i := range t.Len() {
		s.addRow(t.Row(i))
	}
}

// holds says under which conditions a history came to an end; under none if it failed.
func (s *Summary) holds(row []float64) (holds [givens]bool) {
	at := &s.cells
	if math.IsNaN(cell(row, at.outcome)) {
		return holds
	}
	kind := cell(row, at.kind)
	return [givens]bool{
		Any: true, Accepted: cell(row, at.accepted) == 1, Invaded: cell(row, at.invaded) == 1,
		Objective: !math.IsNaN(cell(row, at.objective)), Limited: kind == at.limited, Full: kind == at.full,
	}
}

// addRow counts a history, and says whether it came to an end.
func (s *Summary) addRow(row []float64) bool {
	holds := s.holds(row)
	if !holds[Any] {
		return false
	}
	for given, yes := range holds {
		if yes {
			s.N[given]++
			for _, j := range s.under[given] {
				g := &s.items[j]
				g.add(row[g.column])
			}
		}
	}
	if t, cause, ok := s.end(row, holds[Accepted]); ok {
		s.ends.Add(t, cause)
	}
	if class := int(row[s.cells.outcome]); !s.met[class] {
		s.met[class] = true
		s.Examples = append(s.Examples, Example{s.columns[s.cells.outcome].Classes[class], int64(cell(row, s.cells.rep))})
	}
	return true
}

func (g *item) add(x float64) {
	switch {
	case math.IsNaN(x):
	case g.numbers:
		g.sample.Add(x)
	default:
		g.counts[int(x)]++
	}
}

// end is how an accepted armistice ended: by an attack, in another way, or, where deterrence
// held to the end of the history without a settlement, not at all.
func (s *Summary) end(row []float64, accepted bool) (t float64, cause int, ok bool) {
	at := &s.cells
	end := cell(row, at.end)
	if math.IsNaN(end) {
		return 0, 0, false
	}
	s.Horizon = max(s.Horizon, end)
	if !accepted {
		return 0, 0, false
	}
	t, cause = firstEnd(end, cell(row, at.invasion), cell(row, at.deterred) == 1 && row[at.outcome] != at.settled)
	return t, cause, true
}

// firstEnd is when an accepted armistice ended, and by what: 1 an attack, 2 in another way, 0 not at all.
func firstEnd(end, invasion float64, heldOut bool) (t float64, cause int) {
	switch {
	case !math.IsNaN(invasion):
		return invasion, 1
	case heldOut:
		return end, 0
	}
	return end, 2
}

// estimate makes the rows from what was gathered.
func (s *Summary) estimate() {
	if at := s.cells.outcome; at >= 0 {
		order := s.columns[at].Classes
		slices.SortFunc(s.Examples, func(a, b Example) int {
			return slices.Index(order, a.Class) - slices.Index(order, b.Class)
		})
	}
	for i := range s.items {
		s.items[i].from = len(s.Rows)
		s.Rows = append(s.Rows, s.rows(&s.items[i])...)
	}
	s.estimateTimes()
}

// estimateTimes makes the rows of the incidence by year.
func (s *Summary) estimateTimes() {
	risk := s.ends.Table()
	if risk.N == 0 {
		return
	}
	curve := risk.AalenJohansen(1, stats.Greenwood)
	for _, years := range []float64{1, 2, 3, 5} {
		days := years * 365
		if days > s.Horizon {
			continue
		}
		s.Rows = append(s.Rows, Row{
			Measure: "t_invasion_d", Given: Accepted, Statistic: "incidence", Days: days, Unit: "share",
			Estimate: curve.At(days, s.Level, stats.LogLog),
		})
	}
}

func (s *Summary) rows(g *item) []Row {
	c := &s.columns[g.column]
	row := Row{Measure: g.measure, Given: g.given, Statistic: "share", Unit: "share"}
	switch {
	case g.statistic == "quantiles":
		return s.quantiles(g, c)
	case g.least != nil:
		var rows []Row
		for _, least := range g.least {
			row.Least = least
			row.Estimate = Share(g.sample.Least(float64(least)), g.sample.Len(), s.Level)
			rows = append(rows, row)
		}
		return rows
	case c.Kind == record.Class:
		var rows []Row
		for i, e := range stats.Goodman(g.counts, s.Level) {
			row.Class, row.Estimate = c.Classes[i], e
			rows = append(rows, row)
		}
		return rows
	}
	row.Estimate = Share(g.counts[1], g.counts[0]+g.counts[1], s.Level)
	return []Row{row}
}

// Share is Wilson's estimate, but of what never happened the exact upper limit.
func Share(k, n int, level float64) stats.Estimate {
	if k == 0 {
		return stats.ZeroCount(n, level)
	}
	return stats.Share(k, n, level)
}

// quantiles is those that a summary tells of a number.
var quantiles = []struct {
	name string
	p    float64
}{{"q05", 0.05}, {"median", 0.5}, {"q95", 0.95}}

func (s *Summary) quantiles(g *item, c *record.Column) (rows []Row) {
	for _, q := range quantiles {
		rows = append(rows, Row{
			Measure: g.measure, Given: g.given, Unit: c.Unit, Statistic: q.name, Estimate: g.sample.QuantileInterval(q.p, s.Level).Estimate,
		})
	}
	return rows
}

// find returns the rows of a measure under a condition.
func (s *Summary) find(measure string, given Given) []Row {
	var rows []Row
	for _, r := range s.Rows {
		if r.Measure == measure && r.Given == given {
			rows = append(rows, r)
		}
	}
	return rows
}
