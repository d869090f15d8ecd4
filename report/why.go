package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"tripwire/stats"
	"tripwire/study/causes"
	"tripwire/study/record"
)

// Why is what led to what in a result: ways to outcomes, and how the American answer fared.
type Why struct {
	Manifest *record.Manifest
	Title    string
	Question string
	Level    float64
	Point    int64 // -1 for all design points together
	Top      int   // ways that are told of an outcome

	Runs    int // histories looked at
	Attacks int // of them, those in which an attack came
	Played  int // of the attacks, those that were played again for gates and worths
	Ways    []*causes.Ways
	Gates   []causes.Gate
	Held    []causes.Held
	Worths  []causes.Worth
}

// chainText is a chain in words.
func chainText(steps []causes.Step) string {
	words := []string{"armistice"}
	for _, s := range steps {
		words = append(words, s.String())
	}
	return strings.Join(words, " → ")
}

// Document lays the answer out.
func (y *Why) Document(advice ...Advice) *Document {
	n := new(notes)
	text := histories(y.Runs)
	if y.Point >= 0 && y.Manifest.Design.Points > 1 {
		text += fmt.Sprintf(" of design point %d", y.Point)
	} else if y.Manifest.Design.Points > 1 {
		text += fmt.Sprintf(" of %s design points", Count(y.Manifest.Design.Points))
	}
	text += fmt.Sprintf(", seed %d. Shares are in %%, in brackets the %g%% interval, each by itself: a summary's of outcomes and of gates hold together, and are wider.", y.Manifest.Seed, 100*y.Level)
	if y.Point < 0 && y.Manifest.Design.Points > 1 {
		text += " All points are taken together here, and the intervals take all histories for independent, which those of one replication " +
			"are not: they are too narrow. --point tells of one point."
	}
	blocks := []block{{text: text}}
	if len(y.Gates) > 0 {
		blocks = append(blocks, y.gates(n))
	}
	if len(y.Held) > 0 {
		blocks = append(blocks, y.held(n))
	}
	for _, w := range y.Ways {
		blocks = append(blocks, y.ways(n, w)...)
	}
	if len(y.Worths) > 0 {
		blocks = append(blocks, y.worths(n)...)
	}
	return newDocument(y.Title, y.Question, n.under(blocks), advice)
}

// sampled says how many of so many histories were played again.
func sampled(played, of int) string {
	if played == of {
		return ""
	}
	return fmt.Sprintf(" (%s of them, evenly spread, were played again: --sample)", Count(played))
}

func (y *Why) ways(n *notes, w *causes.Ways) []block {
	if w.Runs == 0 {
		return []block{{title: w.Outcome.String() + ": no history ended so"}}
	}
	top := min(y.Top, len(w.All))
	blocks := []block{{title: fmt.Sprintf("%s: %s%s", w.Outcome, histories(w.Runs), sampled(w.Played, w.Runs))}}
	if top < len(w.All) {
		blocks[0].title += fmt.Sprintf(", in %s ways; the commonest", Count(len(w.All)))
	}
	for _, way := range w.All[:top] {
		blocks = append(blocks, block{text: fmt.Sprintf("%s%s: %s (--%s)", percent(way.Share), n.mark(way.Share),
			chainText(way.Steps), y.example(way.Example))})
	}
	return blocks
}

func (y *Why) example(r causes.Run) string {
	if y.Manifest.Design.Points > 1 {
		return fmt.Sprintf("point %d --rep %d", r.Point, r.Rep)
	}
	return fmt.Sprintf("rep %d", r.Rep)
}

