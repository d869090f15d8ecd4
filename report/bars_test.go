package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// futures is a sampled study of 25 futures with 12 histories each. The chance of an attack at a future is spread
// evenly from 10% to 90%, and in every third replication luck halves it at all of them.
func futures() (*record.Table, record.Design) {
	d := record.Design{
		Kind: "latin-hypercube", Points: 25, Replications: 12, Futures: 25,
		Factors: []string{"russia.troops", "ukraine.army"}, Uncertain: []string{"russia.troops", "ukraine.army"},
	}
	t := record.NewTable(append([]record.Column{{Name: "point", Kind: record.Int}}, columns()...))
	luck, no := rand.New(rand.NewPCG(11, 12)), math.NaN()
	for point := range 25 {
		for rep := range 12 {
			chance := .1 + .8*float64((7*point)%25)/24
			if rep%3 == 0 {
				chance /= 2
			}
			p, r := float64(point), float64(rep)
			switch u := luck.Float64(); {
			case u < .1:
				t.Append(p, r, 0, 0, no, 0, no, 0, 0, no, no, 0, 0, 0, 0)
			case luck.Float64() < chance:
				t.Append(p, r, 1, 3, 0, 1, 1700*u, 1800, 9, 1, no, 5, math.Floor(1e5*chance+1e5*u), 5, 0)
			default:
				t.Append(p, r, 1, 5, 1, 0, no, 1825, math.Floor(20*u), no, no, 0, 0, 1, 0)
			}
		}
	}
	return t, d
}

// runsOf is a table as the runs.csv of a result.
func runsOf(t *testing.T, table *record.Table, d *record.Design) *runs {
	t.Helper()
	r := record.Resource{Name: "runs", Columns: table.Columns}
	rows, err := r.RowsAt(bytes.NewReader(r.AppendTable(nil, table)))
	if err != nil {
		t.Fatal(err)
	}
	return newRuns(d, rows)
}

