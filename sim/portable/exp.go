package portable

import "math"

// Exp is e^x, within 0.54 ulp. It is 0 below -745.14 and +Inf above 709.79; Exp(NaN) is NaN.
// A result below 2^-1022, which has fewer digits, is within 1 of its last.
//
// With x = k ln(2)/32 + r it is 2^(k/32) e^r: Tang, Table-driven implementation of the exponential
// function in IEEE floating-point arithmetic, ACM TOMS 15(2), 1989.
func Exp(x float64) float64 { return exp(x, 0) }

// exp is e^(x + tail) for a tail of less than 1 ulp of x.
func exp(x, tail float64) float64 {
	switch {
	case x != x || x > maxExp:
		return x * math.Inf(1) // NaN or +Inf
	case x < minExp:
		return 0
	}
	n, k := nearest(float64(x * invLn2By32))
	r := x - float64(k*ln2By32Hi) // exact
	lo := tail - float64(k*ln2By32Lo)
	sum := r + lo
	rest := lo - (sum - r)
	r2 := float64(sum * sum)
	p := float64(r2*(1.0/2+float64(sum*(1.0/6)))) + float64(float64(r2*r2)*(1.0/24+float64(sum*(1.0/120+float64(sum*(1.0/720))))))
	p = sum + (rest + p) // e^r - 1
	t := &exp2By32[n&31]
	y := t.hi + (t.lo + float64(t.hi*p))
	n >>= 5
	if n > -1022 && n < 1024 {
		return y * math.Float64frombits(uint64(1023+n)<<52)
	}
	half := n / 2
	return float64(y*math.Float64frombits(uint64(1023+half)<<52)) * math.Float64frombits(uint64(1023+n-half)<<52)
}

// nearest is floor(x + 1/2) for an x that is no NaN and small, without the call that math.Floor is on a processor before SSE 4.1.
func nearest(x float64) (n int, k float64) {
	x += 0.5
	n = int(x)
	if k = float64(n); k > x {
		n, k = n-1, k-1
	}
	return n, k
}

const (
	maxExp     = 0x1.62e42fefa39efp+9  // ln of the largest float64
	minExp     = -0x1.74910d52d3052p+9 // ln of half the smallest
	invLn2By32 = 0x1.71547652b82fep+5  // 32 / ln 2
	ln2By32Hi  = 0x1.62e42fefap-6      // ln 2 / 32, in 37 bits
	ln2By32Lo  = 0x1.cf79abc9e3b3ap-45 // and the rest
)

// exp2By32 has 2^(i/32), rounded, and what the rounding left.
var exp2By32 = [32]struct{ hi, lo float64 }{
	{1, 0}, // 0
	{0x1.059b0d3158574p+0, 0x1.d73e2a475b465p-55},  // 1
	{0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54},  // 2
	{0x1.11301d0125b51p+0, -0x1.6c51039449b3ap-54}, // 3
	{0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55}, // 4
	{0x1.1d4873168b9aap+0, 0x1.e016e00a2643cp-54},  // 5
	{0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54},  // 6
	{0x1.29e9df51fdee1p+0, 0x1.612e8afad1255p-55},  // 7
	{0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55},  // 8
	{0x1.371a7373aa9cbp+0, -0x1.63aeabf42eae2p-54}, // 9
	{0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55},  // 10
	{0x1.44e086061892dp+0, 0x1.89b7a04ef80dp-59},   // 11
	{0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56},  // 12
	{0x1.5342b569d4f82p+0, -0x1.07abe1db13cadp-55}, // 13
	{0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54},  // 14
	{0x1.6247eb03a5585p+0, -0x1.383c17e40b497p-54}, // 15
	{0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54}, // 16
	{0x1.71f75e8ec5f74p+0, -0x1.16e4786887a99p-55}, // 17
	{0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55}, // 18
	{0x1.82589994cce13p+0, -0x1.d4c1dd41532d8p-54}, // 19
	{0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54},  // 20
	{0x1.93737b0cdc5e5p+0, -0x1.75fc781b57ebcp-57}, // 21
	{0x1.9c49182a3f09p+0, 0x1.c7c46b071f2bep-56},   // 22
	{0x1.a5503b23e255dp+0, -0x1.d2f6edb8d41e1p-54}, // 23
	{0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54},  // 24
	{0x1.b7f76f2fb5e47p+0, -0x1.5584f7e54ac3bp-56}, // 25
	{0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55},  // 26
	{0x1.cb720dcef9069p+0, 0x1.503cbd1e949dbp-56},  // 27
	{0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55},  // 28
	{0x1.dfc97337b9b5fp+0, -0x1.1a5cd4f184b5cp-54}, // 29
	{0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54}, // 30
	{0x1.f50765b6e454p+0, 0x1.9d3e12dd8a18bp-54},   // 31
}
