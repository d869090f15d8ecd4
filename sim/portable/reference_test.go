package portable

import (
	"encoding/csv"
	"math"
	"math/big"
	"os"
	"strconv"
	"testing"
)

// functions are all functions by name, with the error that each may have, either in units in the last place or relative.
var functions = map[string]struct {
	f        func(x []float64) float64
	ulps     float64
	relative float64
}{
	"Exp":            {func(x []float64) float64 { return Exp(x[0]) }, 1, 0},
	"Log":            {func(x []float64) float64 { return Log(x[0]) }, 1, 0},
	"Log1p":          {func(x []float64) float64 { return Log1p(x[0]) }, 2, 0},
	"Expm1":          {func(x []float64) float64 { return Expm1(x[0]) }, 3, 0},
	"Logistic":       {func(x []float64) float64 { return Logistic(x[0]) }, 3, 0},
	"Logit":          {func(x []float64) float64 { return Logit(x[0]) }, 3, 0},
	"Pow":            {func(x []float64) float64 { return Pow(x[0], x[1]) }, 1, 0},
	"NormalCDF":      {func(x []float64) float64 { return NormalCDF(x[0]) }, 0, 1e-15},
	"NormalQuantile": {func(x []float64) float64 { return NormalQuantile(x[0]) }, 0, 1e-15},
	"Lgamma":         {func(x []float64) float64 { return Lgamma(x[0]) }, 0, 1e-15},
	"GammaP":         {func(x []float64) float64 { return gammaP(x[0], x[1]) }, 0, 1e-13},
	"GammaQ":         {func(x []float64) float64 { return gammaQ(x[0], x[1]) }, 0, 1e-13},
	"GammaQuantile":  {func(x []float64) float64 { return GammaQuantile(x[0], x[1]) }, 0, 1e-13},
	"BetaInc":        {func(x []float64) float64 { return betaInc(x[0], x[1], x[2]) }, 0, 1e-12},
	"BetaQuantile":   {func(x []float64) float64 { return BetaQuantile(x[0], x[1], x[2]) }, 0, 1e-12},
}

// testdata/reference.csv has a function's name, its arguments and its value at exactly these, computed with 60 digits by
// mpmath 1.3: the elementary functions and the normal distribution by its own, the incomplete gamma and beta functions
// by their power series, and quantiles by Newton's method on those. Shapes are from 0.01 to 1e6.
func TestReference(t *testing.T) {
	file, err := os.Open("testdata/reference.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tested, worst := map[string]int{}, map[string]float64{}
	for _, row := range rows {
		name := row[0]
		var x []float64
		for _, field := range row[1:] {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				t.Fatal(err)
			}
			x = append(x, v)
		}
		want := x[len(x)-1]
		x = x[:len(x)-1]
		got := functions[name].f(x)
		may, unit := functions[name].relative, math.Abs(want)
		if ulps := functions[name].ulps; ulps > 0 {
			may, unit = ulps, math.Nextafter(unit, math.Inf(1))-unit
		}
		off := math.Abs(got-want) / unit
		if !(off <= may) {
			t.Errorf("%s(%v) = %v, want %v: off by %.2g, may be by %.2g", name, x, got, want, off, may)
		}
		tested[name]++
		worst[name] = max(worst[name], off)
	}
	for name := range functions {
		if tested[name] < 50 {
			t.Errorf("%s has %d reference values, want 50 at least", name, tested[name])
		}
		t.Logf("%s: off by at most %.2g at %d points", name, worst[name], tested[name])
	}
}

// The errors of Exp and Log in ulp, against series in 160 bits.
func TestExpAndLogToTheLastDigit(t *testing.T) {
	d := &draws{1}
	worstExp, worstLog := 0.0, 0.0
	for range 4_000 {
		x := 1400*d.next() - 700
		if d.next() < 0.5 {
			x = 4*d.next() - 2
		}
		worstExp = max(worstExp, ulps(Exp(x), bigExp(x)))
		y := math.Ldexp(0.5+d.next(), int(60*d.next())-30)
		if d.next() < 0.5 {
			y = 1 + (d.next()-0.5)*0.1
		}
		worstLog = max(worstLog, ulps(Log(y), bigLog(y)))
	}
	if worstExp > 0.54 || worstLog > 0.85 {
		t.Errorf("off by %.3f ulp (Exp) and %.3f (Log), want at most 0.54 and 0.85", worstExp, worstLog)
	}
	t.Logf("off by at most %.3f ulp (Exp) and %.3f (Log)", worstExp, worstLog)
}

