package design

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// again is how to see a failure again.
func again(t *testing.T) string {
	return fmt.Sprintf("see it again: go test ./study/design -run '^%s$'", t.Name())
}

func oracle(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= tol) {
		t.Errorf("%s: got %.17g, want %.17g (off by %.2g); %s", what, got, want, d, again(t))
	}
}

// points unwraps a design that is asked for within its limits.
func points(x [][]float64, err error) [][]float64 {
	if err != nil {
		panic(err)
	}
	return x
}

// Discrepancies by their definitions (Fang, Li and Sudjianto, Design and Modeling for Computer
// Experiments, 2006; L2-star by Warnock). All but L2-star are squared, as scipy gives them.
func discrepancies(x [][]float64) (centred, wrapped, mixture, star float64) {
	n, d := float64(len(x)), float64(len(x[0]))
	var c1, c2, w2, m1, m2, s1, s2 float64
	for _, a := range x {
		c, m, s := 1.0, 1.0, 1.0
		for _, u := range a {
			z := math.Abs(u - 0.5)
			c *= 1 + z/2 - z*z/2
			m *= 5./3 - z/4 - z*z/4
			s *= 1 - u*u
		}
		c1, m1, s1 = c1+c, m1+m, s1+s
		for _, b := range x {
			c, w, m, s := 1.0, 1.0, 1.0, 1.0
			for k, u := range a {
				v := b[k]
				zu, zv, uv := math.Abs(u-0.5), math.Abs(v-0.5), math.Abs(u-v)
				c *= 1 + zu/2 + zv/2 - uv/2
				w *= 1.5 - uv*(1-uv)
				m *= 15./8 - zu/4 - zv/4 - 3*uv/4 + uv*uv/2
				s *= 1 - max(u, v)
			}
			c2, w2, m2, s2 = c2+c, w2+w, m2+m, s2+s
		}
	}
	centred = math.Pow(13./12, d) - 2/n*c1 + c2/n/n
	wrapped = -math.Pow(4./3, d) + w2/n/n
	mixture = math.Pow(19./12, d) - 2/n*m1 + m2/n/n
	star = math.Sqrt(math.Pow(3, -d) - math.Pow(2, 1-d)/n*s1 + s2/n/n)
	return
}

type discrepancyOracle struct {
	CD, MD, WD float64
	Star       float64 `json:"L2-star"`
}

func checkDiscrepancy(t *testing.T, what string, x [][]float64, want discrepancyOracle, tol float64) {
	t.Helper()
	c, w, m, s := discrepancies(x)
	near(t, what+" centred", c, want.CD, tol)
	near(t, what+" wrap-around", w, want.WD, tol)
	near(t, what+" mixture", m, want.MD, tol)
	near(t, what+" L2-star", s, want.Star, 1e-12) // a root of a difference that cancels
}

func TestSobol(t *testing.T) {
	var want struct {
		First    [][]float64       `json:"sobol_first16_d8_scipy(includes origin)"`
		Thousand []float64         `json:"sobol_point_index1000_d21"`
		D16      discrepancyOracle `json:"disc_sobol_d5_n16"`
		D64      discrepancyOracle `json:"disc_sobol_d5_n64"`
		D256     discrepancyOracle `json:"disc_sobol_d5_n256"`
		D1024    discrepancyOracle `json:"disc_sobol_d5_n1024"`
		G1024    float64           `json:"sobolg_mean_n1024"`
		G16384   float64           `json:"sobolg_mean_n16384"`
	}
	oracle(t, "o09_sequences.json", &want)
	for i, row := range points(Sobol(16, 8, 0)) {
		if !slices.Equal(row, want.First[i]) {
			t.Errorf("point %d: got %v, want %v; %s", i, row, want.First[i], again(t))
		}
	}
	if got := points(Sobol(1001, 21, 0))[1000]; !slices.Equal(got, want.Thousand) {
		t.Errorf("point 1000: got %v, want %v; %s", got, want.Thousand, again(t))
	}
	for n, d := range map[int]discrepancyOracle{16: want.D16, 64: want.D64, 256: want.D256, 1024: want.D1024} {
		checkDiscrepancy(t, fmt.Sprint(n, " points"), points(Sobol(n, 5, 0)), d, 1e-14)
	}
	// Sobol's g-function, whose mean is 1.
	coefficient := []float64{0, 1, 4.5, 9, 99, 99, 99, 99}
	for n, mean := range map[int]float64{1024: want.G1024, 16384: want.G16384} {
		sum := 0.0
		for _, x := range points(Sobol(n, 8, 0)) {
			g := 1.0
			for j, a := range coefficient {
				g *= (math.Abs(4*x[j]-2) + a) / (1 + a)
			}
			sum += g
		}
		near(t, fmt.Sprint("mean of g over ", n), sum/float64(n), mean, 1e-12)
	}
}

