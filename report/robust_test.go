package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// planted is three choices at four futures, ten histories each, of which so many of ten are good.
func planted(good [3][4]int) *By {
	b, cells := plantedCells(good)
	b.tell(cells)
	return b
}

func plantedCells(good [3][4]int) (b *By, all [][]float64) {
	b = &By{
		Manifest: &record.Manifest{Seed: 3, Runs: 120, Design: record.Design{
			Kind: "list", Points: 12, Replications: 10, Futures: 4, Factors: []string{"x"}, Uncertain: []string{"x"},
		}},
		Title: "Planted", Level: 0.95, Keys: []string{"case"}, measured: measured{Measure: record.Column{Name: "deterred", Title: "Deterrence held", Kind: record.Bool}},
	}
	for i, name := range []string{"bold", "steady", "weak"} {
		g := Group{Values: []string{name}, Points: 4}
		for f, k := range good[i] {
			var cells []float64
			for rep := range 10 {
				x := 0.0
				// Half of them in the even replications, half in the odd.
				if (rep%2)*5+rep/2 < k && k%2 == 1 || k%2 == 0 && rep < k {
					x = 1
				}
				cells = append(cells, x)
			}
			all = append(all, cells)
			g.points = append(g.points, int64(4*i+f))
			g.others = append(g.others, "")
		}
		b.Groups = append(b.Groups, g)
	}
	return b, all
}

// Of the choices' shares of ten at the futures, regrets are 0 0 0 5, 2 2 0 0 and 8 8 6 3 tenths.
var plantedGood = [3][4]int{{8, 8, 6, 0}, {6, 6, 6, 5}, {0, 0, 0, 2}}

func TestRobustPlanted(t *testing.T) {
	s, err := newRobust(planted(plantedGood), true, 0.6)
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[stats.Criterion][3]float64{
		stats.Expected: {.55, .575, .05}, stats.Maximin: {0, .5, 0}, stats.MinimaxRegret: {.5, .2, .8}, stats.Satisficing: {.75, .75, 0},
	} {
		for i, x := range want {
			if got := s.Policy[i].Criterion[c].Value; math.Abs(got-x) > 1e-12 {
				t.Errorf("%v of %s is %v, want %v", c, s.Groups[i].Values[0], got, x)
			}
		}
	}
	for c, want := range map[stats.Criterion][]string{
		stats.Expected: {"steady"}, stats.Maximin: {"steady"}, stats.MinimaxRegret: {"steady"}, stats.Satisficing: {"bold", "steady"},
	} {
		if got, _ := s.best(c); !slices.Equal(got, want) {
			t.Errorf("best by %v: %v, want %v", c, got, want)
		}
	}
	var text, csv, machine strings.Builder
	for _, err := range []error{s.Document().Text(&text, Style{Width: 80}), s.CSV(&csv), s.JSON(&machine)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "robust.txt", text.String())
	golden(t, "robust.csv", csv.String())
	if !strings.Contains(machine.String(), `"minimax_regret"`) || !strings.Contains(text.String(), "more replications come before any verdict") {
		t.Errorf("JSON is\n%s", machine.String())
	}
}

// Where less is better the same table tells the opposite.
func TestRobustLow(t *testing.T) {
	s, err := newRobust(planted(plantedGood), false, math.NaN())
	if err != nil {
		t.Fatal(err)
	}
	if s.Satisfy != .2 {
		t.Errorf("good enough is %v, want .2", s.Satisfy)
	}
	for c, want := range map[stats.Criterion][3]float64{
		stats.Expected: {.55, .575, .05}, stats.Maximin: {.8, .6, .2}, stats.MinimaxRegret: {.8, .6, .2}, stats.Satisficing: {.25, 0, 1},
	} {
		for i, x := range want {
			if got := s.Policy[i].Criterion[c].Value; math.Abs(got-x) > 1e-12 {
				t.Errorf("%v of %s is %v, want %v", c, s.Groups[i].Values[0], got, x)
			}
		}
		if got, _ := s.best(c); !slices.Equal(got, []string{"weak"}) {
			t.Errorf("best by %v: %v, want weak", c, got)
		}
	}
	if e := s.Policy[0].Criterion[stats.Maximin]; !math.IsInf(e.High, 1) || e.Low > e.Value {
		t.Errorf("the worst future is in [%v, %v], want it open above", e.Low, e.High)
	}
}

// A future at which a choice has no value is left out for all.
func TestRobustDropped(t *testing.T) {
	b, cells := plantedCells(plantedGood)
	for rep := range cells[11] {
		cells[11][rep] = math.NaN()
	}
	b.tell(cells)
	s, err := newRobust(b, true, math.NaN())
	if err != nil {
		t.Fatal(err)
	}
	if s.Dropped != 1 || s.Futures != 3 || s.Policy[0].Criterion[stats.Maximin].Value != .6 || s.RunBars {
		t.Errorf("dropped %d of %d, worst %v, run bars %v, want 1, 3, .6 and none", s.Dropped, s.Futures, s.Policy[0].Criterion[stats.Maximin].Value, s.RunBars)
	}
	var text strings.Builder
	if err := s.Document().Text(&text, Style{Width: 400}); err != nil || !strings.Contains(text.String(), "with the luck of the histories held") {
		t.Errorf("that luck is held is not said (%v):\n%s", err, text.String())
	}
	for f := range 3 {
		for rep := range cells[8+f] {
			cells[8+f][rep] = math.NaN()
		}
	}
	b.tell(cells)
	if _, err := newRobust(b, true, math.NaN()); err == nil || !strings.Contains(err.Error(), "only 0 of 4 futures") {
		t.Errorf("without any value: %v", err)
	}
}
