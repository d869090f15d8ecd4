package random

import (
	"fmt"
	"math"

	"tripwire/sim/portable"
)

// The discrete quantiles are the least k at which the chance of at most k reaches u. Up to a mean of directMean they
// are found by adding up the chances from 0, no more than directSteps of them; beyond that by a guess, which is certain
// unless it lies next to a whole number, and then by asking the distribution function of the guess and of its neighbours.
// What is compared with u depends on k alone, so that a greater u never gives a smaller k.
const (
	directMean  = 32
	directSteps = 128
)

// maxCount bounds what a discrete quantile gives.
const maxCount = 1 << 53

// none says that a count of the given mean is 0 at u, where that is plain without its distribution: it is above 0 with chance
// mean at most (Markov). The chances that are added up are good to far better than is spared here.
func none(u, mean float64) bool { return u < 1-1e-12-float64(mean) }

// PoissonQuantile is the least k that a Poisson variable exceeds with chance 1 - u at most, for u in (0, 1).
// It panics unless mean is in [0, 1e15].
func PoissonQuantile(u, mean float64) int64 {
	if !(mean >= 0 && mean <= 1e15) {
		panic(fmt.Sprintf("random: Poisson of mean %v", mean))
	}
	if none(u, mean) {
		return 0
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
	guess, sure := expansion(u, mean, mean, 1, 1).guess()
	if sure {
		return int64(guess)
	}
	return search(u, from, maxCount, guess, poisson{mean})
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
		if none(u, mean) {
			return 0
		}
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
		if none(1-u, float64(n)*(1-p)) {
			return n
		}
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
	q := 1 - p
	guess, sure := expansion(u, mean, mean*q, q-p, 1-float64(6*p*q)).guess()
	if sure {
		return int64(guess)
	}
	return search(u, low, high, guess, binomial{float64(n), p})
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

// expanded is a discrete quantile before it is rounded up: within margin of the real number of which the exact one is the
// next whole number.
type expanded struct{ x, margin float64 }

// expansion is Cornish and Fisher's, to the third order, of a distribution of whole numbers whose third and fourth cumulants
// are so many variances (Fisher and Cornish, Technometrics 2(2), 1960). The halves and twenty-fourths are Sheppard's: what
// is expanded is the continuous distribution whose mass from k - 1/2 to k + 1/2 is the chance of k. For the Poisson it is
// Giles's Q2 (Algorithm 955, ACM TOMS 42(1), 2016), whose use of such a margin this follows.
//
// The margin is made of the order left out and of what the distribution functions may be wrong by; a test holds it at every
// k of a grid of distributions.
func expansion(u, mean, variance, third, fourth float64) expanded {
	z, sd := portable.NormalQuantile(u), math.Sqrt(variance)
	square := float64(z * z)
	second := float64((square-1)*third) / 6
	rest := float64((square-3)*fourth)/24 - float64((float64(2*square)-5)*float64(third*third))/36 - 1.0/24
	return expanded{
		x:      mean - 0.5 + float64(sd*z) + second + float64(z*rest)/sd,
		margin: 0.001 + float64(0.04+float64(square*square)/100)/variance + mean/1e12,
	}
}

// guess is the quantile that e stands for, and whether it is certain.
func (e expanded) guess() (k float64, sure bool) {
	k = math.Ceil(e.x)
	return k, e.margin < k-e.x && k-e.x < 1-e.margin
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
