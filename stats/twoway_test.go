package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A twoLevel is a model of which the truth is known: a normal value, or the share of those above 0, of
// what the future, the luck that futures share, and the rest add to the mean.
type twoLevel struct {
	mean, between, luck, rest float64 // standard deviations but for the mean
	rows, columns             int
	share, own                bool
}

func (m twoLevel) truth() float64 {
	if m.share {
		return normalCDF(m.mean / math.Sqrt(m.between*m.between+m.luck*m.luck+m.rest*m.rest))
	}
	return m.mean
}

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func (m twoLevel) draw(r *rand.Rand) *Grid {
	g := NewGrid(m.rows, m.columns, m.own)
	luck := make([]float64, m.columns)
	for i := range luck {
		luck[i] = m.luck * r.NormFloat64()
	}
	for row := range m.rows {
		a := m.mean + m.between*r.NormFloat64()
		for column := range m.columns {
			b := luck[column]
			if m.own {
				b = m.luck * r.NormFloat64()
			}
			x := a + b + m.rest*r.NormFloat64()
			if m.share {
				x = 0.5 + math.Copysign(0.5, x)
			}
			g.Add(row, column, x)
		}
	}
	return g
}

// The interval of the mean covers the truth as often as it says, whatever the uncertainty is made of.
// One that takes all runs for independent does not, and one that only knows futures does not where they
// share luck.
func TestTwoWayCoverage(t *testing.T) {
	n := 600
	if *fullCoverage {
		n = 6000
	}
	for _, c := range []struct {
		name  string
		model twoLevel
		naive bool // fails
	}{
		{"inputs and luck", twoLevel{mean: 2, between: 1, luck: 1, rest: 2, rows: 40, columns: 40}, true},
		{"luck for the most part", twoLevel{mean: 2, between: .3, luck: 1, rest: 1, rows: 100, columns: 15}, true},
		{"few futures", twoLevel{mean: 2, between: 1, luck: .2, rest: 1, rows: 12, columns: 30}, true},
		{"neither", twoLevel{mean: 2, rest: 1, rows: 30, columns: 20}, false},
		{"luck of its own", twoLevel{mean: 2, between: 1, luck: 1, rest: 1, rows: 30, columns: 10, own: true}, true},
		{"one future", twoLevel{mean: 2, luck: 1, rest: 1, rows: 1, columns: 30}, false},
		{"a share", twoLevel{mean: .5, between: .6, luck: .5, rest: 1, rows: 40, columns: 25, share: true}, true},
		{"a rare share", twoLevel{mean: -2.2, between: .5, luck: .3, rest: 1, rows: 60, columns: 20, share: true}, true},
		{"a share, luck of its own", twoLevel{mean: 0, between: .6, luck: .5, rest: 1, rows: 40, columns: 25, share: true, own: true}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			covered, naive, apart, truth := 0, 0, 0, c.model.truth()
			for range n {
				g := c.model.draw(r)
				e, alone := g.Mean(.95), NewSample(g.Sum).Mean(.95)
				if c.model.share {
					e = g.Share(.95)
				}
				if e.Low <= truth && truth <= e.High {
					covered++
				}
				if alone.Low <= truth && truth <= alone.High {
					naive++
				}
				g.Own = true // which it is not
				if f := g.Mean(.95); f.Low <= truth && truth <= f.High {
					apart++
				}
			}
			t.Logf("covers %.3f, taken for independent %.3f", float64(covered)/float64(n), float64(naive)/float64(n))
			slack := 4 * math.Sqrt(.95*.05/float64(n))
			if got := float64(covered) / float64(n); got < .945-slack || got > .99 {
				t.Errorf("the interval covers in %.3f of %d studies, want about .95", got, n)
			}
			if got := float64(apart) / float64(n); c.model.luck >= 1 && c.model.rows > 1 && !c.model.own && got > .9 {
				t.Errorf("the interval that only knows futures covers in %.3f: the model does not test shared luck", got)
			}
			if got := float64(naive) / float64(n); c.naive && got > .85 {
				t.Errorf("the interval of independent runs covers in %.3f: the model does not test the clustering", got)
			}
		})
	}
}

