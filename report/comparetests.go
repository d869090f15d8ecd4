package report

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// A tester takes the histories of design points that both results have, and tests every measure of them.
type tester struct {
	c           *Comparison
	measures    [][2]int // columns of A and B
	only, class string   // the one measure that is asked for; "" for all
	union       [][]string
	place       int
	points      [2][]*pointRows // of the place, by side; pair by pair where histories are pairs
	live        [2][][]bool     // by side, point and replication: it came to an end
	counted     map[uint64]bool // the yes-or-no patterns that were tested
}

func newTester(c *Comparison, measure string) (*tester, error) {
	t := &tester{c: c, measures: c.measures()}
	t.only, t.class, _ = strings.Cut(measure, "=")
	found := measure == ""
	for _, m := range t.measures {
		a, b := &c.A.columns[m[0]], &c.B.columns[m[1]]
		t.union = append(t.union, union(a.Classes, b.Classes))
		if a.Name != t.only {
			continue
		}
		found = true
		_, classed := strings.CutPrefix(measure, t.only+"=")
		if classed && a.Kind != record.Class {
			return nil, &Ask{fmt.Sprintf("--measure %s: %s has no classes", measure, a.Name)}
		}
		if classed && !slices.Contains(a.Classes, t.class) {
			return nil, &Ask{fmt.Sprintf("--measure %s: %s has no such class: %s", measure, a.Name, strings.Join(a.Classes, ", "))}
		}
	}
	if !found {
		return nil, &Ask{fmt.Sprintf("--measure %s: no such measure in both results (see: params --measures)", measure)}
	}
	return t, nil
}

