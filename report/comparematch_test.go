package report

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tripwire/study/record"
)

// designed is a made-up result of one measure, x, over a design of its own.
type designed struct {
	design  record.Design
	seed    uint64
	reps    int
	factors []string    // keys
	values  [][]float64 // of the factors, by point
	cases   []string    // by point; nil where they have no names
	x       func(values []float64, luck uint64, rep int) float64
}

func (d designed) side(name string) *Side {
	factors := []record.Column{}
	if d.cases != nil {
		factors = append(factors, record.Column{Name: "case", Kind: record.Class, Title: "Case", Classes: d.cases, Factor: true})
	}
	for _, key := range d.factors {
		factors = append(factors, record.Column{Name: "p_" + strings.ReplaceAll(key, ".", "_"), Kind: record.Float, Title: key, Factor: true})
	}
	d.design.Points, d.design.Replications, d.design.Factors = int64(len(d.values)), int64(d.reps), d.factors
	columns := append([]record.Column{{Name: "run_id", Kind: record.Int}, {Name: "point", Kind: record.Int}, {Name: "rep", Kind: record.Int}}, factors...)
	columns = append(columns, record.Column{Name: "x", Kind: record.Float, Title: "X"})
	points := record.NewTable(append([]record.Column{{Name: "point", Kind: record.Int}}, factors...))
	runs := record.NewTable(columns)
	for point, values := range d.values {
		cells := []float64{}
		if d.cases != nil {
			cells = append(cells, float64(point))
		}
		cells = append(cells, values...)
		points.Append(append([]float64{float64(point)}, cells...)...)
		for rep := range d.reps {
			row := append([]float64{float64(runs.Len()), float64(point), float64(rep)}, cells...)
			runs.Append(append(row, d.x(values, uint64(Luck(&d.design, int64(point))), rep))...)
		}
	}
	m := &record.Manifest{Title: "Designed", Seed: d.seed, Runs: int64(runs.Len()), Design: d.design, Files: map[string]record.FileInfo{"runs.csv": {SHA256: name}}}
	return &Side{Name: name, Manifest: m, columns: columns, points: points, chunks: iter.Seq2[*record.Table, error](func(yield func(*record.Table, error) bool) { yield(runs, nil) })}
}

// linear10 is 100 times the first factor, 10 times the second and so on, and a little luck.
func linear10(values []float64, luck uint64, rep int) float64 {
	sum, weight := rand.New(rand.NewPCG(luck, uint64(rep))).Float64()/1000, 100.
	for _, v := range values {
		sum += weight * v
		weight /= 10
	}
	return sum
}

func futuresOf(n int, kind string) [][]float64 {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	if kind == "sobol" { // of which a longer one begins with a shorter one
		r = rand.New(rand.NewPCG(5, 5))
	}
	var all [][]float64
	for range n {
		all = append(all, []float64{r.Float64(), r.Float64()})
	}
	return all
}

