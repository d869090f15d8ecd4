package stats

import (
	"fmt"
	"math"
	"slices"
)

// A Tree says by yes-or-no questions about the factors where something happens.
type Tree struct {
	Runs, Hits int     // that came here, and in how many of them it happened
	Factor     int     // that the node asks about; -1 in a leaf
	Cut        float64 // runs whose factor is below go to Below, others to Above
	Below      *Tree
	Above      *Tree
}

// CART is how a classification tree grows. The zero value means the defaults of R's rpart, which are in
// parentheses.
type CART struct {
	Split, Leaf int     // least runs that a node must have to be split (20) and that a leaf may have (7)
	Gain        float64 // least fall of the share of runs misclassified, relative to no tree, per split; 0 means 0.01
	Depth       int     // questions at most on any path (30)
}

// Grow is the classification tree of the runs by the Gini index, pruned by cost and complexity (Breiman,
// Friedman, Olshen and Stone, Classification and Regression Trees, 1984). x[run][factor] is the factors of
// the runs, hit whether it happened; cuts are midway between values.
func (c CART) Grow(x [][]float64, hit []bool) *Tree {
	checkPaired("CART", len(x), len(hit))
	if c.Split < 0 || c.Leaf < 0 || c.Gain < 0 || c.Depth < 0 {
		panic(fmt.Sprintf("stats: CART: %+v", c))
	}
	if len(x) > 0 {
		checkFactors("CART", x)
	}
	or := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	or(&c.Split, 20)
	or(&c.Leaf, 7)
	or(&c.Depth, 30)
	if c.Gain == 0 {
		c.Gain = 0.01
	}
	runs := make([]int, len(x))
	for i := range runs {
		runs[i] = i
	}
	tree := c.grow(x, hit, runs, c.Depth)
	tree.prune(c.Gain * float64(tree.Wrong()))
	return tree
}

func (c CART) grow(x [][]float64, hit []bool, runs []int, depth int) *Tree {
	t := &Tree{Runs: len(runs), Factor: -1}
	for _, i := range runs {
		if hit[i] {
			t.Hits++
		}
	}
	if t.Runs < c.Split || depth == 0 || t.Wrong() == 0 {
		return t
	}
	best := 0.0
	for j := range x[0] {
		slices.SortFunc(runs, func(a, b int) int {
			switch u, v := x[a][j], x[b][j]; {
			case u < v:
				return -1
			case u > v:
				return 1
			}
			return a - b
		})
		hits := 0
		for k := 1; k < t.Runs; k++ {
			if hit[runs[k-1]] {
				hits++
			}
			low, high := x[runs[k-1]][j], x[runs[k]][j]
			if low == high || k < c.Leaf || t.Runs-k < c.Leaf {
				continue
			}
			// The fall of the Gini impurity, but for factors that are the same for every cut.
			excess := float64(hits)*float64(t.Runs) - float64(t.Hits)*float64(k)
			if gain := excess * excess / (float64(k) * float64(t.Runs-k)); gain > best {
				best, t.Factor, t.Cut = gain, j, low+(high-low)/2
			}
		}
	}
	if t.Factor < 0 {
		return t
	}
	var below, above []int
	for _, i := range runs {
		if x[i][t.Factor] < t.Cut {
			below = append(below, i)
		} else {
			above = append(above, i)
		}
	}
	t.Below, t.Above = c.grow(x, hit, below, depth-1), c.grow(x, hit, above, depth-1)
	return t
}

// Wrong is how many runs here are not of the commoner kind.
func (t *Tree) Wrong() int { return min(t.Hits, t.Runs-t.Hits) }

// prune cuts, weakest link first, every branch that saves less than price misclassified runs per split.
func (t *Tree) prune(price float64) {
	for t.Factor >= 0 {
		weakest, link := math.Inf(1), (*Tree)(nil)
		var walk func(n *Tree) (wrong, leaves int)
		walk = func(n *Tree) (wrong, leaves int) {
			if n.Factor < 0 {
				return n.Wrong(), 1
			}
			w1, l1 := walk(n.Below)
			w2, l2 := walk(n.Above)
			wrong, leaves = w1+w2, l1+l2
			if g := float64(n.Wrong()-wrong) / float64(leaves-1); g <= weakest {
				weakest, link = g, n
			}
			return wrong, leaves
		}
		walk(t)
		if weakest >= price && weakest > 0 {
			return
		}
		link.Factor, link.Cut, link.Below, link.Above = -1, 0, nil, nil
	}
}

// Leaf is the leaf that a point comes to.
func (t *Tree) Leaf(x []float64) *Tree {
	for t.Factor >= 0 {
		if x[t.Factor] < t.Cut {
			t = t.Below
		} else {
			t = t.Above
		}
	}
	return t
}
