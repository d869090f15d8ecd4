package study

import (
	"slices"
	"testing"

	"tripwire/stats"
)

// What until stops by is the rule whose coverage is known, stats.Precision: half the width that is asked for, 30 values at
// least, at rounds a quarter apart; and it says where it stopped on little.
func TestUntilIsPrecision(t *testing.T) {
	settings := &Settings{}
	for _, c := range []struct {
		until      string
		yes, n     int // of a share
		met, early bool
	}{
		{"0.9@deterred", 10, 29, false, false},
		{"0.9@deterred", 10, 30, true, true},
		{"0.2@deterred", 80, 200, true, false},
		{"0.2@deterred", 79, 200, true, true},
		{"0.1@deterred", 80, 200, false, false},
		{"50%@deterred", 80, 200, true, false},
		{"20%@deterred", 80, 200, false, false},
		{"50%@deterred", 0, 5000, false, false}, // nothing to be relative to
	} {
		r, problem := Until(c.until).rule()
		if problem != "" {
			t.Fatal(problem)
		}
		so := []measured{{yes: c.yes, n: c.n}, {yes: 20000, n: 40000}} // the other is known well
		stop := r.stopping(settings, 3, so)
		if stop.Met != c.met || r.met(so) != c.met || stop.Early != c.early || stop.WidestPoint != 0 {
			t.Errorf("%s at %d of %d: met %v, early %v, widest at point %d; want %v, %v, 0", c.until, c.yes, c.n, stop.Met, stop.Early, stop.WidestPoint, c.met, c.early)
		}
	}
	r, _ := Until("5@flareups").rule()
	for _, c := range []struct {
		n          int
		met, early bool
	}{{0, false, false}, {29, false, false}, {30, true, true}, {299, true, true}, {300, true, false}} {
		so := []measured{{}}
		for i := range c.n {
			if so[0].moments == nil {
				so[0].moments = new(stats.Moments)
			}
			so[0].moments.Add(float64(i % 4))
		}
		if stop := r.stopping(settings, 1, so); stop.Met != c.met || stop.Early != c.early {
			t.Errorf("a mean of %d: met %v, early %v; want %v, %v", c.n, stop.Met, stop.Early, c.met, c.early)
		}
	}
	s := mustLoad(t, "[study]\nreplications = 40\nuntil = \"0.001\"\nmax_runs = 100\n")
	next := s.schedule()
	var ends []int64
	for spans := next(nil); spans != nil; spans = next([]measured{{}}) {
		ends = append(ends, spans[0].end)
	}
	if want := []int64{40, 50, 63, 79, 99, 100}; !slices.Equal(ends, want) || stats.NextLook(50) != 63 {
		t.Errorf("looks after %v, want %v", ends, want)
	}
}
