package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"tripwire/stats"
	"tripwire/study/record"
)

// Document lays a summary out.
func (s *Summary) Document(advice ...Advice) *Document {
	n := new(notes)
	blocks := []block{s.opening(), s.headline(n), s.worth(), s.outcomes(n), s.attacks(), s.attack(n, Limited, "Limited attacks"), s.attack(n, Full, "Full invasions"), s.gates(n), s.time(n), s.armistice(n), s.escalation(n)}
	blocks = append(append(blocks, s.Verdicts.blocks()...), block{text: s.caution()})
	return newDocument(s.Title, s.Question, slices.DeleteFunc(n.under(blocks), block.empty), advice)
}

const luckOnly = "Luck only: every input was held at one value, so the intervals say how sure the computation is, " +
	"and nothing of how uncertain the inputs are. " + never

const otherwiseFixed = "Luck only: every input but those that the study sets was held at one value. " + never

const never = "Use the numbers to compare guarantees under stated assumptions; they are never a forecast."

// caution is what numbers over all points of a design do not say.
func caution(d *record.Design) string {
	switch {
	case len(d.Uncertain) == 0 && d.Futures > 0:
		return otherwiseFixed
	case len(d.Uncertain) == 0 && d.Points > 1:
		return otherwiseFixed
	case len(d.Uncertain) == 0:
		return luckOnly
	case len(d.Correlated) > 0:
		return "The uncertain inputs were sampled over what is believed of them, together where the ledger gives a correlation (" +
			strings.Join(d.Correlated, ", ") + "), else each by itself. " + never
	}
	return "The uncertain inputs were sampled over what is believed of them, each by itself. " + never
}

// caution is what the numbers do not say.
func (s *Summary) caution() string {
	if s.layout == nil {
		return luckOnly
	}
	return s.layout.cautions()
}

// stopped says how a study came to its number of histories, if that hung on what it saw.
func stopped(m *record.Manifest) string {
	switch s := m.Stopping; {
	case s != nil && s.Met:
		text := fmt.Sprintf(" Stopped by until = %q after %s; intervals take the number of histories for fixed.", s.Until, Plural(s.Rounds, "round", "rounds"))
		if s.Early {
			text += " It stopped on so few events or values that the interval can cover less often than its level."
		}
		return text
	case s != nil:
		return fmt.Sprintf(" The width of until = %q was not reached in %s; intervals take the number of histories for fixed.", s.Until, Plural(s.Rounds, "round", "rounds"))
	case m.Selection != nil:
		return " How often each choice was played hung on what was seen; intervals take it for fixed."
	}
	return ""
}

func (s *Summary) opening() block {
	m := s.Manifest
	text := histories(m.Runs)
	if s.Horizon > 0 {
		text += " of up to " + stats.Round(s.Horizon/365, -1) + " years"
	}
	if d := m.Design; d.Points > 1 {
		text += fmt.Sprintf(" at %s design points", Count(d.Points))
	}
	text += fmt.Sprintf(", seed %d. Shares are in %%", m.Seed)
	if s.layout == nil {
		text += fmt.Sprintf(", in brackets the %g%% interval.", 100*s.Level)
	} else {
		text += ", over all points together"
		if Chosen(&m.Design) {
			text += ", which somebody chose: it says nothing of any of them"
		}
		text += "; summary --by shows them apart. " + s.layout.explain(s.Level)
	}
	if m.Failed > 0 {
		text += fmt.Sprintf(" %s of them failed and are left out: see failures in manifest.json.", Count(m.Failed))
	}
	if s.N[Any] > 0 {
		how := "Goodman"
		if s.layout != nil {
			how = "Bonferroni"
		}
		text += fmt.Sprintf(" The intervals of the outcomes, and those of the gates, hold together (simultaneous, %s); all others hold one at a time.", how)
	}
	text += stopped(m)
	return block{text: text}
}

func (s *Summary) headline(n *notes) block {
	rows := s.find("deterred", Accepted)
	if len(rows) == 0 || s.N[Accepted] == 0 {
		return block{}
	}
	r := rows[0]
	text := fmt.Sprintf("Deterrence held in %s of the %s in which Moscow accepted the terms.", percent(r.Estimate), histories(s.N[Accepted]))
	mark := n.mark(doubts(r.Estimate, r.Bars))
	if s.inputs() {
		switch b := r.Bars; {
		case math.IsNaN(b.Input.Between):
			return block{text: text + " How the chance differs between futures cannot be told." + mark}
		case b.Input.Between == 0 && b.Input.Noise == 0:
			return block{text: text + mark}
		case b.Input.Between == 0:
			return block{text: text + " The chance differs between futures by no more than luck does." + mark}
		}
		text += fmt.Sprintf(" What is believed of the inputs leaves its chance at a future anywhere from %s%%.", r.InputText(true, false, 100))
	}
	return block{text: text + mark}
}

