package portable

import "math"

// Pow is x^y, within 1 ulp. Special cases are those of [math.Pow]: x^0 and 1^y are 1 whatever the other
// is, and a negative x has a power only where y is an integer.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y:
		return math.NaN()
	}
	sign := 1.0
	if math.Signbit(x) {
		switch {
		case y != math.Trunc(y) && x != 0 && !math.IsInf(x, -1):
			return math.NaN()
		case y == math.Trunc(y) && math.Abs(y) < 1<<53 && int64(y)&1 != 0:
			sign = -1
		}
		x = -x
		if x == 1 {
			return sign
		}
	}
	switch {
	case x == 0 || x > math.MaxFloat64:
		if (x == 0) == (y > 0) {
			return sign * 0
		}
		return sign * math.Inf(1)
	case math.IsInf(y, 0):
		if (x < 1) == (y > 0) {
			return 0
		}
		return math.Inf(1)
	}
	hi, lo := logParts(x)
	product := float64(y * hi)
	if !(math.Abs(product) < 1000) {
		return sign * exp(product, 0)
	}
	y1, h1 := head(y), head(hi)
	y2, h2 := y-y1, hi-h1
	tail := ((float64(y1*h1) - product) + float64(y1*h2) + float64(y2*h1)) + float64(y2*h2)
	return sign * exp(product, tail+float64(y*lo))
}

// head is x with the lower half of its digits cleared.
func head(x float64) float64 { return math.Float64frombits(math.Float64bits(x) &^ (1<<27 - 1)) }

// logParts is the logarithm of a positive x as a float64 and what its rounding left, by the method of
// [Log] with a relative error of 2^-64.
func logParts(x float64) (hi, lo float64) {
	k, i, f := reduce(x)
	c := float64(i) / 64
	r := f / c
	r1 := head(r)
	r2 := r - r1
	rest := (f - float64(r1*c) - float64(r2*c)) / c // f/c - r
	t := &logBy64[i-logFirst]

	// ln(c) + k ln(2) + r - r1²/2: each sum with what its rounding leaves.
	whole := float64(k*ln2Hi) + t.hi
	s1 := whole + r
	e1 := r - (s1 - whole)
	square := float64(r1 * r1 / 2)
	s2 := s1 - square
	e2 := (s1 - s2) - square

	p := float64(float64(r*float64(r*r)) * horner(r, log1pTail[:]))
	lo = e1 + e2 + (float64(rest*(1-r)) - float64(r2*(r+r1)/2) + p + (t.lo + float64(k*ln2Lo)))
	hi = s2 + lo
	return hi, lo - (hi - s2)
}

// log1pTail is (ln(1 + r) - r + r²/2) / r³ as a series in r.
var log1pTail = [...]float64{1.0 / 3, -1.0 / 4, 1.0 / 5, -1.0 / 6, 1.0 / 7, -1.0 / 8, 1.0 / 9}