func (y *Why) gates(n *notes) block {
	b := block{
		title: fmt.Sprintf("The American answer to %s%s", attacksText(y.Attacks), sampled(y.Played, y.Attacks)), align: "lrllrrrll",
		header: []string{"", "held back", "", "", "refused", "passed", "day", "", "middle 90%"},
	}
	for _, g := range y.Gates {
		f := show(g.Held, 100)
		label := g.Gate.String()
		if label == "none" {
			b.rows = append(b.rows, []string{"none, in time", f.value, bounds(g.Held, f), n.mark(g.Held), "", "", "", "", ""})
			continue
		}
		row := []string{label, f.value, bounds(g.Held, f), n.mark(g.Held), Count(g.Refused), Count(g.Passed), "–", "", ""}
		if g.Passed > 0 {
			d := show(g.Days, 1)
			row[6], row[7], row[8] = d.value, d.interval(), spread(g.Low, false)+" to "+spread(g.High, false)
		}
		b.rows = append(b.rows, row)
	}
	return b
}

func attacksText(n int) string { return Plural(n, "attack", "attacks") }

func (y *Why) held(n *notes) block {
	b := block{title: "What held it back, by how the history ended", align: "lrlrll", header: []string{"", "attacks", "gate", "", "", ""}}
	last := ""
	for _, h := range y.Held {
		f := show(h.Share, 100)
		name, attacks := h.Outcome.String(), Count(h.Attacks)
		if name == last {
			name, attacks = "", ""
		} else {
			last = name
		}
		b.rows = append(b.rows, []string{name, attacks, h.Gate.String(), f.value, bounds(h.Share, f), n.mark(h.Share)})
	}
	return b
}

func (y *Why) worths(n *notes) []block {
	table := block{
		title: "Had one gate answered otherwise, under the same luck: " + attacksText(y.Attacks) + sampled(y.Played, y.Attacks), align: "llrllrlrl",
		header: []string{"gate", "answer", "outcome changes", "", "", "struck", "", "objective", ""},
	}
	for _, w := range y.Worths {
		changed, struck, objective := show(w.Changed, 100), show(w.Struck, 100), show(w.Objective, 100)
		table.rows = append(table.rows, []string{w.Name(), w.Answer.String(), changed.value, bounds(w.Changed, changed), n.mark(w.Changed),
			signed(struck.value), struck.interval(), signed(objective.value), objective.interval()})
	}
	return []block{table, {text: "\"Outcome changes\" is the share of the attacks that end in another class; \"struck\" and \"objective\" are the changes, in " +
		"percentage points, of the shares that an American strike answers and that reach an objective. \"At once\" opens a gate the moment " +
		"the answer comes to it; the gates behind it answer as they do. Time at once takes the waiting out of every gate and leaves its answer."}}
}

// signed shows that a number is a change.
func signed(value string) string {
	if value == "0" || strings.HasPrefix(value, "−") {
		return value
	}
	return "+" + value
}

type (
	wayJSON struct {
		Share   *estimateJSON `json:"share"`
		Count   int           `json:"count"`
		Point   int64         `json:"example_point"`
		Rep     int64         `json:"example_rep"`
		Steps   []causes.Step `json:"steps"`
		Chained string        `json:"chain"`
	}
	waysJSON struct {
		Outcome string    `json:"outcome"`
		Runs    int       `json:"histories"`
		Played  int       `json:"played_again"`
		Ways    []wayJSON `json:"ways"`
	}
	gateJSON struct {
		Gate    string        `json:"gate"`
		Held    *estimateJSON `json:"held_back_share"`
		Reached int           `json:"asked"`
		Refused int           `json:"refused"`
		Passed  int           `json:"passed"`
		Days    *estimateJSON `json:"median_d"`
		Low     number        `json:"q05_d"`
		High    number        `json:"q95_d"`
	}
	heldJSON struct {
		Outcome string        `json:"outcome"`
		Attacks int           `json:"attacks"`
		Gate    string        `json:"gate"`
		Share   *estimateJSON `json:"share"`
	}
	worthJSON struct {
		Gate      string        `json:"gate"`
		Answer    string        `json:"answer"`
		Changed   *estimateJSON `json:"outcome_changed_share"`
		Struck    *estimateJSON `json:"struck_change"`
		Objective *estimateJSON `json:"objective_change"`
	}
	whyJSON struct {
		Title   string      `json:"title,omitempty"`
		Level   float64     `json:"level"`
		Seed    uint64      `json:"seed"`
		Point   *int64      `json:"point,omitempty"`
		Runs    int         `json:"histories"`
		Attacks int         `json:"attacks"`
		Played  int         `json:"attacks_played_again"`
		Gates   []gateJSON  `json:"gates,omitempty"`
		Held    []heldJSON  `json:"held_back_by_outcome,omitempty"`
		Ways    []waysJSON  `json:"outcomes,omitempty"`
		Worths  []worthJSON `json:"counterfactuals,omitempty"`
	}
)

