package stats

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"tripwire/study/design"
)

var fullCoverage = flag.Bool("coverage", false, "simulate coverage and selection with ten times the repetitions")

// repetitions is n by flag and a tenth of it without.
func repetitions(n int) int {
	if *fullCoverage {
		return n
	}
	return n / 10
}

// inParallel calls f for 0 .. n-1 on all cores.
func inParallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}

func ishigami(x []float64) float64 {
	a, b, c := math.Pi*(2*x[0]-1), math.Pi*(2*x[1]-1), math.Pi*(2*x[2]-1)
	s := math.Sin(b)
	return math.Sin(a)*(1+0.1*c*c*c*c) + 7*s*s
}

func sobolG(x []float64) float64 {
	g := 1.0
	for j, a := range []float64{0, 1, 4.5, 9, 99, 99, 99, 99} {
		g *= (math.Abs(4*x[j]-2) + a) / (1 + a)
	}
	return g
}

// saltelliBlocks plays f, of d factors, at 16 scramblings of n points, runs times a row.
func saltelliBlocks(n, d int, seed uint64, runs int, f func(row, run int, x []float64) float64) [][][]float64 {
	blocks := make([][][]float64, 16)
	for b := range blocks {
		points, err := design.Saltelli(n, d, seed+uint64(b))
		if err != nil {
			panic(err)
		}
		blocks[b] = make([][]float64, len(points))
		cells := make([]float64, len(points)*runs)
		for row, x := range points {
			blocks[b][row] = cells[row*runs : (row+1)*runs]
			for run := range runs {
				blocks[b][row][run] = f(row, run, x)
			}
		}
	}
	return blocks
}

type sensitivityOracle struct {
	Ishigami struct {
		S1, ST  []float64
		V, Mean float64
	}
	G struct {
		S1, ST []float64
		V      float64
	} `json:"sobol_g"`
	PickFreeze []struct {
		N       int
		S1      []float64 `json:"S1_janon_T"`
		ST      []float64 `json:"ST_jansen"`
		Mean, V float64
		VarPop  float64 `json:"var_pop"`
	} `json:"ishigami_pickfreeze_sobol_seq_unscrambled"`
	MorrisIshigami morrisOracle `json:"morris_ishigami_unit_cube"`
	MorrisG        morrisOracle `json:"morris_sobol_g"`
	Morris91       morrisOracle `json:"morris_morris91"`
}

func TestSobolOracle(t *testing.T) {
	var want sensitivityOracle
	oracle(t, "o08_sensitivity.json", &want)
	for _, c := range want.PickFreeze {
		points, err := design.Saltelli(c.N, 3, 0)
		if err != nil {
			t.Fatal(err)
		}
		block := make([][]float64, len(points))
		for i, x := range points {
			block[i] = []float64{ishigami(x)}
		}
		a := Sobol([][][]float64{block}, 3, 0.95)
		near(t, "mean", a.Mean.Value, c.Mean, 1e-10)
		near(t, "variance", a.Variance.Value, c.VarPop, 1e-10)
		for i := range 3 {
			near(t, fmt.Sprint("first ", i, " at ", c.N), a.First[i].Value, c.S1[i], 1e-10)
			near(t, fmt.Sprint("total ", i, " at ", c.N), a.Total[i].Value, c.ST[i], 1e-10)
		}
	}
}

// sobolSimulation plays 81,920 evaluations of the Ishigami function 1,000 times with -coverage, else 100,
// and counts by index, the first-order ones before the total.
var sobolSimulation = sync.OnceValue(func() (s struct {
	n       int
	covered [6]int
	width   [6]float64 // mean half-width
}) {
	s.n = repetitions(1000)
	truth := ishigamiIndices()
	covered := make([][6]bool, s.n)
	width := make([][6]float64, s.n)
	inParallel(s.n, func(r int) {
		a := Sobol(saltelliBlocks(1024, 3, uint64(r)<<8+1, 1, func(_, _ int, x []float64) float64 { return ishigami(x) }), 3, 0.95)
		for i, e := range append(a.First, a.Total...) {
			covered[r][i] = e.covers(truth[i])
			width[r][i] = e.HalfWidth()
		}
	})
	for r := range s.n {
		for i := range 6 {
			if covered[r][i] {
				s.covered[i]++
			}
			s.width[i] += width[r][i] / float64(s.n)
		}
	}
	return s
})

