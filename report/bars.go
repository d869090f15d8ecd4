package report

import (
	"fmt"
	"math"
	"slices"

	"tripwire/stats"
	"tripwire/study/record"
)

// A layout says of a design of several points what is independent of what: which points are one sampled
// future, and which hang together. Choices at one future are averaged.
type layout struct {
	design  *record.Design
	future  func(point int64) int // for the input bar; nil where the points stand for no belief
	cluster func(point int64) int // for the run bar
	block   bool                  // the points of a cluster are several futures
	ownLuck bool                  // no two clusters meet the same luck
}

// newLayout is nil for a single point.
func newLayout(d *record.Design) *layout {
	if d.Points <= 1 {
		return nil
	}
	l := &layout{design: d, ownLuck: d.OwnLuck, cluster: func(int64) int { return 0 }}
	if d.Futures == 0 {
		return l
	}
	l.cluster = func(point int64) int { return int(point % d.Futures) }
	if len(d.Uncertain) > 0 && d.Kind != "morris" {
		l.future = l.cluster
	}
	factors := int64(len(d.Factors))
	switch {
	case d.Sharing > 0: // a trajectory or a scrambling: what meets the same luck
		l.cluster, l.block, l.ownLuck = func(point int64) int { return int(point / d.Sharing) }, true, true
	case d.Kind == "morris": // a trajectory
		l.cluster, l.block = func(point int64) int { return int(point / (factors + 1)) }, true
	case d.Kind == "saltelli": // within a scrambling a row of A, that of B, and those that mix the two
		size := d.Futures / max(1, d.Scrambles)
		base := size / (factors + 2)
		l.cluster, l.block = func(point int64) int { return int(point/size*base + point%size%base) }, true
	}
	return l
}

// A placing is where some points stand in the grids of both bars.
type placing struct {
	layout        *layout
	row, future   []int32 // of each of the points: its cluster, and its future
	rows, futures int
	order         []int // the points, cluster by cluster, as [stats.Crossed] asks for them
}

func (l *layout) place(points []int64) *placing {
	g := &placing{layout: l}
	g.row, g.rows = lay(points, l.cluster)
	if g.future, g.futures = g.row, g.rows; l.future != nil && l.block {
		g.future, g.futures = lay(points, l.future)
	}
	g.order = make([]int, len(points))
	for i := range points {
		g.order[i] = i
	}
	slices.SortStableFunc(g.order, func(a, b int) int { return int(g.row[a] - g.row[b]) })
	return g
}

// lay numbers what points belong to as it is met.
func lay(points []int64, of func(point int64) int) (rows []int32, number int) {
	numbers := map[int]int32{}
	rows = make([]int32, len(points))
	for i, point := range points {
		row := of(point)
		n, ok := numbers[row]
		if !ok {
			n = int32(len(numbers))
			numbers[row] = n
		}
		rows[i] = n
	}
	return rows, len(numbers)
}

// Bars is what is known besides its value of a number of a study of several points.
type Bars struct {
	Run   stats.TwoWay  // what luck, the finite number of histories, leaves open
	Input *stats.Spread // how the truth differs over what is believed; nil where the points are no sample of that

	block bool             // the clusters of the run bar are several futures each
	ranks *stats.Histogram // of a quantile: Input is of ranks among these values, from 0 to 1
}

// A twoBars gathers both bars of a mean or a share from histories, which are shown to it as to a [stats.Crossed].
type twoBars struct {
	on         *placing
	run, input *stats.Crossed // input nil where nobody asks for it, and the same where the futures are the clusters
}

func (g *placing) newBars(input bool) twoBars {
	l := g.layout
	input = input && l.future != nil
	t := twoBars{on: g, run: stats.NewCrossed(g.rows, l.ownLuck, input && !l.block)}
	if t.input = t.run; !input {
		t.input = nil
	} else if l.block {
		t.input = stats.NewCrossed(g.futures, l.ownLuck, true)
	}
	return t
}

// add shows the value of a history at one of the points.
func (t *twoBars) add(point int, x float64) {
	t.run.Add(int(t.on.row[point]), x)
	if t.input != nil && t.input != t.run {
		t.input.Add(int(t.on.future[point]), x)
	}
}

func (t *twoBars) each(do func(c *stats.Crossed)) {
	do(t.run)
	if t.input != nil && t.input != t.run {
		do(t.input)
	}
}

