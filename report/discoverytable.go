package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// mostPeels is how many boxes of the way are shown.
const mostPeels = 10

// Sentence is the box in words.
func (d *Discovery) Sentence() string {
	b, units := d.Box, d.where()
	subject, cases := upperFirst(d.interest()), "these cases"
	if d.Measure.Name == "deterred" && !d.Cut.Above {
		subject, cases = "Deterrence fails", "the failures"
	}
	if len(d.Limits) == 0 {
		return fmt.Sprintf("No range of any factor tells apart where it happens (%s) beyond what luck would give: it happens in %s of all %s.",
			d.interest(), percent(stats.Share(d.HeldOutHits, d.HeldOut, d.Level)), units)
	}
	if b.Runs == 0 {
		return fmt.Sprintf("%s with %s, as far as the %s say on which the box was found; none of those held out lie in it.",
			subject, d.ranges(), units)
	}
	return fmt.Sprintf("%s in %s of the %s with %s. That covers %s of %s; %s%% of all %s are like this.",
		subject, percent(stats.Share(b.Hits, b.Runs, d.Level)), units, d.ranges(),
		percent(stats.Share(b.Hits, d.HeldOutHits, d.Level)), cases, spread(100*b.Support, false), units)
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// ranges is the limits as a list in words.
func (d *Discovery) ranges() string {
	var words []string
	for _, l := range d.Limits {
		words = append(words, l.Key+" "+l.Range)
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return words[0]
}

// Document lays out what was found.
func (d *Discovery) Document(advice ...Advice) *Document {
	g, units := d.Manifest.Design, d.where()
	opening := fmt.Sprintf("%s: %s of %s, %s, seed %d. In brackets the %g%% interval.",
		histories(d.Manifest.Runs), designPoints(g.Points), histories(g.Replications), factors(len(g.Factors)), d.Manifest.Seed, 100*d.Level)
	blocks := []block{{text: opening}, {text: d.Sentence()}}
	if len(d.Limits) > 0 {
		t := block{title: "What makes the box", align: "lllr", header: []string{"factor", "range", "basis", "quasi-p"}}
		judged := 0
		for _, l := range d.Limits {
			t.rows = append(t.rows, []string{l.Key, l.Range, l.Basis, pValue(l.QuasiP)})
			if l.Basis == "judgement" {
				judged++
			}
		}
		rests := fmt.Sprintf("%s of the %s %s on judgement.", Count(judged), factors(len(d.Limits)), record.Noun(judged, "rests", "rest"))
		switch {
		case judged == 0:
			rests = "No range rests on judgement."
		case judged == len(d.Limits):
			rests = "Every range rests on judgement."
		}
		blocks = append(blocks, t, block{text: rests})
	}
	t := block{
		title: "The way to smaller boxes, %: density is how many in the box are cases, coverage how many of the cases are in it",
		align: "rrrrrrlb", header: []string{"factors", "of all " + units, "coverage", "density", "coverage, held out", "density, held out", "", ""},
	}
	for _, p := range d.way() {
		told := ""
		if p.Restricted == len(d.Limits) && sameBox(p.Found, d.Found) {
			told = "the box"
		}
		share := func(x float64) string { return stats.Round(100*x, 0) }
		t.rows = append(t.rows, []string{Count(p.Restricted), share(p.Found.Support), share(p.Found.Coverage), share(p.Found.Density),
			share(p.HeldOut.Coverage), share(p.HeldOut.Density), told, fmt.Sprint(p.HeldOut.Density)})
	}
	reading := fmt.Sprintf("A case of interest is: %s, by its %s; %s of %s %s are. The box was found by PRIM on %s %s, over the %s whose values differ "+
		"between cases and others (Kolmogorov-Smirnov, Holm), and is judged on the other %s: where it was found its density is %s%%. Of the boxes on the way it is the one whose density is the most standard errors above that of all %s, "+
		"less the ranges that luck alone would give (quasi-p, a binomial tail, against 0.05 in all).",
		d.interest(), histories(g.Replications), Count(d.Cases), Count(d.Points), units, Count(d.Points-d.HeldOut), units, factors(len(d.Found.Low)), Count(d.HeldOut),
		stats.Round(100*d.Found.Density, 0), units)
	if out := g.Points - int64(d.Points); out > 0 {
		reading += fmt.Sprintf(" Left out: %s %s where no history has the measure.", Count(out), units)
	}
	if d.HeldOutHits < 10 {
		reading += fmt.Sprintf(" Only %s of those held out %s: the box is hardly judged at all.", Count(d.HeldOutHits), record.Noun(d.HeldOutHits, "is a case", "are cases"))
	}
	if !g.OwnLuck {
		reading += fmt.Sprintf(" The same %s of luck decided at all %s, and the intervals do not know it: common_luck = false gives each its own.",
			Plural(g.Replications, "draw", "draws"), units)
	}
	if units == "points" {
		reading += " Points of one future are not independent: the intervals are too narrow."
	}
	doubts := strings.Join(append(d.inputs.moved(), caution(&g)), " ")
	if names := g.Uncorrelated; len(names) > 0 {
		doubts = fmt.Sprintf("Left out by the design, which needs independent factors: the ledger's correlations %s. ", strings.Join(names, ", ")) + doubts
	}
	blocks = append(blocks, t, block{text: reading}, block{text: doubts})
	return newDocument(d.Title, d.Question, slices.DeleteFunc(blocks, block.empty), advice)
}

type boxJSON struct {
	Points   int    `json:"points"`
	Cases    int    `json:"cases"`
	Density  number `json:"density"`
	Coverage number `json:"coverage"`
	Mass     number `json:"mass"`
}

func newBoxJSON(b stats.Box) boxJSON {
	return boxJSON{b.Runs, b.Hits, number(b.Density), number(b.Coverage), number(b.Support)}
}

type limitJSON struct {
	Key    string `json:"factor"`
	Basis  string `json:"basis,omitempty"`
	Low    number `json:"low"`
	High   number `json:"high"`
	QuasiP number `json:"quasi_p"`
}

type peeledJSON struct {
	Restricted int     `json:"restricted_factors"`
	Found      boxJSON `json:"found_on"`
	HeldOut    boxJSON `json:"held_out"`
}

// JSON writes what was found as one JSON object. The ends of the range of a factor with classes are
// numbers of classes.
func (d *Discovery) JSON(w io.Writer) error {
	side := "below"
	if d.Cut.Above {
		side = "above"
	}
	out := struct {
		Title     string           `json:"title,omitempty"`
		Question  string           `json:"question,omitempty"`
		Method    string           `json:"method"`
		Measure   string           `json:"measure"`
		Class     string           `json:"class,omitempty"`
		Side      string           `json:"side"`
		Threshold number           `json:"threshold"`
		Level     float64          `json:"level"`
		Points    int              `json:"points"`
		Cases     int              `json:"cases"`
		HeldOut   int              `json:"held_out_points"`
		HeldCases int              `json:"held_out_cases"`
		Moved     int64            `json:"points_moved"`
		Looked    int64            `json:"points_looked_at"`
		Manifest  *record.Manifest `json:"manifest"`
		Sentence  string           `json:"sentence"`
		Limits    []limitJSON      `json:"limits"`
		Found     boxJSON          `json:"box_found_on"`
		Box       boxJSON          `json:"box_held_out"`
		Path      []peeledJSON     `json:"trajectory"`
	}{d.Title, d.Question, "prim", d.Measure.Name, d.Class, side, number(d.Cut.Threshold), d.Level, d.Points, d.Cases, d.HeldOut, d.HeldOutHits,
		d.inputs.Moved, d.inputs.Looked, d.Manifest, d.Sentence(), []limitJSON{}, newBoxJSON(d.Found), newBoxJSON(d.Box), nil}
	for _, l := range d.Limits {
		out.Limits = append(out.Limits, limitJSON{l.Key, l.Basis, number(l.Low), number(l.High), number(l.QuasiP)})
	}
	for _, p := range d.Path {
		out.Path = append(out.Path, peeledJSON{p.Restricted, newBoxJSON(p.Found), newBoxJSON(p.HeldOut)})
	}
	return writeJSON(w, out)
}

// CSV writes a row a box of the way.
func (d *Discovery) CSV(w io.Writer) error {
	line := []byte("box,restricted_factors,mass,coverage,density,held_out_mass,held_out_coverage,held_out_density\n")
	for i, p := range d.Path {
		line = fmt.Appendf(line, "%d,%d", i, p.Restricted)
		line = appendFloats(line, p.Found.Support, p.Found.Coverage, p.Found.Density, p.HeldOut.Support, p.HeldOut.Coverage, p.HeldOut.Density)
		line = append(line, '\n')
	}
	_, err := w.Write(line)
	return err
}

// way is the boxes that are shown: some of the path, and the box that is told, which without the ranges that luck would give
// need not be one of the path.
func (d *Discovery) way() (shown []Peeled) {
	step := max(1, (len(d.Path)+mostPeels-2)/(mostPeels-1))
	for i, p := range d.Path {
		if (i%step == 0 || i == len(d.Path)-1) && !(len(d.Limits) > 0 && sameBox(p.Found, d.Found)) {
			shown = append(shown, p)
		}
	}
	if len(d.Limits) > 0 {
		shown = append(shown, Peeled{len(d.Limits), d.Found, d.Box})
		slices.SortStableFunc(shown, func(a, b Peeled) int { return cmp.Compare(b.Found.Support, a.Found.Support) })
	}
	return shown
}

func sameBox(a, b stats.Box) bool { return slices.Equal(a.Low, b.Low) && slices.Equal(a.High, b.High) }
