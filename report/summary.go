// Package report turns the tables of a result into what people read. Start at [Read], which gathers
// a [Summary] from the rows of a result; its methods show it as text, Markdown, JSON and CSV.
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
	gathers []gather
	ends    *stats.TimeHistogram // first end of the accepted armistice: 1 invasion, 2 anything else

	layout *layout // nil where there is one point
	// Where there are several, each history by itself, for both bars:
	places []spot      // of each that came to an end
	race   stats.Times // instead of ends
	racers []int32     // whose each of race is
}

// endCell is the width [d] of the cells in which very many ends are counted, as they are for points.csv.
const endCell = 0.25

// Example is the first replication that ended in an outcome class.
type Example struct {
	Class string
	Rep   int64
}

// A gather is one measure under one condition, for its rows.
type gather struct {
	measure   string
	given     Given
	statistic string // "share" or "quantiles"
	least     []int64
	column    int
	counts    []int           // of a Bool: no, yes; of a Class: each
	sample    stats.Histogram // of an Int or Float

	// Where there are several points:
	cells   []uint8   // which of counts each history is in, from 1; 0 none
	values  []float64 // instead of sample
	history []int32   // whose each of values is
}

// what is what a summary holds, in its order.
var what = []gather{
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
			what = append(what, gather{measure: measure, given: kind, statistic: "quantiles"})
		}
	}
}

// looked is the columns of runs.csv that a summary looks at.
func looked() []string {
	columns := []string{"point", "rep", "outcome", "terms_accepted", "invaded", "t_invasion_d", "t_end_d"}
	for _, g := range what {
		columns = append(columns, g.measure)
	}
	return columns
}

// Read gathers the summary of a result with intervals at a level, in one pass over its rows. Of a single design point
// memory does not grow with them: from [stats.Kept] on, numbers and times are counted in a [stats.Histogram] and a
// [stats.TimeHistogram]. Of several points it keeps what it counts of every history, for both bars.
func Read(r *record.Result, level float64) (*Summary, error) {
	return read(&r.Manifest, r.Package, r.Chunks("runs", looked()...), level)
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
		point: s.index("point"), rep: s.index("rep"), outcome: s.index("outcome"), accepted: s.index("terms_accepted"),
		invaded: s.index("invaded"), objective: s.index("strike_before_fait_accompli"),
		deterred: s.index("deterred"), invasion: s.index("t_invasion_d"), end: s.index("t_end_d"), kind: s.index("invasion_kind"),
	}
	for _, g := range what {
		// A measure that the result does not have is left out.
		if g.column = s.index(g.measure); g.column < 0 {
			continue
		}
		g.counts = make([]int, max(2, len(s.columns[g.column].Classes)))
		s.gathers = append(s.gathers, g)
	}
	return s
}

func (s *Summary) index(measure string) int {
	return slices.IndexFunc(s.columns, func(c record.Column) bool { return c.Name == measure })
}

// cells is where the summary's own measures stand in a row; -1 where the result does not have one.
type cells struct{ point, rep, outcome, accepted, invaded, objective, deterred, invasion, end, kind int }

func cell(row []float64, i int) float64 {
	if i < 0 {
		return math.NaN()
	}
	return row[i]
}

// add counts some rows.
func (s *Summary) add(t *record.Table) {
	at := &s.cells
	for i := range t.Len() {
		row := t.Row(i)
		outcome := cell(row, at.outcome)
		if math.IsNaN(outcome) {
			continue // the replication failed
		}
		holds := [givens]bool{
			Any: true, Accepted: cell(row, at.accepted) == 1, Invaded: cell(row, at.invaded) == 1,
			Objective: !math.IsNaN(cell(row, at.objective)),
		}
		if kind := cell(row, at.kind); !math.IsNaN(kind) {
			label := s.columns[at.kind].Label(kind)
			holds[Limited], holds[Full] = label == "limited", label == "full"
		}
		for g, yes := range holds {
			if yes {
				s.N[g]++
			}
		}
		history := -1 // where it stands does not matter at a single point
		if s.layout != nil {
			history = len(s.places)
		}
		for j := range s.gathers {
			g := &s.gathers[j]
			if s.layout != nil && !g.numbers() {
				g.cells = append(g.cells, 0)
			}
			if holds[g.given] {
				g.add(row[g.column], history)
			}
		}
		s.addEnd(row, holds[Accepted])
		if s.layout != nil {
			s.places = append(s.places, spot{int64(cell(row, at.point)), int32(cell(row, at.rep))})
		}
		s.addExample(s.columns[at.outcome].Label(outcome), int64(cell(row, at.rep)))
	}
}

// numbers says whether the values themselves are kept, not how many there are of each.
func (g *gather) numbers() bool { return g.statistic == "quantiles" || g.least != nil }

func (g *gather) add(x float64, history int) {
	switch {
	case math.IsNaN(x):
	case g.numbers() && history < 0:
		g.sample.Add(x)
	case g.numbers():
		g.values, g.history = append(g.values, x), append(g.history, int32(history))
	default:
		g.counts[int(x)]++
		if history >= 0 {
			g.cells[history] = uint8(x) + 1
		}
	}
}