// The tables of Exp and Log are 2^(i/32) and ln(i/64), in two parts.
func TestTables(t *testing.T) {
	check := func(name string, i int, hi, lo float64, want *big.Float) {
		t.Helper()
		rest := number(0).Sub(want, number(hi))
		if got, _ := rest.Float64(); got != lo {
			t.Errorf("%s[%d]: low part %x, want %x", name, i, lo, got)
		}
	}
	for i, e := range exp2By32 {
		want := number(math.Ldexp(1, i)) // the 32nd root of 2^i
		for range 5 {
			want.Sqrt(want)
		}
		if got, _ := want.Float64(); got != e.hi {
			t.Errorf("exp2By32[%d]: high part %x, want %x", i, e.hi, got)
		}
		check("exp2By32", i, e.hi, e.lo, want)
	}
	for i, e := range logBy64 {
		if math.Ldexp(e.hi, 42) != math.Trunc(math.Ldexp(e.hi, 42)) || math.Abs(e.lo) > 0x1p-43 {
			t.Errorf("logBy64[%d]: %x is not the multiple of 2^-42 next to the logarithm", i, e.hi)
		}
		check("logBy64", i, e.hi, e.lo, bigLog(float64(logFirst+i)/64))
	}
	check("ln 2", 0, ln2Hi, ln2Lo, bigLog(2))
	check("ln 2 / 32", 0, ln2By32Hi, ln2By32Lo, number(0).Quo(bigLog(2), number(32)))
}

// The coefficients of Temme's expansion follow from μ(η), the inverse of η²/2 = μ - ln(1+μ), and Stirling's g: NIST Digital
// Library of Mathematical Functions 8.12.10, c[k] = (c[k-1]'/η) + (-1)^k g[k]/μ, and c[0] = 1/μ - 1/η.
func TestTemmeCoefficients(t *testing.T) {
	const terms = 45
	rat := func(a, b int64) *big.Rat { return big.NewRat(a, b) }
	mul := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

	// μ = Σ m[n] η^n, from μ μ' = η (1 + μ).
	m := []*big.Rat{rat(0, 1), rat(1, 1)}
	for n := 2; n <= terms; n++ {
		s := new(big.Rat).Set(m[n-1])
		for j := 2; j < n; j++ {
			s.Sub(s, mul(mul(m[j], rat(int64(n+1-j), 1)), m[n+1-j]))
		}
		m = append(m, mul(s, rat(1, int64(n+1))))
	}
	// 1/μ = Σ inverse[n] η^(n-1).
	inverse := []*big.Rat{rat(1, 1)}
	for n := 1; n < terms; n++ {
		s := new(big.Rat)
		for j := 1; j <= n; j++ {
			s.Sub(s, mul(m[j+1], inverse[n-j]))
		}
		inverse = append(inverse, s)
	}
	// Γ(a) ~ √(2π/a) (a/e)^a Σ g[k] a^-k, from its logarithm, which has only odd powers.
	l := make([]*big.Rat, 12)
	for k, c := range []*big.Rat{rat(1, 12), rat(-1, 360), rat(1, 1260), rat(-1, 1680), rat(1, 1188), rat(-691, 360360)} {
		l[2*k], l[2*k+1] = new(big.Rat), c
	}
	g := []*big.Rat{rat(1, 1)}
	for n := 1; n < len(l); n++ {
		s := new(big.Rat)
		for k := 1; k <= n; k++ {
			s.Add(s, mul(mul(rat(int64(k), int64(n)), l[k]), g[n-k]))
		}
		g = append(g, s)
	}
	c := inverse[1:]
	for k, row := range temme {
		if k > 0 {
			next := make([]*big.Rat, len(c)-2)
			for i := range next {
				next[i] = mul(c[i+2], rat(int64(i+2), 1))
				pole := mul(g[k], inverse[i+1])
				if k%2 == 1 {
					pole.Neg(pole)
				}
				next[i].Add(next[i], pole)
			}
			c = next
		}
		for j, got := range row {
			if want, _ := c[j].Float64(); got != want {
				t.Errorf("temme[%d][%d] = %v, want %v", k, j, got, want)
			}
		}
	}
}

const precision = 160 // bits

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

// ulps is the distance of got from want, in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	off, _ := number(0).Sub(number(got), want).Float64()
	_, exponent := math.Frexp(got)
	return math.Abs(off) / math.Ldexp(1, exponent-53)
}

// bigExp is e^x by its series at x/2^20, squared 20 times.
func bigExp(x float64) *big.Float {
	r := number(math.Ldexp(x, -20))
	sum, term := number(1), number(1)
	for n := 1.0; n < 16; n++ {
		term.Mul(term, r)
		term.Quo(term, number(n))
		sum.Add(sum, term)
	}
	for range 20 {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog is ln(x): with x = 2^k z, k ln 2 and the series of 2 artanh((z-1)/(z+1)).
func bigLog(x float64) *big.Float {
	z, k := math.Frexp(x)
	if z < math.Sqrt2/2 {
		z, k = 2*z, k-1
	}
	sum := artanh(number(z))
	if k != 0 {
		sum.Add(sum, number(0).Mul(number(float64(k)), bigLn2))
	}
	return sum
}

var bigLn2 = artanh(number(2))

func artanh(z *big.Float) *big.Float {
	s := number(0).Quo(number(0).Sub(z, number(1)), number(0).Add(z, number(1)))
	square := number(0).Mul(s, s)
	sum, power := number(0), number(0).Add(s, s)
	for n := 1.0; n < 110; n += 2 {
		sum.Add(sum, number(0).Quo(power, number(n)))
		power.Mul(power, square)
	}
	return sum
}
