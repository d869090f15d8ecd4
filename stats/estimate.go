package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// An Estimate is a value with an interval that is to cover the truth in a share Level of studies.
type Estimate struct {
	Value     float64 // in the unit of the data; NaN where the data say nothing
	Low, High float64 // same unit; infinite where the data set no bound
	Level     float64 // nominal confidence, in (0, 1)
	N         int     // runs (pairs, where runs are paired) that the estimate rests on
	Method    string
	Warnings  []string // of the Warn constants
}

// HalfWidth is half the interval's width: what a stopping rule compares with its target.
func (e Estimate) HalfWidth() float64 { return (e.High - e.Low) / 2 }

// Within cuts the interval to the range that the quantity can have: a symmetric interval of what is never negative
// can reach below 0. Nothing is taken from its coverage, for the truth is not among what is cut off.
func (e Estimate) Within(least, most float64) Estimate {
	if !(least <= e.Value && e.Value <= most) || least <= e.Low && e.High <= most {
		return e
	}
	e.Low, e.High = max(e.Low, least), min(e.High, most)
	e.Method += ", cut"
	e.Warnings = append(slices.Clip(e.Warnings), WarnCut)
	return e
}

// A Test is the outcome of a significance test. Where the statistic or its degrees of freedom mean
// nothing to the method they are NaN.
type Test struct {
	Statistic, DF float64
	P             float64 // two-sided unless Method says otherwise
	N             int
	Method        string
	Warnings      []string
}

// A Difference is what separates two sides in the mean, A-B, and how the luck they share helped.
type Difference struct {
	Estimate
	Test              Test
	Correlation       float64 // between the sides of a pair; NaN for independent runs
	VarianceReduction float64 // (Var A + Var B) / Var(A-B): runs saved by common luck; 1 for independent runs
}

// The warnings. They are stable, so that they can be searched, counted and translated.
const (
	WarnNoRuns         = "no runs: nothing can be estimated"
	WarnFewRuns        = "fewer than 30 runs: the interval leans on an approximation"
	WarnZeroCount      = "zero count: only the upper limit says anything"
	WarnFullCount      = "full count: only the lower limit says anything"
	WarnSmallCount     = "fewer than 10 on one side: the interval of a share can cover less often than its level"
	WarnSmallScore     = "fewer than 10 on one side: a score interval of a difference can cover less often than its level"
	WarnStoppedEarly   = "stopped by its width early: the interval can cover less often than its level"
	WarnNoBounds       = "too few runs for any bounds"
	WarnNoneDiffer     = "no pair differs: the two sides did the same under the same luck"
	WarnFewDiffer      = "fewer than 20 pairs differ: the interval can cover less often than its level"
	WarnCut            = "cut where a symmetric interval would reach beyond what can be: values so few or so skewed hardly tell the mean"
	WarnNoSpread       = "all values equal: the interval has no width"
	WarnHeavyTail      = "heavy tail: the fitted tail shape is 0.5 or more, so the variance may not exist"
	WarnInfinite       = "infinite values: the mean does not exist"
	WarnUnbounded      = "too few runs for this quantile: the interval is open on a side"
	WarnFewInTail      = "fewer than 10 runs in the tail"
	WarnFewExceedances = "fewer than 500 above the threshold: the fitted tail's intervals can cover less often than their level"
	WarnTailBoundary   = "tail fit at its boundary: no interior maximum of the likelihood"
	WarnLopsided       = "classes too unequal for the Sison-Glaz expansion: use Goodman's intervals"
	WarnFewSisonGlaz   = "fewer than 100 runs: Sison-Glaz intervals can cover less often than their level"
	WarnFewEvents      = "fewer than 10 events: the curve's interval can cover less often than its level"
	WarnFewAtRisk      = "fewer than 10 runs still at risk"
	WarnBeyondFollowUp = "beyond the last observed time: nothing is known"
	WarnNoEvents       = "no events in any group: nothing to compare"
	WarnFewScramblings = "fewer than 8 scramblings: the interval leans on few, and a share of the variance can lie outside 0 to 100%"
	WarnNegativeIndex  = "below 0 by sampling error: read it as 0"
	WarnNothingToShare = "the factors' variance is not told from 0: shares of it mean little"
	WarnFewClusters    = "fewer than 30 futures or replications: the interval leans on an approximation"
	WarnZeroClusters   = "it never happened, or always: how it would hang together is not seen, so the limit counts futures or replications as runs, whichever are fewer"
	WarnOneLuck        = "one replication at each future: what luck does to all futures alike is not in the interval"
	WarnFewFutures     = "fewer than 20 futures: an input bar from 5% to 95% ends at their extremes"
	WarnWorseFutures   = "the worst of the futures sampled: others can be worse, so the interval is open on that side"
	WarnNoInputs       = "luck explains all that differs between futures: no input bar can be told"
	WarnNotTold        = "too few futures or replications to tell inputs from luck"
	WarnNoisyEffects   = "less than twice the run noise in one effect: much of it can be noise; run more at each point"
)

func checkLevel(function string, level float64) {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("stats: %s: level %v is not in (0, 1)", function, level))
	}
}

func checkCount(function string, k, n int) {
	if k < 0 || k > n {
		panic(fmt.Sprintf("stats: %s: %d of %d is no count", function, k, n))
	}
}

func checkPaired(function string, a, b int) {
	if a != b {
		panic(fmt.Sprintf("stats: %s: %d values on one side, %d on the other", function, a, b))
	}
}

func checkProbability(function string, p float64) {
	if !(p > 0 && p < 1) {
		panic(fmt.Sprintf("stats: %s: probability %v is not in (0, 1)", function, p))
	}
}

// normal is the two-sided normal quantile of level: 1.96 for 0.95.
func normal(level float64) float64 { return -mathext.NormalQuantile((1 - level) / 2) }

// student is the two-sided Student quantile of level.
func student(level, df float64) float64 {
	return -distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 - level) / 2)
}

// chiSquaredTail is P(X > x) for X chi-squared.
func chiSquaredTail(x, df float64) float64 {
	if !(x > 0) {
		return 1
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}

// StudentP is the two-sided P value of t with df degrees of freedom.
func StudentP(t, df float64) float64 {
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

func nothing(level float64, method string) Estimate {
	nan := math.NaN()
	return Estimate{Value: nan, Low: nan, High: nan, Level: level, Method: method, Warnings: []string{WarnNoRuns}}
}
