package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"testing"
)

// looks is numbers of runs from first to most, each larger by the factor growth, or by one.
func looks(first int, growth float64, most int) []int {
	var all []int
	for n := first; n < most; n = max(n+1, int(math.Ceil(float64(n)*growth))) {
		all = append(all, n)
	}
	return append(all, most)
}

// rounds is the looks of a study whose first round has so many replications.
func rounds(first, most int) []int {
	var all []int
	for n := first; n < most; n = int(NextLook(int64(n))) {
		all = append(all, n)
	}
	return append(all, most)
}

// A walkOfCounts is the exact law of a count of successes of probability p over looks, with those left out that
// have stopped.
type walkOfCounts struct {
	p      float64
	n      int
	first  int // the count of weight[0]
	weight []float64
}

// to brings the law to n runs.
func (w *walkOfCounts) to(n int) {
	step := binomialWeights(n-w.n, w.p)
	low := slices.IndexFunc(step, func(v float64) bool { return v > 1e-16 })
	for step[len(step)-1] <= 1e-16 {
		step = step[:len(step)-1]
	}
	step = step[low:]
	next := make([]float64, len(w.weight)+len(step)-1)
	for i, x := range w.weight {
		for j, y := range step {
			next[i+j] += x * y
		}
	}
	w.n, w.first, w.weight = n, w.first+low, next
	for len(w.weight) > 1 && w.weight[0] <= 1e-16 {
		w.first, w.weight = w.first+1, w.weight[1:]
	}
	for len(w.weight) > 1 && w.weight[len(w.weight)-1] <= 1e-16 {
		w.weight = w.weight[:len(w.weight)-1]
	}
}

// stoppedCoverage is the exact coverage of a share by a rule that stops at the latest at the last look,
// the runs it takes on average, and how often it warns of an early stop.
func stoppedCoverage(p float64, looks []int, rule func(k, n int) Look) (coverage, runs, warned float64) {
	w := walkOfCounts{p: p, weight: []float64{1}}
	for i, n := range looks {
		w.to(n)
		for j, v := range w.weight {
			if v == 0 {
				continue
			}
			l := rule(w.first+j, n)
			if !l.Stop && i < len(looks)-1 {
				continue
			}
			w.weight[j] = 0
			runs += v * float64(n)
			if l.covers(p) {
				coverage += v
			}
			if slices.Contains(l.Warnings, WarnStoppedEarly) {
				warned += v
			}
		}
		if !slices.ContainsFunc(w.weight, func(v float64) bool { return v > 1e-16 }) {
			break
		}
	}
	return coverage, runs, warned
}

// alwaysCoverage is the exact probability that the intervals of all looks cover p.
func alwaysCoverage(p float64, looks []int, interval func(k, n int, level float64) Estimate) float64 {
	w := walkOfCounts{p: p, weight: []float64{1}}
	for _, n := range looks {
		w.to(n)
		// No limit falls as the count grows.
		first := sort.Search(len(w.weight), func(j int) bool { return interval(w.first+j, n, 0.95).High >= p })
		past := sort.Search(len(w.weight), func(j int) bool { return interval(w.first+j, n, 0.95).Low > p })
		w.first, w.weight = w.first+first, w.weight[first:past]
	}
	sum := 0.0
	for _, v := range w.weight {
		sum += v
	}
	return sum
}

// wald is the rule not to use.
func (p Precision) wald(k, n int) Look {
	share := float64(k) / float64(n)
	half := normal(0.95) * math.Sqrt(share*(1-share)/float64(n))
	l := Look{Estimate: Estimate{Value: share, Low: share - half, High: share + half, Level: 0.95, N: n}}
	l.Stop = half <= max(p.Absolute, p.Relative*share)
	return l
}

func (p Precision) share(k, n int) Look { return p.Share(k, n, 0.95) }

// A schedule is looks with Student's quantile at each.
type schedule func() (looks []int, quantile []float64)

