package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// A Precision says how narrow an interval is to be before runs stop. Of Absolute and Relative the looser
// counts, so that an absolute one beside a relative one keeps an event that never happens from being run
// for ever. When to look is the caller's affair. Looks a tenth to a quarter more runs apart are a good
// choice: the wider apart, the more runs are spent in vain, and the further coverage strays from the level.
type Precision struct {
	Absolute float64 // half-width in the unit of the data; 0 asks for none
	Relative float64 // half-width over the size of the estimate; 0 asks for none
	Least    int     // runs below which no width stops; 0 means 30
	Most     int     // runs at which everything stops; 0 means no bound
}

// Why a look says stop or go. They are stable, as the warnings are.
const (
	StopPrecise  = "the half-width is at most the target"
	StopMostRuns = "as many runs as allowed"
	GoFewRuns    = "fewer runs than the least"
	GoWide       = "the half-width is above the target"
	GoNothingYet = "nothing to be relative to: the estimate is 0 or there is none"
)

// A Look is what a stopping rule says of the runs so far.
type Look struct {
	Estimate
	Target float64 // half-width asked for, at this value; same unit
	Stop   bool
	Why    string // of the Stop and Go constants
	// More is how many more runs would satisfy the rule if the estimate and the spread stay as they are, and
	// -1 where that cannot be told. Most does not cut it.
	More int
}

const (
	leastRuns  = 30
	earlyRuns  = 300 // a stop by width below is early: see WarnStoppedEarly
	earlyCount = 80  // for a share, on the rarer side
)

// Share judges a proportion of k in n by the width of Wilson's interval, never Wald's: that has no width
// at a zero count, and stops there. For p = .01, looks from 50 runs on and a half-width of 20% of the
// value, stopping on Wald covers .38 instead of .95, on Wilson .95. With looks at most a quarter more runs
// apart, coverage is 94 to 96% unless a warning says that the stop was early.
func (p Precision) Share(k, n int, level float64) Look {
	l := p.judge(Share(k, n, level))
	if l.More > 0 {
		l.More = max(p.least(), wilsonRuns(l.Value, l.Target, normal(level))) - n
	}
	if l.Why == StopPrecise && min(k, n-k) < earlyCount {
		l.Warnings = append(l.Warnings, WarnStoppedEarly)
	}
	return l
}

// wilsonRuns is the smallest number of runs at which Wilson's half-width about share is at most half: the
// larger root of half^2 (n+z^2)^2 = z^2 (n share(1-share) + z^2/4).
func wilsonRuns(share, half, z float64) int {
	a, zz := half*half, z*z
	b, c := 2*a*zz-zz*share*(1-share), zz*zz*(a-0.25)
	n := (-b + math.Sqrt(max(0, b*b-4*a*c))) / (2 * a)
	return int(min(math.MaxInt32, max(0, math.Ceil(n))))
}

// Mean judges a mean by the width of Student's interval (Chow and Robbins, Annals of Mathematical
// Statistics 36, 1965: as the target falls to 0, coverage tends to the level whatever the distribution,
// as long as it has a variance).
func (p Precision) Mean(s Sample, level float64) Look { return p.Judge(s.Mean(level)) }

// Judge is the rule for any interval whose width falls as one over the root of the runs: a paired
// difference, the restricted mean, a confidence sequence. Only confidence sequences cover at their level
// wherever they stop.
func (p Precision) Judge(e Estimate) Look {
	l := p.judge(e)
	if l.Why == StopPrecise && e.N < earlyRuns && e.Method != shareSequence && e.Method != meanSequence {
		l.Warnings = append(slices.Clip(l.Warnings), WarnStoppedEarly)
	}
	return l
}

func (p Precision) judge(e Estimate) Look {
	if !(p.Absolute >= 0 && p.Relative >= 0 && p.Absolute+p.Relative > 0) || p.Least < 0 || p.Most < 0 {
		panic(fmt.Sprintf("stats: Precision: %+v is no rule", p))
	}
	l := Look{Estimate: e, Target: p.Absolute}
	if r := p.Relative * math.Abs(e.Value); r > l.Target {
		l.Target = r
	}
	half := e.HalfWidth()
	narrow := l.Target > 0 && half <= l.Target
	switch {
	case narrow && e.N >= p.least():
		l.Stop, l.Why = true, StopPrecise
	case p.Most > 0 && e.N >= p.Most:
		l.Stop, l.Why = true, StopMostRuns
	case e.N < p.least():
		l.Why = GoFewRuns
	case l.Target == 0:
		l.Why = GoNothingYet
	default:
		l.Why = GoWide
	}
	switch {
	case l.Why == StopPrecise:
	case narrow:
		l.More = max(0, p.least()-e.N)
	case e.N == 0 || l.Target == 0 || !(half <= math.MaxFloat64):
		l.More = -1
	default:
		ratio := half / l.Target
		l.More = max(1, p.least()-e.N, int(min(math.MaxInt32, math.Ceil(float64(e.N)*ratio*ratio)))-e.N)
	}
	return l
}

func (p Precision) least() int {
	if p.Least == 0 {
		return leastRuns
	}
	return p.Least
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
