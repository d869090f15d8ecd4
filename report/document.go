package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// A block is a part of a summary, as text and as Markdown alike.
type block struct {
	title  string
	text   string     // a paragraph
	header []string   // of the table
	rows   [][]string // of the table
	align  string     // of each column: l, r, or b for a bar, which only text has
	advice []Advice
}

// Advice is a command to type next, and what for.
type Advice struct{ Command, For string }

// notes numbers the warnings of the estimates that are shown.
type notes struct{ list []string }

// mark is the footnote marks of an estimate. That a count is zero or full its interval says itself.
func (n *notes) mark(e stats.Estimate) string {
	var b strings.Builder
	for _, w := range e.Warnings {
		if w == stats.WarnZeroCount || w == stats.WarnFullCount || w == stats.WarnNoRuns {
			continue
		}
		i := slices.Index(n.list, w)
		if i < 0 {
			i = len(n.list)
			n.list = append(n.list, w)
		}
		b.WriteString(superscript(i + 1))
	}
	return b.String()
}

func superscript(n int) string {
	var b strings.Builder
	for _, d := range strconv.Itoa(n) {
		b.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[d-'0'])
	}
	return b.String()
}

// document lays a summary out.
func (s *Summary) document(advice []Advice) []block {
	n := new(notes)
	blocks := []block{s.opening(), s.headline(n), s.outcomes(n), s.attacks(), s.attack(n, Limited, "Limited attacks"), s.attack(n, Full, "Full invasions"), s.gates(n), s.time(n), s.armistice(n), s.escalation(n)}
	blocks = append(append(blocks, s.Verdicts.blocks()...), block{text: s.caution()})
	if len(n.list) > 0 {
		b := block{align: "rl"}
		for i, w := range n.list {
			b.rows = append(b.rows, []string{superscript(i + 1), w})
		}
		blocks = append(blocks, b)
	}
	if len(advice) > 0 {
		blocks = append(blocks, block{title: "Next", advice: advice})
	}
	return slices.DeleteFunc(blocks, func(b block) bool { return b.text == "" && len(b.rows) == 0 && len(b.advice) == 0 })
}

const luckOnly = "Luck only: every input was held at one value, so the intervals say how sure the computation is, " +
	"and nothing of how uncertain the inputs are. Use the numbers to compare guarantees under stated assumptions; " +
	"they are never a forecast."

const sampledInputs = "The uncertain inputs were sampled over what is believed of them, each by itself. Use the numbers to compare " +
	"guarantees under stated assumptions; they are never a forecast."

// caution is what the numbers do not say.
func (s *Summary) caution() string {
	d := s.Manifest.Design
	if d.Points <= 1 {
		return luckOnly
	}
	text := "All design points are taken together here, and the intervals take all histories for independent, which those of one " +
		"point are not: they are too narrow. summary --by shows the points apart."
	if len(d.Uncertain) > 0 {
		return text + " " + sampledInputs
	}
	return text + " " + luckOnly
}

func (s *Summary) opening() block {
	m := s.Manifest
	text := histories(m.Runs)
	if s.Horizon > 0 {
		text += " of up to " + round(s.Horizon/365, -1) + " years"
	}
	if d := m.Design; d.Points > 1 {
		text += fmt.Sprintf(" at %s design points", count(d.Points))
	}
	text += fmt.Sprintf(", seed %d. Shares are in %%, in brackets the %g%% interval.", m.Seed, 100*s.Level)
	if m.Failed > 0 {
		text += fmt.Sprintf(" %s of them failed and are left out: see failures in manifest.json.", count(m.Failed))
	}
	return block{text: text}
}

func (s *Summary) headline(n *notes) block {
	rows := s.find("deterred", Accepted)
	if len(rows) == 0 || s.N[Accepted] == 0 {
		return block{}
	}
	e := rows[0].Estimate
	return block{text: fmt.Sprintf("Deterrence held in %s of the %s in which Moscow accepted the terms.%s",
		percent(e), histories(s.N[Accepted]), n.mark(e))}
}

// percent is a share in running text: 71% [68, 74], or 0% (below 3%).
func percent(e stats.Estimate) string {
	f := show(e, 100)
	if b := bounds(e, f); b != f.interval() {
		return f.value + "% (" + b + "%)"
	}
	return f.value + "% " + f.interval()
}

// bounds is an interval, or the one bound that the data set.
func bounds(e stats.Estimate, f figures) string {
	switch {
	case e.N == 0:
		return ""
	case slices.Contains(e.Warnings, stats.WarnZeroCount):
		return "below " + f.high
	case slices.Contains(e.Warnings, stats.WarnFullCount):
		return "above " + f.low
	}
	return f.interval()
}

// shareRows is a table row a share: label, value, interval, mark, bar.
func shareRows(n *notes, rows []Row, label func(Row) string) [][]string {
	var out [][]string
	for _, r := range rows {
		f := show(r.Estimate, 100)
		out = append(out, []string{label(r), f.value, bounds(r.Estimate, f), n.mark(r.Estimate), fmt.Sprint(r.Value)})
	}
	return out
}

