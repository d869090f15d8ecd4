package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Document lays the ranking out.
func (k *Ranking) Document(advice ...Advice) *Document {
	n := new(notes)
	d, s := &k.Manifest.Design, k.Selection
	text := fmt.Sprintf("%s over %s", histories(k.Manifest.Runs), Plural(len(k.Policies), "choice", "choices"))
	if d.Futures > 0 {
		text += fmt.Sprintf(", all at the same %s of %s", Plural(d.Futures, "sampled future", "sampled futures"), parameters(len(d.Uncertain)))
	}
	text += fmt.Sprintf(", seed %d; %s is better. In brackets the %g%% interval", k.Manifest.Seed, map[string]string{"high": "more", "low": "less"}[s.Better], 100*k.Level)
	if k.inputs() {
		text += ", of what luck leaves open"
	}
	text += "."
	if k.Manifest.Failed > 0 {
		text += failures(k.Manifest.Failed)
	}
	blocks := []block{{text: text}, {text: k.selected()}, k.table(n)}
	if text := k.counted("choice"); text != "" {
		blocks = append(blocks, block{text: text + k.ofAll()})
	}
	blocks = append(blocks, block{text: k.explain()})
	if text := k.saved(); text != "" {
		blocks = append(blocks, block{text: text})
	}
	blocks = append(append(blocks, k.Verdicts.blocks()...), block{text: caution(d)})
	return newDocument(k.Title, k.Question, n.under(blocks), advice)
}

// selected says which is the best, and how sure that is.
func (k *Ranking) selected() string {
	s := k.Selection
	if s.Best < 0 {
		return fmt.Sprintf("Nothing is selected: some choice has no values of %s.", s.Measure)
	}
	name := strings.Join(k.Policies[0].Values, ", ")
	switch {
	case s.Procedure == "ocba":
		text := fmt.Sprintf("Best by its estimate: %s. OCBA has spent its budget where it tells most, and promises nothing.", name)
		if !math.IsNaN(k.Guess) {
			text += fmt.Sprintf(" If the estimates were the truth, the choice would be right with a probability of %s or more.", chance(k.Guess))
		}
		return text
	case !s.Decided:
		left := 0
		for _, p := range k.Policies {
			if p.EliminatedAt == 0 {
				left++
			}
		}
		return fmt.Sprintf("Not decided: %d choices are left, and the budget of %s does not suffice. Ahead so far: %s, of which nothing is promised. "+
			"Raise max_runs, or the indifference.", left, histories(s.MaxRuns), name)
	}
	scale, unit := k.scale()
	zone := fmt.Sprintf("%.6g %s", scale*s.Indifference, unit)
	if k.share() {
		zone = fmt.Sprintf("%.6g percentage points", scale*s.Indifference)
		if scale*s.Indifference == 1 {
			zone = "1 percentage point"
		}
	}
	return fmt.Sprintf("The best: %s. It was selected so that, with a probability of %.6g%% or more, the best is named if it is better than every other by %s "+
		"or more; what is worse by less counts as good.", name, 100*s.Confidence, strings.TrimSpace(zone))
}

// chance is a probability in percent, never shown as certain.
func chance(p float64) string {
	if p > 0.999 {
		return "99.9%"
	}
	return fmt.Sprintf("%.3g%%", 100*p)
}

func (k *Ranking) table(n *notes) block {
	scale, _ := k.scale()
	t := block{title: k.heading(), align: strings.Repeat("l", len(k.Keys)) + "rr"}
	t.header = append(append(t.header, k.Keys...), "played", "n")
	lacking := Lacking(k.had())
	if lacking {
		t.align += "r"
		t.header = append(t.header, "have it")
	}
	t.align += "rllrllr"
	t.header = append(t.header, "", "", "", "ahead by", "", "", "out at")
	for _, p := range k.Policies {
		f, out := show(p.Estimate, scale), ""
		if p.Estimate.N == 0 {
			f = shown{"–", "–", "–"}
		}
		if p.EliminatedAt > 0 {
			out = Count(p.EliminatedAt)
		}
		// To the digit that the nearer end supports: the other may be cut off at 0.
		near := math.Inf(1)
		for _, side := range []float64{p.Ahead.Value - p.Ahead.Low, p.Ahead.High - p.Ahead.Value} {
			if side > 0 {
				near = min(near, side)
			}
		}
		ahead := showTo(p.Ahead, scale, stats.Place(scale*p.Ahead.Value, scale*near)).signed(p.Ahead.Value)
		row := append(append([]string{}, p.Values...), Count(p.Replications*int64(p.Points)), Count(p.Estimate.N))
		if lacking {
			row = append(row, p.Had().text())
		}
		t.rows = append(t.rows, append(row, f.value, f.interval(), n.mark(p.Estimate), ahead.value, ahead.interval(), n.mark(p.Ahead), out))
	}
	return t
}