// again begins the second showing, and endStep ends a replication of it.
func (t *twoBars) again()   { t.each((*stats.Crossed).Again) }
func (t *twoBars) endStep() { t.each((*stats.Crossed).EndColumn) }

// bars makes the bars of what was shown.
func (t *twoBars) bars(share bool, level float64) *Bars {
	b := &Bars{block: t.on.layout.block}
	if share {
		b.Run = t.run.Share(level)
	} else {
		b.Run = t.run.Mean(level)
	}
	if t.input != nil {
		s := t.input.Spread()
		b.Input = &s
	}
	return b
}

// NewBars makes both bars of the mean, or the share, of a measure over the histories of several points of a
// design, which has more than one: cells[i] is the measure in the replications at points[i], NaN where missing.
func NewBars(d *record.Design, points []int64, cells [][]float64, share bool, level float64) *Bars {
	g := newLayout(d).place(points)
	t := g.newBars(true)
	most := 0
	for i, values := range cells {
		most = max(most, len(values))
		for _, x := range values {
			if x == x {
				t.add(i, x)
			}
		}
	}
	t.again()
	for rep := range most {
		for _, i := range g.order {
			if rep < len(cells[i]) && cells[i][rep] == cells[i][rep] {
				t.add(i, cells[i][rep])
			}
		}
		t.endStep()
	}
	return t.bars(share, level)
}

// InputRange is the ends of the input bar: between them the truth lies in nine futures of ten.
func (b *Bars) InputRange(share bool) (low, high float64) {
	low, high = b.Input.Quantile(0.05), b.Input.Quantile(0.95)
	low, high = max(0, low), max(0, high) // no measure of a history is below
	if share || b.ranks != nil {
		low, high = min(1, low), min(1, high)
	}
	if b.ranks != nil && low == low {
		return b.ranks.Quantile(low), b.ranks.Quantile(high)
	}
	return low, high
}

// inputSD is the standard deviation of the true values; NaN of a quantile, which is told by rank.
func (b *Bars) inputSD() float64 {
	if b.ranks != nil {
		return math.NaN()
	}
	return math.Sqrt(b.Input.Between)
}

// InputText is the input bar as it is shown, in a multiple of its unit: to the second digit of its width, and to
// no digit that the bar itself leaves open.
func (b *Bars) InputText(share, whole bool, scale float64) string {
	switch {
	case b == nil || b.Input == nil || math.IsNaN(b.Input.Between), b.Input.Between == 0 && b.Input.Noise == 0:
		return "–"
	case b.Input.Between == 0:
		return "not told"
	}
	low, high := b.InputRange(share)
	at := stats.Place(scale*high, scale*b.inputDoubt())
	if width := scale * (high - low); width > 0 {
		at = max(at, second(width))
	}
	if whole {
		at = max(0, at)
	}
	return nonzero(scale*low, at) + " to " + nonzero(scale*high, at)
}

// nonzero writes what is not negative to a place: 0 is 0 without decimals, and what is above it is not shown as 0, but by
// its first digit, or where that is far below the place, as less than a digit that is not.
func nonzero(x float64, place int) string {
	switch {
	case x == 0:
		return "0"
	case x >= math.Pow10(place)/2 || !(x > 0):
		return stats.Round(x, place)
	case x < math.Pow10(place-2):
		return "<" + stats.Round(math.Pow10(place-2), place-2)
	}
	return stats.Round(x, int(math.Floor(math.Log10(x))))
}

// inputDoubt is about half the 95% interval of the ends of the input bar, of the one that is known less: what the
// run bar leaves open of their middle, and what the number of futures leaves open of how far apart they are. The
// variance of the values at the futures is taken for chi-squared.
func (b *Bars) inputDoubt() float64 {
	const z95, z90 = 1.96, 1.645 // of the interval, of the ends of the bar
	in := b.Input
	reach := math.Sqrt(in.Between+z95*math.Sqrt(2/float64(max(1, in.Futures-1)))*(in.Between+in.Noise)) - math.Sqrt(in.Between)
	middle := 0.0
	if half := b.Run.HalfWidth(); half > 0 && !math.IsInf(half, 0) {
		middle = half
	}
	doubt := math.Hypot(middle, z90*reach)
	if b.ranks == nil {
		return doubt
	}
	most := 0.0
	for _, p := range []float64{0.05, 0.95} {
		rank := in.Quantile(p)
		low, high := min(1, max(0, rank-doubt)), min(1, max(0, rank+doubt))
		most = max(most, (b.ranks.Quantile(high)-b.ranks.Quantile(low))/2)
	}
	return most
}

