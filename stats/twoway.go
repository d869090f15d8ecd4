package stats

import (
	"fmt"
	"math"
)

// A Grid is what was measured at Rows futures (sampled values of what is uncertain) in Columns
// replications: of the runs of each cell that count, the sum and the number. A condition may leave some
// or all runs of a cell out.
type Grid struct {
	Rows, Columns int
	Sum, N        []float64 // by row, then by column
	Own           bool      // replication k meets luck of its own at every future, not the same at all
}

// NewGrid is a grid in which nothing counts yet.
func NewGrid(rows, columns int, own bool) *Grid {
	if rows < 1 || columns < 1 {
		panic(fmt.Sprintf("stats: NewGrid: %d rows of %d columns", rows, columns))
	}
	return &Grid{Rows: rows, Columns: columns, Own: own, Sum: make([]float64, rows*columns), N: make([]float64, rows*columns)}
}

// Add counts a run with value x.
func (g *Grid) Add(row, column int, x float64) {
	i := row*g.Columns + column
	g.Sum[i] += x
	g.N[i]++
}

// A TwoWay is a mean over futures and replications that share luck, and what its uncertainty is made of.
// Its interval says what the finite number of both leaves open, and nothing of how futures differ.
type TwoWay struct {
	Estimate
	SE, DF float64 // standard error, and its degrees of freedom

	// The variance of one cell about the mean, by source: its future, the luck that all futures share,
	// and what luck does to one future and not to another. SE² is their sum, each divided by as many
	// as there are: of futures, of replications, of both.
	Between, Luck, Rest float64
	Rows, Columns       int
}

// Mean estimates the mean of all runs that count, with Student's t. Futures and replications are crossed
// random effects, so the variance of the mean has a part that only more futures reduce and one that only
// more replications do. Its estimate, MS(futures) + MS(replications) - MS(rest) over the number of cells,
// needs no model (Owen, Annals of Applied Statistics 1, 2007; it is two-way clustering); its degrees of
// freedom are Satterthwaite's (Biometrics Bulletin 2, 1946). It is never below the part of any mean square
// by itself. Where a condition leaves runs out the mean is a ratio, and its cells are linearised. With
// [Grid.Own] only futures are independent; with one row, only replications.
//
// The variance of a mean over a Latin hypercube of n futures is at most n/(n-1) times that over independent
// ones, and over a scrambled Sobol' sequence mostly far below it (at worst 2.72 times; Owen, SIAM Journal on
// Numerical Analysis 34, 1997): the interval takes the futures for independent and is on the safe side.
func (g *Grid) Mean(level float64) TwoWay { return g.crossed(false).Mean(level) }

// Share is [Grid.Mean] of a share, by Wilson's interval at the effective number of runs, which is the
// number of independent ones that would have the same standard error, and no more than there are; with
// Student's quantile for its degrees of freedom (after Korn and Graubard, Survey Methodology 24, 1998, who
// put the same number into Clopper-Pearson). At a zero or a full count nothing shows how the runs hang
// together, and the limit counts futures or replications as runs, whichever are fewer.
func (g *Grid) Share(level float64) TwoWay { return g.crossed(false).Share(level) }

// crossed shows the cells.
func (g *Grid) crossed(spread bool) *Crossed {
	c := NewCrossed(g.Rows, g.Own, spread)
	for i, n := range g.N {
		c.add(i/g.Columns, g.Sum[i], n)
	}
	c.Again()
	for column := range g.Columns {
		for row := range g.Rows {
			i := row*g.Columns + column
			c.add(row, g.Sum[i], g.N[i])
		}
		c.EndColumn()
	}
	c.Rows, c.Columns = g.Rows, g.Columns
	return c
}

// P is the two-sided P value of no mean.
func (w TwoWay) P() float64 {
	switch {
	case w.SE > 0:
		return StudentP(w.Value/w.SE, w.DF)
	case w.SE == 0 && w.Value != 0:
		return 0
	}
	return 1
}

// Parts is how much of the variance of the mean comes from the finite number of futures, from the luck
// that all futures share, and from the rest; together 1, or NaN where there is no variance.
func (w TwoWay) Parts() (futures, luck, rest float64) {
	v := w.SE * w.SE
	r, c := float64(w.Rows), float64(w.Columns)
	return w.Between / r / v, w.Luck / c / v, w.Rest / (r * c) / v
}

// HalfWidthAt is about what half the interval's width would be with so many times the futures and so
// many times the replications at each.
func (w TwoWay) HalfWidthAt(futures, replications float64) float64 {
	a, b, e := w.Parts()
	return w.HalfWidth() * math.Sqrt(a/futures+b/replications+e/(futures*replications))
}

// Best is how many futures, and replications at each, make the standard error of the mean least for what
// was spent, where a new future costs as much as setup runs before its first. Under luck of their own
// that is the square root of setup·Rest/Between replications, as in sampling in two stages (Cochran,
// Sampling Techniques, 1977, section 10.6); the luck that futures share asks for more. At least two of
// each are needed to tell them apart.
func (w TwoWay) Best(setup float64) (futures, replications int) {
	spent := float64(w.Rows) * (setup + float64(w.Columns))
	c := spent/2 - setup
	if w.Between > 0 {
		c = min(c, math.Round(math.Sqrt((w.Luck*spent+w.Rest*setup)/w.Between)))
	}
	c = max(2, c)
	return max(2, int(math.Round(spent/(setup+c)))), int(c)
}