// ishigamiIndices is the first-order indices and the total ones.
func ishigamiIndices() [6]float64 {
	const a, b = 7, 0.1
	pi4 := math.Pow(math.Pi, 4)
	v1, v2, v13 := (1+b*pi4/5)*(1+b*pi4/5)/2, a*a/8., b*b*pi4*pi4*8/225
	v := v1 + v2 + v13
	return [6]float64{v1 / v, v2 / v, 0, (v1 + v13) / v, v2 / v, v13 / v}
}

// The intervals cover the truth about as often as they say, at a half-width of at most .005 for 81,920
// evaluations of the Ishigami function; 1,000 repetitions with -coverage, else 100.
func TestSobolCoverage(t *testing.T) {
	var truth sensitivityOracle
	oracle(t, "o08_sensitivity.json", &truth)
	s := sobolSimulation()
	all := 0
	for i, closed := range ishigamiIndices() {
		near(t, fmt.Sprint("closed form of index ", i), closed, append(truth.Ishigami.S1, truth.Ishigami.ST...)[i], 1e-14)
		all += s.covered[i]
		t.Logf("index %d: covered %d of %d, mean half-width %.5f", i, s.covered[i], s.n, s.width[i])
		if s.width[i] > 0.005 {
			t.Errorf("index %d: mean half-width %.5f, want at most .005; see it again: go test ./stats -run '^TestSobolCoverage$' -v", i, s.width[i])
		}
	}
	if share := float64(all) / float64(6*s.n); share < 0.93 || share > 0.97 {
		t.Errorf("covered %.3f of all, want .93-.97; see it again: go test ./stats -run '^TestSobolCoverage$' -v", share)
	}
}

// Intervals cover under luck that the points of a scrambling share and that turns effects about, as strong as
// the signal; with the same luck in all scramblings they would not.
func TestSobolCoversUnderLuck(t *testing.T) {
	var truth sensitivityOracle
	oracle(t, "o08_sensitivity.json", &truth)
	const runs, points = 4, 64
	n := repetitions(600)
	cover := func(own bool) float64 {
		covered := make([]int, n)
		inParallel(n, func(k int) {
			blocks := make([][][]float64, 16)
			for b := range blocks {
				rows, err := design.Saltelli(points, 3, uint64(1+16*k+b))
				if err != nil {
					panic(err)
				}
				var luck [runs][2]float64
				block := 0
				if own {
					block = b
				}
				r := rand.New(rand.NewPCG(uint64(k), uint64(block)))
				for j := range luck {
					luck[j] = [2]float64{3 * r.NormFloat64(), 6 * r.NormFloat64()}
				}
				for _, x := range rows {
					y := make([]float64, runs)
					for j, l := range luck {
						y[j] = ishigami(x) + l[0] + l[1]*(x[1]-0.5)
					}
					blocks[b] = append(blocks[b], y)
				}
			}
			a := Sobol(blocks, 3, 0.95)
			for i := range 3 {
				for _, c := range []struct {
					e    Estimate
					want float64
				}{{a.First[i], truth.Ishigami.S1[i]}, {a.Total[i], truth.Ishigami.ST[i]}} {
					if c.e.Low <= c.want && c.want <= c.e.High {
						covered[k]++
					}
				}
			}
		})
		sum := 0
		for _, c := range covered {
			sum += c
		}
		return float64(sum) / float64(6*n)
	}
	own, shared := cover(true), cover(false)
	t.Logf("luck of its own for each scrambling: %.3f covered; the same for all: %.3f", own, shared)
	if own < 0.91 || own > 0.98 || shared > 0.85 {
		t.Errorf("covered %.3f with luck of their own, want .91-.98; %.3f with the same, want less than .85; see it again: go test ./stats -run '^%s$' -v",
			own, shared, t.Name())
	}
}

