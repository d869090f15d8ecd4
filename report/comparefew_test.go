package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// rare is a result of measures that few histories have.
func rare(seed uint64, n int) designed {
	return designed{seed: seed, reps: n, values: [][]float64{{}}, x: func(_ []float64, luck uint64, rep int) float64 {
		r := rand.New(rand.NewPCG(seed<<8+luck, uint64(rep)))
		if r.Float64() > 0.1 {
			return math.NaN()
		}
		return math.Floor(3 * r.ExpFloat64())
	}}
}

// A measure that few histories have raises no more false alarms than any, whatever it happens to be in those few.
func TestCompareRarelyPresent(t *testing.T) {
	const families = 400
	// P(more than 33 of 400 at 0.05) is 0.002.
	const most = 33
	for name, paired := range map[string]bool{"independent": false, "paired": true} {
		alarms, few := 0, 0
		for i := range uint64(families) {
			a, b := rare(10+2*i, 20), rare(11+2*i, 20)
			if paired {
				a.seed, b.seed = 1, 1
			}
			c, err := compare(a.side("a"), b.side("b"), CompareOptions{Level: .95})
			if err != nil {
				t.Fatal(err)
			}
			if q := find(t, c, "x", "", "mean", 0); q.N > 0 && q.N < 6 {
				few++
			}
			if c.Paired != paired || len(c.Tests) != 3 {
				t.Fatalf("paired %v, %d tests", c.Paired, len(c.Tests))
			}
			if c.Differs() {
				alarms++
			}
		}
		if alarms > most || few < families/10 {
			t.Errorf("%s: %d of %d comparisons of the same with the same raise an alarm, want at most %d; %d rest on few", name, alarms, families, most, few)
		}
	}
}

// Values without spread prove no more than so many signs or ranks do.
func TestCompareWithoutSpread(t *testing.T) {
	sides := 0
	result := func(seed uint64, n int, x float64) *Side {
		d := designed{seed: seed, reps: max(n, 20), values: [][]float64{{}}, x: func(_ []float64, _ uint64, rep int) float64 {
			if rep >= n {
				return math.NaN()
			}
			return x
		}}
		sides++
		return d.side(fmt.Sprint(sides))
	}
	for name, c := range map[string]struct {
		a, b  *Side
		p     float64
		warns string
	}{
		"one pair":             {result(1, 1, 0), result(1, 1, 30), 1, warnNoP},
		"two pairs":            {result(1, 2, 0), result(1, 2, 30), 0.5, warnLeastP},
		"twenty pairs":         {result(1, 20, 0), result(1, 20, 30), math.Pow(0.5, 19), warnLeastP},
		"no difference":        {result(1, 2, 30), result(1, 20, 30), 1, ""},
		"one and twenty":       {result(1, 1, 0), result(2, 20, 30), 1, warnNoP},
		"two and three":        {result(1, 2, 0), result(2, 3, 30), 0.2, warnLeastP}, // of 10 orders, two
		"twenty and twenty":    {result(1, 20, 0), result(2, 20, 30), 2 / 137846528820., warnLeastP},
		"none and twenty":      {result(1, 0, 0), result(2, 20, 30), 1, ""},
		"independent and same": {result(1, 2, 30), result(2, 2, 30), 1, ""},
	} {
		got, err := compare(c.a, c.b, CompareOptions{Level: .95})
		if err != nil {
			t.Fatal(err)
		}
		q := find(t, got, "x", "", "mean", 0)
		if math.Abs(q.P/c.p-1) > 1e-9 || c.warns != "" && !slices.Contains(q.Warnings, c.warns) || c.warns == "" && strings.Contains(strings.Join(q.Warnings, " "), "p is") {
			t.Errorf("%s: p %v, %q, want %v, %q", name, q.P, q.Warnings, c.p, c.warns)
		}
	}
}

// Over several points too the difference of two shares is within ±100 points, and one that no pair shows is not known to be 0.
func TestSharesOverSeveralPoints(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		sides := [2]*Side{}
		for i, d := range []drawn{before, after} {
			d.points, d.n = 3, 3
			if i == 1 {
				d.seed = seed
			}
			sides[i] = d.side(fmt.Sprint(i))
			sides[i].Manifest.Design.Uncertain, sides[i].Manifest.Design.Futures = []string{"coalition.troops"}, 3
		}
		c, err := compare(sides[0], sides[1], CompareOptions{Level: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		limit := stats.ZeroCount(3, 0.95).High
		if q := find(t, c, "nuclear_use", "", "share", 0); q.Low != -limit || q.High != limit || q.P != 1 {
			t.Errorf("what never happened: [%v, %v], p %v, want ±%v, 1", q.Low, q.High, q.P, limit)
		}
		for _, q := range c.Tests {
			if q.Statistic == "share" && (q.Low < -1 || q.High > 1) {
				t.Errorf("%s %s: [%v, %v]", q.Measure, q.Class, q.Low, q.High)
			}
		}
	}
	b := groups(false)
	b.tell([][]float64{groupCells[0], groupCells[1], groupCells[0], groupCells[1]})
	limit := stats.ZeroCount(2, 0.95).High
	if d := b.Groups[1].Difference; d.Low != -limit || d.High != limit || d.P != 1 {
		t.Errorf("--by where no pair differs: [%v, %v], p %v, want ±%v, 1", d.Low, d.High, d.P, limit)
	}
	b.tell([][]float64{{0, 0}, {0, 0}, {1, 1}, {0, 1}})
	if d := b.Groups[1].Difference; d.Low < -1 || d.High != 1 {
		t.Errorf("--by: [%v, %v], want it cut at 1", d.Low, d.High)
	}
}

// One is not several.
func TestOneDesignPoint(t *testing.T) {
	b := &By{
		Manifest: &record.Manifest{Runs: 4, Design: record.Design{Points: 1, Replications: 4}}, Level: 0.95, Keys: []string{"point"},
		measured: measured{Measure: record.Column{Name: "deterred", Kind: record.Bool}},
		Groups:   []Group{{Values: []string{"0"}, Points: 1, points: []int64{0}, others: []string{""}}},
	}
	b.tell(groupCells[:1])
	var text strings.Builder
	if err := b.Document().Text(&text, Style{Width: 80}); err != nil || !strings.Contains(text.String(), "4 histories: 1 design point of 4 histories") {
		t.Errorf("%v:\n%s", err, text.String())
	}
}
