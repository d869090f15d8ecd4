package study

import (
	"math"
	"slices"

	"tripwire/sim/random"
)

// normalCorrelation is the correlation of two normal variables with this rank correlation, 2 sin(πr/6)
// (Pearson 1907), by the series of the sine, whose bits are the same on every machine.
func normalCorrelation(rank float64) float64 {
	x := math.Pi / 6 * rank
	square := float64(x * x)
	term, sum := x, x
	for k := 2.; k < 20; k += 2 {
		term = -float64(term*square) / (k * (k + 1))
		sum += term
	}
	return 2 * sum
}

// cholesky is the lower triangle whose product with its transpose is m; not ok where m is not positive
// definite.
func cholesky(m [][]float64) (l [][]float64, ok bool) {
	l = make([][]float64, len(m))
	for i := range m {
		l[i] = make([]float64, len(m))
		for j := range i + 1 {
			s := m[i][j]
			for k := range j {
				s -= float64(l[i][k] * l[j][k])
			}
			switch {
			case i > j:
				l[i][j] = s / l[j][j]
			case s > 1e-9: // less is 0 but for rounding
				l[i][i] = math.Sqrt(s)
			default:
				return nil, false
			}
		}
	}
	return l, true
}

// pair gives columns of a sample of the unit cube these correlations of their normal scores, by pairing
// the values of each column anew (Iman and Conover, Commun. Stat. Simul. Comput. 11, 1982): every
// column keeps its values, so a Latin hypercube stays one.
func pair(sample [][]float64, columns []int, correlation [][]float64) {
	want, ok := cholesky(correlation)
	if !ok {
		panic("study: correlations that are not positive definite have passed their check")
	}
	scores, cells := make([][]float64, len(sample)), make([]float64, len(sample)*len(columns))
	for i, u := range sample {
		scores[i], cells = cells[:len(columns)], cells[len(columns):]
		for j, column := range columns {
			scores[i][j] = random.NormalQuantile(u[column], 0, 1)
		}
	}
	// The correlations that the sample has by chance are taken out first, where there are points enough to
	// have all of them.
	has, ok := cholesky(correlated(scores))
	for _, z := range scores {
		if ok {
			for j := range z {
				for k := range j {
					z[j] -= float64(has[j][k] * z[k])
				}
				z[j] /= has[j][j]
			}
		}
		for j := len(z) - 1; j >= 0; j-- {
			s := 0.0
			for k := range j + 1 {
				s += float64(want[j][k] * z[k])
			}
			z[j] = s
		}
	}
	type scored struct {
		score float64
		row   int
	}
	order, values := make([]scored, len(sample)), make([]float64, len(sample))
	for j, column := range columns {
		for i := range sample {
			order[i], values[i] = scored{scores[i][j], i}, sample[i][column]
		}
		slices.SortFunc(order, func(a, b scored) int {
			switch {
			case a.score < b.score:
				return -1
			case a.score > b.score:
				return 1
			}
			return a.row - b.row
		})
		slices.Sort(values)
		for r, o := range order {
			sample[o.row][column] = values[r]
		}
	}
}

// correlated is the correlation matrix of columns; where a column does not vary it is not positive
// definite.
func correlated(x [][]float64) [][]float64 {
	d := len(x[0])
	mean := make([]float64, d)
	for _, row := range x {
		for j, v := range row {
			mean[j] += v
		}
	}
	m := make([][]float64, d)
	for i := range m {
		m[i] = make([]float64, d)
		for j := range i + 1 {
			for _, row := range x {
				m[i][j] += float64((row[i] - mean[i]/float64(len(x))) * (row[j] - mean[j]/float64(len(x))))
			}
			m[j][i] = m[i][j]
		}
	}
	spread := make([]float64, d)
	for i := range m {
		spread[i] = math.Sqrt(m[i][i])
	}
	for i := range m {
		for j := range m {
			if s := float64(spread[i] * spread[j]); s > 0 {
				m[i][j] /= s
			}
		}
	}
	return m
}
