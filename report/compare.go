package report

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Comparison is what separates result B from result A. Start at [Compare].
type Comparison struct {
	A, B      *Side
	Level     float64
	Inputs    []InputDifference
	Unread    string   // why the inputs could not be compared; "" where they were
	SameInput bool     // but for the number of replications: then every history should be the same
	Identical bool     // runs.csv has the same bytes
	Files     []string // of both, with other bytes
	Paired    bool     // histories of the same luck stand beside one another
	Matched   string   // how the design points were
	Places    []string // the design points in both, in words; the sampled futures of a choice are one
	Only      [2]int64 // design points in A alone, in B alone
	Missing   [2][]string
	Histories int64  // pairs, where paired
	Differ    int64  // pairs of which a measure differs
	First     *Place // of the first of those, in B; nil where there is none
	Tests     []Compared

	match  map[int64]int64 // point of A to point of B
	places map[int64]int   // point of A to its place in Places
}

// Side is one of two results.
type Side struct {
	Name     string // of its folder
	Manifest *record.Manifest
	columns  []record.Column // of its runs
	points   *record.Table   // a row a design point
	chunks   iter.Seq2[*record.Table, error]
}

// Place is where a history is to be found again.
type Place struct {
	Point int64 `json:"point"`
	Rep   int64 `json:"rep"`
}

// InputDifference is a key of which the inputs have other values; "" where one lacks it.
type InputDifference struct {
	Key string `json:"key"`
	A   string `json:"a"`
	B   string `json:"b"`
}

// Compared is one quantity at one place in both results.
type Compared struct {
	Place     int // in Comparison.Places
	Measure   string
	Title     string
	Class     string
	Least     int64 // for the statistic "share": it counts where the measure is this much or more
	Statistic string
	Days      float64 // for the statistic "incidence": by this day
	Unit      string
	A, B      float64 // over the histories that are compared; NaN where the statistic has none

	stats.Estimate                 // of B-A; its value is NaN where a test has no estimate
	P              float64         // of no difference; 1 where there is nothing to tell apart
	Adjusted       float64         // the same, by Holm's method over all tests of the comparison
	Test           string          // that gave P
	Check          *stats.Estimate // of B-A by another method
	Reduction      float64         // (Var A + Var B) / Var(B-A): histories saved by common luck
}

// Changed says whether the quantity changed, after correction for all that was tested.
func (c *Comparison) Changed(t *Compared) bool { return t.Adjusted <= 1-c.Level }

// Differs says whether B is another result than A: under the same seed and input any other history or table
// is; else any quantity that changed.
func (c *Comparison) Differs() bool {
	if c.SameInput && c.Paired && (c.Differ > 0 || c.A.Manifest.Input == c.B.Manifest.Input && len(c.tables()) > 0) {
		return true
	}
	return slices.ContainsFunc(c.Tests, func(t Compared) bool { return c.Changed(&t) })
}

// tables is the files with other bytes that hold numbers.
func (c *Comparison) tables() []string {
	return slices.DeleteFunc(slices.Clone(c.Files), func(name string) bool { return !strings.HasSuffix(name, ".csv") })
}

// CompareOptions is what [Compare] is asked beside the results.
type CompareOptions struct {
	Measure string  // this one alone: a column of runs.csv, =CLASS if it has classes; "" for all
	Level   float64 // of the intervals, and 1 less the risk of seeing any change where there is none
	// What the caller found of the inputs, which report does not read.
	Inputs    []InputDifference
	Unread    string
	SameInput bool
}

// Compare compares two results: history by history where they met the same luck, else as independent
// runs. All measures that both have are tested. An error may be an [*Ask].
func Compare(a, b *record.Result, opt CompareOptions) (*Comparison, error) {
	sides := [2]*Side{}
	for i, r := range []*record.Result{a, b} {
		runs := r.Package.Resource("runs")
		if runs == nil {
			return nil, &Ask{r.Dir + ": the result has no runs"}
		}
		points, err := r.Table("points")
		if err != nil {
			return nil, err
		}
		sides[i] = &Side{Name: r.Dir, Manifest: &r.Manifest, columns: runs.Columns, points: points, chunks: r.Chunks("runs")}
	}
	return compare(sides[0], sides[1], opt)
}

