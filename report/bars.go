package report

import (
	"fmt"
	"math"
	"slices"
	"sort"

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

// spot is where a history stands in a design.
type spot struct {
	point int64
	rep   int32
}

// grid counts histories by row and replication: add is called with each history that counts and its value.
func (l *layout) grid(row func(point int64) int, at []spot, each func(add func(history int, x float64))) *stats.Grid {
	number, reps := map[int]int{}, 1
	rows := make([]int32, len(at)) // dense, of those that have a history
	for i, p := range at {
		if reps = max(reps, int(p.rep)+1); i > 0 && p.point == at[i-1].point {
			rows[i] = rows[i-1] // as mostly
			continue
		}
		j := row(p.point)
		n, ok := number[j]
		if !ok {
			n = len(number)
			number[j] = n
		}
		rows[i] = int32(n)
	}
	g := stats.NewGrid(max(1, len(number)), reps, l.ownLuck)
	each(func(i int, x float64) { g.Add(int(rows[i]), int(at[i].rep), x) })
	return g
}

// Bars is what is known besides its value of a number of a study of several points.
type Bars struct {
	Run   stats.TwoWay  // what luck, the finite number of histories, leaves open
	Input *stats.Spread // how the truth differs over what is believed; nil where the points are no sample of that

	block bool         // the clusters of the run bar are several futures each
	ranks stats.Sample // of a quantile: Input is of ranks among these values, from 0 to 1
}

// bars makes both bars of a mean or a share over histories.
func (l *layout) bars(at []spot, share bool, level float64, each func(add func(history int, x float64))) *Bars {
	g := l.grid(l.cluster, at, each)
	b := &Bars{block: l.block}
	if share {
		b.Run = g.Share(level)
	} else {
		b.Run = g.Mean(level)
	}
	if l.future != nil {
		if l.block {
			g = l.grid(l.future, at, each)
		}
		s := g.Spread()
		b.Input = &s
	}
	return b
}

// NewBars makes both bars of the mean, or the share, of a measure over the histories of several points of a
// design, which has more than one: cells[i] is the measure in the replications at points[i], NaN where missing.
func NewBars(d *record.Design, points []int64, cells [][]float64, share bool, level float64) *Bars {
	var at []spot
	var values []float64
	for i, point := range points {
		for rep, x := range cells[i] {
			if x == x {
				at = append(at, spot{point, int32(rep)})
				values = append(values, x)
			}
		}
	}
	return newLayout(d).bars(at, share, level, func(add func(int, float64)) {
		for i, x := range values {
			add(i, x)
		}
	})
}

// quantileBars makes both bars of a quantile of values, of which history[i] is whose the i-th is. The run bar
// puts the limits of the share below it back into the sample (Woodruff, JASA 47, 1952); a quantile that
// several values tie for takes the part of them that makes the share right.
func (l *layout) quantileBars(at []spot, history []int32, values []float64, sample stats.Sample, p, level float64, input bool) (*Bars, stats.Estimate) {
	q := sample.Quantile(p, stats.MedianUnbiased)
	e := stats.Estimate{Value: q, Low: math.Inf(-1), High: math.Inf(1), Level: level, N: sample.Len()}
	below, ties := 0, 0
	for _, x := range values {
		if x < q {
			below++
		} else if x == q {
			ties++
		}
	}
	part := 0.0
	if ties > 0 {
		part = min(1, max(0, (p*float64(len(values))-float64(below))/float64(ties)))
	}
	b := &Bars{block: l.block, Run: l.grid(l.cluster, at, func(add func(int, float64)) {
		for i, x := range values {
			switch {
			case x < q:
				add(int(history[i]), 1)
			case x == q:
				add(int(history[i]), part)
			default:
				add(int(history[i]), 0)
			}
		}
	}).Share(level)}
	low, high := p+b.Run.Low-b.Run.Value, p+b.Run.High-b.Run.Value
	n := float64(len(values))
	if low*n >= 1 {
		e.Low = sample.Quantile(low, stats.MedianUnbiased)
	}
	if (1-high)*n >= 1 {
		e.High = sample.Quantile(high, stats.MedianUnbiased)
	}
	for _, w := range b.Run.Warnings {
		if w == stats.WarnFewClusters || w == stats.WarnOneLuck || w == stats.WarnNoRuns {
			e.Warnings = append(e.Warnings, w)
		}
	}
	if math.IsInf(e.Low, 0) || math.IsInf(e.High, 0) {
		e.Warnings = append(e.Warnings, stats.WarnUnbounded)
	}
	e.Method = "Woodruff, " + b.Run.Method
	if input && l.future != nil {
		ranked := make([]float64, len(values))
		for i, x := range values {
			ranked[i] = rank(sample.Sorted(), x)
		}
		s := l.split(at, history, ranked, p)
		b.Input, b.ranks = &s, sample
	}
	return b, e
}

// split is how a quantile differs between futures, from the replications of even and of odd number. It is
// told of ranks among all values, for which a skewed measure is as good as any: a quantile's rank is the
// rank's quantile.
func (l *layout) split(at []spot, history []int32, values []float64, p float64) stats.Spread {
	number := map[int]int{}
	var parts [][3][]float64
	for i, x := range values {
		where := at[history[i]]
		row := l.future(where.point)
		n, ok := number[row]
		if !ok {
			n = len(parts)
			number[row] = n
			parts = append(parts, [3][]float64{})
		}
		for _, half := range [2]int{0, 1 + int(where.rep%2)} {
			parts[n][half] = append(parts[n][half], x)
		}
	}
	var quantile [3][]float64
	weight := make([]float64, len(parts))
	for n := range parts {
		for half, x := range parts[n] {
			quantile[half] = append(quantile[half], stats.NewSample(x).Quantile(p, stats.MedianUnbiased))
		}
		weight[n] = float64(len(parts[n][0]))
	}
	return stats.SplitSpread(quantile[0], quantile[1], quantile[2], weight)
}

// rank is where x stands among sorted values, from 0 to 1; of values that tie, in their middle.
func rank(sorted []float64, x float64) float64 {
	first := sort.SearchFloat64s(sorted, x)
	past := first + sort.Search(len(sorted)-first, func(i int) bool { return sorted[first+i] > x })
	return float64(first+past) / float64(2*len(sorted))
}

// InputRange is the ends of the input bar: between them the truth lies in nine futures of ten.
func (b *Bars) InputRange(share bool) (low, high float64) {
	low, high = b.Input.Quantile(0.05), b.Input.Quantile(0.95)
	low, high = max(0, low), max(0, high) // no measure of a history is below
	if share || b.ranks.Len() > 0 {
		low, high = min(1, low), min(1, high)
	}
	if b.ranks.Len() > 0 && low == low {
		return b.ranks.Quantile(low, stats.MedianUnbiased), b.ranks.Quantile(high, stats.MedianUnbiased)
	}
	return low, high
}

// inputSD is the standard deviation of the true values; NaN of a quantile, which is told by rank.
func (b *Bars) inputSD() float64 {
	if b.ranks.Len() > 0 {
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
	at := place(scale*high, scale*b.inputDoubt())
	if width := scale * (high - low); width > 0 {
		at = max(at, second(width))
	}
	if whole {
		at = max(0, at)
	}
	return round(scale*low, at) + " to " + round(scale*high, at)
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
	if b.ranks.Len() == 0 {
		return doubt
	}
	most := 0.0
	for _, p := range []float64{0.05, 0.95} {
		rank := in.Quantile(p)
		low, high := min(1, max(0, rank-doubt)), min(1, max(0, rank+doubt))
		most = max(most, (b.ranks.Quantile(high, stats.MedianUnbiased)-b.ranks.Quantile(low, stats.MedianUnbiased))/2)
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
	text += Plural(d.Replications, "replication", "replications") + "."
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
		text = fmt.Sprintf("%s of the factors are levers, which somebody chooses: the input bar holds their whole range too. ", count(levers)) + text
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
	show := func(x float64) string { return round(x, at) }
	_, _, many := l.independent()
	shared := fmt.Sprintf("%.0f%% of luck that all of them share, %.0f%% of other luck", 100*luck, 100*rest)
	if l.ownLuck {
		shared = fmt.Sprintf("%.0f%% of luck", 100*rest)
	}
	text := fmt.Sprintf("Of the variance behind the run bar %.0f%% comes of the number of %s, %s: ±%s would be about ±%s with 4 times the %s, ±%s with 4 times the replications.",
		100*clusters, many, shared, show(half), show(scale*w.HalfWidthAt(4, 1)), many, show(scale*w.HalfWidthAt(1, 4)))
	// Fewer futures than that would leave the input bar nothing to stand on.
	if r, c := w.Best(0); !b.block && r >= leastFutures && (r != w.Rows || c != w.Columns) {
		text += fmt.Sprintf(" The same number of histories would narrow it most as about %s %s of %s replications.", count(r), many, count(c))
	}
	return text
}

// second is the place of the second digit of a width.
func second(width float64) int { return int(math.Floor(math.Log10(width))) - 1 }
