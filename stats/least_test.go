package stats

import (
	"math"
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
