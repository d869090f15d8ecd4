package report

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"tripwire/stats"
	"tripwire/study/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s\ngo test ./report -update writes it anew; git diff then explains", name, got, want)
	}
}

// columns is what a result of a war has, as far as a summary looks at it.
func columns() []record.Column {
	c := func(name, title, unit string, kind record.Kind, classes ...string) record.Column {
		return record.Column{Name: name, Title: title, Unit: unit, Kind: kind, Classes: classes}
	}
	return []record.Column{
		c("rep", "Replication", "", record.Int),
		c("terms_accepted", "Terms accepted", "", record.Bool),
		c("outcome", "Outcome class", "", record.Class, "terms-refused", "nuclear-use", "limited-fait-accompli", "invasion-repelled", "settled", "deterred-quiet"),
		c("deterred", "Deterrence held", "", record.Bool),
		c("invaded", "Invaded", "", record.Bool),
		c("t_invasion_d", "Time to invasion", "d", record.Float),
		c("t_end_d", "End of the history", "d", record.Float),
		c("flareups", "Flare-ups", "incidents", record.Int),
		c("gate_failed", "Gate that held the strike back", "", record.Class, "none", "attribution", "consent"),
		c("strike_before_fait_accompli", "Strike before the fait accompli", "", record.Bool),
		c("front_max_km", "Furthest front", "km", record.Float),
		c("losses_russia", "Russian casualties", "people", record.Int),
		c("rung_max", "Highest rung", "rung", record.Int),
		c("nuclear_use", "Nuclear use", "", record.Bool),
	}
}

// war is a table of 400 histories that can be counted by hand: of every 20, one refuses the terms and
// five are attacked (two reach an objective, of which one after the strike came); one uses a weapon.
func war() *record.Table {
	t := record.NewTable(columns())
	no := math.NaN()
	for i := range 400 {
		rep, x := float64(i), float64(i)
		switch k := i % 20; {
		case k == 0:
			t.Append(rep, 0, 0, no, 0, no, 0, 0, no, no, 0, 0, 0, 0)
		case k == 1 && i == 21:
			t.Append(rep, 1, 1, 0, 1, 400, 500, 3, 0, no, 4, 150000, 10, 1)
		case k <= 3:
			t.Append(rep, 1, 3, 0, 1, 100+x, 300+x, 9, 1, no, x/100, 40000+100*x, 5, 0)
		case k == 4:
			t.Append(rep, 1, 2, 0, 1, 200+x, 600+x, 9, 2, 0, 30+x/50, 250000, 4, 0)
		case k == 5:
			t.Append(rep, 1, 2, 0, 1, 300+x, 700+x, 9, 0, 1, 30+x/50, 250000, 8, 0)
		case k < 9:
			t.Append(rep, 1, 4, 1, 0, no, 1000+x, 20, no, no, 0, 0, 1, 0)
		default:
			t.Append(rep, 1, 5, 1, 0, no, 1825, math.Floor(x/20), no, no, 0, 0, 1, 0)
		}
	}
	return t
}

func summarise(t *record.Table, question string, failed int64) *Summary {
	p := &record.Package{Title: "Twenty by twenty", Doc: question}
	s := newSummary(&record.Manifest{Seed: 7, Runs: int64(t.Len()), Failed: failed}, p, t.Columns, 0.95)
	s.add(t)
	s.estimate()
	return s
}

var next = []Advice{{"tripwire trace results/x --rep 21", "a history that ended in nuclear-use"}}

