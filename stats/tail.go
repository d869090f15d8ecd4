package stats

import (
	"fmt"
	"math"
	"slices"
)

// ExpectedShortfall estimates the mean of the worst share 1-p, the values above the quantile at p
// (Acerbi and Tasche, Journal of Banking and Finance 26, 2002: the value that the share cuts counts in
// part). The interval is normal, from the spread of the tail and the uncertainty of its edge (Chen,
// Journal of Financial Econometrics 6, 2008); a heavy tail makes it too short, and a warning says so.
func (s Sample) ExpectedShortfall(p, level float64) Estimate {
	checkProbability("ExpectedShortfall", p)
	checkLevel("ExpectedShortfall", level)
	const method = "expected shortfall"
	n := len(s.x)
	if n == 0 {
		return nothing(level, method)
	}
	tail := float64(n) * (1 - p)
	whole := min(n, int(math.Floor(tail*(1+4*0x1p-52))))
	edge := s.x[max(0, n-1-whole)]
	excess, squares := 0.0, 0.0 // of the tail above its edge
	for _, x := range s.x[n-whole:] {
		excess += x - edge
		squares += (x - edge) * (x - edge)
	}
	excess /= tail
	squares /= tail
	half := normal(level) * math.Sqrt(max(0, squares-(1-p)*excess*excess)/tail)
	e := Estimate{Value: edge + excess, Level: level, N: n, Method: method}
	e.Low, e.High = e.Value-half, e.Value+half
	if math.IsInf(s.x[0], 0) || math.IsInf(s.x[n-1], 0) {
		e.Warnings = append(e.Warnings, WarnInfinite)
	}
	if tail < 10 {
		e.Warnings = append(e.Warnings, WarnFewInTail)
	}
	if s.heavyTailed() {
		e.Warnings = append(e.Warnings, WarnHeavyTail)
	}
	return e
}

// Hill estimates the tail's shape (the inverse of the tail index) from the k largest values, all of
// which and the next must be positive (Hill, Annals of Statistics 3, 1975), with a normal interval.
func (s Sample) Hill(k int, level float64) Estimate {
	checkLevel("Hill", level)
	n := len(s.x)
	if k < 1 || k >= n || !(s.x[n-1-k] > 0) {
		panic(fmt.Sprintf("stats: Hill: the %d largest of %d values and the next must be there and positive", k, n))
	}
	sum := 0.0
	for _, x := range s.x[n-k:] {
		sum += math.Log(x / s.x[n-1-k])
	}
	shape := sum / float64(k)
	half := normal(level) * shape / math.Sqrt(float64(k))
	e := Estimate{Value: shape, Low: shape - half, High: shape + half, Level: level, N: n, Method: "Hill"}
	if k < 10 {
		e.Warnings = append(e.Warnings, WarnFewInTail)
	}
	return e
}

// A TailFit is a generalised Pareto distribution of the excess over a threshold.
type TailFit struct {
	Threshold   float64  // same unit as the data
	Exceedances int      // values above the threshold, which are what is fitted
	Shape       Estimate // 0 an exponential tail; from 0.5 the variance does not exist, from 1 the mean
	Scale       Estimate // same unit as the data
	LogLik      float64
}

// FitTail fits a generalised Pareto distribution to the values above threshold by maximum likelihood,
// reduced to one dimension (Grimshaw, Technometrics 35, 1993). Intervals are normal, with Smith's
// variances (Biometrika 72, 1985), which hold for a shape above -1/2 in the limit of many values above: of
// .95, intervals of the shape cover .76 to .85 with 30, .91 to .94 with 200, .93 to .95 with 500.
func (s Sample) FitTail(threshold, level float64) TailFit {
	checkLevel("FitTail", level)
	y := s.above(threshold)
	k := len(y)
	fit := TailFit{Threshold: threshold, Exceedances: k, LogLik: math.NaN()}
	fit.Shape = nothing(level, "generalised Pareto")
	fit.Scale = fit.Shape
	if k == 0 {
		return fit
	}
	shape, scale, interior := fitPareto(y)
	z := normal(level) / math.Sqrt(float64(k))
	around := func(v, half float64) Estimate {
		e := Estimate{Value: v, Low: v - half, High: v + half, Level: level, N: len(s.x), Method: "generalised Pareto"}
		if k < 500 {
			e.Warnings = append(e.Warnings, WarnFewExceedances)
		}
		if !interior {
			e.Low, e.High = math.Inf(-1), math.Inf(1)
			e.Warnings = append(e.Warnings, WarnTailBoundary)
		}
		return e
	}
	fit.Shape = around(shape, z*math.Abs(1+shape))
	fit.Scale = around(scale, z*scale*math.Sqrt(2*max(0, 1+shape)))
	if interior && shape >= heavy {
		fit.Shape.Warnings = append(fit.Shape.Warnings, WarnHeavyTail)
	}
	fit.LogLik = -float64(k) * (math.Log(scale) + shape + 1)
	return fit
}

