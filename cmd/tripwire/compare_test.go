package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "60", "-o", "a", "--progress", "none")
	must(t, "run", "baseline", "-n", "60", "-o", "a2", "--progress", "none")
	must(t, "run", "baseline", "-n", "40", "-o", "short", "--progress", "none")
	must(t, "run", "baseline", "-n", "60", "-o", "other", "--progress", "none", "--set", "coalition.roe=R4")
	must(t, "run", "baseline", "-n", "60", "-o", "luck", "--progress", "none", "--seed", "2")
	for _, c := range []struct {
		args string
		code int
		want string // in stdout, or in stderr where the command line is at fault
	}{
		{"a a2 --exit-code", 0, "The same: runs.csv has the same bytes, 60 histories."},
		{"a short --exit-code", 0, "40 pairs of histories met the same luck in both; no measure of any differs."},
		{"a other", 0, `coalition.roe  "R1"  "R4"`},
		{"a other --exit-code", 4, "Air incidents"},
		{"a luck --exit-code", 0, "Compared as independent runs"},
		{"a luck --measure invaded", 0, "The only comparison shows no change"},
		{"a other --multiplicity bh", 0, "after Benjamini and Hochberg)"},
		{"a other --multiplicity fdr", 2, "--multiplicity fdr: must be one of holm, hochberg"},
		{"a nowhere", 7, "nowhere: there is no such folder"},
		{"a other --measure front", 2, "no such measure"},
		{"a other --level 2", 2, "--level 2: must be in (0, 1)"},
		{"a other --json --md", 2, "give one of them"},
	} {
		got := call(t, append([]string{"compare"}, strings.Fields(c.args)...)...)
		if got.code != c.code || !strings.Contains(got.out+got.err, c.want) {
			t.Errorf("tripwire compare %s: exit %d, want %d, with %q in\n%s%s", c.args, got.code, c.code, c.want, got.out, got.err)
		}
	}
	var j struct {
		Differs bool
		Inputs  []struct{ Key, A, B string }
		Tests   []struct {
			Measure string
			Changed bool
		} `json:"comparisons"`
	}
	if err := json.Unmarshal([]byte(must(t, "compare", "a", "other", "--json").out), &j); err != nil {
		t.Fatal(err)
	}
	if !j.Differs || len(j.Inputs) != 1 || j.Inputs[0].Key != "coalition.roe" || j.Inputs[0].A != `"R1"` || j.Inputs[0].B != `"R4"` || len(j.Tests) < 60 {
		t.Errorf("--json says differs %v, inputs %+v, %d comparisons", j.Differs, j.Inputs, len(j.Tests))
	}
	rows, err := csv.NewReader(strings.NewReader(must(t, "compare", "a", "other", "--csv").out)).ReadAll()
	if err != nil || len(rows) != 1+len(j.Tests) {
		t.Errorf("%d lines of CSV for %d comparisons: %v", len(rows), len(j.Tests), err)
	}
	// A program that plays one history otherwise is found out, however small the change.
	damage := strings.Replace(read(t, "a2/runs.csv"), "\n7,0,7,1,", "\n7,0,7,0,", 1)
	if damage == read(t, "a2/runs.csv") {
		t.Fatal("runs.csv has no accepted replication 7")
	}
	forge(t, "a2", "runs.csv", damage)
	j.Tests = nil
	got := call(t, "compare", "a", "a2", "--exit-code", "--json")
	if err := json.Unmarshal([]byte(got.out), &j); err != nil || got.code != 4 {
		t.Errorf("exit %d, want 4: %v", got.code, err)
	}
	want := fmt.Sprintf("in 1 of them a measure differs, first in replication 7. None of %d comparisons shows a change (p ≤ 0.05 after Holm). But the input and the luck are the same", len(j.Tests))
	if got := call(t, "compare", "a", "a2", "--exit-code"); got.code != 4 || !strings.Contains(strings.Join(strings.Fields(got.out), " "), want) {
		t.Errorf("exit %d, want 4, with %q in\n%s%s", got.code, want, got.out, got.err)
	}
}

