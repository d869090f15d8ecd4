package portable

import (
	"math"
	"testing"
)

func TestEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	least := math.SmallestNonzeroFloat64
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"Exp(0)", Exp(0), 1},
		{"Exp(-Inf)", Exp(-inf), 0},
		{"Exp(+Inf)", Exp(inf), inf},
		{"Exp(NaN)", Exp(nan), nan},
		{"Exp(709.78)", Exp(709.78), 1.7928227943945155e308},
		{"Exp(709.79)", Exp(709.79), inf},
		{"Exp(-745.13)", Exp(-745.13), least},
		{"Exp(-745.14)", Exp(-745.14), 0},
		{"Exp(1e-300)", Exp(1e-300), 1},
		{"Log(0)", Log(0), -inf},
		{"Log(-0)", Log(math.Copysign(0, -1)), -inf},
		{"Log(1)", Log(1), 0},
		{"Log(-1)", Log(-1), nan},
		{"Log(+Inf)", Log(inf), inf},
		{"Log(NaN)", Log(nan), nan},
		{"Log(least)", Log(least), -744.4400719213812},
		{"Log1p(-1)", Log1p(-1), -inf},
		{"Log1p(-2)", Log1p(-2), nan},
		{"Log1p(+Inf)", Log1p(inf), inf},
		{"Log1p(NaN)", Log1p(nan), nan},
		{"Log1p(1e-300)", Log1p(1e-300), 1e-300},
		{"Expm1(-Inf)", Expm1(-inf), -1},
		{"Expm1(+Inf)", Expm1(inf), inf},
		{"Expm1(NaN)", Expm1(nan), nan},
		{"Expm1(-1e-300)", Expm1(-1e-300), -1e-300},
		{"Logistic(-Inf)", Logistic(-inf), 0},
		{"Logistic(0)", Logistic(0), 0.5},
		{"Logistic(+Inf)", Logistic(inf), 1},
		{"Logit(0)", Logit(0), -inf},
		{"Logit(0.5)", Logit(0.5), 0},
		{"Logit(1)", Logit(1), inf},
		{"Logit(-0.1)", Logit(-0.1), nan},
		{"Logit(1.1)", Logit(1.1), nan},
		{"Logit(NaN)", Logit(nan), nan},
		{"NormalCDF(-Inf)", NormalCDF(-inf), 0},
		{"NormalCDF(0)", NormalCDF(0), 0.5},
		{"NormalCDF(+Inf)", NormalCDF(inf), 1},
		{"NormalCDF(NaN)", NormalCDF(nan), nan},
		{"NormalQuantile(0)", NormalQuantile(0), -inf},
		{"NormalQuantile(0.5)", NormalQuantile(0.5), 0},
		{"NormalQuantile(1)", NormalQuantile(1), inf},
		{"NormalQuantile(-0.1)", NormalQuantile(-0.1), nan},
		{"NormalQuantile(1.1)", NormalQuantile(1.1), nan},
		{"NormalQuantile(NaN)", NormalQuantile(nan), nan},
		{"Lgamma(0)", Lgamma(0), inf},
		{"Lgamma(1)", Lgamma(1), 0},
		{"Lgamma(2)", Lgamma(2), 0},
		{"Lgamma(+Inf)", Lgamma(inf), inf},
		{"Lgamma(-1)", Lgamma(-1), nan},
		{"GammaP(2, 0)", gammaP(2, 0), 0},
		{"GammaP(2, +Inf)", gammaP(2, inf), 1},
		{"GammaTails(2, +Inf)", gammaQ(2, inf), 0},
		{"GammaP(0, 1)", gammaP(0, 1), nan},
		{"GammaP(+Inf, 1)", gammaP(inf, 1), nan},
		{"GammaP(1, -1)", gammaP(1, -1), nan},
		{"GammaP(1e6, 1)", gammaP(1e6, 1), 0},
		{"GammaQuantile(0, 2)", GammaQuantile(0, 2), 0},
		{"GammaQuantile(1, 2)", GammaQuantile(1, 2), inf},
		{"GammaQuantile(0.1, 1e-4)", GammaQuantile(0.1, 1e-4), 0}, // 1e-10000
		{"GammaQuantile(0.1, 0)", GammaQuantile(0.1, 0), nan},
		{"GammaQuantile(NaN, 2)", GammaQuantile(nan, 2), nan},
		{"BetaInc(2, 3, 0)", betaInc(2, 3, 0), 0},
		{"BetaInc(2, 3, 1)", betaInc(2, 3, 1), 1},
		{"BetaInc(2, 3, 1.1)", betaInc(2, 3, 1.1), nan},
		{"BetaInc(0, 3, 0.5)", betaInc(0, 3, 0.5), nan},
		{"BetaInc(2, +Inf, 0.5)", betaInc(2, inf, 0.5), nan},
		{"BetaQuantile(0, 2, 3)", BetaQuantile(0, 2, 3), 0},
		{"BetaQuantile(1, 2, 3)", BetaQuantile(1, 2, 3), 1},
		{"BetaQuantile(0.1, 1e-4, 1)", BetaQuantile(0.1, 1e-4, 1), 0}, // 1e-10000
		{"BetaQuantile(0.9, 1, 1e-4)", BetaQuantile(0.9, 1, 1e-4), 1},
		{"BetaQuantile(-0.1, 2, 3)", BetaQuantile(-0.1, 2, 3), nan},
	} {
		if test.got != test.want && !(math.IsNaN(test.got) && math.IsNaN(test.want)) {
			t.Errorf("%s = %v, want %v", test.name, test.got, test.want)
		}
	}
}

