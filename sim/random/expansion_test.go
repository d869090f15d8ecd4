package random

import (
	"math"
	"testing"
)

// A guess is certain only where the exact quantile is the same. Both step from k to k + 1 where u passes the chance of at most k:
// the exact one there, the guess where the expansion passes k. So the margin need hold only at these chances; a quarter of it is
// kept for what lies between the distributions of the grid. A margin of a half and more makes no guess certain.
func TestExpansionKeepsItsMargin(t *testing.T) {
	steps := 0
	check := func(d distribution, mean, variance, third, fourth float64) {
		t.Helper()
		sd := math.Sqrt(variance)
		for k := math.Ceil(max(0, mean-7*sd)); k < mean+7*sd; k += max(1, math.Floor(sd/10)) {
			upTo, beyond := d.tails(k)
			if upTo < 0x1p-53 || beyond < 0x1p-53 {
				continue
			}
			// The greatest u of which k is still the quantile, and the next.
			last, next := upTo, math.Nextafter(upTo, 1)
			if upTo > 0.5 {
				for last = 1 - beyond; beyond > 1-last; last -= 0x1p-53 {
				}
				for next = last; beyond <= 1-next; next += 0x1p-53 {
				}
			}
			steps++
			at, after := expansion(last, mean, variance, third, fourth), expansion(next, mean, variance, third, fourth)
			if off := max(at.x-k, k-after.x); at.margin < 0.5 && off > 0.75*at.margin {
				t.Errorf("%T%v at %v: the expansion is %v and %v, its margin %v", d, d, k, at.x, after.x, at.margin)
			}
		}
	}
	for mean := directMean + 0.001; mean < 1e10; mean *= 1.04 {
		check(poisson{mean}, mean, mean, 1, 1)
	}
	for _, p := range []float64{1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.03, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55, 0.7, 0.8, 0.9, 0.99, 0.9999} {
		for n := math.Ceil(directMean / min(p, 1-p)); n < 1e9; n = math.Ceil(n * 1.15) {
			q := 1 - p
			check(binomial{n, p}, n*p, n*p*q, q-p, 1-6*p*q)
		}
	}
	if steps < 100_000 {
		t.Errorf("only %d steps were looked at", steps)
	}
}

// What is drawn is what the search over the distribution function alone would find, whoever finds it.
func TestGuessesAreTheSearchesQuantiles(t *testing.T) {
	s := New().Stream("quantiles")
	guessed := 0
	const draws = 40_000
	for range draws {
		u, n, p := s.Uniform(), 1+int64(math.Exp(12*s.Uniform())), s.Uniform()
		mean := float64(n) * p
		if min(mean, float64(n)*(1-p)) > directMean {
			if _, sure := expansion(u, mean, mean*(1-p), 1-2*p, 1-6*p*(1-p)).guess(); sure {
				guessed++
			}
			if got, want := BinomialQuantile(u, n, p), search(u, 0, n, mean, binomial{float64(n), p}); got != want {
				t.Fatalf("BinomialQuantile(%v, %d, %v) = %d, want %d", u, n, p, got, want)
			}
		}
		if mean > directMean {
			if got, want := PoissonQuantile(u, mean), search(u, 0, maxCount, mean, poisson{mean}); got != want {
				t.Fatalf("PoissonQuantile(%v, %v) = %d, want %d", u, mean, got, want)
			}
		}
	}
	if guessed < draws/2 {
		t.Errorf("only %d of %d guesses were certain", guessed, draws)
	}
}
