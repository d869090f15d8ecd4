package stats

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// fixture is 400 runs of three factors; it happens where the first is above .6 and the second below .4.
func fixture(t *testing.T) (x [][]float64, hit []bool) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "cart_prim_fixture.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := make([]float64, len(line))
		for j, cell := range line {
			if row[j], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
		x, hit = append(x, row[:3]), append(hit, row[3] == 1)
	}
	return x, hit
}

func TestCARTOracle(t *testing.T) {
	var want struct {
		R struct {
			Var     []string
			N, Dev  []int
			Splits  []float64
			Primary float64
		} `json:"rpart"`
	}
	oracle(t, "o05_r.json", &want)
	x, hit := fixture(t)
	tree := CART{}.Grow(x, hit)
	node := 0
	var walk func(n *Tree)
	walk = func(n *Tree) {
		name := "<leaf>"
		if n.Factor >= 0 {
			name = fmt.Sprint("x", n.Factor+1)
		}
		if node >= len(want.R.Var) || name != want.R.Var[node] || n.Runs != want.R.N[node] || n.Wrong() != want.R.Dev[node] && n.Hits != want.R.Dev[node] {
			t.Fatalf("node %d: %s, %d runs, %d hits; want %v, %v, %v; see it again: go test ./stats -run '^%s$'",
				node, name, n.Runs, n.Hits, want.R.Var, want.R.N, want.R.Dev, t.Name())
		}
		node++
		if n.Factor >= 0 { // rpart prints first the side of fewer hits
			a, b := n.Below, n.Above
			if a.Hits*b.Runs > b.Hits*a.Runs {
				a, b = b, a
			}
			walk(a)
			walk(b)
		}
	}
	walk(tree)
	if node != len(want.R.Var) {
		t.Errorf("%d nodes, want %d; see it again: go test ./stats -run '^%s$'", node, len(want.R.Var), t.Name())
	}
	near(t, "first cut", tree.Cut, want.R.Primary, 1e-12)
	near(t, "second cut", tree.Below.Cut, want.R.Splits[3], 1e-12) // after the first cut's two competitors
	for i, row := range x {
		if leaf := tree.Leaf(row); (leaf.Hits > 0) != hit[i] {
			t.Fatalf("run %d comes to a leaf with %d hits of %d; see it again: go test ./stats -run '^%s$'", i, leaf.Hits, leaf.Runs, t.Name())
		}
	}
}

// Where nothing is to be found the tree stays a stump, and where two questions only help together both
// stay.
func TestCARTPrunes(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 1))
	x := make([][]float64, 1000)
	noise, both := make([]bool, len(x)), make([]bool, len(x))
	for i := range x {
		x[i] = []float64{r.Float64(), r.Float64(), r.Float64()}
		noise[i] = r.Float64() < 0.5
		both[i] = (x[i][0] < 0.45) != (x[i][1] < 0.45)
	}
	if tree := (CART{Gain: 0.2}).Grow(x, noise); tree.Factor >= 0 {
		t.Errorf("a tree on noise asks about factor %d; see it again: go test ./stats -run '^%s$'", tree.Factor, t.Name())
	}
	tree := CART{}.Grow(x, both)
	wrong := 0
	for i, row := range x {
		if leaf := tree.Leaf(row); (2*leaf.Hits > leaf.Runs) != both[i] {
			wrong++
		}
	}
	if wrong > 20 {
		t.Errorf("%d of %d wrong on an exclusive or; see it again: go test ./stats -run '^%s$'", wrong, len(x), t.Name())
	}
}