func compare(a, b *Side, opt CompareOptions) (*Comparison, error) {
	c := &Comparison{A: a, B: b, Level: opt.Level, Inputs: opt.Inputs, Unread: opt.Unread, SameInput: opt.SameInput, Files: []string{}}
	if c.Inputs == nil {
		c.Inputs = []InputDifference{}
	}
	for name, f := range a.Manifest.Files {
		g, ok := b.Manifest.Files[name]
		if ok && f.SHA256 != g.SHA256 {
			c.Files = append(c.Files, name)
		}
	}
	slices.Sort(c.Files)
	if err := c.matchPoints(); err != nil {
		return nil, err
	}
	t, err := newTester(c, opt.Measure)
	if err != nil {
		return nil, err
	}
	runs := a.Manifest.Files["runs.csv"].SHA256
	if c.Identical = runs != "" && runs == b.Manifest.Files["runs.csv"].SHA256; c.Identical {
		c.Histories = a.Manifest.Runs
		return c, nil
	}
	if err := c.each(t); err != nil {
		return nil, err
	}
	p := make([]float64, len(c.Tests))
	for i := range c.Tests {
		p[i] = c.Tests[i].P
	}
	for i, adjusted := range stats.Holm(p) {
		c.Tests[i].Adjusted = adjusted
	}
	return c, nil
}

// each walks over the design points that both have.
func (c *Comparison) each(t *tester) error {
	next, stop := iter.Pull2(c.B.each())
	defer stop()
	defer t.flush()
	held := map[int64]*pointRows{} // of B, passed by on the way to another
	for a, err := range c.A.each() {
		if err != nil {
			return err
		}
		to, ok := c.match[a.point]
		if !ok {
			continue
		}
		for held[to] == nil {
			b, err, more := next()
			if err != nil {
				return err
			} else if !more {
				return &Ask{fmt.Sprintf("%s: runs.csv has no design point %d", c.B.Name, to)}
			}
			held[b.point] = b
		}
		t.point(c.places[a.point], a, held[to])
		delete(held, to)
	}
	return nil
}

// index is the columns that say which history a row is.
var index = []string{"run_id", "point", "rep"}

// pointRows is the rows of one design point.
type pointRows struct {
	point int64
	cells [][]float64 // by column and replication
}

// each yields the histories of each design point in their order.
func (s *Side) each() iter.Seq2[*pointRows, error] {
	at := slices.IndexFunc(s.columns, func(c record.Column) bool { return c.Name == "point" })
	return func(yield func(*pointRows, error) bool) {
		var now *pointRows
		for t, err := range s.chunks {
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range t.Len() {
				row := t.Row(i)
				if p := int64(row[at]); now == nil || p != now.point {
					if now != nil && !yield(now, nil) {
						return
					}
					now = &pointRows{point: p, cells: make([][]float64, len(row))}
				}
				for j, x := range row {
					now.cells[j] = append(now.cells[j], x)
				}
			}
		}
		if now != nil {
			yield(now, nil)
		}
	}
}

