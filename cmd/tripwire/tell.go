package main

import (
	"fmt"
	"math"
	"strings"

	"tripwire/model"
	"tripwire/report"
	"tripwire/sim"
	"tripwire/stats"
	"tripwire/study"
	"tripwire/study/causes"
	"tripwire/study/record"
)

// tell is a history in words: what happened, how it came to its end, and what it is measured by.
func tell(s *study.Study, point, rep int64, history []model.Entry, outcome model.Outcome, gates [model.GateTime + 1]model.Passage, all bool, width int) []byte {
	var b strings.Builder
	if title := s.Title(); title != "" {
		fmt.Fprintln(&b, title)
	}
	if s.Points() > 1 {
		fmt.Fprintf(&b, "Design point %d: %s.\n", point, s.Describe(point))
	}
	fmt.Fprintf(&b, "Replication %d, seed %d. Day 0 is the armistice; in brackets the event that caused it.\n\n", rep, s.Scenario.Seed)
	story(&b, history, outcome, gates, all, width)
	return []byte(b.String())
}

// story is what a history holds.
func story(b *strings.Builder, history []model.Entry, outcome model.Outcome, gates [model.GateTime + 1]model.Passage, all bool, width int) {
	b.WriteString("In short:\n")
	for _, sentence := range causes.Brief(outcome, gates) {
		b.WriteString("  " + strings.ReplaceAll(report.Wrap(sentence, width-2), "\n", "\n  ") + "\n")
	}
	events := causes.ByID(history)
	told, routine, repeated := causes.Telling(history)
	if all {
		routine, repeated = 0, 0
	}
	phase := ""
	for i, e := range history {
		if !all && !told[i] {
			continue
		}
		if name, _ := causes.Phase(e, outcome); name != phase {
			phase = name
			fmt.Fprintf(b, "\n%s:\n", name)
		}
		text := e.Event
		if e.What != "" {
			text += ": " + e.What
		}
		writeEvent(b, e, text+" ["+name(events, e.Cause)+"]", width)
	}
	if routine+repeated > 0 {
		b.WriteString("\n" + report.Wrap(fmt.Sprintf(
			"Left out: %s what is told above with other figures, and %s; --all tells them too.",
			report.Plural(repeated, "event that only repeats", "events that only repeat"), report.Plural(routine, "routine one", "routine ones")), width) + "\n")
	}
	if len(history) > 0 {
		b.WriteString("\nHow it came to its end:\n")
		for _, step := range chain(events, history[len(history)-1]) {
			writeEvent(b, step.Entry, step.text, width)
		}
	}
	for _, e := range history {
		if e.Event == "gate" {
			b.WriteString("\nHow the American answer fared:\n")
			for _, step := range chain(events, e) {
				writeEvent(b, step.Entry, step.text, width)
			}
		}
	}
	b.WriteString("\nWhat came of it:\n")
	for _, m := range measures(outcome) {
		fmt.Fprintf(b, "  %-32s %s\n", m[0], m[1])
	}
}

// measures is the title and the value in words of every measure that a history has.
func measures(outcome model.Outcome) (list [][2]string) {
	cells := study.Row(outcome)
	for i, c := range study.Measures() {
		if text := measure(c, cells[i]); text != "" {
			list = append(list, [2]string{c.Title, text})
		}
	}
	return list
}

// name is what an event is called where it is a cause.
func name(events map[sim.ID]model.Entry, id sim.ID) string {
	if id == 0 {
		return "the armistice"
	}
	return fmt.Sprintf("#%d %s", id, events[id].Event)
}

func writeEvent(b *strings.Builder, e model.Entry, text string, width int) {
	prefix := fmt.Sprintf("%-6s %-12s %-12s ", fmt.Sprintf("#%d", e.ID), e.At, causes.Actor(e.Subject))
	indent := "\n" + strings.Repeat(" ", len(prefix))
	b.WriteString(prefix + strings.ReplaceAll(report.Wrap(text, max(width-len(prefix), 30)), "\n", indent) + "\n")
}

// A step is an event of a causal chain; repetitions of one kind are one step, of which it is the last.
type step struct {
	model.Entry
	text string
}

// chain is how the armistice led to an event, cause by cause.
func chain(events map[sim.ID]model.Entry, last model.Entry) []step {
	entries := causes.Causes(events, last)
	var steps []step
	times := 1
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].Subject == e.Subject && entries[i+1].Event == e.Event {
			times++
			continue
		}
		text := e.Event
		if times > 1 {
			text += fmt.Sprintf(" (the last of %d in a row)", times)
		}
		if e.What != "" {
			text += ": " + e.What
		}
		steps = append(steps, step{e, text})
		times = 1
	}
	return steps
}

// measure is one measure of a history in words; "" if it is missing.
func measure(c record.Column, x float64) string {
	if x != x {
		return ""
	}
	switch c.Kind {
	case record.Bool:
		return [...]string{"no", "yes"}[int(x)]
	case record.Class:
		return c.Label(x)
	case record.Int:
		return strings.TrimSpace(report.Count(int64(x)) + " " + unitOf(c, int64(x)))
	}
	return strings.TrimSpace(fourDigits(x) + " " + c.Unit)
}

// unitOf is the unit of so many; "" where the title has named it, as that of the highest rung does.
func unitOf(c record.Column, n int64) string {
	one := strings.TrimSuffix(c.Unit, "s")
	switch {
	case strings.HasSuffix(c.Title, " "+c.Unit):
		return ""
	case c.Unit == "people":
		one = "person"
	}
	return record.Noun(n, one, c.Unit)
}

// fourDigits is a measured value with four digits, or all of those before the point.
func fourDigits(x float64) string {
	if x == 0 {
		return "0"
	}
	text := stats.Round(x, min(0, int(math.Floor(math.Log10(math.Abs(x))))-3))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
