package stats

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// race draws n times to the first of two causes at the given rates, censored at random and at 1; with
// coarse, times are rounded so that many tie.
func race(r *rand.Rand, n int, rate1, rate2, leave float64, coarse bool) Times {
	x := Times{make([]float64, n), make([]int, n)}
	for i := range n {
		a, b := r.ExpFloat64()/rate1, r.ExpFloat64()/rate2
		t, cause := min(a, b), 1
		if b < a {
			cause = 2
		}
		if end := min(1, r.ExpFloat64()/leave); t > end {
			t, cause = end, 0
		}
		if coarse {
			t = math.Ceil(t*10) / 10
		}
		x.T[i], x.Cause[i] = t, cause
	}
	return x
}

func without(x Times, i int) Times {
	return Times{slices.Delete(slices.Clone(x.T), i, i+1), slices.Delete(slices.Clone(x.Cause), i, i+1)}
}

func TestSortTimes(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 14))
	for _, n := range []int{0, 1, 2, 5000} {
		x := Times{make([]float64, n), make([]int, n)}
		for i := range n {
			x.T[i], x.Cause[i] = math.Ldexp(r.Float64(), r.IntN(1100)-1074), i
		}
		got := sortTimes(x)
		if len(got) != n || !slices.IsSortedFunc(got, func(a, b timed) int { return cmp.Compare(a.t, b.t) }) {
			t.Errorf("%d times are not sorted", n)
		}
		for _, e := range got {
			if x.T[e.cause] != e.t {
				t.Fatalf("cause %d came with time %v, not %v", e.cause, e.t, x.T[e.cause])
			}
		}
	}
}

func TestLeaveOneOutByHand(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for trial := range 60 {
		x := race(r, 1+r.IntN(25), 1, 2, 0.5, trial%2 == 0)
		for _, at := range []float64{0, 0.25, 0.5, 1, 2} {
			for cause := AnyCause; cause <= 3; cause++ {
				got := NewRiskTable(x).leaveOneOut(cause, at)
				near(t, "whole", got.whole, incidenceAt(x, cause, at), 1e-13)
				for i := range x.T {
					what := fmt.Sprintf("trial %d, cause %d at %v without run %d of %v", trial, cause, at, i, x)
					near(t, what, got.without(x.T[i], x.Cause[i]), incidenceAt(without(x, i), cause, at), 1e-13)
				}
			}
		}
	}
}

func incidenceAt(x Times, cause int, at float64) float64 {
	if len(x.T) == 0 {
		return 0
	}
	return NewRiskTable(x).AalenJohansen(cause, Greenwood).At(at, 0.95, Plain).Value
}

// Without censoring the paired difference is the paired t of two indicators.
func TestPairedIncidenceWithoutCensoring(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	const n, at = 80, 0.7
	a, b := race(r, n, 1, 2, 1e-9, false), race(r, n, 2, 1, 1e-9, false)
	hit := func(x Times) []float64 {
		y := make([]float64, n)
		for i := range y {
			if x.Cause[i] == 2 && x.T[i] <= at {
				y[i] = 1
			}
		}
		return y
	}
	got, want := PairedIncidence(a, b, 2, at, 0.9), PairedMean(hit(a), hit(b), 0.9)
	near(t, "difference", got.Value, want.Value, 1e-13)
	bounds(t, "difference", got.Estimate, want.Low, want.High, 1e-13)
	near(t, "p", got.Test.P, want.Test.P, 1e-12)
	near(t, "correlation", got.Correlation, want.Correlation, 1e-12)
	near(t, "variance reduction", got.VarianceReduction, want.VarianceReduction, 1e-12)
}

func (x *Times) add(cause, rival, end float64) {
	t := min(cause, rival, end)
	x.T = append(x.T, t)
	switch t {
	case cause:
		x.Cause = append(x.Cause, 1)
	case rival:
		x.Cause = append(x.Cause, 2)
	default:
		x.Cause = append(x.Cause, 0)
	}
}

