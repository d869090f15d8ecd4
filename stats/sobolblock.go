package stats

import "math"

// A SobolBlock is what [Sobol] needs of the runs of a block, in memory that grows with its rows and not with the runs at
// each. All runs are shown to it with [SobolBlock.Add], and
// then again with [SobolBlock.Step].
type SobolBlock struct {
	d, n, runs   int       // factors, points of A, runs at a row
	sum          []float64 // by row: of its runs
	squares      []float64 // by row: of them
	within       []float64 // by row: squares about their mean
	pairs        []pairSum // of A and B; of B and each AB_i; of A and each AB_i
	run          []float64 // the one that is shown, by row
	matrix       []Sum     // sums of it: over A, B, each AB_i
	first, other []int     // by pair: which matrices
}

// pairSum is two of the matrices beside each other.
type pairSum struct {
	products         []float64 // by row: sum over the runs
	mean, meanSquare float64   // sums over the runs of the mean over all points of both, and of its square
	all              Sum       // the former, exactly
}

// NewSobolBlock is a block of so many rows for d factors.
func NewSobolBlock(rows, d int) *SobolBlock {
	b := &SobolBlock{d: d, n: rows / (d + 2), sum: make([]float64, rows), squares: make([]float64, rows), within: make([]float64, rows), run: make([]float64, rows), matrix: make([]Sum, d+2)}
	b.first, b.other = []int{0}, []int{1}
	for _, with := range []int{1, 0} {
		for i := range d {
			b.first, b.other = append(b.first, with), append(b.other, 2+i)
		}
	}
	b.pairs = make([]pairSum, len(b.first))
	for i := range b.pairs {
		b.pairs[i].products = make([]float64, b.n)
	}
	return b
}

// Add shows one run of every row.
func (b *SobolBlock) Add(value func(row int) float64) {
	b.runs++
	for row := range b.sum {
		b.sum[row] += value(row)
	}
}

// Step shows one run of every row again.
func (b *SobolBlock) Step(value func(row int) float64) {
	clear(b.matrix)
	for row := range b.sum {
		x := value(row)
		b.run[row] = x
		b.matrix[row/b.n].Add(x)
		b.squares[row] += float64(x * x)
		off := x - b.sum[row]/float64(b.runs)
		b.within[row] += float64(off * off)
	}
	for k := range b.pairs {
		p, x, y := &b.pairs[k], b.run[b.first[k]*b.n:], b.run[b.other[k]*b.n:]
		for i := range p.products {
			p.products[i] += float64(x[i] * y[i])
		}
		both := b.matrix[b.first[k]]
		both.Merge(&b.matrix[b.other[k]])
		mean := both.Float64() / float64(2*b.n)
		p.mean += mean
		p.meanSquare += float64(mean * mean)
		p.all.Add(mean)
	}
}

// moments is those of a pair of matrices.
func (b *SobolBlock) moments(x, y, pair int) moments2 {
	x, y = x*b.n, y*b.n
	p := &b.pairs[pair]
	var xy, xx, yy Sum
	for i := range p.products {
		xy.Add(b.product(b.sum[x+i], b.sum[y+i], p.products[i]))
		xx.Add(b.product(b.sum[x+i], b.sum[x+i], b.squares[x+i]))
		yy.Add(b.product(b.sum[y+i], b.sum[y+i], b.squares[y+i]))
	}
	n := float64(b.n)
	return moments2{xy.Float64() / n, xx.Float64() / n, yy.Float64() / n, b.product(p.mean, p.mean, p.meanSquare), p.all.Float64() / float64(b.runs)}
}

// product estimates the product of two expectations without bias by the mean of x[j]*y[k] over runs
// j != k, from their sums and that of x[j]*y[j]; with a single run it is the product of the two.
func (b *SobolBlock) product(x, y, same float64) float64 {
	if b.runs == 1 {
		return float64(x * y)
	}
	n := float64(b.runs)
	return (float64(x*y) - same) / (n * (n - 1))
}

// withinPoints is the mean over the rows of the variance of their runs; NaN with a single run.
func (b *SobolBlock) withinPoints() float64 {
	if b.runs < 2 {
		return math.NaN()
	}
	var sum Sum
	for _, squares := range b.within {
		sum.Add(squares / float64(b.runs-1))
	}
	return sum.Float64() / float64(len(b.within))
}
