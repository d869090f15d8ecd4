package portable

import "testing"

var sink float64

func BenchmarkFunctions(b *testing.B) {
	for _, bench := range []struct {
		name string
		f    func(u float64) float64
	}{
		{"Exp", func(u float64) float64 { return Exp(10*u - 5) }},
		{"Log", func(u float64) float64 { return Log(10 * u) }},
		{"Log1p", func(u float64) float64 { return Log1p(-u) }},
		{"Expm1", func(u float64) float64 { return Expm1(2*u - 1) }},
		{"Logistic", func(u float64) float64 { return Logistic(8*u - 4) }},
		{"Logit", Logit},
		{"Pow", func(u float64) float64 { return Pow(10*u, 1.7) }},
		{"NormalCDF", func(u float64) float64 { return NormalCDF(10*u - 5) }},
		{"NormalQuantile", NormalQuantile},
		{"Lgamma", func(u float64) float64 { return Lgamma(20 * u) }},
		{"GammaP/a=2", func(u float64) float64 { return gammaP(2, 6*u) }},
		{"GammaP/a=200", func(u float64) float64 { return gammaP(200, 150+100*u) }},
		{"GammaQuantile/a=0.5", func(u float64) float64 { return GammaQuantile(u, 0.5) }},
		{"GammaQuantile/a=2.5", func(u float64) float64 { return GammaQuantile(u, 2.5) }},
		{"GammaQuantile/a=200", func(u float64) float64 { return GammaQuantile(u, 200) }},
		{"BetaInc/2.5,3.2", func(u float64) float64 { return betaInc(2.5, 3.2, u) }},
		{"BetaQuantile/2.5,3.2", func(u float64) float64 { return BetaQuantile(u, 2.5, 3.2) }},
		{"BetaQuantile/1e6,1e6", func(u float64) float64 { return BetaQuantile(u, 1e6, 1e6) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var u [1024]float64
			d := &draws{1}
			for i := range u {
				u[i] = d.next()
			}
			for i := 0; b.Loop(); i++ {
				sink += bench.f(u[i%len(u)])
			}
		})
	}
}