// Nothing changes by a bit when runs come in another order.
func TestTimesAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	a, b := race(r, 300, 1, 2, 0.5, true), race(r, 300, 2, 2, 0.5, false)
	all := func() string {
		table := NewRiskTable(a)
		return fmt.Sprint(table.KaplanMeier().Value, table.AalenJohansen(1, Aalen).SE, table.RestrictedMean(1, 0.95),
			Gray([]*RiskTable{table, NewRiskTable(b)}, 1), PairedIncidence(a, b, 1, 0.5, 0.95))
	}
	want := all()
	for range 5 {
		r.Shuffle(len(a.T), func(i, j int) {
			a.T[i], a.T[j], a.Cause[i], a.Cause[j] = a.T[j], a.T[i], a.Cause[j], a.Cause[i]
			b.T[i], b.T[j], b.Cause[i], b.Cause[j] = b.T[j], b.T[i], b.Cause[j], b.Cause[i]
		})
		if got := all(); got != want {
			t.Fatalf("shuffled: %.200s\nbefore: %.200s", got, want)
		}
	}
}

// Without censoring incidence is a share, and Greenwood's variance the binomial one.
func TestIncidenceWithoutCensoring(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	x := race(r, 150, 1, 2, 1e-9, true)
	aj := NewRiskTable(x).AalenJohansen(1, Greenwood)
	for _, at := range []float64{0.2, 0.5, 1} {
		k := 0
		for i := range x.T {
			if x.Cause[i] == 1 && x.T[i] <= at {
				k++
			}
		}
		p := float64(k) / 150
		near(t, fmt.Sprint("share at ", at), aj.At(at, 0.95, LogLog).Value, p, 1e-13)
		near(t, fmt.Sprint("its se at ", at), aj.At(at, 0.95, Plain).HalfWidth()/normal(0.95), math.Sqrt(p*(1-p)/150), 1e-13)
	}
}

// An incidence that ends at 1 ends there exactly, whatever rounding its steps had.
func TestIncidenceOfAll(t *testing.T) {
	for n := 1; n <= 300; n++ {
		x := Times{make([]float64, n), make([]int, n)}
		for i := range n {
			x.T[i], x.Cause[i] = float64(i+1), 1
		}
		e := NewRiskTable(x).AalenJohansen(1, Aalen).At(float64(n), 0.95, LogLog)
		low, _ := wilson(n, n, normal(0.95))
		if e.Value != 1 || e.Low != low || e.High != 1 {
			t.Errorf("%d of %d: %v [%v, %v], want 1 [%v, 1]", n, n, e.Value, e.Low, e.High, low)
		}
	}
}

// Where the standard error is 0 the interval has width all the same, and says why.
func TestCurveEnds(t *testing.T) {
	never := NewRiskTable(Times{[]float64{1, 1, 1, 1}, []int{0, 0, 0, 0}})
	ever := NewRiskTable(Times{[]float64{1, 2, 3, 4}, []int{1, 1, 1, 1}})
	low, high := wilson(0, 4, normal(0.95))
	mean := normal(0.95) * math.Sqrt(1.25/4) // half-width of the mean of 1, 2, 3, 4
	for _, c := range []struct {
		what      string
		e         Estimate
		want      Estimate
		warning   string
		forbidden string
	}{
		{"survival, nothing happened", never.KaplanMeier().At(1, 0.95, LogLog), Estimate{Value: 1, Low: 1 - high, High: 1}, WarnZeroCount, WarnBeyondFollowUp},
		{"survival, beyond", never.KaplanMeier().At(2, 0.95, LogLog), Estimate{Value: 1, Low: 1 - high, High: 1}, WarnBeyondFollowUp, WarnFullCount},
		{"survival, at the start", ever.KaplanMeier().At(0.5, 0.95, LogLog), Estimate{Value: 1, Low: 1 - high, High: 1}, WarnZeroCount, WarnBeyondFollowUp},
		{"survival, all over", ever.KaplanMeier().At(9, 0.95, Log), Estimate{Value: 0, Low: low, High: high}, WarnFullCount, WarnBeyondFollowUp},
		{"incidence, nothing happened", never.AalenJohansen(1, Aalen).At(1, 0.95, Plain), Estimate{Value: 0, Low: low, High: high}, WarnZeroCount, WarnFullCount},
		{"incidence, all", ever.AalenJohansen(1, Aalen).At(9, 0.95, Plain), Estimate{Value: 1, Low: 1 - high, High: 1}, WarnFullCount, WarnBeyondFollowUp},
		{"incidence of the other cause", ever.AalenJohansen(2, Aalen).At(9, 0.95, Plain), Estimate{Value: 0, Low: low, High: high}, WarnZeroCount, WarnBeyondFollowUp},
		{"restricted mean, nothing happened", never.RestrictedMean(1, 0.95), Estimate{Value: 1, Low: 1 - high, High: 1}, WarnZeroCount, WarnBeyondFollowUp},
		{"restricted mean, all over", ever.RestrictedMean(10, 0.95), Estimate{Value: 2.5, Low: 2.5 - mean, High: 2.5 + mean}, "", WarnBeyondFollowUp},
		{"no runs", NewRiskTable(Times{}).KaplanMeier().At(1, 0.95, LogLog), nothing(0.95, ""), WarnNoRuns, WarnFewAtRisk},
	} {
		near(t, c.what, c.e.Value, c.want.Value, 1e-14)
		bounds(t, c.what, c.e, c.want.Low, c.want.High, 1e-14)
		if c.warning != "" && !slices.Contains(c.e.Warnings, c.warning) || slices.Contains(c.e.Warnings, c.forbidden) {
			t.Errorf("%s: warnings %q, want %q and not %q", c.what, c.e.Warnings, c.warning, c.forbidden)
		}
	}
}

func TestGroupsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	g := []*RiskTable{
		NewRiskTable(race(r, 60, 1, 2, 0.5, true)),
		NewRiskTable(race(r, 40, 2, 2, 0.5, false)),
		NewRiskTable(race(r, 80, 1, 1, 0.5, true)),
	}
	turned := []*RiskTable{g[1], g[2], g[0]}
	for cause := 1; cause <= 2; cause++ {
		near(t, fmt.Sprint("Gray ", cause), Gray(turned, cause).Statistic, Gray(g, cause).Statistic, 1e-9)
		near(t, fmt.Sprint("log-rank ", cause), LogRank(turned, cause).Statistic, LogRank(g, cause).Statistic, 1e-9)
	}
	near(t, "df", Gray(g, 1).DF, 2, 0)
	near(t, "of the same", Gray([]*RiskTable{g[0], g[0]}, 1).Statistic, 0, 1e-20)
	nobody := Gray([]*RiskTable{g[0], g[0]}, 3)
	if !math.IsNaN(nobody.P) || !slices.Contains(nobody.Warnings, WarnNoEvents) {
		t.Errorf("a cause that nobody had: %+v, want NaN and %q", nobody, WarnNoEvents)
	}
}

// Under equal incidence the tests reject as often as they say.
func TestGroupTestsHoldTheirSize(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	const samples = 1500
	gray, logrank := 0, 0
	for range samples {
		g := make([]*RiskTable, 3)
		for i := range g {
			g[i] = NewRiskTable(race(r, 50, 1, 1.5, 0.7, false))
		}
		if Gray(g, 1).P < 0.05 {
			gray++
		}
		if LogRank(g, AnyCause).P < 0.05 {
			logrank++
		}
	}
	limit := 4 * math.Sqrt(0.05*0.95/samples)
	for name, k := range map[string]int{"Gray": gray, "log-rank": logrank} {
		if got := float64(k) / samples; math.Abs(got-0.05) > limit {
			t.Errorf("%s rejects %.4f at 0.05, allowed off by %.4f", name, got, limit)
		}
	}
}

func BenchmarkTimes200000(b *testing.B) {
	r := rand.New(rand.NewPCG(13, 13))
	x, y := race(r, 100000, 1, 2, 0.5, false), race(r, 100000, 1.1, 2, 0.5, false)
	both := Times{slices.Concat(x.T, y.T), slices.Concat(x.Cause, y.Cause)}
	var all, g1, g2 *RiskTable
	b.Run("RiskTable", func(b *testing.B) {
		for b.Loop() {
			all = NewRiskTable(both)
		}
	})
	g1, g2 = NewRiskTable(x), NewRiskTable(y)
	b.Run("KaplanMeier", func(b *testing.B) {
		for b.Loop() {
			all.KaplanMeier()
		}
	})
	b.Run("AalenJohansen", func(b *testing.B) {
		for b.Loop() {
			all.AalenJohansen(1, Greenwood)
		}
	})
	b.Run("Gray", func(b *testing.B) {
		for b.Loop() {
			Gray([]*RiskTable{g1, g2}, 1)
		}
	})
	b.Run("Bounds", func(b *testing.B) {
		km := all.KaplanMeier()
		for b.Loop() {
			bands(km, 0.95, LogLog)
		}
	})
	b.Run("Everything", func(b *testing.B) {
		for b.Loop() {
			all := NewRiskTable(both)
			all.KaplanMeier()
			all.AalenJohansen(1, Greenwood)
			all.AalenJohansen(2, Greenwood)
			Gray([]*RiskTable{NewRiskTable(x), NewRiskTable(y)}, 1)
		}
	})
}
