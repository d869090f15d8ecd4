package stats

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestDifferences(t *testing.T) {
	var o struct {
		TwoSample []struct {
			X1, N1, X2, N2    int
			Diff              float64
			Fisher            float64    `json:"fisher_p"`
			Newcombe          [2]float64 `json:"newcombe"`
			MiettinenNurminen [2]float64 `json:"miettinen_nurminen_score"`
		} `json:"two_sample"`
	}
	oracle(t, "o01_binomial.json", &o)
	for _, c := range o.TwoSample {
		what := fmt.Sprintf("%d/%d-%d/%d", c.X1, c.N1, c.X2, c.N2)
		e := Newcombe(c.X1, c.N1, c.X2, c.N2, 0.95)
		near(t, what+" difference", e.Value, c.Diff, 1e-15)
		bounds(t, what+" Newcombe", e, c.Newcombe[0], c.Newcombe[1], 1e-12)
		bounds(t, what+" Miettinen-Nurminen", MiettinenNurminen(c.X1, c.N1, c.X2, c.N2, 0.95),
			c.MiettinenNurminen[0], c.MiettinenNurminen[1], 1e-12)
		closely(t, what+" Fisher", FisherExact(c.X1, c.N1, c.X2, c.N2).P, c.Fisher, 1e-11)
	}
}

func TestPairedShares(t *testing.T) {
	var o struct {
		Paired []struct {
			A, B, C, D int
			Diff       float64
			McNemar    float64    `json:"mcnemar_exact_p"`
			Newcombe   [2]float64 `json:"newcombe_paired"`
		}
	}
	oracle(t, "o01_binomial.json", &o)
	for _, c := range o.Paired {
		p := Pairs{Both: c.A, OnlyA: c.B, OnlyB: c.C, Neither: c.D}
		e := PairedShare(p, 0.95)
		near(t, fmt.Sprint(p, " difference"), e.Value, c.Diff, 1e-15)
		bounds(t, fmt.Sprint(p, " Newcombe"), e, c.Newcombe[0], c.Newcombe[1], 1e-12)
		closely(t, fmt.Sprint(p, " McNemar"), McNemar(p).P, c.McNemar, 1e-12)
	}
}

// Every small table: limits in order and in [-1, 1], and turned about when the sides are.
func TestDifferencesOfSmallCounts(t *testing.T) {
	for n1 := range 6 {
		for n2 := range 5 {
			for k1 := range n1 + 1 {
				for k2 := range n2 + 1 {
					for _, f := range []func(k1, n1, k2, n2 int, level float64) Estimate{Newcombe, MiettinenNurminen} {
						e, turned := f(k1, n1, k2, n2, 0.95), f(k2, n2, k1, n1, 0.95)
						what := fmt.Sprintf("%s %d/%d-%d/%d", e.Method, k1, n1, k2, n2)
						if n1 == 0 || n2 == 0 {
							if !math.IsNaN(e.Value) || !slices.Contains(e.Warnings, WarnNoRuns) {
								t.Errorf("%s: %+v, want NaN and %q", what, e, WarnNoRuns)
							}
							continue
						}
						if !(-1 <= e.Low && e.Low <= e.Value && e.Value <= e.High && e.High <= 1) || e.Low == e.High {
							t.Errorf("%s: %v in [%v, %v]", what, e.Value, e.Low, e.High)
						}
						bounds(t, what+" turned about", e, -turned.High, -turned.Low, 1e-14)
					}
					if p := FisherExact(k1, n1, k2, n2).P; !(p > 0 && p <= 1) {
						t.Errorf("Fisher %d/%d-%d/%d: P %v", k1, n1, k2, n2, p)
					}
				}
			}
		}
	}
	near(t, "Fisher, the lady's tea", FisherExact(3, 4, 1, 4).P, 34./70, 1e-12) // Fisher, Design of Experiments, 1935
}

func TestPairs(t *testing.T) {
	x, y := []float64{1, 1, 0, 0, 1, 0}, []float64{1, 0, 1, 0, 0, 0}
	var p Pairs
	for i := range x {
		p.Add(x[i] == 1, y[i] == 1)
	}
	if want := (Pairs{Both: 1, OnlyA: 2, OnlyB: 1, Neither: 2}); p != want {
		t.Errorf("counted %+v, want %+v", p, want)
	}
	near(t, "variance reduction", p.VarianceReduction(), PairedMean(x, y, 0.95).VarianceReduction, 1e-14)
	same := Pairs{Both: 10, Neither: 30}
	e := PairedShare(same, 0.95)
	if !(e.Low < 0 && e.High > 0) || !slices.Contains(e.Warnings, WarnNoneDiffer) || McNemar(same).P != 1 {
		t.Errorf("no pair differs: %+v, McNemar P %v; want an interval about 0, %q and P 1", e, McNemar(same).P, WarnNoneDiffer)
	}
}
