package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/integrate/quad"
)

// KimNelson selects the policy of the largest mean, dropping policies as soon as they are out (Kim and
// Nelson, ACM TOMACS 11, 2001, with c = 1). With probability 1-alpha or more it ends with the best, as
// long as the best is better than every other by delta, the indifference zone, or more; else with one
// whose mean is within delta of the best's. Outputs are normal; policies may share their luck, run by
// run, which saves runs. To select the smallest mean, negate.
type KimNelson struct {
	delta     float64
	runs      int
	h2        float64
	alive     []int
	total     []Sum
	variance  [][]float64 // of differences over the first runs
	exhausted int
	spent     int
}

// KimNelsonH2 is the constant h² of the procedure for k policies and first runs n0. Policies that share
// luck need the one of dependent (Bonferroni); for independent runs it is a little smaller.
func KimNelsonH2(k, n0 int, alpha float64, independent bool) float64 {
	checkProbability("KimNelsonH2", alpha)
	if k < 2 || n0 < 2 {
		panic(fmt.Sprintf("stats: KimNelsonH2: %d policies with %d first runs", k, n0))
	}
	tail := alpha / float64(k-1)
	if independent {
		tail = -math.Expm1(math.Log1p(-alpha) / float64(k-1))
	}
	df := float64(n0 - 1)
	eta := (math.Pow(2*tail, -2/df) - 1) / 2
	return 2 * eta * df
}

// NewKimNelson starts with the first runs of each policy: first[i][j] is run j of policy i, the same
// number of runs (10 or more are usual) of each, paired by luck or independent. It screens once. The
// variance of a difference is taken for no less than least: first runs that happen to agree, as shares of few
// histories may, do not say that there is none.
func NewKimNelson(first [][]float64, delta, alpha, least float64) *KimNelson {
	k := len(first)
	if !(delta > 0) || !(least >= 0) {
		panic(fmt.Sprintf("stats: NewKimNelson: indifference zone %v, must be above 0; least variance %v, must not be negative", delta, least))
	}
	if k == 0 {
		panic("stats: NewKimNelson: no policies")
	}
	s := &KimNelson{delta: delta, runs: len(first[0]), total: make([]Sum, k), variance: make([][]float64, k)}
	if k > 1 {
		// Twelve digits, which are the same on every machine.
		s.h2, _ = strconv.ParseFloat(strconv.FormatFloat(KimNelsonH2(k, s.runs, alpha, false), 'g', 12, 64), 64)
	}
	largest := 0.0
	for i, y := range first {
		checkPaired("NewKimNelson", len(y), s.runs)
		s.alive = append(s.alive, i)
		s.spent += len(y)
		s.variance[i] = make([]float64, k)
		for j, v := range y {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("stats: NewKimNelson: run %d of policy %d is %v", j, i, v))
			}
			s.total[i].Add(v)
		}
		for l, z := range first[:i] {
			var m Moments
			for j := range y {
				m.Add(y[j] - z[j])
			}
			v := max(m.Variance(), least)
			s.variance[i][l], s.variance[l][i] = v, v
			largest = max(largest, v)
		}
	}
	s.exhausted = int(min(math.MaxInt32, math.Floor(s.h2*largest/(delta*delta)))) + 1
	s.screen()
	return s
}

// Alive is the policies that are still in, in ascending order; not to be changed.
func (s *KimNelson) Alive() []int { return s.alive }

// Done tells whether one policy is left.
func (s *KimNelson) Done() bool { return len(s.alive) == 1 }

// Best is the policy left, or so far that of the largest mean.
func (s *KimNelson) Best() int {
	return slices.MaxFunc(s.alive, func(i, l int) int {
		return cmp.Or(cmp.Compare(s.total[i].Float64(), s.total[l].Float64()), l-i) // of equal ones the first
	})
}

// Runs is how many runs each policy that is still in has had, Spent how many all have had.
func (s *KimNelson) Runs() int { return s.runs }

// Spent is how many runs all policies together have had.
func (s *KimNelson) Spent() int { return s.spent }

// MostRuns bounds Runs: there the procedure ends at the latest.
func (s *KimNelson) MostRuns() int { return max(s.exhausted, s.runs) }

// Add gives one more run of each policy that is still in, in the order of [KimNelson.Alive].
func (s *KimNelson) Add(y []float64) {
	checkPaired("KimNelson.Add", len(y), len(s.alive))
	for j, i := range s.alive {
		s.total[i].Add(y[j])
	}
	s.runs++
	s.spent += len(y)
	s.screen()
}

