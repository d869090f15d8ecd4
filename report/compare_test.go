package report

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// drawn is a made-up result: histories of a coin that lands on invaded with a chance, at each design point.
type drawn struct {
	seed    uint64
	points  int
	n       int
	invaded float64
	people  float64 // mean of losses in a war
	rng     uint64  // of what the seed does not fix
	own     bool
}

func (d drawn) side(name string) *Side {
	columns := append([]record.Column{{Name: "run_id", Kind: record.Int}, {Name: "point", Kind: record.Int}}, columns()...)
	factor := record.Column{Name: "p_coalition_troops", Title: "coalition.troops", Kind: record.Int, Factor: true}
	columns = append(columns, factor)
	points := record.NewTable([]record.Column{{Name: "point", Kind: record.Int}, factor})
	t := record.NewTable(columns)
	id, no := 0.0, math.NaN()
	for point := range d.points {
		points.Append(float64(point), float64(1000*point))
		for rep := range d.n {
			r := rand.New(rand.NewPCG(d.seed+1000*d.rng, uint64(rep)))
			u, v, w := r.Float64(), r.Float64(), r.ExpFloat64()
			row := []float64{id, float64(point), float64(rep), 1, 5, 1, 0, no, 1825, math.Floor(20 * v), no, no, 0, 0, 1, 0, float64(1000 * point)}
			switch {
			case u > 0.95:
				row = []float64{id, float64(point), float64(rep), 0, 0, no, 0, no, 0, 0, no, no, 0, 0, 0, 0, float64(1000 * point)}
			case u < d.invaded:
				row = []float64{id, float64(point), float64(rep), 1, 3, 0, 1, 1800 * v, 1825, 9, 1, no, 40 * w, math.Floor(d.people * w), 5, 0, float64(1000 * point)}
			}
			t.Append(row...)
			id++
		}
	}
	m := &record.Manifest{Title: "Drawn", Version: "1", Seed: d.seed, Runs: int64(id), Input: fmt.Sprint(d.invaded, d.people),
		Design: record.Design{Points: int64(d.points), Replications: int64(d.n), OwnLuck: d.own},
		Files:  map[string]record.FileInfo{"runs.csv": {SHA256: fmt.Sprint(d)}, "scenario.toml": {SHA256: fmt.Sprint(d)}}}
	return &Side{Name: name, Manifest: m, columns: columns, points: points, chunks: func() iter.Seq2[*record.Table, error] {
		return func(yield func(*record.Table, error) bool) { yield(t, nil) }
	}()}
}

