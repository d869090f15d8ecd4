package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"tripwire/study/design"
)

// binomialWeights is the probabilities of 0 .. n, from the mode outwards until nothing is left.
func binomialWeights(n int, p float64) []float64 {
	w := make([]float64, n+1)
	mode := min(n, int(float64(n+1)*p))
	w[mode] = math.Exp(logMultinomial([]int{mode, n - mode}, []float64{p, 1 - p}))
	for k := mode; k < n && w[k] > 1e-30; k++ {
		w[k+1] = w[k] * float64(n-k) / float64(k+1) * p / (1 - p)
	}
	for k := mode; k > 0 && w[k] > 1e-30; k-- {
		w[k-1] = w[k] * float64(k) / float64(n-k+1) * (1 - p) / p
	}
	return w
}

// logMultinomial is the logarithm of the probability of counts.
func logMultinomial(counts []int, p []float64) float64 {
	n := 0
	sum := 0.0
	for i, k := range counts {
		n += k
		l, _ := math.Lgamma(float64(k + 1))
		sum -= l
		if k > 0 {
			sum += float64(k) * math.Log(p[i])
		}
	}
	l, _ := math.Lgamma(float64(n + 1))
	return sum + l
}

// multinomialCoverage sums the probability of every table of n that covers.
func multinomialCoverage(n int, p []float64, covers func(counts []int) bool) float64 {
	counts := make([]int, len(p))
	sum := 0.0
	var fill func(i, left int)
	fill = func(i, left int) {
		if i == len(p)-1 {
			counts[i] = left
			if covers(counts) {
				sum += math.Exp(logMultinomial(counts, p))
			}
			return
		}
		for k := range left + 1 {
			counts[i] = k
			fill(i+1, left-k)
		}
	}
	fill(0, n)
	return sum
}

func binomialDraw(r *rand.Rand, n int, p float64) int {
	k := 0
	for range n {
		if r.Float64() < p {
			k++
		}
	}
	return k
}

func multinomialDraw(r *rand.Rand, n int, p []float64) []int {
	counts := make([]int, len(p))
	for range n {
		u := r.Float64()
		i := 0
		for ; i < len(p)-1 && u >= p[i]; i++ {
			u -= p[i]
		}
		counts[i]++
	}
	return counts
}

func (e Estimate) covers(truth float64) bool { return e.Low <= truth && truth <= e.High }

func shareCoverage() []coverageCase {
	type interval = func(k, n int, level float64) Estimate
	one := func(what string, f interval, n int, p, low, high float64) coverageCase {
		return coverageCase{
			what: what, setting: fmt.Sprintf("p = %v, %d runs", p, n), level: 0.95, low: low, high: high,
			exact: func() float64 { return ExactCoverage(f, n, p, 0.95) },
			trial: func(r *rand.Rand) bool { return f(binomialDraw(r, n, p), n, 0.95).covers(p) },
		}
	}
	least := func(what string, f func(n int, p float64) float64, setting string) coverageCase {
		return coverageCase{what: what, setting: setting, level: 0.95, low: 0.95, high: 1, exact: func() float64 {
			worst := 1.0
			for _, n := range []int{1, 2, 5, 10, 30, 100, 1000} {
				for i := 1; i < 1000; i++ {
					worst = min(worst, f(n, float64(i)/1000))
				}
			}
			return worst
		}}
	}
	return []coverageCase{
		one("Wilson", Share, 100, 0.5, 0.94, 0.96),
		one("Wilson", Share, 100, 0.1, 0.93, 0.96),
		one("Wilson", Share, 1000, 0.01, 0.94, 0.97),
		one("Wilson, where it covers less", Share, 100, 0.001, 0.90, 0.91),
		one("Jeffreys", Jeffreys, 100, 0.1, 0.93, 0.96),
		one("Agresti-Coull", AgrestiCoull, 100, 0.1, 0.93, 0.98),
		one("Clopper-Pearson", ClopperPearson, 100, 0.1, 0.95, 0.97),
		one("Clopper-Pearson", ClopperPearson, 100, 0.001, 0.95, 1),
		least("Clopper-Pearson", func(n int, p float64) float64 { return ExactCoverage(ClopperPearson, n, p, 0.95) },
			"least of p = .001 .. .999, 1 to 1,000 runs"),
		{what: "none of n: upper limit", setting: "p at the limit, 60 runs", level: 0.95, low: 0.95, high: 0.95, exact: func() float64 {
			return 1 - math.Pow(1-ZeroCount(60, 0.95).High, 60) // it fails only where nothing happened
		}},
	}
}

