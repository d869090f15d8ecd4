package random

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Means and variances are those of the distribution, within 4 standard errors.
func TestMoments(t *testing.T) {
	const n = 200_000
	s := New().Stream("moments")
	picker := NewPicker([]float64{1, 0, 3, 2})
	lognormal := func(k float64) float64 { return math.Exp(k * k * 0.8 * 0.8 / 2) } // raw moments at median 1, sigma 0.8
	for _, test := range []struct {
		name           string
		draw           func() float64
		mean, variance float64
	}{
		{"Uniform", s.Uniform, 0.5, 1. / 12},
		{"Exp(3)", func() float64 { return s.Exp(3) }, 3, 9},
		{"Normal(-1, 2)", func() float64 { return s.Normal(-1, 2) }, -1, 4},
		{"LogNormal(1, 0.8)", func() float64 { return s.LogNormal(1, 0.8) }, lognormal(1), lognormal(2) - lognormal(1)*lognormal(1)},
		{"Gamma(0.3, 2)", func() float64 { return s.Gamma(0.3, 2) }, 2, 4 / 0.3},
		{"Gamma(1, 2)", func() float64 { return s.Gamma(1, 2) }, 2, 4},
		{"Gamma(7.5, 2)", func() float64 { return s.Gamma(7.5, 2) }, 2, 4 / 7.5},
		{"Beta(0.7, 1.3)", func() float64 { return BetaQuantile(s.Uniform(), 0.7, 1.3) }, 0.35, 0.35 * 0.65 / 3},
		{"Beta(5, 2)", func() float64 { return BetaQuantile(s.Uniform(), 5, 2) }, 5. / 7, 10. / 49 / 8},
		{"PERT(2, 3, 8)", func() float64 { return PERTQuantile(s.Uniform(), 2, 3, 8) }, 22. / 6, (22./6 - 2) * (8 - 22./6) / 7},
		{"Poisson(0.4)", func() float64 { return float64(s.Poisson(0.4)) }, 0.4, 0.4},
		{"Poisson(31)", func() float64 { return float64(s.Poisson(31)) }, 31, 31},
		{"Poisson(500)", func() float64 { return float64(s.Poisson(500)) }, 500, 500},
		{"Binomial(12, 0.6)", func() float64 { return float64(s.Binomial(12, 0.6)) }, 7.2, 12 * 0.24},
		{"Binomial(5000, 0.3)", func() float64 { return float64(s.Binomial(5000, 0.3)) }, 1500, 1050},
		{"Picker(1, 0, 3, 2)", func() float64 { return float64(picker.Quantile(s.Uniform())) }, 2, 1},
	} {
		var sum, squares, fourths float64
		for range n {
			x := test.draw() - test.mean
			sum += x
			squares += x * x
			fourths += x * x * x * x
		}
		got := squares / n
		if z := sum / n / math.Sqrt(test.variance/n); math.Abs(z) > 4 {
			t.Errorf("%s: mean %v, want %v: off by %.1f standard errors", test.name, test.mean+sum/n, test.mean, z)
		}
		if z := (got - test.variance) / math.Sqrt((fourths/n-got*got)/n); math.Abs(z) > 4 {
			t.Errorf("%s: variance %v, want %v: off by %.1f standard errors", test.name, got, test.variance, z)
		}
	}
}

var someU = []float64{0x1p-53, 1e-9, 1e-4, 0.01, 0.2, 0.3333, 0.5000001, 0.7, 0.95, 0.9999, 1 - 1e-9, 1 - 0x1p-53}

