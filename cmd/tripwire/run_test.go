package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	first := must(t, "run", "baseline", "-n", "40", "-j", "2")
	for _, want := range []string{"Deterrence held in ", "deterred-quiet", "nuclear use", "never a forecast", "tripwire trace results/baseline --rep "} {
		if !strings.Contains(first.out, want) {
			t.Errorf("the summary lacks %q:\n%s", want, first.out)
		}
	}
	if lines := strings.Split(first.err, "\n"); len(lines) != 3 || lines[0] != "0/40 runs 0.0%" || !strings.HasPrefix(lines[1], "40/40 runs 100.0% ") {
		t.Errorf("progress off a terminal is\n%s", first.err)
	}
	for _, name := range []string{"manifest.json", "scenario.toml", "runs.csv", "points.csv", "series.csv", "datapackage.json"} {
		if read(t, filepath.Join("results/baseline", name)) == "" {
			t.Errorf("%s is empty", name)
		}
	}
	before, err := os.Stat("results/baseline/runs.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range []string{"run baseline -n 40", "run baseline -n 40 --resume -j 1", "run baseline --set study.replications=40"} {
		c := must(t, strings.Fields(again)...)
		after, err := os.Stat("results/baseline/runs.csv")
		if err != nil || c.out != first.out || c.err != "" || !after.ModTime().Equal(before.ModTime()) {
			t.Errorf("tripwire %s on a finished result: %v, stderr %q, stdout the same: %v, played again: %v",
				again, err, c.err, c.out == first.out, !after.ModTime().Equal(before.ModTime()))
		}
	}
	if c := must(t, "summary", "results/baseline"); strings.Count(c.out, "\n") < 40 {
		t.Errorf("summary prints\n%s", c.out)
	}
	if c := must(t, "run", "baseline", "-n", "20", "--force", "--json", "--progress", "json"); !json.Valid([]byte(c.out)) ||
		!strings.Contains(c.out, `"replications": 20`) || !strings.HasPrefix(c.err, `{"done":0,`) {
		t.Errorf("run --force --json: stderr %s, stdout\n%s", c.err, c.out)
	}
}

// The result of an unfinished run is started anew.
func TestRunAfterACutShortOne(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("results/baseline/.tripwire", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "results/baseline/.tripwire/runs.csv", "half a fi")
	must(t, "run", "baseline", "-n", "3", "--resume")
	if got := strings.Count(read(t, "results/baseline/runs.csv"), "\n"); got != 4 {
		t.Errorf("%d lines in runs.csv, want 4", got)
	}
}

// Failed replications are named with the command that meets them again, and the exit code is 5.
func TestFailedReplications(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "5")
	const manifest = "results/baseline/manifest.json"
	write(t, manifest, strings.Replace(read(t, manifest), `"failed": 0,`,
		`"failed": 1, "failures": [{"point": 0, "rep": 3, "seed": 1, "message": "\u001b[2Jboom", "repeat": ""}],`, 1))
	c := call(t, "run", "baseline", "-n", "5")
	want := `tripwire: replication 3 failed: \u001b[2Jboom
  repeat it: tripwire trace results/baseline --rep 3 --seed 1
tripwire: 1 of 5 replications failed
`
	if c.code != 5 || c.err != want || !strings.Contains(strings.Join(strings.Fields(c.out), " "), "1 of them failed and are left out") {
		t.Errorf("exit %d, want 5, with\n%s\nwant\n%s\nin\n%s", c.code, c.err, want, c.out)
	}
}
