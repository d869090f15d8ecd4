package stats

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Criterion is how a policy is judged over futures that nobody can give odds to, or only rough ones
// (McPhail, Maier, Kwakkel, Giuliani, Castelletti and Westra, Earth's Future 6, 2018).
type Criterion int

const (
	Expected      Criterion = iota // mean over the futures: most is best
	Maximin                        // value at the worst future: most is best (Wald 1950)
	MinimaxRegret                  // largest regret, which is what the best policy at a future has more: least is best (Savage 1951)
	Regret90                       // the regret that nine futures of ten do not exceed: least is best
	Satisficing                    // share of the futures whose value reaches a threshold: most is best (Starr 1963)
	Criteria                       // how many there are
)

func (c Criterion) String() string {
	return [...]string{"expected value", "worst future", "largest regret", "90% regret", "satisficing"}[c]
}

// Prefers says whether the criterion prefers a to b.
func (c Criterion) Prefers(a, b float64) bool {
	if c == MinimaxRegret || c == Regret90 {
		return a < b
	}
	return a > b
}

// A Robustness is how policies do by every criterion. The extremes over futures are of those sampled, and
// noise makes them worse than they are.
type Robustness struct {
	Futures int
	Policy  []PolicyRobustness
	Draws   int // bootstrap samples of the futures
}

// A PolicyRobustness is what one policy comes to.
type PolicyRobustness struct {
	Criterion [Criteria]Estimate
	Best      [Criteria]float64 // share of the bootstrap samples in which it is best; ties count in parts

	// The worst future and the largest regret, found on one half of the replications and measured on the other,
	// both ways: noise no longer speaks twice. On average the truth at the futures sampled lies between these
	// and the criteria; NaN without halves.
	FreshWorst, FreshRegret float64
}

// Robust judges policies by value[policy][future], of which more is better, at the same futures: values are
// means over replications, first and second those over two halves of them that share no luck, nil where
// there are none. A NaN in value panics: leave out futures at which a policy has none. NaN for the threshold
// leaves satisficing out.
//
// Intervals hold for another sample of futures. That of the expected value, and how often a policy is best,
// come from draws bootstrap samples of the futures, the same for all policies (Efron, Annals of Statistics 7,
// 1979); that of satisficing is Wilson's, that of the 90% regret distribution-free. For an extreme the
// bootstrap is not consistent (Bickel and Freedman, Annals of Statistics 9, 1981): it knows no future worse
// than those sampled. So the limit on the bad side is open, and a warning says so.
func Robust(value, first, second [][]float64, threshold, level float64, draws int, seed uint64) Robustness {
	checkLevel("Robust", level)
	if len(value) == 0 || len(value[0]) == 0 {
		return Robustness{}
	}
	futures := len(value[0])
	regret := regrets(value)
	r := Robustness{Futures: futures, Policy: make([]PolicyRobustness, len(value)), Draws: draws}
	samples := make([]resampled, len(value))
	for p := range value {
		checkPaired("Robust", futures, len(value[p]))
		for f, x := range value[p] {
			if math.IsNaN(x) {
				panic(fmt.Sprintf("stats: Robust: policy %d has no value at future %d", p, f))
			}
		}
		samples[p] = resampled{value: value[p], regret: regret[p], threshold: threshold, byValue: order(value[p]), byRegret: order(regret[p])}
	}
	drawn := bootstrap(samples, r.Policy, draws, rand.New(rand.NewPCG(seed, 0)))
	for p := range value {
		policy := &r.Policy[p]
		values, regrets := NewSample(value[p]), NewSample(regret[p])
		tail := (1 - level) / 2
		e := Estimate{Level: level, N: futures, Method: "bootstrap over futures", Value: values.Moments().Mean(), Low: math.NaN(), High: math.NaN()}
		if draws > 0 {
			e.Low, e.High = NewSample(drawn[p][Expected]).Quantile(tail, MedianUnbiased), NewSample(drawn[p][Expected]).Quantile(1-tail, MedianUnbiased)
		}
		policy.Criterion[Expected] = e
		e.Warnings = []string{WarnWorseFutures}
		e.Value, e.Low = values.Sorted()[0], math.Inf(-1)
		if draws > 0 {
			e.High = NewSample(drawn[p][Maximin]).Quantile(level, MedianUnbiased)
		}
		policy.Criterion[Maximin] = e
		e.Value, e.High = regrets.Sorted()[futures-1], math.Inf(1)
		if e.Low = math.NaN(); draws > 0 {
			e.Low = NewSample(drawn[p][MinimaxRegret]).Quantile(1-level, MedianUnbiased)
		}
		policy.Criterion[MinimaxRegret] = e
		policy.Criterion[Regret90] = regrets.QuantileInterval(0.9, level).Estimate
		policy.Criterion[Satisficing] = nothing(level, "Wilson")
		if !math.IsNaN(threshold) {
			k := 0
			for _, x := range value[p] {
				if x >= threshold {
					k++
				}
			}
			policy.Criterion[Satisficing] = Share(k, futures, level)
		}
		policy.FreshWorst, policy.FreshRegret = fresh(first, second, p)
	}
	return r
}

