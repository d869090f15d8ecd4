package portable

import "math"

// GammaTails is the chances that a gamma variable of shape a and scale 1 is at most x, and more: the regularised incomplete
// gamma functions P(a, x) and Q(a, x) = 1 - P(a, x). The relative error of each is below 1e-12 for a in [0.01, 1e6] wherever it
// is not below 1e-290. Both are NaN unless a > 0 and x >= 0, a finite.
func GammaTails(a, x float64) (lower, upper float64) {
	lower, upper, _ = gammaTails(a, x, gammaNorm(a))
	return lower, upper
}

// gammaTails is P(a, x), 1 - P(a, x) and x P'(a, x), each relatively exact, given gammaNorm(a).
func gammaTails(a, x, norm float64) (p, q, density float64) {
	switch {
	case !(a > 0 && x >= 0) || a > math.MaxFloat64:
		return math.NaN(), math.NaN(), math.NaN()
	case x == 0:
		return 0, 1, 0
	case x > math.MaxFloat64:
		return 1, 0, 0
	}
	var power float64 // x^a e^-x / Γ(a+1)
	if a < stirlingFrom {
		power = Exp(float64(a*Log(x)) - x - norm)
	} else {
		d := deviance(a, x)
		power = Exp(-d-norm) / (sqrt2Pi * math.Sqrt(a))
		if a >= temmeFrom && math.Abs(x-a) <= 0.4*a {
			p, q = gammaTemme(a, x, d)
			return p, q, a * power
		}
	}
	switch {
	case a < 0.5 && x < 1:
		p, q = gammaSmall(a, x)
	case x <= max(a, 1):
		p = float64(power * gammaSeries(a, x))
		q = 1 - p
	default:
		q = float64(a * power * gammaFraction(a, x))
		p = 1 - q
	}
	return p, q, a * power
}

// gammaNorm is what gammaTails needs to know of Γ(a+1).
func gammaNorm(a float64) float64 {
	if a < stirlingFrom {
		return Lgamma(a + 1)
	}
	return stirlingAt(a)
}

// gammaSeries is Kummer's series for P(a, x) Γ(a+1) / (x^a e^-x): 1 + x/(a+1) + x²/((a+1)(a+2)) + …
func gammaSeries(a, x float64) float64 {
	sum, term := 1.0, 1.0
	for n := a + 1; term > 1e-17*sum; n++ {
		term = float64(term * (x / n))
		sum += term
	}
	return sum
}

// gammaSmall is P(a, x) = x^a / Γ(a+1) (1 + a s), s = Σ (-x)^n / ((a+n) n!), and 1 - P(a, x), which so does not cancel as a
// goes to 0.
func gammaSmall(a, x float64) (p, q float64) {
	s, term := 0.0, 1.0
	for n := 1.0; math.Abs(term) > 1e-17*x; n++ {
		term *= -x / n
		s += term / (a + n)
	}
	l := float64(a*Log(x)) - lgamma1p(a)
	power := Exp(l)
	return power * (1 + float64(a*s)), -Expm1(l) - float64(power*a*s)
}

