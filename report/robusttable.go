package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Document lays the judgement out.
func (s *Robust) Document(advice ...Advice) *Document {
	n := new(notes)
	d := s.Manifest.Design
	direction := "more is better"
	if !s.High {
		direction = "less is better"
	}
	expected := "of the expected value the run bar, of the others "
	if !s.RunBars {
		expected = ""
	}
	text := fmt.Sprintf("%s, each at the same %s of %s, %s at each; %s. In brackets the %g%% interval: "+
		"%swhat another sample of futures could have shown.",
		Plural(len(s.Groups), "choice", "choices"), Plural(d.Futures, "sampled future", "sampled futures"), parameters(len(d.Uncertain)), histories(d.Replications), direction, 100*s.Level, expected)
	if s.Dropped > 0 {
		text += fmt.Sprintf(" At %s some choice has no value; %s left out for all.", Plural(s.Dropped, "future", "futures"), record.Noun(s.Dropped, "it is", "they are"))
	}
	if !s.RunBars {
		text += " The interval of the expected value is over futures alone, with the luck of the histories held: summary --by has the wider one."
	}
	values := s.block(n, s.heading(), stats.Expected, stats.Satisficing, stats.Maximin)
	regrets := s.block(n, "Regret: by how much the best choice at a future is better", stats.MinimaxRegret, stats.Regret90)
	verdict := block{title: fmt.Sprintf("The best by each criterion, and in how many of %s resamplings of the futures", Count(s.Draws)), align: "llr"}
	for _, c := range s.criteria() {
		names, draws := s.best(c)
		who := strings.Join(names, "; ")
		if len(names) == len(s.Policy) {
			who = "all alike"
		}
		verdict.rows = append(verdict.rows, []string{c.String(), who, fmt.Sprintf("%.0f%%", 100*draws)})
	}
	if counted := s.counted("choice"); counted != "" {
		text += " " + counted
	}
	blocks := []block{{text: text}, values, regrets, {text: s.noise()}, verdict, {text: caution(&s.Manifest.Design)}}
	return newDocument(s.Title, s.Question, n.under(blocks), advice)
}

// block is a table with a row a choice.
func (s *Robust) block(n *notes, title string, criteria ...stats.Criterion) block {
	t := block{title: title, header: slices.Clone(s.Keys), align: strings.Repeat("l", len(s.Keys))}
	for i := range s.Groups {
		t.rows = append(t.rows, slices.Clone(s.Groups[i].Values))
	}
	scale, _ := s.scale()
	for _, c := range criteria {
		name, times := c.String(), scale
		if c == stats.Satisficing {
			if math.IsNaN(s.Satisfy) {
				continue
			}
			sign := "≥"
			if !s.High {
				sign = "≤"
			}
			name, times = fmt.Sprintf("futures %s %.6g, %%", sign, scale*s.Satisfy), 100
		}
		t.header = append(t.header, "", name, "")
		t.align += "rll"
		fresh, most := s.fresh(c)
		if fresh != nil {
			t.header = append(t.header, "fresh luck")
			t.align += "r"
		}
		for i, p := range s.Policy {
			e := p.Criterion[c]
			t.rows[i] = append(t.rows[i], append(criterionCells(e, times), n.mark(e))...)
			if fresh != nil {
				t.rows[i] = append(t.rows[i], stats.Round(scale*fresh[i], most))
			}
		}
	}
	return t
}

// fresh is an extreme of every choice as fresh luck shows it, and to which place it is shown; nil of what is
// no extreme, and where there is one replication.
func (s *Robust) fresh(c stats.Criterion) (values []float64, at int) {
	if c != stats.Maximin && c != stats.MinimaxRegret || s.Manifest.Design.Replications < 2 {
		return nil, 0
	}
	most := 0.0
	for _, p := range s.Policy {
		x := p.FreshWorst
		if c == stats.MinimaxRegret {
			x = p.FreshRegret
		}
		values = append(values, x)
		most = max(most, math.Abs(x), math.Abs(p.Criterion[c].Value))
	}
	scale, _ := s.scale()
	if most > 0 {
		at = second(scale * most)
	}
	return values, at
}

// criterionCells is a value and its interval, or its one limit where a side is open.
func criterionCells(e stats.Estimate, scale float64) []string {
	if e.N == 0 {
		return []string{"–", ""}
	}
	limit, sign := e.High, "≤ "
	switch {
	case math.IsInf(e.High, 0):
		limit, sign = e.Low, "≥ "
	case !math.IsInf(e.Low, 0):
		f := show(e, scale)
		return []string{f.value, bounds(e, f)}
	}
	at := stats.Place(scale*e.Value, scale*math.Abs(limit-e.Value))
	if math.IsInf(limit, 0) || math.IsNaN(limit) {
		return []string{stats.Round(scale*e.Value, at), ""}
	}
	return []string{stats.Round(scale*e.Value, at), sign + stats.Round(scale*limit, at)}
}

