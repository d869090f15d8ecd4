package report

import (
	"strings"
	"testing"

	"tripwire/study/record"
)

// Of rivals a headline tells from where to where they go, and never what all of them together come to.
func TestHeadlineOfRivals(t *testing.T) {
	b := groups(false)
	b.Measure.Title = "Deterrence held"
	s := &Summary{Manifest: &record.Manifest{Design: record.Design{Kind: "grid", Points: 4, Futures: 2}}}
	text, doubts := Headline(s, b, nil)
	const want = "Deterrence held: from 50% [10, 90]¹,² (a) to 90% [30, 100]¹,² (b), over 2 choices, of the histories that have it."
	if text != want || len(doubts) != 2 {
		t.Errorf("got %q (%q), want %q", text, doubts, want)
	}
	if text, _ := Headline(s, nil, nil); text != "The study compares 2 choices; what holds over all of them together says nothing of any." {
		t.Errorf("too many for a table: %q", text)
	}
	for kind, want := range map[string]bool{"list": true, "grid": true, "ablation": true, "one-at-a-time": true, "single": false, "saltelli": false} {
		if got := Chosen(&record.Design{Kind: kind, Points: 4}); got != want {
			t.Errorf("%s: %v", kind, got)
		}
	}

	m := &record.Manifest{Runs: 40, Design: record.Design{Kind: "grid", Points: 4, Replications: 10}}
	said := "over all points together, which somebody chose: it says nothing of any of them; summary --by shows them apart."
	if text := (&Summary{Manifest: m, layout: newLayout(&m.Design)}).opening().text; !strings.Contains(text, said) {
		t.Errorf("got %q, want in it %q", text, said)
	}
}
