package report

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Document lays a comparison out.
func (c *Comparison) Document(advice ...Advice) *Document {
	blocks := []block{{align: "lllll", rows: [][]string{c.A.title("A"), c.B.title("B")}}, c.inputs()}
	if c.Identical {
		text := fmt.Sprintf("The same: runs.csv has the same bytes, %s.", histories(c.Histories))
		if len(c.Files) > 0 {
			text += " Other files differ: " + strings.Join(c.Files, ", ") + "."
		}
		return newDocument(c.B.Manifest.Title, "", append(blocks, block{text: text}), advice)
	}
	n := new(notes)
	blocks = append(blocks, block{text: c.how()}, block{text: c.verdict()})
	for place := range c.Places {
		if t := c.table(place, n); len(t.rows) > 0 {
			blocks = append(blocks, t)
		}
	}
	if c.changed() > 0 {
		doc := fmt.Sprintf("B−A with its %g%% interval, shares in %% and their differences in points of them. p is of no difference, by %s's method for %s; the intervals are each by itself.",
			100*c.Level, c.By, all(len(c.Tests)))
		if c.shows("sign") {
			doc += " Higher less lower is the share of pairs in which B is higher less that in which it is lower, shown where the mean alone shows no change."
		}
		if c.Paired {
			doc += " Where a history lacks a measure, the pairs are compared in which both have it. Saved is by how much the common luck divides the variance, and so the histories that are needed."
		}
		blocks = append(blocks, block{text: doc})
	}
	warning := luckOnly
	for _, side := range []*Side{c.B, c.A} {
		if len(side.Manifest.Design.Uncertain) > 0 {
			warning = caution(&side.Manifest.Design)
		}
	}
	blocks = append(blocks, block{text: warning})
	return newDocument(c.B.Manifest.Title, "", n.under(blocks), advice)
}

// title says which result a side is.
func (s *Side) title(letter string) []string {
	m := s.Manifest
	size := histories(m.Runs)
	if m.Design.Points > 1 {
		size += fmt.Sprintf(" at %s design points", Count(m.Design.Points))
	}
	if m.Failed > 0 {
		size += fmt.Sprintf(", %s failed", Count(m.Failed))
	}
	return []string{letter, filepath.ToSlash(s.Name), size, fmt.Sprintf("seed %d", m.Seed), "version " + m.Version}
}

// mostInputs is how many differing keys the text lists; JSON lists all.
const mostInputs = 40

// inputs says what the inputs differ in.
func (c *Comparison) inputs() block {
	switch {
	case c.Unread != "":
		return block{text: "What differs in the inputs is not known: " + c.Unread + "."}
	case len(c.Inputs) == 0:
		return block{text: "The inputs are the same."}
	}
	b := block{title: "The inputs differ", align: "lll", header: []string{"", "A", "B"}}
	for i, d := range c.Inputs {
		if i == mostInputs {
			b.rows = append(b.rows, []string{"and " + Count(len(c.Inputs)-mostInputs) + " more", "", ""})
			break
		}
		b.rows = append(b.rows, []string{d.Key, brief(d.A), brief(d.B)})
	}
	return b
}