func TestSobolGFunction(t *testing.T) {
	var truth sensitivityOracle
	oracle(t, "o08_sensitivity.json", &truth)
	a := Sobol(saltelliBlocks(1024, 8, 77, 1, func(_, _ int, x []float64) float64 { return sobolG(x) }), 8, 0.9999)
	for i := range 8 {
		inside(t, fmt.Sprint("first ", i), a.First[i], truth.G.S1[i])
		inside(t, fmt.Sprint("total ", i), a.Total[i], truth.G.ST[i])
	}
	inside(t, "variance", a.Variance, truth.G.V)
}

func inside(t *testing.T, what string, e Estimate, want float64) {
	t.Helper()
	if !(e.Low <= want && want <= e.High) {
		t.Errorf("%s: [%g, %g] does not hold %g; see it again: go test ./stats -run '^%s$'", what, e.Low, e.High, want, t.Name())
	}
}

// Noise as strong as the signal moves no index, be luck shared by the rows or not; without replications
// it does.
func TestSobolSeparatesNoise(t *testing.T) {
	var truth sensitivityOracle
	oracle(t, "o08_sensitivity.json", &truth)
	const sd = 4.
	for _, shared := range []bool{false, true} {
		r := rand.New(rand.NewPCG(5, 5))
		common := make([]float64, 4)
		noisy := func(row, run int, x []float64) float64 {
			if !shared || row == 0 {
				common[run] = r.NormFloat64()
			}
			return ishigami(x) + sd*common[run]
		}
		a := Sobol(saltelliBlocks(512, 3, 900, 4, noisy), 3, 0.999)
		for i := range 3 {
			inside(t, fmt.Sprint("shared ", shared, ", first ", i), a.First[i], truth.Ishigami.S1[i])
			inside(t, fmt.Sprint("shared ", shared, ", total ", i), a.Total[i], truth.Ishigami.ST[i])
		}
		inside(t, fmt.Sprint("shared ", shared, ", variance"), a.Variance, truth.Ishigami.V)
		if !shared {
			inside(t, "noise", a.Noise, sd*sd)
		}
	}
	r := rand.New(rand.NewPCG(6, 6))
	a := Sobol(saltelliBlocks(512, 3, 900, 1, func(_, _ int, x []float64) float64 { return ishigami(x) + sd*r.NormFloat64() }), 3, 0.999)
	if e, v := a.Total[2], truth.Ishigami.V; !(e.Low > truth.Ishigami.ST[2]) {
		t.Errorf("with one run a row the total index of the third factor is %.3f, want noise in it: about %.3f; see it again: go test ./stats -run '^%s$'",
			e.Value, (truth.Ishigami.ST[2]*v+sd*sd)/(v+sd*sd), t.Name())
	}
}

func TestSobolWarns(t *testing.T) {
	constant := saltelliBlocks(4, 2, 1, 1, func(_, _ int, _ []float64) float64 { return 3 })
	second := saltelliBlocks(64, 2, 1, 1, func(_, _ int, x []float64) float64 { return x[1] })
	for _, c := range []struct {
		name    string
		e       Estimate
		warning string
	}{
		{"a constant", Sobol(constant, 2, 0.95).First[0], WarnNothingToShare},
		{"few scramblings", Sobol(second[:4], 2, 0.95).First[1], WarnFewScramblings},
		{"no blocks", Sobol(nil, 2, 0.95).Mean, WarnNoRuns},
	} {
		if !slices.Contains(c.e.Warnings, c.warning) {
			t.Errorf("%s: warnings %q, want %q; see it again: go test ./stats -run '^%s$'", c.name, c.e.Warnings, c.warning, t.Name())
		}
	}
	plain, err := design.Saltelli(64, 3, 0) // where the reference has -0.125 for the third index
	if err != nil {
		t.Fatal(err)
	}
	block := make([][]float64, len(plain))
	for i, x := range plain {
		block[i] = []float64{ishigami(x)}
	}
	for i, e := range Sobol([][][]float64{block}, 3, 0.95).First {
		if said := slices.Contains(e.Warnings, WarnNegativeIndex); said != (i == 2) {
			t.Errorf("index %d, %v: warned %v; see it again: go test ./stats -run '^%s$'", i, e.Value, said, t.Name())
		}
	}
}

