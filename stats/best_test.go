package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Three policies on paper: 2 is surely the best, 0 and 1 surely are not.
func TestWithBestOnPaper(t *testing.T) {
	mean, half := []float64{1, 2, 5}, 1.5
	got := WithBest(3, 0.95, func(i, l int, level float64) Estimate {
		near(t, "level of a pair", level, 0.95, 1e-12)
		d := mean[i] - mean[l]
		return Estimate{Value: d, Low: d - half, High: d + half, N: 10 * (i + l)}
	})
	for i, want := range []Estimate{
		{Value: -4, Low: -5.5, High: 0, N: 20}, {Value: -3, Low: -4.5, High: 0, N: 30}, {Value: 3, Low: 0, High: 4.5, N: 30},
	} {
		if g := got[i]; g.Value != want.Value || g.Low != want.Low || g.High != want.High || g.N != want.N {
			t.Errorf("policy %d is ahead by %v [%v, %v] of %d, want %v [%v, %v] of %d; see it again: go test ./stats -run '^%s$'",
				i, g.Value, g.Low, g.High, g.N, want.Value, want.Low, want.High, want.N, t.Name())
		}
	}
	if one := WithBest(1, 0.95, nil); len(one) != 1 || !math.IsNaN(one[0].Value) {
		t.Errorf("one policy alone is ahead by %+v, want nothing", one)
	}
}

// All intervals of four policies, two of them equal and best, cover together as often as they say.
func TestWithBestCoverage(t *testing.T) {
	const runs, level = 25, 0.9
	mean := []float64{0, 0.4, 1, 1}
	n, covered := repetitions(1000), 0
	r := rand.New(rand.NewPCG(8, 88))
	for range n {
		y := make([][]float64, len(mean))
		for range runs {
			common := r.NormFloat64()
			for i, m := range mean {
				y[i] = append(y[i], m+common+r.NormFloat64())
			}
		}
		all := true
		for i, e := range WithBest(len(mean), level, func(i, l int, level float64) Estimate { return PairedMean(y[i], y[l], level).Estimate }) {
			truth := math.Inf(1)
			for l, m := range mean {
				if l != i {
					truth = min(truth, mean[i]-m)
				}
			}
			all = all && e.Low <= truth && truth <= e.High
		}
		if all {
			covered++
		}
	}
	t.Logf("covered %d of %d", covered, n)
	if e := ClopperPearson(covered, n, 0.999); e.High < level {
		t.Errorf("covered %d of %d, want a share of %v or more; see it again: go test ./stats -run '^%s$' -v", covered, n, level, t.Name())
	}
}