// What inputs do is told from what luck does: variance and range of the true values.
func TestSpreadRecovers(t *testing.T) {
	n := 200
	if *fullCoverage {
		n = 2000
	}
	for _, c := range []twoLevel{
		{mean: 2, between: 1, luck: 1, rest: 3, rows: 100, columns: 10},
		{mean: 2, between: 1, luck: 2, rest: 1, rows: 100, columns: 4},
		{mean: 2, between: 1, luck: 1, rest: 2, rows: 100, columns: 10, own: true},
		{mean: 2, between: 0, luck: 1, rest: 1, rows: 100, columns: 10},
		{mean: .5, between: .6, luck: .3, rest: 1, rows: 100, columns: 25, share: true},
	} {
		r := rand.New(rand.NewPCG(3, 4))
		var between, low, high, naive Moments
		none := 0
		for range n {
			g := c.draw(r)
			s := g.Spread()
			between.Add(s.Between)
			low.Add(s.Quantile(.05))
			high.Add(s.Quantile(.95))
			if slices.Contains(s.Warnings, WarnNoInputs) {
				none++
			}
			var raw []float64
			for row := range g.Rows {
				raw = append(raw, NewSample(g.Sum[row*g.Columns:][:g.Columns]).Moments().Mean())
			}
			naive.Add(NewSample(raw).Moments().Variance())
		}
		t.Logf("%+v: between %.3f (naive %.3f), %.2f to %.2f, none in %d", c, between.Mean(), naive.Mean(), low.Mean(), high.Mean(), none)
		near := func(what string, m *Moments, want, slack float64) {
			if got := m.Mean(); math.Abs(got-want) > slack+4*math.Sqrt(m.Variance()/float64(n)) {
				t.Errorf("%+v: %s is %.3f on average, want %.3f", c, what, got, want)
			}
		}
		if c.between == 0 {
			if none < n/3 {
				t.Errorf("%+v: only %d of %d say that inputs do nothing", c, none, n)
			}
			continue
		}
		at := func(z float64) float64 { // the true value at a future that stands at z
			x := c.mean + c.between*z
			if c.share {
				return normalCDF(x / math.Hypot(c.luck, c.rest))
			}
			return x
		}
		variance, sum := 0.0, 0.0
		for z := -6.; z <= 6; z += .01 {
			density := math.Exp(-z*z/2) * .01 / math.Sqrt(2*math.Pi)
			sum += density * at(z)
			variance += density * at(z) * at(z)
		}
		variance -= sum * sum
		near("the variance between", &between, variance, .02*variance)
		near("the 5% point", &low, at(-1.645), .05*math.Sqrt(variance))
		near("the 95% point", &high, at(1.645), .05*math.Sqrt(variance))
	}
}

// The median's range is told from the halves.
func TestSplitSpreadRecovers(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var between, low Moments
	for range 100 {
		m := twoLevel{mean: 2, between: 1, luck: 1, rest: 2, rows: 150, columns: 12}
		g := m.draw(r)
		var part [3][]float64
		var weight []float64
		for row := range g.Rows {
			var x [3][]float64
			for column, v := range g.Sum[row*g.Columns:][:g.Columns] {
				x[0] = append(x[0], v)
				x[1+column%2] = append(x[1+column%2], v)
			}
			for i := range part {
				part[i] = append(part[i], NewSample(x[i]).Quantile(.5, MedianUnbiased))
			}
			weight = append(weight, float64(g.Columns))
		}
		s := SplitSpread(part[0], part[1], part[2], weight)
		between.Add(s.Between)
		low.Add(s.Quantile(.05))
	}
	if got := between.Mean(); math.Abs(got-1) > .08 {
		t.Errorf("the variance between is %.3f on average, want 1", got)
	}
	if got := low.Mean(); math.Abs(got-(2-1.645)) > .1 {
		t.Errorf("the 5%% point is %.3f on average, want %.3f", got, 2-1.645)
	}
}

