package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A running mean is that of the sample, its doubts about tails included, of any number of values.
func TestRunning(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	heavy := 0
	for name, draw := range map[string]func() float64{
		"normal": r.NormFloat64, "heavy above": func() float64 { return math.Pow(r.Float64(), -0.8) }, "heavy below": func() float64 { return -math.Pow(r.Float64(), -0.8) },
		"whole": func() float64 { return math.Floor(5 * r.Float64()) }, "falling": func() func() float64 { x := 1e9; return func() float64 { x -= r.ExpFloat64(); return x } }(),
	} {
		for _, n := range []int{0, 1, 20, 99, 100, 501, 502, 1003, 20_000} {
			x := make([]float64, n)
			m := new(Running)
			for i := range x {
				x[i] = draw()
				m.Add(x[i])
			}
			got, want := m.Mean(0.95), NewSample(x).Mean(0.95)
			if slices.Contains(want.Warnings, WarnHeavyTail) {
				heavy++
			}
			if fmt.Sprint(got) != fmt.Sprint(want) { // shortest floats tell every bit, and NaN is NaN
				t.Errorf("%s, %d values: got %+v, want %+v", name, n, got, want)
			}
		}
	}
	if heavy == 0 {
		t.Error("no sample has a heavy tail")
	}
}

// Where a value stands in a histogram is where it stands in the sample, but for the width of a bin.
func TestHistogramRank(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, n := range []int{1, 1000, Kept + 50_000} {
		h := new(Histogram)
		x := make([]float64, n)
		for i := range x {
			if x[i] = math.Exp(r.NormFloat64()); i%3 == 0 {
				x[i] = float64(-r.IntN(4))
			}
			h.Add(x[i])
		}
		slices.Sort(x)
		for _, at := range []float64{-9, -3, -1, 0, x[0], x[n/2], x[n-1], 0.7, 2.2, 1e9} {
			below, through := 0, 0
			for _, v := range x {
				if v < at {
					below++
				}
				if v <= at {
					through++
				}
			}
			slack := 0.0
			if n > Kept {
				slack = 0.001
			}
			if want := float64(below+through) / float64(2*n); math.Abs(h.Rank(at)-want) > slack {
				t.Errorf("%d values: the rank of %v is %v, want %v", n, at, h.Rank(at), want)
			}
			if b, same := h.Split(at); (n <= Kept || at <= 0) && (b != float64(below) || same != float64(through-below)) {
				t.Errorf("%d values: %v are below %v and %v the same, want %d and %d", n, b, at, same, below, through-below)
			}
		}
		h.Clear()
		if h.Add(5); h.Len() != 1 || h.Quantile(0.5) != 5 {
			t.Errorf("a histogram that was cleared has %d values about %v, want one 5", h.Len(), h.Quantile(0.5))
		}
	}
}
