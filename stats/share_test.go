package stats

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestShares(t *testing.T) {
	var o struct {
		Single []struct {
			X, N             int
			Conf             float64
			Wilson, Jeffreys [2]float64
			ClopperPearson   [2]float64 `json:"clopper_pearson"`
			AgrestiCoull     [2]float64 `json:"agresti_coull"`
		}
	}
	oracle(t, "o01_binomial.json", &o)
	for _, c := range o.Single {
		for _, m := range []struct {
			interval func(k, n int, level float64) Estimate
			want     [2]float64
			relative float64 // gonum's incomplete beta, through log-gamma, loses digits as n grows
		}{
			{Share, c.Wilson, 1e-12},
			{AgrestiCoull, c.AgrestiCoull, 1e-12},
			{ClopperPearson, c.ClopperPearson, 1e-11},
			{Jeffreys, c.Jeffreys, 5e-9},
		} {
			e := m.interval(c.X, c.N, c.Conf)
			what := fmt.Sprintf("%s %d/%d at %v", e.Method, c.X, c.N, c.Conf)
			bounds(t, what, e, m.want[0], m.want[1], 1e-12)
			if m.want[0] > 1e-17 { // below it the reference is its own rounding
				closely(t, what+" low", e.Low, m.want[0], m.relative)
			}
			closely(t, what+" high", e.High, m.want[1], m.relative)
		}
	}
}

func TestExactCoverage(t *testing.T) {
	var o struct {
		Coverage map[string]map[string]float64 `json:"exact_coverage_95"`
	}
	oracle(t, "o01_binomial.json", &o)
	for name, want := range o.Coverage {
		var n int
		var p float64
		if _, err := fmt.Sscanf(name, "n%d_p%g", &n, &p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		near(t, "Wilson "+name, ExactCoverage(Share, n, p, 0.95), want["wilson"], 1e-12)
		near(t, "Clopper-Pearson "+name, ExactCoverage(ClopperPearson, n, p, 0.95), want["clopper_pearson"], 1e-12)
	}
}

func TestZeroCount(t *testing.T) {
	var o struct {
		Limit map[int]float64 `json:"rule_of_three_exact"`
	}
	oracle(t, "o01_binomial.json", &o)
	for n, want := range o.Limit {
		near(t, fmt.Sprintf("none of %d", n), ZeroCount(n, 0.95).High, want, 1e-12)
	}
}

// Wilson's interval covers worst just outside the limits of other counts, where it drops one of them.
func TestWilsonFloor(t *testing.T) {
	worst := func(k, n int) float64 {
		e, least := Share(k, n, 0.95), 1.0
		for j := range min(n, 200) {
			other := Share(j, n, 0.95)
			for _, p := range []float64{other.Low * (1 - 1e-9), other.High * (1 + 1e-9)} {
				if p > 0 && p >= e.Low && p <= e.High {
					least = min(least, ExactCoverage(Share, n, p, 0.95))
				}
			}
		}
		return least
	}
	for _, n := range []int{50, 1000, 100000} {
		for k := 1; k <= 40 && 2*k <= n; k++ {
			e, w := Share(k, n, 0.95), worst(k, n)
			warned := slices.Contains(e.Warnings, WarnSmallCount)
			if w < 0.93 && !warned || k <= 2 && w > 0.92 || k >= smallCount && warned {
				t.Errorf("%d of %d: worst coverage %.4f, warnings %q", k, n, w, e.Warnings)
			}
		}
	}
}

func TestShareLimits(t *testing.T) {
	for _, interval := range []func(k, n int, level float64) Estimate{Share, ClopperPearson, Jeffreys, AgrestiCoull} {
		if e := interval(0, 0, 0.95); !math.IsNaN(e.Value) || e.Low != 0 || e.High != 1 || !slices.Equal(e.Warnings, []string{WarnNoRuns}) {
			t.Errorf("%s of no runs: %+v; want NaN in [0, 1] and %q", e.Method, e, WarnNoRuns)
		}
		for _, n := range []int{1, 7, 1000} {
			before := Estimate{Low: -1, High: -1}
			for k := range n + 1 {
				e := interval(k, n, 0.95)
				if e.Low < before.Low || e.High < before.High {
					t.Errorf("%s %d/%d: [%v, %v] falls from [%v, %v] at one fewer", e.Method, k, n, e.Low, e.High, before.Low, before.High)
				}
				mirror := interval(n-k, n, 0.95)
				near(t, fmt.Sprintf("%s %d/%d mirrored", e.Method, k, n), 1-mirror.High, e.Low, 1e-14)
				before = e
			}
		}
		if e := interval(0, 20, 0.95); !slices.Contains(e.Warnings, WarnZeroCount) {
			t.Errorf("%s 0/20: no warning of a zero count", e.Method)
		}
		if e := interval(20, 20, 0.95); !slices.Contains(e.Warnings, WarnFullCount) {
			t.Errorf("%s 20/20: no warning of a full count", e.Method)
		}
	}
}

func TestMistakesPanic(t *testing.T) {
	for want, f := range map[string]func(){
		"stats: Wilson: level 95 is not in (0, 1)":                                       func() { Share(1, 2, 95) },
		"stats: Wilson: 3 of 2 is no count":                                              func() { Share(3, 2, 0.95) },
		"stats: NewSample: value 1 is NaN":                                               func() { NewSample([]float64{1, math.NaN()}) },
		"stats: PairedMean: 1 values on one side, 2 on the other":                        func() { PairedMean(make([]float64, 1), make([]float64, 2), 0.95) },
		"stats: NewRiskTable: run 0 has time -1 and cause 1":                             func() { NewRiskTable(Times{[]float64{-1}, []int{1}}) },
		"stats: Quantile: there is no type 10, only 1 to 9":                              func() { NewSample([]float64{1}).Quantile(0.5, 10) },
		"stats: P value 0 is 2, not in [0, 1]":                                           func() { Holm([]float64{2}) },
		"stats: QuantileInterval: probability 1 is not in (0, 1)":                        func() { NewSample([]float64{1}).QuantileInterval(1, 0.95) },
		"stats: RestrictedMean: horizon 0 is not above 0":                                func() { NewRiskTable(aml[0]).RestrictedMean(0, 0.95) },
		"stats: Goodman simultaneous: count 1 is -1":                                     func() { Goodman([]int{1, -1}, 0.95) },
		"stats: Hill: the 3 largest of 3 values and the next must be there and positive": func() { NewSample([]float64{1, 2, 3}).Hill(3, 0.95) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("got panic %v, want %q", got, want)
				}
			}()
			f()
		}()
	}
}