// The quantile of a continuous distribution is where gonum's distribution function is u.
func TestContinuousQuantiles(t *testing.T) {
	for name, d := range map[string]struct {
		quantile func(u float64) float64
		cdf      func(x float64) float64
	}{
		"exponential": {func(u float64) float64 { return ExpQuantile(u, 3) }, distuv.Exponential{Rate: 1. / 3}.CDF},
		"normal":      {func(u float64) float64 { return NormalQuantile(u, -1, 2) }, distuv.Normal{Mu: -1, Sigma: 2}.CDF},
		"log-normal":  {func(u float64) float64 { return LogNormalQuantile(u, 5, 0.6) }, distuv.LogNormal{Mu: math.Log(5), Sigma: 0.6}.CDF},
		"gamma":       {func(u float64) float64 { return GammaQuantile(u, 2.5, 10) }, distuv.Gamma{Alpha: 2.5, Beta: 0.25}.CDF},
		"beta":        {func(u float64) float64 { return BetaQuantile(u, 2, 3.5) }, distuv.Beta{Alpha: 2, Beta: 3.5}.CDF},
		"PERT": {func(u float64) float64 { return PERTQuantile(u, 2, 3, 8) }, func(x float64) float64 {
			return distuv.Beta{Alpha: 1 + 4./6, Beta: 1 + 20./6}.CDF((x - 2) / 6)
		}},
	} {
		for _, u := range someU {
			if got := d.cdf(d.quantile(u)); math.Abs(got-u) > 1e-12 {
				t.Errorf("%s: the quantile of %v is %v, but there the distribution function is %v", name, u, d.quantile(u), got)
			}
		}
	}
}

// discrete are discrete distributions: their quantiles, and their chances of at most k by gonum.
type discrete struct {
	name     string
	quantile func(u float64) int64
	cdf      func(k float64) float64
}

func discretes() (all []discrete) {
	for _, mean := range []float64{1e-6, 0.01, 0.7, 5, 31.9, 32, 33, 170, 1234.5, 1e5} {
		all = append(all, discrete{fmt.Sprintf("Poisson of mean %v", mean),
			func(u float64) int64 { return PoissonQuantile(u, mean) },
			func(k float64) float64 { return mathext.GammaIncRegComp(k+1, mean) }})
		for _, p := range []float64{1e-7, 0.02, 0.5, 0.51, 0.97, 1 - 1e-7} {
			n := max(1, math.Round(mean/p))
			if n > 1e7 {
				continue // gonum's distribution function is not monotone there
			}
			all = append(all, discrete{fmt.Sprintf("binomial of %v trials with chance %v", n, p),
				func(u float64) int64 { return BinomialQuantile(u, int64(n), p) },
				func(k float64) float64 {
					if k >= n {
						return 1
					}
					return mathext.RegIncBeta(n-k, k+1, 1-p)
				}})
		}
	}
	return all
}

// A discrete quantile is the least k with a chance of at most k of u, but where that is u to 12 digits.
func TestDiscreteQuantiles(t *testing.T) {
	const slack = 1e-12
	s := New().Stream("u")
	for _, d := range discretes() {
		us := append([]float64{}, someU...)
		for range 40 {
			us = append(us, s.Uniform())
		}
		for _, u := range us {
			k := float64(d.quantile(u))
			if k < 0 || d.cdf(k) < u-slack || k > 0 && d.cdf(k-1) > u+slack {
				t.Errorf("%s: the quantile of %v is %v, but the chance of at most that is %v, of less %v", d.name, u, k, d.cdf(k), d.cdf(k-1))
			}
		}
	}
}

// A binomial of very many trials is a Poisson.
func TestManyTrials(t *testing.T) {
	for _, u := range someU {
		for _, mean := range []float64{3, 3000, 1e5} {
			got, want := BinomialQuantile(u, 1e13, mean/1e13), PoissonQuantile(u, mean)
			if d := got - want; d < -1 || d > 1 {
				t.Errorf("BinomialQuantile(%v, 1e13, %v/1e13) = %d, but PoissonQuantile(%v, %v) is %d", u, mean, got, u, mean, want)
			}
		}
	}
}

// A greater u never gives a smaller k, not even where the chance of at most k is next to u, or where the search changes its ways.
func TestDiscreteQuantilesAreMonotone(t *testing.T) {
	for _, d := range discretes() {
		middle := d.quantile(0.5)
		for k := max(0, middle-40); k < middle+40; k++ {
			u := d.cdf(float64(k))
			last := int64(0)
			for i := -8.0; i <= 8; i++ {
				v := u + i*0x1p-53
				if v <= 0 || v >= 1 {
					continue
				}
				got := d.quantile(v)
				if got < last {
					t.Errorf("%s: the quantile falls from %d to %d at u = %v", d.name, last, got, v)
				}
				last = got
			}
		}
	}
}

