package stats

import (
	"math"
	"slices"
	"testing"
)

// Means without spread are told apart by what is independent, and by no more.
func TestNoSpreadIsNoProof(t *testing.T) {
	same := func(rows, columns int, x float64) TwoWay {
		g := NewGrid(rows, columns, false)
		for i := range rows {
			for j := range columns {
				g.Add(i, j, x)
			}
		}
		return g.Mean(0.95)
	}
	for _, c := range []struct {
		rows, columns int
		want          float64
	}{{1, 2, 0.5}, {3, 50, 0.25}, {50, 10, math.Pow(0.5, 9)}, {1, 1, 1}} {
		if got := same(c.rows, c.columns, 30).P(); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%d futures, %d replications: p %v, want %v", c.rows, c.columns, got, c.want)
		}
	}
	// Of the 10 orders of two beside three, two put the groups apart; of the 20 of three beside three too.
	for columns, want := range map[int]float64{2: 0.2, 3: 0.1} {
		if _, got := same(1, columns, 30).Less(same(1, 3, 0)); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d beside 3: p %v, want %v", columns, got, want)
		}
	}
	if _, got := same(1, 2, 30).Less(same(1, 3, 30)); got != 1 {
		t.Errorf("the same: p %v", got)
	}
}

// The difference of shares is from -1 to 1, and what was never seen to differ may.
func TestDifferenceOfShares(t *testing.T) {
	grid := func(rows, columns int, value func(row, column int) float64) TwoWay {
		g := NewGrid(rows, columns, false)
		for i := range rows {
			for j := range columns {
				g.Add(i, j, value(i, j))
			}
		}
		return g.Mean(0.95)
	}
	none, all := func(int, int) float64 { return 0 }, func(int, int) float64 { return 1 }
	limit := ZeroCount(50, 0.95).High
	if e := grid(60, 50, none).PairedShare(); e.Low != -limit || e.High != limit || !slices.Contains(e.Warnings, WarnNoneDiffer) || slices.Contains(e.Warnings, WarnNoSpread) {
		t.Errorf("no pair differs: %+v, want ±%v", e, limit)
	}
	if e := grid(60, 50, all).PairedShare(); e.Low != 1-limit || e.High != 1 {
		t.Errorf("all pairs differ: %+v, want from %v to 1", e, 1-limit)
	}
	few := func(i, j int) float64 { return float64(min(1, i+j)) } // all but one
	if e := grid(2, 3, few).PairedShare(); !(e.Low < e.Value) || e.Low < -1 || e.High != 1 || !slices.Contains(e.Warnings, WarnCut) {
		t.Errorf("few pairs: %+v, want it cut at 1", e)
	}
	far := ZeroCount(20, 0.95).High
	for _, c := range []struct {
		name      string
		a, b      TwoWay
		low, high float64
	}{
		{"both never", grid(60, 50, none), grid(20, 90, none), -far, limit},
		{"both always", grid(60, 50, all), grid(20, 90, all), -limit, far},
		{"always and never", grid(60, 50, all), grid(20, 90, none), 1 - math.Hypot(limit, far), 1},
	} {
		if e, _ := c.a.LessShare(c.b); math.Abs(e.Low-c.low) > 1e-15 || math.Abs(e.High-c.high) > 1e-15 {
			t.Errorf("%s: [%v, %v], want [%v, %v]", c.name, e.Low, e.High, c.low, c.high)
		}
	}
	if e, _ := grid(2, 3, few).LessShare(grid(2, 3, none)); e.High != 1 || e.Low < -1 {
		t.Errorf("few runs: %+v, want it cut at 1", e)
	}
}