// held is the columns of a side that are tested.
func (t *tester) held(side int) (columns []int) {
	for _, m := range t.measures {
		columns = append(columns, m[side])
	}
	return columns
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, name := range b {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// test tests a place, given the histories of its points.
func (t *tester) test(place int, points [2][]*pointRows) {
	t.place, t.points = place, points
	t.counted = map[uint64]bool{}
	t.align()
	for m := range t.measures {
		t.quantities(m)
	}
	for m := range t.measures {
		t.present(m)
	}
	t.incidence()
}

// several says whether a place is of more than one point.
func (t *tester) several() bool { return len(t.points[0]) > 1 || len(t.points[1]) > 1 }

// align pairs the replications, counts those that differ, and finds those that came to an end.
func (t *tester) align() {
	t.live = [2][][]bool{}
	for side, points := range t.points {
		for p, rows := range points {
			n := rows.reps
			if t.c.Paired {
				n = min(n, t.points[1-side][p].reps)
			}
			live := make([]bool, n)
			for m := range t.measures {
				for rep, x := range t.column(side, p, m)[:n] {
					live[rep] = live[rep] || !math.IsNaN(x)
				}
			}
			t.live[side] = append(t.live[side], live)
		}
	}
	if !t.c.Paired {
		return
	}
	for p := range t.points[0] {
		differ := make([]bool, len(t.live[0][p]))
		t.c.Histories += int64(len(differ))
		for m := range t.measures {
			a, b := t.column(0, p, m), t.column(1, p, m)
			for rep := range differ {
				differ[rep] = differ[rep] || a[rep] != b[rep] && !(math.IsNaN(a[rep]) && math.IsNaN(b[rep]))
			}
		}
		for rep, d := range differ {
			if d {
				if t.c.Differ++; t.c.First == nil {
					t.c.First = &Place{t.points[1][p].point, int64(rep)}
				}
			}
			both := t.live[0][p][rep] && t.live[1][p][rep]
			t.live[0][p][rep], t.live[1][p][rep] = both, both
		}
	}
}

// column is a measure at one point, classes as places in the union of both results' classes.
func (t *tester) column(side, point, m int) []float64 {
	cells := t.points[side][point].cells[t.measures[m][side]].floats()
	column := [2]*Side{t.c.A, t.c.B}[side].columns[t.measures[m][side]]
	if column.Kind != record.Class || slices.Equal(column.Classes, t.union[m][:len(column.Classes)]) {
		return cells
	}
	recoded := make([]float64, len(cells))
	for i, x := range cells {
		recoded[i] = x
		if !math.IsNaN(x) {
			recoded[i] = float64(slices.Index(t.union[m], column.Label(x)))
		}
	}
	return recoded
}

// values is value of a measure by point and replication; NaN where the history did not come to an end.
func (t *tester) values(side, m int, value func(x float64) float64) [][]float64 {
	all := make([][]float64, len(t.points[side]))
	for p := range all {
		column := t.column(side, p, m)
		all[p] = make([]float64, len(t.live[side][p]))
		for rep, live := range t.live[side][p] {
			if all[p][rep] = math.NaN(); live {
				all[p][rep] = value(column[rep])
			}
		}
	}
	return all
}

func same(x float64) float64 { return x }

// indicator is 1 where holds is true, and missing where x is.
func indicator(holds func(x float64) bool) func(x float64) float64 {
	return func(x float64) float64 {
		switch {
		case math.IsNaN(x):
			return x
		case holds(x):
			return 1
		}
		return 0
	}
}

func present(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return 1
}

// new begins the comparison of a measure; nil if another is asked for.
func (t *tester) new(m int, statistic string) *Compared {
	column := &t.c.A.columns[t.measures[m][0]]
	if t.only != "" && t.only != column.Name {
		return nil
	}
	return &Compared{Place: t.place, Measure: column.Name, Title: column.Title, Statistic: statistic, Unit: "share"}
}

// quantities tests what a measure is.
func (t *tester) quantities(m int) {
	column := &t.c.A.columns[t.measures[m][0]]
	switch column.Kind {
	case record.Bool:
		t.share(t.new(m, "share"), m, same)
	case record.Class:
		for k, class := range t.union[m] {
			if q := t.new(m, "share"); q != nil && (t.class == "" || t.class == class) {
				q.Class = class
				t.share(q, m, indicator(func(x float64) bool { return x == float64(k) }))
			}
		}
	case record.Int, record.Float:
		for _, g := range contents {
			for _, least := range g.least {
				if q := t.new(m, "share"); q != nil && g.measure == column.Name {
					q.Least = least
					t.share(q, m, indicator(func(x float64) bool { return x >= float64(least) }))
				}
			}
		}
		if q := t.new(m, "mean"); q != nil {
			q.Unit = column.Unit
			t.number(q, m)
		}
	}
}

// present tests in how many histories there is a measure at all, unless that has been tested already by
// another name: a war has a length where there was an invasion.
func (t *tester) present(m int) {
	q := t.new(m, "present")
	if q == nil {
		return
	}
	a, b := t.values(0, m, present), t.values(1, m, present)
	if one := constant(a) && constant(b) && a[0][0] == b[0][0]; !one && !t.counted[pattern(a, b)] {
		t.shares(q, a, b)
	}
}

func constant(cells [][]float64) bool {
	for _, point := range cells {
		for _, x := range point {
			if x != cells[0][0] {
				return false
			}
		}
	}
	return len(cells) > 0 && len(cells[0]) > 0
}

func pattern(a, b [][]float64) uint64 {
	h := fnv.New64a()
	for _, side := range [][][]float64{a, b} {
		for _, point := range side {
			yes := make([]byte, len(point))
			for i, x := range point {
				if yes[i] = 2; !math.IsNaN(x) {
					yes[i] = byte(x)
				}
			}
			h.Write(yes)
		}
	}
	return h.Sum64()
}

func (t *tester) share(q *Compared, m int, value func(x float64) float64) {
	if q != nil {
		t.shares(q, t.values(0, m, value), t.values(1, m, value))
	}
}

// shares compares yes and no: under common luck by Newcombe's interval for pairs and McNemar's exact test;
// of independent runs by Newcombe's hybrid, checked by Miettinen and Nurminen's, and Fisher's exact test.
func (t *tester) shares(q *Compared, a, b [][]float64) {
	t.counted[pattern(a, b)] = true
	switch {
	case t.several():
		t.clustered(q, a, b)
	case t.c.Paired:
		x, y := both(a[0], b[0])
		pairs := pairsOf(y, x)
		test := stats.McNemar(pairs)
		q.A, q.B = mean(x), mean(y)
		q.Estimate, q.P, q.Test, q.Reduction = stats.PairedShare(pairs, t.c.Level), test.P, test.Method, pairs.VarianceReduction()
	default:
		x, y := without(a[0]), without(b[0])
		ka, kb := yes(x), yes(y)
		test := stats.FisherExact(kb, len(y), ka, len(x))
		check := stats.MiettinenNurminen(kb, len(y), ka, len(x), t.c.Level)
		q.A, q.B = mean(x), mean(y)
		q.Estimate, q.P, q.Test, q.Check, q.Reduction = stats.Newcombe(kb, len(y), ka, len(x), t.c.Level), test.P, test.Method, &check, 1
	}
	t.keep(q)
}

// number compares the mean of a measure, and where there is one design point also what a mean may miss:
// under common luck how often it is higher, of independent runs its whole distribution.
func (t *tester) number(q *Compared, m int) {
	a, b := t.values(0, m, same), t.values(1, m, same)
	if t.several() {
		t.clustered(q, a, b)
		t.keep(q)
		return
	}
	other := *q
	if t.c.Paired {
		x, y := both(a[0], b[0])
		d := stats.PairedMean(y, x, t.c.Level)
		q.A, q.B = mean(x), mean(y)
		q.Estimate, q.Test, q.Reduction = d.Estimate, d.Test.Method, d.VarianceReduction
		q.least(d.Test.P, stats.LeastPairedP(d.N))
		t.keep(q)
		var pairs stats.Pairs // higher in B, higher in A
		for i := range x {
			pairs.Add(y[i] > x[i], y[i] < x[i])
		}
		other.Statistic, other.Unit, other.A, other.B = "sign", "share", math.NaN(), math.NaN()
		other.Estimate, other.P, other.Test, other.Reduction = stats.PairedShare(pairs, t.c.Level), stats.McNemar(pairs).P, "sign test", math.NaN()
		t.keep(&other)
		return
	}
	x, y := without(a[0]), without(b[0])
	d := stats.Welch(y, x, t.c.Level)
	q.A, q.B = mean(x), mean(y)
	q.Estimate, q.Test, q.Reduction = d.Estimate, d.Test.Method, 1
	q.least(d.Test.P, stats.LeastP(len(x), len(y)))
	t.keep(q)
	from, to := stats.NewSample(x), stats.NewSample(y)
	test := stats.KolmogorovSmirnov(to, from)
	other.Statistic, other.A, other.B = "distribution", math.NaN(), math.NaN()
	if len(x) > 0 && len(y) > 0 {
		other.A, other.B = from.Quantile(0.5, stats.MedianUnbiased), to.Quantile(0.5, stats.MedianUnbiased)
	}
	other.Estimate = stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: t.c.Level, N: test.N, Method: test.Method}
	other.P, other.Test, other.Reduction = known(test.P), test.Method, math.NaN()
	t.keep(&other)
}

const (
	warnNoP    = "too few histories have a value for any test: p is 1"
	warnLeastP = "p is the least that an exact test of so few histories can give"
)

// least sets P, but not below the least that an exact test of as many histories can give: few values that happen to be
// close, or the same, would else prove anything. Without a test P is 1.
func (t *Compared) least(p, least float64) {
	if math.IsNaN(p) && t.Value != 0 && t.Low == t.High { // no spread
		p = 0
	}
	t.P = max(known(p), least)
	switch {
	case math.IsNaN(p):
		if t.P = 1; t.N > 0 && t.Low < t.High {
			t.Warnings = append(t.Warnings, warnNoP)
		}
	case p < least:
		t.Warnings = append(t.Warnings, warnLeastP)
	}
}

// known is P, and 1 where there is none.
func known(p float64) float64 {
	if math.IsNaN(p) {
		return 1
	}
	return p
}

// squareAndAdd is to-from of independent estimates, their bounds joined by squares (Zou and Donner, Statistics in
// Medicine 27, 2008).
func squareAndAdd(from, to stats.Estimate) stats.Estimate {
	d := to.Value - from.Value
	return stats.Estimate{
		Value: d, Low: d - math.Hypot(to.Value-to.Low, from.High-from.Value), High: d + math.Hypot(to.High-to.Value, from.Value-from.Low),
		Level: to.Level, N: from.N + to.N, Method: to.Method + ", independent", Warnings: union(from.Warnings, to.Warnings),
	}
}

// normalTest is the two-sided P of a difference whose half-width at a level is that of a normal law.
func normalTest(d, half, level float64) float64 {
	if !(half > 0) {
		return 1
	}
	return math.Erfc(math.Abs(d) / half * math.Erfinv(level))
}

func (t *tester) keep(q *Compared) { t.c.Tests = append(t.c.Tests, *q) }

// both is the pairs in which neither is missing.
func both(a, b []float64) (x, y []float64) {
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	return x, y
}

// pairsOf counts pairs of yes and no.
func pairsOf(a, b []float64) (p stats.Pairs) {
	for i := range a {
		p.Add(a[i] == 1, b[i] == 1)
	}
	return p
}

func without(cells []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(cells), math.IsNaN)
}

func yes(x []float64) (k int) {
	for _, v := range x {
		k += int(v)
	}
	return k
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