// gammaFraction is Legendre's continued fraction for Q(a, x) Γ(a) / (x^a e^-x):
// 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - …))).
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	p0, q0, p1, q1 := 0.0, 1.0, 1.0, b
	value := 1 / b
	for n := 1.0; n < maxTerms; n++ {
		b += 2
		c := n * (a - n)
		p0, p1 = p1, float64(b*p1)+float64(c*p0)
		q0, q1 = q1, float64(b*q1)+float64(c*q0)
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

// maxTerms bounds a continued fraction, should it never settle.
const maxTerms = 100_000

// temmeFrom is the shape from which the eleven terms of Temme's expansion are enough.
const temmeFrom = 20

// gammaTemme is Temme's uniform expansion for a large a and x near it, given d = deviance(a, x): The asymptotic expansion of
// the incomplete gamma functions, SIAM J. Math. Anal. 10(4), 1979; Didonato and Morris, ACM TOMS 12(4), 1986.
func gammaTemme(a, x, d float64) (p, q float64) {
	z := math.Sqrt(2 * d)
	eta := z / math.Sqrt(a)
	if x < a {
		eta = -eta
	}
	s := 0.0
	for k := len(temme) - 1; k >= 0; k-- {
		s = s/a + horner(eta, temme[k])
	}
	r := float64(Exp(-d) / (sqrt2Pi * math.Sqrt(a)) * s)
	if x < a {
		p = NormalCDF(-z) - r
		return p, 1 - p
	}
	q = NormalCDF(-z) + r
	return 1 - q, q
}

// deviance is a ln(a/x) + x - a, without cancellation where x is near a: Loader, Fast and accurate computation of
// binomial probabilities, 2000.
func deviance(a, x float64) float64 {
	d := a - x
	if math.Abs(d) > 0.1*(a+x) {
		return float64(a*Log(a/x)) - d
	}
	v := d / (a + x)
	v2 := float64(v * v)
	return float64(d*v) + float64(float64(float64(2*a)*float64(v*v2))*horner(v2, devianceSeries[:]))
}

var devianceSeries = [...]float64{1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19}

// GammaQuantile is the x at which P(a, x) is p, a the shape: 0 at p = 0, +Inf at 1. Its relative error is that of
// [GammaTails] times p / (x P'(a, x)), the problem's condition: below 1e-13 for a >= 0.1 and
// p in [1e-16, 1 - 1e-16]. For a small shape a quantile below 5e-324 is 0. It is NaN unless a > 0 and p is in [0, 1].
func GammaQuantile(p, a float64) float64 {
	switch {
	case !(a > 0 && p >= 0 && p <= 1) || a > math.MaxFloat64:
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	case a == 1:
		return -Log1p(-p)
	}
	// ln P and ln Q are concave in t = ln x, so that Newton's method converges from anywhere; Halley's is faster.
	x := Exp(gammaGuess(p, a))
	norm := gammaNorm(a)
	for range maxSteps {
		lower, upper, density := gammaTails(a, x, norm)
		step := tailStep(p, lower, upper, density, a-x)
		x *= Exp(step)
		if math.Abs(step) < 1e-6 {
			break
		}
	}
	return x
}

// gammaGuess is about the logarithm of the quantile: Wilson and Hilferty's cube, or for small shapes and
// deep lower tails the first term of the series.
func gammaGuess(p, a float64) float64 {
	if a >= 0.5 {
		c := 1 / (9 * a)
		if root := 1 - c + float64(NormalQuantile(p)*math.Sqrt(c)); root > 0.3 {
			return Log(a) + float64(3*Log(root))
		}
	}
	return min((Log(p)+Lgamma(a+1))/a, Log(a+1-Log1p(-p)))
}

// maxSteps bounds the search for a quantile; it takes two to five steps.
const maxSteps = 60

// tailStep is Halley's step toward F = p, for a distribution function F whose logarithm is concave, as is that of
// 1 - F; slope is the derivative of the density's logarithm. The lesser of the two tails is the one that is solved for, because
// there the logarithm is steep and the step never far too long.
func tailStep(p, lower, upper, density, slope float64) float64 {
	side, target, sign := lower, p, 1.0
	if lower > 0.5 {
		side, target, sign = upper, 1-p, -1
	}
	if !(density > 0) || !(side > 0) {
		return sign // so far out that nothing is left of the tail
	}
	hazard := density / side
	newton := sign * Log(target/side) / hazard
	curvature := float64(newton * (slope - float64(sign*hazard)) / 2)
	return newton / max(1+curvature, 0.5)
}

// temme has the coefficients c[k][j] of η^j/a^k, as far as they matter where a >= 20 and |x - a| <= 0.4 a.
var temme = [...][]float64{
	{
		-0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073,
		0.0003527336860670194, -0.0001787551440329218, 3.919263178522438e-05, -2.185448510679992e-06,
		-1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07, 6.707853543401498e-09,
		1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10, -2.5514193994946248e-11,
		-5.830772132550426e-11, 2.4361948020667415e-11,
	},
	{
		-0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596,
		0.00020576131687242798, -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06,
		-1.6120900894563446e-06, 4.647127802807434e-09, 1.378633446915721e-07, -5.752545603517705e-08,
		1.1951628599778148e-08, -1.7543241719747647e-11, -1.0091543710600413e-09, 4.162792991842583e-10,
	},
	{
		0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-06,
		-0.0001073665322636516, 5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08,
		1.3721957309062934e-06, -6.298992138380055e-07, 1.4280614206064242e-07, -2.0477098421990866e-10,
		-1.409252991086752e-08, 6.228974084922022e-09, -1.3670488396617114e-09,
	},
	{
		0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885,
		-7.561801671883977e-05, -2.396505113867297e-07, 1.1082654115347302e-05, -5.6749528269915965e-06,
		1.4230900732435883e-06, -2.7861080291528143e-11, -1.6958404091930278e-07, 8.099464905388083e-08,
		-1.9111168485973655e-08,
	},
	{
		-0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-06,
		6.641498215465122e-05, -3.968365047179435e-05, 1.1375726970678419e-05, 2.507497226237533e-10,
		-1.6954149536558305e-06, 8.907507532205309e-07, -2.292934834000805e-07,
	},
	{
		-0.00033679855336635813, -6.972813758365857e-05, 0.0002772753244959392, -0.00019932570516188847,
		6.797780477937208e-05, 1.419062920643967e-07, -1.3594048189768693e-05, 8.018470256334202e-06,
		-2.291481176508095e-06, -3.252473551298454e-10, 3.4652846491085265e-07,
	},
	{
		0.0005313079364639922, -0.0005921664373536939, 0.0002708782096718045, 7.902353232660328e-07,
		-8.153969367561969e-05, 5.61168275310625e-05, -1.8329116582843375e-05, -3.0796134506033047e-09,
		3.465155368803609e-06, -2.0291327396058603e-06,
	},
	{
		0.00034436760689237765, 5.171790908260592e-05, -0.00033493161081142234, 0.0002812695154763237,
		-0.00010976582244684731, -1.2741009095484485e-07, 2.7744451511563645e-05, -1.8263488805711332e-05,
	},
	{
		-0.0006526239185953094, 0.0008394987206720873, -0.000438297098541721, -6.969091458420552e-07,
		0.00016644846642067547, -0.00012783517679769218,
	},
	{
		-0.0005967612901927463, -7.204895416020011e-05, 0.0006782308837667328, -0.0006401475260262758,
	},
	{
		0.0013324454494800656, -0.0019144384985654776,
	},
}