func compared(t *testing.T, a, b drawn, opt CompareOptions) *Comparison {
	t.Helper()
	if opt.Level == 0 {
		opt.Level = 0.95
	}
	c, err := compare(a.side("results/a"), b.side("results/b"), opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func find(t *testing.T, c *Comparison, measure, class, statistic string, days float64) Compared {
	t.Helper()
	for _, q := range c.Tests {
		if q.Measure == measure && q.Class == class && q.Statistic == statistic && q.Days == days {
			return q
		}
	}
	t.Fatalf("there is no %s of %s %s", statistic, measure, class)
	panic("not reached")
}

var (
	before = drawn{seed: 1, points: 1, n: 400, invaded: 0.3, people: 100_000}
	after  = drawn{seed: 1, points: 1, n: 400, invaded: 0.4, people: 100_000}
)

// A planted difference is found, under common luck by the methods for pairs, else by those for independent runs.
func TestComparePlanted(t *testing.T) {
	c := compared(t, before, after, CompareOptions{Inputs: []InputDifference{{"coalition.troops", "1", "2"}}})
	if !c.Paired || c.Histories != 400 || !c.Differs() {
		t.Errorf("paired %v, %d pairs, differs %v", c.Paired, c.Histories, c.Differs())
	}
	k := func(d drawn) (k int) {
		for rep := range d.n {
			if u := rand.New(rand.NewPCG(d.seed, uint64(rep))).Float64(); u < d.invaded {
				k++
			}
		}
		return k
	}
	ka, kb := k(before), k(after)
	if int(c.Differ) != kb-ka {
		t.Errorf("%d histories differ, want %d", c.Differ, kb-ka)
	}
	pairs := stats.Pairs{Both: ka, OnlyA: kb - ka, Neither: 400 - kb}
	q, want := find(t, c, "invaded", "", "share", 0), stats.PairedShare(pairs, 0.95)
	if q.Value != want.Value || q.Low != want.Low || q.High != want.High || q.P != stats.McNemar(pairs).P || q.Reduction != pairs.VarianceReduction() || !c.Changed(&q) {
		t.Errorf("paired: got %+v, want %+v", q, want)
	}
	if q := find(t, c, "t_invasion_d", "", "incidence", 5*365); !(q.Value > 0.05) || !c.Changed(&q) || q.Method != "paired jackknife of Aalen-Johansen" || !(q.Reduction > 1) {
		t.Errorf("incidence: %+v", q)
	}
	if q := find(t, c, "nuclear_use", "", "share", 0); q.P != 1 || c.Changed(&q) {
		t.Errorf("what never happened: %+v", q)
	}
	for _, q := range c.Tests {
		if q.Statistic == "gray" || q.Statistic == "log-rank" {
			t.Errorf("%s between paired runs", q.Statistic)
		}
	}

	other := after
	other.seed, other.invaded = 2, 0.5
	c = compared(t, before, other, CompareOptions{})
	q, want = find(t, c, "invaded", "", "share", 0), stats.Newcombe(k(other), 400, ka, 400, 0.95)
	check := stats.MiettinenNurminen(k(other), 400, ka, 400, 0.95)
	if c.Paired || q.Value != want.Value || q.Low != want.Low || q.High != want.High || q.Check.Low != check.Low || !c.Changed(&q) {
		t.Errorf("independent: got %+v, want %+v", q, want)
	}
	for _, statistic := range []string{"gray", "log-rank"} {
		if q := find(t, c, "t_invasion_d", "", statistic, 0); !(q.P < 1e-4) {
			t.Errorf("%+v", q)
		}
	}
	if q := find(t, c, "losses_russia", "", "mean", 0); q.Method != "Welch t" {
		t.Errorf("%+v", q)
	}
}

// Two results of one truth raise an alarm no more often than the level allows, whatever is tested.
func TestCompareRaisesNoFalseAlarm(t *testing.T) {
	const pairs = 240
	// P(more than 24 of 240 at 0.05) is 0.0008.
	const most = 24
	for name, paired := range map[string]bool{"independent": false, "paired": true} {
		alarms := 0
		for i := range uint64(pairs) {
			a := drawn{seed: 10 + 2*i, points: 1, n: 120, invaded: 0.3, people: 1000}
			b := a
			b.seed++
			if paired { // of the same seed, but each with luck of its own besides
				b.seed, b.rng = a.seed, 77
			}
			c := compared(t, a, b, CompareOptions{})
			if c.Paired != paired || len(c.Tests) < 30 {
				t.Fatalf("paired %v, %d tests", c.Paired, len(c.Tests))
			}
			if c.Differs() {
				alarms++
			}
		}
		if alarms > most {
			t.Errorf("%s: %d of %d comparisons of the same with the same raise an alarm, want at most %d", name, alarms, pairs, most)
		}
	}
}

// Under the same input and seed one other history is a difference, however small.
func TestCompareSameInput(t *testing.T) {
	a, b := before.side("a"), before.side("b")
	c, err := compare(a, b, CompareOptions{Level: 0.95, SameInput: true})
	if err != nil || !c.Identical || c.Differs() || len(c.Tests) > 0 {
		t.Errorf("the same bytes: %+v, %v", c, err)
	}
	for name, damage := range map[string]func(*Side){
		"another value": func(s *Side) {
			for table := range s.chunks {
				table.Row(17)[table.Index("flareups")]++
			}
			s.Manifest.Files["runs.csv"] = record.FileInfo{SHA256: "other"}
		},
		"another table": func(s *Side) { s.Manifest.Files["points.csv"] = record.FileInfo{SHA256: "other"} },
	} {
		a, b := before.side("a"), before.side("b")
		a.Manifest.Files["points.csv"] = record.FileInfo{SHA256: "one"}
		b.Manifest.Files["points.csv"] = record.FileInfo{SHA256: "one"}
		damage(b)
		c, err := compare(a, b, CompareOptions{Level: 0.95, SameInput: true})
		if name == "another value" && (c.First == nil || *c.First != Place{0, 17}) {
			t.Errorf("the first that differs is %v, want replication 17", c.First)
		}
		if err != nil || !c.Differs() || c.changed() != 0 {
			t.Errorf("%s: differs %v, %d changes, %v", name, c.Differs(), c.changed(), err)
		}
		if c, err := compare(a, b, CompareOptions{Level: 0.95}); err != nil || c.Differs() {
			t.Errorf("%s under another input is no alarm: %v, %v", name, c.Differs(), err)
		}
	}
}

// Points are matched by what they are; what one result has alone is left out and said.
func TestCompareMatches(t *testing.T) {
	a, b := before, after
	a.points, b.points, b.n = 3, 4, 300
	sides := [2]*Side{a.side("a"), b.side("b")}
	// B's points in another order: 3000, 2000, 1000, 0.
	for i := range 4 {
		sides[1].points.Row(i)[1] = float64(1000 * (3 - i))
	}
	c, err := compare(sides[0], sides[1], CompareOptions{Level: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Paired || c.Matched != "factors" || c.Only != [2]int64{0, 1} || c.Histories != 900 || c.places[0].from != [2]int64{0, 3} || c.places[2].from != [2]int64{2, 1} {
		t.Errorf("matched by %s, alone %v, %d pairs, %v", c.Matched, c.Only, c.Histories, c.places)
	}
	a.own, b.own = true, true
	if c := compared(t, a, a, CompareOptions{}); !c.Paired && !c.Identical {
		t.Error("points of the same number have the same luck of their own")
	}
	sides = [2]*Side{a.side("a"), b.side("b")}
	for i := range 4 {
		sides[1].points.Row(i)[1] = float64(1000 * (3 - i))
	}
	if c, err := compare(sides[0], sides[1], CompareOptions{Level: 0.95}); err != nil || c.Paired {
		t.Errorf("points of other numbers have other luck of their own: %v", err)
	}
	for i := range 4 {
		sides[1].points.Row(i)[1] = 7
	}
	if _, err := compare(sides[0], sides[1], CompareOptions{Level: 0.95}); err == nil || !strings.Contains(err.Error(), "no design point in common") {
		t.Errorf("got %v", err)
	}
}

// The sampled futures of a choice are one place, and it is they and the replications that are independent.
func TestCompareFutures(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		a, b := before, after
		a.points, b.points, a.n, b.n, b.seed, b.invaded = 30, 30, 120, 120, seed, 0.6
		sides := [2]*Side{a.side("a"), b.side("b")}
		for _, s := range sides {
			s.Manifest.Design.Uncertain, s.Manifest.Design.Futures = []string{"coalition.troops"}, 30
		}
		c, err := compare(sides[0], sides[1], CompareOptions{Level: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Places) != 1 || c.Places[0] != "all sampled futures" || c.Paired != (seed == 1) {
			t.Errorf("seed %d: places %q, paired %v", seed, c.Places, c.Paired)
		}
		q := find(t, c, "invaded", "", "share", 0)
		share := func(s *Side) float64 {
			k, n := 0.0, 0.0
			for table := range s.chunks {
				for _, x := range table.Values(table.Index("invaded")) {
					k, n = k+x, n+1
				}
			}
			return k / n
		}
		if want := share(sides[1]) - share(sides[0]); math.Abs(q.Value-want) > 1e-12 || !c.Changed(&q) || !strings.Contains(q.Method, "t, clustered by future and replication") {
			t.Errorf("seed %d: got %+v, want %v", seed, q, want)
		}
	}
}

// Where classes were renumbered or a history failed, it is the names and the other histories that count.
func TestCompareClassesAndFailures(t *testing.T) {
	a, b := before.side("a"), before.side("b")
	b.Manifest.Files["runs.csv"] = record.FileInfo{SHA256: "other"}
	for table := range b.chunks {
		at := table.Index("outcome")
		classes := table.Columns[at].Classes
		table.Columns[at].Classes = append([]string{"new"}, classes...)
		b.columns = table.Columns
		for i := range table.Len() {
			table.Row(i)[at]++
		}
	}
	for table := range a.chunks {
		for i := range table.Columns {
			if !table.Columns[i].Factor && table.Columns[i].Name != "rep" && table.Columns[i].Name != "point" && table.Columns[i].Name != "run_id" {
				table.Row(5)[i] = math.NaN()
			}
		}
	}
	c, err := compare(a, b, CompareOptions{Level: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	if q := find(t, c, "invaded", "", "share", 0); c.Differ != 1 || q.N != 399 || q.Value != 0 {
		t.Errorf("%d differ, %+v", c.Differ, q)
	}
	if q := find(t, c, "outcome", "new", "share", 0); q.A != 0 || q.B != 0 {
		t.Errorf("%+v", q)
	}
}

func TestCompareAsks(t *testing.T) {
	for measure, want := range map[string]string{"front": "no such measure", "outcome=quiet": "has no such class", "deterred=1": "deterred has no classes"} {
		if _, err := compare(before.side("a"), after.side("b"), CompareOptions{Level: 0.95, Measure: measure}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", measure, err, want)
		}
	}
	c := compared(t, before, after, CompareOptions{Measure: "outcome=deterred-quiet"})
	if len(c.Tests) != 1 || c.Tests[0].Adjusted != c.Tests[0].P {
		t.Errorf("one measure: %d tests, %+v", len(c.Tests), c.Tests)
	}
}

func TestCompareText(t *testing.T) {
	two := [2]drawn{before, after}
	for i := range two {
		two[i].points = 2
	}
	other := after
	other.seed, other.people = 2, 200_000
	one := CompareOptions{Inputs: []InputDifference{{"coalition.roe", `"R1"`, `"R3"`}, {"study.cases[0].set.moscow.rationality", "", "0.123456789012345678901234567890123456789"}}}
	for name, c := range map[string]*Comparison{
		"compare-paired.txt":      compared(t, two[0], two[1], one),
		"compare-independent.txt": compared(t, before, other, CompareOptions{Unread: "nobody reads it"}),
		"compare-same.txt":        compared(t, before, before, CompareOptions{SameInput: true}),
		"compare-nothing.txt":     compared(t, before, drawn{seed: 3, points: 1, n: 200, invaded: 0.3, people: 100_000}, CompareOptions{}),
	} {
		var b strings.Builder
		if err := c.Document().Text(&b, Style{Width: 80}); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
	}
	c := compared(t, before, after, CompareOptions{Measure: "losses_russia"})
	for name, write := range map[string]func(*strings.Builder) error{
		"compare.json": func(b *strings.Builder) error { return c.JSON(b) },
		"compare.csv":  func(b *strings.Builder) error { return c.CSV(b) },
		"compare.md":   func(b *strings.Builder) error { return c.Document().Markdown(b) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
	}
}