func differenceCoverage() []coverageCase {
	type interval = func(k1, n1, k2, n2 int, level float64) Estimate
	independent := func(what string, f interval, p1, p2 float64, n1, n2 int, low, high float64) coverageCase {
		return coverageCase{
			what: what, setting: fmt.Sprintf("p = %v and %v, %d and %d runs", p1, p2, n1, n2), level: 0.95, low: low, high: high,
			exact: func() float64 {
				sum := 0.0
				second := binomialWeights(n2, p2)
				for k1, w1 := range binomialWeights(n1, p1) {
					for k2, w2 := range second {
						if w := w1 * w2; w > 1e-12 && f(k1, n1, k2, n2, 0.95).covers(p1-p2) {
							sum += w
						}
					}
				}
				return sum
			},
			trial: func(r *rand.Rand) bool {
				return f(binomialDraw(r, n1, p1), n1, binomialDraw(r, n2, p2), n2, 0.95).covers(p1 - p2)
			},
		}
	}
	paired := func(p []float64, n int, low, high float64) coverageCase {
		covers := func(c []int) bool { return PairedShare(Pairs{c[0], c[1], c[2], c[3]}, 0.95).covers(p[1] - p[2]) }
		return coverageCase{
			what: "Newcombe paired", level: 0.95, low: low, high: high,
			setting: fmt.Sprintf("both %v, only A %v, only B %v, %d pairs", p[0], p[1], p[2], n),
			exact:   func() float64 { return multinomialCoverage(n, p, covers) },
			trial:   func(r *rand.Rand) bool { return covers(multinomialDraw(r, n, p)) },
		}
	}
	return []coverageCase{
		independent("Newcombe hybrid", Newcombe, 0.5, 0.3, 40, 40, 0.94, 0.96),
		independent("Newcombe hybrid", Newcombe, 0.05, 0.01, 100, 100, 0.95, 0.98),
		independent("Miettinen-Nurminen", MiettinenNurminen, 0.5, 0.3, 40, 40, 0.94, 0.96),
		independent("Miettinen-Nurminen, where it covers less", MiettinenNurminen, 0.05, 0.01, 100, 100, 0.93, 0.94),
		paired([]float64{0.3, 0.2, 0.1, 0.4}, 40, 0.94, 0.96),
		paired([]float64{0.05, 0.05, 0.001, 0.899}, 40, 0.95, 1),
		{what: "paired t", setting: "normal, correlation .8, 20 pairs", level: 0.95, low: 0.95, high: 0.95, trial: func(r *rand.Rand) bool {
			a, b := make([]float64, 20), make([]float64, 20)
			for i := range a {
				luck := r.NormFloat64()
				a[i], b[i] = 1+0.894*luck+0.447*r.NormFloat64(), 0.894*luck+0.447*r.NormFloat64()
			}
			return PairedMean(a, b, 0.95).covers(1)
		}},
		{what: "Welch t", setting: "normal, deviations 1 and 3, 15 and 25 runs", level: 0.95, low: 0.945, high: 0.955, trial: func(r *rand.Rand) bool {
			a, b := draw(r, 15, (*rand.Rand).NormFloat64), draw(r, 25, func(r *rand.Rand) float64 { return 3 * r.NormFloat64() })
			return Welch(a.Sorted(), b.Sorted(), 0.95).covers(0)
		}},
	}
}

