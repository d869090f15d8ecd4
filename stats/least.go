package stats

import "math"

// LeastPairedP is the smallest two-sided P value that the exact test of the signs of n differences can give: that all
// are of one sign.
func LeastPairedP(n int) float64 { return min(1, 2*math.Pow(0.5, float64(n))) }

// LeastP is the smallest two-sided P value that a permutation test of m values beside n can give: that all on one side
// are above all on the other.
func LeastP(m, n int) float64 {
	all, _ := math.Lgamma(float64(m+n) + 1)
	one, _ := math.Lgamma(float64(m) + 1)
	other, _ := math.Lgamma(float64(n) + 1)
	return min(1, 2*math.Exp(one+other-all))
}
