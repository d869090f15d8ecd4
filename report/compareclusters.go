package report

import (
	"math"
	"slices"

	"tripwire/stats"
)

// clusters is the mean of value over the points and replications of one place. Its half-width is that of
// the means by replication, and, where the points are sampled futures, that of the means by point,
// added in quadrature: two-way clustering without the term for both (Cameron, Gelbach and Miller,
// Journal of Business & Economic Statistics 29, 2011), which makes it no narrower. P is of Student's t
// with the degrees of freedom of the way that has fewer.
func clusters(histories [][]float64, futures bool, level float64, value func(point, rep int) float64) *Change {
	reps, points := 0, len(histories)
	for _, cells := range histories {
		reps = max(reps, len(cells))
	}
	sums, counts := [2][]float64{make([]float64, reps), make([]float64, points)}, [2][]float64{make([]float64, reps), make([]float64, points)}
	total, n := 0.0, 0
	for point, cells := range histories {
		for rep := range cells {
			x := value(point, rep)
			if x != x {
				continue
			}
			for way, i := range [2]int{rep, point} {
				sums[way][i] += x
				counts[way][i]++
			}
			total += x
			n++
		}
	}
	half, se, df, ways := 0.0, 0.0, math.Inf(1), 1
	method := "t over replications"
	if futures {
		ways, method = 2, "t over replications and futures"
	}
	warnings := []string(nil)
	for way := range ways {
		var means []float64
		for i, k := range counts[way] {
			if k > 0 {
				means = append(means, sums[way][i]/k)
			}
		}
		sample := stats.NewSample(means)
		e := sample.Mean(level)
		half = math.Hypot(half, e.HalfWidth())
		if k := float64(len(means)); k > 1 {
			se, df = math.Hypot(se, math.Sqrt(sample.Moments().Variance()/k)), min(df, k-1)
		} else {
			se = math.Inf(1)
		}
		for _, w := range e.Warnings {
			if !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
	}
	mean := total / float64(n)
	c := &Change{
		Estimate: stats.Estimate{Value: mean, Low: mean - half, High: mean + half, Level: level, N: n, Method: method, Warnings: warnings},
		P:        1, VarianceReduction: math.NaN(),
	}
	switch {
	case se > 0 && !math.IsInf(se, 0):
		c.P = stats.StudentP(mean/se, df)
	case se == 0 && mean != 0:
		c.P = 0
	}
	return c
}