func classCoverage() []coverageCase {
	one := func(what string, f func([]int, float64) []Estimate, p []float64, n int, low, high float64) coverageCase {
		covers := func(counts []int) bool {
			for i, e := range f(counts, 0.95) {
				if !e.covers(p[i]) {
					return false
				}
			}
			return true
		}
		return coverageCase{
			what: what, setting: fmt.Sprintf("shares %v, %d runs, all at once", p, n), level: 0.95, low: low, high: high,
			exact: func() float64 { return multinomialCoverage(n, p, covers) },
			trial: func(r *rand.Rand) bool { return covers(multinomialDraw(r, n, p)) },
		}
	}
	return []coverageCase{
		one("Goodman", Goodman, []float64{0.5, 0.3, 0.2}, 60, 0.94, 0.97),
		one("Goodman", Goodman, []float64{0.7, 0.25, 0.05}, 60, 0.93, 0.98),
		one("Sison-Glaz", SisonGlaz, []float64{0.5, 0.3, 0.2}, 200, 0.935, 0.96),
		one("Sison-Glaz, where it covers less", SisonGlaz, []float64{0.5, 0.3, 0.2}, 60, 0.90, 0.93),
	}
}

func numberCoverage() []coverageCase {
	one := func(what, setting string, level, low, high float64, n int, sample func(*rand.Rand) float64, truth float64, f func(Sample) Estimate) coverageCase {
		return coverageCase{what: what, setting: fmt.Sprintf("%s, %d runs", setting, n), level: level, low: low, high: high,
			trial: func(r *rand.Rand) bool { return f(draw(r, n, sample)).covers(truth) }}
	}
	normal, exponential := (*rand.Rand).NormFloat64, (*rand.Rand).ExpFloat64
	lognormal := func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) }
	mean := func(s Sample) Estimate { return s.Mean(0.95) }
	quantile := func(n int, p float64) coverageCase {
		c := one("order statistics", fmt.Sprintf("quantile %v of any distribution", p), 0.9, 0.9, 1, n, exponential, -math.Log1p(-p),
			func(s Sample) Estimate { return s.QuantileInterval(p, 0.9).Estimate })
		c.exact = func() float64 {
			return draw(rand.New(rand.NewPCG(1, 1)), n, exponential).QuantileInterval(p, 0.9).Coverage
		}
		return c
	}
	return []coverageCase{
		one("t", "normal", 0.95, 0.95, 0.95, 10, normal, 0, mean),
		one("t, where it covers less", "exponential", 0.95, 0.91, 0.94, 25, exponential, 1, mean),
		one("t", "exponential", 0.95, 0.94, 0.95, 400, exponential, 1, mean),
		quantile(30, 0.5), quantile(40, 0.9), quantile(60, 0.25),
		one("Harrell-Davis", "quantile 0.9 of a lognormal", 0.95, 0.93, 0.96, 100, lognormal, math.Exp(1.2815515655446004),
			func(s Sample) Estimate { return s.HarrellDavis(0.9, 0.95) }),
		one("expected shortfall", "worst tenth of an exponential", 0.9, 0.88, 0.90, 1000, exponential, math.Log(10)+1,
			func(s Sample) Estimate { return s.ExpectedShortfall(0.9, 0.9) }),
		one("Hill", "Pareto of shape 0.5, 100 largest", 0.95, 0.94, 0.96, 101, func(r *rand.Rand) float64 { return math.Exp(r.ExpFloat64() / 2) }, 0.5,
			func(s Sample) Estimate { return s.Hill(100, 0.95) }),
		one("generalised Pareto shape", "shape 0.2, all above the threshold", 0.95, 0.94, 0.95, 500, pareto(0.2), 0.2,
			func(s Sample) Estimate { return s.FitTail(0, 0.95).Shape }),
		one("generalised Pareto shape, where it covers less", "shape 0.2, all above the threshold", 0.95, 0.90, 0.93, 150, pareto(0.2), 0.2,
			func(s Sample) Estimate { return s.FitTail(0, 0.95).Shape }),
	}
}

