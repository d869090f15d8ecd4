package stats

import (
	"math"
	"testing"
)

func TestRound(t *testing.T) {
	for _, c := range []struct {
		x     float64
		place int
		want  string
	}{
		{-0.4, 0, "0"}, {-0.04, -1, "0.0"}, {142377, 3, "142,000"}, {-1234.5, -1, "−1,234.5"}, {999, 0, "999"}, {1e6, 0, "1,000,000"},
		{math.Inf(1), 0, "∞"}, {math.Inf(-1), 0, "−∞"}, {math.NaN(), 0, "–"},
	} {
		if got := Round(c.x, c.place); got != c.want {
			t.Errorf("%v to 10^%d: got %s, want %s", c.x, c.place, got, c.want)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		value, half float64
		want        int
	}{
		{0.5, 0.031, -2}, {0.5, 0.019, -3}, {0.5, 0.02, -2}, {142377, 2100, 3}, {142377, 1900, 2},
		{1234, 0, 0}, {1.234, 0, -2}, {0.001234, math.Inf(1), -5}, {0, 0, 0}, {math.NaN(), math.NaN(), 0},
	} {
		if got := Place(c.value, c.half); got != c.want {
			t.Errorf("%v ± %v: got the place %d, want %d", c.value, c.half, got, c.want)
		}
	}
}
