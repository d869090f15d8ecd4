package design

// latinWork bounds the search for a spread-out Latin hypercube, in distances looked at, to a few tenths of a
// second.
const latinWork = 1 << 28

// LatinHypercube is n points in d dimensions (McKay, Beckman and Conover, Technometrics 21, 1979): cut
// each axis into n equal cells, and each cell holds one point, at its centre. The pairing of the columns
// starts at random and is then improved by exchanges within a column, as long as they lower the sum over
// pairs of points of 1/distance^16, which approaches maximin (Morris and Mitchell, J. Stat. Plan.
// Inference 43, 1995). The number of exchanges tried is bounded; beyond some thousands of points few
// are, and the design is nearly a random Latin hypercube.
func LatinHypercube(n, d int, seed uint64) [][]float64 {
	checkSize("LatinHypercube", n, d)
	l := newLuck(seed, "latin hypercube")
	points := matrix[float64](n, d) // at first of the numbers of cells, whose distances are whole and below 2^53
	columns(d, func(j int) {
		for i, v := range l.after(j * n).permutation(n) {
			points[i][j] = float64(v)
		}
	})
	l = l.after(d * n)
	if n > 2 && d > 1 {
		spread(points, l)
	}
	for _, row := range points {
		for j, v := range row {
			row[j] = (v + 0.5) / float64(n)
		}
	}
	return points
}

// spread exchanges entries within columns. Two rows that exchange an entry keep their own distance.
func spread(level [][]float64, l *luck) {
	n, d := len(level), len(level[0])
	for range min(200*n*d, latinWork/(2*n*d)) {
		i, k, j := l.below(n), l.below(n), l.below(d)
		a, b := level[i][j], level[k][j]
		if i == k {
			continue
		}
		change := 0.0
		for m, row := range level {
			if m == i || m == k {
				continue
			}
			di, dk := squared(level[i], row), squared(level[k], row)
			shift := float64((b-row[j])*(b-row[j])) - float64((a-row[j])*(a-row[j]))
			change += repulsion(di+shift) - repulsion(di) + repulsion(dk-shift) - repulsion(dk)
		}
		if change < 0 {
			level[i][j], level[k][j] = b, a
		}
	}
}

// repulsion is 1/distance^16 of two rows at this squared distance.
func repulsion(squared float64) float64 {
	r := 1 / squared
	r *= r
	r *= r
	return float64(r * r) // the conversion keeps it from being fused into a sum
}

func squared[T int | float64](a, b []T) (s T) {
	for j, v := range a {
		s += (v - b[j]) * (v - b[j]) // of whole numbers: exact, fused or not
	}
	return s
}

// nearest is the smallest squared distance of two rows.
func nearest[T int | float64](level [][]T) T {
	least := squared(level[0], level[1])
	for i, a := range level {
		for _, b := range level[:i] {
			least = min(least, squared(a, b))
		}
	}
	return least
}