// brief is a value that fits into a table.
func brief(text string) string {
	const most = 32
	if text == "" {
		return "–"
	}
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// how says which histories were compared with which.
func (c *Comparison) how() string {
	var text string
	if c.Paired {
		text = Plural(c.Histories, "pair", "pairs") + " of histories met the same luck in both"
		switch c.Differ {
		case 0:
			text += "; no measure of any differs."
		default:
			text += fmt.Sprintf("; in %s of them a measure differs, first in replication %d", Count(c.Differ), c.First.Rep)
			if c.Points[1] > 1 {
				text += fmt.Sprintf(" of point %d", c.First.Point)
			}
			text += "."
		}
		if c.A.Manifest.Design.Replications != c.B.Manifest.Design.Replications {
			text += " The other histories of the larger result are left out."
		}
	} else {
		text = "Compared as independent runs: " + c.Unpaired + "."
		if c.A.Manifest.Seed == c.B.Manifest.Seed {
			text += " The seed is the same, of which no use is made."
		}
	}
	if most := max(c.Points[0], c.Points[1]); most > 1 || c.Only != [2]int64{} {
		if apart := c.Unpaired != "" && c.Points != [2]int64{int64(len(c.places)), int64(len(c.places))}; !apart {
			text += " " + Plural(c.Points[0], "design point is in both", "design points are in both")
		} else {
			text += fmt.Sprintf(" %s of A beside %s of B", Plural(c.Points[0], "design point", "design points"), Count(c.Points[1]))
		}
		text += ", matched by " + c.Matched
		if c.Only != [2]int64{} {
			text += fmt.Sprintf("; %s in A alone and %s in B alone are left out", Count(c.Only[0]), Count(c.Only[1]))
		}
		text += "."
	}
	for _, said := range c.Said {
		text += " " + said
	}
	for i, letter := range []string{"A", "B"} {
		if len(c.Missing[i]) > 0 {
			text += fmt.Sprintf(" Measures of %s alone: %s.", letter, strings.Join(c.Missing[i], ", "))
		}
	}
	return text
}

// all is how many comparisons there are, all of them.
func all(n int) string {
	if n == 1 {
		return "the one comparison"
	}
	return "all " + Count(n) + " comparisons"
}

// shows says whether a changed quantity of that statistic stands in a table.
func (c *Comparison) shows(statistic string) bool {
	for i := range c.Tests {
		if t := &c.Tests[i]; t.Statistic == statistic && c.Changed(t) && !c.told(i) {
			return true
		}
	}
	return false
}

func (c *Comparison) changed() (n int) {
	for i := range c.Tests {
		if c.Changed(&c.Tests[i]) {
			n++
		}
	}
	return n
}

// verdict says how much changed.
func (c *Comparison) verdict() string {
	changed, tests := c.changed(), len(c.Tests)
	within := fmt.Sprintf("(p ≤ %.3g after %s)", 1-c.Level, c.By)
	var text string
	switch {
	case tests == 1 && changed == 0:
		text = "The only comparison shows no change " + within + "."
	case changed == 0:
		text = fmt.Sprintf("None of %s comparisons shows a change %s.", Count(tests), within)
	case tests == 1:
		text = "The only comparison shows a change " + within + "."
	case changed == tests:
		text = fmt.Sprintf("A change shows in %s %s.", all(tests), within)
	default:
		text = fmt.Sprintf("A change shows in %s of %s comparisons %s; %s none.", Count(changed), Count(tests), within, Plural(tests-changed, "shows", "show"))
	}
	lines := 0
	for i := range c.Tests {
		if c.Changed(&c.Tests[i]) && !c.told(i) {
			lines++
		}
	}
	if lines < changed {
		text += fmt.Sprintf(" The tables tell them in %s; %s of what a line tells already.",
			Plural(lines, "line", "lines"), Plural(changed-lines, "is a second test", "are second tests"))
	}
	if c.SameInput && c.Paired && c.Differ > 0 {
		text += " But the input and the luck are the same, so every history should be the same too: this is another program."
	}
	return text
}

// table is what changed at one place.
func (c *Comparison) table(place int, n *notes) block {
	b := block{title: "What changed", align: "lrrrllll", header: []string{"", "A", "B", "B−A", "", "", "p", "n"}}
	if c.Places[place] != "" {
		b.title += ": " + c.Places[place]
	}
	if c.Paired {
		b.align, b.header = b.align+"r", append(b.header, "saved")
	}
	for i := range c.Tests {
		t := &c.Tests[i]
		if t.Place != place || !c.Changed(t) || c.told(i) {
			continue
		}
		row := append([]string{t.label()}, t.cells(n)...)
		if c.Paired {
			row = append(row, saved(t.Reduction))
		}
		b.rows = append(b.rows, row)
	}
	return b
}

// told says whether the row above has told that the measure changed: a test beside the mean's is shown
// where the mean alone shows nothing.
func (c *Comparison) told(i int) bool {
	t := &c.Tests[i]
	return (t.Statistic == "sign" || t.Statistic == "distribution") && c.Changed(&c.Tests[i-1])
}

// saved is a variance reduction; "–" where the pairs set none.
func saved(reduction float64) string {
	if math.IsNaN(reduction) || math.IsInf(reduction, 0) {
		return "–"
	}
	return "×" + spread(reduction, false)
}

// label is a quantity in words.
func (t *Compared) label() string {
	label := t.Title
	unit := squared(t.Unit)
	switch t.Statistic {
	case "share":
		switch {
		case t.Class != "":
			label += ": " + t.Class
		case t.Least > 0:
			label += fmt.Sprintf(": %d or higher", t.Least)
		}
		return label + ", %"
	case "incidence":
		if t.Days == 365 {
			return "Attacked within 1 year, %"
		}
		return fmt.Sprintf("Attacked within %g years, %%", t.Days/365)
	case "present":
		return label + ": has a value, %"
	case "sign":
		return label + ": higher less lower, %"
	case "mean":
		label += ", mean"
		if unit != "" {
			label += ", " + unit
		}
		return label
	case "distribution":
		return label + ": the whole distribution (medians)"
	}
	return label + ": " + t.Test + " test"
}

// cells is the values of both, the difference, its interval, mark, p and n.
func (t *Compared) cells(n *notes) []string {
	scale := 1.0
	if t.Unit == "share" {
		scale = 100
	}
	value := func(x float64, place int) string {
		if math.IsNaN(x) {
			return ""
		}
		return stats.Round(scale*x, place)
	}
	if math.IsNaN(t.Value) {
		return []string{spreadOrNone(t.A), spreadOrNone(t.B), "", "", "", pValue(t.Adjusted), Count(t.N)}
	}
	f, digits := show(t.Estimate, scale).signed(t.Value), stats.Place(scale*t.Value, scale*t.HalfWidth())
	e := t.Estimate
	if t.Check != nil && (t.Check.Low > 0 || t.Check.High < 0) != (t.Low > 0 || t.High < 0) {
		e.Warnings = append(union(e.Warnings, nil), "by Miettinen and Nurminen's interval it is otherwise whether 0 is in it")
	}
	return []string{value(t.A, digits), value(t.B, digits), f.value, f.interval(), n.mark(e), pValue(t.Adjusted), Count(t.N)}
}

func spreadOrNone(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return spread(x, false)
}

type comparedJSON struct {
	Point     string   `json:"point,omitempty"`
	Measure   string   `json:"measure"`
	Class     string   `json:"class,omitempty"`
	AtLeast   int64    `json:"at_least,omitempty"`
	Statistic string   `json:"statistic"`
	WithinD   float64  `json:"within_d,omitempty"`
	Unit      string   `json:"unit,omitempty"`
	A         number   `json:"a"`
	B         number   `json:"b"`
	Value     number   `json:"difference"`
	Low       number   `json:"low"`
	High      number   `json:"high"`
	N         int      `json:"n"`
	Method    string   `json:"method"`
	Check     *[2]any  `json:"miettinen_nurminen,omitempty"`
	Test      string   `json:"test"`
	P         number   `json:"p"`
	Holm      *number  `json:"p_holm,omitempty"`
	Adjusted  number   `json:"p_adjusted"`
	Reduction number   `json:"variance_reduction"`
	Changed   bool     `json:"changed"`
	Warnings  []string `json:"warnings,omitempty"`
}

type sideJSON struct {
	Name     string           `json:"name"`
	Manifest *record.Manifest `json:"manifest"`
	Only     int64            `json:"points_alone"`
	Missing  []string         `json:"measures_alone,omitempty"`
}

// JSON writes the comparison as one JSON object, with all that was tested.
func (c *Comparison) JSON(w io.Writer) error {
	out := struct {
		Differs   bool              `json:"differs"`
		Identical bool              `json:"identical"`
		SameInput bool              `json:"same_input"`
		Unread    string            `json:"inputs_unread,omitempty"`
		Inputs    []InputDifference `json:"inputs"`
		Files     []string          `json:"files_that_differ"`
		Paired    bool              `json:"paired"`
		Unpaired  string            `json:"unpaired,omitempty"`
		Matched   string            `json:"matched_by,omitempty"`
		Said      []string          `json:"matching,omitempty"`
		Histories int64             `json:"histories"`
		Differ    int64             `json:"histories_that_differ"`
		First     *Place            `json:"first_that_differs,omitempty"`
		Level     float64           `json:"level"`
		Corrected string            `json:"multiplicity"`
		A         sideJSON          `json:"a"`
		B         sideJSON          `json:"b"`
		Tests     []comparedJSON    `json:"comparisons"`
	}{
		c.Differs(), c.Identical, c.SameInput, c.Unread, c.Inputs, c.Files, c.Paired, c.Unpaired, c.Matched, c.Said, c.Histories, c.Differ, c.First, c.Level, c.Correction.Name,
		sideJSON{c.A.Name, c.A.Manifest, c.Only[0], c.Missing[0]}, sideJSON{c.B.Name, c.B.Manifest, c.Only[1], c.Missing[1]}, []comparedJSON{},
	}
	for i := range c.Tests {
		t := &c.Tests[i]
		j := comparedJSON{
			c.Places[t.Place], t.Measure, t.Class, t.Least, t.Statistic, t.Days, t.Unit, number(t.A), number(t.B), number(t.Value), number(t.Low), number(t.High),
			t.N, t.Method, nil, t.Test, number(t.P), nil, number(t.Adjusted), number(t.Reduction), c.Changed(t), t.Warnings,
		}
		if c.Correction.Name == "holm" {
			j.Holm = &j.Adjusted
		}
		if t.Check != nil {
			j.Check = &[2]any{number(t.Check.Low), number(t.Check.High)}
		}
		out.Tests = append(out.Tests, j)
	}
	return writeJSON(w, out)
}

// CSV writes a row a comparison.
func (c *Comparison) CSV(w io.Writer) error {
	line := []byte("point,measure,class,at_least,statistic,within_d,unit,a,b,difference,low,high,level,n,method,test,p,p_adjusted,correction,variance_reduction,changed\n")
	text := func(s string) { line = record.AppendText(append(line, ','), s) }
	optional := func(x float64) {
		if x == 0 {
			x = math.NaN()
		}
		line = appendFloats(line, x)
	}
	for i := range c.Tests {
		t := &c.Tests[i]
		line = record.AppendText(line, c.Places[t.Place])
		text(t.Measure)
		text(t.Class)
		optional(float64(t.Least))
		text(t.Statistic)
		optional(t.Days)
		text(t.Unit)
		line = appendFloats(line, t.A, t.B, t.Value, t.Low, t.High, t.Level)
		line = fmt.Appendf(line, ",%d", t.N)
		text(t.Method)
		text(t.Test)
		line = appendFloats(line, t.P, t.Adjusted)
		text(c.Correction.Name)
		line = appendFloats(line, t.Reduction)
		changed := 0
		if c.Changed(t) {
			changed = 1
		}
		line = fmt.Appendf(line, ",%d\n", changed)
	}
	_, err := w.Write(line)
	return err
}
