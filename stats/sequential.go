package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// A Precision says how narrow an interval is to be before runs stop. Of Absolute and Relative the looser
// counts, so that an absolute one beside a relative one keeps an event that never happens from being run
// for ever. When to look is the caller's affair: [NextLook] is what the coverage is known of.
type Precision struct {
	Absolute float64 // half-width in the unit of the data; 0 asks for none
	Relative float64 // half-width over the size of the estimate; 0 asks for none
}

// NextLook is at how many runs to look again after so many: a quarter more. The wider apart looks are, the more
// runs are spent in vain, and the further coverage strays from the level.
func NextLook(runs int64) int64 { return runs + (runs+3)/4 }

// A Look is what a stopping rule says of the runs so far.
type Look struct {
	Estimate
	Target float64 // half-width asked for, at this value; same unit
	Stop   bool    // the half-width is at most that
}

const (
	leastRuns  = 30  // below, no width stops
	earlyRuns  = 300 // a stop by the width of a mean below is early: see WarnStoppedEarly
	earlyCount = 80  // for a share, on the rarer side
)

// Share judges a proportion of k in n by the width of Wilson's interval, never Wald's: that has no width
// at a zero count, and stops there. For p = .01, looks from 50 runs on and a half-width of 20% of the
// value, stopping on Wald covers .38 instead of .95, on Wilson .95. With looks at most a quarter more runs
// apart, coverage is 94 to 96% unless a warning says that the stop was early.
func (p Precision) Share(k, n int, level float64) Look {
	l := p.judge(Share(k, n, level))
	if l.Stop && min(k, n-k) < earlyCount {
		l.Warnings = append(l.Warnings, WarnStoppedEarly)
	}
	return l
}

// Mean judges a mean by the width of Student's interval (Chow and Robbins, Annals of Mathematical
// Statistics 36, 1965: as the target falls to 0, coverage tends to the level whatever the distribution,
// as long as it has a variance).
func (p Precision) Mean(m *Moments, level float64) Look {
	l := p.judge(m.Interval(level))
	if l.Stop && l.N < earlyRuns {
		l.Warnings = append(l.Warnings, WarnStoppedEarly)
	}
	return l
}

func (p Precision) judge(e Estimate) Look {
	if !(p.Absolute >= 0 && p.Relative >= 0 && p.Absolute+p.Relative > 0) {
		panic(fmt.Sprintf("stats: Precision: %+v is no rule", p))
	}
	l := Look{Estimate: e, Target: max(p.Absolute, p.Relative*math.Abs(e.Value))}
	if math.IsNaN(l.Target) { // nothing to be relative to
		l.Target = p.Absolute
	}
	l.Stop = e.N >= leastRuns && l.Target > 0 && e.HalfWidth() <= l.Target
	return l
}

const (
	shareSequence = "beta-binomial confidence sequence"
	meanSequence  = "t-test confidence sequence"
)

// ShareSequence is a confidence sequence for a proportion: with probability level the intervals of all
// looks cover at once, however often one looks and whatever makes one stop. It holds the p that the
// beta-binomial mixture martingale does not reject (Ville; Robbins, Annals of Mathematical Statistics 41,
// 1970; Howard, Ramdas, McAuliffe and Sekhon, Annals of Statistics 49, 2021), computed exactly. The
// mixture is Jeffreys' Beta(1/2, 1/2), under which the price of looking is about the same at every p. The
// intersection of the intervals so far covers as well.
func ShareSequence(k, n int, level float64) Estimate {
	e := share(shareSequence, k, n, level)
	if n == 0 {
		return e
	}
	// The logarithm of the martingale over its bound 1/(1-level): convex in p, and at most 1 at k/n.
	free := mathext.Lbeta(float64(k)+0.5, float64(n-k)+0.5) - math.Log(math.Pi) + math.Log1p(-level)
	excess := func(p float64) float64 {
		l := free
		if k > 0 {
			l -= float64(k) * math.Log(p)
		}
		if k < n {
			l -= float64(n-k) * math.Log1p(-p)
		}
		return l
	}
	if k > 0 {
		e.Low = bisect(excess, 0, e.Value)
	}
	if k < n {
		e.High = bisect(excess, 1, e.Value)
	}
	return e
}

// effectVariance is the variance of the mean in standard deviations under the mixture of [Sample.MeanSequence].
// At .01 the sequence is narrowest, for its number of runs, at about a thousand.
const effectVariance = 0.01

// MeanSequence is a confidence sequence for a mean: with probability level the intervals of all looks
// cover at once if the data are normal, whatever their variance, and in the limit of late looks else. It
// inverts the t-test martingale, a normal mixture over the mean in standard deviations (Lai, Annals of
// Statistics 4, 1976; Wang and Ramdas, arXiv 2310.03722, 2023). With too few runs it has no bounds.
func (s Sample) MeanSequence(level float64) Estimate {
	checkLevel("MeanSequence", level)
	n := s.Len()
	if n == 0 {
		return nothing(level, meanSequence)
	}
	e := s.Mean(level)
	e.Method = meanSequence
	half := math.Inf(1)
	if n > 1 {
		half = sequenceHalf(float64(n), s.Moments().Variance(), level)
	}
	e.Low, e.High = e.Value-half, e.Value+half
	if math.IsInf(half, 1) {
		e.Warnings = append(e.Warnings, WarnNoBounds)
	}
	return e
}

// sequenceHalf is the half-width of [Sample.MeanSequence]. The martingale is
// ((1+u)/(1+u/r))^(n/2)/sqrt(r), with u the square of Student's t over n-1.
func sequenceHalf(n, variance, level float64) float64 {
	r := 1 + n*effectVariance
	a := math.Exp(2 / n * (math.Log(r)/2 - math.Log1p(-level)))
	if a >= r {
		return math.Inf(1)
	}
	return math.Sqrt((a - 1) / (1 - a/r) * (n - 1) * variance / n)
}