func scheduled(looks []int) schedule {
	return sync.OnceValues(func() ([]int, []float64) {
		quantile := make([]float64, len(looks))
		for i, n := range looks {
			quantile[i] = student(0.95, float64(n-1))
		}
		return looks, quantile
	})
}

// walk draws to the first look, then to the next, and stops where stop says so, given the t interval of the
// runs so far and the half-width of the confidence sequence.
func (s schedule) walk(r *rand.Rand, one func(*rand.Rand) float64, stop func(e Estimate, sequence float64) bool) {
	n, mean, squares := 0, 0.0, 0.0
	looks, quantile := s()
	for i, look := range looks {
		for n < look {
			n++
			x := one(r)
			d := x - mean
			mean += d / float64(n)
			squares += d * (x - mean)
		}
		variance := squares / float64(n-1)
		half := quantile[i] * math.Sqrt(variance/float64(n))
		e := Estimate{Value: mean, Low: mean - half, High: mean + half, Level: 0.95, N: n, Method: "t interval"}
		if stop(e, sequenceHalf(float64(n), variance, 0.95)) {
			return
		}
	}
}

func sequentialCoverage() []coverageCase {
	rare := Precision{Relative: 0.2}
	every := looks(1, 1, 5000)
	stopping := func(what, to string, p float64, first int, low, high float64, rule func(k, n int) Look) coverageCase {
		return coverageCase{what: what, setting: fmt.Sprintf("p = %v, to %s, rounds from %d runs", p, to, first),
			level: 0.95, low: low, high: high,
			exact: func() float64 {
				coverage, _, _ := stoppedCoverage(p, rounds(first, 1000000), rule)
				return coverage
			}}
	}
	mean := func(what, setting string, rule Precision, one func(*rand.Rand) float64, truth, low, high float64) coverageCase {
		schedule := scheduled(rounds(30, 100000))
		return coverageCase{what: what, setting: setting + ", rounds from 30 runs", level: 0.95, low: low, high: high,
			trial: func(r *rand.Rand) (covered bool) {
				schedule.walk(r, one, func(e Estimate, _ float64) bool {
					l := rule.judge(e)
					covered = l.covers(truth)
					return l.Stop
				})
				return covered
			}}
	}
	// A study of five points under common luck goes on until the interval of every one is narrow.
	together := func(at int) coverageCase {
		shares, rule := []float64{0.1, 0.2, 0.3, 0.4, 0.5}, Precision{Absolute: 0.025}
		return coverageCase{what: "stopping on the widest of several points", level: 0.95, low: 0.94, high: 0.96,
			setting: fmt.Sprintf("p = %v under common luck, all to ±.025, rounds from 50 runs, the interval of p = %v", shares, shares[at]),
			trial: func(r *rand.Rand) bool {
				n, counts := 0, make([]int, len(shares))
				for _, look := range rounds(50, 100000) {
					for ; n < look; n++ {
						luck := r.Float64()
						for i, p := range shares {
							if luck < p {
								counts[i]++
							}
						}
					}
					met := true
					for _, k := range counts {
						met = met && rule.Share(k, n, 0.95).Stop
					}
					if met {
						break
					}
				}
				return Share(counts[at], n, 0.95).covers(shares[at])
			}}
	}
	looked := func(what string, f func(k, n int, level float64) Estimate, p, low, high float64) coverageCase {
		return coverageCase{what: what, setting: fmt.Sprintf("p = %v, a look after each of 5,000 runs", p), level: 0.95, low: low, high: high,
			exact: func() float64 { return alwaysCoverage(p, every, f) }}
	}
	nightly := func(what, setting string, one func(*rand.Rand) float64, truth, low, high float64, half func(e Estimate, sequence float64) float64) coverageCase {
		often := looks(2, 1, 50)
		for n := 60; n <= 3000; n += 10 {
			often = append(often, n)
		}
		schedule := scheduled(often)
		return coverageCase{what: what, setting: setting + ", 344 looks in 3,000 runs", level: 0.95, low: low, high: high,
			trial: func(r *rand.Rand) bool {
				covered := true
				schedule.walk(r, one, func(e Estimate, sequence float64) bool {
					covered = math.Abs(e.Value-truth) <= half(e, sequence)
					return !covered
				})
				return covered
			}}
	}
	sequence := func(_ Estimate, sequence float64) float64 { return sequence }
	repeated := func(e Estimate, _ float64) float64 { return e.HalfWidth() }
	normal, exponential := (*rand.Rand).NormFloat64, (*rand.Rand).ExpFloat64
	return []coverageCase{
		stopping("stopping on Wilson's width", "20% of the value", 0.01, 50, 0.94, 0.96, rare.share),
		stopping("stopping on Wilson's width", "20% of the value", 0.1, 50, 0.94, 0.96, rare.share),
		stopping("stopping on Wilson's width", "±.01", 0.4, 1000, 0.94, 0.96, Precision{Absolute: 0.01}.share),
		stopping("stopping on Wilson's width", "20% of the value", 0.05, 100, 0.93, 0.96, rare.share),
		stopping("stopping on Wilson's width, where it covers less", "±.01", 0.02, 50, 0.92, 0.94, Precision{Absolute: 0.01}.share),
		stopping("stopping on Wald's width (not offered)", "20% of the value", 0.01, 50, 0.3, 0.4, rare.wald),
		together(0), together(4),
		mean("stopping on Student's width", "normal, to .1 of the deviation", Precision{Absolute: 0.1}, normal, 0, 0.94, 0.96),
		mean("stopping on Student's width", "exponential, to 5% of the mean", Precision{Relative: 0.05}, exponential, 1, 0.94, 0.96),
		mean("stopping on Student's width, where it covers less", "exponential, to .2, early", Precision{Absolute: 0.2}, exponential, 1, 0.90, 0.93),
		looked("beta-binomial confidence sequence", ShareSequence, 0.01, 0.95, 1),
		looked("beta-binomial confidence sequence", ShareSequence, 0.1, 0.95, 1),
		looked("beta-binomial confidence sequence", ShareSequence, 0.5, 0.95, 1),
		looked("Wilson at each look (not offered)", Share, 0.1, 0, 0.6),
		nightly("t-test confidence sequence", "normal", normal, 0, 0.95, 1, sequence),
		nightly("t-test confidence sequence", "exponential", exponential, 1, 0.95, 1, sequence),
		nightly("Student's t at each look (not offered)", "normal", normal, 0, 0, 0.6, repeated),
		{what: "two runs of one thing raise no alarm", setting: "ten means and ten shares of 40 and 40 runs, Holm", level: 0.95, low: 0.95, high: 1,
			trial: func(r *rand.Rand) bool { return slices.Min(Holm(twiceTheSame(r))) > 0.05 }},
	}
}

