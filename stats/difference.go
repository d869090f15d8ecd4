package stats

import (
	"math"
	"slices"
)

// PairedMean estimates the mean of a[i]-b[i], two policies under the same luck, with Student's t on
// the differences.
func PairedMean(a, b []float64, level float64) Difference {
	checkLevel("PairedMean", level)
	checkPaired("PairedMean", len(a), len(b))
	var p Paired
	for i := range a {
		p.Add(a[i], b[i])
	}
	return p.Difference(level)
}

// Welch estimates the difference of the means of two independent samples, their variances unequal
// (Welch, Biometrika 34, 1947).
func Welch(a, b []float64, level float64) Difference {
	checkLevel("Welch", level)
	sa, sb := NewSample(a), NewSample(b)
	ma, mb := sa.Moments(), sb.Moments()
	na, nb := float64(ma.N()), float64(mb.N())
	va, vb := ma.Variance()/na, mb.Variance()/nb
	se := math.Sqrt(va + vb)
	r := Difference{
		Estimate: Estimate{
			Value: ma.Mean() - mb.Mean(), Low: math.Inf(-1), High: math.Inf(1),
			Level: level, N: ma.N() + mb.N(), Method: "Welch t",
		},
		Correlation: math.NaN(), VarianceReduction: 1,
	}
	r.Test = Test{Statistic: r.Value / se, DF: math.NaN(), P: math.NaN(), N: r.N, Method: "Welch t"}
	switch {
	case ma.N() == 0 || mb.N() == 0:
		r.Estimate = nothing(level, "Welch t")
		return r
	case ma.N() < 30 || mb.N() < 30:
		r.Warnings = append(r.Warnings, WarnFewRuns)
	}
	if se > 0 {
		r.Test.DF = (va + vb) * (va + vb) / (va*va/(na-1) + vb*vb/(nb-1))
		r.Test.P = StudentP(r.Test.Statistic, r.Test.DF)
		half := student(level, r.Test.DF) * se
		r.Low, r.High = r.Value-half, r.Value+half
	} else if se == 0 {
		r.Low, r.High = r.Value, r.Value
		r.Warnings = append(r.Warnings, WarnNoSpread)
	}
	if sa.heavyTailed() || sb.heavyTailed() {
		r.Warnings = append(r.Warnings, WarnHeavyTail)
	}
	return r
}

// Newcombe estimates p1-p2, the difference of two shares from independent runs, by the hybrid of
// their Wilson intervals (Newcombe, Statistics in Medicine 17, 1998, method 10 of the first paper).
func Newcombe(k1, n1, k2, n2 int, level float64) Estimate {
	a, b := Share(k1, n1, level), Share(k2, n2, level)
	if n1 == 0 || n2 == 0 {
		return nothing(level, "Newcombe hybrid")
	}
	d := a.Value - b.Value
	e := Estimate{
		Value: d, Low: d - math.Hypot(a.Value-a.Low, b.High-b.Value), High: d + math.Hypot(a.High-a.Value, b.Value-b.Low),
		Level: level, N: n1 + n2, Method: "Newcombe hybrid",
	}
	if min(n1, n2) < 30 {
		e.Warnings = append(e.Warnings, WarnFewRuns)
	}
	return e
}

// MiettinenNurminen estimates p1-p2 from independent runs by inverting the score test with the
// variance at the constrained maximum, times N/(N-1) (Miettinen and Nurminen, Statistics in Medicine
// 4, 1985). It is slower than [Newcombe] and a check on it.
func MiettinenNurminen(k1, n1, k2, n2 int, level float64) Estimate {
	const method = "Miettinen-Nurminen"
	checkLevel(method, level)
	checkCount(method, k1, n1)
	checkCount(method, k2, n2)
	if n1 == 0 || n2 == 0 {
		return nothing(level, method)
	}
	e := Estimate{
		Value: float64(k1)/float64(n1) - float64(k2)/float64(n2),
		Level: level, N: n1 + n2, Method: method,
	}
	z := normal(level)
	e.Low = scoreLimit(k1, n1, k2, n2, z)
	e.High = -scoreLimit(k2, n2, k1, n1, z)
	if min(n1, n2) < 30 {
		e.Warnings = append(e.Warnings, WarnFewRuns)
	}
	if min(k1, n1-k1, k2, n2-k2) < smallCount {
		e.Warnings = append(e.Warnings, WarnSmallScore)
	}
	return e
}

