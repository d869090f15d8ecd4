package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// The adjusted P values of R's p.adjust, in the order of p: a hypothesis is rejected at a risk where its
// adjusted value is not above that risk. Where no method is asked for tripwire reports [Holm], and
// [BenjaminiHochberg] for maps of many cells.

// Bonferroni bounds the chance of any false rejection, whatever the dependence; [Holm] does the same
// with more power.
func Bonferroni(p []float64) []float64 {
	return adjust(p, func(sorted, q []float64) {
		for i, v := range sorted {
			q[i] = v * float64(len(p))
		}
	})
}

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

// Hochberg bounds the chance of any false rejection where tests are independent or positively
// dependent (Hochberg, Biometrika 75, 1988).
func Hochberg(p []float64) []float64 {
	return adjust(p, func(sorted, q []float64) {
		stepUp(sorted, q, func(i int) float64 { return float64(len(p) - i) })
	})
}

// Hommel bounds what Hochberg's does, with a little more power (Hommel, Biometrika 75, 1988).
func Hommel(p []float64) []float64 {
	return adjust(p, func(sorted, q []float64) {
		n := len(sorted)
		least := math.Inf(1)
		for i, v := range sorted {
			least = min(least, float64(n)*v/float64(i+1))
		}
		adjusted := make([]float64, n)
		for i := range n {
			q[i], adjusted[i] = least, least
		}
		for m := n - 1; m > 1; m-- {
			first := n - m + 1 // of the m-1 largest
			q1 := math.Inf(1)
			for i := first; i < n; i++ {
				q1 = min(q1, float64(m)*sorted[i]/float64(2+i-first))
			}
			for i := range first {
				adjusted[i] = min(float64(m)*sorted[i], q1)
			}
			for i := first; i < n; i++ {
				adjusted[i] = adjusted[n-m]
			}
			for i := range n {
				q[i] = max(q[i], adjusted[i])
			}
		}
		for i, v := range sorted {
			q[i] = max(q[i], v)
		}
	})
}

// BenjaminiHochberg bounds the expected share of false ones among the rejections where tests are
// independent or positively dependent (Benjamini and Hochberg, JRSS B 57, 1995).
func BenjaminiHochberg(p []float64) []float64 {
	return adjust(p, func(sorted, q []float64) {
		stepUp(sorted, q, func(i int) float64 { return float64(len(p)) / float64(i+1) })
	})
}

// BenjaminiYekutieli bounds the expected share of false rejections whatever the dependence (Benjamini
// and Yekutieli, Annals of Statistics 29, 2001).
func BenjaminiYekutieli(p []float64) []float64 {
	harmonic := 0.0
	for i := range p {
		harmonic += 1 / float64(i+1)
	}
	return adjust(p, func(sorted, q []float64) {
		stepUp(sorted, q, func(i int) float64 { return harmonic * float64(len(p)) / float64(i+1) })
	})
}

// stepUp multiplies each by its factor and takes the least from there on.
func stepUp(sorted, q []float64, factor func(i int) float64) {
	least := math.Inf(1)
	for i := len(sorted) - 1; i >= 0; i-- {
		least = min(least, sorted[i]*factor(i))
		q[i] = least
	}
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