func summariseStudy(t *testing.T, table *record.Table, d record.Design) *Summary {
	t.Helper()
	m := &record.Manifest{Seed: 7, Runs: int64(table.Len()), Design: d}
	s, err := readStudy(m, &record.Package{Title: "Futures"}, runsOf(t, table, &d), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A person reads both bars, what they are, and what would narrow the one that can be.
func TestTwoBars(t *testing.T) {
	table, design := futures()
	s := summariseStudy(t, table, design)
	var text, md, machine, csv strings.Builder
	for _, err := range []error{s.Document().Text(&text, Style{Width: 80}), s.Document().Markdown(&md), s.JSON(&machine), s.CSV(&csv)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "futures.txt", text.String())
	golden(t, "futures.md", md.String())
	if strings.Contains(text.String(), "too narrow") || strings.Contains(text.String(), "Luck only") {
		t.Errorf("the summary of a sampled study says\n%s", text.String())
	}
	var got struct {
		Estimates []struct {
			Measure, Statistic string
			Value, Low, High   float64
			Run                *struct {
				SE, DF                 float64
				Clusters, Replications int
				Futures                float64 `json:"variance_share_futures"`
				Luck                   float64 `json:"variance_share_luck"`
				Rest                   float64 `json:"variance_share_rest"`
				MoreFutures            float64 `json:"half_width_4x_futures"`
				MoreLuck               float64 `json:"half_width_4x_replications"`
				Best                   []int   `json:"best_futures_replications"`
			}
			Input *struct {
				Low     float64 `json:"q05"`
				High    float64 `json:"q95"`
				SD      float64
				Futures int
			}
		}
	}
	if err := json.Unmarshal([]byte(machine.String()), &got); err != nil {
		t.Fatal(err)
	}
	e := got.Estimates[0]
	if e.Measure != "deterred" || e.Run == nil || e.Input == nil {
		t.Fatalf("the headline in JSON is %+v", e)
	}
	if r := e.Run; r.Clusters != 25 || r.Replications != 12 || math.Abs(r.Futures+r.Luck+r.Rest-1) > 1e-6 || r.Futures < .3 ||
		!(r.MoreFutures < (e.High-e.Low)/2) || !(r.MoreLuck < (e.High-e.Low)/2) || len(r.Best) != 2 {
		t.Errorf("the run bar in JSON is %+v", r)
	}
	// The truth: 1 - 5/6·chance, evenly from .92 to .25, whose standard deviation is .2 and whose 5% and 95% points
	// are .28 and .88.
	if in := e.Input; in.Futures != 25 || math.Abs(in.SD-.2) > .08 || math.Abs(in.Low-.28) > .12 || math.Abs(in.High-.88) > .12 {
		t.Errorf("the input bar in JSON is %+v, want about .28 to .88 with sd .2", in)
	}
	head, row, _ := strings.Cut(csv.String(), "\n")
	if line, _, _ := strings.Cut(row, "\n"); strings.Count(line, ",") < strings.Count(head, ",") || strings.HasSuffix(line, ",") {
		t.Errorf("the headline in CSV is %s under %s", line, head)
	}
}

// Without belief there is no input bar, and the run bar knows what hangs together.
func TestLayout(t *testing.T) {
	for _, c := range []struct {
		name    string
		design  record.Design
		cluster []int // of points 0 to 5
		input   bool
	}{
		{"grid", record.Design{Kind: "grid", Points: 6}, []int{0, 0, 0, 0, 0, 0}, false},
		{"choices × futures", record.Design{Kind: "grid", Points: 6, Futures: 3, Uncertain: []string{"a"}}, []int{0, 1, 2, 0, 1, 2}, true},
		{"levers", record.Design{Kind: "sobol", Points: 6, Futures: 6, Factors: []string{"a"}}, []int{0, 1, 2, 3, 4, 5}, false},
		{"morris", record.Design{Kind: "morris", Points: 6, Futures: 6, Factors: []string{"a", "b"}, Uncertain: []string{"a", "b"}}, []int{0, 0, 0, 1, 1, 1}, false},
		{"saltelli", record.Design{Kind: "saltelli", Points: 6, Futures: 6, Factors: []string{"a"}, Uncertain: []string{"a"}}, []int{0, 1, 0, 1, 0, 1}, true},
	} {
		l := newLayout(&c.design)
		var got []int
		for point := range int64(6) {
			got = append(got, l.cluster(point))
		}
		if !slices.Equal(got, c.cluster) || l.future != nil != c.input {
			t.Errorf("%s: clusters %v, input bar %v, want %v and %v", c.name, got, l.future != nil, c.cluster, c.input)
		}
	}
	if l := newLayout(&record.Design{Points: 1}); l != nil {
		t.Errorf("one point has the layout %+v", l)
	}
}

// Woodruff's limits of a median of independent values are those of order statistics, but for rounding.
func TestQuantileBars(t *testing.T) {
	luck := rand.New(rand.NewPCG(13, 14))
	d := record.Design{Kind: "sobol", Points: 200, Replications: 10, Futures: 200, Uncertain: []string{"a"}, OwnLuck: true}
	table := record.NewTable([]record.Column{{Name: "point", Kind: record.Int}, {Name: "rep", Kind: record.Int}, {Name: "outcome", Kind: record.Class, Classes: []string{"settled", "deterred-quiet"}},
		{Name: "terms_accepted", Kind: record.Bool}, {Name: "flareups", Kind: record.Float}})
	var values []float64
	for i := range 2000 {
		values = append(values, luck.ExpFloat64())
		table.Append(float64(i/10), float64(i%10), 0, 1, values[i])
	}
	median := func() *Row { return &summariseStudy(t, table, d).find("flareups", Accepted)[1] }
	want, e := stats.NewSample(values).QuantileInterval(.5, .95), median()
	if e.Value != want.Value || math.Abs(e.Low-want.Low) > .03 || math.Abs(e.High-want.High) > .03 {
		t.Errorf("got %v [%v, %v], want about %v [%v, %v]", e.Value, e.Low, e.High, want.Value, want.Low, want.High)
	}
	if low, high := e.InputRange(false); !(low > want.Low-.35) || !(high < want.High+.35) {
		t.Errorf("futures that are all alike have medians from %v to %v", low, high)
	}
	// A shift by future is found again: half of them stand 10 higher.
	for i := range values {
		table.Row(i)[4] += float64(10 * (i / 10 % 2))
	}
	if low, high := median().InputRange(false); math.Abs(low-math.Ln2) > .4 || math.Abs(high-10-math.Ln2) > .4 {
		t.Errorf("medians from %v to %v, want about .69 to 10.69", low, high)
	}
}

// Whoever counts clusters counts what the run bar does: the scramblings and trajectories that have luck of their own.
func TestExplainClusters(t *testing.T) {
	uncertain := []string{"a", "b"}
	for _, c := range []struct {
		design   record.Design
		clusters int
		want     string
	}{
		{record.Design{Kind: "saltelli", Points: 64, Futures: 64, Sharing: 16, Scrambles: 4, Factors: uncertain, Uncertain: uncertain, Replications: 3}, 4, "4 scramblings and 3 replications"},
		{record.Design{Kind: "saltelli", Points: 64, Futures: 64, OwnLuck: true, Scrambles: 4, Factors: uncertain, Uncertain: uncertain, Replications: 3}, 16, "16 base points and 3 replications"},
		{record.Design{Kind: "morris", Points: 30, Futures: 30, Sharing: 3, Factors: uncertain, Uncertain: uncertain, Replications: 3}, 10, "10 trajectories and 3 replications"},
		{record.Design{Kind: "sobol", Points: 8, Futures: 8, Factors: uncertain, Uncertain: uncertain, Replications: 1}, 8, "8 futures and 1 replication."},
		{record.Design{Kind: "sobol", Points: 8, Futures: 8, Factors: uncertain, Replications: 3}, 8, "8 points and 3 replications"},
	} {
		l := newLayout(&c.design)
		if got := l.explain(.95); !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q in it", got, c.want)
		}
		var points []int64
		var cells [][]float64
		luck := rand.New(rand.NewPCG(17, 18))
		for point := range c.design.Points {
			points = append(points, point)
			row := make([]float64, c.design.Replications)
			for rep := range row {
				row[rep] = luck.NormFloat64()
			}
			cells = append(cells, row)
		}
		b := NewBars(&c.design, points, cells, false, .95)
		if b.Run.Rows != c.clusters {
			t.Errorf("%s: the run bar has %d clusters, want %d", c.want, b.Run.Rows, c.clusters)
		}
		_, _, many := l.independent()
		if text := l.worth(b, 1); c.design.Replications > 1 && (!strings.Contains(text, "4 times the "+many) || strings.Contains(text, "all of them share") == l.ownLuck) {
			t.Errorf("%s: %s", c.want, text)
		}
	}
}

// The input bar is shown to no digit that its own ends, over studies, do not have.
func TestInputDigits(t *testing.T) {
	const futures, reps, studies = 30, 12, 300
	d := record.Design{Kind: "sobol", Points: futures, Futures: futures, Uncertain: []string{"a"}, OwnLuck: true}
	for _, between := range []float64{.02, .3, 3} { // standard deviations of the inputs, beside luck of 1 in a history
		luck := rand.New(rand.NewPCG(19, 20))
		var lows, doubts []float64
		var cells []string
		for range studies {
			var points []int64
			rows := make([][]float64, futures)
			for i := range rows {
				points = append(points, int64(i))
				truth := 70 + between*luck.NormFloat64()
				for range reps {
					rows[i] = append(rows[i], truth+luck.NormFloat64())
				}
			}
			if b := NewBars(&d, points, rows, false, .95); b.Input.Between > 0 {
				low, _ := b.InputRange(false)
				lows, doubts = append(lows, low), append(doubts, b.inputDoubt())
				cells = append(cells, b.InputText(false, false, 1))
			}
		}
		half := 1.96 * math.Sqrt(stats.NewSample(lows).Moments().Variance())
		if got := stats.NewSample(doubts).Moments().Mean(); got < .6*half || got > 2*half {
			t.Errorf("inputs of %v: doubt %v, and over studies the low end moves by ±%v", between, got, half)
		}
		for _, cell := range cells {
			low, _, _ := strings.Cut(cell, " to ")
			_, decimals, _ := strings.Cut(low, ".")
			if unit := math.Pow10(-len(decimals)); unit < half/25 {
				t.Errorf("inputs of %v: %q has the digit %v, and over studies its low end moves by ±%v", between, cell, unit, half)
				break
			}
		}
	}
}

// However many histories are held at once while points are read in step, the summary is the same; points may have been played
// unequally often, and a file that does not hold what the manifest says is refused.
func TestStudyInSteps(t *testing.T) {
	table, d := futures()
	fewer := record.NewTable(table.Columns)
	for point := range d.Points {
		d.ByPoint = append(d.ByPoint, 12-point%5)
		for rep := range d.ByPoint[point] {
			fewer.Append(table.Row(int(12*point + rep))...)
		}
	}
	show := func(steps int) string {
		h := runsOf(t, fewer, &d)
		h.mostCells = steps * int(d.Points) * len(h.columns())
		s, err := readStudy(&record.Manifest{Design: d}, new(record.Package), h, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := s.CSV(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := show(100)
	for _, steps := range []int{0, 1, 5, 12} {
		if got := show(steps); got != want {
			t.Errorf("%d replications at once: got\n%s\nwant\n%s", steps, got, want)
		}
	}
	longer := slices.Clone(d.ByPoint)
	longer[24]++
	for _, c := range []struct {
		reps []int64
		want string
	}{
		{nil, "runs.csv: line 25: want replication 11 of point 1, by the design in manifest.json"},
		{longer, "runs.csv: ends before replication 8 of point 24, which has 9 by the design in manifest.json"},
	} {
		d.ByPoint = c.reps
		_, err := readStudy(&record.Manifest{Design: d}, new(record.Package), runsOf(t, fewer, &d), 0.95)
		if e := new(record.Error); !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("rows that are not those of the design: %v, want %s", err, c.want)
		}
	}
}