func TestText(t *testing.T) {
	s := summarise(war(), "Can it be counted by hand?", 0)
	var b strings.Builder
	if err := s.Document(next...).Text(&b, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.txt", b.String())
	for line := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(line); n > 101 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestMarkdown(t *testing.T) {
	s := summarise(war(), "Is <b>this</b> *markup* | a cell?", 0)
	var b strings.Builder
	if err := s.Document(next...).Markdown(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.md", b.String())
}

func TestMachine(t *testing.T) {
	s := summarise(war(), "", 2)
	var b strings.Builder
	if err := s.CSV(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.csv", b.String())
	b.Reset()
	if err := s.JSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.json", b.String())
}

// What was counted is what was put in.
func TestCounts(t *testing.T) {
	s := summarise(war(), "", 0)
	if want := [givens]int{Any: 400, Accepted: 380, Invaded: 100, Objective: 40}; s.N != want {
		t.Errorf("got %v, want %v", s.N, want)
	}
	for _, c := range []struct {
		measure, class, statistic string
		given                     Given
		least                     int64
		days, want                float64
	}{
		{measure: "deterred", given: Accepted, statistic: "share", want: 280. / 380},
		{measure: "outcome", class: "settled", statistic: "share", want: .15},
		{measure: "gate_failed", class: "attribution", given: Invaded, statistic: "share", want: .59},
		{measure: "gate_failed", class: "none", given: Objective, statistic: "share", want: .5},
		{measure: "rung_max", least: 5, statistic: "share", want: 80. / 400},
		{measure: "rung_max", least: 8, statistic: "share", want: 21. / 400},
		{measure: "nuclear_use", statistic: "share", want: 1. / 400},
		// k 1, 2 and 3 at day 100+i, but for number 21; k 4 at 200+i; k 5 at 300+i
		{measure: "t_invasion_d", given: Accepted, statistic: "incidence", days: 365, want: (13 + 14 + 14 + 9 + 4) / 380.},
	} {
		found := false
		for _, r := range s.find(c.measure, c.given) {
			if r.Class == c.class && r.Statistic == c.statistic && r.Least == c.least && r.Days == c.days {
				if found = true; math.Abs(r.Value-c.want) > 1e-12 {
					t.Errorf("%+v: got %v", c, r.Value)
				}
			}
		}
		if !found {
			t.Errorf("%+v: no such row", c)
		}
	}
}

// A result in which nothing happened, or nothing at all is, still has a summary.
func TestEmpty(t *testing.T) {
	for name, rows := range map[string]int{"nothing.txt": 0, "one.txt": 1} {
		table := record.NewTable(columns())
		if rows == 1 {
			table.Append(war().Row(19)...)
		}
		var b strings.Builder
		if err := summarise(table, "", 0).Document().Text(&b, Style{Width: 80, ASCII: true}); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
	}
}

func TestStopped(t *testing.T) {
	rule := record.Stopping{Until: "0.02@deterred", Rounds: 7}
	if got := stopped(&record.Manifest{Stopping: &rule}); !strings.Contains(got, `"0.02@deterred" was not reached in 7 rounds`) {
		t.Errorf("a width that was not reached is told as %q", got)
	}
	rule.Met = true
	if got := stopped(&record.Manifest{Stopping: &rule}); !strings.Contains(got, `Stopped by until = "0.02@deterred" after 7 rounds`) {
		t.Errorf("a width that was reached is told as %q", got)
	}
	if got := stopped(new(record.Manifest)); got != "" {
		t.Errorf("a fixed number of histories is told as %q", got)
	}
}

func TestNoDigitBeyondTheInterval(t *testing.T) {
	for _, c := range []struct {
		value, low, high, scale float64
		want                    string
	}{
		{.7123, .6812, .7415, 100, "71% [68, 74]"},          // half-width 3.0
		{.71234, .70812, .71615, 100, "71.2% [70.8, 71.6]"}, // .40
		{.0010, .0002, .0056, 100, "0.1% [0.02, 0.6]"},      // .27
		{.005, .0005, .05, 100, "0.5% [0.05, 5]"},           // zero would say never
		{142377, 131000, 155000, 1, "142,000 [131,000, 155,000]"},
		{142377, 99000, 185000, 1, "140,000 [100,000, 190,000]"},
		{0.04, 0.035, 0.047, 1, "0.040 [0.035, 0.047]"},
		{12, 12, 12, 1, "12.0 [12.0, 12.0]"},
		{-0.3, -40, 40, 1, "0 [−40, 40]"},
		{5, math.Inf(-1), math.Inf(1), 1, "5.00 [−∞, ∞]"},
	} {
		f := show(stats.Estimate{Value: c.value, Low: c.low, High: c.high}, c.scale)
		got := f.value + " " + f.interval()
		if c.scale == 100 {
			got = f.value + "% " + f.interval()
		}
		if got != c.want {
			t.Errorf("%v in [%v, %v] is shown as %s, want %s", c.value, c.low, c.high, got, c.want)
		}
	}
}

func TestBar(t *testing.T) {
	for x, want := range map[float64]string{0: "", .0001: "▏", .04: "█", .5: strings.Repeat("█", 12) + "▌", 1: strings.Repeat("█", 25)} {
		if got := bar(fmt.Sprint(x), false); got != want {
			t.Errorf("bar of %v is %q, want %q", x, got, want)
		}
	}
}
