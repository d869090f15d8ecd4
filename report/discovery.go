package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Cut says which design points are cases of interest: those at which the mean of the measure over the
// replications is below, or above, a threshold.
type Cut struct {
	Threshold float64
	Above     bool
}

// Discovery says in which box of the factors the cases of interest lie: scenario discovery after Bryant
// and Lempert (Technol. Forecast. Soc. Change 77, 2010) with PRIM. The box is found on a part of the
// futures and judged on the rest, because the futures that chose a box flatter it.
type Discovery struct {
	Manifest *record.Manifest
	Title    string
	Question string
	Level    float64
	measured
	Cut         Cut
	Points      int // that have the measure
	Cases       int // of them, those of interest
	HeldOut     int // points that the box was not found on
	HeldOutHits int // cases of interest among them
	Path        []Peeled
	Box         stats.Box // the box that is told, judged on the points held out
	Found       stats.Box // the same box, on the points that it was found on
	Limits      []Limit   // of that box
	Columns     []record.Column
	inputs      Inputs
}

// Peeled is a box on PRIM's way, on the points that it was found on and on those held out.
type Peeled struct {
	Restricted     int // factors
	Found, HeldOut stats.Box
}

// Limit is the range in which a box keeps one factor.
type Limit struct {
	Key, Basis string
	Range      string  // in words: "below 1.2"
	QuasiP     float64 // that the restriction is an accident, on the points that it was found on
	Column     record.Column
	Low, High  float64 // its ends; infinite where it is open
	From, To   float64 // the least and the greatest value that was looked at
}

// heldOut is the share of the futures that judge a box.
const heldOut = 0.3

// ReadDiscovery looks for the box in which a measure, a column of runs.csv, with =CLASS if it has classes,
// comes out as cut says; nil means below one half for a share. An error may be an [*Ask].
func ReadDiscovery(r *record.Result, in Inputs, measure string, cut *Cut, level float64) (*Discovery, error) {
	if err := checkMethod(&r.Manifest.Design, "prim"); err != nil {
		return nil, err
	}
	d := &Discovery{Manifest: &r.Manifest, Title: r.Package.Title, Question: r.Package.Doc, Level: level, inputs: in}
	points, err := d.read(r, measure)
	if err != nil {
		return nil, err
	}
	switch {
	case cut != nil:
		d.Cut = *cut
	case d.share():
		d.Cut = Cut{Threshold: 0.5}
	default:
		return nil, &Ask{fmt.Sprintf("--measure %s: say which cases are of interest: --below X or --above X", measure)}
	}
	return d, d.discover(points)
}

// played is a design point as it was played.
type played struct {
	factors []float64 // cells of its columns, without "case"
	sum     float64   // of the measure
	n       int       // histories that have it
}

// read reads the points of a result, in their order.
func (d *Discovery) read(r *record.Result, measure string) ([]played, error) {
	h, at, err := d.open(r, measure)
	if err != nil {
		return nil, err
	}
	defer h.close()
	points := make([]played, d.Manifest.Design.Points)
	err = h.each(func(point, rep int, row []float64) {
		if x := d.value(row[at]); x == x {
			points[point].sum += x
			points[point].n++
		}
	})
	if err != nil {
		return nil, err
	}
	varied := slices.DeleteFunc(factorNames(r.Package.Resource("runs").Columns), func(name string) bool { return name == "case" })
	heads, err := r.Rows("runs", varied...)
	if err != nil {
		return nil, err
	}
	defer heads.Close()
	err = h.heads(heads, func(point int, row []float64) { points[point].factors = slices.Clone(row) })
	d.Columns = slices.Clone(heads.Columns) // with the texts that were met
	return points, err
}

// discover looks for the box.
func (d *Discovery) discover(points []played) error {
	futures := max(1, int(d.Manifest.Design.Futures))
	// A future is found on, or judges, whole: its luck and its uncertain inputs are the same at every choice.
	judges := make([]bool, futures)
	for _, f := range rand.New(rand.NewPCG(1, 0)).Perm(futures)[:int(heldOut*float64(futures))] {
		judges[f] = true
	}
	var x, heldX [][]float64
	var hit, heldHit []bool
	for i, p := range points {
		if p.n == 0 {
			continue
		}
		mean := p.sum / float64(p.n)
		of := mean < d.Cut.Threshold
		if d.Cut.Above {
			of = mean > d.Cut.Threshold
		}
		if d.Points++; of {
			d.Cases++
		}
		if judges[i%futures] {
			heldX, heldHit = append(heldX, p.factors), append(heldHit, of)
		} else {
			x, hit = append(x, p.factors), append(hit, of)
		}
	}
	if d.Points == 0 {
		return &Ask{fmt.Sprintf("--measure %s: missing in every history", d.Measure.Name)}
	}
	if d.Cases == 0 || d.Cases == d.Points {
		all := "no point is"
		if d.Cases > 0 {
			all = "every point is"
		}
		return &Ask{fmt.Sprintf("%s a case of interest (%s): there is no box to find; move the threshold with --below or --above", all, d.interest())}
	}
	d.HeldOut = len(heldX)
	for _, h := range heldHit {
		if h {
			d.HeldOutHits++
		}
	}
	kept := told(x, hit)
	x, heldX = only(x, kept), only(heldX, kept)
	path := stats.PRIM{Peel: 0.05, Support: 0.05}.Trajectory(x, hit)
	for _, b := range path {
		restricted := 0
		for j := range kept {
			if b.Restricted(j) {
				restricted++
			}
		}
		d.Path = append(d.Path, Peeled{restricted, b, b.Test(heldX, heldHit)})
	}
	d.Found = withoutAccidents(furthest(path), x, hit)
	d.Box = d.Found.Test(heldX, heldHit)
	d.limits(kept, x, heldX, hit)
	return nil
}

