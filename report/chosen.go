package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/study/record"
)

// Chosen says whether somebody chose the points of a design, so that they are rivals: what holds over all of them together
// says nothing of any.
func Chosen(d *record.Design) bool {
	return d.Points > 1 && slices.Contains([]string{"list", "grid", "ablation", "one-at-a-time"}, d.Kind)
}

// rivals is how many of them there are.
func rivals(d *record.Design) string {
	n := d.Points
	if d.Futures > 0 {
		n /= d.Futures
	}
	return Plural(n, "choice", "choices")
}

// Headline is what came of a result in a sentence, and what is doubtful about its numbers, which it marks ¹ ² ³: of rivals
// the best, if the study looked for it, or from where to where they go; else what came of all histories. b and k are nil
// where there are none.
func Headline(s *Summary, b *By, k *Ranking) (text string, doubtful []string) {
	switch {
	case k != nil:
		return k.selected(), nil
	case !Chosen(&s.Manifest.Design):
		return s.Headline()
	case b == nil:
		return fmt.Sprintf("The study compares %s; what holds over all of them together says nothing of any.", rivals(&s.Manifest.Design)), nil
	}
	return b.headline()
}

// headline is the least and the most of the groups.
func (b *By) headline() (text string, doubtful []string) {
	var least, most *Group
	for i := range b.Groups {
		g := &b.Groups[i]
		if g.Estimate.N == 0 || math.IsNaN(g.Estimate.Value) {
			continue
		}
		if least == nil || g.Estimate.Value < least.Estimate.Value {
			least = g
		}
		if most == nil || g.Estimate.Value > most.Estimate.Value {
			most = g
		}
	}
	if least == nil || !b.share() {
		return "", nil
	}
	n := new(notes)
	end := func(g *Group) string {
		mark := n.mark(g.Estimate)
		return fmt.Sprintf("%s%s (%s)", percent(g.Estimate), mark, strings.Join(g.Values, ", "))
	}
	text = fmt.Sprintf("%s: from %s to %s, over %s", b.name(), end(least), end(most), Plural(len(b.Groups), "choice", "choices"))
	if Lacking(b.had()) {
		text += ", of the histories that have it"
	}
	return text + ".", n.list
}