// Points are compared with points that are the same, history by history where their luck is, and it says so.
func TestCompareMatchesValues(t *testing.T) {
	grid := func(keys string, values ...[]float64) designed {
		return designed{design: record.Design{Kind: "grid"}, seed: 1, reps: 40, factors: strings.Fields(keys), values: values, x: linear10}
	}
	sample := func(kind string, n int) designed {
		u := []string{"u.a", "u.b"}
		return designed{design: record.Design{Kind: kind, Futures: int64(n), Uncertain: u}, seed: 1, reps: 40, factors: u, values: futuresOf(n, kind), x: linear10}
	}
	moved, other, seeded := sample("latin-hypercube", 30), sample("latin-hypercube", 30), sample("latin-hypercube", 30)
	moved.values[7] = []float64{.5, .5}
	for i := range other.values {
		other.values[i] = []float64{.5, .5}
	}
	other.seed, seeded.seed = 2, 2
	levers := grid("a b c d", []float64{1, 1, 1, 1}, []float64{1, 1, 1, 2})
	levers.design.Futures, levers.design.Uncertain = 0, []string{"a", "b", "c", "d"}
	crossed := func(order ...float64) designed {
		d := grid("a b c d u")
		d.design.Futures, d.design.Uncertain = 3, []string{"u"}
		for _, last := range order {
			for _, u := range []float64{.1, .2, .3} {
				d.values = append(d.values, []float64{1, 1, 1, last, u})
			}
		}
		return d
	}
	named := grid("a", []float64{1}, []float64{2})
	named.cases = []string{"one", "two"}
	renamed := grid("a b", []float64{1, 0}, []float64{7, 0})
	renamed.cases = []string{"one", "two"}
	others := renamed
	others.cases = []string{"three", "four"}
	mean := func(d designed) float64 {
		sum := 0.
		for _, v := range d.values {
			for rep := range d.reps {
				sum += d.x(v, 0, rep)
			}
		}
		return sum / float64(len(d.values)*d.reps)
	}
	one := designed{seed: 1, reps: 40, values: [][]float64{{}}, x: func(_ []float64, luck uint64, rep int) float64 { return 5 + linear10(nil, luck, rep) }}
	for name, c := range map[string]struct {
		a, b    designed
		own     float64 // of any parameter that one of them does not vary; NaN: not known
		paired  bool
		matched string
		said    string // in what it says
		only    [2]int64
		values  []float64 // B−A at each place
		ask     string
	}{
		"other levels":          {a: grid("a", []float64{1}, []float64{2}, []float64{3}), b: grid("a", []float64{3}, []float64{4}, []float64{2}), paired: true, matched: "factors", only: [2]int64{1, 1}, values: []float64{0, 0}},
		"other factors":         {a: grid("a", []float64{1}, []float64{2}), b: grid("b a", []float64{0, 2}, []float64{3, 2}, []float64{3, 1}), own: 3, paired: true, matched: "factors", said: "b is varied in B alone: in A the value of its input counts.", only: [2]int64{0, 1}, values: []float64{210, 120}},
		"no such value":         {a: grid("a", []float64{1}, []float64{2}), b: grid("b", []float64{0}), own: 3, ask: "a and b have no design point in common, matched by factors: A has a = 1.0, b = 3.0; a = 2.0, b = 3.0. B has a = 3.0, b = 0.0"},
		"no such pair":          {a: grid("a b c d e", []float64{1, 8, 1, 0, 0}, []float64{2, 8, 2, 1, 1}), b: grid("a b c d e", []float64{1, 8, 2, 0, 0}, []float64{2, 8, 1, 1, 1}), ask: "A has a = 1.0, c = 1.0, d = 0.0, …; a = 2.0, c = 2.0, d = 1.0, …. B has a = 1.0, c = 2.0, d = 0.0, …; a = 2.0, c = 1.0, d = 1.0, …"},
		"too many values":       {a: grid("a", []float64{1}, []float64{2}, []float64{3}, []float64{4}, []float64{5}), b: grid("a", []float64{6}, []float64{7}, []float64{8}), ask: "A has a = 1.0; a = 2.0; a = 3.0; …. B has a = 6.0; a = 7.0; a = 8.0"},
		"no such case":          {a: named, b: others, own: 0, ask: "matched by case: A has Case = one; Case = two. B has Case = three; Case = four"},
		"not known":             {a: grid("a", []float64{1}, []float64{2}), b: grid("b", []float64{0}), own: math.NaN(), ask: "a is varied in a alone, and its value in b is not known"},
		"one of a grid":         {a: one, b: grid("a", []float64{1}, []float64{3}), own: 3, paired: true, matched: "factors", said: "a is varied in B alone", only: [2]int64{0, 1}, values: []float64{295}},
		"chosen, sampled":       {a: grid("u.a", []float64{1}), b: sample("latin-hypercube", 30), ask: "u.a is chosen in a and sampled in b"},
		"more than three words": {a: crossed(1, 2), b: crossed(2, 1), paired: true, matched: "factors and future", values: []float64{0, 0}},
		"chosen uncertainties":  {a: levers, b: levers, paired: true, matched: "factors", values: []float64{0, 0}},
		"one choice and two":    {a: crossed(2), b: crossed(1, 2), paired: true, matched: "factors and future", only: [2]int64{0, 3}, values: []float64{0}},
		"cases":                 {a: named, b: renamed, own: 0, paired: true, matched: "case", said: "Cases of the same name with other values of factors: 1.", values: []float64{0, 500}},
		"case and grid":         {a: named, b: grid("a", []float64{2}), paired: true, matched: "factors", only: [2]int64{1, 0}, values: []float64{0}},
		"none sampled":          {a: one, b: sample("latin-hypercube", 30), matched: "factors", said: "B samples 30 futures and A none", values: []float64{mean(sample("latin-hypercube", 30)) - mean(one)}},
		"other numbers":         {a: sample("latin-hypercube", 20), b: sample("latin-hypercube", 30), matched: "factors", said: "the sampled futures are not the same", values: []float64{mean(sample("latin-hypercube", 30)) - mean(sample("latin-hypercube", 20))}},
		"a longer sequence":     {a: sample("sobol", 20), b: sample("sobol", 50), paired: true, matched: "factors and future", only: [2]int64{0, 30}, values: []float64{0}},
		"one future moved":      {a: sample("latin-hypercube", 30), b: moved, paired: true, matched: "factors and future", said: "At 1 of them sampled values differ", values: []float64{mean(moved) - mean(sample("latin-hypercube", 30))}},
		"other futures":         {a: sample("latin-hypercube", 30), b: other, matched: "factors", said: "the sampled futures are not the same", values: []float64{mean(other) - mean(sample("latin-hypercube", 30))}},
		"another seed":          {a: sample("latin-hypercube", 30), b: seeded, matched: "factors", said: "the seeds are not the same. 30 design points of A beside 30 of B, matched by factors.", values: []float64{0}},
	} {
		own := func(string) any {
			if c.own != c.own {
				return nil
			}
			return c.own
		}
		got, err := compare(c.a.side("a"), c.b.side("b"), CompareOptions{Level: .95, Value: [2]func(string) any{own, own}})
		if err != nil || c.ask != "" {
			if err == nil || c.ask == "" || !strings.Contains(err.Error(), c.ask) {
				t.Errorf("%s: got %v, want %q", name, err, c.ask)
			}
			continue
		}
		if got.Paired != c.paired || (got.Unpaired == "") != c.paired || got.Matched != c.matched || got.Only != c.only || !strings.Contains(got.how(), c.said) {
			t.Errorf("%s: paired %v, matched by %s, alone %v: %s", name, got.Paired, got.Matched, got.Only, got.how())
		}
		var values []float64
		for _, q := range got.Tests {
			if q.Statistic == "mean" {
				values = append(values, q.Value)
			}
		}
		if fmt.Sprintf("%.6f", values) != fmt.Sprintf("%.6f", c.values) {
			t.Errorf("%s: B−A is %v, want %v", name, values, c.values)
		}
	}
}

