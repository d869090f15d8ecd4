package stats

import (
	"math"
	"math/big"
	"math/bits"
)

// A Sum is an exact total of float64 values: the same bits whatever the order and however the values
// were split over sums that were merged. It is a fixed-point number wide enough for every float64,
// as 32-bit digits in 64-bit words, so that carries wait (Neal, arXiv:1505.05571, 2015). The zero
// value is an empty sum. It is plain data of about 560 bytes.
type Sum struct {
	digit            [sumDigits]int64 // least first, in units of 2^-1074; settled when in [0, 2^32), the last one signed
	unsettled        int              // values added since the last settling
	nan, plus, minus bool             // whether a NaN, +Inf, -Inf was added
}

const (
	sumDigits   = 69      // 2098 bits of float64, and 2^63 values and more of them
	sumUnit     = -1074   // binary exponent of the smallest float64
	sumPatience = 1 << 30 // additions of less than 2^32 that an int64 digit can take
)

// Add adds x. An infinity or NaN is remembered and decides the result.
func (s *Sum) Add(x float64) {
	b := math.Float64bits(x)
	exponent, mantissa := b>>52&0x7ff, b&(1<<52-1)
	switch exponent {
	case 0x7ff:
		s.addSpecial(x)
		return
	case 0:
		exponent = 1
	default:
		mantissa |= 1 << 52
	}
	i, shift := (exponent-1)/32, (exponent-1)%32
	high, low := bits.Mul64(mantissa, 1<<shift)
	d := s.digit[i : i+3 : i+3]
	if b>>63 == 0 {
		d[0] += int64(low & 0xffffffff)
		d[1] += int64(low >> 32)
		d[2] += int64(high)
	} else {
		d[0] -= int64(low & 0xffffffff)
		d[1] -= int64(low >> 32)
		d[2] -= int64(high)
	}
	if s.unsettled++; s.unsettled >= sumPatience {
		s.settle()
	}
}

func (s *Sum) addSpecial(x float64) {
	switch {
	case x > 0:
		s.plus = true
	case x < 0:
		s.minus = true
	default:
		s.nan = true
	}
}

// AddProduct adds x*y exactly, as long as the product is 0 or between 1e-290 and 1e308 in size; beyond,
// its rounding to a float64 (of less than 1e-307, or to an infinity) is added.
func (s *Sum) AddProduct(x, y float64) {
	p := x * y
	s.Add(p)
	if math.Abs(p) <= math.MaxFloat64 {
		s.Add(math.FMA(x, y, -p))
	}
}

// Merge adds what o holds. Merging is integer addition: any order and any grouping gives the same sum.
func (s *Sum) Merge(o *Sum) {
	other := *o
	s.settle()
	other.settle()
	for i := range s.digit {
		s.digit[i] += other.digit[i]
	}
	s.nan, s.plus, s.minus = s.nan || o.nan, s.plus || o.plus, s.minus || o.minus
	s.settle()
}

// settle carries, after which equal sums have equal digits.
func (s *Sum) settle() {
	for i := range sumDigits - 1 {
		carry := s.digit[i] >> 32
		s.digit[i] -= carry << 32
		s.digit[i+1] += carry
	}
	s.unsettled = 0
}

// Float64 is the total, rounded once, to the nearest float64.
func (s *Sum) Float64() float64 {
	if special, ok := s.special(); ok {
		return special
	}
	return toFloat(s.integer(), sumUnit)
}

func (s *Sum) special() (float64, bool) {
	switch {
	case s.nan || s.plus && s.minus:
		return math.NaN(), true
	case s.plus:
		return math.Inf(1), true
	case s.minus:
		return math.Inf(-1), true
	}
	return 0, false
}

// integer is the total in units of 2^sumUnit.
func (s *Sum) integer() *big.Int {
	settled := *s
	settled.settle()
	negative := settled.digit[sumDigits-1] < 0
	if negative {
		for i := range settled.digit {
			settled.digit[i] = -settled.digit[i]
		}
		settled.settle()
	}
	var text [4 * sumDigits]byte
	for i, d := range settled.digit {
		j := len(text) - 4*i
		text[j-1], text[j-2], text[j-3], text[j-4] = byte(d), byte(d>>8), byte(d>>16), byte(d>>24)
	}
	v := new(big.Int).SetBytes(text[:])
	if negative {
		v.Neg(v)
	}
	return v
}

// toFloat is v * 2^exponent, rounded to the nearest float64.
func toFloat(v *big.Int, exponent int) float64 {
	f := new(big.Float).SetInt(v) // keeps every bit
	x, _ := f.SetMantExp(f, exponent).Float64()
	return x
}

// ratio is a/b * 2^exponent, to a relative 2^-128 and then to the nearest float64.
func ratio(a, b *big.Int, exponent int) float64 {
	f := new(big.Float).SetPrec(128).Quo(new(big.Float).SetInt(a), new(big.Float).SetInt(b))
	x, _ := f.SetMantExp(f, exponent).Float64()
	return x
}

// Moments gathers the exact sums that a mean and a variance need. The zero value is empty; Merge is
// integer addition, as in [Sum].
type Moments struct {
	n            int
	sum, squares Sum
}

// Add adds one value.
func (m *Moments) Add(x float64) {
	m.n++
	m.sum.Add(x)
	m.squares.AddProduct(x, x)
}

// addTimes adds a small whole number so many times.
func (m *Moments) addTimes(x, times int) {
	m.n += times
	m.sum.AddProduct(float64(x), float64(times))
	m.squares.AddProduct(float64(x*x), float64(times))
}

// Merge adds what o holds.
func (m *Moments) Merge(o *Moments) {
	m.n += o.n
	m.sum.Merge(&o.sum)
	m.squares.Merge(&o.squares)
}

// N is the number of values.
func (m *Moments) N() int { return m.n }

// Mean is NaN when there is nothing, and NaN or infinite when an infinity was added.
func (m *Moments) Mean() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	if special, ok := m.sum.special(); ok {
		return special
	}
	return ratio(m.sum.integer(), big.NewInt(int64(m.n)), sumUnit)
}

// Variance is the unbiased sample variance, computed exactly and rounded once: NaN below two values or
// where an infinity was added.
func (m *Moments) Variance() float64 {
	_, unsummed := m.sum.special()
	_, overflow := m.squares.special()
	switch {
	case m.n < 2 || unsummed:
		return math.NaN()
	case overflow:
		return math.Inf(1)
	}
	return dispersion(m.n, m.squares.integer(), m.sum.integer(), m.sum.integer())
}

// dispersion is (sum xy - sum x sum y / n) / (n-1), exact and rounded once; arguments in units of
// 2^sumUnit.
func dispersion(n int, xy, x, y *big.Int) float64 {
	count := big.NewInt(int64(n))
	d := new(big.Int).Lsh(xy, -sumUnit)
	d.Mul(d, count)
	d.Sub(d, x.Mul(x, y))
	return ratio(d, count.Mul(count, big.NewInt(int64(n-1))), 2*sumUnit)
}
