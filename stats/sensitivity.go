package stats

import (
	"fmt"
	"math"
)

// A SobolAnalysis says how much of the variance of a measure each factor explains.
type SobolAnalysis struct {
	First []Estimate // by factor: the share of the variance that is gone when this factor is known
	Total []Estimate // by factor: the share that is left when all others are known
	Mean  Estimate   // of the measure over the factors
	// Variance is that of the measure's expectation between points, and Noise that of single runs at one
	// point: what the factors, and what luck, account for. Without replications Noise is NaN, and luck, if
	// there is any, is in Variance and in Total.
	Variance, Noise Estimate
}

// Sobol estimates Sobol' indices of d factors by pick and freeze: first-order after Janon et al. (ESAIM:
// Probability and Statistics 18, 2014, the estimator T), total after Jansen (Comput. Phys. Commun. 117,
// 1999). blocks[b][row] holds the runs, one or more, at a row of block b; the rows are those of
// study/design's Saltelli: n of A, n of B, n of AB_i for each factor i. The blocks are independent
// scramblings, and Student's t over them makes the intervals: bootstrapping one quasi-random sequence
// would not see how evenly it lies. An index is the ratio of sums over the blocks, jackknifed over them. Use
// 16 blocks or more of 1,024 points or more.
//
// Every index is clean of run noise as soon as there are two runs a row: each product of two
// expectations, the square of one among them, is the mean of the products of different runs. This takes
// the variance within a point, over the number of runs, out of every variance, and it is right both when
// all rows of a block share their luck run by run and when none do; luck that only some of them share is
// not allowed. Blocks must have different luck, or else the intervals leave out what is particular to it.
// With one run a row the measure must have no noise, or else its seed must be meant as one more cause
// that counts against every factor.
//
// An index can come out below 0, or a first-order one above its total, by sampling error; neither value
// nor interval is cut, so that they stay unbiased, and [WarnNegativeIndex] says how to read them.
func Sobol(blocks [][][]float64, d int, level float64) SobolAnalysis {
	checkLevel("Sobol", level)
	if len(blocks) == 0 || d < 1 {
		return SobolAnalysis{Mean: nothing(level, "t over scramblings"), Variance: nothing(level, "t over scramblings"),
			Noise: nothing(level, "t over scramblings")}
	}
	all := make([]*SobolBlock, len(blocks))
	for b, rows := range blocks {
		if len(rows) == 0 || len(rows)%(d+2) != 0 {
			panic(fmt.Sprintf("stats: Sobol: block %d has %d rows for %d factors, want a multiple of %d", b, len(rows), d, d+2))
		}
		all[b] = NewSobolBlock(len(rows), d)
		for r, y := range rows {
			if len(y) == 0 || len(y) != len(rows[0]) {
				panic(fmt.Sprintf("stats: Sobol: block %d has %d runs in row %d, %d in row 0", b, len(y), r, len(rows[0])))
			}
		}
		for _, show := range []func(value func(row int) float64){all[b].Add, all[b].Step} {
			for run := range rows[0] {
				show(func(row int) float64 { return rows[row][run] })
			}
		}
	}
	return SobolOf(all, level)
}

// SobolOf is [Sobol] of blocks, one or more, that have seen all their runs.
func SobolOf(blocks []*SobolBlock, level float64) SobolAnalysis {
	checkLevel("SobolOf", level)
	d := blocks[0].d
	var mean, variance, noise Moments
	first, total := make([]shares, d), make([]shares, d)
	runs := 0
	for _, b := range blocks {
		runs += len(b.sum) * b.runs
		whole := b.moments(0, 1, 0)
		v := whole.variance()
		mean.Add(whole.mean())
		variance.Add(v)
		noise.Add(b.withinPoints())
		for i := range d {
			pair := b.moments(1, 2+i, 1+i)
			first[i].add(pair.covariance(), pair.variance())
			total[i].add(b.moments(0, 2+i, 1+d+i).halfSquaredDifference(), v)
		}
	}
	estimate := func(m *Moments) Estimate {
		e := tInterval(m, level)
		e.Method, e.N, e.Warnings = "t over scramblings", runs, nil
		if m.N() < 8 {
			e.Warnings = append(e.Warnings, WarnFewScramblings)
		}
		return e
	}
	a := SobolAnalysis{Mean: estimate(&mean), Variance: estimate(&variance), Noise: estimate(&noise)}
	index := func(r *shares, method string) Estimate {
		m := r.jackknife()
		e := estimate(&m)
		e.Method = method + ", " + e.Method
		if !(a.Variance.Low > 0) {
			e.Warnings = append(e.Warnings, WarnNothingToShare)
		}
		if e.Value < 0 {
			e.Warnings = append(e.Warnings, WarnNegativeIndex)
		}
		return e
	}
	for i := range d {
		a.First = append(a.First, index(&first[i], "Janon"))
		a.Total = append(a.Total, index(&total[i], "Jansen"))
	}
	return a
}

// shares is numerators and denominators of an index by scrambling. The sums are divided, not the parts: the
// variance in one scrambling may be little more than noise.
type shares struct{ above, below []float64 }

func (r *shares) add(above, below float64) {
	r.above, r.below = append(r.above, above), append(r.below, below)
}

// jackknife is the pseudo-values of the ratio of the sums, leaving out one scrambling at a time: their mean
// is the ratio without its bias of the first order (Quenouille, Biometrika 43, 1956).
func (r *shares) jackknife() (m Moments) {
	above, below := 0.0, 0.0
	for b := range r.above {
		above += r.above[b]
		below += r.below[b]
	}
	n := float64(len(r.above))
	if n == 1 {
		m.Add(above / below)
		return m
	}
	for b := range r.above {
		m.Add(n*above/below - (n-1)*(above-r.above[b])/(below-r.below[b]))
	}
	return m
}

// moments2 is the products of pairs of points, free of run noise, and the means.
type moments2 struct {
	xy, xx, yy float64 // means over the pairs of products of expectations
	centre     float64 // the squared expectation of the mean over all points of both sides
	all        float64 // the mean over all points and runs of both sides
}

func (m moments2) mean() float64       { return m.all }
func (m moments2) covariance() float64 { return m.xy - m.centre }
func (m moments2) variance() float64   { return (m.xx+m.yy)/2 - m.centre }

func (m moments2) halfSquaredDifference() float64 { return (m.xx+m.yy)/2 - m.xy }

// spreadOf is the unbiased variance of a few values, in two passes.
func spreadOf(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	mean := 0.0
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	squares := 0.0
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	return squares / float64(len(x)-1)
}
