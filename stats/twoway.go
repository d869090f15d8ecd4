package stats

import "math"

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

	// How many rows or columns are independent, the fewer of the two.
	units int
}

// P is the two-sided P value of no mean; 1 where there is none. A mean without spread is told from 0 by the signs of what
// is independent.
func (w TwoWay) P() float64 { return w.p(LeastPairedP(w.units)) }

func (w TwoWay) p(least float64) float64 {
	switch {
	case w.SE > 0 && w.DF > 0:
		return StudentP(w.Value/w.SE, w.DF)
	case w.SE == 0 && w.Value != 0:
		return least
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