// matchPoints finds the design points that both results have: by the name of the case, by the values of
// the factors, or, where the designs vary other things, by number.
func (c *Comparison) matchPoints() error {
	c.match, c.places = map[int64]int64{}, map[int64]int{}
	names := func(s *Side) (all []string) {
		for _, f := range s.points.Columns {
			if f.Factor {
				all = append(all, f.Name)
			}
		}
		return all
	}
	factorsA, factorsB := names(c.A), names(c.B)
	key := func(s *Side, row int) string { return strconv.Itoa(row) }
	switch {
	case c.A.points.Len() == 1 && c.B.points.Len() == 1:
		c.Matched = "number"
	case c.A.sampled() && c.B.sampled():
		c.Matched = "choice and number of the future"
		key = func(s *Side, row int) string {
			return fmt.Sprintf("%s\x00%d", s.describe(row), int64(row)%max(1, s.Manifest.Design.Futures))
		}
	case slices.Contains(factorsA, "case") && slices.Contains(factorsB, "case"):
		c.Matched = "case"
		key = func(s *Side, row int) string {
			return fmt.Sprintf("%s\x00%d", s.factor(row, "case"), int64(row)%max(1, s.Manifest.Design.Futures))
		}
	case slices.Equal(factorsA, factorsB):
		c.Matched = "factors"
		key = func(s *Side, row int) string {
			var b strings.Builder
			for _, name := range factorsA {
				b.WriteString(s.factor(row, name) + "\x00")
			}
			return b.String()
		}
	default:
		c.Matched = "number"
	}
	in := make(map[string]int64, c.B.points.Len())
	for row := range c.B.points.Len() {
		in[key(c.B, row)] = int64(row)
	}
	c.Paired = c.A.Manifest.Seed == c.B.Manifest.Seed
	for row := range c.A.points.Len() {
		to, ok := in[key(c.A, row)]
		if !ok {
			continue
		}
		c.match[int64(row)] = to
		name := c.A.describe(row)
		if i := len(c.Places) - 1; i < 0 || !c.A.sampled() || c.Places[i] != name {
			c.Places = append(c.Places, name)
		}
		c.places[int64(row)] = len(c.Places) - 1
		c.Paired = c.Paired && c.A.luck(int64(row)) == c.B.luck(to)
	}
	if len(c.match) == 0 {
		return &Ask{fmt.Sprintf("%s and %s have no design point in common: matched by %s", c.A.Name, c.B.Name, c.Matched)}
	}
	c.Only = [2]int64{int64(c.A.points.Len() - len(c.match)), int64(c.B.points.Len() - len(c.match))}
	return nil
}

// luck is what the luck of a point's replications depends on beside seed and number.
func (s *Side) luck(point int64) int64 {
	switch d := s.Manifest.Design; {
	case d.OwnLuck:
		return point
	case d.Sharing > 0:
		return point / d.Sharing
	}
	return 0
}

func (s *Side) factor(row int, name string) string {
	i := s.points.Index(name)
	return string(record.AppendCell(nil, &s.points.Columns[i], s.points.Row(row)[i], 12))
}

// sampled says whether the points of a choice are a sample of futures.
func (s *Side) sampled() bool { return len(s.Manifest.Design.Uncertain) > 0 }

// describe is a design point in words, without what nobody chooses.
func (s *Side) describe(row int) string {
	if s.points.Len() == 1 {
		return ""
	}
	const most = 3
	var words []string
	for _, f := range s.points.Columns {
		switch {
		case f.Name == "case":
			return s.factor(row, "case")
		case f.Factor && !slices.Contains(s.Manifest.Design.Uncertain, f.Title):
			words = append(words, f.Title+" = "+s.factor(row, f.Name))
		}
	}
	if len(words) == 0 {
		return "all sampled futures"
	}
	if len(words) > most {
		words = append(words[:most], "…")
	}
	text := strings.Join(words, ", ")
	if !s.sampled() {
		text = fmt.Sprintf("point %d: %s", row, text)
	}
	return text
}

// measures finds the columns that both results have, and names the others.
func (c *Comparison) measures() (pairs [][2]int) {
	place := func(columns []record.Column, want *record.Column) int {
		return slices.IndexFunc(columns, func(got record.Column) bool { return got.Name == want.Name && got.Kind == want.Kind && !got.Factor })
	}
	for side, s := range []*Side{c.A, c.B} {
		other := c.B
		if side == 1 {
			other = c.A
		}
		for i := range s.columns {
			m := &s.columns[i]
			if m.Factor || slices.Contains(index, m.Name) {
				continue
			}
			switch j := place(other.columns, m); {
			case j < 0:
				c.Missing[side] = append(c.Missing[side], m.Name)
			case side == 0:
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	return pairs
}
