package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

const troops = `extends = "baseline"
title = "Troops"
[study]
design = "grid"
replications = 40
[[study.factors]]
key = "coalition.troops"
values = [5_000, 60_000]
[[study.factors]]
key = "washington.enabled"
`

func TestStudy(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "troops.toml", troops)
	run := must(t, "run", "troops.toml", "--progress", "none").out
	by := must(t, "summary", "results/troops", "--by", "coalition.troops").out
	outcome := must(t, "summary", "results/troops", "--by", "point", "--measure", "outcome=deterred-quiet", "--csv").out
	md := must(t, "summary", "results/troops", "--by", "p_washington_enabled", "--measure", "war_d", "--md").out
	asJSON := must(t, "summary", "results/troops", "--by", "coalition.troops", "--json").out
	list := must(t, "plan", "troops.toml", "--list").out
	told := must(t, "trace", "results/troops", "--point", "3", "--rep", "1").out
	cells := must(t, "trace", "results/troops", "--point", "3", "--rep", "1", "--csv").out
	rows, err := csv.NewReader(strings.NewReader(read(t, "results/troops/points.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || strings.Join(rows[0][:4], ",") != "point,p_coalition_troops,p_washington_enabled,n" || strings.Join(rows[3][:4], ",") != "2,60000,0,40" {
		t.Errorf("points.csv has %d lines, from %q to %q", len(rows), rows[0][:4], rows[3][:4])
	}
	if !strings.Contains(told, "Design point 3: coalition.troops = 60000, washington.enabled = true.\n") || !strings.Contains(cells, "\n3,1,1,0,") {
		t.Errorf("trace tells %.300s\n%.300s", told, cells)
	}
	if !json.Valid([]byte(asJSON)) || strings.Count(asJSON, `"p_holm"`) != 1 {
		t.Errorf("--json is\n%s", asJSON)
	}
	if err := os.Chdir(home); err != nil {
		t.Fatal(err)
	}
	golden(t, "study.txt", run)
	golden(t, "by.txt", by)
	golden(t, "by.csv", outcome)
	golden(t, "by.md", md)
	golden(t, "plan-list.txt", list)
}

// A study of choices over sampled futures is told with both bars, and judged by its futures.
func TestFutures(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "futures.toml", strings.Replace(troops, "replications = 40", "points = 8\nreplications = 6\nuncertain = [\"russia.*\"]", 1))
	run := must(t, "run", "futures.toml", "--progress", "none").out
	if !strings.Contains(run, "input bar") || !strings.Contains(run, "--robustness") {
		t.Errorf("run prints\n%s", run)
	}
	if all := must(t, "summary", "results/futures").out; !strings.Contains(strings.Join(strings.Fields(all), " "), "finite number of 8 futures and 6 replications") {
		t.Errorf("summary prints\n%s", all)
	}
	var robust struct {
		Futures  int
		Better   string
		Policies []struct {
			Criteria map[string]struct{ Value *float64 }
		}
	}
	if err := json.Unmarshal([]byte(must(t, "summary", "results/futures", "--robustness", "--measure", "invaded", "--json").out), &robust); err != nil {
		t.Fatal(err)
	}
	if robust.Futures != 8 || robust.Better != "low" || len(robust.Policies) != 4 || robust.Policies[3].Criteria["satisficing"].Value == nil {
		t.Errorf("got %+v", robust)
	}
	for _, c := range []struct{ want, args string }{
		{"is not known: say --better high or low", "--robustness --measure war_d"},
		{"--better up: must be high or low", "--robustness --better up"},
		{"belong to --robustness", "--satisfy 0.5"},
		{"no such measure", "--robustness --measure peace --better high"},
	} {
		got := call(t, append([]string{"summary", "results/futures"}, strings.Fields(c.args)...)...)
		if got.code != 2 || !strings.Contains(got.err, c.want) {
			t.Errorf("summary %s: exit %d, %q, want 2 and %q", c.args, got.code, got.err, c.want)
		}
	}
}

func TestPlan(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "troops.toml", troops)
	var p planned
	if err := json.Unmarshal([]byte(must(t, "plan", "troops.toml", "--probe", "0s", "--json").out), &p); err != nil {
		t.Fatal(err)
	}
	if p.Points != 4 || p.Runs != 160 || p.Design != "grid" || !(p.PerSecond > 0) || !(p.ResultBytes > 1000) || p.Probed < 1 {
		t.Errorf("got %+v", p)
	}
	text := must(t, "plan", "troops.toml", "--probe", "0s").out
	if !strings.Contains(text, "160: 4 design points of 2 factors × 40 replications") {
		t.Errorf("plan says\n%s", text)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 1 {
		t.Errorf("plan has left %v (%v)", entries, err)
	}
}
