package portable

import "math"

const (
	sqrt2Pi    = 2.50662827463100050242 // √(2π)
	logSqrt2Pi = 0.91893853320467274178 // ln √(2π)
	invSqrt2Pi = 0.39894228040143267794 // 1/√(2π)
	sqrt32     = 5.656854249492380195   // √32
)

// NormalCDF is the chance that a standard normal variable is at most x, with a relative error below 1e-15 also
// in the tails, until it is 0 below -38.6. NormalCDF(NaN) is NaN.
//
// The rational approximations are Cody's: Rational Chebyshev approximations for the error function,
// Math. Comp. 23, 1969, and Algorithm 715, ACM TOMS 19(1), 1993.
func NormalCDF(x float64) float64 {
	y := math.Abs(x)
	if y <= 0.67448975 {
		z := float64(x * x)
		num, den := float64(cdfCentre.num[4]*z), z
		for i := range 3 {
			num = float64((num + cdfCentre.num[i]) * z)
			den = float64((den + cdfCentre.den[i]) * z)
		}
		return 0.5 + float64(x*(num+cdfCentre.num[3]))/(den+cdfCentre.den[3])
	}
	var tail float64
	switch {
	case y <= sqrt32:
		num, den := float64(cdfMiddle.num[8]*y), y
		for i := range 7 {
			num = float64((num + cdfMiddle.num[i]) * y)
			den = float64((den + cdfMiddle.den[i]) * y)
		}
		tail = (num + cdfMiddle.num[7]) / (den + cdfMiddle.den[7])
	case y < 40:
		z := 1 / float64(x*x)
		num, den := float64(cdfTail.num[5]*z), z
		for i := range 4 {
			num = float64((num + cdfTail.num[i]) * z)
			den = float64((den + cdfTail.den[i]) * z)
		}
		tail = float64(z*(num+cdfTail.num[4])) / (den + cdfTail.den[4])
		tail = (invSqrt2Pi - tail) / y
	case y != y:
		return y
	}
	// exp(-y²/2), with y² = c² + (y - c)(y + c) and c² exact.
	c := float64(math.Floor(float64(y*16)) / 16)
	half := float64(c * c * -0.5)
	rest := float64((y - c) * (y + c) * -0.5)
	sum := half + rest
	if tail != 0 {
		tail *= exp(sum, rest-(sum-half))
	}
	if x > 0 {
		return 1 - tail
	}
	return tail
}

// NormalQuantile is the x at which [NormalCDF] is p, with a relative error below 1e-15: -Inf at 0, +Inf at 1,
// and NaN outside [0, 1].
//
// It is PPND16 of Wichura, Algorithm AS 241, Applied Statistics 37(3), 1988.
func NormalQuantile(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return float64(q*horner8(r, &quantileCentre.num)) / horner8(r, &quantileCentre.den)
	}
	tail := min(p, 1-p)
	if !(tail > 0) {
		switch {
		case p == 0:
			return math.Inf(-1)
		case p == 1:
			return math.Inf(1)
		}
		return math.NaN()
	}
	r := math.Sqrt(-Log(tail))
	var x float64
	if r <= 5 {
		r -= 1.6
		x = horner8(r, &quantileMiddle.num) / horner8(r, &quantileMiddle.den)
	} else {
		r -= 5
		x = horner8(r, &quantileTail.num) / horner8(r, &quantileTail.den)
	}
	return math.Copysign(x, q)
}

// Cody's coefficients, in the order of his algorithm.
var (
	cdfCentre = struct {
		num [5]float64
		den [4]float64
	}{
		[...]float64{2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249, .065682337918207449113},
		[...]float64{47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956},
	}
	cdfMiddle = struct {
		num [9]float64
		den [8]float64
	}{
		[...]float64{.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226,
			2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8},
		[...]float64{22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
			18615.571640885098091, 34900.952721145977266, 38912.003286093271411, 19685.429676859990727},
	}
	cdfTail = struct {
		num [6]float64
		den [5]float64
	}{
		[...]float64{.21589853405795699, .1274011611602473639, .022235277870649807, .001421619193227893466, 2.9112874951168792e-5, .02307344176494017303},
		[...]float64{1.28426009614491121, .468238212480865118, .0659881378689285515, .00378239633202758244, 7.29751555083966205e-5},
	}
)

// Wichura's coefficients, from the constant up.
var (
	quantileCentre = struct{ num, den [8]float64 }{
		[...]float64{3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
			4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3},
		[...]float64{1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
			2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3},
	}
	quantileMiddle = struct{ num, den [8]float64 }{
		[...]float64{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
		[...]float64{1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
			1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9},
	}
	quantileTail = struct{ num, den [8]float64 }{
		[...]float64{6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
			2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
		[...]float64{1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
			7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15},
	}
)