func TestPRIMFixture(t *testing.T) {
	x, hit := fixture(t)
	boxes := PRIM{Peel: 0.05, Support: 0.05}.Trajectory(x, hit)
	for i, b := range boxes[1:] {
		if before := boxes[i]; b.Density < before.Density || b.Runs >= before.Runs && i < len(boxes)-2 {
			t.Errorf("box %d: density %v of %d runs after %v of %d; see it again: go test ./stats -run '^%s$'",
				i+1, b.Density, b.Runs, before.Density, before.Runs, t.Name())
		}
	}
	if b := boxes[0]; b.Coverage != 1 || b.Support != 1 || b.Hits != 74 || b.Density != 74./400 {
		t.Errorf("the first box is not the whole space: %+v; see it again: go test ./stats -run '^%s$'", b, t.Name())
	}
	last := boxes[len(boxes)-1]
	if last.Density != 1 || last.Coverage < 0.95 {
		t.Errorf("density %v, coverage %v, want 1 and .95 or more; see it again: go test ./stats -run '^%s$'", last.Density, last.Coverage, t.Name())
	}
	for what, pair := range map[string][2]float64{
		"x1 from": {last.Low[0], 0.6}, "x2 to": {last.High[1], 0.4},
	} {
		if math.Abs(pair[0]-pair[1]) > 0.03 {
			t.Errorf("%s %v, want about %v; see it again: go test ./stats -run '^%s$'", what, pair[0], pair[1], t.Name())
		}
	}
	for j, truly := range []bool{true, true, false} {
		if p := last.QuasiP(j, x, hit); (p < 1e-6) != truly {
			t.Errorf("quasi-p of factor %d: %g; see it again: go test ./stats -run '^%s$'", j, p, t.Name())
		}
	}
}

// A planted box in ten factors, under noise: it is found, and other runs confirm it.
func TestPRIMPlantedBox(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	sample := func(n int) (x [][]float64, hit []bool) {
		for range n {
			row := make([]float64, 10)
			for j := range row {
				row[j] = r.Float64()
			}
			row[9] = math.Floor(4 * row[9]) // a factor of four levels, as ties
			p := 0.05
			if row[2] > 0.7 && row[5] < 0.5 && row[9] >= 2 {
				p = 0.9
			}
			x, hit = append(x, row), append(hit, r.Float64() < p)
		}
		return x, hit
	}
	x, hit := sample(5000)
	boxes := PRIM{Peel: 0.05, Support: 0.05}.Trajectory(x, hit)
	best := slices.MaxFunc(boxes, func(a, b Box) int { // the most of both
		return int(1e6 * (a.Coverage*a.Density - b.Coverage*b.Density))
	})
	for j := range 10 {
		if truly := j == 2 || j == 5 || j == 9; truly && !best.Restricted(j) {
			t.Errorf("factor %d is not restricted; see it again: go test ./stats -run '^%s$'", j, t.Name())
		}
	}
	if best.Low[9] != 2 || math.Abs(best.Low[2]-0.7) > 0.03 || math.Abs(best.High[5]-0.5) > 0.05 {
		t.Errorf("from %v to %v, want factor 2 from .7, 5 to .5, 9 from 2; see it again: go test ./stats -run '^%s$'", best.Low, best.High, t.Name())
	}
	fresh := best.Test(sample(5000))
	if math.Abs(fresh.Density-best.Density) > 0.06 || math.Abs(fresh.Coverage-best.Coverage) > 0.06 {
		t.Errorf("on other runs density %v, coverage %v, in the search %v and %v; see it again: go test ./stats -run '^%s$'",
			fresh.Density, fresh.Coverage, best.Density, best.Coverage, t.Name())
	}
}

func TestDiscoveryOfNothing(t *testing.T) {
	x := [][]float64{{1, 2}, {3, 4}, {5, 6}}
	for _, c := range []struct {
		hit   []bool
		boxes int
	}{{[]bool{false, false, false}, 1}, {[]bool{true, true, true}, 1}, {[]bool{false, false, true}, 3}} {
		if got := (PRIM{Peel: 0.05, Support: 0.05}).Trajectory(x, c.hit); len(got) != c.boxes {
			t.Errorf("%v: %d boxes, want %d; see it again: go test ./stats -run '^%s$'", c.hit, len(got), c.boxes, t.Name())
		}
	}
	if got := (PRIM{Peel: 0.05}).Trajectory(nil, nil); got != nil {
		t.Errorf("no runs: %v; see it again: go test ./stats -run '^%s$'", got, t.Name())
	}
	if tree := (CART{}).Grow(nil, nil); tree.Factor >= 0 || tree.Runs != 0 {
		t.Errorf("no runs: %+v; see it again: go test ./stats -run '^%s$'", tree, t.Name())
	}
}