// scoreLimit is the lower limit of p1-p2: the smallest difference that the score test at z accepts.
func scoreLimit(k1, n1, k2, n2 int, z float64) float64 {
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	observed := p1 - p2
	if observed <= -1 {
		return -1
	}
	m1, m2 := float64(n1), float64(n2)
	inflate := (m1 + m2) / (m1 + m2 - 1)
	excess := func(d float64) float64 {
		q := constrainedShare(k1, n1, k2, n2, d)
		v := (q+d)*(1-q-d)/m1 + q*(1-q)/m2
		return observed - d - z*math.Sqrt(max(0, inflate*v))
	}
	top := observed
	if excess(top) == 0 { // no variance at the observed difference: the root there is not the limit
		top -= 1e-10
	}
	return root(excess, -1, top)
}

// constrainedShare is the maximum-likelihood p2 given p1 = p2+d. The score falls strictly between its
// poles, so its one root there is the maximum; without a root the maximum is at the pole's edge.
func constrainedShare(k1, n1, k2, n2 int, d float64) float64 {
	term := func(k int, p float64) float64 {
		if k == 0 {
			return 0
		}
		return float64(k) / max(0, p) // at a pole, rounding may put p below 0
	}
	score := func(p float64) float64 {
		return term(k1, p+d) - term(n1-k1, 1-p-d) + term(k2, p) - term(n2-k2, 1-p)
	}
	low, high := max(0, -d), min(1, 1-d)
	if !(score(low) > 0) {
		return low
	}
	if !(score(high) < 0) {
		return high
	}
	return bisect(score, low, high)
}

// FisherExact tests whether two shares from independent runs are equal, given the margins; a table no
// likelier than the one observed counts against (Fisher 1935; R's fisher.test).
func FisherExact(k1, n1, k2, n2 int) Test {
	const method = "Fisher exact"
	checkCount(method, k1, n1)
	checkCount(method, k2, n2)
	t := Test{Statistic: math.NaN(), DF: math.NaN(), N: n1 + n2, Method: method}
	k := k1 + k2
	least, most := max(0, k-n2), min(k, n1)
	mode := min(most, max(least, int(float64(k+1)*float64(n1+1)/float64(n1+n2+2))))
	// up is P(x+1)/P(x) of the hypergeometric law; weights are relative to the mode, so none overflows.
	up := func(x int) float64 {
		return float64(k-x) * float64(n1-x) / (float64(x+1) * float64(n2-k+x+1))
	}
	weight := make([]float64, most-least+1)
	weight[mode-least] = 1
	for x := mode; x < most; x++ {
		weight[x+1-least] = weight[x-least] * up(x)
	}
	for x := mode; x > least; x-- {
		weight[x-1-least] = weight[x-least] / up(x-1)
	}
	all, against := 0.0, 0.0
	for _, w := range weight {
		all += w
		if w <= weight[k1-least]*(1+1e-7) {
			against += w
		}
	}
	t.P = min(1, against/all)
	return t
}

// Pairs counts the pairs in which an event happened under both policies, under one, or under neither.
type Pairs struct{ Both, OnlyA, OnlyB, Neither int }

// Add counts one pair: whether it happened under A, and whether under B.
func (p *Pairs) Add(a, b bool) {
	switch {
	case a && b:
		p.Both++
	case a:
		p.OnlyA++
	case b:
		p.OnlyB++
	default:
		p.Neither++
	}
}

// N is the number of pairs.
func (p Pairs) N() int { return p.Both + p.OnlyA + p.OnlyB + p.Neither }

// VarianceReduction is (Var A + Var B) / Var(A-B): the runs that the common luck saves. It is NaN
// where the pairs never differ.
func (p Pairs) VarianceReduction() float64 {
	n := float64(p.N())
	a, b := float64(p.Both+p.OnlyA)/n, float64(p.Both+p.OnlyB)/n
	return (a*(1-a) + b*(1-b)) / (float64(p.OnlyA+p.OnlyB)/n - (a-b)*(a-b))
}

// PairedShare estimates the difference of the shares of A and B from pairs, by the hybrid of their
// Wilson intervals with the correlation of the pairs, corrected for continuity (Newcombe, Statistics
// in Medicine 17, 1998, method 10 of the third paper).
func PairedShare(p Pairs, level float64) Estimate {
	const method = "Newcombe paired"
	n := p.N()
	a, b := Share(p.Both+p.OnlyA, n, level), Share(p.Both+p.OnlyB, n, level)
	if n == 0 {
		return nothing(level, method)
	}
	phi := p.correlation()
	d := a.Value - b.Value
	span := func(x, y float64) float64 { return math.Sqrt(max(0, x*x-2*phi*x*y+y*y)) }
	e := Estimate{
		Value: d, Low: d - span(a.Value-a.Low, b.High-b.Value), High: d + span(a.High-a.Value, b.Value-b.Low),
		Level: level, N: n, Method: method,
	}
	if n < 30 {
		e.Warnings = append(e.Warnings, WarnFewRuns)
	}
	if p.OnlyA+p.OnlyB == 0 {
		e.Warnings = append(e.Warnings, WarnNoneDiffer)
	}
	return e
}

