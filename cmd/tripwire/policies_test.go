package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

const packages = `extends = "baseline"
title = "Packages"
[study]
design = "list"
policies = ["paper-tripwire", "mine.toml"]
replications = 100
max_runs = 6_000
[study.select]
indifference = 0.05
batch = 10
[[study.cases]]
name = "alone"
set = { coalition.enabled = false, washington.enabled = false, ukraine.army = 400_000 }
`

// A study of policies, from its files to what it prints, and verified without those files.
func TestSelection(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "packages.toml", packages)
	write(t, "mine.toml", "extends = \"steel-porcupine\"\n[washington]\nconsent_share = 1\n")
	run := must(t, "run", "packages.toml", "--progress", "none").out
	if err := os.Remove("mine.toml"); err != nil {
		t.Fatal(err)
	}
	if again := must(t, "run", "results/packages", "--progress", "none").out; again != run {
		t.Errorf("the finished result prints\n%s", again)
	}
	if text := must(t, "summary", "results/packages").out; text != run {
		t.Errorf("summary prints\n%s\nrun\n%s", text, run)
	}
	if v := must(t, "verify", "results/packages", "--rerun", "50").out; !strings.Contains(v, "50 of") {
		t.Errorf("verify says\n%s", v)
	}
	var out struct {
		Best     map[string]string
		Decided  bool
		Policies []struct {
			Replications int64
			Eliminated   int64 `json:"eliminated_at"`
		}
	}
	if err := json.Unmarshal([]byte(must(t, "summary", "results/packages", "--json").out), &out); err != nil {
		t.Fatal(err)
	}
	if out.Best["case"] != "mine" || !out.Decided || len(out.Policies) != 3 || out.Policies[0].Eliminated != 0 {
		t.Errorf("--json has %+v", out)
	}
	by := must(t, "summary", "results/packages", "--by", "case", "--measure", "invaded").out
	if !strings.Contains(by, "up to") && out.Policies[0].Replications != out.Policies[2].Replications {
		t.Errorf("--by does not say that the points have different numbers of histories:\n%s", by)
	}
	if md := must(t, "summary", "results/packages", "--md").out; !strings.Contains(md, "| mine | ") {
		t.Errorf("--md is\n%s", md)
	}
	if err := os.Chdir(home); err != nil {
		t.Fatal(err)
	}
	golden(t, "selection.txt", run)
}
