package random

import (
	"fmt"
	"math"

	"tripwire/sim/portable"
)

// The discrete quantiles are the least k at which the chance of at most k reaches u. Up to a mean of directMean they
// are found by adding up the chances from 0, no more than directSteps of them; beyond that by asking the distribution
// function of a good guess and of its neighbours. What is compared with u depends on k alone, so that a greater u
// never gives a smaller k.
const (
	directMean  = 32
	directSteps = 128
)

// maxCount bounds what a discrete quantile gives.
const maxCount = 1 << 53

// PoissonQuantile is the least k that a Poisson variable exceeds with chance 1 - u at most, for u in (0, 1).
// It panics unless mean is in [0, 1e15].
func PoissonQuantile(u, mean float64) int64 {
	if !(mean >= 0 && mean <= 1e15) {
		panic(fmt.Sprintf("random: Poisson of mean %v", mean))
	}
	from := int64(0)
	if mean <= directMean {
		chance := portable.Exp(-mean)
		sum := chance
		for from < directSteps {
			if u <= sum {
				return from
			}
			from++
			chance = float64(chance * (mean / float64(from)))
			sum += chance
		}
	}
	d := poisson{mean}
	return search(u, from, maxCount, normalGuess(u, mean, math.Sqrt(mean), 1/math.Sqrt(mean)), d)
}

// BinomialQuantile is the least k that the number of successes of n trials, with chance p each, exceeds with chance 1 - u
// at most, for u in (0, 1). It panics if n is negative or above 2^53, or p not in [0, 1].
func BinomialQuantile(u float64, n int64, p float64) int64 {
	if !(n >= 0 && n <= maxCount && p >= 0 && p <= 1) {
		panic(fmt.Sprintf("random: binomial of %d trials with chance %v", n, p))
	}
	if n == 0 || p == 0 {
		return 0
	}
	if p == 1 {
		return n
	}
	low, high := int64(0), n
	mean := float64(n) * p
	switch {
	case p <= 0.5 && mean <= directMean:
		odds := p / (1 - p)
		chance := portable.Exp(float64(n) * portable.Log1p(-p))
		sum := chance
		for low < min(n, directSteps) {
			if u <= sum {
				return low
			}
			chance = float64(chance * odds * (float64(n-low) / float64(low+1)))
			low++
			sum += chance
		}
	case p > 0.5 && float64(n)*(1-p) <= directMean:
		// From n down: k-1 will do as long as the chance of k and more is at most 1 - u.
		odds := (1 - p) / p
		chance := portable.Exp(float64(n) * portable.Log(p))
		sum := chance
		for high > max(0, n-directSteps) {
			if sum > 1-u {
				return high
			}
			chance = float64(chance * odds * (float64(high) / float64(n-high+1)))
			high--
			sum += chance
		}
	}
	if low >= high {
		return low
	}
	sd := math.Sqrt(mean * (1 - p))
	return search(u, low, high, normalGuess(u, mean, sd, (1-float64(2*p))/sd), binomial{float64(n), p})
}

// NegBinomialQuantile is the least k that a Poisson variable, whose mean is gamma with the given shape and mean, exceeds with
// chance 1 - u at most, for u in (0, 1). Its variance is mean + mean²/shape; a shape of +Inf makes it Poisson.
// It panics unless mean is in [0, 1e15] and shape positive.
func NegBinomialQuantile(u, mean, shape float64) int64 {
	if !(mean >= 0 && mean <= 1e15 && shape > 0) {
		panic(fmt.Sprintf("random: negative binomial of mean %v and shape %v", mean, shape))
	}
	if shape > 1e15 {
		return PoissonQuantile(u, mean)
	}
	from := int64(0)
	more := mean / (mean + shape)
	if mean <= directMean {
		chance := portable.Exp(-shape * portable.Log1p(mean/shape))
		sum := chance
		for from < directSteps {
			if u <= sum {
				return from
			}
			chance = float64(chance * more * ((shape + float64(from)) / float64(from+1)))
			from++
			sum += chance
		}
	}
	guess := portable.GammaQuantile(u, shape) / shape * mean
	return search(u, from, maxCount, guess, negBinomial{mean, shape})
}

// distribution is one of whole numbers: the chance of at most k, and of more.
type distribution interface {
	tails(k float64) (upTo, beyond float64)
}

type poisson struct{ mean float64 }

func (d poisson) tails(k float64) (upTo, beyond float64) {
	beyond, upTo = portable.GammaTails(k+1, d.mean)
	return upTo, beyond
}

type binomial struct{ n, p float64 }

func (d binomial) tails(k float64) (upTo, beyond float64) {
	if k >= d.n {
		return 1, 0
	}
	beyond, upTo = portable.BetaTails(k+1, d.n-k, d.p, 1-d.p)
	return upTo, beyond
}

type negBinomial struct{ mean, shape float64 }

func (d negBinomial) tails(k float64) (upTo, beyond float64) {
	sum := d.mean + d.shape
	beyond, upTo = portable.BetaTails(k+1, d.shape, d.mean/sum, d.shape/sum)
	return upTo, beyond
}

// normalGuess is Cornish and Fisher's quantile to the first order in the skewness.
func normalGuess(u, mean, sd, skewness float64) float64 {
	z := portable.NormalQuantile(u)
	return mean + float64(sd*(z+float64((float64(z*z)-1)*skewness)/6))
}

// search is the least k in [low, high] at which d reaches u, if not high: from the guess outward in doubling steps, then by
// halves.
func search[D distribution](u float64, low, high int64, guess float64, d D) int64 {
	reaches := func(k int64) bool {
		upTo, beyond := d.tails(float64(k))
		if u <= 0.5 {
			return upTo >= u
		}
		return beyond <= 1-u
	}
	k := int64(math.Min(math.Max(guess, float64(low)), float64(high)))
	step := int64(1)
	if k >= high || reaches(k) {
		high = k
		for high > low && reaches(max(high-step, low)) {
			high = max(high-step, low)
			step *= 2
		}
		low = max(high-step, low)
	} else {
		low = k + 1
		for low < high && !reaches(min(low+step-1, high)) {
			low = min(low+step, high)
			step *= 2
		}
		high = min(low+step-1, high)
	}
	for low < high {
		middle := low + (high-low)/2
		if reaches(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
