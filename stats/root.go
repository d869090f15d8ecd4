package stats

import "math"

// root finds where f crosses zero between a and b, of which one gives a positive and the other a
// negative value, to the last bits (Chandrupatla, Advances in Engineering Software 28, 1997).
func root(f func(float64) float64, a, b float64) float64 {
	fa, fb := f(a), f(b)
	c, fc := a, fa
	for t := 0.5; ; {
		x := a + t*(b-a)
		fx := f(x)
		if (fx > 0) == (fa > 0) {
			c, fc = a, fa
		} else {
			c, fc = b, fb
			b, fb = a, fa
		}
		a, fa = x, fx
		best, f0 := b, fb
		if math.Abs(fa) < math.Abs(fb) {
			best, f0 = a, fa
		}
		least := 0x1p-51 * math.Abs(best) / math.Abs(b-a)
		if f0 == 0 || !(least < 0.5) {
			return best
		}
		xi, phi := (a-b)/(c-b), (fa-fb)/(fc-fb)
		t = 0.5
		if 1-math.Sqrt(1-xi) < phi && phi < math.Sqrt(xi) { // inverse quadratic interpolation is safe
			t = fa/(fb-fa)*fc/(fb-fc) + (c-a)/(b-a)*fa/(fc-fa)*fb/(fc-fb)
		}
		t = min(1-least, max(least, t))
	}
}

// bisect is root for a function with a pole at an end, where interpolation does not help: f(a) > 0
// and f(b) < 0, either of which may be infinite.
func bisect(f func(float64) float64, a, b float64) float64 {
	for {
		x := a + (b-a)/2
		if x == a || x == b {
			return x
		}
		if f(x) > 0 {
			a = x
		} else {
			b = x
		}
	}
}