// twiceTheSame is P values of twenty measures, of which many go together, between independent runs of one
// distribution.
func twiceTheSame(r *rand.Rand) []float64 {
	const runs = 40
	var values [2][10][]float64
	var counts [2][10]int
	for side := range 2 {
		for range runs {
			severity := r.NormFloat64()
			for m := range 10 {
				x := severity + r.NormFloat64()
				values[side][m] = append(values[side][m], math.Exp(x/4))
				if severity+r.NormFloat64() > float64(m)/4 {
					counts[side][m]++
				}
			}
		}
	}
	var p []float64
	for m := range 10 {
		p = append(p, Welch(values[0][m], values[1][m], 0.95).Test.P, FisherExact(counts[0][m], runs, counts[1][m], runs).P)
	}
	return p
}

// With looks at most a quarter more runs apart, a rule on Wilson's width covers 94 to 96%, rounded, or in
// most cases warns that it stopped early: exactly, over shares, targets and schedules.
func TestSequentialShare(t *testing.T) {
	silent := 0
	for _, rule := range []Precision{{Relative: 0.1}, {Relative: 0.15}, {Relative: 0.2}, {Relative: 0.3}, {Relative: 0.5},
		{Absolute: 0.005}, {Absolute: 0.01}, {Absolute: 0.02}, {Absolute: 0.05}} {
		for _, p := range []float64{0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9} {
			for _, first := range []int{30, 100} {
				for _, growth := range []float64{1.1, 1.25} {
					coverage, runs, warned := stoppedCoverage(p, looks(first, growth, 1000000), func(k, n int) Look { return rule.Share(k, n, 0.95) })
					if warned > 0.5 {
						continue
					}
					silent++
					if coverage < 0.935 || coverage > 0.965 {
						t.Errorf("%+v, p = %v, looks from %d by %v: covers %.4f in %.0f runs, and warns in %.2f; see it again: go test ./stats -run '^%s$'",
							rule, p, first, growth, coverage, runs, warned, t.Name())
					}
				}
			}
		}
	}
	if silent < 150 {
		t.Errorf("only %d settings in which the rule does not mostly warn; see it again: go test ./stats -run '^%s$'", silent, t.Name())
	}
}

