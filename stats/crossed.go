package stats

import (
	"fmt"
	"math"
)

// A Crossed is what was measured at Rows futures (sampled values of what is uncertain) in Columns replications. A condition
// may leave some or all runs of a cell out. It keeps no cell, so that its memory grows with the rows and not with the columns:
// runs are shown to it twice, first in any order, and after [Crossed.Again] column by column, the runs of one cell one after the
// other, with [Crossed.EndColumn] after each column.
type Crossed struct {
	Rows, Columns int  // of the grid; 0 stands for those in which something counts, and all columns before the last of them
	Own           bool // replication k meets luck of its own at every future, not the same at all

	sum, n []float64 // by row
	// Of a second showing:
	again           bool
	runs, mean      float64 // of all
	cellSum, cellN  float64 // of the cell that is shown
	row             int     // it is in; -1 none
	column          int     // columns ended
	used, last      int     // columns in which something counts, and the number of the last of them, from 1
	about           float64 // sum of a column about the mean
	squares, across float64 // of cells and of columns about the mean
	spread          *within // nil where nobody asks for it
}

// within is how cells differ about the means of their rows.
type within struct {
	cells   []int32   // by row
	squares []float64 // by row
	about   float64   // sum of a column
	across  float64   // squares of those sums
}

// NewCrossed is a grid of at most so many rows in which nothing counts yet; spread says that [Crossed.Spread] will be asked for.
func NewCrossed(rows int, own, spread bool) *Crossed {
	if rows < 1 {
		panic(fmt.Sprintf("stats: NewCrossed: %d rows", rows))
	}
	c := &Crossed{Own: own, sum: make([]float64, rows), n: make([]float64, rows), row: -1}
	if spread {
		c.spread = &within{cells: make([]int32, rows), squares: make([]float64, rows)}
	}
	return c
}

// Add shows a run with value x.
func (c *Crossed) Add(row int, x float64) { c.add(row, x, 1) }

// add shows n runs whose values sum to sum.
func (c *Crossed) add(row int, sum, n float64) {
	if !c.again {
		c.sum[row] += sum
		c.n[row] += n
		return
	}
	if row != c.row {
		c.endCell()
		c.row = row
	}
	c.cellSum += sum
	c.cellN += n
}

// Again begins the second showing.
func (c *Crossed) Again() {
	c.again = true
	sum := 0.0
	for i, n := range c.n {
		c.runs += n
		sum += c.sum[i]
	}
	c.mean = sum / c.runs
}

func (c *Crossed) endCell() {
	if c.cellN > 0 {
		d := c.cellSum - c.mean*c.cellN
		c.about += d
		c.squares += d * d
		if w := c.spread; w != nil {
			d = c.cellSum - c.sum[c.row]/c.n[c.row]*c.cellN
			w.about += d
			w.squares[c.row] += d * d
			w.cells[c.row]++
		}
		if c.last <= c.column { // the first of its column
			c.last = c.column + 1
			c.used++
		}
	}
	c.cellSum, c.cellN, c.row = 0, 0, -1
}

// EndColumn says that the runs after it are of the next column.
func (c *Crossed) EndColumn() {
	c.endCell()
	c.across += c.about * c.about
	c.about = 0
	if w := c.spread; w != nil {
		w.across += w.about * w.about
		w.about = 0
	}
	c.column++
}

func (c *Crossed) columns() int { return max(c.Columns, c.last) }

// Mean estimates the mean of all runs that count, with Student's t. Futures and replications are crossed
// random effects, so the variance of the mean has a part that only more futures reduce and one that only
// more replications do. Its estimate, MS(futures) + MS(replications) - MS(rest) over the number of cells,
// needs no model (Owen, Annals of Applied Statistics 1, 2007; it is two-way clustering); its degrees of
// freedom are Satterthwaite's (Biometrics Bulletin 2, 1946). It is never below the part of any mean square
// by itself. Where a condition leaves runs out the mean is a ratio, and its cells are linearised. With
// Own only futures are independent; with one row, only replications.
//
// The variance of a mean over a Latin hypercube of n futures is at most n/(n-1) times that over independent
// ones, and over a scrambled Sobol' sequence mostly far below it (at worst 2.72 times; Owen, SIAM Journal on
// Numerical Analysis 34, 1997): the interval takes the futures for independent and is on the safe side.
func (c *Crossed) Mean(level float64) TwoWay {
	checkLevel("Crossed.Mean", level)
	w, _ := c.twoWay(level)
	if w.Estimate.N == 0 {
		return w
	}
	w.Method = "t" + w.Method
	if w.SE == 0 {
		w.Low, w.High = w.Value, w.Value
		w.Warnings = append(w.Warnings, WarnNoSpread)
	} else if w.DF > 0 {
		half := student(level, w.DF) * w.SE
		w.Low, w.High = w.Value-half, w.Value+half
	}
	return w
}

// Share is [Crossed.Mean] of a share, by Wilson's interval at the effective number of runs, which is the
// number of independent ones that would have the same standard error, and no more than there are; with
// Student's quantile for its degrees of freedom (after Korn and Graubard, Survey Methodology 24, 1998, who
// put the same number into Clopper-Pearson). At a zero or a full count nothing shows how the runs hang
// together, and the limit counts futures or replications as runs, whichever are fewer.
func (c *Crossed) Share(level float64) TwoWay {
	checkLevel("Crossed.Share", level)
	w, events := c.twoWay(level)
	n := w.Estimate.N
	if n == 0 {
		return w
	}
	w.Low, w.High = 0, 1
	switch few := min(events, float64(n)-events); {
	case events <= 0:
		e := ZeroCount(w.units, level)
		w.High, w.Method, w.Warnings = e.High, e.Method+w.Method, append(w.Warnings, WarnZeroCount, WarnZeroClusters)
		return w
	case few <= 0:
		w.Low, _ = wilson(w.units, w.units, normal(level))
		w.Warnings = append(w.Warnings, WarnFullCount, WarnZeroClusters)
	case w.DF > 0:
		effective := min(float64(n), w.Value*(1-w.Value)/(w.SE*w.SE))
		w.Low, w.High = score(w.Value*effective, effective, student(level, w.DF))
		if few < smallCount {
			w.Warnings = append(w.Warnings, WarnSmallCount)
		}
	}
	w.Method = "Wilson" + w.Method
	return w
}

