package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Three policies at ten futures, of which every criterion can be worked out by hand. The first is best at
// all but two, where it fails; the second is never best nor bad; the third is the second, always a bit less.
func TestRobustByHand(t *testing.T) {
	value := [][]float64{
		{.9, .9, .9, .9, .9, .9, .9, .9, .1, 0},
		{.6, .6, .6, .6, .6, .6, .6, .6, .6, .5},
		{.5, .5, .5, .5, .5, .5, .5, .5, .5, .4},
	}
	r := Robust(value, value, value, .55, .95, 2000, 1)
	for c, want := range map[Criterion][3]float64{
		Expected:      {.73, .59, .49},
		Maximin:       {0, .5, .4},
		MinimaxRegret: {.5, .3, .4},
		Satisficing:   {.8, .9, 0},
	} {
		for p, x := range want {
			if got := r.Policy[p].Criterion[c].Value; math.Abs(got-x) > 1e-12 {
				t.Errorf("%v of policy %d is %v, want %v", c, p, got, x)
			}
		}
	}
	// Of the sorted regrets 0 (8 times), .5, .5 the 90% point of type 8 is among the last two; of .3 (8 times), 0, 0 it is .3.
	if a, b := r.Policy[0].Criterion[Regret90].Value, r.Policy[1].Criterion[Regret90].Value; math.Abs(a-.5) > 1e-12 || math.Abs(b-.3) > 1e-12 {
		t.Errorf("90%% regrets %v and %v, want .5 and .3", a, b)
	}
	// The first has a bad future in all samples but (8/10)^10 of them; else it is best by every criterion.
	lucky := math.Pow(.8, 10)
	slack := 4 * math.Sqrt(lucky*(1-lucky)/2000)
	if got := r.Policy[0].Best[Maximin]; math.Abs(got-lucky) > slack {
		t.Errorf("the first has the best worst future in %v of the samples, want %v ± %v", got, lucky, slack)
	}
	for p, want := range []bool{false, true, false} {
		if got := r.Policy[p].Best[MinimaxRegret] > .5; got != want {
			t.Errorf("policy %d has the least largest regret in %v of the samples", p, r.Policy[p].Best[MinimaxRegret])
		}
	}
	if e := r.Policy[0].Criterion[Maximin]; !math.IsInf(e.Low, -1) || e.High < e.Value {
		t.Errorf("the worst future is in [%v, %v], want it open below", e.Low, e.High)
	}
	if e := r.Policy[0].Criterion[MinimaxRegret]; !math.IsInf(e.High, 1) || e.Low > e.Value {
		t.Errorf("the largest regret is in [%v, %v], want it open above", e.Low, e.High)
	}
	if p := r.Policy[0]; p.FreshWorst != 0 || math.Abs(p.FreshRegret-.5) > 1e-12 {
		t.Errorf("without noise fresh luck shows %v and %v, want 0 and .5", p.FreshWorst, p.FreshRegret)
	}
}

// Policies that are all alike share being best, and have no regret but what noise makes: halves tell.
func TestRobustNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	var seen, fresh, worst, freshWorst Moments
	for range 200 {
		var part [3][][]float64
		for range 3 {
			var row [3][]float64
			for range 50 {
				a, b := .5+.1*r.NormFloat64(), .5+.1*r.NormFloat64()
				row[0], row[1], row[2] = append(row[0], (a+b)/2), append(row[1], a), append(row[2], b)
			}
			for i := range part {
				part[i] = append(part[i], row[i])
			}
		}
		p := Robust(part[0], part[1], part[2], .5, .95, 0, 1).Policy[0]
		seen.Add(p.Criterion[MinimaxRegret].Value)
		worst.Add(p.Criterion[Maximin].Value)
		fresh.Add(p.FreshRegret)
		freshWorst.Add(p.FreshWorst)
	}
	if seen.Mean() < .2 || fresh.Mean() > .06 {
		t.Errorf("where no policy has a regret, %.3f is seen and %.3f with fresh luck, want more than .2 and about 0", seen.Mean(), fresh.Mean())
	}
	if worst.Mean() > .4 || math.Abs(freshWorst.Mean()-.5) > .03 {
		t.Errorf("where no future is worse, %.3f is seen and %.3f with fresh luck, want less than .4 and .5", worst.Mean(), freshWorst.Mean())
	}
	same := [][]float64{{1, 2}, {1, 2}}
	for c := range Criteria {
		if got := Robust(same, nil, nil, 1, .95, 10, 1).Policy[0].Best[c]; math.Abs(got-.5) > 1e-12 {
			t.Errorf("%v: of two that are alike the first is best in %v, want half", c, got)
		}
	}
}