// doubts is an estimate with the warnings of its input bar besides.
func doubts(e stats.Estimate, b *Bars) stats.Estimate {
	if b == nil || b.Input == nil {
		return e
	}
	e.Warnings = slices.Clone(e.Warnings)
	for _, w := range b.Input.Warnings {
		if e.N > 0 && !slices.Contains(e.Warnings, w) {
			e.Warnings = append(e.Warnings, w)
		}
	}
	return e
}

// independent is the clusters of the run bar over all points: how many there are, and what one and several of
// them are called.
func (l *layout) independent() (n int64, one, many string) {
	d := l.design
	rows := int64(len(d.Factors) + 2) // of a base point of Saltelli
	switch {
	case d.Futures == 0:
		return 1, "", ""
	case d.Kind == "morris":
		return d.Futures / (rows - 1), "trajectory", "trajectories"
	case d.Kind == "saltelli" && d.Sharing > 0:
		return d.Futures / d.Sharing, "scrambling", "scramblings"
	case d.Kind == "saltelli":
		return d.Futures / rows, "base point", "base points"
	case l.future == nil:
		return d.Futures, "point", "points"
	}
	return d.Futures, "future", "futures"
}

// explain says what the two bars are.
func (l *layout) explain(level float64) string {
	d := l.design
	text := fmt.Sprintf("In brackets the run bar, the %g%% interval of the mean: what is left open by luck, that is by the finite number of ", 100*level)
	if n, one, many := l.independent(); many != "" {
		text += Plural(n, one, many) + " and "
	}
	text += UpTo(d) + Plural(d.Replications, "replication", "replications") + "."
	if l.future == nil {
		return text
	}
	return text + " After it the input bar, from 5% to 95%: how the true value at a future differs over what is believed of " +
		parameters(len(d.Uncertain)) + ", with the noise of the runs taken out. More runs narrow the first and not the second."
}

func parameters(n int) string { return Plural(n, "parameter", "parameters") }

// cautions is what numbers over all points of a design do not say.
func (l *layout) cautions() string {
	d := l.design
	if d.Futures == 0 {
		return otherwiseFixed
	}
	text := caution(d)
	switch levers := len(d.Factors) - len(d.Uncertain); {
	case d.Kind == "morris":
		text = "Morris' trajectories visit the levels of a screening design, which are no sample of what is believed: there is no input bar. " + never
	case len(d.Uncertain) == 0:
		text = "The points sample the range of levers, which nobody believes in more or less: there is no input bar. " + never
	case levers > 0 && d.Futures == d.Points:
		text = fmt.Sprintf("%s of the factors are levers, which somebody chooses: the input bar holds their whole range too. ", Count(levers)) + text
	}
	return text
}

// leastFutures is how few futures are never advised.
const leastFutures = 20

// worth says what more running would do to a run bar, in a multiple of its unit: "" where nothing is known.
func (l *layout) worth(b *Bars, scale float64) string {
	w := b.Run
	clusters, luck, rest := w.Parts()
	half := scale * w.HalfWidth()
	if !(w.SE > 0) || w.Rows < 2 || w.Columns < 2 || !(half > 0) || math.IsInf(half, 0) {
		return ""
	}
	at := second(half)
	show := func(x float64) string { return stats.Round(x, at) }
	_, _, many := l.independent()
	shared := fmt.Sprintf("%.0f%% of luck that all of them share, %.0f%% of other luck", 100*luck, 100*rest)
	if l.ownLuck {
		shared = fmt.Sprintf("%.0f%% of luck", 100*rest)
	}
	text := fmt.Sprintf("Of the variance behind the run bar %.0f%% comes of the number of %s, %s: ±%s would be about ±%s with 4 times the %s, ±%s with 4 times the replications.",
		100*clusters, many, shared, show(half), show(scale*w.HalfWidthAt(4, 1)), many, show(scale*w.HalfWidthAt(1, 4)))
	// Fewer futures than that would leave the input bar nothing to stand on.
	if r, c := w.Best(0); !b.block && r >= leastFutures && (r != w.Rows || c != w.Columns) {
		text += fmt.Sprintf(" The same number of histories would narrow it most as about %s %s of %s replications.", Count(r), many, Count(c))
	}
	return text
}

// second is the place of the second digit of a width.
func second(width float64) int { return int(math.Floor(math.Log10(width))) - 1 }