// Every elementary interval of one dimension holds one point, whatever the scrambling, in every
// dimension of the table; and scrambles of different seeds differ.
func TestSobolIsBalanced(t *testing.T) {
	const n = 64
	for seed := range uint64(3) {
		x := points(Sobol(n, SobolDimensions, seed))
		for j := range SobolDimensions {
			var seen [n]int
			for _, row := range x {
				seen[int(row[j]*n)]++
			}
			if i := slices.IndexFunc(seen[:], func(c int) bool { return c != 1 }); i >= 0 {
				t.Fatalf("seed %d, dimension %d: %d points in cell %d of %d, want 1; %s", seed, j, seen[i], i, n, again(t))
			}
		}
	}
	a, b := points(Sobol(n, 3, 1)), points(Sobol(n, 3, 2))
	if slices.Equal(a[0], b[0]) {
		t.Errorf("seeds 1 and 2 both begin with %v; %s", a[0], again(t))
	}
	if longer := points(Sobol(2*n, 3, 1)); !slices.EqualFunc(longer[:n], a, slices.Equal) {
		t.Errorf("%d points are not the first of %d under one seed; %s", n, 2*n, again(t))
	}
}

// Owen's scrambling is unbiased, and its error on a smooth function falls faster than 1/n.
func TestOwenScrambling(t *testing.T) {
	const seeds = 200
	deviation := func(n int) (bias, sd float64) {
		var sum, squares float64
		for s := range uint64(seeds) {
			mean := 0.0
			for _, x := range points(Sobol(n, 3, s+1)) {
				if !(x[0] > 0 && x[0] < 1) {
					t.Fatalf("a scrambled point at %v is not in the open cube; %s", x, again(t))
				}
				mean += math.Exp(x[0]) * x[1] * x[2] / float64(n)
			}
			e := mean - math.Expm1(1)/4
			sum += e
			squares += e * e
		}
		return sum / seeds, math.Sqrt(squares / seeds)
	}
	_, coarse := deviation(64)
	bias, fine := deviation(1024)
	if limit := 4 * fine / math.Sqrt(seeds); math.Abs(bias) > limit {
		t.Errorf("bias %g at 1,024 points, want within %g; %s", bias, limit, again(t))
	}
	if ratio := coarse / fine; ratio < 16 {
		t.Errorf("sixteen times the points cut the error by %.1f, want more than 16; %s", ratio, again(t))
	}
}

func TestDiscrepancyOfThreePoints(t *testing.T) {
	// The oracle names no points for its three; the plain Sobol' sequence covers the formulas. A centred
	// design of one point in one dimension is on paper: CD² = 13/12 - 2 + 1.
	c, w, _, s := discrepancies([][]float64{{0.5}})
	near(t, "centred", c, 1./12, 1e-15)
	near(t, "wrap-around", w, 1.5-4./3, 1e-15)
	near(t, "star", s, math.Sqrt(1./3-0.75+0.5), 1e-15)
}

