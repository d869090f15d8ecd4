package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Document lays the table out.
func (b *By) Document(advice ...Advice) *Document {
	n := new(notes)
	d := b.Manifest.Design
	text := fmt.Sprintf("%s: %s of %s", histories(b.Manifest.Runs), designPoints(d.Points), UpTo(&d)+histories(d.Replications))
	if d.Futures > 0 && len(d.Uncertain) > 0 && !b.inputs() {
		text += fmt.Sprintf(", %s sampled futures of %d uncertain parameters", Count(d.Futures), len(d.Uncertain))
	}
	text += fmt.Sprintf(", seed %d. ", b.Manifest.Seed)
	if l := newLayout(&d); b.inputs() {
		text += l.explain(b.Level)
	} else {
		text += fmt.Sprintf("In brackets the %g%% interval.", 100*b.Level)
	}
	if b.Manifest.Failed > 0 {
		text += failures(b.Manifest.Failed)
	}
	text += stopped(b.Manifest)
	scale, _ := b.scale()
	t := block{title: b.heading(), header: append([]string{}, b.Keys...), align: strings.Repeat("l", len(b.Keys)) + "r"}
	t.header = append(t.header, "n")
	lacking := Lacking(b.had())
	if lacking {
		t.align += "r"
		t.header = append(t.header, "have it")
	}
	t.align += "rl"
	if t.header = append(t.header, ""); b.inputs() {
		t.align += "l"
		t.header = append(t.header, "run bar", "input bar", "")
	} else {
		t.header = append(t.header, "", "")
	}
	t.align += "l"
	paired := len(b.Groups) > 1 && b.Unpaired == ""
	if paired {
		t.header = append(t.header, "from the first", "", "", "p", "saved")
		t.align += "rlllr"
	}
	for _, g := range b.Groups {
		f := show(g.Estimate, scale)
		if g.Estimate.N == 0 {
			f = shown{"–", "–", "–"}
		}
		row := append(append([]string{}, g.Values...), Count(g.Estimate.N))
		if lacking {
			row = append(row, g.Had().text())
		}
		if row = append(row, f.value, f.interval()); b.inputs() {
			row = append(row, g.InputText(b.share(), false, scale))
		}
		row = append(row, n.mark(doubts(g.Estimate, g.Bars)))
		if paired {
			row = append(row, changed(n, g.Difference, scale)...)
		}
		t.rows = append(t.rows, row)
	}
	blocks := []block{{text: text}, t}
	if text := b.counted("group"); text != "" {
		blocks = append(blocks, block{text: text})
	}
	if paired {
		doc := "Differences are between histories of the same luck"
		if lacking {
			doc += " that both have the measure"
		}
		doc += "; p is of none"
		if len(b.Groups) > 2 {
			doc += ", after Holm for " + Count(len(b.Groups)-1) + " comparisons, and the intervals are each by itself"
		}
		blocks = append(blocks, block{text: doc + "; saved is by how much the common luck divides the variance, and so the histories that are needed."})
	} else if b.Unpaired != "" {
		blocks = append(blocks, block{text: b.Unpaired})
	}
	if most := b.widest(); most != nil {
		if text := newLayout(&d).worth(most.Bars, scale); text != "" {
			blocks = append(blocks, block{text: "The widest run bar: " + strings.Join(most.Values, ", ") + ". " + text})
		}
	}
	blocks = append(blocks, b.Verdicts.blocks()...)
	caution := luckOnly
	if l := newLayout(&d); l != nil {
		caution = l.cautions()
	}
	blocks = append(blocks, block{text: caution})
	return newDocument(b.Title, b.Question, n.under(blocks), advice)
}

// UpTo says that some points have fewer replications.
func UpTo(d *record.Design) string {
	if d.ByPoint != nil {
		return "up to "
	}
	return ""
}

// widest is the group with the widest run bar; nil where there is none.
func (b *By) widest() (most *Group) {
	for i := range b.Groups {
		if g := &b.Groups[i]; g.Bars != nil && (most == nil || g.Estimate.HalfWidth() > most.Estimate.HalfWidth()) {
			most = g
		}
	}
	return most
}

