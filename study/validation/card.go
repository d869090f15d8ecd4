package validation

import (
	"fmt"
	"math"
	"strings"

	"tripwire/stats"
)

// Seed is that of the documents: the baseline's own.
const Seed = 1

// Histories is how many the documents play on each side.
const Histories = 4000

// Level is the confidence level of every interval on a card.
const Level = 0.95

// A Card is a set of expectations and what the model made of them.
type Card struct {
	Title   string
	Preface []string // paragraphs
	Claim   string   // what a row claims: "change", "quantity"
	Paired  bool     // numbers are differences under the same luck
	N       int      // histories a side
	Seed    uint64
	Rows    []Row
}

// A Row is one expectation, of one part or more; all parts must hold.
type Row struct {
	Name  string // stable; unique on the card
	Setup []Line // what was set for all parts
	Parts []Part
	Tests string // what the row puts to the test; see the preface
	Note  string // why the model does what it does, if that is not what was expected or not plain
}

// A Line is a label and assignments to the baseline, as for --set.
type Line struct {
	Label string
	Sets  []string
}

// A Part is one number, held against one expectation.
type Part struct {
	Name     string  // stable; unique in the row
	Unit     string  // "" for a share
	From     float64 // the measure before the change; NaN where there is none
	Got      stats.Estimate
	Saved    float64 // how many times fewer runs the common luck asks for; NaN where that has no meaning
	Expected string
	Within   [2]float64 // what was expected, as numbers; open ends are infinite, NaN where nothing was
	Verdict  Verdict
	Missed   bool // the model is known to disagree, and the row's note says why
}

// hold judges a part by what was expected of it.
func (p *Part) hold(e expectation) {
	p.Within = [2]float64{math.NaN(), math.NaN()}
	if e.words != "" {
		p.Within = [2]float64{e.low, e.high}
	}
	p.Expected, p.Missed, p.Verdict = e.words, e.missed, e.judge(p.Got)
}

// Verdict is that on all parts together.
func (r *Row) Verdict() Verdict {
	v := Reported
	for _, p := range r.Parts {
		v = v.and(p.Verdict)
	}
	return v
}

// Surprises names the parts that contradict what was expected, or bear out what the model is known to
// miss: something has changed, and the table of expectations does not know it.
func (c *Card) Surprises() []string {
	var out []string
	for i := range c.Rows {
		for _, p := range c.Rows[i].Parts {
			if p.surprising() {
				value, low, high := rounded(p.Got)
				out = append(out, fmt.Sprintf("%s: %s: %s (%s to %s), expected: %s", c.Rows[i].Name, p.Name, value, low, high, p.Expected))
			}
		}
	}
	return out
}

// surprising says whether a part is other than the table of expectations knows.
func (p *Part) surprising() bool {
	return p.Verdict == NotHeld && !p.Missed || p.Verdict == Held && p.Missed
}

// count is how many rows have a verdict.
func (c *Card) count(v Verdict) int {
	n := 0
	for i := range c.Rows {
		if c.Rows[i].Verdict() == v {
			n++
		}
	}
	return n
}

// Markdown is the card as a page: an overview, then row by row.
func (c *Card) Markdown() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", c.Title)
	for _, p := range c.Preface {
		fmt.Fprintf(&b, "\n%s\n", p)
	}
	fmt.Fprintf(&b, "\n%d histories a side, seed %d, intervals at %g%%. %d held, %d not held, %d undecided.\n\n",
		c.N, c.Seed, 100*Level, c.count(Held), c.count(NotHeld), c.count(Undecided))
	fmt.Fprintf(&b, "| | %s | tests | verdict |\n|--:|---|---|---|\n", c.Claim)
	for i := range c.Rows {
		r := &c.Rows[i]
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", i+1, escape(r.Name), r.Tests, r.Verdict())
	}
	for i := range c.Rows {
		c.Rows[i].write(&b, i+1, c.Paired)
	}
	return []byte(b.String())
}

func (r *Row) write(b *strings.Builder, number int, paired bool) {
	fmt.Fprintf(b, "\n## %d. %s\n\n", number, escape(r.Name))
	for _, l := range r.Setup {
		fmt.Fprintf(b, "- %s: %s\n", escape(l.Label), l.sets())
	}
	if len(r.Setup) > 0 {
		b.WriteByte('\n')
	}
	if paired {
		b.WriteString("| measure | from | effect | 95% interval | expected | verdict | runs saved |\n|---|--:|--:|--:|---|---|--:|\n")
	} else {
		b.WriteString("| measure | model | 95% interval | evidence | verdict |\n|---|--:|--:|---|---|\n")
	}
	for _, p := range r.Parts {
		p.write(b, paired)
	}
	if r.Note != "" {
		fmt.Fprintf(b, "\n%s\n", r.Note)
	}
}

func (l Line) sets() string {
	if len(l.Sets) == 0 {
		return "nothing else"
	}
	return "`" + strings.Join(l.Sets, "` `") + "`"
}

func (p *Part) write(b *strings.Builder, paired bool) {
	name, expected := escape(p.Name), escape(p.Expected)
	if p.Unit != "" {
		name += " [" + p.Unit + "]"
	}
	if expected == "" {
		expected = "–"
	}
	value, low, high := rounded(p.Got)
	if !paired {
		fmt.Fprintf(b, "| %s | %s | %s to %s | %s | %s |\n", name, value, low, high, expected, p.Verdict)
		return
	}
	sign := ""
	if p.Got.Value > 0 {
		sign = "+"
	}
	fmt.Fprintf(b, "| %s | %s | %s%s | %s to %s | %s | %s | %s |\n", name, short(p.From), sign, value, low, high, expected, p.Verdict, times(p.Saved))
}

// rounded writes an estimate to the digit that its interval supports, or to three digits where there is none.
func rounded(e stats.Estimate) (value, low, high string) {
	if e.N == 0 {
		return "–", "–", "–"
	}
	half := e.HalfWidth()
	if !(half > 0) || math.IsInf(half, 0) {
		return short(e.Value), short(e.Low), short(e.High)
	}
	place := stats.Place(e.Value, half)
	if value = stats.Round(e.Value, place); e.Value == 0 {
		value = "0"
	}
	return value, stats.Round(e.Low, place), stats.Round(e.High, place)
}

// short writes a number that has no interval to three digits.
func short(x float64) string { return stats.Round(x, stats.Place(x, 0)) }

// times writes a factor by which runs are saved.
func times(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 0), x >= 1000:
		return ">1000×"
	}
	return stats.Round(x, min(0, int(math.Floor(math.Log10(x)))-1)) + "×"
}

var escape = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`).Replace