// regrets is by how much the best policy at each future is better.
func regrets(value [][]float64) [][]float64 {
	regret := make([][]float64, len(value))
	for p := range value {
		regret[p] = make([]float64, len(value[p]))
		for f := range value[p] {
			best := value[p][f]
			for q := range value {
				best = max(best, value[q][f])
			}
			regret[p][f] = best - value[p][f]
		}
	}
	return regret
}

// fresh finds the worst future and the largest regret of a policy on one half, measures them on the other,
// and takes the mean of both ways.
func fresh(first, second [][]float64, policy int) (worst, regret float64) {
	if first == nil || second == nil {
		return math.NaN(), math.NaN()
	}
	for _, half := range [2][2][][]float64{{first, second}, {second, first}} {
		seek, measure := half[0], half[1]
		at, least := -1, math.Inf(1)
		rival, where, most := policy, -1, math.Inf(-1)
		for f, x := range seek[policy] {
			if x < least && !math.IsNaN(measure[policy][f]) {
				at, least = f, x
			}
			for q := range seek {
				if d := seek[q][f] - x; d > most && !math.IsNaN(measure[q][f]-measure[policy][f]) {
					rival, where, most = q, f, d
				}
			}
		}
		if at < 0 || where < 0 {
			return math.NaN(), math.NaN()
		}
		worst += measure[policy][at] / 2
		regret += (measure[rival][where] - measure[policy][where]) / 2
	}
	return worst, max(0, regret)
}

// resampled is a policy whose criteria are worked out of how often each future was drawn.
type resampled struct {
	value, regret     []float64
	threshold         float64
	byValue, byRegret []int // futures, ascending
}

func order(x []float64) []int {
	at := make([]int, len(x))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	return at
}

func (s *resampled) criteria(times []int) (c [Criteria]float64) {
	n, sum, satisfied := 0, 0.0, 0
	for f, k := range times {
		n += k
		sum += float64(k) * s.value[f]
		if s.value[f] >= s.threshold {
			satisfied += k
		}
	}
	c[Expected], c[Satisficing] = sum/float64(n), float64(satisfied)/float64(n)
	for _, f := range s.byValue {
		if times[f] > 0 {
			c[Maximin] = s.value[f]
			break
		}
	}
	seen, nine := 0, math.NaN()
	for _, f := range s.byRegret {
		if times[f] == 0 {
			continue
		}
		c[MinimaxRegret] = s.regret[f]
		if seen += times[f]; math.IsNaN(nine) && 10*seen >= 9*n {
			nine = s.regret[f]
		}
	}
	c[Regret90] = nine
	return c
}

// bootstrap draws samples of the futures, keeps the criteria of each, by policy, and counts who is best.
func bootstrap(samples []resampled, policies []PolicyRobustness, draws int, luck *rand.Rand) [][Criteria][]float64 {
	drawn := make([][Criteria][]float64, len(samples))
	futures := len(samples[0].value)
	times := make([]int, futures)
	all := make([][Criteria]float64, len(samples))
	for range draws {
		clear(times)
		for range futures {
			times[luck.IntN(futures)]++
		}
		for p := range samples {
			all[p] = samples[p].criteria(times)
			for c, x := range all[p] {
				drawn[p][c] = append(drawn[p][c], x)
			}
		}
		for c := range Criteria {
			best, alike := all[0][c], 0
			for p := range all {
				switch x := all[p][c]; {
				case c.Prefers(x, best):
					best, alike = x, 1
				case x == best:
					alike++
				}
			}
			for p := range all {
				if all[p][c] == best {
					policies[p].Best[c] += 1 / float64(alike*draws)
				}
			}
		}
	}
	return drawn
}