// twoWay fills in all but the interval; events is the sum of all runs. Rows and columns in which nothing counts teach nothing.
func (c *Crossed) twoWay(level float64) (w TwoWay, events float64) {
	rows, columns, ofRows, units := 0.0, float64(c.used), 0.0, 0
	for i, k := range c.n {
		if k > 0 {
			rows++
			events += c.sum[i]
			d := c.sum[i] - c.mean*k
			ofRows += d * d
		}
	}
	w = TwoWay{Estimate: nothing(level, ""), SE: math.NaN(), DF: math.NaN(), Rows: max(c.Rows, int(rows)), Columns: c.columns()}
	n := c.runs
	if n == 0 {
		return w, 0
	}
	w.Estimate = Estimate{Value: c.mean, Low: math.Inf(-1), High: math.Inf(1), Level: level, N: int(n)}
	scale := rows * columns / n // of a linearised cell
	scale *= scale
	squares, ofRows, ofColumns := scale*c.squares, scale*ofRows/columns, scale*c.across/rows
	rest := max(0, squares-ofRows-ofColumns)
	var variance float64 // of the mean, times rows·columns
	switch {
	case w.Rows == 1:
		units = int(columns)
		w.Method = ", clustered by replication"
		variance, w.DF = ofColumns/(columns-1), columns-1
		w.Luck = variance
	case rows == 1: // what another future would have shown nobody knows
		units = 1
		w.Method = ", clustered by future"
		variance, w.DF = math.NaN(), 0
		w.Between = math.NaN()
	case c.Own || columns == 1:
		units = int(rows)
		w.Method = ", clustered by future"
		variance, w.DF = ofRows/(rows-1), rows-1
		if columns > 1 {
			w.Rest = (squares - ofRows) / (rows * (columns - 1))
			variance = max(variance, w.Rest)
		}
		w.Between = (variance - w.Rest) / columns
		if !c.Own {
			w.Warnings = append(w.Warnings, WarnOneLuck)
		}
	default:
		units = int(min(rows, columns))
		w.Method = ", clustered by future and replication"
		a, b, e := ofRows/(rows-1), ofColumns/(columns-1), rest/((rows-1)*(columns-1))
		w.Between, w.Luck, w.Rest = above(a, e)/columns, above(b, e)/rows, e
		switch variance = max(a, b, e, a+b-e); variance {
		case a:
			w.DF = rows - 1
		case b:
			w.DF = columns - 1
		case e:
			w.DF = (rows - 1) * (columns - 1)
		default:
			w.DF = max(min(rows, columns)-1, variance*variance/(a*a/(rows-1)+b*b/(columns-1)+e*e/((rows-1)*(columns-1))))
		}
	}
	w.SE = math.Sqrt(variance / (rows * columns))
	// Of one cell, where all rows and columns are there.
	w.Between *= float64(w.Rows) / rows
	w.Luck *= float64(w.Columns) / columns
	w.Rest *= float64(w.Rows*w.Columns) / (rows * columns)
	if units < 30 {
		w.Warnings = append(w.Warnings, WarnFewClusters)
	}
	w.units = units
	return w, events
}

// above is by how much a mean square is above that of the rest; 0 where it is not, but for rounding.
func above(a, rest float64) float64 {
	if a-rest <= 1e-12*rest {
		return 0
	}
	return a - rest
}

// Spread is how the mean at a future differs between the rows. The variance between is that of a one-way
// analysis of variance with random effects and unequal numbers (Searle, Casella and McCulloch, Variance
// Components, 1992, chapter 3), with the luck that all futures share, which moves them together, taken out
// of the noise. The values are drawn towards their mean until their variance is that of the truth, those
// with fewer runs further (Louis, JASA 79, 1984); without that, noise would widen the range.
//
// A future weighs as many runs as count there: where a condition leaves runs out, these are the odds of
// the future given the condition.
func (c *Crossed) Spread() Spread {
	value := make([]float64, len(c.n))
	noise, squares, told := 0.0, 0.0, 0
	for row, n := range c.n {
		value[row] = c.sum[row] / n
		cells, within := float64(c.spread.cells[row]), c.spread.squares[row]
		if cells < 2 {
			continue
		}
		told++
		squares += within
		noise += cells / (cells - 1) * within / n
	}
	s := newSpread(value, c.n, "one-way analysis of variance")
	if s.Futures < 2 || told == 0 {
		return s.untold()
	}
	if told < s.Futures {
		noise *= float64(s.Futures) / float64(told) // the others are taken to be as noisy
	}
	// What luck does to the mean of all is in no difference from it.
	common := squares
	if !c.Own {
		common = c.spread.across
	}
	if k := float64(c.columns()); k > 1 {
		common *= k / (k - 1)
	}
	noise = max(0, noise-common/c.runs)
	sum, scale := scatter(value, value, c.n)
	return s.correct(value, c.n, (sum-noise)/scale, noise/float64(s.Futures-1))
}