// Ties go to the smaller k, also where successes are more likely than not.
func TestBinomialTies(t *testing.T) {
	for _, test := range []struct {
		u    float64
		n    int64
		p    float64
		want int64
	}{
		{0.25, 1, 0.75, 0}, {0.250001, 1, 0.75, 1}, {0.5, 1, 0.5, 0}, {0.0625, 2, 0.75, 0}, {0.4375, 2, 0.75, 1}, {0.4376, 2, 0.75, 2},
		{0.3, 0, 0.5, 0}, {0.3, 7, 0, 0}, {0.3, 7, 1, 7},
	} {
		if got := BinomialQuantile(test.u, test.n, test.p); got != test.want {
			t.Errorf("BinomialQuantile(%v, %d, %v) = %d, want %d", test.u, test.n, test.p, got, test.want)
		}
	}
}

// Under common luck a parameter that is greater gives a draw that is no smaller.
func TestCommonLuck(t *testing.T) {
	s := New().Stream("u")
	for range 3000 {
		u, a, b := s.Uniform(), s.Uniform(), s.Uniform()
		a, b = min(a, b), max(a, b)
		for name, pair := range map[string][2]float64{
			"Exp":      {ExpQuantile(u, a), ExpQuantile(u, b)},
			"Gamma":    {GammaQuantile(u, 2, a), GammaQuantile(u, 2, b)},
			"Beta":     {BetaQuantile(u, 3*a, 2), BetaQuantile(u, 3*b, 2)},
			"PERT":     {PERTQuantile(u, 0, a, 1), PERTQuantile(u, 0, b, 1)},
			"Poisson":  {float64(PoissonQuantile(u, 80*a)), float64(PoissonQuantile(u, 80*b))},
			"Binomial": {float64(BinomialQuantile(u, 90, a)), float64(BinomialQuantile(u, 90, b))},
		} {
			if pair[0] > pair[1] {
				t.Errorf("%s: at u = %v the draw falls from %v to %v as the parameter goes from %v to %v", name, u, pair[0], pair[1], a, b)
			}
		}
	}
}

func TestDegenerate(t *testing.T) {
	inf := math.Inf(1)
	for name, pair := range map[string][2]float64{
		"exponential of mean 0":    {ExpQuantile(0.3, 0), 0},
		"exponential of mean +Inf": {ExpQuantile(0.3, inf), inf},
		"normal of sd 0":           {NormalQuantile(0.3, 5, 0), 5},
		"log-normal of median 0":   {LogNormalQuantile(0.3, 0, 1), 0},
		"log-normal of sigma 0":    {LogNormalQuantile(0.3, 4, 0), 4},
		"gamma of mean 0":          {GammaQuantile(0.3, 2, 0), 0},
		"gamma of shape +Inf":      {GammaQuantile(0.3, inf, 7), 7},
		"PERT of a point":          {PERTQuantile(0.3, 2, 2, 2), 2},
		"Poisson of mean 0":        {float64(PoissonQuantile(0.999, 0)), 0},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestPanics(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for want, do := range map[string]func(){
		"random: exponential of mean -1":                func() { ExpQuantile(0.5, -1) },
		"random: normal of standard deviation NaN":      func() { NormalQuantile(0.5, 0, nan) },
		"random: log-normal of median -1 and sigma 1":   func() { LogNormalQuantile(0.5, -1, 1) },
		"random: gamma of shape 0 and mean 1":           func() { GammaQuantile(0.5, 0, 1) },
		"random: beta of shapes 1 and +Inf":             func() { BetaQuantile(0.5, 1, inf) },
		"random: PERT from 3 by way of 2 to 4":          func() { PERTQuantile(0.5, 3, 2, 4) },
		"random: Poisson of mean NaN":                   func() { PoissonQuantile(0.5, nan) },
		"random: binomial of -1 trials with chance 0.5": func() { BinomialQuantile(0.5, -1, 0.5) },
		"random: binomial of 3 trials with chance 1.5":  func() { BinomialQuantile(0.5, 3, 1.5) },
		"random: pick among 0 weights with sum 0":       func() { NewPicker(nil) },
		"random: pick among 2 weights with sum 0":       func() { NewPicker([]float64{0, 0}) },
		"random: pick with weight -1 at 1":              func() { NewPicker([]float64{2, -1}) },
		"random: pick among 1 weights with sum +Inf":    func() { NewPicker([]float64{inf}) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("got  %v\nwant %v", got, want)
				}
			}()
			do()
		}()
	}
}
