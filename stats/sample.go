package stats

import (
	"fmt"
	"math"
	"slices"
)

// A Sample is a set of numbers, kept in ascending order.
type Sample struct{ x []float64 }

// NewSample sorts a copy of x. A NaN panics: leave missing values out, knowing what their absence
// means, before the sample is made.
func NewSample(x []float64) Sample {
	sorted := make([]float64, len(x))
	for i, v := range x {
		if math.IsNaN(v) {
			panic(fmt.Sprintf("stats: NewSample: value %d is NaN", i))
		}
		sorted[i] = v + 0 // -0 becomes 0: the two compare equal, so sorting would leave them as they came
	}
	slices.Sort(sorted)
	return Sample{sorted}
}

// Len is the number of values.
func (s Sample) Len() int { return len(s.x) }

// Sorted is the values in ascending order; not to be changed.
func (s Sample) Sorted() []float64 { return s.x }

// Moments is the exact moments of the sample.
func (s Sample) Moments() *Moments {
	m := new(Moments)
	for i, next := 0, 0; i < len(s.x); i = next {
		v := s.x[i]
		for next = i + 1; next < len(s.x) && s.x[next] == v; {
			next++
		}
		if times := next - i; times > 1 && math.Abs(v) < 1<<26 && v == math.Trunc(v) {
			m.addTimes(int(v), times) // as a count or a missing event is, most often
			continue
		}
		for range next - i {
			m.Add(v)
		}
	}
	return m
}

// Mean estimates the mean with Student's t interval. Where the upper or lower tail is so heavy that
// the variance may not exist, the interval cannot be trusted and [WarnHeavyTail] says so: report
// quantiles and [Sample.ExpectedShortfall] then.
func (s Sample) Mean(level float64) Estimate {
	checkLevel("Mean", level)
	n := len(s.x)
	if n == 0 {
		return nothing(level, "t interval")
	}
	e := tInterval(s.Moments(), level)
	if n > 0 && (math.IsInf(s.x[0], 0) || math.IsInf(s.x[n-1], 0)) {
		e.Warnings = append(e.Warnings, WarnInfinite)
	} else if s.heavyTailed() {
		e.Warnings = append(e.Warnings, WarnHeavyTail)
	}
	return e
}

// Interval is the t interval of the mean, as [Sample.Mean] has it; whether a tail is heavy is not to be seen
// in moments.
func (m *Moments) Interval(level float64) Estimate {
	checkLevel("Moments.Interval", level)
	return tInterval(m, level)
}

func tInterval(m *Moments, level float64) Estimate {
	n := m.N()
	mean := m.Mean()
	e := Estimate{Value: mean, Low: math.Inf(-1), High: math.Inf(1), Level: level, N: n, Method: "t interval"}
	if n < 30 {
		e.Warnings = append(e.Warnings, WarnFewRuns)
	}
	if n < 2 {
		return e
	}
	variance := m.Variance()
	half := student(level, float64(n-1)) * math.Sqrt(variance/float64(n))
	e.Low, e.High = mean-half, mean+half
	if variance == 0 {
		e.Warnings = append(e.Warnings, WarnNoSpread)
	}
	return e
}

// Mean is NewSample(x).Mean(level).
func Mean(x []float64, level float64) Estimate { return NewSample(x).Mean(level) }