func TestPrecision(t *testing.T) {
	inf := math.Inf(1)
	half := func(n int, value, half float64) Estimate {
		return Estimate{Value: value, Low: value - half, High: value + half, N: n, Level: 0.95}
	}
	for _, c := range []struct {
		name   string
		rule   Precision
		e      Estimate
		stop   bool
		target float64
	}{
		{"wide", Precision{Absolute: 1}, half(400, 10, 2), false, 1},
		{"narrow", Precision{Absolute: 2}, half(400, 10, 2), true, 2},
		{"the looser counts", Precision{Absolute: 1, Relative: 0.2}, half(400, 10, 2), true, 2},
		{"of a negative value", Precision{Relative: 0.1}, half(400, -10, 2), false, 1},
		{"few, though narrow", Precision{Absolute: 2}, half(29, 10, 1), false, 2},
		{"relative to nothing", Precision{Relative: 0.1}, half(400, 0, 2), false, 0},
		{"no width at 0", Precision{Relative: 0.1}, half(400, 0, 0), false, 0},
		{"no bounds", Precision{Absolute: 1}, half(400, 10, inf), false, 1},
		{"no runs", Precision{Absolute: 1}, nothing(0.95, "t"), false, 1},
	} {
		if l := c.rule.judge(c.e); l.Stop != c.stop || l.Target != c.target {
			t.Errorf("%s: stop %v, target %v; want %v, %v; see it again: go test ./stats -run '^%s$'", c.name, l.Stop, l.Target, c.stop, c.target, t.Name())
		}
	}
	for _, rule := range []Precision{{}, {Absolute: -1, Relative: 2}, {Relative: math.NaN()}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was taken for a rule", rule)
				}
			}()
			rule.judge(half(400, 10, 2))
		}()
	}
	// A stop says that it was early until so much is known.
	for _, c := range []struct {
		l    Look
		want bool
	}{
		{Precision{Absolute: 0.1}.Share(921, 1000, 0.95), true}, {Precision{Absolute: 0.001}.Share(79, 1000, 0.95), false},
		{Precision{Absolute: 1}.Mean(moments(299), 0.95), true}, {Precision{Absolute: 1}.Mean(moments(300), 0.95), false},
	} {
		if got := slices.Contains(c.l.Warnings, WarnStoppedEarly); got != c.want {
			t.Errorf("%v of %d: warns of an early stop: %v, want %v", c.l.Value, c.l.N, got, c.want)
		}
	}
}

// moments is those of n values, some of which differ.
func moments(n int) *Moments {
	m := new(Moments)
	for i := range n {
		m.Add(float64(i % 3))
	}
	return m
}