// JSON writes the answer as one JSON object.
func (y *Why) JSON(w io.Writer) error {
	out := whyJSON{Title: y.Title, Level: y.Level, Seed: y.Manifest.Seed, Runs: y.Runs, Attacks: y.Attacks, Played: y.Played}
	if y.Point >= 0 {
		out.Point = &y.Point
	}
	for _, g := range y.Gates {
		out.Gates = append(out.Gates, gateJSON{g.Gate.String(), newEstimateJSON(g.Held), g.Reached, g.Refused, g.Passed,
			newEstimateJSON(g.Days), number(g.Low), number(g.High)})
	}
	for _, h := range y.Held {
		out.Held = append(out.Held, heldJSON{h.Outcome.String(), h.Attacks, h.Gate.String(), newEstimateJSON(h.Share)})
	}
	for _, ways := range y.Ways {
		j := waysJSON{ways.Outcome.String(), ways.Runs, ways.Played, []wayJSON{}}
		for _, way := range ways.All[:min(y.Top, len(ways.All))] {
			j.Ways = append(j.Ways, wayJSON{newEstimateJSON(way.Share), way.Count, way.Example.Point, way.Example.Rep, way.Steps, chainText(way.Steps)})
		}
		out.Ways = append(out.Ways, j)
	}
	for _, x := range y.Worths {
		out.Worths = append(out.Worths, worthJSON{x.Name(), x.Answer.String(), newEstimateJSON(x.Changed), newEstimateJSON(x.Struck), newEstimateJSON(x.Objective)})
	}
	return writeJSON(w, out)
}

// CSV writes a row an estimate.
func (y *Why) CSV(w io.Writer) error {
	b := []byte("question,outcome,gate,answer,chain,example_point,example_rep,count,unit,value,low,high,level,n,method\n")
	row := func(question, outcome, gate, answer, chain, point, rep, count, unit string, e stats.Estimate) {
		for i, s := range []string{question, outcome, gate, answer, chain, point, rep, count, unit} {
			if i > 0 {
				b = append(b, ',')
			}
			b = record.AppendText(b, s)
		}
		b = appendFloats(b, e.Value, e.Low, e.High, e.Level)
		b = strconv.AppendInt(append(b, ','), int64(e.N), 10)
		b = append(record.AppendText(append(b, ','), e.Method), '\n')
	}
	for _, g := range y.Gates {
		row("held-back", "", g.Gate.String(), "", "", "", "", "", "", g.Held)
		if g.Reached > 0 {
			row("passed-after", "", g.Gate.String(), "", "", "", "", strconv.Itoa(g.Passed), "d", g.Days)
		}
	}
	for _, h := range y.Held {
		row("held-back", h.Outcome.String(), h.Gate.String(), "", "", "", "", "", "", h.Share)
	}
	for _, ways := range y.Ways {
		for _, way := range ways.All[:min(y.Top, len(ways.All))] {
			row("way", ways.Outcome.String(), "", "", chainText(way.Steps), strconv.FormatInt(way.Example.Point, 10),
				strconv.FormatInt(way.Example.Rep, 10), strconv.Itoa(way.Count), "", way.Share)
		}
	}
	for _, x := range y.Worths {
		row("outcome-changes", "", x.Name(), x.Answer.String(), "", "", "", "", "", x.Changed)
		row("struck-changes", "", x.Name(), x.Answer.String(), "", "", "", "", "", x.Struck)
		row("objective-changes", "", x.Name(), x.Answer.String(), "", "", "", "", "", x.Objective)
	}
	_, err := w.Write(b)
	return err
}
