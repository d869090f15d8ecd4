package stats

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

func draw(r *rand.Rand, n int, one func(r *rand.Rand) float64) Sample {
	x := make([]float64, n)
	for i := range x {
		x[i] = one(r)
	}
	return NewSample(x)
}

// pareto draws from a generalised Pareto distribution of scale 1.
func pareto(shape float64) func(r *rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		if shape == 0 {
			return r.ExpFloat64()
		}
		return math.Expm1(shape*r.ExpFloat64()) / shape
	}
}

func TestMean(t *testing.T) {
	e := Mean([]float64{1, 2, 3, 4, 5}, 0.95)
	near(t, "mean", e.Value, 3, 0)
	near(t, "half-width", e.HalfWidth(), 2.7764451051977934*math.Sqrt(2.5/5), 1e-12) // t(4) at 97.5%: any table
	for _, c := range []struct {
		x       []float64
		warning string
		low     float64
	}{
		{nil, WarnNoRuns, math.NaN()},
		{[]float64{3}, WarnFewRuns, math.Inf(-1)},
		{slices.Repeat([]float64{2}, 50), WarnNoSpread, 2},
		{[]float64{1, math.Inf(1)}, WarnInfinite, math.NaN()},
	} {
		e := Mean(c.x, 0.95)
		near(t, fmt.Sprint("low of ", c.x), e.Low, c.low, 0)
		if !slices.Contains(e.Warnings, c.warning) {
			t.Errorf("mean of %v: warnings %q, want %q", c.x, e.Warnings, c.warning)
		}
	}
}

// The warning comes where the variance does not exist and stays away where it does.
func TestHeavyTailWarning(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 20))
	const samples, n = 100, 5000
	for _, c := range []struct {
		name     string
		one      func(r *rand.Rand) float64
		low, top int // warnings allowed among the samples
	}{
		{"normal", (*rand.Rand).NormFloat64, 0, 0},
		{"exponential", pareto(0), 0, 0},
		{"lognormal, sigma 0.5", func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64() / 2) }, 0, 1},
		{"shape 0.2", pareto(0.2), 0, 1},
		{"shape 0.8", pareto(0.8), 99, 100},
		{"shape 0.8, downwards", func(r *rand.Rand) float64 { return -pareto(0.8)(r) }, 99, 100},
		{"few whole numbers", func(r *rand.Rand) float64 { return float64(r.IntN(4)) }, 0, 0},
	} {
		warned := 0
		for range samples {
			if slices.Contains(draw(r, n, c.one).Mean(0.95).Warnings, WarnHeavyTail) {
				warned++
			}
		}
		if warned < c.low || warned > c.top {
			t.Errorf("%s: %d of %d warned, want %d to %d", c.name, warned, samples, c.low, c.top)
		}
	}
}

// A tail's shape is found again within 4 of its own standard errors, and no parameters near the fit are
// likelier.
func TestFitTail(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 21))
	for _, shape := range []float64{-0.4, -0.1, 0, 0.3, 0.5, 1, 2.5} {
		s := draw(r, 3000, pareto(shape))
		fit := s.FitTail(0, 0.95)
		se := normal(0.95)
		near(t, "exceedances", float64(fit.Exceedances), 3000, 0)
		if off := fit.Shape.Value - shape; math.Abs(off) > 4*fit.Shape.HalfWidth()/se {
			t.Errorf("shape %v: got %.4f ± %.4f", shape, fit.Shape.Value, fit.Shape.HalfWidth()/se)
		}
		if off := fit.Scale.Value - 1; math.Abs(off) > 4*fit.Scale.HalfWidth()/se {
			t.Errorf("shape %v: scale %.4f ± %.4f, want 1", shape, fit.Scale.Value, fit.Scale.HalfWidth()/se)
		}
		loglik := func(shape, scale float64) float64 {
			sum := 0.0
			for _, y := range s.Sorted() {
				sum -= math.Log(scale) + (1+1/shape)*math.Log1p(shape*y/scale)
			}
			return sum
		}
		best := loglik(fit.Shape.Value, fit.Scale.Value)
		near(t, fmt.Sprintf("log-likelihood at shape %v", shape), fit.LogLik, best, 1e-9)
		for _, d := range [][2]float64{{1e-3, 0}, {-1e-3, 0}, {0, 1e-3}, {0, -1e-3}} {
			if l := loglik(fit.Shape.Value+d[0], fit.Scale.Value+d[1]); l > best {
				t.Errorf("shape %v: likelier by %g a step %v from the fit", shape, l-best, d)
			}
		}
	}
	uniform := NewSample([]float64{0.1, 0.3, 0.5, 0.7, 0.9}).FitTail(0, 0.95)
	near(t, "shape of a box", uniform.Shape.Value, -1, 0)
	near(t, "scale of a box", uniform.Scale.Value, 0.9, 0)
	if !slices.Contains(uniform.Shape.Warnings, WarnTailBoundary) {
		t.Errorf("box: warnings %q, want %q", uniform.Shape.Warnings, WarnTailBoundary)
	}
	if none := uniform.Shape; len(NewSample([]float64{1}).FitTail(2, 0.95).Shape.Warnings) != 1 {
		t.Errorf("nothing above the threshold, but no warning: %v", none)
	}
}