// told is the factors whose values differ between cases of interest and the others by more than luck: the
// regional sensitivity analysis of Spear and Hornberger (Water Research 14, 1980), by Kolmogorov and
// Smirnov's test after Holm. Among hundreds of factors PRIM would else narrow its boxes by many that have
// nothing to do with them.
func told(x [][]float64, hit []bool) (factors []int) {
	p := make([]float64, len(x[0]))
	for j := range p {
		var with, without []float64
		for i, row := range x {
			if hit[i] {
				with = append(with, row[j])
			} else {
				without = append(without, row[j])
			}
		}
		p[j] = stats.KolmogorovSmirnov(stats.NewSample(with), stats.NewSample(without)).P
	}
	for j, adjusted := range stats.Holm(p) {
		if adjusted < accident {
			factors = append(factors, j)
		}
	}
	return factors
}

// only is some columns of x.
func only(x [][]float64, columns []int) [][]float64 {
	rows := make([][]float64, len(x))
	for i := range x {
		for _, j := range columns {
			rows[i] = append(rows[i], x[i][j])
		}
	}
	return rows
}

// furthest is the box on the way whose density is furthest above that of all points, in standard errors
// of so many points drawn from all.
func furthest(path []stats.Box) stats.Box {
	all := path[0].Density
	score := func(b stats.Box) float64 { return (b.Density - all) * math.Sqrt(float64(b.Runs)) }
	best := path[0]
	for _, b := range path {
		if score(b) > score(best) {
			best = b
		}
	}
	return best
}

// accident is how probable it may be that luck alone tells any factor, or restricts any.
const accident = 0.05

// withoutAccidents takes from a box, the least certain first, every restriction that luck alone would
// give among the factors that PRIM looked at (Bonferroni).
func withoutAccidents(b stats.Box, x [][]float64, hit []bool) stats.Box {
	for {
		worst, p := -1, accident/float64(len(b.Low))
		for j := range b.Low {
			if b.Restricted(j) {
				if q := b.QuasiP(j, x, hit); q > p {
					worst, p = j, q
				}
			}
		}
		if worst < 0 {
			return b
		}
		b.Low, b.High = slices.Clone(b.Low), slices.Clone(b.High)
		b.Low[worst], b.High[worst] = math.Inf(-1), math.Inf(1)
		b = b.Test(x, hit)
	}
}

// limits puts the box into words, the surest restriction first.
func (d *Discovery) limits(kept []int, x, heldX [][]float64, hit []bool) {
	for j, column := range kept {
		if d.Found.Restricted(j) {
			c := &d.Columns[column]
			l := Limit{
				Key: c.Title, Basis: d.inputs.Basis[c.Title], Range: within(c, d.Found.Low[j], d.Found.High[j]),
				QuasiP: d.Found.QuasiP(j, x, hit), Column: *c, Low: d.Found.Low[j], High: d.Found.High[j],
			}
			l.From, l.To = math.Inf(1), math.Inf(-1)
			for _, row := range slices.Concat(x, heldX) {
				l.From, l.To = min(l.From, row[j]), max(l.To, row[j])
			}
			d.Limits = append(d.Limits, l)
		}
	}
	slices.SortStableFunc(d.Limits, func(a, b Limit) int {
		switch {
		case a.QuasiP < b.QuasiP:
			return -1
		case a.QuasiP > b.QuasiP:
			return 1
		}
		return 0
	})
}

// within says in which range a box keeps a factor.
func within(c *record.Column, low, high float64) string {
	word := func(x float64) string {
		switch c.Kind {
		case record.Float:
			return threeDigits(x)
		case record.Int:
			return stats.Round(x, 0)
		}
		return string(record.AppendCell(nil, c, x, 6))
	}
	below, above := math.IsInf(low, -1), math.IsInf(high, 1)
	switch {
	case low == high:
		return "at " + word(low)
	case c.Kind == record.Bool && below:
		return "at " + word(high)
	case c.Kind == record.Bool:
		return "at " + word(low)
	case c.Kind == record.Float && below:
		return "below " + word(high)
	case c.Kind == record.Float && above:
		return "above " + word(low)
	case below:
		return "at most " + word(high)
	case above:
		return "at least " + word(low)
	}
	return "from " + word(low) + " to " + word(high)
}

// threeDigits writes a number to three digits.
func threeDigits(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-3 || a >= 1e9) {
		return fmt.Sprintf("%.3g", x)
	}
	return strings.TrimSuffix(strings.TrimRight(pad(stats.Round(x, stats.Place(x, 0))), "0"), ".")
}

// pad gives a whole number a point, so that only zeros behind one are cut.
func pad(s string) string {
	if strings.Contains(s, ".") {
		return s
	}
	return s + "."
}

// interest is what makes a case of interest.
func (d *Discovery) interest() string {
	scale, unit := d.scale()
	side := "less"
	if d.Cut.Above {
		side = "more"
	}
	if d.share() {
		return fmt.Sprintf("%s in %s than %s%% of the histories", strings.ToLower(d.name()), side, threeDigits(scale*d.Cut.Threshold))
	}
	return fmt.Sprintf("%s of %s than %s%s in the mean", strings.ToLower(d.name()), side, threeDigits(d.Cut.Threshold), spaced(unit))
}

// where is the units that are in a box: futures, or design points where somebody chooses as well.
func (d *Discovery) where() string {
	if g := d.Manifest.Design; g.Points > g.Futures {
		return "points"
	}
	return "futures"
}