// correlation is phi, its numerator moved towards 0 by n/2 where that is positive.
func (p Pairs) correlation() float64 {
	a, b, c, d := float64(p.Both), float64(p.OnlyA), float64(p.OnlyB), float64(p.Neither)
	scale := math.Sqrt((a+b)*(c+d)) * math.Sqrt((a+c)*(b+d))
	if scale == 0 {
		return 0
	}
	cross := a*d - b*c
	if cross > 0 {
		cross = max(0, cross-(a+b+c+d)/2)
	}
	return cross / scale
}

// McNemar tests whether an event is as likely under A as under B, from the pairs that differ: exactly,
// against Binomial(OnlyA+OnlyB, 1/2), the tail doubled.
func McNemar(p Pairs) Test {
	differ := p.OnlyA + p.OnlyB
	return Test{
		Statistic: float64(p.OnlyA), DF: math.NaN(), N: p.N(), Method: "McNemar exact",
		P: min(1, 2*binomialCDF(min(p.OnlyA, p.OnlyB), differ, 0.5)),
	}
}

// Less is w-v of independent means, and the two-sided P value of no difference (Welch, Biometrika 34, 1947).
func (w TwoWay) Less(v TwoWay) (Estimate, float64) {
	e := Estimate{
		Value: w.Value - v.Value, Low: math.Inf(-1), High: math.Inf(1), Level: w.Level, N: w.N + v.N,
		Method: "Welch " + w.Method, Warnings: slices.Clone(w.Warnings),
	}
	if v.Method != w.Method {
		e.Method = "Welch " + w.Method + ", and " + v.Method
	}
	for _, warning := range v.Warnings {
		if !slices.Contains(e.Warnings, warning) {
			e.Warnings = append(e.Warnings, warning)
		}
	}
	d := TwoWay{Estimate: e, SE: math.Hypot(w.SE, v.SE), DF: math.NaN()}
	switch a, b := w.SE*w.SE, v.SE*v.SE; {
	case math.IsNaN(e.Value):
		e.Low, e.High = e.Value, e.Value
	case a+b == 0:
		e.Low, e.High = e.Value, e.Value
	case a+b > 0:
		share := func(variance, df float64) float64 { // a part without variance brings no degrees of freedom
			if variance == 0 {
				return 0
			}
			return variance * variance / df
		}
		d.DF = (a + b) * (a + b) / (share(a, w.DF) + share(b, v.DF))
		half := student(e.Level, d.DF) * d.SE
		e.Low, e.High = e.Value-half, e.Value+half
	}
	return e, d.p(LeastP(w.units, v.units))
}

// LessShare is [TwoWay.Less] of shares. Where both are 0 or 1, which leaves no spread, each has the limit of a zero or a full
// count of what is independent, joined by squares as in [Newcombe].
func (w TwoWay) LessShare(v TwoWay) (Estimate, float64) {
	e, p := w.Less(v)
	if w.sure() && v.sure() {
		of, from := w.limit(), v.limit()
		// What is 1 can be less, and what is 0 more.
		e.Low, e.High = e.Value-math.Hypot(of*w.Value, from*(1-v.Value)), e.Value+math.Hypot(of*(1-w.Value), from*v.Value)
		e.zeroClusters(WarnZeroClusters)
	}
	return e.Within(-1, 1), p
}

// PairedShare takes w, of which every cell is a difference of shares, for that: its interval is from -1 to 1, and where no
// pair differs, or all do alike, its limits are those of a zero count of what is independent.
func (w TwoWay) PairedShare() Estimate {
	e := w.Estimate
	switch {
	case w.SE == 0 && w.Value == 0:
		e.Low, e.High = -w.limit(), w.limit()
		e.zeroClusters(WarnNoneDiffer, WarnZeroClusters)
	case w.SE == 0 && math.Abs(w.Value) == 1:
		e.Low, e.High = max(-1, w.Value-w.limit()), min(1, w.Value+w.limit())
		e.zeroClusters(WarnZeroClusters)
	}
	return e.Within(-1, 1)
}

// sure says whether a share is 0 or 1 in all that was seen.
func (w TwoWay) sure() bool { return w.SE == 0 && (w.Value == 0 || w.Value == 1) }

func (w TwoWay) limit() float64 { return ZeroCount(w.units, w.Level).High }

// zeroClusters says that limits are of a zero count, and not without width.
func (e *Estimate) zeroClusters(warnings ...string) {
	e.Method += ", zero count"
	e.Warnings = slices.DeleteFunc(slices.Clone(e.Warnings), func(w string) bool { return w == WarnNoSpread })
	e.Warnings = append(e.Warnings, warnings...)
}
