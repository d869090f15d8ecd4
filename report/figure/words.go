package figure

import (
	"fmt"
	"strings"

	"tripwire/report"
	"tripwire/stats"
)

// where says which design point a figure shows; "" where there is only one.
func (d *data) where(point int64) string {
	if d.design.Points < 2 {
		return ""
	}
	at := d.Index("point")
	words := fmt.Sprintf("Design point %d of %s", point, report.Count(d.design.Points))
	for i := range d.Len() {
		row := d.Row(i)
		if row[at] != float64(point) {
			continue
		}
		if c := d.Index("case"); c >= 0 {
			return words + " (" + value(&d.Columns[c], row[c]) + ")."
		}
		var parts []string
		for _, k := range d.factors() {
			parts = append(parts, keyOf(&d.Columns[k])+" = "+value(&d.Columns[k], row[k]))
		}
		if len(parts) > 3 {
			parts = append(parts[:3], "...")
		}
		return words + " (" + strings.Join(parts, ", ") + ")."
	}
	return words + "."
}

// sheet is the surroundings of a figure of this study.
func (d *data) sheet(what, sub string, notes ...string) sheet {
	title := what
	if t := printable(d.title); t != "" {
		title = t + ": " + what
	}
	s := sheet{title: title, sub: sub}
	for _, n := range append(notes, d.caution()) {
		if n != "" {
			s.notes = append(s.notes, n)
		}
	}
	return s
}

// scarce warns where points are pooled that all met the luck of few replications: that they are many points
// does not tell how much of what is seen is that luck.
func (d *data) scarce() string {
	const few = 10
	if d.design.OwnLuck || d.design.Sharing > 0 || d.design.Points < 2 || d.design.Replications >= few {
		return ""
	}
	return "All points met the luck of " + report.Plural(d.design.Replications, "replication", "replications") + ": more of them, or common_luck = false, tell more."
}

// caution says what the intervals know nothing of.
func (d *data) caution() string {
	switch {
	case d.design.Kind == "morris":
		return "The points of a screening are no sample of what is believed; a comparison under stated assumptions, never a forecast."
	case len(d.design.Uncertain) > 0:
		return "Inputs are sampled over what the ledger believes of them; a comparison under stated assumptions, never a forecast."
	case d.design.Points > 1:
		return "Luck only: every input but those that the study sets has one value; a comparison under stated assumptions, never a forecast."
	}
	return "Luck only: every input has one value; a comparison under stated assumptions, never a forecast."
}

// luck is what luck the two sides of a difference met.
func (d *data) luck() string {
	if d.design.OwnLuck {
		return "Differences between points of luck of their own"
	}
	return "Differences between histories of the same luck"
}

// each is how many histories stand at a point, in words.
func (d *data) each() string {
	if d.design.Points < 2 {
		return histories(d.design.Replications)
	}
	return report.UpTo(&d.design) + histories(d.design.Replications) + " a point"
}

// method is how the intervals of estimates were made, in words.
func method(e stats.Estimate, level float64) string {
	return percentOf(level) + " intervals (" + e.Method + ")"
}
