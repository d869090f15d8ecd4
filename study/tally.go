package study

import (
	"fmt"
	"math"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// A tally gathers the rows of one design point for its estimates.
type tally struct {
	n      int                  // replications that came to an end
	counts [][]int              // by Bool measure: no, yes; by Class measure: each class
	values []stats.Histogram    // by Int or Float measure: what is not missing
	race   *stats.TimeHistogram // first of the ends of the armistice; see race.go
	fronts stats.Histogram      // furthest front [km] of the histories with an invasion
}

func newTally() *tally {
	columns := Measures()
	t := &tally{
		counts: make([][]int, len(columns)), values: make([]stats.Histogram, len(columns)), race: stats.NewTimeHistogram(raceCell),
	}
	for i, c := range columns {
		switch c.Kind {
		case record.Bool:
			t.counts[i] = make([]int, 2)
		case record.Class:
			t.counts[i] = make([]int, len(c.Classes))
		}
	}
	return t
}

// reset makes it empty, for another design point.
func (t *tally) reset() {
	t.n = 0
	for i := range t.values {
		clear(t.counts[i])
		t.values[i].Reset()
	}
	t.race = stats.NewTimeHistogram(raceCell)
	t.fronts.Reset()
}

// add counts one row, without its index and factors; failed replications are left out.
func (t *tally) add(measures []float64) {
	if math.IsNaN(measures[places().outcome]) {
		return
	}
	t.n++
	for i, x := range measures {
		switch {
		case math.IsNaN(x):
		case t.counts[i] != nil:
			t.counts[i][int(x)]++
		default:
			t.values[i].Add(x)
		}
	}
	at, cause := firstEnd(measures)
	t.race.Add(at, int(cause))
	if cause == invasion {
		t.fronts.Add(measures[places().front])
	}
}

// An estimates row is the columns and cells of one design point, grown side by side.
type estimates struct {
	columns []record.Column
	cells   []float64
}

func (e *estimates) add(c record.Column, x float64) {
	if math.IsInf(x, 0) {
		x = math.NaN() // the data set no bound
	}
	e.columns = append(e.columns, c)
	e.cells = append(e.cells, x)
}

// interval adds a value with its bounds.
func (e *estimates) interval(name, title, unit, doc string, v stats.Estimate) {
	level := fmt.Sprintf("of the %g%% interval (%s)", 100*v.Level, v.Method)
	e.add(record.Column{Name: name, Title: title, Unit: unit, Doc: doc, Kind: record.Float}, v.Value)
	e.add(record.Column{Name: name + "_low", Title: title + ", low", Unit: unit, Doc: "lower end " + level, Kind: record.Float}, v.Low)
	e.add(record.Column{Name: name + "_high", Title: title + ", high", Unit: unit, Doc: "upper end " + level, Kind: record.Float}, v.High)
}

func (e *estimates) count(name, title, doc string, n int) {
	e.add(record.Column{Name: name, Title: title, Doc: doc, Kind: record.Int}, float64(n))
}

// estimate adds the estimates of a design point to its row of points.csv.
func (t *tally) estimate(e *estimates, level float64) {
	e.count("n", "Replications", "replications that came to an end", t.n)
	for i, c := range Measures() {
		switch c.Kind {
		case record.Bool:
			no, yes := t.counts[i][0], t.counts[i][1]
			e.count(c.Name+"_n", c.Title+", n", "replications in which "+c.Name+" is not missing", no+yes)
			e.interval(c.Name+"_share", c.Title+", share", "share", c.Doc+"; share of "+c.Name+"_n", stats.Share(yes, no+yes, level))
		case record.Class:
			t.classes(e, i, c, level)
		default:
			e.numbers(c, &t.values[i], level)
		}
	}
	t.addRace(e, level)
}

func (t *tally) classes(e *estimates, i int, c record.Column, level float64) {
	n := 0
	for _, k := range t.counts[i] {
		n += k
	}
	e.count(c.Name+"_n", c.Title+", n", "replications in which "+c.Name+" is not missing", n)
	for j, v := range stats.Goodman(t.counts[i], level) {
		class := c.Classes[j]
		e.interval(c.Name+"_"+strings.ReplaceAll(class, "-", "_"), c.Title+": "+class, "share",
			fmt.Sprintf("share of %s_n with %s %s; the intervals of all classes hold together", c.Name, c.Name, class), v)
	}
}

var quantiles = []struct {
	p    float64
	name string
}{{0.05, "q05"}, {0.25, "q25"}, {0.5, "q50"}, {0.75, "q75"}, {0.95, "q95"}}

func (e *estimates) numbers(c record.Column, h *stats.Histogram, level float64) {
	name := func(suffix string) string { return c.Name + "_" + suffix }
	e.count(name("n"), c.Title+", n", "replications in which "+c.Name+" is not missing", h.Len())
	e.interval(name("mean"), c.Title+", mean", c.Unit, "mean over "+name("n")+" replications of: "+c.Doc, h.Mean(level).Within(0, math.Inf(1)))
	for _, q := range quantiles {
		doc := fmt.Sprintf("quantile at %g over %s replications of: %s", q.p, name("n"), c.Doc)
		if q.p == 0.5 {
			e.interval(name(q.name), c.Title+", median", c.Unit, doc, h.QuantileInterval(q.p, level).Estimate)
			continue
		}
		e.add(record.Column{
			Name: name(q.name), Title: fmt.Sprintf("%s, quantile at %g", c.Title, q.p), Unit: c.Unit, Doc: doc, Kind: record.Float,
		}, h.Quantile(q.p))
	}
}
