package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

var nan = math.NaN()

// table makes the rows of a study by hand: columns by name, with a key for a factor and classes after an equals
// sign, and rows of cells.
func hand(design record.Design, columns string, rows ...[]float64) *data {
	var all []record.Column
	for _, words := range strings.Fields(columns) {
		name, classes, classed := strings.Cut(words, "=")
		c := record.Column{Name: name, Title: name, Kind: record.Float}
		if key, ok := strings.CutPrefix(name, "p:"); ok {
			c.Name, c.Title, c.Factor = "p_"+strings.ReplaceAll(key, ".", "_"), key, true
			design.Factors = append(design.Factors, key)
		}
		switch {
		case classes == "bool":
			c.Kind = record.Bool
		case classed:
			c.Kind, c.Classes = record.Class, strings.Split(classes, ",")
		}
		all = append(all, c)
	}
	t := record.NewTable(all)
	points, reps := map[float64]bool{}, 0.0
	for _, row := range rows {
		t.Append(row...)
		points[row[0]] = true
		reps = max(reps, row[1]+1)
	}
	design.Points, design.Replications = int64(len(points)), int64(reps)
	return &data{Table: t, design: design, level: 0.95}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-9 {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func mustMeasure(t *testing.T, d *data, words string) *measure {
	t.Helper()
	m, err := d.measure(words)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOutcomesCount(t *testing.T) {
	d := hand(record.Design{Kind: "grid"}, "point rep p:lever outcome=worst,middle,best deterred=bool",
		[]float64{0, 0, 7, 2, 1}, []float64{0, 1, 7, 0, nan}, []float64{0, 2, 7, 2, 1}, []float64{0, 3, 7, nan, nan}, // the last failed
		[]float64{1, 0, 3, 1, 0}, []float64{1, 1, 3, 1, 0}, []float64{1, 2, 3, 2, 1}, []float64{1, 3, 3, 0, 0})
	o, err := newOutcomes(d, "outcome", "")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"best", "middle", "worst"}; !slices.Equal(o.classes, want) {
		t.Errorf("classes %q, want %q", o.classes, want)
	}
	for i, want := range []struct {
		label  string
		n      int
		shares [3]float64
		held   float64
	}{{"3", 4, [3]float64{0.25, 0.5, 0.25}, 0.25}, {"7", 3, [3]float64{2. / 3, 0, 1. / 3}, 2. / 3}} {
		g := o.groups[i]
		if g.label != want.label || g.n != want.n {
			t.Errorf("group %d: %q with %d histories, want %q with %d", i, g.label, g.n, want.label, want.n)
		}
		for k, share := range want.shares {
			near(t, g.label+" "+o.classes[k], g.shares[k].Value, share)
		}
		near(t, g.label+" held", g.held.Value, want.held) // of all histories: refused terms count as not held
		wilson := stats.Share(int(math.Round(want.held*float64(want.n))), want.n, 0.95)
		near(t, g.label+" held, low", g.held.Low, wilson.Low)
	}
	if f := o.draw(d, Options{}); !strings.Contains(f.Caption, "refused terms count as not held") || f.Table.Rows[3][1] != "deterrence held, of all histories" {
		t.Errorf("of which histories deterrence is counted: %q, %q", f.Caption, f.Table.Rows[3])
	}
}

func TestHeatmapCells(t *testing.T) {
	var rows [][]float64
	for point, xy := range [][2]float64{{1, 10}, {2, 10}, {1, 20}} { // no point at 2, 20
		for rep := range 50 {
			held := 0.0
			if rep < []int{50, 25, 5}[point] {
				held = 1
			}
			rows = append(rows, []float64{float64(point), float64(rep), xy[0], xy[1], held})
		}
	}
	d := hand(record.Design{Kind: "list"}, "point rep p:a.x p:a.y deterred=bool", rows...)
	h, err := newHeatmap(d, mustMeasure(t, d, "deterred"), "", "")
	if err != nil {
		t.Fatal(err)
	}
	near(t, "at 1, 10", h.cells[0][0].Value, 1)
	near(t, "at 2, 10", h.cells[0][1].Value, 0.5)
	near(t, "at 1, 20", h.cells[1][0].Value, 0.1)
	if h.cells[1][1].N != 0 {
		t.Errorf("at 2, 20: %d histories, want none", h.cells[1][1].N)
	}
	for _, c := range []struct {
		e    stats.Estimate
		want bool
	}{{h.cells[0][0], false}, {h.cells[0][1], true}, {h.cells[1][0], false}, {h.cells[1][1], false}} {
		if got := straddles(c.e); got != c.want {
			t.Errorf("%v of %d leaves one half open: %v, want %v", c.e.Value, c.e.N, got, c.want)
		}
	}
}

// A cell is of the histories that have the measure; that they are not as many everywhere is said under the map.
func TestHeatmapOfThoseThatHaveIt(t *testing.T) {
	var rows [][]float64
	for point, xy := range [][2]float64{{1, 10}, {2, 10}, {1, 20}, {2, 20}} {
		for rep := range 50 {
			held, outcome := float64(rep%2), 1.0
			if point == 3 && rep < 20 {
				held = math.NaN()
				if rep < 10 { // failed
					outcome = math.NaN()
				}
			}
			rows = append(rows, []float64{float64(point), float64(rep), xy[0], xy[1], held, outcome})
		}
	}
	d := hand(record.Design{Kind: "grid", Points: 4, Replications: 50}, "point rep p:a.x p:a.y deterred=bool outcome", rows...)
	h, err := newHeatmap(d, mustMeasure(t, d, "deterred"), "", "")
	if err != nil {
		t.Fatal(err)
	}
	f := h.draw(d, Options{})
	widest := fmt.Sprintf("The widest 95%% interval of a cell is ±%s percentage points.", stats.Round(100*h.cells[1][1].HalfWidth(), 0))
	if !strings.Contains(f.Caption, widest) {
		t.Errorf("want %q in %q", widest, f.Caption)
	}
	if h.had[3] != (report.Had{N: 30, Of: 40}) || !strings.Contains(f.Caption, "from 75 to 100% of those of a cell") {
		t.Errorf("%v; the caption is %q", h.had, f.Caption)
	}
}

// Under common luck the replications are what is independent: two points of the same luck say no more than one.
func TestPooledPointsAreClustered(t *testing.T) {
	var rows [][]float64
	for rep := range 40 {
		x := float64(rep % 2)
		rows = append(rows, []float64{0, float64(rep), 1, 10, x}, []float64{1, float64(rep), 2, 10, x})
	}
	slices.SortStableFunc(rows, func(a, b []float64) int { return int(a[0] - b[0]) })
	d := hand(record.Design{Kind: "grid"}, "point rep p:a.x p:a.y deterred=bool", rows...)
	m := mustMeasure(t, d, "deterred")
	groups := d.groups([]int{3}, m)
	if len(groups) != 1 {
		t.Fatalf("%d groups, want 1", len(groups))
	}
	e := d.estimate(&groups[0], m)
	near(t, "mean", e.Value, 0.5)
	if one, two := stats.Share(20, 40, 0.95).HalfWidth(), stats.Share(40, 80, 0.95).HalfWidth(); !(e.HalfWidth() > one && one > two) {
		t.Errorf("half the interval is %v wide, want more than the %v of the replications of one point", e.HalfWidth(), one)
	}
}

func TestIncidenceByHand(t *testing.T) {
	d := hand(record.Design{Kind: "single"}, "point rep outcome=settled,frozen-new-line,ongoing-at-horizon,deterred-quiet t_invasion_d attribution_delay_d t_first_strike_d t_end_d",
		[]float64{0, 0, 0, nan, nan, nan, 100},  // settled on day 100: competes
		[]float64{0, 1, 1, 200, 5, 50, 400},     // invaded, struck, over on day 400
		[]float64{0, 2, 2, 300, 10, nan, 1000},  // invaded, the war goes on: censored for the strike
		[]float64{0, 3, 3, nan, nan, nan, 1000}) // quiet to the end
	i, err := newIncidence(d.Table)
	if err != nil {
		t.Fatal(err)
	}
	for k, c := range []struct{ at, want float64 }{{250, 0.25}, {306, 0.25}, {251, 0.25}} {
		near(t, i.events[k].name, i.events[k].curve.At(c.at, 0.95, stats.LogLog).Value, c.want)
	}
	near(t, "invasion at the end", i.events[0].curve.At(1000, 0.95, stats.LogLog).Value, 0.5)
	near(t, "attribution at the end", i.events[1].curve.At(1000, 0.95, stats.LogLog).Value, 0.5)
	near(t, "strike at the end", i.events[2].curve.At(1000, 0.95, stats.LogLog).Value, 0.25)
	near(t, "horizon", i.horizon, 1000)
}

func TestRaceByHand(t *testing.T) {
	d := hand(record.Design{Kind: "single"}, "point rep outcome=repelled,ongoing-at-horizon invaded=bool t_invasion_d war_d attribution_delay_d t_first_strike_d strike_before_fait_accompli=bool",
		[]float64{0, 0, 0, 0, nan, nan, nan, nan, nan}, // no attack: none of its business
		[]float64{0, 1, 0, 1, 100, 50, 2, 20, 1},
		[]float64{0, 2, 0, 1, 100, 80, 3, nan, 0})
	a, err := newRace(d.Table, map[int64]float64{1: 130, 2: 110}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if a.events[0].n != 2 {
		t.Fatalf("%d attacks, want 2", a.events[0].n)
	}
	at := func(k int, day float64) float64 { return a.events[k].curve.At(day, 0.95, stats.LogLog).Value }
	near(t, "attributed by day 2", at(0, 2), 0.5)
	near(t, "attributed by day 3", at(0, 3), 1)
	near(t, "struck by day 80", at(1, 80), 0.5)
	near(t, "an objective by day 15", at(2, 15), 0.5)
	near(t, "an objective by day 30", at(2, 30), 1)
	near(t, "struck before", a.before.Value, 0.5)
}

func TestReachByHand(t *testing.T) {
	d := hand(record.Design{Kind: "single"}, "point rep invaded=bool invasion_kind=limited,full front_max_km",
		[]float64{0, 0, 0, nan, 0}, []float64{0, 1, 1, 0, 2}, []float64{0, 2, 1, 0, 4}, []float64{0, 3, 1, 1, 30})
	all := newReach(d.Table, mustMeasure(t, d, "front_max_km"))
	if len(all) != 2 || all[0].kind != "limited" || all[1].kind != "full" {
		t.Fatalf("got %+v, want limited and full", all)
	}
	near(t, "limited, 2 km or more", all[0].atLeast(2, 0.95).Value, 1)
	near(t, "limited, 3 km or more", all[0].atLeast(3, 0.95).Value, 0.5)
	near(t, "full, 31 km or more", all[1].atLeast(31, 0.95).Value, 0)
}

func TestEscalationByHand(t *testing.T) {
	d := hand(record.Design{Kind: "single"}, "point rep rung_max nuclear_signal=bool nuclear_use=bool",
		[]float64{0, 0, 0, 0, 0}, []float64{0, 1, 1, 0, 0}, []float64{0, 2, 3, 1, 0}, []float64{0, 3, 3, 0, 0}, []float64{0, 4, 10, 0, 1}, []float64{0, 5, nan, nan, nan})
	e := newEscalation(d.Table, 0.95)
	for k, want := range []float64{1, 0.8, 0.6, 0.6, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2} {
		near(t, Rungs[k], e.reached[k].Value, want)
	}
	near(t, "goes on from 1", e.goesOn[1].Value, 0.75)
	near(t, "goes on from 3", e.goesOn[3].Value, 1./3)
	near(t, "signal", e.signal.Value, 0.2)
	near(t, "use", e.use.Value, 0.2)
}

func TestConvergenceEndsAtTheEstimate(t *testing.T) {
	var rows [][]float64
	for rep := range 100 {
		rows = append(rows, []float64{0, float64(rep), float64(rep % 4 / 3)})
	}
	d := hand(record.Design{Kind: "single"}, "point rep deterred=bool", rows...)
	c, err := newConvergence(d.Table, mustMeasure(t, d, "deterred"), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	last := len(c.n) - 1
	want := stats.Share(25, 100, 0.95)
	if c.n[0] != fewest || c.n[last] != 100 || c.estimates[last].Low != want.Low {
		t.Errorf("from %v to %v with %+v at the end, want from %d to 100 with %+v", c.n[0], c.n[last], c.estimates[last], fewest, want)
	}
	for i, s := range c.sequences {
		if e := c.estimates[i]; !(s.Low < e.Low && s.High > e.High) {
			t.Errorf("at %v the sequence goes from %v to %v, and the interval that holds at one look from %v to %v", c.n[i], s.Low, s.High, e.Low, e.High)
		}
	}
	if !slices.IsSorted(c.n) || len(slices.Compact(slices.Clone(c.n))) != len(c.n) {
		t.Errorf("numbers of histories do not rise: %v", c.n)
	}
}

// Two guarantees: the first carries half of what is held when both stand, the second nothing.
func TestWorthByHand(t *testing.T) {
	var rows [][]float64
	for point, on := range [][2]float64{{1, 1}, {0, 1}, {1, 0}, {0, 0}} {
		for rep := range 40 {
			held := 0.0
			if rep%2 == 0 && on[0] == 1 || rep%4 == 1 {
				held = 1
			}
			rows = append(rows, []float64{float64(point), float64(rep), on[0], on[1], held})
		}
	}
	d := hand(record.Design{Kind: "ablation"}, "point rep p:alpha.enabled=bool p:beta.beta_enabled=bool deterred=bool", rows...)
	all, err := newWorth(d, mustMeasure(t, d, "deterred"))
	if err != nil {
		t.Fatal(err)
	}
	if all[0].guarantee != "alpha" || all[1].guarantee != "beta.beta" {
		t.Fatalf("got %q and %q, want alpha before beta.beta", all[0].guarantee, all[1].guarantee)
	}
	near(t, "lost without alpha", all[0].lost.Value, 0.5)
	near(t, "given by alpha alone", all[0].alone.Value, 0.5)
	near(t, "lost without beta", all[1].lost.Value, 0)
	want := stats.PairedShare(stats.Pairs{Both: 10, OnlyA: 20, Neither: 10}, 0.95)
	near(t, "low of alpha", all[0].lost.Low, want.Low)
	near(t, "high of alpha", all[0].lost.High, want.High)
	const none = "No pair of histories differs between all, and all without beta.beta; none, and beta.beta alone."
	if f := drawWorths(d, Options{}, mustMeasure(t, d, "deterred"), all); !strings.Contains(f.Caption, none) {
		t.Errorf("beta makes no difference; the caption is %q", f.Caption)
	}
	if got := undiffering([]worth{all[0], all[0]}); got != "No pair of histories differs between alpha, and alpha, taken away or alone." {
		t.Errorf("two guarantees that do the same: %q", got)
	}
}

func TestTornadoByHand(t *testing.T) {
	var rows [][]float64
	for point, cells := range [][2]float64{{5, 1}, {2, 1}, {9, 1}, {5, 3}} {
		for rep := range 30 {
			rows = append(rows, []float64{float64(point), float64(rep), cells[0], cells[1], float64(rep) + cells[0] + 10*cells[1]})
		}
	}
	d := hand(record.Design{Kind: "one-at-a-time"}, "point rep p:small p:large war_d", rows...)
	swings, err := newTornado(d, mustMeasure(t, d, "war_d"))
	if err != nil {
		t.Fatal(err)
	}
	if keyOf(&swings[0].column) != "large" || keyOf(&swings[1].column) != "small" {
		t.Fatalf("the order is %s, %s; want large, small", swings[0].column.Title, swings[1].column.Title)
	}
	near(t, "own value of small", swings[1].base, 5)
	for i, want := range []float64{-3, 4} {
		near(t, "effect of small", swings[1].effects[i].Value, want)
	}
	near(t, "effect of large", swings[0].effects[0].Value, 20)
}

func TestBesidePairs(t *testing.T) {
	columns := "point rep outcome=bad,good terms_accepted=bool deterred=bool invaded=bool guarantee_collapsed=bool nuclear_signal=bool nuclear_use=bool"
	side := func(good int) *record.Table {
		var rows [][]float64
		for rep := range 20 {
			held := 0.0
			if rep < good {
				held = 1
			}
			rows = append(rows, []float64{0, float64(rep), held, 1, held, 1 - held, 0, 0, 0})
		}
		return hand(record.Design{}, columns, rows...).Table
	}
	for _, paired := range []bool{true, false} {
		all, err := newBeside([2]*record.Table{side(10), side(15)}, paired, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(b beside) bool { return b.label == "good" })
		want := stats.Newcombe(15, 20, 10, 20, 0.95)
		if paired {
			want = stats.PairedShare(stats.Pairs{Both: 10, OnlyA: 5, Neither: 5}, 0.95)
		}
		near(t, "difference", all[i].difference.Value, 0.25)
		near(t, want.Method+", low", all[i].difference.Low, want.Low)
	}
}

// Classes of a factor stand in the order in which the design takes them, not in that of the file.
func TestClassesInTheDesignsOrder(t *testing.T) {
	d := hand(record.Design{Kind: "grid"}, "point rep p:roe=R1,R0,R2 invaded=bool", []float64{0, 0, 1, 0}, []float64{1, 0, 0, 0}, []float64{2, 0, 2, 1})
	d.order()
	var labels []string
	for _, g := range d.groups(d.levers(), mustMeasure(t, d, "invaded")) {
		labels = append(labels, g.label)
	}
	if want := []string{"R0", "R1", "R2"}; !slices.Equal(labels, want) {
		t.Errorf("groups %q, want %q", labels, want)
	}
}
