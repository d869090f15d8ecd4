package report

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tripwire/stats"
	"tripwire/study/record"
)

// chosen is three choices of which the last is the best; the first was out after 40 of 60 replications, and every
// tenth history of it has no value.
func chosen(s record.Selection) *By {
	s.Measure, s.First, s.EliminatedAt, s.Best, s.MaxRuns = "deterred", 40, []int64{40, 0, 0}, 2, 500
	if s.Procedure == "ocba" { // asked for the least
		s.EliminatedAt, s.Best = []int64{0, 0, 0}, 0
	}
	b := &By{
		Manifest: &record.Manifest{Seed: 5, Runs: 460, Selection: &s, Design: record.Design{
			Kind: "list", Points: 3, Replications: 200, ByPoint: []int64{60, 200, 200},
		}},
		Title: "Chosen", Question: "Which?", Level: 0.95, Keys: []string{"case"},
		measured: measured{Measure: record.Column{Name: "deterred", Title: "Deterrence held", Kind: record.Bool}},
	}
	luck := rand.New(rand.NewPCG(1, 9))
	u := make([]float64, 200)
	for i := range u {
		u[i] = luck.Float64()
	}
	cells := make([][]float64, 3)
	for i, name := range []string{"weak", "good", "best"} {
		g := Group{Values: []string{name}, Points: 1, points: []int64{int64(i)}, others: []string{""}}
		for rep := range b.Manifest.Design.ByPoint[i] {
			x := 0.0
			if u[rep] < []float64{.4, .75, .8}[i] {
				x = 1
			}
			if i == 0 && rep%10 == 9 {
				x = math.NaN()
			}
			cells[i] = append(cells[i], x)
		}
		b.Groups = append(b.Groups, g)
	}
	b.tell(cells)
	return b
}

func TestRanking(t *testing.T) {
	kn := record.Selection{Procedure: "kim-nelson", Better: "high", Confidence: .95, Indifference: .02, Batch: 4, Decided: true}
	b := chosen(kn)
	k := newRanking(b, b.Manifest.Selection)
	var order []string
	for _, p := range k.Policies {
		order = append(order, p.Values[0])
	}
	if got := strings.Join(order, " "); got != "best good weak" || k.Equal != 600 {
		t.Errorf("ranked %s, %d histories if all were played alike; want best good weak, 600", got, k.Equal)
	}
	// The pair of the best and its nearest: of 200 histories, those in which only one of them deters.
	var pairs stats.Pairs
	for i, x := range b.Groups[2].means {
		pairs.Add(x == 1, b.Groups[1].means[i] == 1)
	}
	// Two comparisons of the best: each limit at 97.5%, so the interval of a pair at 95%.
	want, got := stats.PairedShare(pairs, .95), k.Policies[0].Ahead
	if got.Value != want.Value || got.High != want.High || got.Low != min(0, want.Low) || got.N != 200 {
		t.Errorf("the best is ahead by %v [%v, %v] of %d, want %v [%v, %v] of 200", got.Value, got.Low, got.High, got.N, want.Value, min(0, want.Low), want.High)
	}
	if weak := k.Policies[2]; weak.Ahead.High != 0 || weak.Ahead.N != 60 || weak.EliminatedAt != 40 || weak.Replications != 60 {
		t.Errorf("the weak one is ahead by up to %v of %d, out at %d of %d; want 0 of 60, 40 of 60", weak.Ahead.High, weak.Ahead.N, weak.EliminatedAt, weak.Replications)
	}
}

// Where values are missing, the difference is that of the means over what each has, and its interval covers it.
func TestMissingValues(t *testing.T) {
	const n, repetitions, truth = 120, 400, 0.7 - 0.55
	b := chosen(record.Selection{})
	luck := rand.New(rand.NewPCG(2, 9))
	covered := 0
	for range repetitions {
		var x, y []float64
		for range n {
			accepts, holds := luck.Float64(), luck.Float64() // common to both
			one := func(accepted, held float64) float64 {
				switch {
				case accepts > accepted:
					return math.NaN()
				case holds < held:
					return 1
				}
				return 0
			}
			x, y = append(x, one(.95, .7)), append(y, one(.8, .55))
		}
		e := b.less(&b.Groups[0], x, y, .95)
		if want := mean(without(x)) - mean(without(y)); math.Abs(e.Value-want) > 1e-12 {
			t.Fatalf("the difference is %v, want %v", e.Value, want)
		}
		if e.Low <= truth && truth <= e.High {
			covered++
		}
	}
	if c := stats.ClopperPearson(covered, repetitions, .999); c.High < .95 || c.Low > .95 {
		t.Errorf("%d of %d intervals cover, want a share of .95; see it again: go test ./report -run '^%s$'", covered, repetitions, t.Name())
	}
}

// What a reader sees: decided, undecided, OCBA, and where low is better.
func TestRankingText(t *testing.T) {
	var text strings.Builder
	show := func(s record.Selection, own bool) *Ranking {
		b := chosen(s)
		b.Manifest.Design.OwnLuck = own
		k := newRanking(b, b.Manifest.Selection)
		if err := k.Document().Text(&text, Style{Width: 80}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "\n%s\n", strings.Repeat("=", 80))
		return k
	}
	kn := record.Selection{Procedure: "kim-nelson", Better: "high", Confidence: .95, Indifference: .01, Batch: 4, Decided: true}
	k := show(kn, false)
	kn.Decided = false
	show(kn, false)
	show(record.Selection{Procedure: "ocba", Better: "low"}, true)
	golden(t, "ranking.txt", text.String())
	var csv, js strings.Builder
	if err := k.CSV(&csv); err != nil {
		t.Fatal(err)
	}
	golden(t, "ranking.csv", csv.String())
	if err := k.JSON(&js); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(js.String()), &out); err != nil {
		t.Fatal(err)
	}
	delete(out, "manifest") // which has its own test
	text.Reset()
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		t.Fatal(err)
	}
	golden(t, "ranking.json", text.String())
}