const shareAlign = "lrllb"

func (s *Summary) outcomes(n *notes) block {
	rows := s.find("outcome", Any)
	if s.N[Any] == 0 {
		return block{}
	}
	return block{
		title: fmt.Sprintf("Outcomes of all %s, from worst to best", histories(s.N[Any])), align: shareAlign,
		rows: shareRows(n, rows, func(r Row) string { return r.Class }),
	}
}

func (s *Summary) attacks() block {
	if s.N[Invaded] == 0 {
		return block{}
	}
	text := "Russia attacked again in " + histories(s.N[Invaded])
	if rows := s.find("invaded", Accepted); len(rows) > 0 {
		text += ": " + percent(rows[0].Estimate) + " of the accepted armistices"
	}
	return block{text: text + "."}
}

// attack is what one kind of attack came to.
func (s *Summary) attack(n *notes, kind Given, name string) block {
	if s.N[kind] == 0 {
		return block{}
	}
	return block{
		title: name + ": " + histories(s.N[kind]), align: "lrlll", header: []string{"", "median", "interval", "", "middle 90%"},
		rows: s.quantileRows(n, kind),
	}
}

func (s *Summary) armistice(n *notes) block {
	if s.N[Accepted] == 0 {
		return block{}
	}
	return block{
		title: "Below the line of attack, in an accepted armistice", align: "lrlll",
		header: []string{"", "median", "interval", "", "middle 90% of the histories"},
		rows:   s.quantileRows(n, Accepted),
	}
}

// quantileRows is a table row a measure: title, median, interval, mark, 5% to 95%.
func (s *Summary) quantileRows(n *notes, given Given) [][]string {
	var out [][]string
	for i, r := range s.Rows {
		if r.Given != given || r.Statistic != "median" {
			continue
		}
		c := s.columns[s.index(r.Measure)]
		label := c.Title
		if c.Unit != "" {
			label += ", " + strings.ReplaceAll(c.Unit, "km2", "km²")
		}
		if r.N == 0 {
			out = append(out, []string{label, "–", "in no history", "", ""})
			continue
		}
		if r.N < s.N[given] {
			label += fmt.Sprintf(" (n %s)", count(r.N))
		}
		f, whole := show(r.Estimate, 1), c.Kind == record.Int
		if whole {
			f = showWhole(r.Estimate)
		}
		out = append(out, []string{label, f.value, f.interval(), n.mark(r.Estimate),
			spread(s.Rows[i-1].Value, whole) + " to " + spread(s.Rows[i+1].Value, whole)})
	}
	return out
}

func (s *Summary) gates(n *notes) block {
	all := s.find("gate_failed", Invaded)
	if len(all) == 0 || s.N[Invaded] == 0 {
		return block{}
	}
	b := block{
		title: "The American answer to an attack: what held it back", align: "lrllrll",
		header: []string{"", "", "all " + count(s.N[Invaded]), "", "", "the " + count(s.N[Objective]) + " that reached an objective", ""},
	}
	reached := s.find("gate_failed", Objective)
	for i, r := range all {
		label := r.Class
		if label == "none" {
			label = "none: it came, and in time"
		}
		f, g := show(r.Estimate, 100), show(reached[i].Estimate, 100)
		b.rows = append(b.rows, []string{label, f.value, bounds(r.Estimate, f), n.mark(r.Estimate),
			g.value, bounds(reached[i].Estimate, g), n.mark(reached[i].Estimate)})
	}
	return b
}

func (s *Summary) time(n *notes) block {
	var rows []Row
	for _, r := range s.find("t_invasion_d", Accepted) {
		if r.Statistic == "incidence" {
			rows = append(rows, r)
		}
	}
	return block{
		title: "Attacked within this time of an accepted armistice", align: shareAlign,
		rows: shareRows(n, rows, func(r Row) string {
			if r.Days == 365 {
				return "1 year"
			}
			return fmt.Sprintf("%g years", r.Days/365)
		}),
	}
}

// rungs says what the rungs that the summary counts stand for.
var rungs = map[int64]string{
	5: "coalition in combat",
	7: "American strikes on Russia",
	8: "Russian strikes on NATO territory",
}

func (s *Summary) escalation(n *notes) block {
	var rows []Row
	for _, measure := range []string{"rung_max", "nuclear_signal", "nuclear_use"} {
		rows = append(rows, s.find(measure, Any)...)
	}
	if s.N[Any] == 0 {
		rows = nil
	}
	return block{
		title: fmt.Sprintf("Escalation in all %s: an axis of its own, part of no score", histories(s.N[Any])), align: shareAlign,
		rows: shareRows(n, rows, func(r Row) string {
			if r.Least > 0 {
				return fmt.Sprintf("rung %d or higher: %s", r.Least, rungs[r.Least])
			}
			return strings.ReplaceAll(r.Measure, "_", " ")
		}),
	}
}