type morrisOracle struct {
	Mu     []float64
	MuStar []float64 `json:"mu_star"`
	Sigma  []float64
	SE     []float64 `json:"se_mu_star"`
	First  []float64 `json:"EE_first_traj"`
}

// morris91 is Morris's own function of 20 factors (Technometrics 33, 1991).
func morris91(x []float64) float64 {
	w := make([]float64, 20)
	for i, v := range x {
		w[i] = 2 * (v - 0.5)
		if i == 2 || i == 4 || i == 6 {
			w[i] = 2 * (1.1*v/(v+0.1) - 0.5)
		}
	}
	sign := func(k int) float64 { return float64(1 - 2*(k%2)) }
	y := 0.0
	for i := range w {
		if i < 10 {
			y += 20 * w[i]
		} else {
			y += sign(i+1) * w[i]
		}
		for j := i + 1; j < 20; j++ {
			if j < 6 {
				y -= 15 * w[i] * w[j]
			} else {
				y += sign(i+j+2) * w[i] * w[j]
			}
			for k := j + 1; k < 5; k++ {
				y -= 10 * w[i] * w[j] * w[k]
				for l := k + 1; l < 4; l++ {
					y += 5 * w[i] * w[j] * w[k] * w[l]
				}
			}
		}
	}
	return y
}

// oracleTrajectories is the trajectories of the reference values: steps up by 2/3 from a base in {0, 1/3}.
func oracleTrajectories(trajectories, d int) [][]float64 {
	s := uint64(42)
	lcg := func() int { s = s * 48271 % (1<<31 - 1); return int(s) }
	var rows [][]float64
	for range trajectories {
		x := make([]float64, d)
		for j := range x {
			x[j] = float64(lcg()%2) / 3
		}
		order := make([]int, d)
		for j := range order {
			order[j] = j
		}
		for i := d - 1; i > 0; i-- {
			j := lcg() % (i + 1)
			order[i], order[j] = order[j], order[i]
		}
		rows = append(rows, append([]float64(nil), x...))
		for _, j := range order {
			x[j] += 2. / 3
			rows = append(rows, append([]float64(nil), x...))
		}
	}
	return rows
}

func TestMorrisOracle(t *testing.T) {
	var want sensitivityOracle
	oracle(t, "o08_sensitivity.json", &want)
	near(t, "Morris's function in the middle", morris91([]float64{.5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5}), 40.97222222222223, 1e-12)
	for _, c := range []struct {
		name            string
		f               func([]float64) float64
		d, trajectories int
		want            morrisOracle
	}{
		{"Ishigami", ishigami, 3, 10, want.MorrisIshigami},
		{"g", sobolG, 8, 20, want.MorrisG},
		{"Morris 1991", morris91, 20, 10, want.Morris91},
	} {
		x := oracleTrajectories(c.trajectories, c.d)
		y := make([][]float64, len(x))
		for i := range x {
			y[i] = []float64{c.f(x[i])}
		}
		for j, s := range Morris(x, y, 0.95) {
			what := fmt.Sprint(c.name, ", factor ", j)
			near(t, what+" mu", s.Mu.Value, c.want.Mu[j], 1e-10)
			near(t, what+" mu*", s.MuStar.Value, c.want.MuStar[j], 1e-10)
			near(t, what+" sigma", s.Sigma.Value, c.want.Sigma[j], 1e-10)
			near(t, what+" error of mu*", s.MuStar.HalfWidth()/student(0.95, float64(c.trajectories-1)), c.want.SE[j], 1e-10)
		}
	}
}

// sobolG3 is smooth and curved, with interactions, in three factors.
func sobolG3(x []float64) float64 {
	return x[0] + 2*x[1]*x[1] + 3*x[2]*x[2]*x[2] + 2*x[1]*x[2]*x[0]
}
