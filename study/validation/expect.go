package validation

import (
	"fmt"
	"math"

	"tripwire/stats"
)

// A Verdict is what an interval says about an expectation.
type Verdict uint8

const (
	Reported  Verdict = iota // nothing was expected: the number stands for itself
	Held                     // the interval lies where it was expected
	NotHeld                  // it lies wholly elsewhere
	Undecided                // it straddles the edge
)

func (v Verdict) String() string {
	return [...]string{"reported", "held", "not held", "undecided"}[v]
}

// and is the verdict on a claim of two parts, all of which must hold.
func (v Verdict) and(w Verdict) Verdict {
	switch {
	case v == Reported:
		return w
	case w == Reported:
		return v
	case v == NotHeld || w == NotHeld:
		return NotHeld
	case v == Undecided || w == Undecided:
		return Undecided
	}
	return Held
}

// An expectation is the open interval in which a number is expected.
type expectation struct {
	low, high float64
	words     string
	missed    bool // the model is known to disagree, and the row's note says why
}

// butMissed is an expectation that the model is known to disagree with.
func (e expectation) butMissed() expectation {
	e.missed = true
	return e
}

// judge compares an interval with what was expected. An interval without any width at the edge of
// what was expected, as of an effect that is exactly zero, lies elsewhere.
func (e expectation) judge(got stats.Estimate) Verdict {
	switch {
	case e.words == "":
		return Reported
	case got.N == 0:
		return Undecided
	case got.High <= e.low || got.Low >= e.high:
		return NotHeld
	case e.low < got.Low && got.High < e.high:
		return Held
	}
	return Undecided
}

var inf = math.Inf(1)

var (
	reported = expectation{} // a number that stands for itself
	rises    = within(0, inf, "rises")
	falls    = within(-inf, 0, "falls")
)

func within(low, high float64, words string) expectation {
	return expectation{low: low, high: high, words: words}
}

// nearZero expects an effect smaller than a margin that would matter.
func nearZero(margin float64) expectation {
	return within(-margin, margin, "near zero (±"+plain(margin)+")")
}

// risesBy expects more than so much: an effect that is large.
func risesBy(least float64) expectation {
	return within(least, inf, "rises by more than "+plain(least))
}

// noLessThan expects an effect that may be positive, but is not below a margin.
func noLessThan(margin float64) expectation {
	return within(-margin, inf, "rises or stays (above −"+plain(margin)+")")
}

// from is evidence that gives a range.
func from(low, high float64, unit string) expectation {
	return within(low, high, plain(low)+" to "+plain(high)+" "+unit)
}

// about is evidence that is one number, met within a quarter.
func about(x float64, unit string) expectation {
	return within(x*3/4, x*5/4, plain(x)+" "+unit+" (±25%)")
}

func plain(x float64) string { return fmt.Sprintf("%g", x) }
