package portable

import "math"

// Lgamma is ln Γ(x) for x >= 0: within 1e-15 or a relative 1e-15, whichever is more, and to relative 1e-15 also next to
// its zeros at 1 and 2. Lgamma(0) and Lgamma(+Inf) are +Inf; below 0 it is NaN.
func Lgamma(x float64) float64 {
	switch {
	case x >= stirlingFrom:
		if x > math.MaxFloat64 {
			return x
		}
		l := Log(x) - 1
		return (float64((x-0.5)*l) - 0.5) + logSqrt2Pi + stirlingAt(x)
	case x >= 2.5:
		product := 1.0
		for x >= 2.5 {
			x--
			product *= x
		}
		return Log(product) + lgamma2p(x-2)
	case x >= 1.5:
		return lgamma2p(x - 2)
	case x >= 0.5:
		return lgamma1p(x - 1)
	case x >= 0:
		return lgamma1p(x) - Log(x)
	}
	return math.NaN()
}

// lgamma1p is ln Γ(1 + w) for w in [-1/2, 3/2], to a relative 1e-15.
func lgamma1p(w float64) float64 {
	if w > 0.5 {
		return lgamma2p(w - 1)
	}
	return lgamma2p(w) - Log1p(w)
}

// lgamma2p is ln Γ(2 + w) for |w| <= 1/2, to a relative 1e-15.
func lgamma2p(w float64) float64 { return float64(w * horner(w, lgammaAt2[:])) }

// stirlingFrom is where the first eight terms of Stirling's series are good to the last digit.
const stirlingFrom = 10

// stirling is what Stirling's formula leaves of ln Γ(x + 1): ln Γ(x+1) - (x + 1/2) ln x + x - ln √(2π).
func stirling(x float64) float64 {
	if x < stirlingFrom {
		return Lgamma(x+1) - float64((x+0.5)*Log(x)) + x - logSqrt2Pi
	}
	return stirlingAt(x)
}

// stirlingAt is stirling from stirlingFrom on: 1/(12 x) - 1/(360 x³) + …
func stirlingAt(x float64) float64 { return horner(1/float64(x*x), stirlingSeries[:]) / x }

// stirlingSeries has B(2k) / (2k (2k-1)) for k from 1, B(2k) Bernoulli's numbers.
var stirlingSeries = [...]float64{1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400}

// lgammaAt2 is the series of ln Γ(2+w) / w: 1 - γ, and (-1)^k (ζ(k) - 1) / k for k from 2.
var lgammaAt2 = [...]float64{
	0.42278433509846713, 0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
	0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
	9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
	4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
	2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
	1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
	5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10,
}