// explain says what the columns are.
func (k *Ranking) explain() string {
	pairs := "between histories of the same luck"
	if k.Manifest.Design.OwnLuck {
		pairs = "between independent histories"
	}
	text := "Ahead by: of the best of the others, " + pairs + "; these intervals hold together (Hsu), and one that ends at 0 says that the choice is not the best. " +
		"They take the numbers of histories for fixed, though the procedure chose them by what it saw: read them beside the verdict, not in its place."
	if k.Selection.Procedure == "kim-nelson" {
		text += fmt.Sprintf(" Out at: after so many replications Kim and Nelson's procedure had seen enough of the choice, by the means of batches of %s.", Count(k.Selection.Batch))
	}
	return text
}

// saved says what treating all choices alike would have taken.
func (k *Ranking) saved() string {
	if !k.Selection.Decided || k.Equal <= k.Manifest.Runs {
		return ""
	}
	return fmt.Sprintf("To play every choice as often as the best would have taken %s: %.0f%% of them were saved.",
		histories(k.Equal), 100*(1-float64(k.Manifest.Runs)/float64(k.Equal)))
}

// JSON writes the ranking as one JSON object.
func (k *Ranking) JSON(w io.Writer) error {
	type policyJSON struct {
		Values       map[string]string `json:"group"`
		Replications int64             `json:"replications"`
		EliminatedAt int64             `json:"eliminated_at,omitempty"`
		Present      number            `json:"share_present"`
		Estimate     *estimateJSON     `json:"estimate"`
		Ahead        *estimateJSON     `json:"ahead"` // of the best of the others
	}
	out := struct {
		Title    string            `json:"title,omitempty"`
		Question string            `json:"question,omitempty"`
		Measure  string            `json:"measure"`
		Class    string            `json:"class,omitempty"`
		Level    float64           `json:"level"`
		Best     map[string]string `json:"best"`
		Decided  bool              `json:"decided"`
		Guess    number            `json:"correct_if_estimates_were_true"`
		Equal    int64             `json:"runs_if_all_were_played_alike"`
		Manifest *record.Manifest  `json:"manifest"`
		Verdicts []verdictJSON     `json:"expectations,omitempty"`
		Policies []policyJSON      `json:"policies"` // the best first
	}{k.Title, k.Question, k.Measure.Name, k.Class, k.Level, nil, k.Selection.Decided, number(k.Guess), k.Equal, k.Manifest, k.Verdicts.json(), nil}
	for i, p := range k.Policies {
		values := k.named(p.Group)
		if i == 0 && k.Selection.Best >= 0 {
			out.Best = values
		}
		out.Policies = append(out.Policies, policyJSON{values, p.Replications, p.EliminatedAt, number(p.Had().Share()), newEstimateJSON(p.Estimate), newEstimateJSON(p.Ahead)})
	}
	return writeJSON(w, out)
}

// CSV writes a row a choice, the best first.
func (k *Ranking) CSV(w io.Writer) error {
	line := appendTexts(nil, k.Keys)
	line = append(line, "measure,class,better,replications,eliminated_at,n,value,low,high,level,method,ahead,ahead_low,ahead_high,ahead_n,share_present\n"...)
	for _, p := range k.Policies {
		line = appendTexts(line, p.Values)
		line = fmt.Appendf(line, "%s,%s,%s,%d,", k.Measure.Name, k.Class, k.Selection.Better, p.Replications)
		if p.EliminatedAt > 0 {
			line = fmt.Append(line, p.EliminatedAt)
		}
		line = fmt.Appendf(line, ",%d", p.Estimate.N)
		line = appendFloats(line, p.Estimate.Value, p.Estimate.Low, p.Estimate.High, k.Level)
		line = record.AppendText(append(line, ','), p.Estimate.Method)
		line = appendFloats(line, p.Ahead.Value, p.Ahead.Low, p.Ahead.High)
		line = fmt.Appendf(line, ",%d", p.Ahead.N)
		line = append(appendFloats(line, p.Had().Share()), '\n')
	}
	_, err := w.Write(line)
	return err
}
