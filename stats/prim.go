package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// A Box says where in the space of the factors something happens: in which range of each. Density is NaN
// in a box without runs, Coverage where it never happens.
type Box struct {
	Low, High []float64 // by factor, both belong to the box; infinite where the factor is not restricted
	Runs      int       // in the box
	Hits      int       // runs in the box in which it happened
	Density   float64   // share of the box's runs in which it happened
	Coverage  float64   // share of all runs in which it happened that are in the box
	Support   float64   // share of all runs that are in the box
}

// Restricted tells whether the box limits a factor.
func (b Box) Restricted(factor int) bool {
	return !math.IsInf(b.Low[factor], -1) || !math.IsInf(b.High[factor], 1)
}

// holds tells whether a point is in the box.
func (b Box) holds(x []float64) bool {
	for j, v := range x {
		if v < b.Low[j] || v > b.High[j] {
			return false
		}
	}
	return true
}

// PRIM is how the patient rule induction method looks for boxes.
type PRIM struct {
	Peel    float64 // share of the box's runs that a peel takes away: Friedman and Fisher's alpha, usually 0.05
	Support float64 // least share of all runs in a box, usually 0.05
}

// Trajectory is the boxes found on the way from the whole space, the first, to the densest (Friedman and
// Fisher, Stat. Comput. 9, 1999), as scenario discovery uses them (Bryant and Lempert, Technol. Forecast.
// Soc. Change 77, 2010): further on, Density rises and Coverage falls, and the reader chooses. Each step
// peels off an end of one factor's range, runs of one value together: the one that raises the density
// most per run taken away, so that a factor of few levels, whose peels are large, is not preferred to a
// continuous one (Kwakkel and Jaxa-Rozen, Environ. Model. Softw. 79, 2016). The last box is then pasted:
// its sides are moved out again as long as that does not lower its density.
// x[run][factor] is the runs' factors, hit whether it happened.
//
// Density is that of the runs that chose the box, so it flatters; [Box.Test] on runs kept apart does not.
func (p PRIM) Trajectory(x [][]float64, hit []bool) []Box {
	checkPaired("PRIM", len(x), len(hit))
	if !(p.Peel > 0 && p.Peel < 1 && p.Support >= 0 && p.Support < 1) {
		panic(fmt.Sprintf("stats: PRIM: a peel of %v, a support of %v", p.Peel, p.Support))
	}
	if len(x) == 0 {
		return nil
	}
	checkFactors("PRIM", x)
	d := len(x[0])
	box := Box{Low: slices.Repeat([]float64{math.Inf(-1)}, d), High: slices.Repeat([]float64{math.Inf(1)}, d)}.Test(x, hit)
	boxes := []Box{box}
	for box.Density < 1 && box.Hits > 0 {
		next, ok := p.peel(x, hit, box)
		if !ok {
			break
		}
		box = next
		boxes = append(boxes, box)
	}
	for {
		wider, ok := p.paste(x, hit, box)
		if !ok {
			break
		}
		box = wider
		boxes[len(boxes)-1] = box
	}
	return boxes
}

// Test is the same box judged by other runs.
func (b Box) Test(x [][]float64, hit []bool) Box {
	b.Runs, b.Hits = 0, 0
	hits := 0
	for i, row := range x {
		in := b.holds(row)
		if in {
			b.Runs++
		}
		if hit[i] {
			hits++
			if in {
				b.Hits++
			}
		}
	}
	b.Density = float64(b.Hits) / float64(b.Runs)
	b.Coverage = float64(b.Hits) / float64(hits)
	b.Support = float64(b.Runs) / float64(len(x))
	return b
}

// side is the box with one bound moved; judged anew.
func (b Box) side(factor int, low, high float64, x [][]float64, hit []bool) Box {
	b.Low, b.High = slices.Clone(b.Low), slices.Clone(b.High)
	b.Low[factor], b.High[factor] = low, high
	return b.Test(x, hit)
}