func timesCoverage() []coverageCase {
	// Times of two causes at rates 1 and 1.5, censored at random at rate .5 and at 1.
	const rate1, rate2, at = 1, 1.5, 0.6
	all := rate1 + rate2
	survives := math.Exp(-all * at)
	first := rate1 / all * (1 - survives)
	one := func(what, setting string, n int, low, high, truth float64, f func(*RiskTable) Estimate) coverageCase {
		return coverageCase{what: what, setting: fmt.Sprintf("%s, %d runs", setting, n), level: 0.95, low: low, high: high,
			trial: func(r *rand.Rand) bool { return f(NewRiskTable(race(r, n, rate1, rate2, 0.5, false))).covers(truth) }}
	}
	// Without censoring a curve is a share, and what it covers can be computed.
	share := func(what string, n int, p, low, high float64) coverageCase {
		f := func(k, n int, level float64) Estimate {
			x := Times{make([]float64, n), make([]int, n)}
			for i := range n {
				x.T[i] = 2
				if i < k {
					x.T[i], x.Cause[i] = 1, 1
				}
			}
			return NewRiskTable(x).AalenJohansen(1, Greenwood).At(1, level, LogLog)
		}
		return coverageCase{what: what, setting: fmt.Sprintf("no censoring, incidence %v, %d runs", p, n), level: 0.95, low: low, high: high,
			exact: func() float64 { return ExactCoverage(f, n, p, 0.95) },
			trial: func(r *rand.Rand) bool { return f(binomialDraw(r, n, p), n, 0.95).covers(p) }}
	}
	censored := "two causes, a third censored"
	return []coverageCase{
		share("Kaplan-Meier and Aalen-Johansen, log-log", 50, 0.3, 0.94, 0.97),
		share("Kaplan-Meier and Aalen-Johansen, log-log, where it covers less", 100, 0.005, 0.90, 0.92),
		one("Kaplan-Meier, log-log", censored, 60, 0.94, 0.96, survives, func(t *RiskTable) Estimate { return t.KaplanMeier().At(at, 0.95, LogLog) }),
		one("Kaplan-Meier, log", censored, 200, 0.94, 0.96, survives, func(t *RiskTable) Estimate { return t.KaplanMeier().At(at, 0.95, Log) }),
		one("Kaplan-Meier, plain", censored, 200, 0.93, 0.96, survives, func(t *RiskTable) Estimate { return t.KaplanMeier().At(at, 0.95, Plain) }),
		one("Aalen-Johansen (Greenwood), log-log", censored, 60, 0.94, 0.97, first, func(t *RiskTable) Estimate { return t.AalenJohansen(1, Greenwood).At(at, 0.95, LogLog) }),
		one("Aalen-Johansen (Aalen), log-log", censored, 60, 0.94, 0.97, first, func(t *RiskTable) Estimate { return t.AalenJohansen(1, Aalen).At(at, 0.95, LogLog) }),
		one("restricted mean", censored, 60, 0.93, 0.96, (1-survives)/all, func(t *RiskTable) Estimate { return t.RestrictedMean(at, 0.95) }),
		pairedIncidence("paired jackknife of Aalen-Johansen", "rates 1 and 3, 200 pairs", 200, 3, 0.89, 0.91),
		pairedIncidence("paired jackknife, where it covers less", "rates 1 and 1.5, 60 pairs, of which six differ", 60, 1.5, 0.86, 0.89),
	}
}

// pairedIncidence has pairs that share the luck of the cause, whose rates are 1 and rate, of its rival, whose
// rate is 1, and of who leaves.
func pairedIncidence(what, setting string, n int, rate, low, high float64) coverageCase {
	const at = 0.8
	truth := func(rate float64) float64 { return rate / (rate + 1) * -math.Expm1(-(rate+1)*at) }
	return coverageCase{what: what, setting: setting, level: 0.9, low: low, high: high,
		trial: func(r *rand.Rand) bool {
			var a, b Times
			for range n {
				u, rival, end := r.ExpFloat64(), r.ExpFloat64(), r.ExpFloat64()*2
				a.add(u, rival, end)
				b.add(u/rate, rival, end)
			}
			return PairedIncidence(a, b, 1, at, 0.9).covers(truth(1) - truth(rate))
		}}
}