// Of a design whose scramblings (or trajectories) have luck of their own, it is they that are independent: intervals of B−A
// cover as often as they say, where points by themselves would not.
func TestCompareClusters(t *testing.T) {
	const blocks, size, studies = 12, 8, 600
	for name, paired := range map[string]bool{"independent": false, "paired": true} {
		covered := 0
		for study := range uint64(studies) {
			result := func(side uint64) *Side {
				seed := 2*study + side
				d := designed{
					design: record.Design{Kind: "saltelli", Futures: blocks * size, Sharing: size, Scrambles: blocks, Uncertain: []string{"u"}},
					seed:   seed, reps: 3, factors: []string{"u"},
					x: func(values []float64, luck uint64, rep int) float64 {
						r := rand.New(rand.NewPCG(seed, luck<<8|uint64(rep)))
						scrambling := rand.New(rand.NewPCG(seed, luck<<32)).NormFloat64()
						return values[0] + 2*scrambling + 2*r.NormFloat64() + .3*rand.New(rand.NewPCG(seed, math.Float64bits(values[0])+luck<<8+uint64(rep))).NormFloat64()
					},
				}
				for point := range blocks * size {
					d.values = append(d.values, []float64{float64(point%size) / size})
				}
				if paired {
					d.seed = study
				}
				return d.side(fmt.Sprint(side))
			}
			c, err := compare(result(0), result(1), CompareOptions{Level: .95})
			if err != nil {
				t.Fatal(err)
			}
			q := find(t, c, "x", "", "mean", 0)
			if c.Paired != paired || len(c.Places) != 1 {
				t.Fatalf("%s: paired %v, %d places", name, c.Paired, len(c.Places))
			}
			if q.Low <= 0 && 0 <= q.High {
				covered++
			}
			if (q.P > .05) != (q.Low <= 0 && 0 <= q.High) {
				t.Fatalf("%s: p %v beside [%v, %v]", name, q.P, q.Low, q.High)
			}
		}
		// Of 600 at .95, three standard errors are 16.
		if covered < 570-16 || covered > 570+16 {
			t.Errorf("%s: %d of %d intervals cover, want .95", name, covered, studies)
		}
	}
}

// The correction is the one that is asked for, and is named.
func TestCompareCorrections(t *testing.T) {
	before := map[string]int{}
	for _, correction := range Corrections {
		c := compared(t, drawn{seed: 1, points: 1, n: 400, invaded: 0.3, people: 100_000}, drawn{seed: 1, points: 1, n: 400, invaded: 0.32, people: 120_000}, CompareOptions{Correction: correction})
		var p []float64
		for i := range c.Tests {
			p = append(p, c.Tests[i].P)
		}
		for i, want := range correction.adjust(p) {
			if c.Tests[i].Adjusted != want {
				t.Fatalf("%s: p %v became %v, want %v", correction.Name, p[i], c.Tests[i].Adjusted, want)
			}
		}
		before[correction.Name] = c.changed()
		var text, csv, machine strings.Builder
		for _, err := range []error{c.Document().Text(&text, Style{Width: 400}), c.CSV(&csv), c.JSON(&machine)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !strings.Contains(text.String(), "after "+correction.By+")") || !strings.Contains(csv.String(), ",p,p_adjusted,correction,variance_reduction,changed\n") ||
			strings.Count(csv.String(), ","+correction.Name+",") != len(c.Tests) ||
			!strings.Contains(machine.String(), `"multiplicity": "`+correction.Name+`"`) || strings.Contains(machine.String(), "p_holm") != (correction.Name == "holm") {
			t.Errorf("%s is not named in\n%s", correction.Name, text.String())
		}
	}
	if n := before; !(n["bonferroni"] <= n["holm"] && n["holm"] <= n["hochberg"] && n["hochberg"] <= n["hommel"] && n["hommel"] <= n["bh"] && n["by"] <= n["bh"] && n["bonferroni"] < n["bh"]) {
		t.Errorf("changes that are seen: %v", n)
	}
}
