package stats

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// Beyond what it keeps, a histogram's quantiles are within a bin of the sample's, its bounds enclose the sample's and are no
// more than a bin further out, and the mean is the sample's; up to there all is the sample's. The order of the values does
// not matter.
func TestHistogram(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() float64{
		"lognormal":           func() float64 { return math.Exp(3 * r.NormFloat64()) },
		"normal":              r.NormFloat64,
		"small whole numbers": func() float64 { return float64(r.IntN(40) - 7) },
		"mostly the horizon":  func() float64 { return min(1825, 3000*r.Float64()) },
		"mostly nothing":      func() float64 { return max(0, r.NormFloat64()) },
	} {
		for _, n := range []int{0, 1, 1000, Kept, Kept + 1, Kept + 20_001} {
			x := make([]float64, n)
			h, other := new(Histogram), new(Histogram)
			for i := range x {
				x[i] = draw()
				h.Add(x[i])
			}
			for _, i := range r.Perm(n) {
				other.Add(x[i])
			}
			s := NewSample(x)
			if h.Len() != n {
				t.Fatalf("%s: %d of %d values", name, h.Len(), n)
			}
			if got, want := h.Mean(0.95), s.Mean(0.95); !sameFloat(got.Value, want.Value) || !sameFloat(got.Low, want.Low) || !sameFloat(got.High, want.High) {
				t.Errorf("%s, %d values: the mean is %v, want %v", name, n, got, want)
			}
			for _, p := range []float64{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999} {
				got, want := h.QuantileInterval(p, 0.95), s.QuantileInterval(p, 0.95)
				if !reflect.DeepEqual(got, other.QuantileInterval(p, 0.95)) && n > 0 {
					t.Errorf("%s, %d values, p = %v: in another order it is %+v, not %+v", name, n, p, other.QuantileInterval(p, 0.95), got)
				}
				if n <= Kept {
					if n > 0 && !reflect.DeepEqual(got, want) {
						t.Errorf("%s, %d values, p = %v: got %+v, want %+v", name, n, p, got, want)
					}
					continue
				}
				whole := name == "small whole numbers"
				width := func(at float64) float64 {
					if whole {
						return 0
					}
					return math.Abs(at) / 2048
				}
				switch {
				case math.Abs(got.Value-want.Value) > width(want.Value):
					t.Errorf("%s, %d values: the quantile at %v is %v, want %v but for a bin", name, n, p, got.Value, want.Value)
				case got.Low > want.Low || got.Low < want.Low-width(want.Low) || got.High < want.High || got.High > want.High+width(want.High):
					t.Errorf("%s, %d values: the quantile at %v is between %v and %v, want %v and %v but for a bin outwards", name, n, p, got.Low, got.High, want.Low, want.High)
				case got.LowRank != want.LowRank || got.HighRank != want.HighRank || got.Coverage != want.Coverage:
					t.Errorf("%s, %d values: ranks %d to %d, want %d to %d", name, n, got.LowRank, got.HighRank, want.LowRank, want.HighRank)
				}
			}
			if got, want := h.Least(5), len(x)-lowerThan(x, 5); name == "small whole numbers" && got != want {
				t.Errorf("%d of %d values are 5 or more, want %d", got, n, want)
			}
		}
	}
}

func sameFloat(a, b float64) bool { return a == b || a != a && b != b }

func lowerThan(x []float64, bound float64) (n int) {
	for _, v := range x {
		if v < bound {
			n++
		}
	}
	return n
}

// A million values take no more memory than the histogram of a few.
func TestHistogramIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	h, times := new(Histogram), NewTimeHistogram(0.25)
	for range 1_000_000 {
		h.Add(math.Exp(2 * r.NormFloat64()))
		times.Add(1825*r.Float64(), r.IntN(3))
	}
	octaves := 0
	for _, o := range h.octaves {
		if o != nil {
			octaves++
		}
	}
	if octaves > 40 || h.values != nil || len(times.cells) > 4*1825 || times.times.T != nil {
		t.Errorf("%d octaves, %d values, %d cells, %d times", octaves, len(h.values), len(times.cells), len(times.times.T))
	}
}

// At multiples of its width a time histogram has the incidence and the interval of the times themselves, where nobody
// leaves before the horizon; it does not depend on the order.
func TestTimeHistogram(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{500, Kept, Kept + 20_001} {
		var x Times
		h, other := NewTimeHistogram(0.25), NewTimeHistogram(0.25)
		for range n {
			at, cause := -2000*math.Log(r.Float64()), 1+r.IntN(3)
			if at > 1825.1 { // not a multiple of the width
				at, cause = 1825.1, 0
			}
			x.T, x.Cause = append(x.T, at), append(x.Cause, cause)
			h.Add(at, cause)
		}
		for _, i := range r.Perm(n) {
			other.Add(x.T[i], x.Cause[i])
		}
		if !reflect.DeepEqual(h.Table(), other.Table()) {
			t.Errorf("%d times in another order come to another table", n)
		}
		want := NewRiskTable(x)
		if n <= Kept && !reflect.DeepEqual(h.Table(), want) {
			t.Errorf("%d times do not come to their own table", n)
		}
		for cause := range 4 {
			got, exact := h.Table().AalenJohansen(cause, Greenwood), want.AalenJohansen(cause, Greenwood)
			for _, at := range []float64{0, 18.25, 365, 1000.75, 1825.1} {
				a, b := got.At(at, 0.95, LogLog), exact.At(at, 0.95, LogLog)
				if math.Abs(a.Value-b.Value) > 1e-12 || math.Abs(a.Low-b.Low) > 1e-9 || math.Abs(a.High-b.High) > 1e-9 || !slices.Equal(a.Warnings, b.Warnings) {
					t.Errorf("%d times: the incidence of cause %d by %v is %+v, want %+v", n, cause, at, a, b)
				}
			}
		}
	}
}

func BenchmarkHistogram(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	x := make([]float64, 1<<16)
	for i := range x {
		x[i] = math.Exp(r.NormFloat64())
	}
	h := new(Histogram)
	for i := range b.N {
		h.Add(x[i&(len(x)-1)])
	}
}
