package study

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tripwire/model"
	"tripwire/sim/random"
)

func TestSampledDesigns(t *testing.T) {
	factors := `
[[study.factors]]
key = "attribution.threshold"
[[study.factors]]
key = "coalition.troops"
kind = "lever"
low = 5_000
high = 50_000
[[study.factors]]
key = "coalition.roe"
values = ["R1", "R3"]
`
	for _, c := range []struct {
		design, more string
		points       int64
	}{
		{"latin-hypercube", "points = 10", 10},
		{"sobol", "points = 16", 16},
		{"nolh", "", 9},
		{"morris", "points = 5", 20},
		{"saltelli", "points = 8\nscrambles = 2", 80},
	} {
		t.Run(c.design, func(t *testing.T) {
			s := mustLoad(t, fmt.Sprintf("[study]\ndesign = %q\n%s\n%s", c.design, c.more, factors))
			if s.Points() != c.points {
				t.Errorf("%d points, want %d", s.Points(), c.points)
			}
			seen := map[string]bool{}
			for _, row := range rows(t, s) {
				f := strings.Fields(row)
				seen[f[2]] = true
				var troops float64
				if _, err := fmt.Sscan(f[1], &troops); err != nil || troops < 5000 || troops > 50000 {
					t.Errorf("%s: a lever from 5000 to 50000", row)
				}
			}
			if len(seen) != 2 {
				t.Errorf("of R1 and R3 only %v", seen)
			}
		})
	}
}

// Every believed range of the ledger can be sampled, and what is sampled is allowed.
func TestUncertainEverything(t *testing.T) {
	s := mustLoad(t, "[study]\ndesign = \"latin-hypercube\"\npoints = 60\nuncertain = [\"*\"]\nreplications = 1\n")
	ranges := 0
	for _, p := range s.File.Parameters {
		if p.Low != nil {
			ranges++
		}
	}
	if got := len(s.plan.factors); got != ranges || got < 300 {
		t.Errorf("%d factors, %d ranges", got, ranges)
	}
	cells, moved := make([]float64, ranges), 0
	for point := range s.Points() {
		if err := s.plan.scenario(point, cells, new(model.Scenario)); err != nil {
			t.Errorf("point %d: %v", point, err)
		}
		u := s.plan.sample[point]
		for i := range cells {
			if s.plan.factors[i].at(u[i]) != cells[i] {
				moved++
			}
		}
	}
	t.Logf("%d of %d sampled values broke a rule and took the file's own", moved, 60*ranges)
	if moved > 60*ranges/50 {
		t.Errorf("%d of %d sampled values broke a rule", moved, 60*ranges)
	}
}

// Chosen points are met in every future, and all in the same ones.
func TestFutures(t *testing.T) {
	s := mustLoad(t, gridText, "study.uncertain=[\"attribution.*\"]", "study.points=7")
	if s.Points() != 42 || s.plan.chosen != 2 {
		t.Fatalf("%d points, %d chosen factors, want 42 and 2", s.Points(), s.plan.chosen)
	}
	for _, f := range s.plan.factors[2:] { // a future's values are of the whole distribution, whatever is chosen
		seen := map[float64]bool{}
		for i := range s.plan.sample {
			seen[f.at(s.plan.sample[i][0])] = true
		}
		if len(seen) < 7 && f.param.Kind == "float" {
			t.Errorf("%s takes %d values in 7 futures", f.param.Key, len(seen))
		}
	}
	all := rows(t, s)
	for point, row := range all {
		_, first, _ := strings.Cut(all[point%7], "10000 ")
		if !strings.HasSuffix(row, " "+first) {
			t.Errorf("point %d is\n%s\nwant the future\n%s", point, row, first)
		}
	}
}

// Beside any chosen design what is uncertain is sampled over its distribution, not set to its ends.
func TestFuturesAreSampled(t *testing.T) {
	const cases = "[study]\ndesign = \"list\"\n[[study.cases]]\nname = \"a\"\n[[study.cases]]\nname = \"b\"\nset = { coalition.troops = 10_000 }\n"
	for name, text := range map[string]string{"grid": gridText, "list": cases, "ablation": "[study]\ndesign = \"ablation\"\n"} {
		s := mustLoad(t, text, `study.uncertain=["attribution.threshold"]`, "study.points=7", "study.replications=1")
		met := map[string]bool{}
		for _, row := range rows(t, s)[:7] {
			met[row[strings.LastIndex(row, " ")+1:]] = true
		}
		if len(met) != 7 {
			t.Errorf("%s: 7 futures have %d values of attribution.threshold: %v", name, len(met), met)
		}
	}
}

func TestQuantiles(t *testing.T) {
	for _, c := range []struct{ low, value, high, tolerance float64 }{
		{2, 5, 10, 1e-9}, // lognormal
		{0.7, 0.9, 0.99, 1e-6},
		{-4, 0, 9, 1e-6},
		{600_000, 800_000, 800_000, 1e-6},
		{0, 0.05, 0.12, 1e-6},
		{1, 0.5, 3, 1e-9}, // the value outside the range
	} {
		q := quantile(uncertainty, c.low, c.value, c.high)
		scale := c.high - c.low
		if low, high := q(0.05), q(0.95); math.Abs(low-c.low) > c.tolerance*scale || math.Abs(high-c.high) > c.tolerance*scale {
			t.Errorf("%v: the 5%% and 95%% points are %v and %v", c, low, high)
		}
	}
	// Mean of a PERT is (a + 4 mode + b)/6; the mode is the file's value.
	from, mode, to := pert(0.7, 0.9, 0.99)
	if math.Abs(mode-0.9) > 1e-6 || !(from < 0.7 && 0.99 < to) {
		t.Errorf("pert from %v by %v to %v", from, mode, to)
	}
	sum := 0.0
	for i := range 1000 {
		sum += random.PERTQuantile((float64(i)+0.5)/1000, from, mode, to) / 1000
	}
	if want := (from + 4*mode + to) / 6; math.Abs(sum-want) > 1e-3 {
		t.Errorf("mean %v, want %v", sum, want)
	}
}
