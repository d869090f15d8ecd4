package report

import (
	"math"
	"slices"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// groups is a result of two choices in two futures, four replications each.
func groups(own bool) *By {
	b := &By{
		Manifest: &record.Manifest{Design: record.Design{Points: 4, Replications: 4, OwnLuck: own, Uncertain: []string{"x"}}},
		Level:    0.95, Keys: []string{"choice"}, measured: measured{Measure: record.Column{Name: "deterred", Kind: record.Bool}},
	}
	b.Groups = []Group{
		{Values: []string{"a"}, Points: 2, cells: [][]float64{{1, 0, 0, 1}, {1, 1, 0, 0}}, others: []string{"1", "2"}},
		{Values: []string{"b"}, Points: 2, cells: [][]float64{{1, 1, 0, 1}, {1, 1, 1, math.NaN()}}, others: []string{"1", "2"}},
	}
	b.estimate()
	return b
}

func TestClustered(t *testing.T) {
	b := groups(false)
	if got := b.Groups[0].Estimate; got.Value != 0.5 || got.N != 8 {
		t.Errorf("the first group has %+v, want 0.5 of 8", got)
	}
	// The differences are 0 1 0 0 and 0 0 1 -: by replication 0, 1/2, 1/2, 0; by future 1/4, 1/3.
	byRep := stats.Mean([]float64{0, 0.5, 0.5, 0}, 0.95).HalfWidth()
	byFuture := stats.Mean([]float64{1. / 4, 1. / 3}, 0.95).HalfWidth()
	got := b.Groups[1].Difference
	if want := math.Hypot(byRep, byFuture); math.Abs(got.Value-2./7) > 1e-12 || math.Abs(got.HalfWidth()-want) > 1e-12 || got.N != 7 {
		t.Errorf("the difference is %v ± %v of %d, want %v ± %v of 7", got.Value, got.HalfWidth(), got.N, 2./7, want)
	}
}

func TestUnpaired(t *testing.T) {
	if b := groups(true); b.Unpaired == "" || b.Groups[1].Difference != nil {
		t.Errorf("without common luck: %q, %v", b.Unpaired, b.Groups[1].Difference)
	}
	apart := groups(false)
	apart.Manifest.Design.Sharing = 2
	apart.Groups[1].Difference = nil
	if apart.estimate(); apart.Unpaired == "" || apart.Groups[1].Difference != nil {
		t.Errorf("luck shared by some points: %q, %v", apart.Unpaired, apart.Groups[1].Difference)
	}
	b := groups(false)
	b.Groups[1].others = slices.Clone([]string{"1", "3"})
	b.Groups[1].Difference = nil
	if b.estimate(); b.Unpaired == "" || b.Groups[1].Difference != nil {
		t.Errorf("other futures: %q, %v", b.Unpaired, b.Groups[1].Difference)
	}
}

// Pairs at one point are Newcombe's, with McNemar's test, corrected by Holm.
func TestPairedGroups(t *testing.T) {
	b := &By{Manifest: new(record.Manifest), Level: 0.95, measured: measured{Measure: record.Column{Kind: record.Bool}}}
	for range 3 {
		b.Groups = append(b.Groups, Group{Points: 1, cells: [][]float64{nil}, others: []string{""}})
	}
	for i := range 100 {
		at := func(yes bool) float64 {
			if yes {
				return 1
			}
			return 0
		}
		b.Groups[0].cells[0] = append(b.Groups[0].cells[0], at(i < 50))
		b.Groups[1].cells[0] = append(b.Groups[1].cells[0], at(i < 60))
		b.Groups[2].cells[0] = append(b.Groups[2].cells[0], at(i < 52))
	}
	b.estimate()
	want := stats.PairedShare(stats.Pairs{Both: 50, OnlyA: 10, Neither: 40}, 0.95)
	got := b.Groups[1].Difference
	if got.Value != want.Value || got.Low != want.Low || got.High != want.High || got.Method != want.Method {
		t.Errorf("got %+v, want %+v", got.Estimate, want)
	}
	if p := 2 * math.Pow(0.5, 10); math.Abs(got.P-p) > 1e-12 || math.Abs(got.Adjusted-2*p) > 1e-12 {
		t.Errorf("p %v, by Holm %v, want %v and %v", got.P, got.Adjusted, p, 2*p)
	}
	if p := b.Groups[2].Difference; math.Abs(p.P-0.5) > 1e-12 || math.Abs(p.Adjusted-0.5) > 1e-12 {
		t.Errorf("p %v, by Holm %v, want 0.5 and 0.5", p.P, p.Adjusted)
	}
}
