package random

import (
	"fmt"
	"math"

	"tripwire/sim/portable"
)

// ExpQuantile is the value that an exponential variable of the given mean stays below with chance u, in [0, 1].
// A mean of 0 gives 0, one of +Inf gives +Inf. It panics if the mean is negative or NaN.
func ExpQuantile(u, mean float64) float64 {
	checkMean(mean)
	if mean == 0 {
		return 0
	}
	return -mean * portable.Log1p(-u)
}

func checkMean(mean float64) {
	if !(mean >= 0) {
		panic(fmt.Sprintf("random: exponential of mean %v", mean))
	}
}

// NormalQuantile is the value that a normal variable stays below with chance u, in [0, 1].
// It panics if sd is negative or NaN.
func NormalQuantile(u, mean, sd float64) float64 {
	if !(sd >= 0) {
		panic(fmt.Sprintf("random: normal of standard deviation %v", sd))
	}
	if sd == 0 {
		return mean
	}
	return mean + float64(sd*portable.NormalQuantile(u))
}

// LogNormalQuantile is the value that a variable, the logarithm of which is normal with standard deviation sigma, stays
// below with chance u, in [0, 1]. Its mean is median·exp(sigma²/2).
// It panics if median or sigma is negative or NaN.
func LogNormalQuantile(u, median, sigma float64) float64 {
	if !(median >= 0 && sigma >= 0) {
		panic(fmt.Sprintf("random: log-normal of median %v and sigma %v", median, sigma))
	}
	if median == 0 || sigma == 0 {
		return median
	}
	return median * portable.Exp(sigma*portable.NormalQuantile(u))
}

// GammaQuantile is the value that a gamma variable stays below with chance u, in [0, 1]. Its variance is mean²/shape; a
// shape of 1 makes it exponential, one of +Inf makes it the mean. It panics if shape is not positive or mean is negative
// or infinite.
func GammaQuantile(u, shape, mean float64) float64 {
	if !(shape > 0 && mean >= 0 && mean <= math.MaxFloat64) {
		panic(fmt.Sprintf("random: gamma of shape %v and mean %v", shape, mean))
	}
	if mean == 0 || math.IsInf(shape, 1) {
		return mean
	}
	return portable.GammaQuantile(u, shape) / shape * mean
}

// BetaQuantile is the value that a beta variable of shapes a and b stays below with chance u, in [0, 1]. Its mean is a/(a+b).
// It panics if a shape is not positive and finite.
func BetaQuantile(u, a, b float64) float64 {
	if !(a > 0 && b > 0 && a <= math.MaxFloat64 && b <= math.MaxFloat64) {
		panic(fmt.Sprintf("random: beta of shapes %v and %v", a, b))
	}
	return portable.BetaQuantile(u, a, b)
}

// PERTQuantile is the value that a quantity estimated to lie between low and high, most likely at mode, stays below with
// chance u, in [0, 1]: low + (high-low)·Beta(1+4(mode-low)/(high-low), 1+4(high-mode)/(high-low)), of mean
// (low+4·mode+high)/6 (Malcolm et al., Operations Research 7(5), 1959). Where low is high it is that.
// It panics unless low <= mode <= high, all finite.
func PERTQuantile(u, low, mode, high float64) float64 {
	width := high - low
	if !(low <= mode && mode <= high && width <= math.MaxFloat64) {
		panic(fmt.Sprintf("random: PERT from %v by way of %v to %v", low, mode, high))
	}
	if width == 0 {
		return low
	}
	x := portable.BetaQuantile(u, 1+float64(4*(mode-low))/width, 1+float64(4*(high-mode))/width)
	return min(low+float64(width*x), high)
}
