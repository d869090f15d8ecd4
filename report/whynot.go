package report

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"tripwire/model"
	"tripwire/stats"
	"tripwire/study/causes"
	"tripwire/study/record"
)

// WhyNot is one history, and how it would have ended had a gate of the American answer said otherwise.
type WhyNot struct {
	Title  string
	Seed   uint64
	Run    causes.Run
	Points int64 // of the design
	Own    model.Outcome
	Gates  []causes.Said
}

// ends is a history in the cells of the table.
func ends(o *model.Outcome) []string {
	objective, strike, front := "–", "–", "–"
	if causes.Objective(o) {
		objective = "taken"
	}
	if o.FirstStrikeD == o.FirstStrikeD {
		strike = stats.Round(o.FirstStrikeD, -1)
	}
	if o.Invaded {
		front = stats.Round(o.FrontMaxKm, -1)
	}
	return []string{o.Outcome.String(), objective, strike, front}
}

func gateName(s causes.Said) string {
	if s.Gate == model.GateNone {
		return "every gate"
	}
	return s.Gate.String()
}

// said is what a gate said, and when.
func said(s causes.Said) string {
	times := ""
	if s.Passage.Refused > 0 {
		times = fmt.Sprintf(" (%d× no)", s.Passage.Refused)
	}
	switch {
	case s.Gate == model.GateNone:
		return ""
	case s.Passage.ReachedD != s.Passage.ReachedD:
		return "never asked"
	case s.Passage.PassedD == s.Passage.PassedD:
		return "day " + stats.Round(s.Passage.PassedD, -1) + times
	}
	return "never" + times
}

// Document lays the table out.
func (y *WhyNot) Document(advice ...Advice) *Document {
	text := "Replication " + strconv.FormatInt(y.Run.Rep, 10)
	if y.Points > 1 {
		text += fmt.Sprintf(" of design point %d", y.Run.Point)
	}
	text += fmt.Sprintf(", seed %d. It ended in %s on day %s.", y.Seed, y.Own.Outcome, Count(int64(math.Round(y.Own.EndD))))
	if !y.Own.Invaded {
		return newDocument(y.Title, "", []block{{text: text + " No attack came, and so no gate of the American answer was asked."}}, advice)
	}
	kind := "limited attack"
	if y.Own.Kind == model.FullInvasion {
		kind = "full invasion"
	}
	text += fmt.Sprintf(" A %s came on day %s; days below are counted from it.", kind, Count(int64(math.Round(y.Own.InvasionD))))
	t := block{
		title: "Had one gate answered otherwise, under the same luck", align: "lllllrr",
		header: []string{"gate", "passed", "if it said", "outcome", "aim", "strike", "front"},
		rows:   [][]string{append([]string{"as it was", "", ""}, ends(&y.Own)...)},
	}
	for _, g := range y.Gates {
		name, word := gateName(g), said(g)
		if len(g.Ifs) == 0 {
			t.rows = append(t.rows, []string{name, word, "", "", "", "", ""})
		}
		for _, f := range g.Ifs {
			t.rows = append(t.rows, append([]string{name, word, f.Answer.String()}, ends(&f.Outcome)...))
			name, word = "", ""
		}
	}
	return newDocument(y.Title, "", []block{{text: text}, t, {text: "\"At once\" opens a gate the moment the answer comes to it, \"no\" keeps it shut; the gates behind it answer as they do. " +
		"Time at once takes the waiting out of every gate and leaves its answer. Aim: an objective fell; strike: the day of the first American " +
		"one; front: its furthest, in km."}}, advice)
}

type endJSON struct {
	Answer    string `json:"answer,omitempty"`
	Outcome   string `json:"outcome"`
	Objective bool   `json:"objective_reached"`
	StrikeD   number `json:"t_first_strike_d"`
	FrontKm   number `json:"front_max_km"`
	EndD      number `json:"t_end_d"`
	Gate      string `json:"gate_failed"`
}

func newEndJSON(answer string, o *model.Outcome) endJSON {
	return endJSON{answer, o.Outcome.String(), causes.Objective(o), number(o.FirstStrikeD), number(o.FrontMaxKm), number(o.EndD), o.GateFailed.String()}
}

// JSON writes the table as one JSON object.
func (y *WhyNot) JSON(w io.Writer) error {
	type gate struct {
		Gate     string    `json:"gate"`
		Said     string    `json:"said,omitempty"`
		ReachedD number    `json:"reached_d"`
		PassedD  number    `json:"passed_d"`
		Refused  int       `json:"refused"`
		Ifs      []endJSON `json:"if"`
	}
	out := struct {
		Title string  `json:"title,omitempty"`
		Seed  uint64  `json:"seed"`
		Point int64   `json:"point"`
		Rep   int64   `json:"rep"`
		Kind  string  `json:"invasion_kind,omitempty"`
		Own   endJSON `json:"as_it_was"`
		Gates []gate  `json:"gates"`
	}{y.Title, y.Seed, y.Run.Point, y.Run.Rep, y.Own.Kind.String(), newEndJSON("", &y.Own), []gate{}}
	for _, g := range y.Gates {
		j := gate{gateName(g), said(g), number(g.Passage.ReachedD), number(g.Passage.PassedD), g.Passage.Refused, []endJSON{}}
		if g.Gate == model.GateNone {
			j.ReachedD, j.PassedD = number(math.NaN()), number(math.NaN())
		}
		for _, f := range g.Ifs {
			j.Ifs = append(j.Ifs, newEndJSON(f.Answer.String(), &f.Outcome))
		}
		out.Gates = append(out.Gates, j)
	}
	return writeJSON(w, out)
}

// CSV writes a row a supposition; the first is the history as it was.
func (y *WhyNot) CSV(w io.Writer) error {
	b := []byte("gate,said,answer,outcome,objective_reached,t_first_strike_d,front_max_km,t_end_d,gate_failed\n")
	row := func(gate, said, answer string, o *model.Outcome) {
		b = appendTexts(b, []string{gate, said, answer, o.Outcome.String()})
		reached := byte('0')
		if causes.Objective(o) {
			reached = '1'
		}
		b = append(b, reached)
		b = appendFloats(b, o.FirstStrikeD, o.FrontMaxKm, o.EndD)
		b = append(record.AppendText(append(b, ','), o.GateFailed.String()), '\n')
	}
	row("", "", "", &y.Own)
	for _, g := range y.Gates {
		for _, f := range g.Ifs {
			row(gateName(g), said(g), f.Answer.String(), &f.Outcome)
		}
	}
	_, err := w.Write(b)
	return err
}
