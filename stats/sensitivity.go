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
	var mean, variance, noise Moments
	first, total := make([]shares, d), make([]shares, d)
	runs := 0
	for b, rows := range blocks {
		n := len(rows) / (d + 2)
		if n == 0 || n*(d+2) != len(rows) {
			panic(fmt.Sprintf("stats: Sobol: block %d has %d rows for %d factors, want a multiple of %d", b, len(rows), d, d+2))
		}
		for r, y := range rows {
			if len(y) == 0 || len(y) != len(rows[0]) {
				panic(fmt.Sprintf("stats: Sobol: block %d has %d runs in row %d, %d in row 0", b, len(y), r, len(rows[0])))
			}
			runs += len(y)
		}
		whole := newMoments2(rows[:n], rows[n:2*n])
		v := whole.variance()
		mean.Add(whole.mean())
		variance.Add(v)
		noise.Add(withinPoints(rows))
		for i := range d {
			mixed := rows[(2+i)*n : (3+i)*n]
			pair := newMoments2(rows[n:2*n], mixed)
			first[i].add(pair.covariance(), pair.variance())
			total[i].add(newMoments2(rows[:n], mixed).halfSquaredDifference(), v)
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

// newMoments2 takes x[i] and y[i], the runs at a pair of points.
func newMoments2(x, y [][]float64) moments2 {
	runs := len(x[0])
	var xy, xx, yy Sum
	byRun := make([]Sum, runs)
	for i := range x {
		xy.Add(product(x[i], y[i]))
		xx.Add(product(x[i], x[i]))
		yy.Add(product(y[i], y[i]))
		for j := range runs {
			byRun[j].Add(x[i][j])
			byRun[j].Add(y[i][j])
		}
	}
	n := float64(len(x))
	mean := make([]float64, runs)
	var all Sum
	for j := range mean {
		mean[j] = byRun[j].Float64() / (2 * n)
		all.Add(mean[j])
	}
	return moments2{xy.Float64() / n, xx.Float64() / n, yy.Float64() / n, product(mean, mean), all.Float64() / float64(runs)}
}

func (m moments2) mean() float64       { return m.all }
func (m moments2) covariance() float64 { return m.xy - m.centre }
func (m moments2) variance() float64   { return (m.xx+m.yy)/2 - m.centre }

func (m moments2) halfSquaredDifference() float64 { return (m.xx+m.yy)/2 - m.xy }

// product estimates the product of two expectations without bias by the mean of x[j]*y[k] over runs
// j != k; with a single run it is the product of the two.
func product(x, y []float64) float64 {
	if len(x) == 1 {
		return float64(x[0] * y[0])
	}
	sx, sy, same := 0.0, 0.0, 0.0
	for j := range x {
		sx += x[j]
		sy += y[j]
		same += float64(x[j] * y[j])
	}
	n := float64(len(x))
	return (float64(sx*sy) - same) / (n * (n - 1))
}

// withinPoints is the mean over the rows of the variance of their runs; NaN with a single run.
func withinPoints(rows [][]float64) float64 {
	var sum Sum
	for _, y := range rows {
		sum.Add(spreadOf(y))
	}
	return sum.Float64() / float64(len(rows))
}

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