// A table of which every number can be worked out by hand.
func TestTwoWayByHand(t *testing.T) {
	g := NewGrid(3, 2, false)
	for i, x := range []float64{1, 3, 4, 8, 10, 10} {
		g.Add(i/2, i%2, x)
	}
	// Row means 2, 6, 10, column means 5, 7, mean 6. Sums of squares: rows 2·32 = 64, columns 3·2 = 6, total 25+9+4+4+16+16 = 74, rest 4.
	w := g.Mean(.95)
	a, b, e := 64./2, 6./1, 4./2
	if want := math.Sqrt((a + b - e) / 6); math.Abs(w.SE-want) > 1e-12 || w.Value != 6 || w.N != 6 {
		t.Errorf("got %v ± %v of %d, want 6 ± %v of 6", w.Value, w.SE, w.N, want)
	}
	if want := 36. * 36 / (a*a/2 + b*b + e*e/2); math.Abs(w.DF-want) > 1e-12 {
		t.Errorf("got %v degrees of freedom, want %v", w.DF, want)
	}
	if math.Abs(w.Between-15) > 1e-12 || math.Abs(w.Luck-4./3) > 1e-12 || math.Abs(w.Rest-2) > 1e-12 {
		t.Errorf("components %v, %v, %v, want 15, 4/3, 2", w.Between, w.Luck, w.Rest)
	}
	f, l, rest := w.Parts()
	if math.Abs(f-5./6) > 1e-12 || math.Abs(l-1./9) > 1e-12 || math.Abs(rest-1./18) > 1e-12 {
		t.Errorf("parts %v, %v, %v, want 5/6, 1/9, 1/18", f, l, rest)
	}
	if got, want := w.HalfWidthAt(4, 1)/w.HalfWidth(), math.Sqrt((5./4+2./3+1./12)/6); math.Abs(got-want) > 1e-12 {
		t.Errorf("four times the futures leave %v of the width, want %v", got, want)
	}
	s := g.Spread()
	if math.Abs(s.Between-15) > 1e-12 || math.Abs(s.Noise-1) > 1e-12 || s.Mean != 6 {
		t.Errorf("spread %+v, want 15 about 6 with noise 1", s)
	}
	// sqrt(15/16) of the way from the mean; three values stand at 1/6, 1/2 and 5/6.
	if want := 6 - 4*math.Sqrt(15./16); math.Abs(s.Quantile(.1)-want) > 1e-12 || math.Abs(s.Quantile(1./3)-(want+6)/2) > 1e-12 {
		t.Errorf("the lowest is %v, a third of the way %v, want %v and %v", s.Quantile(.1), s.Quantile(1./3), want, (want+6)/2)
	}
	if slices.Contains(s.Warnings, WarnNoInputs) || !slices.Contains(s.Warnings, WarnFewFutures) {
		t.Errorf("warnings %q", s.Warnings)
	}
}

// Cochran's rule, and what luck in common makes of it.
func TestBest(t *testing.T) {
	own := TwoWay{Between: 4, Rest: 100, Rows: 50, Columns: 10}
	if r, c := own.Best(9); c != 15 || r != 40 {
		t.Errorf("%d futures of %d, want 40 (950/24) of 15 (the root of 9·100/4)", r, c)
	}
	crossed := TwoWay{Between: 4, Luck: 1, Rest: 10, Rows: 40, Columns: 10}
	if r, c := crossed.Best(0); c != 10 || r != 40 {
		t.Errorf("%d futures of %d, want 40 of 10 (the root of 400·1/4)", r, c)
	}
}

// Where nothing or everything happened the limit counts the independent units, not the runs.
func TestTwoWayExtremes(t *testing.T) {
	g := NewGrid(20, 50, false)
	for i := range g.N {
		g.N[i] = 1
	}
	if got, want := g.Share(.95).High, ZeroCount(20, .95).High; got != want {
		t.Errorf("zero of 20 futures has the limit %v, want %v", got, want)
	}
	copy(g.Sum, g.N)
	if got, want := g.Share(.95).Low, Share(20, 20, .95).Low; got != want {
		t.Errorf("all of 20 futures has the limit %v, want %v", got, want)
	}
	if e := NewGrid(3, 3, false).Share(.95); e.N != 0 || !math.IsNaN(e.Value) || !slices.Contains(e.Warnings, WarnNoRuns) {
		t.Errorf("nothing is %+v", e)
	}
	lone := NewGrid(5, 4, false) // the condition came about at one future
	for i := range 4 {
		lone.Add(2, i, float64(i%2))
	}
	if e := lone.Share(.95); e.Low != 0 || e.High != 1 || e.Value != .5 {
		t.Errorf("of one future of five a share is %v [%v, %v], want .5 and no limits", e.Value, e.Low, e.High)
	}
	if e := lone.Mean(.95); !math.IsInf(e.Low, -1) || !math.IsInf(e.High, 1) {
		t.Errorf("of one future of five a mean has the limits %v and %v", e.Low, e.High)
	}
	one := NewGrid(30, 1, false)
	for i := range 30 {
		one.Add(i, 0, float64(i%2))
	}
	if w := one.Share(.95); !slices.Contains(w.Warnings, WarnOneLuck) {
		t.Errorf("one replication is told as %q", w.Warnings)
	}
	if s := one.Spread(); !slices.Contains(s.Warnings, WarnNotTold) || !math.IsNaN(s.Quantile(.5)) {
		t.Errorf("one replication is spread as %+v", s)
	}
}

