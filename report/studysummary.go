package report

import (
	"math"

	"tripwire/stats"
	"tripwire/study/record"
)

// A crossing makes both bars of the rows of a summary of several points. The values, of which the summary itself keeps
// no more than it does at one point, are told first; whose they are is then seen in the rows of runs.csv, which it
// reads again twice: to sum by future, and to see what the histories of one replication have in common.
type crossing struct {
	*Summary
	of       *runs
	on       *placing
	bars     []twoBars // by row of the summary; empty where there is no value
	cuts     []cut     // by row of the summary: of the quantiles
	pseudo   []*stats.Pseudo
	race     int      // the first row of the incidence
	splits   []*split // by item; nil where there is no input bar of ranks
	clusters int      // with a history that came to an end
	reps     int      // replications, up to the last that did
}

// A cut is a quantile of which the share below it is looked at. Where several values tie for it, it takes the part of
// them that makes the share right.
type cut struct{ value, part, p float64 }

// readStudy gathers the summary of a result of several points.
func readStudy(m *record.Manifest, p *record.Package, h *runs, level float64) (*Summary, error) {
	c := &crossing{Summary: newSummary(m, p, h.columns(), level), of: h}
	ended := make([]bool, m.Design.Points)
	points := make([]int64, m.Design.Points)
	err := h.each(func(point, rep int, row []float64) {
		if c.addRow(row) {
			ended[point] = true
			c.reps = max(c.reps, rep+1)
		}
	})
	if err != nil {
		return nil, err
	}
	c.estimate()
	for point := range points {
		points[point] = int64(point)
	}
	c.on = c.layout.place(points)
	has := make([]bool, c.on.rows)
	for point, yes := range ended {
		if row := c.on.row[point]; yes && !has[row] {
			has[row] = true
			c.clusters++
		}
	}
	c.clusters = max(1, c.clusters)
	c.prepare()
	if err := c.sum(); err != nil {
		return nil, err
	}
	for i := range c.bars {
		if c.bars[i].run != nil {
			c.bars[i].again()
		}
	}
	err = h.inStep(func(_ int, row func(point int) []float64) {
		for _, point := range c.on.order {
			if r := row(point); r != nil {
				c.show(point, r)
			}
		}
		for i := range c.bars {
			if c.bars[i].run != nil {
				c.bars[i].endStep()
			}
		}
	})
	if err != nil {
		return nil, err
	}
	c.finish()
	return c.Summary, nil
}

// prepare says what is looked at, now that the values are known.
func (c *crossing) prepare() {
	c.bars, c.cuts = make([]twoBars, len(c.Rows)), make([]cut, len(c.Rows))
	c.race = len(c.Rows)
	ends := c.ends.Table()
	for i := range c.Rows {
		switch r := &c.Rows[i]; r.Statistic {
		case "incidence":
			c.race = min(c.race, i)
			c.pseudo = append(c.pseudo, ends.Pseudo(1, r.Days))
			fallthrough
		case "share":
			c.bars[i] = c.on.newBars(true)
		}
	}
	c.splits = make([]*split, len(c.items))
	for j := range c.items {
		g := &c.items[j]
		if g.statistic != "quantiles" {
			continue
		}
		n := float64(g.sample.Len())
		for k, q := range quantiles {
			if n == 0 {
				break
			}
			c.bars[g.from+k] = c.on.newBars(false)
			at := cut{value: c.Rows[g.from+k].Value, p: q.p}
			if below, same := g.sample.Split(at.value); same > 0 {
				at.part = min(1, max(0, (q.p*n-below)/same))
			}
			c.cuts[g.from+k] = at
		}
		if n > 0 && c.layout.future != nil {
			c.splits[j] = &split{sample: &g.sample}
			for i := range c.splits[j].parts {
				c.splits[j].parts[i].NoMean = true
			}
		}
	}
}

// show shows a history to all bars.
func (c *crossing) show(point int, row []float64) {
	holds := c.holds(row)
	for given, yes := range holds {
		if !yes {
			continue
		}
		for _, j := range c.under[given] {
			if g := &c.items[j]; row[g.column] == row[g.column] {
				c.showValue(g, point, row[g.column])
			}
		}
	}
	if !holds[Any] {
		return
	}
	if t, cause, ok := c.end(row, holds[Accepted]); ok {
		for k, p := range c.pseudo {
			c.bars[c.race+k].add(point, p.Value(t, cause))
		}
	}
}