// addEnd notes how an accepted armistice ended: by an attack, in another way, or, where deterrence
// held to the end of the history without a settlement, not at all.
func (s *Summary) addEnd(row []float64, accepted bool) {
	at := &s.cells
	end := cell(row, at.end)
	if math.IsNaN(end) {
		return
	}
	s.Horizon = max(s.Horizon, end)
	if !accepted {
		return
	}
	settled := s.columns[at.outcome].Label(row[at.outcome]) == "settled"
	t, cause := firstEnd(end, cell(row, at.invasion), cell(row, at.deterred) == 1 && !settled)
	if s.layout == nil {
		s.ends.Add(t, cause)
		return
	}
	s.racers = append(s.racers, int32(len(s.places)))
	s.race.T = append(s.race.T, t)
	s.race.Cause = append(s.race.Cause, cause)
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

func (s *Summary) addExample(class string, rep int64) {
	if !slices.ContainsFunc(s.Examples, func(e Example) bool { return e.Class == class }) {
		s.Examples = append(s.Examples, Example{class, rep})
	}
}

// estimate makes the rows from what was gathered.
func (s *Summary) estimate() {
	if at := s.cells.outcome; at >= 0 {
		order := s.columns[at].Classes
		slices.SortFunc(s.Examples, func(a, b Example) int {
			return slices.Index(order, a.Class) - slices.Index(order, b.Class)
		})
	}
	for i := range s.gathers {
		s.Rows = append(s.Rows, s.rows(&s.gathers[i])...)
	}
	s.estimateTimes()
	s.places, s.racers = nil, nil
}

// estimateTimes makes the rows of the incidence by year.
func (s *Summary) estimateTimes() {
	risk := s.ends.Table()
	if s.layout != nil {
		risk = stats.NewRiskTable(s.race)
	}
	if risk.N == 0 {
		return
	}
	curve := risk.AalenJohansen(1, stats.Greenwood)
	for _, years := range []float64{1, 2, 3, 5} {
		days := years * 365
		if days > s.Horizon {
			continue
		}
		row := Row{
			Measure: "t_invasion_d", Given: Accepted, Statistic: "incidence", Days: days, Unit: "share",
			Estimate: curve.At(days, s.Level, stats.LogLog),
		}
		if s.layout != nil {
			pseudo := stats.PseudoIncidence(s.race, 1, days)
			row.takeBars(s.layout.bars(s.places, true, s.Level, func(add func(int, float64)) {
				for i, x := range pseudo {
					add(int(s.racers[i]), x)
				}
			}))
		}
		s.Rows = append(s.Rows, row)
	}
}

// takeBars makes the interval of a row its run bar.
func (r *Row) takeBars(b *Bars) { r.Bars, r.Estimate = b, b.Run.Estimate }

// count is the row of the share of histories that yes holds of, among those that in holds of.
func (s *Summary) count(g *gather, row Row, level float64, counts func(history int) (in, yes bool)) Row {
	row.takeBars(s.layout.bars(s.places, true, level, func(add func(int, float64)) {
		for i := range s.places {
			switch in, yes := counts(i); {
			case in && yes:
				add(i, 1)
			case in:
				add(i, 0)
			}
		}
	}))
	return row
}

func (s *Summary) rows(g *gather) []Row {
	c := &s.columns[g.column]
	row := Row{Measure: g.measure, Given: g.given, Statistic: "share", Unit: "share"}
	switch {
	case g.statistic == "quantiles":
		return s.quantiles(g, c)
	case g.least != nil:
		var rows []Row
		for _, least := range g.least {
			row.Least = least
			if s.layout != nil {
				row.takeBars(s.layout.bars(s.places, true, s.Level, func(add func(int, float64)) {
					for i, x := range g.values {
						yes := 0.0
						if x >= float64(least) {
							yes = 1
						}
						add(int(g.history[i]), yes)
					}
				}))
				rows = append(rows, row)
				continue
			}
			row.Estimate = share(g.sample.Least(float64(least)), g.sample.Len(), s.Level)
			rows = append(rows, row)
		}
		return rows
	case c.Kind == record.Class:
		var rows []Row
		for i, e := range stats.Goodman(g.counts, s.Level) {
			row.Class, row.Estimate = c.Classes[i], e
			if s.layout != nil {
				// As Goodman: Wilson's intervals, the risk divided by the number of classes.
				row = s.count(g, row, 1-(1-s.Level)/float64(len(g.counts)), g.is(i))
				row.Level = s.Level
				row.Method += ", simultaneous"
			}
			rows = append(rows, row)
		}
		return rows
	}
	if s.layout != nil {
		return []Row{s.count(g, row, s.Level, g.is(1))}
	}
	row.Estimate = share(g.counts[1], g.counts[0]+g.counts[1], s.Level)
	return []Row{row}
}

// is says of each history whether it counts, and whether it is in a class.
func (g *gather) is(class int) func(history int) (in, yes bool) {
	return func(i int) (in, yes bool) { return g.cells[i] > 0, int(g.cells[i]) == class+1 }
}

// share is Wilson's estimate, but of what never happened the exact upper limit.
func share(k, n int, level float64) stats.Estimate {
	if k == 0 {
		return stats.ZeroCount(n, level)
	}
	return stats.Share(k, n, level)
}

func (s *Summary) quantiles(g *gather, c *record.Column) []Row {
	sample := stats.NewSample(g.values) // empty at a single point
	row := Row{Measure: g.measure, Given: g.given, Unit: c.Unit}
	var rows []Row
	for _, q := range []struct {
		name string
		p    float64
	}{{"q05", 0.05}, {"median", 0.5}, {"q95", 0.95}} {
		row.Statistic, row.Estimate = q.name, g.sample.QuantileInterval(q.p, s.Level).Estimate
		if s.layout != nil && sample.Len() > 0 {
			row.Bars, row.Estimate = s.layout.quantileBars(s.places, g.history, g.values, sample, q.p, s.Level, q.name == "median")
		}
		rows = append(rows, row)
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