// worth says what more running would do to the headline.
func (s *Summary) worth() block {
	rows := s.find("deterred", Accepted)
	if len(rows) == 0 || rows[0].Bars == nil {
		return block{}
	}
	return block{text: s.layout.worth(rows[0].Bars, 100)}
}

// inputs says whether the summary has input bars.
func (s *Summary) inputs() bool { return s.layout != nil && s.layout.future != nil }

// percent is a share in running text: 71% [68, 74], or 0% (below 3%).
func percent(e stats.Estimate) string {
	f := show(e, 100)
	if b := bounds(e, f); b != f.interval() {
		return f.value + "% (" + b + "%)"
	}
	return f.value + "% " + f.interval()
}

// bounds is an interval, or the one bound that the data set.
func bounds(e stats.Estimate, f shown) string {
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

// shares is a table with a row a share: label, value, interval or both bars, mark, bar.
func (s *Summary) shares(n *notes, title string, rows []Row, label func(Row) string) block {
	b := block{title: title, align: "lrllb"}
	if s.inputs() && len(rows) > 0 {
		b.align, b.header = "lrlllb", []string{"", "", "run bar", "input bar", "", ""}
	}
	for _, r := range rows {
		f := show(r.Estimate, 100)
		cells := []string{label(r), f.value, bounds(r.Estimate, f)}
		if s.inputs() {
			cells = append(cells, r.InputText(true, false, 100))
		}
		b.rows = append(b.rows, append(cells, n.mark(doubts(r.Estimate, r.Bars)), fmt.Sprint(r.Value)))
	}
	return b
}

// refused is the class in which there was no armistice to keep: the first that applies, and neither worst nor best.
const refused = "terms-refused"

func (s *Summary) outcomes(n *notes) block {
	rows := s.find("outcome", Any)
	if s.N[Any] == 0 {
		return block{}
	}
	title := fmt.Sprintf("Outcomes of all %s, from worst to best", histories(s.N[Any]))
	if i := slices.IndexFunc(rows, func(r Row) bool { return r.Class == refused }); i >= 0 {
		title += "; last and apart, " + refused
		rows = append(slices.Delete(slices.Clone(rows), i, i+1), rows[i])
	}
	return s.shares(n, title, rows, func(r Row) string { return r.Class })
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
	return s.medians(n, kind, name+": "+histories(s.N[kind]), "middle 90%")
}

func (s *Summary) armistice(n *notes) block {
	if s.N[Accepted] == 0 {
		return block{}
	}
	return s.medians(n, Accepted, "Below the line of attack, in an accepted armistice", "middle 90% of the histories")
}

// medians is a table with a row a measure: title, median, interval or both bars, mark, 5% to 95% of the histories.
func (s *Summary) medians(n *notes, given Given, title, middle string) block {
	b := block{title: title, align: "lrlll", header: []string{"", "median", "interval", "", middle}}
	if s.inputs() {
		b.align, b.header = "lrllll", []string{"", "median", "run bar", "input bar", "", middle}
	}
	for i, r := range s.Rows {
		if r.Given != given || r.Statistic != "median" {
			continue
		}
		c := s.columns[s.index(r.Measure)]
		label := c.Title
		if c.Unit != "" {
			label += ", " + squared(c.Unit)
		}
		if r.N == 0 {
			cells := make([]string, len(b.align))
			copy(cells, []string{label, "–", "in no history"})
			b.rows = append(b.rows, cells)
			continue
		}
		if r.N < s.N[given] {
			label += fmt.Sprintf(" (n %s)", Count(r.N))
		}
		f, whole := show(r.Estimate, 1), c.Kind == record.Int
		if whole {
			f = showWhole(r.Estimate)
		}
		cells := []string{label, f.value, f.interval()}
		if s.inputs() {
			cells = append(cells, r.InputText(false, whole, 1))
		}
		b.rows = append(b.rows, append(cells, n.mark(doubts(r.Estimate, r.Bars)),
			spread(s.Rows[i-1].Value, whole)+" to "+spread(s.Rows[i+1].Value, whole)))
	}
	return b
}

func (s *Summary) gates(n *notes) block {
	all := s.find("gate_failed", Invaded)
	if len(all) == 0 || s.N[Invaded] == 0 {
		return block{}
	}
	groups := [2]string{"all " + Count(s.N[Invaded]), "the " + Count(s.N[Objective]) + " that reached an objective"}
	b := block{title: "The American answer to an attack: what held it back", align: "l", header: []string{""}}
	for _, group := range groups {
		if s.inputs() {
			b.align, b.header = b.align+"rlll", append(b.header, "", group, "input bar", "")
		} else {
			b.align, b.header = b.align+"rll", append(b.header, "", group, "")
		}
	}
	reached := s.find("gate_failed", Objective)
	for i := range all {
		label := all[i].Class
		if label == "none" {
			label = "none: it came, and in time"
		}
		cells := []string{label}
		for _, r := range []Row{all[i], reached[i]} {
			f := show(r.Estimate, 100)
			cells = append(cells, f.value, bounds(r.Estimate, f))
			if s.inputs() {
				cells = append(cells, r.InputText(true, false, 100))
			}
			cells = append(cells, n.mark(doubts(r.Estimate, r.Bars)))
		}
		b.rows = append(b.rows, cells)
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
	return s.shares(n, "Attacked within this time of an accepted armistice", rows, func(r Row) string {
		if r.Days == 365 {
			return "1 year"
		}
		return fmt.Sprintf("%g years", r.Days/365)
	})
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
	title := fmt.Sprintf("Escalation in %s %s: an axis of its own, part of no score", record.Noun(s.N[Any], "the", "all"), histories(s.N[Any]))
	return s.shares(n, title, rows, func(r Row) string {
		if r.Least > 0 {
			return fmt.Sprintf("rung %d or higher: %s", r.Least, rungs[r.Least])
		}
		return strings.ReplaceAll(r.Measure, "_", " ")
	})
}

// Headline is what came of it in a sentence, and what is doubtful about its numbers, which it marks ¹ ² ³.
func (s *Summary) Headline() (text string, doubts []string) {
	n := new(notes)
	return s.headline(n).text, n.list
}

// Caution is what the numbers do not say.
func (s *Summary) Caution() string { return s.caution() }

type rowJSON struct {
	Measure   string  `json:"measure"`
	Class     string  `json:"class,omitempty"`
	AtLeast   int64   `json:"at_least,omitempty"`
	Given     string  `json:"given,omitempty"`
	Statistic string  `json:"statistic"`
	WithinD   float64 `json:"within_d,omitempty"`
	Unit      string  `json:"unit,omitempty"`
	*estimateJSON
	*barsJSON
}

type summaryJSON struct {
	Title    string           `json:"title,omitempty"`
	Question string           `json:"question,omitempty"`
	Level    float64          `json:"level"`
	Caution  string           `json:"caution"`
	Manifest *record.Manifest `json:"manifest"`
	Verdicts []verdictJSON    `json:"expectations,omitempty"`
	Rows     []rowJSON        `json:"estimates"`
}

// JSON writes the summary as one JSON object: the manifest, and an object an estimate.
func (s *Summary) JSON(w io.Writer) error {
	out := summaryJSON{Title: s.Title, Question: s.Question, Level: s.Level, Caution: s.caution(), Manifest: s.Manifest, Verdicts: s.Verdicts.json(), Rows: []rowJSON{}}
	for _, r := range s.Rows {
		out.Rows = append(out.Rows, rowJSON{
			Measure: r.Measure, Class: r.Class, AtLeast: r.Least, Given: r.Given.String(), Statistic: r.Statistic,
			WithinD: r.Days, Unit: r.Unit, estimateJSON: newEstimateJSON(r.Estimate), barsJSON: r.Bars.json(r.Estimate, r.Unit == "share"),
		})
	}
	return writeJSON(w, out)
}

// CSV writes a row an estimate.
func (s *Summary) CSV(w io.Writer) error {
	b := []byte("measure,class,at_least,given,statistic,within_d,unit,value,low,high,level,n,method,input_q05,input_q95,input_sd,run_share_futures,run_share_luck,run_share_rest\n")
	text := func(s string) { b = record.AppendText(append(b, ','), s) }
	for _, r := range s.Rows {
		b = record.AppendText(b, r.Measure)
		text(r.Class)
		if b = append(b, ','); r.Least != 0 {
			b = strconv.AppendInt(b, r.Least, 10)
		}
		text(r.Given.String())
		text(r.Statistic)
		if b = append(b, ','); r.Days != 0 {
			b = strconv.AppendFloat(b, r.Days, 'f', -1, 64)
		}
		text(r.Unit)
		b = appendFloats(b, r.Value, r.Low, r.High, r.Level)
		b = strconv.AppendInt(append(b, ','), int64(r.N), 10)
		text(r.Method)
		bars := r.Bars.cells(r.Unit == "share")
		b = appendFloats(b, bars[:]...)
		b = append(b, '\n')
	}
	_, err := w.Write(b)
	return err
}
