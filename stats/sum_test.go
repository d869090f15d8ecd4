package stats

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// awkward values: every size a float64 can have, subnormal to largest, and their near opposites.
func awkward(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Ldexp(r.Float64()*2-1, r.IntN(2000)-1060)
		if i > 0 && r.IntN(4) == 0 {
			x[i] = -x[i-1]
		}
	}
	return append(x, math.SmallestNonzeroFloat64, -math.MaxFloat64, math.MaxFloat64, math.MaxFloat64, 0, math.Copysign(0, -1))
}

func total64(x []float64) *Sum {
	s := new(Sum)
	for _, v := range x {
		s.Add(v)
	}
	return s
}

func TestSumIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for trial := range 200 {
		x := awkward(r, r.IntN(50))
		if trial%2 == 0 {
			for i := range x {
				x[i] = math.Mod(x[i], 1e9)
			}
		}
		exact := new(big.Float).SetPrec(4000)
		for _, v := range x {
			exact.Add(exact, new(big.Float).SetFloat64(v))
		}
		want, _ := exact.Float64()
		if got := total64(x).Float64(); got != want {
			t.Fatalf("trial %d: got %g, want %g; see it again: go test ./stats -run TestSumIsExact", trial, got, want)
		}
	}
}

func TestSumAnyOrderAnySplit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	x := awkward(r, 500)
	whole := total64(x)
	for trial := range 100 {
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		parts := make([]*Sum, 1+r.IntN(9))
		for i := range parts {
			parts[i] = new(Sum)
		}
		for _, v := range x {
			parts[r.IntN(len(parts))].Add(v)
		}
		for len(parts) > 1 { // merge in any grouping
			i := r.IntN(len(parts) - 1)
			parts[i].Merge(parts[len(parts)-1])
			parts = parts[:len(parts)-1]
		}
		if math.Float64bits(parts[0].Float64()) != math.Float64bits(whole.Float64()) || parts[0].integer().Cmp(whole.integer()) != 0 {
			t.Fatalf("trial %d: %v, in order %v; see it again: go test ./stats -run TestSumAnyOrderAnySplit",
				trial, parts[0].Float64(), whole.Float64())
		}
	}
}

// A digit is settled before it can overflow, and a settled one takes as many again.
func TestSumSettles(t *testing.T) {
	s := total64([]float64{math.MaxFloat64, -0x1p-1074})
	s.unsettled = sumPatience - 1
	s.Add(-math.MaxFloat64)
	if s.unsettled != 0 {
		t.Errorf("not settled after %d values", sumPatience)
	}
	if got := s.Float64(); got != -0x1p-1074 {
		t.Errorf("got %g, want %g", got, -0x1p-1074)
	}
}

func TestMoments(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for trial := range 100 {
		x := make([]float64, 2+r.IntN(30))
		shift := math.Ldexp(1, r.IntN(60))
		sum, squares := new(big.Rat), new(big.Rat)
		var whole, left, right Moments
		for i := range x {
			x[i] = shift + r.NormFloat64()
			v := new(big.Rat).SetFloat64(x[i])
			sum.Add(sum, v)
			squares.Add(squares, new(big.Rat).Mul(v, v))
			whole.Add(x[i])
			if i%3 == 0 {
				left.Add(x[i])
			} else {
				right.Add(x[i])
			}
		}
		n := new(big.Rat).SetInt64(int64(len(x)))
		mean := new(big.Rat).Quo(sum, n)
		variance := squares.Sub(squares, new(big.Rat).Mul(mean, sum))
		variance.Quo(variance, new(big.Rat).SetInt64(int64(len(x)-1)))
		wantMean, _ := mean.Float64()
		wantVariance, _ := variance.Float64()
		right.Merge(&left)
		for _, m := range []*Moments{&whole, &right} {
			if m.Mean() != wantMean || m.Variance() != wantVariance || m.N() != len(x) {
				t.Fatalf("trial %d: mean %v variance %v, want %v and %v; see it again: go test ./stats -run TestMoments",
					trial, m.Mean(), m.Variance(), wantMean, wantVariance)
			}
		}
	}
	var none, one, infinite Moments
	one.Add(7)
	infinite.Add(1)
	infinite.Add(math.Inf(1))
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean of none", none.Mean(), math.NaN()},
		{"variance of one", one.Variance(), math.NaN()},
		{"mean of one", one.Mean(), 7},
		{"mean with an infinity", infinite.Mean(), math.Inf(1)},
		{"variance with an infinity", infinite.Variance(), math.NaN()},
	} {
		near(t, c.what, c.got, c.want, 0)
	}
}

func BenchmarkSum(b *testing.B) {
	x := make([]float64, 1000)
	r := rand.New(rand.NewPCG(5, 5))
	for i := range x {
		x[i] = r.ExpFloat64()
	}
	var s Sum
	for b.Loop() {
		for _, v := range x {
			s.Add(v)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/value")
}