// noise says what luck adds to the extremes.
func (s *Robust) noise() string {
	if s.Manifest.Design.Replications < 2 {
		return "With one replication at a future, luck cannot be told from inputs: worst futures are partly bad luck, and regrets are too large."
	}
	scale, _ := s.scale()
	size := "some"
	if s.Noise > 0 {
		size = "up to about " + stats.Round(scale*s.Noise, second(scale*s.Noise))
	}
	return fmt.Sprintf("Luck gives the value of a choice at a future a standard deviation of %s, which makes the worst "+
		"future look worse and the regrets larger than they are. For fresh luck the future is found by one half of the replications and measured by the other; "+
		"on average the truth at these futures lies between the two. Where they are far apart, more replications come before any verdict.", size)
}

// names is the criteria in files.
var names = [stats.Criteria]string{"expected", "maximin", "minimax_regret", "regret90", "satisficing"}

type criterionJSON struct {
	Value    number   `json:"value"`
	Low      number   `json:"low"`
	High     number   `json:"high"`
	Fresh    *number  `json:"fresh_luck,omitempty"` // found on one half of the replications, measured on the other
	Best     bool     `json:"best"`
	Draws    number   `json:"best_in_share_of_resamples"`
	Method   string   `json:"method"`
	Warnings []string `json:"warnings,omitempty"`
}

// table is the criteria of every policy, in the order of [names].
func (s *Robust) table() [][]criterionJSON {
	out := make([][]criterionJSON, len(s.Policy))
	for _, c := range s.criteria() {
		best, _ := s.best(c)
		for i, p := range s.Policy {
			e := p.Criterion[c]
			j := criterionJSON{number(e.Value), number(e.Low), number(e.High), nil,
				slices.Contains(best, strings.Join(s.Groups[i].Values, ", ")), number(p.Best[c]), e.Method, e.Warnings}
			switch fresh := number(p.FreshWorst); {
			case c == stats.Maximin:
				j.Fresh = &fresh
			case c == stats.MinimaxRegret:
				fresh = number(p.FreshRegret)
				j.Fresh = &fresh
			}
			out[i] = append(out[i], j)
		}
	}
	return out
}

// JSON writes the judgement as one JSON object.
func (s *Robust) JSON(w io.Writer) error {
	type policyJSON struct {
		Values   map[string]string        `json:"group"`
		Criteria map[string]criterionJSON `json:"criteria"`
	}
	out := struct {
		Title    string           `json:"title,omitempty"`
		Question string           `json:"question,omitempty"`
		Measure  string           `json:"measure"`
		Class    string           `json:"class,omitempty"`
		Better   string           `json:"better"`
		Satisfy  number           `json:"satisfy"`
		Level    float64          `json:"level"`
		Futures  int              `json:"futures"`
		Dropped  int              `json:"futures_left_out"`
		Noise    number           `json:"noise_sd"`
		Draws    int              `json:"resamples"`
		Manifest *record.Manifest `json:"manifest"`
		Policies []policyJSON     `json:"policies"`
	}{s.Title, s.Question, s.Measure.Name, s.Class, s.better(), number(s.Satisfy), s.Level, s.Futures, s.Dropped, number(s.Noise), s.Draws, s.Manifest, nil}
	for i, row := range s.table() {
		p := policyJSON{s.named(&s.Groups[i]), map[string]criterionJSON{}}
		for k, c := range s.criteria() {
			p.Criteria[names[c]] = row[k]
		}
		out.Policies = append(out.Policies, p)
	}
	return writeJSON(w, out)
}

func (s *Robust) better() string {
	if s.High {
		return "high"
	}
	return "low"
}

// CSV writes a row a choice and criterion.
func (s *Robust) CSV(w io.Writer) error {
	line := appendTexts(nil, s.Keys)
	line = append(line, "measure,class,better,criterion,value,low,high,level,fresh_luck,best_in_share_of_resamples,method\n"...)
	for i, row := range s.table() {
		for k, c := range s.criteria() {
			line = appendTexts(line, s.Groups[i].Values)
			j, fresh := row[k], math.NaN()
			if j.Fresh != nil {
				fresh = float64(*j.Fresh)
			}
			line = fmt.Appendf(line, "%s,%s,%s,%s", s.Measure.Name, s.Class, s.better(), names[c])
			line = appendFloats(line, float64(j.Value), float64(j.Low), float64(j.High), s.Level, fresh, float64(j.Draws))
			line = append(record.AppendText(append(line, ','), j.Method), '\n')
		}
	}
	_, err := w.Write(line)
	return err
}