// Nothing changes by a bit when values come in another order.
func TestSampleAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(24, 24))
	x := slices.Clone(draw(r, 500, pareto(0.6)).Sorted())
	x = append(x, 0, math.Copysign(0, -1), 0)
	all := func() string {
		s := NewSample(x)
		return fmt.Sprint(s.Sorted()[:3], s.Mean(0.95), s.HarrellDavis(0.9, 0.95), s.ExpectedShortfall(0.9, 0.95), s.FitTail(1, 0.95))
	}
	want := all()
	for range 5 {
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		if got := all(); got != want {
			t.Fatalf("shuffled: %s\nbefore: %s", got, want)
		}
	}
}

func TestWelchOnEqualValues(t *testing.T) {
	d := Welch([]float64{2, 2, 2}, []float64{1, 1}, 0.95)
	bounds(t, "difference", d.Estimate, 1, 1, 0)
	if !slices.Contains(d.Warnings, WarnNoSpread) {
		t.Errorf("warnings %q, want %q", d.Warnings, WarnNoSpread)
	}
	if e := Welch(nil, []float64{1, 1}, 0.95); !math.IsNaN(e.Value) || !slices.Contains(e.Warnings, WarnNoRuns) {
		t.Errorf("of nothing: %+v, want NaN and %q", e, WarnNoRuns)
	}
}

// Exact P values, against counting all orders.
func TestKolmogorovSmirnovByCounting(t *testing.T) {
	pooled := []float64{1, 2, 2, 3, 4, 4, 4, 5, 6}
	const n = 4
	split := func(mask int) (a, b Sample) {
		var x, y []float64
		for i, v := range pooled {
			if mask>>i&1 == 1 {
				x = append(x, v)
			} else {
				y = append(y, v)
			}
		}
		return NewSample(x), NewSample(y)
	}
	var statistics []float64
	var exact []float64
	for mask := range 1 << len(pooled) {
		if bits.OnesCount(uint(mask)) == n {
			a, b := split(mask)
			k := KolmogorovSmirnov(a, b)
			statistics, exact = append(statistics, k.Statistic), append(exact, k.P)
		}
	}
	for i, d := range statistics {
		count := 0
		for _, other := range statistics {
			if other >= d-1e-9 {
				count++
			}
		}
		near(t, fmt.Sprint("P of ", d), exact[i], float64(count)/float64(len(statistics)), 1e-12)
	}
	// Beyond 10,000 products: Kolmogorov's limit, whose 5% point is 1.3581.
	near(t, "5% point", kolmogorovTail(1.3580986), 0.05, 1e-7)
	x := make([]float64, 200)
	for i := range x {
		x[i] = float64(i)
	}
	k := KolmogorovSmirnov(NewSample(x), NewSample(x[:100]))
	near(t, "large", k.P, kolmogorovTail(0.5*math.Sqrt(200.*100/300)), 1e-14)
}

func BenchmarkSampleMean10000(b *testing.B) {
	x := draw(rand.New(rand.NewPCG(25, 25)), 10000, pareto(0.2)).Sorted()
	x = slices.Clone(x)
	rand.New(rand.NewPCG(26, 26)).Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	for b.Loop() {
		Mean(x, 0.95)
	}
}

// An interval that is cut to what can be covers the same truths among these, and says that it was cut.
func TestWithin(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	cut := 0
	for range 400 {
		x := make([]float64, 5)
		for i := range x {
			x[i] = math.Exp(2 * r.NormFloat64())
		}
		e := Mean(x, 0.95)
		within := e.Within(0, math.Inf(1))
		if within.Low < 0 || within.Value != e.Value || within.High != e.High || (within.Low != e.Low) != slices.Contains(within.Warnings, WarnCut) {
			t.Fatalf("[%v, %v] became %+v", e.Low, e.High, within)
		}
		for truth := 0.0; truth < 40; truth += 0.5 {
			if within.covers(truth) != e.covers(truth) {
				t.Fatalf("[%v, %v] was cut to [%v, %v] at %v", e.Low, e.High, within.Low, within.High, truth)
			}
		}
		if within.Low > e.Low {
			cut++
		}
	}
	if cut < 100 {
		t.Errorf("only %d of 400 intervals reach below 0", cut)
	}
	bounds(t, "one value", Mean([]float64{3}, 0.95).Within(0, math.Inf(1)), 0, math.Inf(1), 0)
	bounds(t, "a share", Estimate{Value: .9, Low: .7, High: 1.1}.Within(0, 1), .7, 1, 0)
	bounds(t, "what cannot be", Estimate{Value: -1, Low: -2, High: 0}.Within(0, 1), -2, 0, 0)
}
