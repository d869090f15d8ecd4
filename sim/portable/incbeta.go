package portable

import "math"

// BetaTails is the chances that a beta variable of shapes a and b is at most x, and more: the regularised incomplete beta
// function I_x(a, b), and 1 - I_x(a, b), which is I_y(b, a). The caller gives both x and y = 1 - x, so that neither loses digits.
// The relative error of each is below 1e-12 for shapes in [0.01, 1e6] wherever it is not below 1e-290. Both are NaN unless
// a > 0, b > 0 and x is in [0, 1].
func BetaTails(a, b, x, y float64) (lower, upper float64) {
	lower, upper, _ = betaTails(a, b, x, y, betaNorm(a, b))
	return lower, upper
}

// betaTails is I_x(a, b), 1 - I_x(a, b) and x y I'_x(a, b), each relatively exact, given y = 1 - x, which may have digits that
// 1 - x has lost, and betaNorm(a, b).
func betaTails(a, b, x, y, norm float64) (lower, upper, density float64) {
	switch {
	case !(a > 0 && b > 0 && x >= 0 && y >= 0) || a > math.MaxFloat64 || b > math.MaxFloat64:
		return math.NaN(), math.NaN(), math.NaN()
	case x == 0:
		return 0, 1, 0
	case y == 0:
		return 1, 0, 0
	}
	n := a + b
	density = Exp(norm-deviance(a, n*x)-deviance(b, n*y)) * (math.Sqrt(a) * math.Sqrt(b/n) / sqrt2Pi)
	if x*b <= y*a {
		lower, upper = betaBelowMean(a, b, x, y, density)
	} else {
		upper, lower = betaBelowMean(b, a, y, x, density)
	}
	return lower, upper, density
}

// betaNorm is what betaTails needs to know of B(a, b).
func betaNorm(a, b float64) float64 { return stirling(a+b) - stirling(a) - stirling(b) }

// betaBelowMean is I_x(a, b) and 1 - I_x(a, b) for x at most the mean, a/(a+b), given x^a y^b / B(a, b).
func betaBelowMean(a, b, x, y, power float64) (lower, upper float64) {
	if b < 1 && a >= stirlingFrom && a*y < 1 {
		upper, lower = betaSeries(b, a, y)
		return lower, upper
	}
	if power > 0 {
		lower = power * betaFraction(a, b, x, y)
	}
	return lower, 1 - lower
}

// betaFraction is the continued fraction BFRAC for B(a, b) I_x(a, b) / (x^a y^b): Didonato and Morris, Algorithm 708,
// ACM TOMS 18(3), 1992, there equation 9. It takes some ten terms, near the mean of large shapes √(a+b)/3.
func betaFraction(a, b, x, y float64) float64 {
	inv := 1 / (a + 1)
	p0, q0 := 0.0, 1.0
	p1, q1 := 1.0, float64(a*(float64(a*y)-float64(b*x)+1))*inv
	value := p1 / q1
	for m := 1.0; m < maxTerms; m++ {
		odd := inv // 1/(a+2m-1)
		inv = 1 / (a + float64(2*m) + 1)
		c := float64(m*(a+m-1)*odd) * float64((a+b+m-1)*odd) * (b - m) * x * x
		d := m + float64(m*(b-m)*x*odd) + float64((a+m)*(float64(a*y)-float64(b*x)+1+float64(m*(1+y)))*inv)
		p0, p1 = p1, float64(d*p1)+float64(c*p0)
		q0, q1 = q1, float64(d*q1)+float64(c*q0)
		if q1 > 1e100 {
			p0, q0, p1, q1 = p0*1e-100, q0*1e-100, p1*1e-100, q1*1e-100
		}
		last := value
		value = p1 / q1
		if math.Abs(value-last) <= 1e-16*value {
			break
		}
	}
	return value
}

