package validation

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/stats"
)

var loader = input.Loader{Embedded: configs.FS}

// The cards at a reduced number of histories: enough for what is large, and cheap.
var small = map[string]func() (*Card, error){
	"behaviours":  sync.OnceValues(func() (*Card, error) { return Behaviours(loader, 300, Seed) }),
	"calibration": sync.OnceValues(func() (*Card, error) { return Calibration(loader, 300, Seed) }),
}

// No effect may contradict what is expected of it beyond its interval, but where the table says that
// the model disagrees; and what the table says the model misses, it has to miss.
func TestExpectations(t *testing.T) {
	for name, play := range small {
		c, err := play()
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Rows {
			r := &c.Rows[i]
			t.Run(name+"/"+r.Name, func(t *testing.T) {
				missed := false
				for _, p := range r.Parts {
					missed = missed || p.Missed
					if p.surprising() {
						t.Errorf("%s: got %+.4g (%.4g to %.4g) of %d, want: %s; the model is known to disagree: %v\ntripwire verify --%s shows all of it",
							p.Name, p.Got.Value, p.Got.Low, p.Got.High, p.Got.N, p.Expected, p.Missed, name)
					}
				}
				if missed && r.Note == "" {
					t.Errorf("the model is known to disagree, and no note says why")
				}
			})
		}
	}
}

// The documents are what the code writes, but for the numbers of a larger run, and say what this one
// says where both are sure.
func TestDocuments(t *testing.T) {
	for name, play := range small {
		c, err := play()
		if err != nil {
			t.Fatal(err)
		}
		file := "../../docs/validation/" + name + ".md"
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		again := fmt.Sprintf("write it anew: go run ./cmd/tripwire verify --%s > docs/validation/%s.md", name, name)
		got, want := strings.Split(string(c.Markdown()), "\n"), strings.Split(string(text), "\n")
		if len(got) != len(want) {
			t.Errorf("%s has %d lines, the code writes %d; %s", file, len(want), len(got), again)
			continue
		}
		compared := 0
		for i := range got {
			g, w := apart(got[i]), apart(want[i])
			if g.words != w.words {
				t.Errorf("%s:%d: got %q, want %q; %s", file, i+1, want[i], got[i], again)
			}
			if g.verdict != w.verdict && g.verdict != Undecided.String() && w.verdict != Undecided.String() {
				t.Errorf("%s:%d: %q there, %q at %d histories: %s; %s", file, i+1, w.verdict, g.verdict, c.N, got[i], again)
			}
			if g.verdict != "" {
				compared++
			}
		}
		if compared < 2*len(c.Rows) {
			t.Errorf("%s: only %d verdicts were compared", file, compared)
		}
	}
}

// A line of a card, without the numbers of a run.
type line struct{ words, verdict string }

var (
	header   = regexp.MustCompile(`^\d+ histories a side, .*$`)
	numbers  = regexp.MustCompile(`^(\| [^|]+ \|)(?: [^|]+ \|){2,3}( [^|]+ \|) (held|not held|undecided|reported) \|(?: [^|]+ \|)?$`)
	overview = regexp.MustCompile(`^(\| \d+ \| [^|]+ \| [^|]+ \|) (held|not held|undecided|reported) \|$`)
)

func apart(text string) line {
	if header.MatchString(text) {
		return line{}
	}
	if m := overview.FindStringSubmatch(text); m != nil {
		return line{m[1], m[2]}
	}
	if m := numbers.FindStringSubmatch(text); m != nil {
		return line{m[1] + m[2], m[3]}
	}
	return line{text, ""}
}