// morrisTruth is what 20,000 trajectories say of the third factor: its mean effect and its deviation.
var morrisTruth = sync.OnceValues(func() (mu, sigma float64) {
	r := rand.New(rand.NewPCG(8, 9))
	const batches = 100
	for range batches {
		s := screenG3(r, 200, 0)
		mu += s.Mu.Value / batches
		sigma += s.Sigma.Value * s.Sigma.Value / batches
	}
	return mu, math.Sqrt(sigma)
})

// screenG3 screens three runs a point and gives the third factor.
func screenG3(r *rand.Rand, trajectories int, noise float64) Screening {
	x := design.Morris(trajectories, 3, 4, r.Uint64())
	y := make([][]float64, len(x))
	for i := range x {
		y[i] = []float64{sobolG3(x[i]) + noise*r.NormFloat64(), sobolG3(x[i]) + noise*r.NormFloat64(), sobolG3(x[i]) + noise*r.NormFloat64()}
	}
	return Morris(x, y, 0.95)[2]
}

// studyCoverage is what many runs at many points say.
func studyCoverage() []coverageCase {
	morris := func(what string, noise, low float64, covers func(Screening) bool) coverageCase {
		return coverageCase{what: what, setting: fmt.Sprintf("40 trajectories, run noise %v", noise), level: 0.95, low: low, high: 0.97,
			trial: func(r *rand.Rand) bool { return covers(screenG3(r, 40, noise)) }}
	}
	mu := func(s Screening) bool { truth, _ := morrisTruth(); return s.Mu.covers(truth) }
	sigma := func(s Screening) bool { _, truth := morrisTruth(); return s.Sigma.covers(truth) }
	cases := []coverageCase{morris("Morris mu", 0.5, 0.93, mu), morris("Morris sigma", 0, 0.92, sigma), morris("Morris sigma", 0.5, 0.92, sigma)}
	for i, name := range []string{"first-order 1", "first-order 2", "first-order 3", "total 1", "total 2", "total 3"} {
		cases = append(cases, coverageCase{what: "Sobol' index, " + name, setting: "Ishigami, 16 scramblings, 81,920 evaluations", level: 0.95,
			low: 0.93, high: 0.97, test: "TestSobolCoverage", counts: func() (covered, n int) {
				s := sobolSimulation()
				return s.covered[i], s.n
			}})
	}
	cases = append(cases, coverageCase{what: "Dunnett, all at once", setting: "normal, control of 12, others of 8, 8 and 15", level: 0.9,
		low: 0.9, high: 0.9, counts: func() (covered, n int) { s := dunnettSimulation(); return s.covered, s.n }})
	for _, shared := range []float64{0, 0.8} {
		cases = append(cases, coverageCase{what: "Kim-Nelson selects the best", test: "TestKimNelsonSelects", level: 0.95, low: 0.95, high: 1,
			setting: fmt.Sprintf("ten normal policies, means 0 .. 9, deviation 6, correlation %v", shared),
			counts:  func() (covered, n int) { s := kimNelsonSimulation(shared); return s.correct, s.n }})
	}
	return cases
}

// At p = .001 Wilson's interval of 100 runs covers .905, and whatever such runs show, the estimate warns.
func TestWilsonWarnsWhereItCoversLess(t *testing.T) {
	const n, p = 100, 0.001
	if got := ExactCoverage(Share, n, p, 0.95); math.Abs(got-math.Pow(1-p, n)) > 1e-12 {
		t.Errorf("covers %.6f, want the chance of a zero count, %.6f; see it again: go test ./stats -run '^%s$'", got, math.Pow(1-p, n), t.Name())
	}
	silent := 0.0
	for k, w := range binomialWeights(n, p) {
		e := Share(k, n, 0.95)
		if !slices.Contains(e.Warnings, WarnSmallCount) && !slices.Contains(e.Warnings, WarnZeroCount) {
			silent += w
		}
	}
	if silent > 1e-15 {
		t.Errorf("no warning with probability %g; see it again: go test ./stats -run '^%s$'", silent, t.Name())
	}
}