// peel is the best of the smaller boxes; of equal ones the larger, then the one of the first factor.
func (p PRIM) peel(x [][]float64, hit []bool, box Box) (best Box, ok bool) {
	least := max(1, int(math.Ceil(p.Support*float64(len(x)))))
	take := max(1, int(p.Peel*float64(box.Runs)))
	gain, factor, low, high := 0.0, 0, 0.0, 0.0
	var runs []int // in the box
	for i, row := range x {
		if box.holds(row) {
			runs = append(runs, i)
		}
	}
	n := len(runs)
	inside := make([]float64, n)
	for j := range box.Low {
		for k, i := range runs {
			inside[k] = x[i][j]
		}
		slices.Sort(inside)
		if inside[0] == inside[n-1] {
			continue
		}
		above, below := inside[min(take, n-1)], inside[max(0, n-1-take)]
		if above == inside[0] { // one value fills the peel: take all of it
			above = inside[upTo(inside, above)]
		}
		if below == inside[n-1] {
			below = inside[firstOf(inside, below)-1]
		}
		for _, ends := range [][2]float64{{above, box.High[j]}, {box.Low[j], below}} {
			left, hits := 0, 0
			for _, i := range runs {
				if v := x[i][j]; v >= ends[0] && v <= ends[1] {
					left++
					if hit[i] {
						hits++
					}
				}
			}
			if left < least {
				continue
			}
			g := (float64(hits)/float64(left) - box.Density) / float64(box.Runs-left)
			if !ok || g > gain || g == gain && left > best.Runs {
				best, gain, ok = Box{Runs: left, Hits: hits}, g, true
				factor, low, high = j, ends[0], ends[1]
			}
		}
	}
	if !ok || denser(best, box) < 0 {
		return best, false
	}
	return box.side(factor, low, high, x, hit), true
}

// paste is the best of the larger boxes that is no less dense.
func (p PRIM) paste(x [][]float64, hit []bool, box Box) (best Box, ok bool) {
	best = box
	give := max(1, int(p.Peel*float64(box.Runs)))
	for j := range box.Low {
		if !box.Restricted(j) {
			continue
		}
		open := box
		open.Low, open.High = slices.Clone(box.Low), slices.Clone(box.High)
		open.Low[j], open.High[j] = math.Inf(-1), math.Inf(1)
		all := valuesWithin(x, open, j)
		from, to := firstOf(all, box.Low[j]), upTo(all, box.High[j])
		candidates := []Box{
			box.side(j, all[max(0, from-give)], box.High[j], x, hit),
			box.side(j, box.Low[j], all[min(len(all)-1, to-1+give)], x, hit),
		}
		for _, c := range candidates {
			if more := denser(c, best); more > 0 || more == 0 && c.Hits > best.Hits {
				best, ok = c, true
			}
		}
	}
	return best, ok
}

// denser compares densities exactly.
func denser(a, b Box) int { return a.Hits*b.Runs - b.Hits*a.Runs }

// valuesWithin is the values of a factor of the runs in the box, ascending.
func valuesWithin(x [][]float64, box Box, factor int) []float64 {
	var values []float64
	for _, row := range x {
		if box.holds(row) {
			values = append(values, row[factor])
		}
	}
	slices.Sort(values)
	return values
}

// firstOf is where v, or what follows it, begins in sorted values.
func firstOf(sorted []float64, v float64) int {
	i, _ := slices.BinarySearch(sorted, v)
	return i
}

// upTo is how many of the sorted values are at most v.
func upTo(sorted []float64, v float64) int {
	return firstOf(sorted, math.Nextafter(v, math.Inf(1)))
}

// QuasiP is the probability that the runs in the box without its restriction of this factor would, by
// luck alone, give as many hits to as many runs as the box has: a binomial tail (Bryant and Lempert 2010).
// A large one says that the restriction may be an accident. It is not corrected for the search.
func (b Box) QuasiP(factor int, x [][]float64, hit []bool) float64 {
	without := b.side(factor, math.Inf(-1), math.Inf(1), x, hit)
	if b.Hits == 0 || without.Density >= 1 {
		return 1
	}
	return mathext.RegIncBeta(float64(b.Hits), float64(b.Runs-b.Hits+1), without.Density)
}

func checkFactors(function string, x [][]float64) {
	for i, row := range x {
		checkPaired(function, len(row), len(x[0]))
		for j, v := range row {
			if math.IsNaN(v) {
				panic(fmt.Sprintf("stats: %s: factor %d of run %d is NaN", function, j, i))
			}
		}
	}
}