func levelsOf(t *testing.T, x [][]float64) [][]int {
	t.Helper()
	n := len(x)
	levels := matrix[int](n, len(x[0]))
	for j := range x[0] {
		seen := make([]bool, n)
		for i, row := range x {
			k := int(row[j] * float64(n))
			if want := (float64(k) + 0.5) / float64(n); seen[k] || row[j] != want {
				t.Fatalf("column %d: %v in row %d is no cell's centre, or its cell is taken; %s", j, row[j], i, again(t))
			}
			seen[k] = true
			levels[i][j] = k
		}
	}
	return levels
}

func TestLatinHypercube(t *testing.T) {
	for _, c := range []struct{ n, d int }{{1, 1}, {2, 3}, {10, 4}, {50, 8}, {200, 20}, {3000, 5}} {
		levels := levelsOf(t, LatinHypercube(c.n, c.d, 7))
		if c.n < 10 || c.n > 200 {
			continue
		}
		l := newLuck(11, "comparison")
		var random []int
		for range 100 {
			other := matrix[int](c.n, c.d)
			for j := range c.d {
				for i, v := range l.permutation(c.n) {
					other[i][j] = v
				}
			}
			random = append(random, nearest(other))
		}
		if got, best := nearest(levels), slices.Max(random); got <= best {
			t.Errorf("%d points of %d factors: the nearest two are %d apart (squared), the best of 100 random designs has %d; %s",
				c.n, c.d, got, best, again(t))
		}
	}
}

func correlation(x [][]int, a, b int) int { // unscaled: levels are centred on 0
	sum, n := 0, len(x)
	for _, row := range x {
		sum += (2*row[a] - n + 1) * (2*row[b] - n + 1)
	}
	return sum
}

func TestNOLH(t *testing.T) {
	var want map[string]json.RawMessage
	oracle(t, "o10_nolh.json", &want)
	for m := 3; m <= 8; m++ {
		var w struct {
			K, N    int
			CD      float64
			ML2     float64 `json:"ML2_discrepancy(MD)"`
			Maximin float64 `json:"maximin_L2"`
			Design  [][]int `json:"design_17x7"`
		}
		if err := json.Unmarshal(want[fmt.Sprintf("m=%d", m)], &w); err != nil {
			t.Fatal(err)
		}
		for _, seed := range []uint64{0, 5} {
			x := points(NOLH(w.K, seed))
			if len(x) != w.N {
				t.Fatalf("%d factors: %d points, want %d; %s", w.K, len(x), w.N, again(t))
			}
			levels := levelsOf(t, x)
			for a := range w.K {
				for b := range a {
					if c := correlation(levels, a, b); c != 0 {
						t.Errorf("%d factors, seed %d: columns %d and %d have the product %d, want 0; %s", w.K, seed, a, b, c, again(t))
					}
				}
			}
			for i, row := range levels { // the mirror image: no linear effect meets a square or a product
				mirror := row
				if i < w.N/2 {
					mirror = levels[i+w.N/2+1]
				} else if i > w.N/2 {
					mirror = levels[i-w.N/2-1]
				}
				for j, v := range row {
					if v+mirror[j] != w.N-1 {
						t.Fatalf("%d factors, seed %d: row %d has no mirror image; %s", w.K, seed, i, again(t))
					}
				}
			}
			if seed != 0 {
				if plain := levelsOf(t, points(NOLH(w.K, 0))); nearest(levels) < nearest(plain) {
					t.Errorf("%d factors: the search made the design worse; %s", w.K, again(t))
				}
				continue
			}
			c, _, md, _ := discrepancies(x)
			near(t, fmt.Sprint(w.K, " factors, centred discrepancy"), c, w.CD, 1e-12*max(1, w.CD))
			near(t, fmt.Sprint(w.K, " factors, mixture discrepancy"), md, w.ML2, 1e-12*max(1, w.ML2))
			near(t, fmt.Sprint(w.K, " factors, nearest two"), math.Sqrt(float64(nearest(levels)))/float64(w.N), w.Maximin, 1e-14)
			for i, row := range w.Design {
				for j, v := range row {
					if got := levels[i][j] - w.N/2; got != v {
						t.Errorf("17x7: row %d column %d: got %d, want %d; %s", i, j, got, v, again(t))
					}
				}
			}
		}
	}
	for d := 1; d <= NOLHFactors; d++ {
		levelsOf(t, points(NOLH(d, 3)))
	}
	if _, err := NOLH(NOLHFactors+1, 0); err == nil {
		t.Errorf("%d factors: no error; %s", NOLHFactors+1, again(t))
	}
}

