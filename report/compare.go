package report

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Comparison is what separates result B from result A. Start at [Compare].
type Comparison struct {
	A, B  *Side
	Level float64
	Correction
	Inputs    []InputDifference
	Unread    string   // why the inputs could not be compared; "" where they were
	SameInput bool     // but for the number of replications: then every history should be the same
	Identical bool     // runs.csv has the same bytes
	Files     []string // of both, with other bytes
	Paired    bool     // histories of the same luck at the same point stand beside one another
	Unpaired  string   // why they do not; "" where they do
	Matched   string   // how the design points were
	Said      []string // what else there is to say of that
	Places    []string // the design points in both, in words; the sampled points of a choice are one
	Points    [2]int64 // design points that are compared
	Only      [2]int64 // design points in A alone, in B alone
	Missing   [2][]string
	Histories int64  // pairs, where paired
	Differ    int64  // pairs of which a measure differs
	First     *Place // of the first of those, in B; nil where there is none
	Tests     []Compared

	places []matched // as Places
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
	Adjusted       float64         // the same, corrected for all tests of the comparison
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
	Correction
	// What the caller found of the inputs, which report does not read.
	Inputs    []InputDifference
	Unread    string
	SameInput bool
	Value     [2]func(key string) any // what A and B have of a parameter that their design does not vary; nil where that is not known
}

// A Correction is how P values are corrected for the number of tests. The zero value is Holm's.
type Correction struct {
	Name   string // as R's p.adjust
	By     string // whose it is
	adjust func([]float64) []float64
}

// Corrections is those there are: of all but the last two the risk is that of any false alarm, of these the
// expected share of false ones among the alarms.
var Corrections = []Correction{
	{"holm", "Holm", stats.Holm}, {"hochberg", "Hochberg", stats.Hochberg}, {"hommel", "Hommel", stats.Hommel}, {"bonferroni", "Bonferroni", stats.Bonferroni},
	{"bh", "Benjamini and Hochberg", stats.BenjaminiHochberg}, {"by", "Benjamini and Yekutieli", stats.BenjaminiYekutieli},
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
	c := &Comparison{A: a, B: b, Level: opt.Level, Correction: opt.Correction, Inputs: opt.Inputs, Unread: opt.Unread, SameInput: opt.SameInput, Files: []string{}}
	if c.Correction.adjust == nil {
		c.Correction = Corrections[0]
	}
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
	if err := c.match(opt.Value); err != nil {
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
	for i, adjusted := range c.Correction.adjust(p) {
		c.Tests[i].Adjusted = adjusted
	}
	return c, nil
}

// each tests place by place, in the order of A.
func (c *Comparison) each(t *tester) error {
	next, stop := iter.Pull2(c.B.each(t.held(1)))
	defer stop()
	wanted := map[int64]bool{}
	for _, p := range c.places {
		for k := range p.n[1] {
			wanted[p.from[1]+k] = true
		}
	}
	held := map[int64]*pointRows{} // of B, passed by on the way to another
	fetch := func(point int64) (*pointRows, error) {
		for held[point] == nil {
			b, err, more := next()
			if err != nil {
				return nil, err
			} else if !more {
				return nil, &Ask{fmt.Sprintf("%s: runs.csv has no design point %d", c.B.Name, point)}
			}
			if wanted[b.point] {
				held[b.point] = b
			}
		}
		b := held[point]
		delete(held, point)
		return b, nil
	}
	var points [2][]*pointRows
	at := 0
	for a, err := range c.A.each(t.held(0)) {
		if err != nil {
			return err
		}
		if at == len(c.places) || a.point < c.places[at].from[0] {
			continue
		}
		p := c.places[at]
		if points[0] = append(points[0], a); a.point < p.from[0]+p.n[0]-1 {
			continue
		}
		for point := p.from[1]; point < p.from[1]+p.n[1]; point++ {
			b, err := fetch(point)
			if err != nil {
				return err
			}
			points[1] = append(points[1], b)
		}
		t.test(at, points)
		points = [2][]*pointRows{}
		at++
	}
	if at < len(c.places) {
		return &Ask{fmt.Sprintf("%s: runs.csv has no design point %d", c.A.Name, c.places[at].from[0]+c.places[at].n[0]-1)}
	}
	return nil
}

// index is the columns that say which history a row is.
var index = []string{"run_id", "point", "rep"}

// pointRows is the rows of one design point.
type pointRows struct {
	point int64
	reps  int
	cells []narrow // by column
}

// narrow is numbers, a byte each as long as all are whole, at least 0 and below 255 or missing, as those of most measures
// are: all of a place are held at once, because the tests are of whole distributions.
type narrow struct {
	bytes []uint8
	wide  []float64
}

const missingByte = 255

func (c *narrow) add(x float64) {
	if c.wide == nil {
		if b := uint8(max(0, min(x, missingByte))); x != x {
			c.bytes = append(c.bytes, missingByte)
			return
		} else if b < missingByte && float64(b) == x {
			c.bytes = append(c.bytes, b)
			return
		}
		c.wide, c.bytes = c.floats(), nil
	}
	c.wide = append(c.wide, x)
}

// floats is the numbers, not to be written to.
func (c *narrow) floats() []float64 {
	if c.wide != nil {
		return c.wide
	}
	all := make([]float64, len(c.bytes))
	for i, b := range c.bytes {
		if all[i] = float64(b); b == missingByte {
			all[i] = math.NaN()
		}
	}
	return all
}

// each yields the histories of each design point in their order, with the columns that are held.
func (s *Side) each(held []int) iter.Seq2[*pointRows, error] {
	at := record.Index(s.columns, "point")
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
					now = &pointRows{point: p, cells: make([]narrow, len(row))}
				}
				for _, j := range held {
					now.cells[j].add(row[j])
				}
				now.reps++
			}
		}
		if now != nil {
			yield(now, nil)
		}
	}
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
