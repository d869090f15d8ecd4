package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// attacks is a small result in which attacks are common: two design points, so that --point matters.
func attacks(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "attacks.toml", `extends = "baseline"
title = "Attacks"
moscow.attack_d = 200
washington.p_response_major = 0.6

[study]
replications = 30
design = "grid"
[[study.factors]]
key = "moscow.attack"
values = ["limited", "full"]
`)
	must(t, "run", "attacks.toml", "-o", "results/attacks", "--progress", "none")
}

func TestWhy(t *testing.T) {
	attacks(t)
	dir := "results/attacks"
	told := map[string]string{
		"why.txt":               must(t, "why", dir).out,
		"why-outcome.txt":       must(t, "why", dir, "--outcome", "invasion-repelled", "--top", "3", "--point", "1").out,
		"why-counterfactual.md": must(t, "why", dir, "--counterfactual", "--sample", "20", "--md").out,
		"why-rep.txt":           must(t, "why", dir, "--point", "1", "--rep", "3").out,
	}

	var whole struct {
		Histories int `json:"histories"`
		Attacks   int `json:"attacks"`
		Played    int `json:"attacks_played_again"`
		Outcomes  []struct {
			Outcome string `json:"outcome"`
			Runs    int    `json:"histories"`
			Ways    []struct {
				Count int `json:"count"`
				Share struct {
					Value, Low, High float64
				} `json:"share"`
				Steps []struct {
					What string `json:"what"`
				} `json:"steps"`
			} `json:"ways"`
		} `json:"outcomes"`
	}
	if err := json.Unmarshal([]byte(must(t, "why", dir, "--json", "--sample", "50").out), &whole); err != nil {
		t.Fatal(err)
	}
	ended := 0
	for _, o := range whole.Outcomes {
		ended += o.Runs
		if w := o.Ways[0]; !(w.Share.Low <= w.Share.Value && w.Share.Value <= w.Share.High) || w.Steps[len(w.Steps)-1].What != o.Outcome {
			t.Errorf("the way to %s is %+v", o.Outcome, w)
		}
	}
	if whole.Histories != 60 || ended != 60 || whole.Attacks != 60 || whole.Played != 50 {
		t.Errorf("%d histories, %d of them by outcome, %d attacks, %d played again; want 60, 60, 60, 50", whole.Histories, ended, whole.Attacks, whole.Played)
	}
	for _, args := range []string{"", "--outcome frozen-new-line", "--counterfactual --sample 5", "--rep 3"} {
		out := must(t, append([]string{"why", dir, "--csv"}, strings.Fields(args)...)...).out
		if rows, err := csv.NewReader(strings.NewReader(out)).ReadAll(); err != nil || len(rows) < 2 {
			t.Errorf("why --csv %s: %d rows, %v\n%s", args, len(rows), err, out)
		}
	}
	if c := must(t, "why", dir, "--rep", "3", "--json"); !json.Valid([]byte(c.out)) {
		t.Errorf("why --rep --json is no JSON:\n%s", c.out)
	}
	// The number of cores changes no byte.
	cores := runtime.GOMAXPROCS(1)
	alone := must(t, "why", dir).out
	runtime.GOMAXPROCS(cores)
	if alone != told["why.txt"] {
		t.Errorf("on one core:\n%s\non %d:\n%s", alone, cores, told["why.txt"])
	}
	if err := os.Chdir(home); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		golden(t, name, told[name])
	}
}

// Asked of histories without an attack, why says so.
func TestWhyWithoutAttacks(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "5", "--set", "moscow.attack=never", "-o", "quiet", "--progress", "none")
	if c := must(t, "why", "quiet"); strings.Contains(c.out, "American answer") || !strings.Contains(c.out, "the horizon comes") {
		t.Errorf("why of a quiet result:\n%s", c.out)
	}
	if c := must(t, "why", "quiet", "--rep", "1"); !strings.Contains(c.out, "No attack came") {
		t.Errorf("why --rep of a quiet history:\n%s", c.out)
	}
	if c := must(t, "why", "quiet", "--outcome", "nuclear-use"); !strings.Contains(c.out, "no history ended so") {
		t.Errorf("why of what never happened:\n%s", c.out)
	}
	must(t, "why", "quiet", "--counterfactual")
}