func (s *KimNelson) screen() {
	if s.Done() {
		return
	}
	if s.runs >= s.exhausted {
		s.alive = []int{s.Best()}
		return
	}
	n := float64(s.runs)
	total := make([]float64, len(s.total))
	for _, i := range s.alive {
		total[i] = s.total[i].Float64()
	}
	s.alive = slices.DeleteFunc(slices.Clone(s.alive), func(i int) bool {
		return slices.ContainsFunc(s.alive, func(l int) bool {
			if i == l {
				return false
			}
			lead := max(0, s.delta/2*(s.h2*s.variance[i][l]/(s.delta*s.delta)-n)) // of totals: n times that of means
			return total[i] < total[l]-lead
		})
	})
}

// OCBA shares a budget of runs over policies so that the probability of selecting the one of the largest
// mean is about as large as can be (Chen, Lin, Yücesan and Chick, Discrete Event Dyn. Syst. 10, 2000). mean and
// sd are estimates so far; the shares add up to budget and are not rounded. Policies that tie with the
// best share all of it. It spends a budget well and guarantees nothing: for that see [KimNelson].
func OCBA(mean, sd []float64, budget float64) []float64 {
	checkPaired("OCBA", len(mean), len(sd))
	shares := make([]float64, len(mean))
	if len(mean) == 0 {
		return shares
	}
	best := bestOf(mean)
	ties := 0.0
	for i, m := range mean {
		if i != best && m == mean[best] && sd[i] > 0 {
			ties++
		}
	}
	squares := 0.0
	for i, m := range mean {
		if i == best || sd[i] == 0 || ties > 0 && m != mean[best] {
			continue
		}
		ratio := sd[i]
		if ties == 0 {
			ratio /= mean[best] - m
		}
		shares[i] = ratio * ratio
		squares += float64(shares[i]/sd[i]) * (shares[i] / sd[i])
	}
	shares[best] = sd[best] * math.Sqrt(squares)
	all := 0.0
	for _, s := range shares {
		all += s
	}
	for i := range shares {
		if all > 0 {
			shares[i] *= budget / all
		} else {
			shares[i] = budget / float64(len(shares))
		}
	}
	return shares
}

// bestOf is the first of the largest.
func bestOf(mean []float64) int {
	best := 0
	for i, m := range mean {
		if math.IsNaN(m) {
			panic(fmt.Sprintf("stats: mean %d is NaN", i))
		}
		if m > mean[best] {
			best = i
		}
	}
	return best
}

// CorrectSelection bounds from below, by Bonferroni, the probability that the policy whose mean is the largest in the
// sample is the best, if means of n runs are normal about the given ones: Chen's APCS. It takes the
// estimates for the truth, so it is a guide for spending, not a confidence.
func CorrectSelection(mean, sd, n []float64) float64 {
	checkPaired("CorrectSelection", len(mean), len(sd))
	checkPaired("CorrectSelection", len(mean), len(n))
	if len(mean) == 0 {
		return math.NaN()
	}
	best := bestOf(mean)
	p := 1.0
	for i := range mean {
		if i != best {
			p -= normalTail((mean[best] - mean[i]) / math.Sqrt(sd[best]*sd[best]/n[best]+sd[i]*sd[i]/n[i]))
		}
	}
	return max(0, p)
}

// normalTail is P(Z > z).
func normalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// RinottH is the constant h of Rinott's two-stage selection (Commun. Stat. A7, 1978): a policy with
// sample variance S² over n0 first runs takes max(n0, ceil(h²S²/delta²)) runs in all, and the largest
// mean then is the best with probability p, or within delta of it. It is what equal treatment costs;
// [KimNelson] drops the bad ones earlier.
func RinottH(k, n0 int, p float64) float64 {
	checkProbability("RinottH", p)
	if k < 2 || n0 < 2 || p <= 1/float64(k) {
		panic(fmt.Sprintf("stats: RinottH: %d policies, %d first runs, probability %v", k, n0, p))
	}
	df := float64(n0 - 1)
	s, w := chiNodes(df)
	correct := func(h float64) float64 {
		var all float64
		for i, a := range s {
			one := 0.0
			for j, b := range s {
				one += w[j] * normalTail(-h*a*b/math.Hypot(a, b))
			}
			all += w[i] * math.Pow(one, float64(k-1))
		}
		return all - p
	}
	high := 1.0
	for correct(high) < 0 {
		high *= 2
	}
	return root(correct, 0, high)
}

// chiNodes is a quadrature against the density of the root of chi-squared over its degrees of freedom.
func chiNodes(df float64) (x, weight []float64) {
	const n = 56
	x, weight = make([]float64, n), make([]float64, n)
	reach := 9 / math.Sqrt(2*df)
	low, high := max(0, 1-reach), 1+reach+3/df
	quad.Legendre{}.FixedLocations(x, weight, low, high)
	half, _ := math.Lgamma(df / 2)
	all := 0.0
	for i, s := range x {
		weight[i] *= math.Exp(math.Ln2 + df/2*math.Log(df/2) - half + (df-1)*math.Log(s) - df/2*s*s)
		all += weight[i]
	}
	for i := range weight { // where df is large, half and the logarithms cancel
		weight[i] /= all
	}
	return x, weight
}
