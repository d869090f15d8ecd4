package design

import "fmt"

// NOLHFactors is how many factors the largest design of [NOLH] has.
const NOLHFactors = 29

// nolhWork bounds the search for a space-filling design, in distances looked at.
const nolhWork = 1 << 22

// NOLH is a nearly orthogonal Latin hypercube of d factors: for regression with quadratic terms and
// pairwise interactions on few runs (Ye, J. Am. Stat. Assoc. 93, 1998; Cioppa and Lucas, Technometrics
// 49, 2007). Its size follows from d: 9 points for up to 4 factors, 17 for 7, 33 for 11, 65 for 16, 129
// for 22, 257 for 29; more is an error. The columns are mirrored about the centre point, which belongs to
// the design, so that no main effect is correlated with a square or a product.
//
// Seed 0 builds on the permutation 1, 2, ... and takes the first d columns. Any other seed searches for
// the permutation and the choice of columns whose nearest two points are furthest apart, among those that
// renumber the binary digits and flip them: these keep every correlation between columns exactly 0, which
// permutations at large (Cioppa and Lucas's, with correlations up to 0.03) do not.
func NOLH(d int, seed uint64) ([][]float64, error) {
	checkSize("NOLH", 1, d)
	if d > NOLHFactors {
		return nil, fmt.Errorf("design: nearly orthogonal Latin hypercube of %d factors, at most %d", d, NOLHFactors)
	}
	m := 3 // digits of a point's number, the centre and the mirror images aside, and one
	for nolhColumns(m) < d {
		m++
	}
	columns := nolhColumns(m)
	half := 1 << (m - 1)
	start := make([]int, half)
	first := make([]int, d)
	for x := range start {
		start[x] = x
	}
	for j := range first {
		first[j] = j
	}
	best := nolhLevels(m, start, first)
	if seed != 0 {
		l := newLuck(seed, "nolh")
		found := nearest(best)
		size := 2*half + 1
		for range max(20, nolhWork/(size*size/2*d)) {
			digit, flip := l.permutation(m-1), l.below(half)
			for x := range start {
				e := 0
				for b, to := range digit {
					e |= x >> b & 1 << to
				}
				start[x] = e ^ flip
			}
			levels := nolhLevels(m, start, l.permutation(columns)[:d])
			if apart := nearest(levels); apart > found {
				best, found = levels, apart
			}
		}
	}
	points := matrix[float64](len(best), d)
	for i, row := range best {
		for j, v := range row {
			points[i][j] = (float64(v+half) + 0.5) / float64(len(best))
		}
	}
	return points, nil
}

func nolhColumns(m int) int { return m + (m-1)*(m-2)/2 }

// nolhLevels is the design in levels -2^(m-1) .. 2^(m-1). Columns are numbered e; A_i e; A_i A_j e for
// i < j. A_i reverses blocks of 2^i: as a map of row numbers, x to x xor (2^i - 1).
func nolhLevels(m int, start, choice []int) [][]int {
	half := len(start)
	type column struct{ reverse, sign int }
	columns := make([]column, 1, nolhColumns(m))
	for i := 1; i < m; i++ {
		columns = append(columns, column{1<<i - 1, 1 << (i - 1)})
	}
	for i := 1; i < m; i++ {
		for j := i + 1; j < m; j++ {
			columns = append(columns, column{1<<i - 1 ^ (1<<j - 1), 1<<(i-1) | 1<<(j-1)})
		}
	}
	levels := matrix[int](2*half+1, len(choice))
	for at, number := range choice {
		c := columns[number]
		for x := range half {
			v := start[x^c.reverse] + 1
			for mask := c.sign; mask != 0; mask &= mask - 1 {
				if x&(mask&-mask) == 0 {
					v = -v
				}
			}
			levels[x][at], levels[half+1+x][at] = v, -v
		}
	}
	return levels
}
