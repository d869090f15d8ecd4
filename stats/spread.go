package stats

import (
	"cmp"
	"math"
	"slices"
)

// A Spread is how the true value of something differs from future to future, with the noise of the
// finite number of runs at each taken out.
type Spread struct {
	Futures  int     // that have a value
	Mean     float64 // of their values, each weighted by its number of runs
	Between  float64 // variance of the true values; never negative
	Noise    float64 // variance that luck gives the value of a future with the mean number of runs
	Method   string
	Warnings []string

	value, weight []float64 // noise-corrected, ascending; weights sum to 1
}

// SplitSpread is [Crossed.Spread] of any statistic, such as a median: its value at each future from all
// replications, and from each of two halves that share no luck, NaN where there is none; weight is the
// number of runs. The variance between is the covariance of the halves, to which noise adds nothing.
func SplitSpread(whole, first, second, weight []float64) Spread {
	checkPaired("SplitSpread", len(whole), len(first))
	checkPaired("SplitSpread", len(whole), len(second))
	checkPaired("SplitSpread", len(whole), len(weight))
	w := slices.Clone(weight)
	for i := range w {
		if math.IsNaN(whole[i] + first[i] + second[i]) {
			w[i] = 0
		}
	}
	s := newSpread(whole, w, "covariance of two halves")
	if s.Futures < 2 {
		return s.untold()
	}
	sum, scale := scatter(whole, whole, w)
	covariance, _ := scatter(first, second, w)
	between := max(0, covariance/scale)
	return s.correct(whole, w, covariance/scale, max(0, sum-between*scale)/float64(s.Futures-1))
}

func newSpread(value, weight []float64, method string) Spread {
	s := Spread{Method: method, Mean: math.NaN(), Between: math.NaN(), Noise: math.NaN()}
	sum, total := 0.0, 0.0
	for i, w := range weight {
		if w > 0 {
			s.Futures++
			sum += w * value[i]
			total += w
		}
	}
	if total > 0 {
		s.Mean = sum / total
	}
	return s
}

func (s Spread) untold() Spread {
	s.Warnings = append(s.Warnings, WarnNotTold)
	return s
}

// scatter is the weighted sum of products about the means, and what it is divided by to estimate a
// covariance between rows.
func scatter(x, y, weight []float64) (sum, scale float64) {
	mx, my, total, squares := 0.0, 0.0, 0.0, 0.0
	for i, w := range weight {
		if w > 0 {
			mx += w * x[i]
			my += w * y[i]
			total += w
			squares += w * w
		}
	}
	mx /= total
	my /= total
	for i, w := range weight {
		if w > 0 {
			sum += w * (x[i] - mx) * (y[i] - my)
		}
	}
	return sum, total - squares/total
}

// correct draws the values towards their mean; noise is the variance of one run.
func (s Spread) correct(value, weight []float64, between, noise float64) Spread {
	if s.Futures < 20 {
		s.Warnings = append(s.Warnings, WarnFewFutures)
	}
	if !(between > 1e-9*noise) { // below is rounding
		if between = 0; noise > 0 { // without noise all futures are seen to be alike
			s.Warnings = append(s.Warnings, WarnNoInputs)
		}
	}
	s.Between = between
	total := 0.0
	for _, w := range weight {
		total += w
	}
	s.Noise = noise / (total / float64(s.Futures))
	type future struct{ value, weight float64 }
	var all []future
	for i, w := range weight {
		if w > 0 {
			drawn := 0.0
			if between > 0 {
				drawn = math.Sqrt(between / (between + noise/w))
			}
			all = append(all, future{drawn * (value[i] - s.Mean), w / total})
		}
	}
	slices.SortFunc(all, func(a, b future) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.weight, b.weight)) })
	for _, f := range all {
		s.value, s.weight = append(s.value, f.value), append(s.weight, f.weight)
	}
	// The variance of the drawn values is the truth's on average; make it so here.
	mean := 0.0
	if sum, scale := scatter(s.value, s.value, s.weight); sum > 0 {
		k := math.Sqrt(between * scale / sum)
		for i, w := range s.weight {
			s.value[i] *= k
			mean += w * s.value[i]
		}
	}
	for i := range s.value {
		s.value[i] += s.Mean - mean
	}
	return s
}

// Quantile is the value below which the truth lies in a share p of the futures; NaN where nothing is
// known of them. Between values it interpolates, each standing at the middle of its weight (type 5 of
// Hyndman and Fan where all weigh the same).
func (s Spread) Quantile(p float64) float64 {
	checkProbability("Spread.Quantile", p)
	if len(s.value) == 0 {
		return math.NaN()
	}
	before, at := math.Inf(-1), 0.0
	for i, w := range s.weight {
		middle := at + w/2
		if p <= middle {
			if i == 0 {
				return s.value[0]
			}
			return s.value[i-1] + (p-before)/(middle-before)*(s.value[i]-s.value[i-1])
		}
		before, at = middle, at+w
	}
	return s.value[len(s.value)-1]
}