func (c *crossing) showValue(g *item, point int, x float64) {
	switch {
	case g.statistic == "quantiles":
		for k := range quantiles {
			at, share := &c.cuts[g.from+k], 0.0
			if x < at.value {
				share = 1
			} else if x == at.value {
				share = at.part
			}
			c.bars[g.from+k].add(point, share)
		}
	case g.least != nil:
		for k, least := range g.least {
			c.bars[g.from+k].add(point, one(x >= float64(least)))
		}
	case c.columns[g.column].Kind == record.Class:
		for k := range g.counts {
			c.bars[g.from+k].add(point, one(int(x) == k))
		}
	default:
		c.bars[g.from].add(point, x)
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// sum shows every history for the first time, future by future where quantiles are told apart by future.
func (c *crossing) sum() error {
	if c.layout.future == nil {
		for point := range c.on.row {
			if err := c.of.of(point, func(_ int, row []float64) { c.show(point, row) }); err != nil {
				return err
			}
		}
		return nil
	}
	points := make([][]int, c.on.futures)
	for point, f := range c.on.future {
		points[f] = append(points[f], point)
	}
	for _, of := range points {
		for _, point := range of {
			err := c.of.of(point, func(rep int, row []float64) {
				c.show(point, row)
				for given, yes := range c.holds(row) {
					if !yes {
						continue
					}
					for _, j := range c.under[given] {
						if x := row[c.items[j].column]; c.splits[j] != nil && x == x {
							c.splits[j].add(rep, x)
						}
					}
				}
			})
			if err != nil {
				return err
			}
		}
		for _, s := range c.splits {
			if s != nil {
				s.endFuture()
			}
		}
	}
	return nil
}

// finish puts the bars to the rows.
func (c *crossing) finish() {
	for i := range c.Rows {
		if c.bars[i].run == nil {
			continue
		}
		c.bars[i].each(func(crossed *stats.Crossed) { crossed.Columns = c.reps })
		c.bars[i].run.Rows = c.clusters
	}
	for j := range c.items {
		g := &c.items[j]
		switch classes := c.columns[g.column].Classes; {
		case g.statistic == "quantiles":
			for k := range quantiles {
				if c.bars[g.from+k].run != nil {
					c.quantile(g, g.from+k)
				}
			}
			if s := c.splits[j]; s != nil {
				r := &c.Rows[g.from+1]
				spread := s.spread()
				r.Bars.Input, r.Bars.ranks = &spread, &g.sample
			}
		case g.least == nil && len(classes) > 0:
			for k := range classes {
				// As Goodman: Wilson's intervals, the risk divided by the number of classes.
				r := &c.Rows[g.from+k]
				r.takeBars(c.bars[g.from+k].bars(true, 1-(1-c.Level)/float64(len(classes))))
				r.Level = c.Level
				r.Method += ", simultaneous"
			}
		default:
			for k := range max(1, len(g.least)) {
				c.Rows[g.from+k].takeBars(c.bars[g.from+k].bars(true, c.Level))
			}
		}
	}
	for k := range c.pseudo {
		c.Rows[c.race+k].takeBars(c.bars[c.race+k].bars(true, c.Level))
	}
}

// takeBars makes the interval of a row its run bar.
func (r *Row) takeBars(b *Bars) { r.Bars, r.Estimate = b, b.Run.Estimate }

// quantile puts the limits of the share below a quantile back into the sample (Woodruff, JASA 47, 1952).
func (c *crossing) quantile(g *item, i int) {
	r, p, n := &c.Rows[i], c.cuts[i].p, float64(g.sample.Len())
	b := c.bars[i].bars(true, c.Level)
	e := stats.Estimate{Value: c.cuts[i].value, Low: math.Inf(-1), High: math.Inf(1), Level: c.Level, N: g.sample.Len()}
	low, high := p+b.Run.Low-b.Run.Value, p+b.Run.High-b.Run.Value
	if low*n >= 1 {
		e.Low = g.sample.Quantile(low)
	}
	if (1-high)*n >= 1 {
		e.High = g.sample.Quantile(high)
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
	r.Bars, r.Estimate = b, e
}

// A split is how a median differs between futures, from the replications of even and of odd number. It is told of ranks
// among all values, for which a skewed measure is as good as any: a quantile's rank is the rank's quantile.
type split struct {
	sample   *stats.Histogram
	parts    [3]stats.Histogram // of the future that is shown: all replications, those of even, those of odd number
	medians  [3][]float64       // by future with a value
	replayed []float64          // by the same: how many values
}

func (s *split) add(rep int, x float64) {
	s.parts[0].Add(x)
	s.parts[1+rep%2].Add(x)
}

func (s *split) endFuture() {
	n := s.parts[0].Len()
	if n == 0 {
		return
	}
	s.replayed = append(s.replayed, float64(n))
	for i := range s.parts {
		median := math.NaN()
		if s.parts[i].Len() > 0 {
			below, above, w := s.parts[i].Around(0.5)
			median = s.sample.Rank(below)
			if next := s.sample.Rank(above); w > 0 {
				median += float64(w * (next - median))
			}
		}
		s.medians[i] = append(s.medians[i], median)
		s.parts[i].Clear()
	}
}

func (s *split) spread() stats.Spread {
	return stats.SplitSpread(s.medians[0], s.medians[1], s.medians[2], s.replayed)
}