// Runs that count by luck make a ratio; its pieces still cover.
func TestTwoWayRatioCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	covered, n := 0, 600
	for range n {
		g := NewGrid(60, 12, false)
		for row := range g.Rows {
			p := r.Float64() // the odds that a run counts, and the share of those: 2/3 in the ratio
			for column := range g.Columns {
				if r.Float64() < p {
					x := 0.0
					if r.Float64() < p {
						x = 1
					}
					g.Add(row, column, x)
				}
			}
		}
		if e := g.Share(.95); e.Low <= 2./3 && 2./3 <= e.High {
			covered++
		}
	}
	if got := float64(covered) / float64(n); got < .92 || got > .98 {
		t.Errorf("covers in %.3f of %d studies, want about .95", got, n)
	}
}

func TestPseudoIncidence(t *testing.T) {
	x := Times{T: []float64{2, 3, 5, 7, 9}, Cause: []int{1, 2, 1, 0, 1}}
	if got, want := fmt.Sprintf("%.9f", PseudoIncidence(x, 1, 6)), "[1.000000000 0.000000000 1.000000000 0.000000000 0.000000000]"; got != want {
		t.Errorf("uncensored: got %s, want %s", got, want)
	}
	// At 9 all that are at risk have it: the censored run counts for what it would have come to.
	got := PseudoIncidence(x, 1, 9)
	whole := NewRiskTable(x).AalenJohansen(1, Greenwood).At(9, .95, LogLog).Value
	without := NewRiskTable(Times{T: []float64{2, 3, 5, 9}, Cause: []int{1, 2, 1, 1}}).AalenJohansen(1, Greenwood).At(9, .95, LogLog).Value
	if want := 5*whole - 4*without; math.Abs(got[3]-want) > 1e-12 {
		t.Errorf("the censored run counts for %v, want %v", got[3], want)
	}
}

// Of one row a grid's mean is that of a sample, so the difference of two is Welch's.
func TestTwoWayLess(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	var x, y []float64
	g, h := NewGrid(1, 15, false), NewGrid(1, 25, false)
	for i := range 15 {
		x = append(x, r.NormFloat64())
		g.Add(0, i, x[i])
	}
	for i := range 25 {
		y = append(y, 1+3*r.NormFloat64())
		h.Add(0, i, y[i])
	}
	got, p := g.Mean(0.95).Less(h.Mean(0.95))
	want := Welch(x, y, 0.95)
	bounds(t, "interval", got, want.Low, want.High, 1e-12)
	near(t, "P", p, want.Test.P, 1e-12)
	alike, one := NewGrid(1, 9, false), NewGrid(1, 9, false)
	for i := range 9 {
		one.Add(0, i, 1)
		alike.Add(0, i, 1)
	}
	if e, p := one.Mean(0.95).Less(alike.Mean(0.95)); e.Low != 0 || e.High != 0 || p != 1 {
		t.Errorf("of the same values: [%v, %v], P %v", e.Low, e.High, p)
	}
	if e, p := NewGrid(2, 2, false).Mean(0.95).Less(alike.Mean(0.95)); e.Value == e.Value || p != 1 {
		t.Errorf("of nothing: %v, P %v", e, p)
	}
	if e, p := g.Mean(0.95).Less(alike.Mean(0.95)); !(e.High-e.Low > 0) || math.IsInf(e.High, 0) || math.IsNaN(p) {
		t.Errorf("beside values that are all alike: %v, P %v", e, p)
	}
}