// The limits of the sequence are where the mixture martingale, got by betting run by run, meets its bound.
func TestShareSequenceByBetting(t *testing.T) {
	r := rand.New(rand.NewPCG(40, 40))
	for _, p := range []float64{0.02, 0.3, 0.5, 0.95} {
		var outcomes []bool
		k := 0
		for n := 1; n <= 400; n++ {
			outcomes = append(outcomes, r.Float64() < p)
			if outcomes[n-1] {
				k++
			}
			if n%37 != 0 && n > 5 {
				continue
			}
			e := ShareSequence(k, n, 0.95)
			// Jeffreys' predictive chance of the next success, over that under q (Krichevsky and Trofimov).
			capital := func(q float64) float64 {
				log, hits := 0.0, 0.0
				for i, hit := range outcomes {
					predicted := (hits + 0.5) / float64(i+1)
					if hit {
						log += math.Log(predicted / q)
						hits++
					} else {
						log += math.Log((1 - predicted) / (1 - q))
					}
				}
				return log
			}
			what := fmt.Sprintf("%d of %d", k, n)
			if k > 0 {
				near(t, what+", log capital at the lower limit", capital(e.Low), math.Log(20), 1e-9)
			} else if e.Low != 0 {
				t.Errorf("%s: lower limit %v", what, e.Low)
			}
			if k < n {
				near(t, what+", log capital at the upper limit", capital(e.High), math.Log(20), 1e-9)
			} else if e.High != 1 {
				t.Errorf("%s: upper limit %v", what, e.High)
			}
			mirror := ShareSequence(n-k, n, 0.95)
			bounds(t, what+" mirrored", e, 1-mirror.High, 1-mirror.Low, 1e-12)
			if w := Share(k, n, 0.95); e.HalfWidth() < w.HalfWidth() {
				t.Errorf("%s: half-width %v, below that of one look, %v", what, e.HalfWidth(), w.HalfWidth())
			}
		}
	}
}

// The limits of the sequence are where the likelihood of t, mixed over the effect size, is 20 times that
// without effect: here by integrating over effect and deviation, prior 1/sigma.
func TestMeanSequenceByIntegration(t *testing.T) {
	x := []float64{1.2, -0.4, 2.2, 0.9, 1.7, 0.1, 3.1, 1.4, 0.8, 1.9, -0.2, 1.1, 2.5, 0.6, 1.5, 1.0, 0.3, 2.0, 1.3, 0.7,
		1.6, 0.2, 1.8, 2.8, -0.9, 1.05, 0.45, 2.1, 1.25, 0.95, 1.15, 0.55, 1.45, 2.3, 0.05, 1.35}
	s := NewSample(x)
	e := s.MeanSequence(0.95)
	n := float64(len(x))
	marginal := func(centre, g float64) float64 { // log of the integral over sigma and effect, by the middle rule
		sum := 0.0
		squares, total := 0.0, 0.0
		for _, v := range x {
			squares += (v - centre) * (v - centre)
			total += v - centre
		}
		const steps = 400
		for i := range steps {
			logSigma := -2 + 4*(float64(i)+0.5)/steps
			sigma := math.Exp(logSigma)
			inner := math.Exp(-squares / (2 * sigma * sigma))
			if g > 0 {
				inner = 0
				for j := range steps {
					z := -9 + 18*(float64(j)+0.5)/steps
					d := z * math.Sqrt(g)
					inner += math.Exp(-z*z/2-(squares-2*d*sigma*total+n*d*d*sigma*sigma)/(2*sigma*sigma)) / math.Sqrt(2*math.Pi) * 18 / steps
				}
			}
			sum += math.Exp(-n*logSigma) * inner * 4 / steps
		}
		return math.Log(sum)
	}
	for _, limit := range []float64{e.Low, e.High} {
		near(t, fmt.Sprint("log Bayes factor at ", limit), marginal(limit, effectVariance)-marginal(limit, 0), math.Log(20), 1e-6)
	}
	few := NewSample(x[:5]).MeanSequence(0.95)
	if !math.IsInf(few.High, 1) || !slices.Contains(few.Warnings, WarnNoBounds) {
		t.Errorf("of 5 runs: up to %v, warnings %q; want no bound and %q", few.High, few.Warnings, WarnNoBounds)
	}
}
