package validation

import (
	"math"
	"slices"

	"tripwire/input"
	"tripwire/stats"
)

// A pair is one change under the same luck: two scenarios or more that differ in nothing else, and
// what is expected to follow.
type pair struct {
	name  string
	all   []string // set on every side
	sides []Line   // from, to, and further steps
	parts []part
	tests string
	note  string
}

// A part is a measure of a pair and what is expected of a weighted sum over its sides.
type part struct {
	measure
	label   string // said after the measure's name
	weights []float64
	expect  expectation
}

// step is the weights of one side less another.
func step(from, to int) []float64 {
	w := make([]float64, max(from, to)+1)
	w[from], w[to] = -1, 1
	return w
}

// What a behaviour puts to the test.
const (
	world    = "world"    // follows from the course of the war, where no coefficient says so
	estimate = "estimate" // is as large as a coefficient written into Moscow's estimate: tests the wiring
	both     = "both"     // parts of it one, parts the other
)

// Behaviours plays every behaviour that must hold, n histories a side, and judges it.
func Behaviours(l input.Loader, n int, seed uint64) (*Card, error) {
	c := &Card{
		Title: "Behaviours that must hold", Preface: behavioursPreface,
		Claim: "change", Paired: true, N: n, Seed: seed,
	}
	var err error
	if c.Rows, err = playPairs(l, behaviours(), n, seed); err != nil {
		return nil, err
	}
	return c, nil
}

var behavioursPreface = []string{
	"One lever moves; everything else stays as it is, and history *i* meets the same luck on every side. " +
		"An effect is the measure after the change less before it, history by history, with the interval of the paired " +
		"differences (shares: Newcombe's for pairs; means: Student's). *Runs saved* is how many times more histories independent luck would have asked for. " +
		"A row holds if every part of it does; a part holds if its whole interval lies where it was expected.",
	"*Tests* says what a row proves. **world**: the effect comes out of the submodels (ground, supply, evidence, decisions), and no coefficient says how large it is. " +
		"**estimate**: Moscow chooses by its own estimate, and the effect is about as large as the coefficients in it that somebody wrote down; such a row tests that the lever is wired to the " +
		"right wheel, and nothing about the world. **both**: parts of it one, parts the other.",
	"Strikes on NATO territory and nuclear use are switched off here (`escalation.enabled=false`): a war that widens ends early, and would confound the pairs. " +
		"Where Moscow is free to choose, it accepts the terms (`moscow.accept_prob=0.9999`). Where the conduct of a war is in question, the attack is forced on day 365. " +
		"The intervals hold one at a time: of forty true expectations, about one interval will miss.",
	"Regenerate with: `tripwire verify --behaviours > docs/validation/behaviours.md`",
}

// playPairs plays pairs and judges them.
func playPairs(l input.Loader, pairs []pair, n int, seed uint64) ([]Row, error) {
	t := newTable(l, n, seed)
	for _, p := range pairs {
		t.announce(p.all, p.sides)
	}
	var rows []Row
	for _, p := range pairs {
		traced := slices.ContainsFunc(p.parts, func(q part) bool { return q.traced })
		sides, err := t.play(p.all, p.sides, traced)
		if err != nil {
			return nil, err
		}
		r := Row{Name: p.name, Setup: setup(p.all, p.sides), Tests: p.tests, Note: p.note}
		for _, q := range p.parts {
			r.Parts = append(r.Parts, q.judge(sides))
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// judge estimates the weighted sum of the sides, over the histories in which the question arose on
// every side that has a weight.
func (q *part) judge(sides [][]history) Part {
	var plus, minus []float64
	for i := range sides[0] {
		a, b := 0.0, 0.0
		for k, w := range q.weights {
			switch {
			case w > 0:
				a += w * q.of(&sides[k][i])
			case w < 0:
				b -= w * q.of(&sides[k][i])
			}
		}
		if !math.IsNaN(a) && !math.IsNaN(b) {
			plus, minus = append(plus, a), append(minus, b)
		}
	}
	p := Part{Name: q.name, Unit: q.unit, From: math.NaN()}
	if q.label != "" {
		p.Name += ", " + q.label
	}
	simple := q.simple()
	if simple {
		p.From = stats.Mean(minus, Level).Value
	}
	if q.share && simple {
		var pairs stats.Pairs
		for i := range plus {
			pairs.Add(plus[i] == 1, minus[i] == 1)
		}
		p.Got, p.Saved = stats.PairedShare(pairs, Level), pairs.VarianceReduction()
	} else {
		d := stats.PairedMean(plus, minus, Level)
		p.Got, p.Saved = d.Estimate, d.VarianceReduction
	}
	p.hold(q.expect)
	return p
}

// simple says whether a sum over the sides is one side less another.
func (q *part) simple() bool {
	ones := 0
	for _, w := range q.weights {
		switch w {
		case 0:
		case 1, -1:
			ones++
		default:
			return false
		}
	}
	return ones == 2
}
