package stats

import (
	"math"
	"slices"
)

// A Running is what [Sample.Mean] needs of a sample, in memory that does not grow with it: exact moments, and as much of
// both tails as is fitted. The zero value is empty.
type Running struct {
	Moments
	largest, turned extremes // of the values, and of them turned about 0
}

// Add adds one value, which must not be NaN.
func (r *Running) Add(x float64) {
	r.Moments.Add(x)
	r.largest.add(x + 0)
	r.turned.add(-x + 0)
}

// Mean is [Sample.Mean].
func (r *Running) Mean(level float64) Estimate {
	checkLevel("Mean", level)
	if r.N() == 0 {
		return nothing(level, "t interval")
	}
	e := tInterval(&r.Moments, level)
	k := min(r.N(), fitted(r.N())+1)
	largest, turned := r.largest.most(k), r.turned.most(k)
	if math.IsInf(largest[k-1], 0) || math.IsInf(turned[k-1], 0) {
		e.Warnings = append(e.Warnings, WarnInfinite)
	} else if heavyTails(r.N(), largest, turned) {
		e.Warnings = append(e.Warnings, WarnHeavyTail)
	}
	return e
}

// extremes is the largest values of those that were added, and some more.
type extremes struct {
	x   []float64
	cut bool // x[0] is the least that may matter
}

func (e *extremes) add(x float64) {
	const enough = mostFitted + 1
	if e.cut && x <= e.x[0] {
		return
	}
	if e.x = append(e.x, x); len(e.x) == 2*enough {
		slices.Sort(e.x)
		e.x, e.cut = append(e.x[:0], e.x[len(e.x)-enough:]...), true
	}
}

// most is the k largest, ascending.
func (e *extremes) most(k int) []float64 {
	slices.Sort(e.x)
	return e.x[len(e.x)-k:]
}

// A Paired is what [PairedMean] needs of its pairs, in memory that does not grow with them. The zero value is empty.
type Paired struct {
	left, right Moments
	both        Running // differences
	cross       Sum
}

// Add adds a pair.
func (p *Paired) Add(a, b float64) {
	p.left.Add(a)
	p.right.Add(b)
	p.both.Add(a - b)
	p.cross.AddProduct(a, b)
}

// Difference is [PairedMean].
func (p *Paired) Difference(level float64) Difference {
	n := p.both.N()
	e := p.both.Mean(level)
	e.Method = "paired t"
	r := Difference{
		Estimate:    e,
		Test:        Test{Statistic: math.NaN(), DF: float64(n - 1), P: math.NaN(), N: n, Method: "paired t"},
		Correlation: math.NaN(), VarianceReduction: math.NaN(),
	}
	if n < 2 {
		return r
	}
	va, vb, vd := p.left.Variance(), p.right.Variance(), p.both.Variance()
	r.VarianceReduction = (va + vb) / vd
	if _, special := p.cross.special(); !special && va > 0 && vb > 0 {
		covariance := dispersion(n, p.cross.integer(), p.left.sum.integer(), p.right.sum.integer())
		r.Correlation = covariance / math.Sqrt(va) / math.Sqrt(vb)
	}
	r.Test.Statistic = e.Value / math.Sqrt(vd/float64(n))
	r.Test.P = StudentP(r.Test.Statistic, r.Test.DF)
	return r
}
