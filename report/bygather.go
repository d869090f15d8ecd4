package report

import (
	"math"

	"tripwire/stats"
)

// gathered is what the estimates of a group come of.
type gathered struct {
	on           *placing // of several points
	bars, change twoBars  // the measure, and what separates it from the first group

	yes, n int            // of one point: histories with the measure, and of a share those in which it holds
	mean   *stats.Running // of one point, where the measure is no share
	pairs  stats.Pairs    // with the first group, each of one point
	paired *stats.Paired

	sample *stats.Histogram // if wanted
	means  []float64        // if wanted: of the points, by replication; NaN where there is none
	halves *halves          // if wanted
}

// wanted is what somebody wants beside the table of groups.
type wanted struct {
	quantiles    bool // [gathered.sample]
	replications bool // [gathered.means], whose memory grows with the replications
	futures      bool // [gathered.halves]
}

// halves is sums by future: of all replications, and of those of even and of odd number.
type halves struct{ sum, n [3][]float64 }

// steps shows the value of the measure in one replication at every point after the other, NaN where it is missing, and
// whether it was played there.
type steps func(show func(rep int, value func(point int64) (x float64, played bool))) error

// gather goes through the histories, once or, for both bars of several points, twice.
func (b *By) gather(want wanted, each steps) error {
	b.Unpaired = b.unpaired()
	several := false
	layout := newLayout(&b.Manifest.Design)
	for i := range b.Groups {
		g := &b.Groups[i]
		if g.Points > 1 {
			several = true
			g.on = layout.place(g.points)
			g.bars = g.on.newBars(true)
			if b.paired(i) {
				g.change = g.on.newBars(false)
			}
		} else if !b.share() {
			g.mean, g.paired = new(stats.Running), new(stats.Paired)
		}
		if want.quantiles {
			g.sample = &stats.Histogram{NoMean: true}
		}
		if want.futures {
			g.halves = newHalves(int(b.Manifest.Design.Futures))
		}
	}
	err := each(func(rep int, value func(point int64) (float64, bool)) {
		for i := range b.Groups {
			b.step(i, rep, value)
			if want.replications {
				b.Groups[i].step(value)
			}
		}
	})
	if err == nil && several {
		for i := range b.Groups {
			if g := &b.Groups[i]; g.Points > 1 {
				g.each((*stats.Crossed).Again)
			}
		}
		err = each(func(_ int, value func(point int64) (float64, bool)) {
			for i := range b.Groups {
				if g := &b.Groups[i]; g.Points > 1 {
					b.cross(i, value)
					g.each((*stats.Crossed).EndColumn)
				}
			}
		})
	}
	if err == nil {
		b.estimate()
	}
	return err
}

// paired says whether a group is compared with the first.
func (b *By) paired(i int) bool { return i > 0 && b.Unpaired == "" }

func (g *gathered) each(do func(c *stats.Crossed)) {
	g.bars.each(do)
	if g.change.run != nil {
		g.change.each(do)
	}
}

// cross shows a replication to the bars of a group of several points.
func (b *By) cross(i int, value func(point int64) (float64, bool)) {
	g := &b.Groups[i]
	for _, k := range g.on.order {
		x, _ := value(g.points[k])
		if x != x {
			continue
		}
		g.bars.add(k, x)
		if b.paired(i) {
			if y, _ := value(b.Groups[0].points[k]); y == y {
				g.change.add(k, x-y)
			}
		}
	}
}

// step counts a replication.
func (b *By) step(i, rep int, value func(point int64) (float64, bool)) {
	g := &b.Groups[i]
	if g.Points > 1 {
		b.cross(i, value)
	}
	for _, point := range g.points {
		x, _ := value(point)
		if x != x {
			continue
		}
		if g.sample != nil {
			g.sample.Add(x)
		}
		if g.halves != nil {
			g.halves.add(int(point%b.Manifest.Design.Futures), rep, x)
		}
		if g.Points > 1 {
			continue
		}
		if g.n++; b.share() {
			g.yes += int(x)
		} else {
			g.mean.Add(x)
		}
		if !b.paired(i) {
			continue
		}
		switch y, _ := value(b.Groups[0].points[0]); {
		case y != y:
		case b.share():
			g.pairs.Add(x == 1, y == 1)
		default:
			g.paired.Add(x, y)
		}
	}
}

// step keeps the mean of a replication over the points that were played so often.
func (g *Group) step(value func(point int64) (float64, bool)) {
	sum, n, any := 0.0, 0, false
	for _, point := range g.points {
		x, played := value(point)
		if any = any || played; x == x {
			sum += x
			n++
		}
	}
	if any {
		g.means = append(g.means, sum/float64(n))
	}
}

func newHalves(futures int) *halves {
	p := new(halves)
	for i := range p.n {
		p.sum[i], p.n[i] = make([]float64, futures), make([]float64, futures)
	}
	return p
}

func (p *halves) add(future, rep int, x float64) {
	for _, i := range [2]int{0, 1 + rep%2} {
		p.sum[i][future] += x
		p.n[i][future]++
	}
}

// level estimates the measure in a group.
func (b *By) level(g *Group) {
	switch {
	case g.Points > 1:
		g.Bars = g.bars.bars(b.share(), b.Level)
		g.Estimate = b.possible(g.Run.Estimate)
	case b.share():
		g.Estimate = stats.Share(g.yes, g.n, b.Level)
	default:
		g.Estimate = b.possible(g.mean.Mean(b.Level))
	}
}

// change compares a group with the first, history by history.
func (b *By) change(g *Group) *Change {
	if g.Points > 1 {
		w := g.change.bars(false, b.Level).Run
		e := w.Estimate
		if b.share() {
			e = w.PairedShare()
		}
		return &Change{Estimate: e, P: w.P(), VarianceReduction: math.NaN()}
	}
	if b.share() {
		return &Change{Estimate: stats.PairedShare(g.pairs, b.Level), P: stats.McNemar(g.pairs).P, VarianceReduction: g.pairs.VarianceReduction()}
	}
	d := g.paired.Difference(b.Level)
	p := d.Test.P
	if math.IsNaN(p) {
		p = 1
	}
	return &Change{Estimate: d.Estimate, P: p, VarianceReduction: d.VarianceReduction}
}
