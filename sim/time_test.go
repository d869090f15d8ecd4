package sim_test

import (
	"math"
	"testing"
	"time"

	"tripwire/sim"
)

func TestSpans(t *testing.T) {
	for _, test := range []struct {
		name      string
		got, want time.Duration
	}{
		{"Days(0)", sim.Days(0), 0},
		{"Days(-0)", sim.Days(math.Copysign(0, -1)), 0},
		{"Days(1.5)", sim.Days(1.5), 36 * time.Hour},
		{"Hours(0.1)", sim.Hours(0.1), 6 * time.Minute},
		{"Hours(1e-13)", sim.Hours(1e-13), 0},
		{"Hours(1.9e-13)", sim.Hours(1.9e-13), 1},
		{"Days(53375)", sim.Days(53375), 53375 * sim.Day},
		{"Days(53376)", sim.Days(53376), sim.MaxSpan},
		{"Hours(+Inf)", sim.Hours(math.Inf(1)), sim.MaxSpan},
	} {
		if test.got != test.want {
			t.Errorf("%s = %v, want %v", test.name, test.got, test.want)
		}
	}
}

func TestSpanPanics(t *testing.T) {
	for want, do := range map[string]func(){
		"sim: Days(-1e-300): a span cannot be negative or NaN": func() { sim.Days(-1e-300) },
		"sim: Hours(NaN): a span cannot be negative or NaN":    func() { sim.Hours(math.NaN()) },
		"sim: 2562047h47m16.854775807s after D+0 00:00 is past the end of time": func() {
			sim.Time(1).Add(math.MaxInt64)
		},
		"sim: -2562047h47m16.854775808s after D-1 23:59 is past the end of time": func() {
			sim.Time(-1).Add(math.MinInt64)
		},
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("got  %v\nwant %v", got, want)
				}
			}()
			do()
		}()
	}
}

func TestTime(t *testing.T) {
	at := sim.Time(0).Add(30*time.Hour + 59*time.Second)
	if got, want := at.String(), "D+1 06:00"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := sim.Time(-1).String(), "D-1 23:59"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := at.Sub(sim.Time(sim.Day)), 6*time.Hour+59*time.Second; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := sim.Time(36 * time.Hour).Days(); got != 1.5 {
		t.Errorf("got %v d, want 1.5", got)
	}
	if got := sim.Time(5).Add(0).Add(-2); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}
