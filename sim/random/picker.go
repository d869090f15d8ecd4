package random

import (
	"fmt"
	"math"
)

// Picker picks among weights, at the cost of a search by halves.
type Picker struct{ sums []float64 } // of the weights up to each, from 0 on

// NewPicker prepares picks among weights. It panics if there is no weight, or one is negative, NaN or infinite, or
// they are all 0.
func NewPicker(weights []float64) Picker {
	sums := make([]float64, 1, len(weights)+1)
	for i, w := range weights {
		if !(w >= 0) {
			panic(fmt.Sprintf("random: pick with weight %v at %d", w, i))
		}
		sums = append(sums, sums[i]+w)
	}
	if total := sums[len(weights)]; total == 0 || total > math.MaxFloat64 {
		panic(fmt.Sprintf("random: pick among %d weights with sum %v", len(weights), total))
	}
	return Picker{sums}
}

// Quantile is the least i at which the weights up to i make up u, in (0, 1), of their sum; it is never one of weight 0.
func (p Picker) Quantile(u float64) int {
	last := len(p.sums) - 1
	target := max(u*p.sums[last], math.SmallestNonzeroFloat64)
	low, high := 1, last
	for low < high {
		if middle := (low + high) / 2; p.sums[middle] < target {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}
