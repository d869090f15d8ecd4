package report

import (
	"math"
	"slices"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// tell gathers the groups from cells by point and replication.
func (b *By) tell(cells [][]float64) {
	each := func(show func(rep int, value func(point int64) (float64, bool))) error {
		most := 0
		for _, c := range cells {
			most = max(most, len(c))
		}
		for rep := range most {
			show(rep, func(point int64) (float64, bool) {
				if rep < len(cells[point]) {
					return cells[point][rep], true
				}
				return math.NaN(), false
			})
		}
		return nil
	}
	for i := range b.Groups {
		b.Groups[i].gathered, b.Groups[i].Difference = gathered{}, nil
		b.Groups[i].ended(b.Manifest, nil)
	}
	if err := b.gather(wanted{quantiles: true, replications: true, futures: b.Manifest.Design.Futures > 0}, each); err != nil {
		panic(err)
	}
}

var groupCells = [][]float64{{1, 0, 0, 1}, {1, 1, 0, 0}, {1, 1, 0, 1}, {1, 1, 1, math.NaN()}}

// groups is a result of two choices in two futures, four replications each.
func groups(own bool) *By {
	b := &By{
		Manifest: &record.Manifest{Design: record.Design{Points: 4, Replications: 4, Futures: 2, OwnLuck: own, Uncertain: []string{"x"}}},
		Level:    0.95, Keys: []string{"choice"}, measured: measured{Measure: record.Column{Name: "deterred", Kind: record.Bool}},
	}
	b.Groups = []Group{
		{Values: []string{"a"}, Points: 2, points: []int64{0, 1}, others: []string{"1", "2"}},
		{Values: []string{"b"}, Points: 2, points: []int64{2, 3}, others: []string{"1", "2"}},
	}
	b.tell(groupCells)
	return b
}

func TestClustered(t *testing.T) {
	b := groups(false)
	if got := b.Groups[0].Estimate; got.Value != 0.5 || got.N != 8 {
		t.Errorf("the first group has %+v, want 0.5 of 8", got)
	}
	// The differences are 0 1 0 0 and 0 0 1 -: 2/7 on average. Less the average, and times 8/7 for the one that is
	// missing, they are -16/49, 40/49, -16/49, -16/49 and -16/49, -16/49, 40/49, 0. The futures sum to -8/49 and
	// 8/49, the replications to -32/49, 24/49, 24/49, -16/49.
	const unit = 1. / 49 / 49
	rows, columns, all := (64+64)*unit/4, (1024+576+576+256)*unit/2, (5*256+2*1600)*unit
	rest := (all - rows - columns) / 3
	want := max(rows, columns/3, rest, rows+columns/3-rest) / 8
	got := b.Groups[1].Difference
	w := b.Groups[1].change.bars(false, 0.95).Run
	if math.Abs(got.Value-2./7) > 1e-12 || got.N != 7 || math.Abs(w.SE*w.SE-want) > 1e-12 {
		t.Errorf("the difference is %v of %d with variance %v, want %v of 7 with %v", got.Value, got.N, w.SE*w.SE, 2./7, want)
	}
	if b.Groups[1].Input == nil || b.Groups[1].Input.Futures != 2 {
		t.Errorf("the input bar is of %+v, want 2 futures", b.Groups[1].Input)
	}
}

func TestUnpaired(t *testing.T) {
	if b := groups(true); b.Unpaired == "" || b.Groups[1].Difference != nil {
		t.Errorf("without common luck: %q, %v", b.Unpaired, b.Groups[1].Difference)
	}
	apart := groups(false)
	apart.Manifest.Design.Sharing = 2
	if apart.tell(groupCells); apart.Unpaired == "" || apart.Groups[1].Difference != nil {
		t.Errorf("luck shared by some points: %q, %v", apart.Unpaired, apart.Groups[1].Difference)
	}
	b := groups(false)
	b.Groups[1].others = slices.Clone([]string{"1", "3"})
	if b.tell(groupCells); b.Unpaired == "" || b.Groups[1].Difference != nil {
		t.Errorf("other futures: %q, %v", b.Unpaired, b.Groups[1].Difference)
	}
}

// Pairs at one point are Newcombe's, with McNemar's test, corrected by Holm.
func TestPairedGroups(t *testing.T) {
	b := &By{Manifest: new(record.Manifest), Level: 0.95, measured: measured{Measure: record.Column{Kind: record.Bool}}}
	for i := range int64(3) {
		b.Groups = append(b.Groups, Group{Points: 1, points: []int64{i}, others: []string{""}})
	}
	cells := make([][]float64, 3)
	for i := range 100 {
		at := func(yes bool) float64 {
			if yes {
				return 1
			}
			return 0
		}
		cells[0] = append(cells[0], at(i < 50))
		cells[1] = append(cells[1], at(i < 60))
		cells[2] = append(cells[2], at(i < 52))
	}
	b.tell(cells)
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

// The mean of a measure that is never negative has no interval below 0, at one point or over several, and a
// difference may have one.
func TestMeansAreNotNegative(t *testing.T) {
	cells := [][]float64{{0, 0, 900, 0}, {0, 0, 100, 0}, {0, 0, 900, 0}, {0, 0, 700, 0}}
	b := &By{
		Manifest: &record.Manifest{Design: record.Design{Points: 4, Replications: 4, Futures: 2, Uncertain: []string{"x"}}},
		Level:    0.95, Keys: []string{"choice"}, measured: measured{Measure: record.Column{Name: "losses_russia", Kind: record.Int}},
		Groups: []Group{
			{Values: []string{"one"}, Points: 1, points: []int64{0}, others: []string{"1"}},
			{Values: []string{"other"}, Points: 1, points: []int64{1}, others: []string{"1"}},
			{Values: []string{"two"}, Points: 2, points: []int64{2, 3}, others: []string{"1", "2"}},
		},
	}
	b.tell(cells)
	for _, g := range []*Group{&b.Groups[0], &b.Groups[2]} {
		if e := g.Estimate; e.Low != 0 || !(e.High > e.Value) || !slices.Contains(e.Warnings, stats.WarnCut) {
			t.Errorf("%s: %+v, want an interval from 0 that says that it was cut", g.Values[0], e)
		}
	}
	if low, high := b.Groups[2].InputRange(false); low < 0 || high < low {
		t.Errorf("the input bar is from %v to %v", low, high)
	}
	b.Groups = b.Groups[:2]
	if b.tell(cells); !(b.Groups[1].Difference.Low < 0) {
		t.Errorf("the difference is %+v", b.Groups[1].Difference)
	}
}
