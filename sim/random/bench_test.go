package random

import "testing"

func BenchmarkDraws(b *testing.B) {
	l := New()
	l.Reset(1, 1)
	s := l.Stream("x")
	many := make([]float64, 49)
	for i := range many {
		many[i] = s.Uniform()
	}
	picker := NewPicker(many)
	sum := 0.0
	for _, bench := range []struct {
		name string
		draw func() float64
	}{
		{"Uniform", s.Uniform},
		{"Exp", func() float64 { return s.Exp(3) }},
		{"Normal", func() float64 { return s.Normal(0, 1) }},
		{"LogNormal", func() float64 { return s.LogNormal(1, 0.6) }},
		{"Gamma/shape=2.5", func() float64 { return s.Gamma(2.5, 3) }},
		{"Beta/2.5,3.2", func() float64 { return BetaQuantile(s.Uniform(), 2.5, 3.2) }},
		{"PERT", func() float64 { return PERTQuantile(s.Uniform(), 1, 2, 5) }},
		{"Poisson/mean=0.1", func() float64 { return float64(s.Poisson(0.1)) }},
		{"Poisson/mean=2", func() float64 { return float64(s.Poisson(2)) }},
		{"Poisson/mean=30", func() float64 { return float64(s.Poisson(30)) }},
		{"Poisson/mean=100", func() float64 { return float64(s.Poisson(100)) }},
		{"Poisson/mean=1e5", func() float64 { return float64(s.Poisson(1e5)) }},
		{"Binomial/n=12,p=0.5", func() float64 { return float64(s.Binomial(12, 0.5)) }},
		{"Binomial/n=200,p=0.4", func() float64 { return float64(s.Binomial(200, 0.4)) }},
		{"Binomial/n=1e5,p=0.3", func() float64 { return float64(s.Binomial(100_000, 0.3)) }},
		{"Picker/of=49", func() float64 { return float64(picker.Quantile(s.Uniform())) }},
		{"Numbered", func() float64 { n := s.Numbered(7); return n.Uniform() }},
		{"Reset", func() float64 { l.Reset(1, 2); return s.Uniform() }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				sum += bench.draw()
			}
		})
	}
	_ = sum
}