func TestWhyMisused(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "5", "-o", "quiet", "--progress", "none")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"quiet --outcome victory", 2, "--outcome victory: no such outcome class; there are: terms-refused, nuclear-use"},
		{"quiet --point 1", 2, "--point 1: the last design point is 0"},
		{"quiet --point -1", 2, "--point -1: must not be negative"},
		{"quiet --rep 5", 2, "--rep 5: the last replication is 4"},
		{"quiet --rep -1", 2, "--rep -1: must not be negative"},
		{"quiet --rep 1 --counterfactual", 2, "give one of them"},
		{"quiet --top 0", 2, "--top 0: must be at least 1"},
		{"quiet --sample 0", 2, "--sample 0: must be at least 1"},
		{"quiet --level 1", 2, "--level 1: must be in (0, 1)"},
		{"quiet --json --csv", 2, "give one of them"},
		{"nowhere", 7, "nowhere: there is no such folder"},
	} {
		got := call(t, append([]string{"why"}, strings.Fields(c.args)...)...)
		if got.code != c.code || !strings.Contains(got.err, c.want) || got.out != "" {
			t.Errorf("why %s: exit %d, want %d, with %q\n%s%s", c.args, got.code, c.code, c.want, got.out, got.err)
		}
	}
}

func TestTracePage(t *testing.T) {
	attacks(t)
	must(t, "trace", "results/attacks", "--point", "1", "--rep", "2", "--html", "-o", "history.html")
	text := read(t, "history.html")
	for _, want := range []string{"<!doctype html>", "Attacks", "Design point 1: moscow.attack = full", "In short", `id="replay"`, "D-day"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	must(t, "trace", "results/attacks", "--point", "1", "--rep", "2", "--html", "-o", "again.html")
	if text != read(t, "again.html") {
		t.Error("the same history gives two pages")
	}
	for args, want := range map[string]string{"--html": "--html needs -o FILE", "--html --csv": "give one of them"} {
		if c := call(t, append([]string{"trace", "baseline", "--rep", "1"}, strings.Fields(args)...)...); c.code != 2 || !strings.Contains(c.err, want) {
			t.Errorf("trace %s: exit %d\n%s", args, c.code, c.err)
		}
	}
}

// A study that adds replications in rounds has histories beyond those of its first.
func TestWhyOfLaterRounds(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "20", "--until", "0.2@deterred", "-o", "x", "--progress", "none")
	if c := must(t, "why", "x", "--rep", "20"); !strings.Contains(c.out, "eplication 20") {
		t.Errorf("got\n%s", c.out)
	}
}

// A study that plays the better points longer has as many histories at each point as were played there.
func TestWhyOfUnequalPoints(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "packages.toml", packages)
	write(t, "mine.toml", "extends = \"steel-porcupine\"\n[washington]\nconsent_share = 1\n")
	must(t, "run", "packages.toml", "-o", "x", "--progress", "none")
	var m struct {
		Design struct {
			Played []int64 `json:"replications_by_point"`
		}
	}
	if err := json.Unmarshal([]byte(read(t, "x/manifest.json")), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Design.Played) != 3 || slices.Max(m.Design.Played) == slices.Min(m.Design.Played) || slices.Max(m.Design.Played) <= 100 {
		t.Fatalf("the points have %d histories: want unequal ones, some beyond the first 100", m.Design.Played)
	}
	for point, n := range m.Design.Played {
		last := fmt.Sprint(n - 1)
		if c := must(t, "why", "x", "--point", fmt.Sprint(point), "--rep", last); !strings.Contains(c.out, "eplication "+last+" of design point") {
			t.Errorf("point %d:\n%s", point, c.out)
		}
		want := fmt.Sprintf("--rep %d: the last replication of design point %d is %s", n, point, last)
		if c := call(t, "why", "x", "--point", fmt.Sprint(point), "--rep", fmt.Sprint(n)); c.code != 2 || !strings.Contains(c.err, want) {
			t.Errorf("exit %d, want 2 with %q in\n%s", c.code, want, c.err)
		}
	}
}