func TestJudge(t *testing.T) {
	at := func(low, high float64) stats.Estimate {
		return stats.Estimate{Value: (low + high) / 2, Low: low, High: high, N: 100}
	}
	for _, c := range []struct {
		name string
		e    expectation
		got  stats.Estimate
		want Verdict
	}{
		{"a rise", rises, at(.1, .2), Held},
		{"a fall where a rise was expected", rises, at(-.2, -.1), NotHeld},
		{"a rise that may be none", rises, at(-.1, .2), Undecided},
		{"nothing at all where a rise was expected", rises, at(0, 0), NotHeld},
		{"nothing at all where a fall was expected", falls, at(0, 0), NotHeld},
		{"nothing at all where nothing was expected", nearZero(.01), at(0, 0), Held},
		{"small enough", nearZero(.01), at(-.005, .009), Held},
		{"perhaps too large", nearZero(.01), at(.005, .02), Undecided},
		{"too large", nearZero(.01), at(.011, .02), NotHeld},
		{"not large enough", risesBy(.05), at(.01, .04), NotHeld},
		{"a small fall is no fall", noLessThan(.01), at(-.005, .1), Held},
		{"within a quarter", about(100, ""), at(80, 120), Held},
		{"not within a quarter", about(100, ""), at(50, 70), NotHeld},
		{"no histories", rises, stats.Estimate{}, Undecided},
		{"nothing was expected", reported, at(1, 2), Reported},
	} {
		if got := c.e.judge(c.got); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestVerdictOfARow(t *testing.T) {
	for _, c := range []struct {
		parts []Verdict
		want  Verdict
	}{
		{[]Verdict{Held, Held}, Held},
		{[]Verdict{Held, Reported}, Held},
		{[]Verdict{Held, Undecided}, Undecided},
		{[]Verdict{Undecided, NotHeld, Held}, NotHeld},
		{[]Verdict{Reported}, Reported},
	} {
		var r Row
		for _, v := range c.parts {
			r.Parts = append(r.Parts, Part{Verdict: v})
		}
		if got := r.Verdict(); got != c.want {
			t.Errorf("%v: got %v, want %v", c.parts, got, c.want)
		}
	}
}

func TestSurprises(t *testing.T) {
	c := Card{Rows: []Row{{Name: "row", Parts: []Part{
		{Name: "held", Verdict: Held}, {Name: "known", Verdict: NotHeld, Missed: true},
		{Name: "new", Verdict: NotHeld}, {Name: "healed", Verdict: Held, Missed: true},
	}}}}
	if got := strings.Join(c.Surprises(), "\n"); strings.Count(got, "\n") != 1 || !strings.Contains(got, "row: new:") || !strings.Contains(got, "row: healed:") {
		t.Errorf("got %q, want the parts new and healed", got)
	}
}

func TestRounded(t *testing.T) {
	for _, c := range []struct {
		value, half float64
		want        string
	}{
		{.123456, .01, "0.123 0.113 0.133"}, {.123456, .03, "0.12 0.09 0.15"}, {-12345, 300, "−12,300 −12,600 −12,000"}, {0, .5, "0 −0.5 0.5"}, {7.25, 0, "7.25 7.25 7.25"},
	} {
		v, l, h := rounded(stats.Estimate{Value: c.value, Low: c.value - c.half, High: c.value + c.half, N: 1})
		if got := v + " " + l + " " + h; got != c.want {
			t.Errorf("%g ± %g: got %q, want %q", c.value, c.half, got, c.want)
		}
	}
}

// A sum over sides is the difference of means that it stands for, and the luck is common.
func TestSidesArePaired(t *testing.T) {
	p := pair{all: chosen, sides: []Line{side("as it is"), side("the same, said otherwise", "washington.commitment=0.5"), side("more", "washington.commitment=0.9")}, parts: []part{
		{invaded, "none", step(0, 1), nearZero(.1)}, {invaded, "one", step(0, 2), falls}, {invaded, "twice", []float64{-2, 0, 2}, falls},
	}}
	rows, err := playPairs(loader, []pair{p}, 200, 7)
	if err != nil {
		t.Fatal(err)
	}
	none, one, twice := rows[0].Parts[0], rows[0].Parts[1], rows[0].Parts[2]
	if none.Got.Value != 0 || one.Got.Value == 0 || one.Saved <= 1 {
		t.Errorf("the same scenario differs by %g; commitment moves invasions by %g and common luck saves %g times the runs", none.Got.Value, one.Got.Value, one.Saved)
	}
	if d := twice.Got.Value - 2*one.Got.Value; d > 1e-12 || d < -1e-12 {
		t.Errorf("twice the difference of %g is %g", one.Got.Value, twice.Got.Value)
	}
}

// Neither the number of cores nor being traced changes a history, and a chronicle tells what its outcome counts.
func TestHistories(t *testing.T) {
	run := func(cores int, traced bool) []history {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		sides, err := newTable(loader, 50, 3).play(chosen, []Line{side("as it is")}, traced)
		if err != nil {
			t.Fatal(err)
		}
		return sides[0]
	}
	one, three := run(1, false), run(3, true)
	for rep := range one {
		if got, want := fmt.Sprintf("%+v", three[rep].Outcome), fmt.Sprintf("%+v", one[rep].Outcome); got != want {
			t.Fatalf("history %d on three cores and traced: got\n%s\nwant\n%s", rep, got, want)
		}
		o, c := three[rep].Outcome, three[rep].told
		blamed, guilty := 0, 0
		for _, f := range c.cases {
			if f.blamed {
				blamed++
				if f.guilty {
					guilty++
				}
			}
		}
		if int64(len(c.cases)+len(c.opened)) != o.Detected || int64(blamed) != o.Attributed+o.Misattributed || int64(guilty) != o.Attributed {
			t.Errorf("history %d: %d cases closed and %d open, %d blames, %d of them right; the outcome counts %d detected, %d and %d",
				rep, len(c.cases), len(c.opened), blamed, guilty, o.Detected, o.Attributed+o.Misattributed, o.Attributed)
		}
	}
}

// Histories are played once for all who ask, and given up after the last.
func TestTableKeepsWhatIsAskedAgain(t *testing.T) {
	tb := newTable(loader, 3, 1)
	sides := []Line{side("as it is")}
	tb.announce(chosen, sides)
	tb.announce(chosen, sides)
	first, err := tb.play(chosen, sides, false)
	if err != nil {
		t.Fatal(err)
	}
	kept := len(tb.kept)
	second, err := tb.play(chosen, sides, false)
	if err != nil {
		t.Fatal(err)
	}
	if kept != 1 || len(tb.kept) != 0 || &first[0][0] != &second[0][0] {
		t.Errorf("%d kept between, %d after; the same histories: %v", kept, len(tb.kept), &first[0][0] == &second[0][0])
	}
}

func TestABadAssignmentIsAFault(t *testing.T) {
	_, err := playPairs(loader, []pair{{sides: []Line{side("typo", "moscow.atack=full")}}}, 1, 1)
	if !errors.As(err, new(input.Faults)) || !strings.Contains(err.Error(), "moscow.atack") {
		t.Errorf("got %v, want a fault that names moscow.atack", err)
	}
}

// Rows and parts are told apart by their names.
func TestNamesAreUnique(t *testing.T) {
	for name, play := range small {
		c, err := play()
		if err != nil {
			t.Fatal(err)
		}
		rows := map[string]bool{}
		for _, r := range c.Rows {
			parts := map[string]bool{}
			for _, p := range r.Parts {
				if parts[p.Name] {
					t.Errorf("%s: %s: two parts are called %q", name, r.Name, p.Name)
				}
				parts[p.Name] = true
			}
			if rows[r.Name] {
				t.Errorf("%s: two rows are called %q", name, r.Name)
			}
			rows[r.Name] = true
		}
	}
}
