package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"
)

// smallCount is the count under which [WarnSmallCount] is given: from 10 on, the worst exact
// coverage of a 95% Wilson interval over all p inside it is 0.93 or more (TestWilsonFloor).
const smallCount = 10

// Share estimates a proportion from k of n by Wilson's score interval (Wilson, JASA 22, 1927). It is
// the default for shares: Wald's has zero width at a zero count and stops sequential studies early.
// Its coverage is right on average over p, not at each: see [ExactCoverage] and [ClopperPearson].
func Share(k, n int, level float64) Estimate {
	e := share("Wilson", k, n, level)
	if n == 0 {
		return e
	}
	e.Low, e.High = wilson(k, n, normal(level))
	if few := min(k, n-k); few > 0 && few < smallCount {
		e.Warnings = append(e.Warnings, WarnSmallCount)
	}
	return e
}

// wilson solves n(p-k/n)^2 = z^2 p(1-p). The smaller root comes from the product of the two, so that
// neither loses digits; k must be in 0..n and n above 0.
func wilson(k, n int, z float64) (low, high float64) {
	return score(float64(k), float64(n), z)
}

// score is wilson of x in m, which need not be whole.
func score(x, m, z float64) (low, high float64) {
	sum := x + z*z/2 + z*math.Sqrt(x*(1-x/m)+z*z/4)
	if x == m {
		return m / (m + z*z), 1
	}
	return x / m * x / sum, sum / (m + z*z)
}

// ClopperPearson estimates a proportion from k of n by inverting the exact binomial test (Clopper
// and Pearson, Biometrika 26, 1934). It never covers less often than level, and mostly more: for
// where a guarantee is meant.
func ClopperPearson(k, n int, level float64) Estimate {
	e := share("Clopper-Pearson", k, n, level)
	if n == 0 {
		return e
	}
	tail := (1 - level) / 2
	e.Low, e.High = 0, 1
	if k > 0 {
		e.Low = betaQuantile(float64(k), float64(n-k+1), tail)
	}
	if k < n {
		e.High = betaQuantileUpper(float64(k+1), float64(n-k), tail)
	}
	return e
}

// Jeffreys is the central interval of the posterior Beta(k+1/2, n-k+1/2). At a zero count its lower
// limit is not 0.
func Jeffreys(k, n int, level float64) Estimate {
	e := share("Jeffreys", k, n, level)
	if n == 0 {
		return e
	}
	tail := (1 - level) / 2
	a, b := float64(k)+0.5, float64(n-k)+0.5
	e.Low = betaQuantile(a, b, tail)
	e.High = betaQuantileUpper(a, b, tail)
	return e
}

// AgrestiCoull is Wald's interval about Wilson's centre, cut to [0, 1] (Agresti and Coull, American
// Statistician 52, 1998). It contains Wilson's.
func AgrestiCoull(k, n int, level float64) Estimate {
	e := share("Agresti-Coull", k, n, level)
	if n == 0 {
		return e
	}
	z := normal(level)
	m := float64(n) + z*z
	p := (float64(k) + z*z/2) / m
	half := z * math.Sqrt(p*(1-p)/m)
	e.Low, e.High = max(0, p-half), min(1, p+half)
	return e
}

// ZeroCount is the exact one-sided upper limit when none of n happened: 1-(1-level)^(1/n), about 3/n
// at 0.95.
func ZeroCount(n int, level float64) Estimate {
	e := share("exact one-sided upper limit", 0, n, level)
	if n == 0 {
		return e
	}
	e.High = -math.Expm1(math.Log1p(-level) / float64(n))
	return e
}

func share(method string, k, n int, level float64) Estimate {
	checkLevel(method, level)
	checkCount(method, k, n)
	e := Estimate{Value: float64(k) / float64(n), Low: 0, High: 1, Level: level, N: n, Method: method}
	switch {
	case n == 0:
		e.Value = math.NaN()
		e.Warnings = []string{WarnNoRuns}
	case k == 0:
		e.Warnings = []string{WarnZeroCount}
	case k == n:
		e.Warnings = []string{WarnFullCount}
	}
	return e
}

// ExactCoverage is the probability that interval, applied to n runs, covers the true share p. The
// interval is one of this package's for a share, or any other whose limits do not fall as k grows.
func ExactCoverage(interval func(k, n int, level float64) Estimate, n int, p, level float64) float64 {
	checkProbability("ExactCoverage", p)
	first := sort.Search(n+1, func(k int) bool { return interval(k, n, level).High >= p })
	past := sort.Search(n+1, func(k int) bool { return interval(k, n, level).Low > p })
	return binomialBetween(first, past-1, n, p)
}

// binomialBetween is P(a <= X <= b) for X binomial. The smaller tail is subtracted from 1, so that
// what is near 1 is exact to the last bits.
func binomialBetween(a, b, n int, p float64) float64 {
	if a > b {
		return 0
	}
	return max(0, 1-binomialCDF(a-1, n, p)-binomialCDF(n-b-1, n, 1-p))
}

// binomialCDF is P(X <= k).
func binomialCDF(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// binomialQuantile is the smallest k with P(X <= k) >= q.
func binomialQuantile(q float64, n int, p float64) int {
	return sort.Search(n, func(k int) bool { return binomialCDF(k, n, p) >= q })
}

func betaQuantile(a, b, p float64) float64 { return mathext.InvRegIncBeta(a, b, p) }

// betaQuantileUpper is the point that Beta(a, b) exceeds with probability p.
func betaQuantileUpper(a, b, p float64) float64 { return 1 - mathext.InvRegIncBeta(b, a, p) }
