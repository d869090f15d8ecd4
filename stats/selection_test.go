package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

type rankingOracle struct {
	KN []struct {
		K, N0           int
		Alpha           float64
		H2              float64
		IndependentlyH2 float64 `json:"h2_indep"`
	}
	Example struct {
		Most         int         `json:"Nmax_plus1"`
		S2           [][]float64 `json:"S2"`
		X            [][]float64 `json:"X"`
		Alpha, Delta float64
		H2           float64
		Survivors    []int `json:"survivors_after_n0"`
	} `json:"KN_example"`
	OCBA []struct {
		APCS     float64 `json:"APCS_bonferroni"`
		T        float64
		Alloc    []float64
		Mean, SD []float64
	}
	Dunnett map[string]float64 `json:"dunnett_two_sided_95"`
	Rinott  map[string]float64 `json:"rinott_h"`
}

func TestRankingOracle(t *testing.T) {
	var want rankingOracle
	oracle(t, "o07_ranking.json", &want)
	for _, c := range want.KN {
		near(t, fmt.Sprint("h² of ", c.K), KimNelsonH2(c.K, c.N0, c.Alpha, false), c.H2, 1e-9)
		near(t, fmt.Sprint("h² of independent ", c.K), KimNelsonH2(c.K, c.N0, c.Alpha, true), c.IndependentlyH2, 1e-9)
	}
	for _, c := range want.OCBA {
		shares := OCBA(c.Mean, c.SD, c.T)
		for i, s := range shares {
			near(t, fmt.Sprint("OCBA share ", i, " of ", c.Mean), s, c.Alloc[i], 1e-9)
		}
		near(t, fmt.Sprint("APCS of ", c.Mean), CorrectSelection(c.Mean, c.SD, shares), c.APCS, 1e-9)
	}
	for name, h := range want.Rinott {
		var k, n0 int
		var p float64
		if _, err := fmt.Sscanf(strings.ReplaceAll(name, ",", " "), "k=%d P=%g n0=%d", &k, &p, &n0); err != nil {
			t.Fatal(name, err)
		}
		near(t, "Rinott "+name, RinottH(k, n0, p), h, 1e-9)
	}
	for name, q := range want.Dunnett {
		var k, df int
		if _, err := fmt.Sscanf(strings.ReplaceAll(name, ",", " "), "k=%d df=%d", &k, &df); err != nil {
			t.Fatal(name, err)
		}
		got := dunnettQuantile(slices.Repeat([]float64{math.Sqrt(0.5)}, k), float64(df), 0.95) // groups of one size
		if k == 1 {                                                                            // Student's t; the file's t_check_k1 is scipy's stdtrit, which is off by 1e-9 at df 60
			near(t, "Student "+name, got, student(0.95, float64(df)), 1e-12)
		}
		near(t, "Dunnett "+name, got, q, 1e-9)
	}
}

func TestKimNelsonExample(t *testing.T) {
	var want rankingOracle
	oracle(t, "o07_ranking.json", &want)
	e := want.Example
	s := NewKimNelson(e.X, e.Delta, e.Alpha, 0)
	near(t, "h²", s.h2, e.H2, 1e-9)
	for i, row := range e.S2 {
		for l, v := range row {
			near(t, fmt.Sprint("variance of ", i, " less ", l), s.variance[i][l], v, 1e-12)
		}
	}
	if s.MostRuns() != e.Most {
		t.Errorf("at most %d runs, want %d; see it again: go test ./stats -run '^%s$'", s.MostRuns(), e.Most, t.Name())
	}
	if !slices.Equal(s.Alive(), e.Survivors) {
		t.Errorf("policies %v survive, want %v; see it again: go test ./stats -run '^%s$'", s.Alive(), e.Survivors, t.Name())
	}
}

type kimNelsonRuns struct {
	n, correct   int
	spent, equal float64 // runs on average; what Rinott's procedure spends for the same promise
}

