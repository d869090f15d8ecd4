package stats

import "math"

// WithBest says by how much each of k policies is ahead of the best of the others, larger means being better:
// multiple comparisons with the best (Hsu, Annals of Statistics 12, 1984). All intervals together hold at the
// level or above it, by Bonferroni's inequality over the k-1 comparisons of the best, which nobody has to know:
// so pairs may share their luck, and be of any sizes. An interval reaches across 0 only where it is open
// whether the policy is the best: one that ends at 0 says that it is not, one that begins there that it is.
//
// pair is the estimate of the mean of policy i less that of l with its interval at a level; that of l
// less i must be its mirror. N of an answer is that of the pair with the closest other.
func WithBest(k int, level float64, pair func(i, l int, level float64) Estimate) []Estimate {
	const method = "Hsu"
	checkLevel("WithBest", level)
	ahead := make([]Estimate, k)
	if k < 2 {
		for i := range ahead {
			ahead[i] = nothing(level, method)
		}
		return ahead
	}
	// The two ends of an interval at this level are limits at 1-(1-level)/(k-1) each.
	each := 1 - 2*(1-level)/float64(k-1)
	if each <= 0 {
		each = 1 - (1-level)/float64(k-1)
	}
	pairs := make([][]Estimate, k)
	for i := range pairs {
		pairs[i] = make([]Estimate, k)
		for l := range i {
			e := pair(i, l, each)
			pairs[i][l] = e
			e.Value, e.Low, e.High = -e.Value, -e.High, -e.Low
			pairs[l][i] = e
		}
	}
	open := make([]bool, k) // may be the best
	for i := range pairs {
		e := Estimate{Value: math.Inf(1), High: math.Inf(1), Level: level, Method: method}
		missing := false
		for l, p := range pairs[i] {
			if l == i {
				continue
			}
			missing = missing || math.IsNaN(p.Value)
			if p.Value < e.Value {
				e.Value, e.N, e.Warnings = p.Value, p.N, p.Warnings
			}
			if p.High < e.High {
				e.High = p.High
			}
		}
		if missing {
			e = nothing(level, method)
		}
		open[i] = missing || e.High > 0
		ahead[i] = e
	}
	for i := range ahead {
		e := &ahead[i]
		if math.IsNaN(e.Value) {
			continue
		}
		e.High, e.Low = max(0, e.High), 0
		for l, p := range pairs[i] {
			if l != i && open[l] {
				e.Low = min(e.Low, p.Low)
			}
		}
	}
	return ahead
}
