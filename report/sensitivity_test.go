package report

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/design"
	"tripwire/study/record"
)

// sobolG is Sobol's g-function, whose indices are known.
func sobolG(x, a []float64) float64 {
	g := 1.0
	for j := range a {
		g *= (math.Abs(4*x[j]-2) + a[j]) / (1 + a[j])
	}
	return g
}

func ishigami(x []float64) float64 {
	a, b, c := math.Pi*(2*x[0]-1), math.Pi*(2*x[1]-1), math.Pi*(2*x[2]-1)
	return math.Sin(a)*(1+0.1*c*c*c*c) + 7*math.Sin(b)*math.Sin(b)
}

// answered is the sensitivity of a result of a saltelli design on a known function.
func answered(t *testing.T, n, d, reps int, f func(x []float64, scramble, rep int) float64) *Sensitivity {
	t.Helper()
	const scrambles = 16
	s := &Sensitivity{Method: "sobol", Level: 0.9999, Manifest: &record.Manifest{Design: record.Design{Kind: "saltelli", Scrambles: scrambles}}}
	for j := range d {
		s.Manifest.Design.Factors = append(s.Manifest.Design.Factors, string(rune('a'+j)))
	}
	var y [][]float64
	for seed := range uint64(scrambles) {
		rows, err := design.Saltelli(n, d, 1+seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range rows {
			cells := make([]float64, reps)
			for rep := range cells {
				cells[rep] = f(x, int(seed), rep)
			}
			y = append(y, cells)
		}
	}
	s.tell(t, y)
	return s
}

// tell estimates from cells by point and replication.
func (s *Sensitivity) tell(t testing.TB, y [][]float64) {
	t.Helper()
	err := s.estimate(len(y), func(show func(value func(point int) float64)) error {
		for rep := range y[0] {
			show(func(point int) float64 { return s.value(y[point][rep]) })
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *Sensitivity) driver(key string) *Driver {
	return &s.Drivers[slices.IndexFunc(s.Drivers, func(d Driver) bool { return d.Key == key })]
}

// Luck as strong as the signal, shared within a scrambling, that even turns the effect of a factor about: the
// indices are of the mean over luck all the same, and the table is sorted by total.
func TestSobolOfMeanOverLuck(t *testing.T) {
	a := []float64{0, 1, 4.5}
	const reps = 8
	f := func(x []float64, scramble, rep int) float64 {
		r := rand.New(rand.NewPCG(uint64(scramble), uint64(rep)))
		return sobolG(x, a) + r.NormFloat64() + r.NormFloat64()*(x[2]-0.5)
	}
	s := answered(t, 256, 3, reps, f)
	all := 1.0
	share := make([]float64, len(a))
	for j := range a {
		share[j] = 1 / (3 * (1 + a[j]) * (1 + a[j]))
		all *= 1 + share[j]
	}
	for j, key := range []string{"a", "b", "c"} {
		first, total := share[j]/(all-1), share[j]/(all-1)*all/(1+share[j])
		d := s.driver(key)
		for i, e := range []stats.Estimate{d.First, d.Total} {
			if want := []float64{first, total}[i]; !(e.Low <= want && want <= e.High) || e.HalfWidth() > 0.25 {
				t.Errorf("%s: %.3f [%.3f, %.3f], want %.3f in it; see it again: go test ./report -run '^%s$'", key, e.Value, e.Low, e.High, want, t.Name())
			}
		}
		if s.Drivers[j].Key != key {
			t.Errorf("driver %d is %s, want %s", j, s.Drivers[j].Key, key)
		}
	}
}

func TestSobolOfIshigami(t *testing.T) {
	s := answered(t, 1024, 3, 1, func(x []float64, _, _ int) float64 { return ishigami(x) })
	for key, want := range map[string][2]float64{"a": {0.313905, 0.557589}, "b": {0.442411, 0.442411}, "c": {0, 0.243684}} {
		for i, e := range []stats.Estimate{s.driver(key).First, s.driver(key).Total} {
			if !(e.Low <= want[i] && want[i] <= e.High) || e.HalfWidth() > 0.02 {
				t.Errorf("%s: %v [%v, %v], want %v in it; see it again: go test ./report -run '^%s$'", key, e.Value, e.Low, e.High, want[i], t.Name())
			}
		}
	}
	if s.Drivers[0].Key != "a" || s.Drivers[2].Key != "c" {
		t.Errorf("sorted as %s, %s, %s, want a, b, c", s.Drivers[0].Key, s.Drivers[1].Key, s.Drivers[2].Key)
	}
}

// Effects of 3a - 2b + 0c, by trajectories.
func TestMorrisOfPlane(t *testing.T) {
	x := design.Morris(12, 3, 4, 5)
	s := &Sensitivity{Method: "morris", Level: 0.95, Manifest: &record.Manifest{Design: record.Design{Kind: "morris", Factors: []string{"c", "a", "b"}}},
		inputs: Inputs{Sample: x}}
	var y [][]float64
	for _, u := range x {
		y = append(y, []float64{3*u[1] - 2*u[2]})
	}
	s.tell(t, y)
	for i, want := range []struct {
		key string
		mu  float64
	}{{"a", 3}, {"b", -2}, {"c", 0}} {
		d := s.Drivers[i]
		if d.Key != want.key || math.Abs(d.Effects.Mu.Value-want.mu) > 1e-9 || math.Abs(d.Effects.MuStar.Value-math.Abs(want.mu)) > 1e-9 || d.Effects.Sigma.Value > 1e-6 {
			t.Errorf("driver %d is %s with %+v, want %s with %v; see it again: go test ./report -run '^%s$'", i, d.Key, d.Effects, want.key, want.mu, t.Name())
		}
	}
}

// A missing share counts as no; nothing stands for a missing number.
func TestMissing(t *testing.T) {
	s := &Sensitivity{Method: "sobol", measured: measured{Measure: record.Column{Name: "deterred", Kind: record.Bool}}}
	if err := s.lack(1, 4); err != nil || s.Missing != 0.25 || s.value(math.NaN()) != 0 {
		t.Errorf("got %v, %v, %v", err, s.Missing, s.value(math.NaN()))
	}
	s.Manifest = new(record.Manifest)
	s.Measure.Doc = "missing where refused"
	const want = "Of all histories: in 25% of them the measure is missing, and counts as no (missing where refused)."
	if opening := s.Document().blocks[0].text; !strings.HasSuffix(opening, want) || !strings.HasPrefix(s.Doubts(), want) {
		t.Errorf("the opening is %q, a figure's note %q", opening, s.Doubts())
	}
	s.Measure.Kind = record.Float
	if ask := new(Ask); !errors.As(s.lack(1, 4), &ask) || !strings.Contains(ask.Message, "missing in 1 of 4 histories") {
		t.Errorf("got %v", ask)
	}
}

func TestRestsOn(t *testing.T) {
	for _, c := range []struct{ bases, want string }{
		{"judgement public judgement computed judgement judgement", "3 of the 5 largest drivers rest on judgement."},
		{"judgement public", "1 of the 2 largest drivers rests on judgement."},
		{"seed public", "None of the 2 largest drivers rests on judgement."},
		{"judgement judgement", "All of the 2 largest drivers rest on judgement."},
		{"judgement", "The only driver rests on judgement."},
		{"public", "The only driver does not rest on judgement."},
		{"", ""},
	} {
		var drivers []Driver
		for _, basis := range strings.Fields(c.bases) {
			drivers = append(drivers, Driver{Basis: basis})
		}
		if got := (&Sensitivity{Drivers: drivers}).RestsOn(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.bases, got, c.want)
		}
		for i := range drivers {
			drivers[i].Total.Warnings = []string{stats.WarnNothingToShare}
		}
		if got := (&Sensitivity{Method: "sobol", Drivers: drivers}).RestsOn(); got != "" {
			t.Errorf("%s, of a variance that is not told from 0: %q, but their order is noise", c.bases, got)
		}
	}
}

// plantedBox is points of so many factors, of which those in a box are cases with this chance, others with .05.
func plantedBox(futures, d int, inside float64) (points []played, columns []record.Column) {
	r := rand.New(rand.NewPCG(2, 7))
	for j := range d {
		columns = append(columns, record.Column{Title: "x." + string(rune('a'+j)), Kind: record.Float})
	}
	for range futures {
		x := make([]float64, d)
		for j := range x {
			x[j] = r.Float64()
		}
		p := 0.05
		if x[3] > 0.6 && x[1] < 0.5 {
			p = inside
		}
		y := 1.0
		if r.Float64() < p {
			y = 0
		}
		points = append(points, played{factors: x, sum: y, n: 1})
	}
	return points, columns
}

func discovery(points []played, columns []record.Column) (*Discovery, error) {
	d := &Discovery{Level: 0.95, Cut: Cut{Threshold: 0.5}, Columns: columns, measured: measured{Measure: record.Column{Name: "deterred", Title: "Deterrence held", Kind: record.Bool}},
		Manifest: &record.Manifest{Design: record.Design{Points: int64(len(points)), Futures: int64(len(points))}}}
	return d, d.discover(points)
}

// The planted box is found among 20 factors, and nothing else; those held out confirm it.
func TestDiscoveryOfPlantedBox(t *testing.T) {
	d, err := discovery(plantedBox(3000, 20, 0.8))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Limits) != 2 || d.HeldOut != 900 {
		t.Fatalf("%+v, judged on %d; see it again: go test ./report -run '^%s$'", d.Limits, d.HeldOut, t.Name())
	}
	for j, l := range d.Found.Low {
		if d.Found.Restricted(j) && !(math.Abs(l-0.6) < 0.04 || math.Abs(d.Found.High[j]-0.5) < 0.04) {
			t.Errorf("a side from %v to %v; see it again: go test ./report -run '^%s$'", l, d.Found.High[j], t.Name())
		}
	}
	shown, boxes := d.way(), 0
	for i, p := range shown {
		if sameBox(p.Found, d.Found) {
			boxes++
		}
		if i > 0 && p.Found.Support > shown[i-1].Found.Support {
			t.Errorf("row %d of the way is larger than the one before", i)
		}
	}
	var text strings.Builder
	if err := d.Document().Text(&text, Style{Width: 80}); err != nil || boxes != 1 || strings.Count(text.String(), "the box  ") != 1 {
		t.Errorf("the box stands %d times in the way, want once (%v):\n%s", boxes, err, &text)
	}
	if math.Abs(d.Box.Density-0.8) > 0.07 || math.Abs(d.Box.Support-0.2) > 0.04 || d.Box.Runs == d.Found.Runs {
		t.Errorf("held out: %+v; see it again: go test ./report -run '^%s$'", d.Box, t.Name())
	}
	if s := d.Sentence(); !strings.HasPrefix(s, "Deterrence fails in ") || !strings.Contains(s, " of the futures with x.") || !strings.Contains(s, " and x.") {
		t.Errorf("it says %s", s)
	}
}

// Where nothing is planted nothing is found: the way of PRIM over all factors would have found a box.
func TestDiscoveryOfNothing(t *testing.T) {
	d, err := discovery(plantedBox(1000, 40, 0.05))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Limits) != 0 || !strings.HasPrefix(d.Sentence(), "No range of any factor tells apart where it happens") {
		t.Errorf("%+v: %s", d.Limits, d.Sentence())
	}
	all, columns := plantedBox(50, 4, 0.05)
	for i := range all {
		all[i].sum, all[i].n = 1, 1
	}
	if _, err := discovery(all, columns); err == nil || !strings.Contains(err.Error(), "no point is a case of interest") {
		t.Errorf("without cases: %v", err)
	}
}

func TestWithin(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		kind      record.Kind
		low, high float64
		want      string
	}{
		{record.Float, -inf, 1.2345, "below 1.23"}, {record.Float, 400, inf, "above 400"}, {record.Float, 1e-6, 0.5, "from 1e-06 to 0.5"},
		{record.Int, 12000, inf, "at least 12,000"}, {record.Int, -inf, 3, "at most 3"}, {record.Int, 3, 3, "at 3"},
		{record.Bool, -inf, 0, "at 0"}, {record.Bool, 1, inf, "at 1"}, {record.Text, 1, inf, "at least R3"},
	} {
		if got := within(&record.Column{Kind: c.kind, Classes: []string{"R1", "R3"}}, c.low, c.high); got != c.want {
			t.Errorf("%v from %v to %v: got %q, want %q", c.kind, c.low, c.high, got, c.want)
		}
	}
}