// betaSeries is I_x(a, b) and 1 - I_x(a, b) for a < 1, a large b and b x < 1.
func betaSeries(a, b, x float64) (lower, upper float64) {
	// I = x^a / (a B(a, b)) (1 + a s) with s = Σ (1-b)(2-b)…(n-b) x^n / (n! (a+n))
	s, term := 0.0, 1.0
	for n := 1.0; ; n++ {
		term *= (n - b) * x / n
		add := term / (a + n)
		s += add
		if math.Abs(add) < 1e-17*math.Abs(s) {
			break
		}
	}
	// ln of x^a / (a B), which vanishes with a: ln Γ(a+b)/Γ(b) is a ln(a+b) + (b - 1/2) ln(1 + a/b) - a and Stirling's rest.
	l := float64(a*(Log(float64(x*(a+b)))-1)) + float64((b-0.5)*Log1p(a/b)) +
		(stirlingAt(a+b) - stirlingAt(b)) - lgamma1p(a)
	power := Exp(l)
	return power * (1 + float64(a*s)), -Expm1(l) - float64(float64(power*a)*s)
}

// BetaQuantile is the x at which I_x(a, b) is p: 0 at p = 0, 1 at p = 1. Its relative error, and that of 1 - x, is about
// that of [BetaTails] times the problem's condition: below 1e-12 for shapes in [0.1, 1e6] and
// p in [1e-16, 1 - 1e-16]. For small shapes a quantile may be 0, or 1, where the float64 next to it is farther.
// It is NaN unless a > 0, b > 0 and p is in [0, 1].
func BetaQuantile(p, a, b float64) float64 {
	switch {
	case !(a > 0 && b > 0 && p >= 0 && p <= 1) || a > math.MaxFloat64 || b > math.MaxFloat64:
		return math.NaN()
	case p == 0 || p == 1:
		return p
	case a == 1 && b == 1:
		return p
	}
	// ln I and ln(1 - I) are concave in the logarithm of the odds x/y; see GammaQuantile.
	odds := Exp(betaGuess(p, a, b))
	norm := betaNorm(a, b)
	for range maxSteps {
		x, y := split(odds)
		lower, upper, density := betaTails(a, b, x, y, norm)
		step := tailStep(p, lower, upper, density, float64(a*y)-float64(b*x))
		odds *= Exp(step)
		if math.Abs(step) < 1e-6 {
			break
		}
	}
	x, _ := split(odds)
	return x
}

// split is the share x that has these odds, and 1 - x.
func split(odds float64) (x, y float64) {
	if odds > 1 {
		inv := 1 / odds
		return 1 / (1 + inv), inv / (1 + inv)
	}
	return odds / (1 + odds), 1 / (1 + odds)
}

// betaGuess is about the logarithm of the quantile's odds: Abramowitz and Stegun 26.5.22 for shapes of 1 and more, the first
// terms of the series at both ends for others.
func betaGuess(p, a, b float64) float64 {
	if a >= 1 && b >= 1 {
		z := -NormalQuantile(p)
		lambda := (float64(z*z) - 3) / 6
		ra, rb := 1/(float64(2*a)-1), 1/(float64(2*b)-1)
		h := 2 / (ra + rb)
		w := float64(z*math.Sqrt(h+lambda))/h - float64((rb-ra)*(lambda+5.0/6-2/(float64(3*h))))
		if math.Abs(w) < 300 {
			return Log(a/b) - float64(2*w)
		}
	}
	// I = x^a/(a B) (1 + O((1-b) x)), and likewise from the other end: the end where the rest is the smaller.
	logB := Lgamma(a) + Lgamma(b) - Lgamma(a+b)
	logX := min((Log(p)+Log(a)+logB)/a, -0x1p-53)
	logY := min((Log1p(-p)+Log(b)+logB)/b, -0x1p-53)
	if math.Abs(1-b)*Exp(logX) < math.Abs(1-a)*Exp(logY) {
		return max(logX-Log(-Expm1(logX)), -700)
	}
	return min(Log(-Expm1(logY))-logY, 700)
}
