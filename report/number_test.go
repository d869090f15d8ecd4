package report

import (
	"math"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// One of anything is one, in every sentence that counts.
func TestGrammar(t *testing.T) {
	c := &Comparison{A: &Side{Manifest: new(record.Manifest)}, B: &Side{Manifest: new(record.Manifest)}, Level: .95, Correction: Corrections[0]}
	verdict := func(p ...float64) string {
		c.Tests = nil
		for _, x := range p {
			c.Tests = append(c.Tests, Compared{Adjusted: x})
		}
		return c.verdict()
	}
	twice := func() string { // the mean and a test beside it, both changed
		c.Tests = []Compared{{Statistic: "mean"}, {Statistic: "sign"}, {Statistic: "distribution", Adjusted: 1}}
		return c.verdict()
	}
	early := &record.Manifest{Stopping: &record.Stopping{Until: "0.1", Met: true, Early: true, Rounds: 1}}
	saltelli := &layout{design: &record.Design{Kind: "saltelli", Futures: 4, Sharing: 4, Replications: 1, Factors: []string{"a", "b"}, Uncertain: []string{"a"}}, future: func(int64) int { return 0 }}
	for _, c := range []struct{ got, want string }{
		{Plural(1, "history", "histories"), "1 history"},
		{Plural(0, "history", "histories"), "0 histories"},
		{Plural(1500, "history", "histories"), "1,500 histories"},
		{failures(1), " 1 history failed and is left out."},
		{failures(2), " 2 histories failed and are left out."},
		{verdict(1), "The only comparison shows no change (p ≤ 0.05 after Holm)."},
		{verdict(0), "The only comparison shows a change (p ≤ 0.05 after Holm)."},
		{verdict(1, 1), "None of 2 comparisons shows a change (p ≤ 0.05 after Holm)."},
		{verdict(0, 0), "A change shows in all 2 comparisons (p ≤ 0.05 after Holm)."},
		{verdict(0, 1), "A change shows in 1 of 2 comparisons (p ≤ 0.05 after Holm); 1 shows none."},
		{verdict(0, 1, 1), "A change shows in 1 of 3 comparisons (p ≤ 0.05 after Holm); 2 show none."},
		{twice(), "A change shows in 2 of 3 comparisons (p ≤ 0.05 after Holm); 1 shows none. The tables tell them in 1 line; 1 is a second test of what a line tells already."},
		{all(1), "the one comparison"},
		{strings.Join((&Inputs{Moved: 1, Looked: 1}).moved(), ""), "At 1 of 1 point looked at, sampled values break a rule between parameters: there those that it names took the file's own values."},
		{stopped(early), " Stopped by until = \"0.1\" after 1 round; intervals take the number of histories for fixed. It stopped on so few events or values that the interval can cover less often than its level."},
		{saltelli.explain(.95)[:151], "In brackets the run bar, the 95% interval of the mean: what is left open by luck, that is by the finite number of 1 scrambling and 1 replication. After"},
	} {
		if c.got != c.want {
			t.Errorf("got  %q\nwant %q", c.got, c.want)
		}
	}
}

// Two marks are not one number, and stand in the order of the footnotes.
func TestMarks(t *testing.T) {
	n := &notes{list: []string{"first", "second", "third"}}
	if got := n.mark(stats.Estimate{Warnings: []string{"third", "fourth", "first"}}); got != "¹,³,⁴" {
		t.Errorf("got %s, want ¹,³,⁴", got)
	}
}

// The end of a bar is 0 only where it is 0.
func TestNonzero(t *testing.T) {
	for _, c := range []struct {
		x    float64
		at   int
		want string
	}{{0, -1, "0"}, {0.04, -1, "0.04"}, {0.06, -1, "0.1"}, {0.0123, -1, "0.01"}, {0.0004, -1, "<0.001"}, {3.4, 1, "3"}, {12, 1, "10"}, {math.NaN(), 0, "–"}} {
		if got := nonzero(c.x, c.at); got != c.want {
			t.Errorf("%v to the place %d: %s, want %s", c.x, c.at, got, c.want)
		}
	}
}