// What another version of the program, or an older file, cannot read is said, and the results are compared.
func TestCompareUnreadable(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"a", "b"} {
		must(t, "run", "baseline", "-n", "20", "-o", dir, "--progress", "none", "--set", "coalition.roe=R"+map[string]string{"a": "1", "b": "3"}[dir])
	}
	forge(t, "b", "scenario.toml", "nothing = 1\n")
	if got := call(t, "compare", "a", "b"); got.code != 0 || !strings.Contains(got.out, "What differs in the inputs is not known") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func hash(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

// forge changes a file of a result, and its hash with it.
func forge(t *testing.T, dir, name, text string) {
	t.Helper()
	manifest := read(t, dir+"/manifest.json")
	before := hash(read(t, dir+"/"+name))
	write(t, dir+"/"+name, text)
	if !strings.Contains(manifest, before) {
		t.Fatalf("%s/manifest.json lacks the hash of %s", dir, name)
	}
	write(t, dir+"/manifest.json", strings.Replace(manifest, before, hash(text), 1))
}

const expecting = `extends = "baseline"

[study]
design = "list"
replications = 60

[[study.cases]]
name = "as it is"

[[study.cases]]
name = "no answer"
set = { "washington.enabled" = false }

[[expect]]
name = "no strike without Washington"
measure = "us_weapons_used"
case = "no answer"
high = 0

[[expect]]
measure = "deterred"
point = 0
low = 0.2
high = 0.9

[[expect]]
measure = "flareups"
statistic = "median"
low = 0
high = 1000

[[expect]]
measure = "war_d"
low = 250
high = 290
`

func TestExpect(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "my.toml", expecting)
	good := call(t, "run", "my.toml", "--progress", "none")
	write(t, "my.toml", strings.Replace(expecting, "low = 0.2\nhigh = 0.9", "low = 0.95", 1))
	again := call(t, "run", "my.toml")
	asJSON := call(t, "run", "my.toml", "--json")
	anew := call(t, "run", "my.toml", "--force", "--progress", "none", "-o", "anew")
	kept := must(t, "summary", "results/my").out
	scenario := read(t, "anew/scenario.toml")
	if err := os.Chdir(home); err != nil {
		t.Fatal(err)
	}
	golden(t, "expect.txt", good.out)
	golden(t, "expect-fails.txt", again.err)
	if good.code != 0 || good.err != "tripwire: [[expect]]: 2 of 6 are undecided: more histories (-n) decide them\n" {
		t.Errorf("all hold: exit %d, stderr %s", good.code, good.err)
	}
	// What is expected is no part of the input: the finished result is judged anew, and nothing played.
	if again.code != 4 || !strings.Contains(again.out, "fails") || again.err != anew.err || anew.code != 4 {
		t.Errorf("one fails: exit %d, anew %d, want 4:\n%s\n%s", again.code, anew.code, again.err, anew.err)
	}
	var j struct {
		Expectations []struct {
			Result string
			High   float64 `json:"expected_high"`
		}
	}
	if err := json.Unmarshal([]byte(asJSON.out), &j); err != nil || asJSON.code != 4 || len(j.Expectations) != 6 || j.Expectations[1].Result != "fails" {
		t.Errorf("--json: exit %d, %v, %+v", asJSON.code, err, j)
	}
	if !strings.Contains(kept, "Expected: 4 hold, 2 undecided, 0 fail") {
		t.Errorf("summary tells of no expectation:\n%s", kept)
	}
	if !strings.Contains(scenario, "[[expect]]\nmeasure = \"deterred\"\npoint = 0\nlow = 0.95\n") {
		t.Errorf("scenario.toml lacks what is expected:\n%s", scenario[max(0, len(scenario)-600):])
	}
}

func TestExpectFaults(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "my.toml", `extends = "baseline"

[[expect]]
measure = "deterrd"
low = 0.5

[[expect]]
measure = "outcome"
low = 0.5

[[expect]]
measure = "invaded"
statistic = "median"
high = 50

[[expect]]
measure = "war_d"
low = 9
high = 3

[[expect]]
measure = "flareups=3"
`)
	write(t, "kinds.toml", `extends = "baseline"

[[expect]]
measure = "flareups"
statistic = "mode"
low = "3"
`)
	write(t, "places.toml", `extends = "baseline"

[[expect]]
measure = "deterred"
low = 0.5
point = 1

[[expect]]
measure = "deterred"
low = 0.5
case = "nobody"
`)
	c := call(t, "check", "my.toml", "kinds.toml", "places.toml")
	if err := os.Chdir(home); err != nil {
		t.Fatal(err)
	}
	golden(t, "expect-faults.txt", c.err)
	if c.code != 3 {
		t.Errorf("exit %d, want 3", c.code)
	}
}