var kimNelsonSimulations = map[float64]func() kimNelsonRuns{
	0:   sync.OnceValue(func() kimNelsonRuns { return simulateKimNelson(0) }),
	0.8: sync.OnceValue(func() kimNelsonRuns { return simulateKimNelson(0.8) }),
}

func kimNelsonSimulation(shared float64) kimNelsonRuns { return kimNelsonSimulations[shared]() }

const kimNelsonAlpha = 0.05

// simulateKimNelson selects among ten normal policies with means 0 to 9 and deviation 6, whose runs have
// the given correlation, with an indifference zone of 1.
func simulateKimNelson(shared float64) kimNelsonRuns {
	const k, n0, sd = 10, 20, 6.
	s := kimNelsonRuns{n: repetitions(1000)}
	h := RinottH(k, n0, 1-kimNelsonAlpha)
	for rep := range s.n {
		r := rand.New(rand.NewPCG(uint64(rep), 31))
		run := func(policies []int) []float64 {
			common := r.NormFloat64()
			y := make([]float64, len(policies))
			for j, i := range policies {
				y[j] = float64(i) + sd*(math.Sqrt(shared)*common+math.Sqrt(1-shared)*r.NormFloat64())
			}
			return y
		}
		first := make([][]float64, k)
		everyone := make([]int, k)
		for i := range everyone {
			everyone[i] = i
		}
		for range n0 {
			for i, v := range run(everyone) {
				first[i] = append(first[i], v)
			}
		}
		for i := range first {
			s.equal += max(n0, math.Ceil(h*h*spreadOf(first[i]))) / float64(s.n)
		}
		selection := NewKimNelson(first, 1, kimNelsonAlpha, 0)
		for !selection.Done() {
			selection.Add(run(selection.Alive()))
		}
		if selection.Best() == k-1 {
			s.correct++
		}
		s.spent += float64(selection.Spent()) / float64(s.n)
	}
	return s
}

// KN finds the best as often as it says, with independent and with common luck, and spends at most a third
// of what equal treatment does; 1,000 repetitions with -coverage, else 100.
func TestKimNelsonSelects(t *testing.T) {
	for _, shared := range []float64{0, 0.8} {
		s := kimNelsonSimulation(shared)
		t.Logf("correlation %v: %d of %d correct, %.0f runs on average; Rinott's equal treatment takes %.0f", shared, s.correct, s.n, s.spent, s.equal)
		if e := ClopperPearson(s.correct, s.n, 0.999); e.High < 1-kimNelsonAlpha {
			t.Errorf("correlation %v: %d of %d correct, want a share of %v; see it again: go test ./stats -run '^%s$' -v", shared, s.correct, s.n, 1-kimNelsonAlpha, t.Name())
		}
		if s.spent > s.equal/3 {
			t.Errorf("correlation %v: %.0f runs, Rinott %.0f: want at most a third; see it again: go test ./stats -run '^%s$' -v", shared, s.spent, s.equal, t.Name())
		}
	}
}

// OCBA with a third of the runs selects correctly no less often than equal allocation with all.
func TestOCBASpendsWell(t *testing.T) {
	const k, sd, budget = 10, 6., 1800
	n := repetitions(20000)
	right := func(seed uint64, budget int, adaptive bool) int {
		correct := 0
		for rep := range n {
			r := rand.New(rand.NewPCG(uint64(rep), seed))
			var m [k]struct{ n, sum, squares float64 }
			run := func(i int) {
				y := float64(i) + sd*r.NormFloat64()
				m[i].n, m[i].sum, m[i].squares = m[i].n+1, m[i].sum+y, m[i].squares+y*y
			}
			mean, deviation := make([]float64, k), make([]float64, k)
			first := budget / k
			if adaptive {
				first = 10
			}
			for i := range k {
				for range first {
					run(i)
				}
			}
			for spent := k * first; ; {
				for i := range k {
					mean[i] = m[i].sum / m[i].n
					deviation[i] = math.Sqrt((m[i].squares - m[i].n*mean[i]*mean[i]) / (m[i].n - 1))
				}
				if spent >= budget {
					break
				}
				shares := OCBA(mean, deviation, float64(spent+20))
				for range 20 {
					most := 0
					for i := range k {
						if shares[i]-m[i].n > shares[most]-m[most].n {
							most = i
						}
					}
					run(most)
					spent++
				}
			}
			if bestOf(mean) == k-1 {
				correct++
			}
		}
		return correct
	}
	equal, ocba := right(1, budget, false), right(2, budget/3, true)
	t.Logf("correct of %d: %d with %d runs shared equally, %d with %d by OCBA", n, equal, budget, ocba, budget/3)
	if e := Newcombe(ocba, n, equal, n, 0.999); e.High < 0 {
		t.Errorf("%d of %d correct with a third of the runs, %d with equal allocation of all; see it again: go test ./stats -run '^%s$' -v", ocba, n, equal, t.Name())
	}
}

