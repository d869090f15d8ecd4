package sim

import (
	"fmt"
	"math"
	"time"
)

// Time is an instant: nanoseconds since the beginning of day 0. Instants are integers, so that equal
// ones are equal on every machine and a sum of spans has no rounding.
type Time int64

// Day is the span of a day.
const Day = 24 * time.Hour

// MaxSpan, about 146 years, is the longest span that [Days] and [Hours] give. Anything longer becomes
// MaxSpan: a draw from a heavy tail, or +Inf for what never happens. It can be added to every instant
// of the first 146 years.
const MaxSpan time.Duration = 1 << 62

// Days is the span of d days, rounded to the nearest nanosecond and at most [MaxSpan].
// It panics if d is negative or NaN.
func Days(d float64) time.Duration { return span(d, "Days", float64(Day)) }

// Hours is the span of h hours, rounded to the nearest nanosecond and at most [MaxSpan].
// It panics if h is negative or NaN.
func Hours(h float64) time.Duration { return span(h, "Hours", float64(time.Hour)) }

func span(x float64, name string, unit float64) time.Duration {
	if !(x >= 0) {
		panic(fmt.Sprintf("sim: %s(%v): a span cannot be negative or NaN", name, x))
	}
	ns := x * unit
	if ns >= float64(MaxSpan) {
		return MaxSpan
	}
	return time.Duration(math.RoundToEven(ns))
}

// Add is the instant d after t. It panics if there is no such [Time].
func (t Time) Add(d time.Duration) Time {
	sum := t + Time(d)
	if (sum > t) != (d > 0) && d != 0 {
		panic(fmt.Sprintf("sim: %v after %v is past the end of time", d, t))
	}
	return sum
}

// Sub is the span from u to t.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// Days is t in days since the beginning of day 0.
func (t Time) Days() float64 { return float64(t) / float64(Day) }

// String is the day and the minute that t lies in: "D+1 06:00".
func (t Time) String() string {
	day, rest := t/Time(Day), t%Time(Day)
	if rest < 0 {
		day, rest = day-1, rest+Time(Day)
	}
	minutes := rest / Time(time.Minute)
	return fmt.Sprintf("D%+d %02d:%02d", int64(day), minutes/60, minutes%60)
}