// changed is the cells of a difference.
func changed(n *notes, c *Change, scale float64) []string {
	if c == nil {
		return []string{"", "", "", "", ""}
	}
	f := show(c.Estimate, scale).signed(c.Value)
	return []string{f.value, f.interval(), n.mark(c.Estimate), pValue(c.Adjusted), saved(c.VarianceReduction)}
}

func pValue(p float64) string {
	if p < 0.001 {
		return "<0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// named is the values of a group by their keys.
func (b *By) named(g *Group) map[string]string {
	values := map[string]string{}
	for i, key := range b.Keys {
		values[key] = g.Values[i]
	}
	return values
}

// A groupJSON is a group for machines.
type groupJSON struct {
	Values   map[string]string `json:"group"`
	Points   int               `json:"points"`
	N        int               `json:"n"`
	Present  number            `json:"share_present"`
	Value    number            `json:"value"`
	Low      number            `json:"low"`
	High     number            `json:"high"`
	Method   string            `json:"method"`
	Warnings []string          `json:"warnings,omitempty"`
	*barsJSON
	Change *changeJSON `json:"difference,omitempty"`
}

type changeJSON struct {
	Value     number `json:"value"`
	Low       number `json:"low"`
	High      number `json:"high"`
	N         int    `json:"n"`
	Method    string `json:"method"`
	P         number `json:"p"`
	Holm      number `json:"p_holm"`
	Reduction number `json:"variance_reduction"`
}

// JSON writes the table as one JSON object.
func (b *By) JSON(w io.Writer) error {
	out := struct {
		Title    string           `json:"title,omitempty"`
		Question string           `json:"question,omitempty"`
		Measure  string           `json:"measure"`
		Class    string           `json:"class,omitempty"`
		Level    float64          `json:"level"`
		Unpaired string           `json:"unpaired,omitempty"`
		Manifest *record.Manifest `json:"manifest"`
		Verdicts []verdictJSON    `json:"expectations,omitempty"`
		Groups   []groupJSON      `json:"groups"`
	}{b.Title, b.Question, b.Measure.Name, b.Class, b.Level, b.Unpaired, b.Manifest, b.Verdicts.json(), []groupJSON{}}
	for _, g := range b.Groups {
		e := g.Estimate
		j := groupJSON{b.named(&g), g.Points, e.N, number(g.Had().Share()), number(e.Value), number(e.Low), number(e.High), e.Method, e.Warnings, g.Bars.json(e, b.share()), nil}
		if c := g.Difference; c != nil {
			j.Change = &changeJSON{number(c.Value), number(c.Low), number(c.High), c.N, c.Method, number(c.P), number(c.Adjusted), number(c.VarianceReduction)}
		}
		out.Groups = append(out.Groups, j)
	}
	return writeJSON(w, out)
}

// CSV writes a row a group.
func (b *By) CSV(w io.Writer) error {
	line := appendTexts(nil, b.Keys)
	line = append(line, "measure,class,n,value,low,high,level,method,difference,difference_low,difference_high,p,p_holm,variance_reduction,input_q05,input_q95,input_sd,run_share_futures,run_share_luck,run_share_rest,share_present\n"...)
	for _, g := range b.Groups {
		line = appendTexts(line, g.Values)
		e, nan := g.Estimate, math.NaN()
		line = fmt.Appendf(line, "%s,%s,%d", b.Measure.Name, b.Class, e.N)
		line = appendFloats(line, e.Value, e.Low, e.High, e.Level)
		line = record.AppendText(append(line, ','), e.Method)
		c := g.Difference
		if c == nil {
			c = &Change{Estimate: stats.Estimate{Value: nan, Low: nan, High: nan}, P: nan, Adjusted: nan, VarianceReduction: nan}
		}
		line = appendFloats(line, c.Value, c.Low, c.High, c.P, c.Adjusted, c.VarianceReduction)
		bars := g.Bars.cells(b.share())
		line = appendFloats(appendFloats(line, bars[:]...), g.Had().Share())
		line = append(line, '\n')
	}
	_, err := w.Write(line)
	return err
}