func TestMorris(t *testing.T) {
	const trajectories, d, levels = 50, 7, 4
	x := Morris(trajectories, d, levels, 3)
	taken := map[float64]int{}
	up := 0
	for k := range trajectories {
		moved := map[int]bool{}
		for s := range d {
			a, b := x[k*(d+1)+s], x[k*(d+1)+s+1]
			for j := range d {
				if a[j] == b[j] {
					continue
				}
				near(t, "step", math.Abs(b[j]-a[j]), 2./3, 1e-15)
				if b[j] > a[j] {
					up++
				}
				moved[j] = true
			}
			if len(moved) != s+1 {
				t.Fatalf("trajectory %d: %d factors moved after %d steps; %s", k, len(moved), s+1, again(t))
			}
		}
		for _, v := range x[k*(d+1)] {
			taken[v]++
		}
	}
	if len(taken) != levels {
		t.Errorf("starts are at %d levels, want %d; %s", len(taken), levels, again(t))
	}
	if steps := trajectories * d; up < steps*2/5 || up > steps*3/5 {
		t.Errorf("%d of %d steps go up, want about half; %s", up, steps, again(t))
	}
}

func TestSaltelli(t *testing.T) {
	const n, d = 16, 5
	x, base := points(Saltelli(n, d, 9)), points(Sobol(n, 2*d, 9))
	if len(x) != n*(d+2) {
		t.Fatalf("%d rows, want %d; %s", len(x), n*(d+2), again(t))
	}
	for r := range n {
		for j := range d {
			for block := range d + 2 {
				want := base[r][j] // A, and AB_i but for column i
				if block == 1 || block == j+2 {
					want = base[r][d+j]
				}
				if got := x[block*n+r][j]; got != want {
					t.Fatalf("block %d row %d column %d: got %v, want %v; %s", block, r, j, got, want, again(t))
				}
			}
		}
	}
	if _, err := Saltelli(n, SobolDimensions/2+1, 0); err == nil {
		t.Errorf("%d factors: no error; %s", SobolDimensions/2+1, again(t))
	}
}

// The bits are pinned: every machine must give these, and a change that moves them moves every study.
func TestBits(t *testing.T) {
	hash := func(x [][]float64) string {
		h := fnv.New64a()
		for _, row := range x {
			for _, v := range row {
				fmt.Fprintf(h, "%016x", math.Float64bits(v))
			}
		}
		return fmt.Sprintf("%016x", h.Sum64())
	}
	for _, c := range []struct{ name, got, want string }{
		{"latin hypercube", hash(LatinHypercube(40, 6, 1)), "7e84e8638105a945"},
		{"sobol", hash(points(Sobol(100, 40, 1))), "e34a5a9872184cd6"},
		{"nolh", hash(points(NOLH(16, 1))), "17e86fbc9d2dbf99"},
		{"morris", hash(Morris(10, 6, 4, 1)), "86525141e6a04578"},
		{"saltelli", hash(points(Saltelli(16, 6, 1))), "b565c44b47209051"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s; %s", c.name, c.got, c.want, again(t))
		}
	}
}

func ExampleNOLH() {
	x, _ := NOLH(7, 1)
	fmt.Println(len(x), "runs of", len(x[0]), "factors")
	// Output: 17 runs of 7 factors
}
