package figure

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tripwire/stats"
)

// card is what verify --calibration --json and verify --behaviours --json print. Bounds that are not there
// are open.
type card struct {
	Card  string    `json:"card"`
	Title string    `json:"title"`
	N     int       `json:"n"`
	Seed  uint64    `json:"seed"`
	Level float64   `json:"level"`
	Rows  []cardRow `json:"rows"`
}

type cardRow struct {
	Name    string     `json:"name"`
	Tests   string     `json:"tests"`
	Verdict string     `json:"verdict"`
	Parts   []cardPart `json:"parts"`
}

type cardPart struct {
	Name         string   `json:"name"`
	Unit         string   `json:"unit"`
	Value        *float64 `json:"value"`
	Low          *float64 `json:"low"`
	High         *float64 `json:"high"`
	Expected     string   `json:"expected"`
	ExpectedLow  *float64 `json:"expected_low"`
	ExpectedHigh *float64 `json:"expected_high"`
	Verdict      string   `json:"verdict"`
}

// DrawCard draws a card from its JSON. An error may be an [*Ask].
func DrawCard(data []byte, name string, opt Options) (*Figure, error) {
	var c card
	if name != "calibration" && name != "behaviours" {
		return nil, ask("%s is drawn from the folder of a result", name)
	}
	if err := json.Unmarshal(data, &c); err != nil || c.Card != name || len(c.Rows) == 0 {
		return nil, ask("%s: the file is not what verify --%s --json prints", name, name)
	}
	var f *Figure
	if name == "calibration" {
		f = c.calibration(opt)
	} else {
		f = c.behaviours(opt)
	}
	f.Name = name
	return f, nil
}

func (p *cardPart) estimate(level float64) stats.Estimate {
	e := stats.Estimate{Value: open(p.Value), Low: open(p.Low), High: open(p.High), Level: level}
	if e.Value == e.Value {
		e.N = 1
	}
	return e
}

func open(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// verdicts is how a verdict is drawn; reported numbers are not.
var verdicts = map[string]keyed{
	"held":      {dot, blue, "held"},
	"undecided": {ring, black, "undecided"},
	"not held":  {ring, vermilion, "not held"},
}

func (c *card) key() []keyed {
	return []keyed{verdicts["held"], verdicts["undecided"], verdicts["not held"]}
}

func (c *card) table() Table {
	t := Table{Columns: []string{"row", "measure", "unit", "value", "low", "high", "expected", "verdict"}}
	for _, r := range c.Rows {
		for _, p := range r.Parts {
			t.Rows = append(t.Rows, []string{r.Name, p.Name, p.Unit, number(open(p.Value)), number(open(p.Low)), number(open(p.High)), p.Expected, p.Verdict})
		}
	}
	return t
}

func (c *card) count(verdict string) (n int) {
	for _, r := range c.Rows {
		if r.Verdict == verdict {
			n++
		}
	}
	return n
}

func (c *card) summary() string {
	return fmt.Sprintf("%d of %d rows held, %d not, %d undecided.", c.count("held"), len(c.Rows), c.count("not held"), c.count("undecided"))
}

// calibration puts every number on a scale of its own, on which the evidence's range goes from 0 to 1.
func (c *card) calibration(opt Options) *Figure {
	chart := &rows{axis: axis{title: "Against the evidence: 0 is its low end, 1 its high end", low: -1, top: 2, step: 1}, refs: []float64{0, 1}, high: 14,
		heads: []string{"model", "evidence"}, key: append(c.key(), keyed{span, sky.mix(0.3), "evidence"})}
	for i, r := range c.Rows {
		heading := row{label: fmt.Sprintf("%d  %s (%s): %s", i+1, printable(r.Name), r.Tests, r.Verdict), head: true}
		var lines []row
		for _, p := range r.Parts {
			low, high := open(p.ExpectedLow), open(p.ExpectedHigh)
			look, judged := verdicts[p.Verdict]
			if !judged || !(low < high) || math.IsInf(high-low, 0) {
				continue // nothing to be compared with
			}
			e := p.estimate(c.Level)
			scaled := func(x float64) float64 { return (x - low) / (high - low) }
			m := mark{shape: look.shape, fill: look.fill, value: scaled(e.Value), low: scaled(e.Low), high: scaled(e.High)}
			words, _ := scale{factor: 1}.words(e)
			lines = append(lines, row{label: printable(titled(p.Name, printed(p.Unit))), cells: []string{words, printable(p.Expected)},
				marks: []mark{{shape: span, low: 0, high: 1, fill: sky.mix(0.3)}, m}})
		}
		if len(lines) > 0 {
			chart.rows = append(append(chart.rows, heading), lines...)
		}
	}
	s := sheet{title: printable(c.Title), sub: c.summary(), notes: []string{
		fmt.Sprintf("Whiskers: %s intervals, %s a side; marks at an edge lie beyond it. Hindcasts show plausibility only.", percentOf(c.Level), histories(c.N))}}
	f := s.figure(fmt.Sprintf("Past cases beside the model. %s", c.summary()), c.table())
	chart.shortenCells(1, 30)
	f.scene = chart.draw(s, opt)
	return f
}

// behaviours puts every effect on a scale of its own: 0 is no change, 1 the further end of its interval.
func (c *card) behaviours(opt Options) *Figure {
	chart := &rows{axis: axis{title: "Effect: 0 is none, ±1 the further end of its interval", low: -1, top: 1, step: 0.5}, refs: []float64{0}, high: 13,
		heads: []string{"parts", "verdict"}, key: c.key()}
	for i, r := range c.Rows {
		line := row{label: strconv.Itoa(i+1) + "  " + printable(r.Name), cells: []string{"", r.Verdict}}
		judged := 0
		for _, p := range r.Parts {
			look, ok := verdicts[p.Verdict]
			e := p.estimate(c.Level)
			most := max(math.Abs(e.Low), math.Abs(e.High))
			if !ok || !(most > 0) || math.IsInf(most, 0) {
				continue
			}
			judged++
			line.marks = append(line.marks, mark{shape: look.shape, fill: look.fill, value: e.Value / most, low: e.Low / most, high: e.High / most})
		}
		for k := range line.marks {
			line.marks[k].lift = 0.7 * (0.5 - (float64(k)+0.5)/float64(len(line.marks)))
		}
		line.cells[0] = strconv.Itoa(judged)
		line.grow = float64(judged) * 6.2
		chart.rows = append(chart.rows, line)
	}
	s := sheet{title: printable(c.Title), sub: c.summary(), notes: []string{
		fmt.Sprintf("A mark is a part of a behaviour: what one lever does under the same luck. Whiskers: %s intervals, %s a side.", percentOf(c.Level), histories(c.N)),
		"What was expected of each is in the card."}}
	f := s.figure(fmt.Sprintf("Effects of single levers. %s", c.summary()), c.table())
	f.scene = chart.draw(s, opt)
	return f
}

// shortenCells cuts the words of a column to so many characters.
func (c *rows) shortenCells(column, most int) {
	for _, r := range c.rows {
		if column < len(r.cells) {
			if words := []rune(r.cells[column]); len(words) > most {
				r.cells[column] = strings.TrimRight(string(words[:most-1]), " ,:(") + "…"
			}
		}
	}
}