func TestMethodFor(t *testing.T) {
	for _, c := range []struct {
		d      record.Design
		method string
		ask    string // for sobol
	}{
		{record.Design{Kind: "saltelli", Futures: 8}, "sobol", ""},
		{record.Design{Kind: "morris", Futures: 8}, "morris", `the result's design is morris; it needs a study with design = "saltelli" (what this one can feed is --method morris)`},
		{record.Design{Kind: "grid", Futures: 8}, "prim", "what this one can feed is --method prim"},
		{record.Design{Kind: "single"}, "", "inputs were held at one value"},
		{record.Design{Kind: "grid"}, "", "the result's design is grid"},
	} {
		if got := MethodFor(&c.d); got != c.method {
			t.Errorf("%+v: %q, want %q", c.d, got, c.method)
		}
		if err := checkMethod(&c.d, "sobol"); (err == nil) != (c.ask == "") || err != nil && !strings.Contains(err.Error(), c.ask) {
			t.Errorf("%+v: %v, want %s", c.d, err, c.ask)
		}
	}
}

// Indices of 8 factors from 102,400 runs: 16 scramblings of 64 base points, ten runs at each point.
func BenchmarkSobol(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	y := make([][]float64, 16*64*(8+2))
	for i := range y {
		for range 10 {
			y[i] = append(y[i], r.Float64())
		}
	}
	m := &record.Manifest{Design: record.Design{Kind: "saltelli", Scrambles: 16, Factors: strings.Fields("a b c d e f g h")}}
	b.ReportAllocs()
	for b.Loop() {
		s := &Sensitivity{Method: "sobol", Level: 0.95, Manifest: m}
		s.tell(b, y)
	}
}