func TestOCBAEdges(t *testing.T) {
	for _, c := range []struct {
		name           string
		mean, sd, want []float64
	}{
		{"ties take all", []float64{2, 2, 1}, []float64{1, 1, 1}, []float64{50, 50, 0}},
		{"no spread: equal shares", []float64{3, 1}, []float64{0, 0}, []float64{50, 50}},
		{"two: by their deviations", []float64{1, 0}, []float64{3, 1}, []float64{75, 25}},
		{"one", []float64{1}, []float64{1}, []float64{100}},
	} {
		for i, got := range OCBA(c.mean, c.sd, 100) {
			near(t, fmt.Sprint(c.name, " ", i), got, c.want[i], 1e-12)
		}
	}
}

// dunnettSimulation counts in how many of 1,000 repetitions with -coverage, else 100, all of Dunnett's
// intervals cover, sizes unequal, and in how many a P value and its interval disagree.
var dunnettSimulation = sync.OnceValue(func() (s struct{ n, covered, disagree int }) {
	s.n = repetitions(1000)
	covered, disagree := make([]bool, s.n), make([]bool, s.n)
	inParallel(s.n, func(rep int) {
		r := rand.New(rand.NewPCG(uint64(rep), 44))
		draws := func(n int, mean float64) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = mean + r.NormFloat64()
			}
			return x
		}
		covered[rep] = true
		for i, d := range Dunnett(draws(12, 0), [][]float64{draws(8, 0), draws(8, 1), draws(15, 2)}, 0.9) {
			covered[rep] = covered[rep] && d.covers(float64(i))
			disagree[rep] = disagree[rep] || (d.Test.P < 0.1) == d.covers(0)
		}
	})
	for rep := range s.n {
		if covered[rep] {
			s.covered++
		}
		if disagree[rep] {
			s.disagree++
		}
	}
	return s
})

// Dunnett's P value is below the risk where the interval leaves 0 out; TestCoverage judges the covering.
func TestDunnettAgreesWithItself(t *testing.T) {
	if s := dunnettSimulation(); s.disagree > 0 {
		t.Errorf("P and interval disagree in %d of %d; see it again: go test ./stats -run '^%s$'", s.disagree, s.n, t.Name())
	}
}

func ExampleKimNelson() {
	luck := rand.New(rand.NewPCG(1, 2))
	deterred := []float64{0.55, 0.60, 0.72} // what the runs of three policies tend to
	run := func(policy int) float64 { return deterred[policy] + 0.2*luck.NormFloat64() }
	first := make([][]float64, 3)
	for policy := range first {
		for range 10 {
			first[policy] = append(first[policy], run(policy))
		}
	}
	s := NewKimNelson(first, 0.05, 0.05, 0)
	for !s.Done() {
		var y []float64
		for _, policy := range s.Alive() {
			y = append(y, run(policy))
		}
		s.Add(y)
	}
	fmt.Println("policy", s.Best(), "is the best")
	// Output: policy 2 is the best
}