// above is the excess over threshold of each value above it, ascending.
func (s Sample) above(threshold float64) []float64 {
	var y []float64
	for i := len(s.x) - 1; i >= 0 && s.x[i] > threshold; i-- {
		y = append(y, s.x[i]-threshold)
	}
	slices.Reverse(y)
	return y
}

const heavy = 0.5 // from this shape on a tail has no variance

// heavyTailed says whether the upper or the lower tail, fitted on a tenth of the values but at least
// 20 and at most 500 of them, has a shape of 0.5 or more. Below 100 values there is nothing to fit.
func (s Sample) heavyTailed() bool {
	n := len(s.x)
	k := min(n, fitted(n)+1)
	low := make([]float64, k)
	for i, x := range s.x[:k] {
		low[k-1-i] = -x
	}
	return heavyTails(n, s.x[n-k:], low)
}

// fitted is how many values of n a tail is fitted on.
func fitted(n int) int { return min(mostFitted, max(20, n/10)) }

const mostFitted = 500

// heavyTails is heavyTailed of n values, by the largest that are fitted and the next, ascending, and those of the values turned
// about 0.
func heavyTails(n int, largest, turned []float64) bool {
	if n < 100 || math.IsInf(largest[len(largest)-1], 0) || math.IsInf(turned[len(turned)-1], 0) {
		return false
	}
	return heavyExcess(Sample{largest}.above(largest[0])) || heavyExcess(Sample{turned}.above(turned[0]))
}

func heavyExcess(y []float64) bool {
	if len(y) < 20 {
		return false
	}
	shape, _, interior := fitPareto(y)
	return interior && shape >= heavy
}

// fitPareto maximises the likelihood of the generalised Pareto distribution for excesses y, all
// positive. With r = shape/scale the best shape is the mean of log(1+ry), and the score in r is zero
// where (1 + mean log(1+ry)) * mean 1/(1+ry) = 1; r = 0 always solves it and is divided out. interior
// is false where the likelihood only grows towards shape -1, which is returned.
func fitPareto(y []float64) (shape, scale float64, interior bool) {
	largest, total := 0.0, 0.0
	for _, v := range y {
		largest = max(largest, v)
		total += v
	}
	mean := total / float64(len(y))
	score := func(r float64) float64 { // positive where the likelihood still grows with r
		logs, parts := 0.0, 0.0
		for _, v := range y {
			logs += math.Log1p(r * v)
			parts += r * v / (1 + r*v)
		}
		n := float64(len(y))
		return (1 - parts/n - parts/logs) / r
	}
	const step = 1e-6 // |shape| that passes for 0
	r := step / mean
	left, right := -r, r
	switch {
	case score(left) > 0 && score(right) < 0:
		return 0, mean, true
	case score(right) > 0:
		for left = right; score(right) > 0; right *= 2 {
			left = right
			if right > 1e12/mean {
				return math.Inf(1), mean, false // excesses of vastly different size
			}
		}
	default:
		// Towards the pole at -1/largest the likelihood falls to its maximum and beyond it rises
		// without bound: look for the first sign change.
		pole := -1 / largest
		right = left
		found := false
		for gap := pole - left; gap < pole*0x1p-40; gap /= 2 {
			if left = pole - gap/2; score(left) > 0 {
				found = true
				break
			}
			right = left
		}
		if !found {
			return -1, largest, false
		}
	}
	r = root(score, left, right)
	for _, v := range y {
		shape += math.Log1p(r * v)
	}
	shape /= float64(len(y))
	return shape, shape / r, true
}
