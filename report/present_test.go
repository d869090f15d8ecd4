package report

import (
	"math"
	"strings"
	"testing"

	"tripwire/study/record"
)

// Of which histories a measure is, is said where some lack it, and that this differs only where luck does not explain it.
func TestCounted(t *testing.T) {
	deterred := &record.Column{Name: "deterred", Title: "Deterrence held", Doc: "settled or deterred; missing where the terms were refused"}
	const tail = " That share differs by more than luck, so part of what separates one cell from another may be who is counted."
	for _, c := range []struct {
		column *record.Column
		all    []Had
		want   string
	}{
		{deterred, []Had{{200, 200}, {100, 100}, {0, 0}}, ""},
		{deterred, []Had{{188, 200}, {144, 200}},
			"Deterrence held is missing where the terms were refused: each value is of the histories that have it, which are from 72 to 94% of those of a cell." + tail},
		{deterred, []Had{{188, 200}, {184, 200}, {0, 0}},
			"Deterrence held is missing where the terms were refused: each value is of the histories that have it, which are from 92 to 94% of those of a cell."},
		{&record.Column{Name: "war_d"}, []Had{{1, 1000}, {999, 1000}},
			"war_d is missing in some histories: each value is of the histories that have it, which are from <1 to >99% of those of a cell." + tail},
		{&record.Column{Name: "war_d"}, []Had{{50, 100}, {100, 200}},
			"war_d is missing in some histories: each value is of the histories that have it, which are 50% of those of a cell."},
	} {
		if got := Counted(c.column, "cell", c.all, 0.95); got != c.want {
			t.Errorf("%v: got\n%s\nwant\n%s", c.all, got, c.want)
		}
	}
}

// The table, its CSV and its JSON have the share of histories that have the measure; a failed one is none of them.
func TestPresentByGroup(t *testing.T) {
	b := groups(false)
	b.Measure.Title = "Deterrence held"
	for _, c := range []struct {
		failed   map[int64]int
		want     string
		has, csv bool
	}{
		{nil, "88%", true, true},
		{map[int64]int{3: 1}, "have it", false, false},
	} {
		b.Groups[1].ended(b.Manifest, c.failed)
		var text, csv, js strings.Builder
		if err := b.Document().Text(&text, Style{Width: 80}); err != nil {
			t.Fatal(err)
		}
		if err := b.CSV(&csv); err != nil {
			t.Fatal(err)
		}
		if err := b.JSON(&js); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), c.want) != c.has || strings.Contains(csv.String(), ",0.875\n") != c.csv || strings.Contains(js.String(), `"share_present": 0.875`) != c.csv {
			t.Errorf("failed %v:\n%s\n%s\n%s", c.failed, &text, &csv, &js)
		}
	}
}

// The best of those that have the measure is not always the best of all.
func TestBestOfAll(t *testing.T) {
	b := chosen(record.Selection{Procedure: "kim-nelson", Better: "high", Confidence: .95, Indifference: .01, Batch: 4, Decided: true})
	if got := newRanking(b, b.Manifest.Selection).ofAll(); got != "" {
		t.Errorf("the best is the best of all too: %q", got)
	}
	cells := make([][]float64, 3)
	for i := range cells {
		for rep := range b.Manifest.Design.ByPoint[i] {
			x := 0.0
			switch {
			case i == 2 && rep%2 == 0:
				x = math.NaN()
			case i == 2 || i == 1 && rep%10 < 7:
				x = 1
			}
			cells[i] = append(cells[i], x)
		}
	}
	b.tell(cells)
	const want = " Of all histories, with those that lack it counted as no, good would be ahead of best."
	if got := newRanking(b, b.Manifest.Selection).ofAll(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