// Pow has the special cases of math.Pow, which are the C standard's.
func TestPowEdges(t *testing.T) {
	values := []float64{0, math.Copysign(0, -1), 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1e300, -1e300, 1e-300, 9007199254740993, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324}
	for _, x := range values {
		for _, y := range values {
			got, want := Pow(x, y), math.Pow(x, y)
			same := got == want && math.Signbit(got) == math.Signbit(want) || got != got && want != want
			if !same && !(math.Abs(got/want-1) < 1e-14) {
				t.Errorf("Pow(%v, %v) = %v, want %v", x, y, got, want)
			}
		}
	}
	for n := range 20 {
		if got, want := Pow(3, float64(n)), math.Round(math.Exp(float64(n)*math.Log(3))); got != want {
			t.Errorf("Pow(3, %d) = %v, want %v", n, got, want)
		}
	}
}

var (
	shapes  = []float64{0.01, 0.03, 0.1, 0.4, 0.9, 1, 1.5, 2, 5, 9.99, 10, 19.9, 20, 100, 3000, 1e5, 1e6}
	chances = []float64{0x1p-53, 0x1p-40, 0x1p-20, 0x1p-10, 0x1p-4, 0.3125, 0.5, 0.5 + 0x1p-20, 0.6875, 1 - 0x1p-4, 1 - 0x1p-10, 1 - 0x1p-20, 1 - 0x1p-40, 1 - 0x1p-53} // as is 1 - p, exactly
)

// surround says whether the distribution function passes p between the neighbours of x, up to a relative error in the
// lesser tail.
func surround(p, x float64, lower, upper func(x float64) float64) bool {
	const slack = 1e-11
	below, above := x*(1-4e-16), x*(1+4e-16)
	if p > 0.5 {
		return upper(below) >= (1-p)*(1-slack) && upper(above) <= (1-p)*(1+slack)
	}
	return lower(below) <= p*(1+slack) && lower(above) >= p*(1-slack)
}

func TestGammaQuantileEverywhere(t *testing.T) {
	for _, a := range shapes {
		last := 0.0
		for _, p := range chances {
			x := GammaQuantile(p, a)
			if x < last || x > 0 && !surround(p, x, func(x float64) float64 { return gammaP(a, x) }, func(x float64) float64 { return gammaQ(a, x) }) {
				t.Errorf("GammaQuantile(%v, %v) = %v: there P is %v and Q %v", p, a, x, gammaP(a, x), gammaQ(a, x))
			}
			last = x
		}
	}
}

func TestBetaQuantileEverywhere(t *testing.T) {
	for _, a := range shapes {
		for _, b := range shapes {
			last := 0.0
			for _, p := range chances {
				x := BetaQuantile(p, a, b)
				// The distance from 1 is the quantile of the other tail.
				y := BetaQuantile(1-p, b, a)
				ok := x >= last && math.Abs(x+y-1) < 1e-12
				switch {
				case x > 0 && x < 0.5:
					ok = ok && surround(p, x, func(x float64) float64 { return betaInc(a, b, x) }, func(x float64) float64 { return 1 - betaInc(a, b, x) })
				case y > 0 && y < 0.5:
					ok = ok && surround(1-p, y, func(y float64) float64 { return betaInc(b, a, y) }, func(y float64) float64 { return 1 - betaInc(b, a, y) })
				}
				if !ok {
					t.Errorf("BetaQuantile(%v, %v, %v) = %v after %v, its mirror image %v: there I is %v", p, a, b, x, last, y, betaInc(a, b, x))
				}
				last = x
			}
		}
	}
}

// A normal quantile and its distribution function undo each other.
func TestNormalRoundTrip(t *testing.T) {
	for x := -37.0; x < 5; x += 0.01 {
		p := NormalCDF(x)
		if got := NormalQuantile(p); math.Abs(got-x) > 4e-15*max(1, math.Abs(x))/min(1, 100*(1-p)) {
			t.Errorf("NormalQuantile(NormalCDF(%v)) = %v", x, got)
		}
	}
}

func TestMonotone(t *testing.T) {
	for name, f := range map[string]func(u float64) float64{
		"Exp":            func(u float64) float64 { return Exp(1400*u - 700) },
		"Log":            func(u float64) float64 { return Log(4 * u) },
		"Log1p":          func(u float64) float64 { return -Log1p(-u) },
		"Expm1":          func(u float64) float64 { return Expm1(2*u - 1) },
		"NormalCDF":      func(u float64) float64 { return NormalCDF(16*u - 8) },
		"NormalQuantile": NormalQuantile,
		"GammaQuantile":  func(u float64) float64 { return GammaQuantile(u, 2.5) },
		"BetaQuantile":   func(u float64) float64 { return BetaQuantile(u, 0.7, 3) },
	} {
		last := math.Inf(-1)
		for i := range 50_000 {
			u := (float64(i) + 0.5) / 50_000
			y := f(u)
			if !(y >= last) {
				t.Errorf("%s falls at u = %v: %v after %v", name, u, y, last)
				break
			}
			last = y
		}
	}
}

// gammaP and gammaQ are the lower tail and the upper one, and betaInc is the lower one of the beta distribution.
func gammaP(a, x float64) float64 {
	lower, _ := GammaTails(a, x)
	return lower
}

func gammaQ(a, x float64) float64 {
	_, upper := GammaTails(a, x)
	return upper
}

func betaInc(a, b, x float64) float64 {
	lower, _ := BetaTails(a, b, x, 1-x)
	return lower
}
