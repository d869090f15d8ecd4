package portable

import "math"

// Log is the natural logarithm of x, within 0.85 ulp. Log(0) is -Inf, Log(+Inf) +Inf, and the logarithm
// of a negative number or of NaN is NaN.
//
// With x = 2^k c (1 + r) for a c = i/64 next to x/2^k it is k ln 2 + ln c + ln(1 + r), after Tang,
// Table-driven implementation of the logarithm function in IEEE floating-point arithmetic, ACM TOMS
// 16(4), 1990. Near 1 both k and ln c are 0 and r is exact.
func Log(x float64) float64 {
	if !(x > 0 && x <= math.MaxFloat64) {
		return logOfNone(x)
	}
	k, i, f := reduce(x)
	r := f / (float64(i) / 64)
	t := &logBy64[i-logFirst]
	hi := float64(k*ln2Hi) + t.hi // exact
	sum := hi + r
	r2 := float64(r * r)
	r4 := float64(r2 * r2)
	p := float64(r2*(-1.0/2+float64(r*(1.0/3)))) +
		float64(r4*((-1.0/4+float64(r*(1.0/5)))+float64(r2*(-1.0/6+float64(r*(1.0/7))))-float64(r4*(1.0/8))))
	return sum + ((r - (sum - hi)) + (p + (t.lo + float64(k*ln2Lo))))
}

// logOfNone is the logarithm of what is no positive number.
func logOfNone(x float64) float64 {
	switch {
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	return x // NaN or +Inf
}

// reduce takes a positive x apart: x = 2^k (i/64 + f), i from 45 to 91 and |f| <= 1/128.
func reduce(x float64) (k float64, i int, f float64) {
	if x < 0x1p-1022 { // subnormal
		x, k = x*(1<<52), -52
	}
	bits := math.Float64bits(x)
	const from = 0x3fe6a00000000000 // of 45.25/64, where the exponent is made to turn
	n := int64(bits-from) >> 52
	z := math.Float64frombits(bits - uint64(n)<<52) // in [45.25/64, 90.5/64)
	i = int(float64(z*64) + 0.5)
	return k + float64(n), i, z - float64(float64(i)/64)
}

const (
	ln2Hi    = 0x1.62e42fefa38p-1   // ln 2 to a multiple of 2^-42
	ln2Lo    = 0x1.ef35793c7673p-45 // and the rest
	logFirst = 45
)

// logBy64 has ln(i/64) for i from 45, to a multiple of 2^-42, so that k ln 2 can be added to it exactly,
// and the rest.
var logBy64 = [...]struct{ hi, lo float64 }{
	{-0x1.68ac83e9c7p-2, 0x1.7af966c548a3p-44},   // 45/64
	{-0x1.522ae0738ap-2, -0x1.ebe708164c759p-45}, // 46/64
	{-0x1.3c25277333p-2, -0x1.83b54b606bd5cp-46}, // 47/64
	{-0x1.269621134ep-2, 0x1.1b61f10522625p-44},  // 48/64
	{-0x1.1178e8227ep-2, -0x1.1ef78ce2d07f2p-44}, // 49/64
	{-0x1.f991c6cb3cp-3, 0x1.90d04cd7cc834p-44},  // 50/64
	{-0x1.d1037f2656p-3, 0x1.84a7e75b6f6e4p-47},  // 51/64
	{-0x1.a93ed3c8aep-3, 0x1.8724350562169p-45},  // 52/64
	{-0x1.823c16551ap-3, -0x1.e0ddb9a631e83p-46}, // 53/64
	{-0x1.5bf406b544p-3, 0x1.27023eb68981cp-46},  // 54/64
	{-0x1.365fcb015ap-3, 0x1.fd3a0afb9691bp-44},  // 55/64
	{-0x1.1178e8227ep-3, -0x1.1ef78ce2d07f2p-45}, // 56/64
	{-0x1.da72763844p-4, -0x1.a89401fa71733p-46}, // 57/64
	{-0x1.9335e5d594p-4, -0x1.3115c3abd47dap-45}, // 58/64
	{-0x1.4d3115d208p-4, 0x1.53a2582f4e1efp-48},  // 59/64
	{-0x1.08598b59e4p-4, 0x1.7e5dd7009902cp-46},  // 60/64
	{-0x1.894aa149f8p-5, -0x1.9a19a8be97661p-44}, // 61/64
	{-0x1.0415d89e78p-5, 0x1.dddc7f461c516p-44},  // 62/64
	{-0x1.020565893p-6, -0x1.611d27c8e8417p-44},  // 63/64
	{0, 0}, // 64/64
	{0x1.fc0a8b0fcp-7, 0x1.f1e7cf6d3a69cp-50},   // 65/64
	{0x1.f829b0e78p-6, 0x1.980267c7e09e4p-45},   // 66/64
	{0x1.77458f633p-5, -0x1.181dce586af09p-44},  // 67/64
	{0x1.f0a30c0118p-5, -0x1.d599e83368e91p-45}, // 68/64
	{0x1.341d7961bcp-4, 0x1.1d0929983761p-44},   // 69/64
	{0x1.6f0d28ae58p-4, -0x1.4b4641b664613p-44}, // 70/64
	{0x1.a926d3a4acp-4, 0x1.563650bd22a9cp-44},  // 71/64
	{0x1.e27076e2bp-4, -0x1.a342c2af0003cp-45},  // 72/64
	{0x1.0d77e7cd08p-3, 0x1.cb2cd2ee2f482p-44},  // 73/64
	{0x1.29552f82p-3, -0x1.5b967f4471dfcp-44},   // 74/64
	{0x1.44d2b6ccb8p-3, -0x1.70cc16135783cp-46}, // 75/64
	{0x1.5ff3070a7ap-3, -0x1.8586f183bebf2p-44}, // 76/64
	{0x1.7ab890210ep-3, -0x1.bdb9072534a58p-45}, // 77/64
	{0x1.9525a9cf46p-3, -0x1.297137d9f158fp-44}, // 78/64
	{0x1.af3c94e80cp-3, -0x1.a4e633fcd9066p-52}, // 79/64
	{0x1.c8ff7c79aap-3, -0x1.7794f689f8434p-45}, // 80/64
	{0x1.e27076e2bp-3, -0x1.a342c2af0003cp-44},  // 81/64
	{0x1.fb9186d5e4p-3, -0x1.d572aab993c87p-47}, // 82/64
	{0x1.0a324e2739p-2, 0x1.c6bee7ef4030ep-47},  // 83/64
	{0x1.1675cababap-2, 0x1.8380e731f55c4p-44},  // 84/64
	{0x1.22941fbcf8p-2, -0x1.a6976f5eb0963p-44}, // 85/64
	{0x1.2e8e2bae12p-2, -0x1.67b1e99b72bd8p-45}, // 86/64
	{0x1.3a64c55694p-2, 0x1.7a71cbcd735dp-44},   // 87/64
	{0x1.4618bc21c6p-2, -0x1.3d82f484c84ccp-46}, // 88/64
	{0x1.51aad872ep-2, -0x1.f4bd8db0a7cc1p-44},  // 89/64
	{0x1.5d1bdbf581p-2, -0x1.8d6bdc9c7c238p-44}, // 90/64
	{0x1.686c81e9b1p-2, 0x1.2bb110af84054p-44},  // 91/64
}