// Of few scramblings shares can come out as none can be. They are shown as they are, with what makes them so beside them, also
// where it is the share alone; and a sum of them that cannot be is not explained by factors acting together.
func TestSobolOfFewScramblings(t *testing.T) {
	for _, scrambles := range []int{4, 16} {
		s := &Sensitivity{Method: "sobol", Level: 0.95, measured: measured{Measure: record.Column{Name: "x", Title: "X", Kind: record.Float}},
			Manifest: &record.Manifest{Design: record.Design{Kind: "saltelli", Scrambles: int64(scrambles), Replications: 1, Factors: []string{"a", "b"}}}}
		luck := rand.New(rand.NewPCG(3, 3))
		var y [][]float64
		for range scrambles * 8 * 4 {
			y = append(y, []float64{luck.NormFloat64()})
		}
		s.Manifest.Design.Points = int64(len(y))
		s.tell(t, y)
		var b strings.Builder
		if err := s.Document().Text(&b, Style{Width: 400}); err != nil {
			t.Fatal(err)
		}
		text, sum := b.String(), 0.
		for _, d := range s.Drivers {
			sum += d.First.Value
		}
		negative := slices.ContainsFunc(s.Drivers, func(d Driver) bool { return d.First.Value < 0 && d.Total.Value > 0 })
		if !negative || sum >= 0 {
			t.Fatalf("%d scramblings: nothing below 0 in\n%s", scrambles, text)
		}
		if strings.Contains(text, stats.WarnFewScramblings) != (scrambles < 8) || !strings.Contains(text, stats.WarnNegativeIndex) ||
			strings.Contains(text, "acting together") || !strings.Contains(text, "no sum of shares lies outside 0 to 100%") {
			t.Errorf("%d scramblings:\n%s", scrambles, text)
		}
	}
}
