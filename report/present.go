package report

import (
	"fmt"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Had is how many of some histories have a measure.
type Had struct{ N, Of int }

// Share is what part of them have it.
func (h Had) Share() float64 { return float64(h.N) / float64(h.Of) }

// text is the share in percent. Only what all have is 100%, and what none has 0%.
func (h Had) text() string {
	switch p := stats.Round(100*h.Share(), 0); {
	case h.Of == 0:
		return "–"
	case p == "100" && h.N < h.Of:
		return ">99%"
	case p == "0" && h.N > 0:
		return "<1%"
	default:
		return p + "%"
	}
}

// Lacking says whether some history has no value.
func Lacking(all []Had) bool {
	for _, h := range all {
		if h.N < h.Of {
			return true
		}
	}
	return false
}

// Counted says of which histories the values of a measure are, where some lack it: of what kind the groups are, a
// "choice" or a "cell", the caller says. A lever can move who is counted as well as what comes of them, and one
// number cannot tell the two apart. "" where all histories have the measure.
func Counted(c *record.Column, kind string, all []Had, level float64) string {
	if !Lacking(all) {
		return ""
	}
	least, most, groups := Had{}, Had{}, 0
	for _, h := range all {
		if h.Of == 0 {
			continue
		}
		if groups == 0 || h.Share() < least.Share() {
			least = h
		}
		if groups == 0 || h.Share() > most.Share() {
			most = h
		}
		groups++
	}
	text := c.Title
	if text == "" {
		text = c.Name
	}
	if _, where, ok := strings.Cut(c.Doc, "missing where "); ok {
		text += " is missing where " + where
	} else {
		text += " is missing in some histories"
	}
	low, high := strings.TrimSuffix(least.text(), "%"), most.text()
	share := "from " + low + " to " + high
	if least.text() == high {
		share = high
	}
	text += fmt.Sprintf(": each value is of the histories that have it, which are %s of those of a %s.", share, kind)
	// The extremes of all pairs, hence Bonferroni; as if independent, which common luck makes cautious.
	if groups > 1 {
		pairs := float64(groups*(groups-1)) / 2
		if stats.Newcombe(most.N, most.Of, least.N, least.Of, 1-(1-level)/pairs).Low > 0 {
			text += fmt.Sprintf(" That share differs by more than luck, so part of what separates one %s from another may be who is counted.", kind)
		}
	}
	return text
}

func (b *By) had() (all []Had) {
	for i := range b.Groups {
		all = append(all, b.Groups[i].Had())
	}
	return all
}

// Had is how many of the histories of the group that came to an end have the measure.
func (g *Group) Had() Had { return Had{g.Estimate.N, g.Histories} }

// counted is [Counted] of the groups.
func (b *By) counted(kind string) string { return Counted(&b.Measure, kind, b.had(), b.Level) }

// ofAll names the choice that would be the best if histories without a share counted as no; "" where that is
// the same one, or where nothing can stand for what is missing.
func (k *Ranking) ofAll() string {
	if !k.share() || k.Selection.Best < 0 || !Lacking(k.had()) {
		return ""
	}
	sign := 1.0
	if k.Selection.Better == "low" {
		sign = -1
	}
	best := 0
	of := func(i int) float64 { return sign * k.Policies[i].Estimate.Value * k.Policies[i].Had().Share() }
	for i := range k.Policies {
		if of(i) > of(best) {
			best = i
		}
	}
	if best == 0 {
		return ""
	}
	return fmt.Sprintf(" Of all histories, with those that lack it counted as no, %s would be ahead of %s.",
		strings.Join(k.Policies[best].Values, ", "), strings.Join(k.Policies[0].Values, ", "))
}
