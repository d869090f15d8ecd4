package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// The adjusted P values of R's p.adjust, in the order of p: a hypothesis is rejected at a risk where its
// adjusted value is not above that risk. What tripwire reports is [Holm]'s; [BenjaminiHochberg]'s are for maps of
// many cells.

// Holm bounds the chance of any false rejection, whatever the dependence (Holm, Scandinavian Journal
// of Statistics 6, 1979).
func Holm(p []float64) []float64 {
	return adjust(p, func(sorted, q []float64) {
		for i, v := range sorted {
			q[i] = v * float64(len(p)-i)
			if i > 0 {
				q[i] = max(q[i], q[i-1])
			}
		}
	})
}

// BenjaminiHochberg bounds the expected share of false ones among the rejections where tests are
// independent or positively dependent (Benjamini and Hochberg, JRSS B 57, 1995).
func BenjaminiHochberg(p []float64) []float64 {
	return adjust(p, func(sorted, q []float64) {
		least := math.Inf(1)
		for i := len(p) - 1; i >= 0; i-- {
			least = min(least, sorted[i]*(float64(len(p))/float64(i+1)))
			q[i] = least
		}
	})
}

// adjust sorts p, lets method fill in the adjusted values, cuts them at 1 and puts them back.
func adjust(p []float64, method func(sorted, q []float64)) []float64 {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			panic(fmt.Sprintf("stats: P value %d is %v, not in [0, 1]", i, v))
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	sorted, q := make([]float64, len(p)), make([]float64, len(p))
	for i, j := range order {
		sorted[i] = p[j]
	}
	method(sorted, q)
	adjusted := make([]float64, len(p))
	for i, j := range order {
		adjusted[j] = min(1, q[i])
	}
	return adjusted
}
