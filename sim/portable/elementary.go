package portable

import "math"

// Log1p is ln(1 + x), within 2 ulp, also where x is tiny. Log1p(-1) is -Inf; below -1 it is NaN.
func Log1p(x float64) float64 {
	u := 1 + x
	if u <= 0 || u != u || u > math.MaxFloat64 {
		return Log(u)
	}
	lost := x - (u - 1)
	if x > 1 {
		lost = 1 - (u - x)
	}
	return Log(u) + lost/u
}

// Expm1 is e^x - 1, within 3 ulp, also where x is tiny.
func Expm1(x float64) float64 {
	u := Exp(x)
	if x < -0.7 || x > 0.7 {
		return u - 1
	}
	// Kahan's: the rounding of u cancels between u - 1 and ln u.
	if u == 1 {
		return x
	}
	return float64((u-1)*x) / Log(u)
}

// Logistic is 1 / (1 + e^-x), within 3 ulp. Its inverse is [Logit].
func Logistic(x float64) float64 {
	if x > 0 {
		return 1 / (1 + Exp(-x))
	}
	e := Exp(x)
	return e / (1 + e)
}

// Logit is ln(p / (1 - p)), within 3 ulp: -Inf at 0, +Inf at 1, and NaN outside [0, 1].
func Logit(p float64) float64 {
	switch {
	case p < 0.25:
		return Log(p / (1 - p))
	case p > 0.75:
		return -Log((1 - p) / p)
	}
	return Log1p((float64(2*p) - 1) / (1 - p))
}

// horner is the polynomial c[0] + c[1] x + c[2] x² + …
func horner(x float64, c []float64) float64 {
	p := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		p = float64(p*x) + c[i]
	}
	return p
}

// horner8 is horner of degree 7, without a loop.
func horner8(x float64, c *[8]float64) float64 {
	p := float64(c[7]*x) + c[6]
	p = float64(p*x) + c[5]
	p = float64(p*x) + c[4]
	p = float64(p*x) + c[3]
	p = float64(p*x) + c[2]
	p = float64(p*x) + c[1]
	return float64(p*x) + c[0]
}
