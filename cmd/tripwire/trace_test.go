package main

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// A history that trace tells is the one that run keeps, and every cause is an event told before.
func TestTrace(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "8", "--events", "all", "--progress", "none")
	var kept strings.Builder
	for line := range strings.Lines(read(t, "results/baseline/events.csv")) {
		if strings.HasPrefix(line, "point,") || strings.HasPrefix(line, "0,5,") {
			kept.WriteString(line)
		}
	}
	c := must(t, "trace", "results/baseline", "--rep", "5", "--csv")
	if c.out != kept.String() {
		t.Errorf("trace and events.csv differ:\n%.500s\n%.500s", c.out, kept.String())
	}
	rows, err := csv.NewReader(strings.NewReader(c.out)).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	fired := []string{"0"}
	for _, row := range rows[1:] {
		if id, cause := row[2], row[3]; !slices.Contains(fired, cause) {
			t.Errorf("event %s is caused by %s, which has not fired", id, cause)
		} else {
			fired = append(fired, id)
		}
	}
	lines := strings.Split(strings.TrimSpace(must(t, "trace", "baseline", "--rep", "5", "--json").out), "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
	if len(lines) != len(rows)-1 {
		t.Errorf("%d events as JSON, %d as CSV", len(lines), len(rows)-1)
	}
	text := must(t, "trace", "results/baseline", "--rep", "5").out
	for _, want := range []string{"Replication 5, seed ", "How it came to its end:\n", "What came of it:\n", "  Outcome class "} {
		if !strings.Contains(text, want) {
			t.Errorf("trace lacks %q:\n%s", want, text)
		}
	}
	if all := must(t, "trace", "baseline", "--rep", "5", "--all").out; strings.Count(all, "\n#") < len(rows)-1 {
		t.Errorf("--all tells %d events of %d", strings.Count(all, "\n#"), len(rows)-1)
	}
	must(t, "trace", "baseline", "--rep", "5", "-o", "history.txt")
	if got := read(t, "history.txt"); got != text {
		t.Errorf("the file differs from what is printed: %.200s", got)
	}
}

// A history that a finished result does not hold is told, and that it is not of that result.
func TestTraceBeyondTheResult(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "8", "-o", "x", "--progress", "none")
	must(t, "run", "roe-by-size", "-n", "2", "-o", "y", "--progress", "none")
	for args, want := range map[string]string{
		"x --rep 7":                        "",
		"x --rep 8":                        "tripwire: x holds only replications 0 to 7: replication 8 is of the same scenario and seed, and not of that result\n",
		"x --rep 8 --seed 2":               "",
		"x --rep 8 --set coalition.roe=R3": "",
		"baseline --rep 8":                 "",
		"y --point 1 --rep 1":              "",
		"y --point 1 --rep 20":             "tripwire: y holds only replications 0 to 1 at point 1: replication 20 is of the same scenario and seed, and not of that result\n",
	} {
		if c := must(t, append([]string{"trace"}, strings.Fields(args)...)...); c.err != want || c.out == "" {
			t.Errorf("trace %s: stderr %q, want %q", args, c.err, want)
		}
	}
}
