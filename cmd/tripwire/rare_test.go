package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// few is a splitting that takes little time.
const few = "rare baseline --effort 60 --repetitions 4 --progress none "

func TestRare(t *testing.T) {
	text := must(t, strings.Fields(few+"-j 1")...).out
	golden(t, "rare.txt", text)
	if again := must(t, strings.Fields(few+"-j 3")...).out; again != text {
		t.Errorf("-j 3 prints\n%s\n-j 1 prints\n%s", again, text)
	}
	if other := must(t, strings.Fields(few+"--seed 2")...).out; other == text {
		t.Errorf("--seed 2 changes nothing:\n%s", other)
	}

	var o struct {
		End              string
		Value, Low, High float64
		Estimates        []float64
		Segments         int64
		Levels           []struct {
			Level           string
			Nearness        *float64
			Share           float64
			Crossed, Trials int64
		}
	}
	if err := json.Unmarshal([]byte(must(t, strings.Fields(few+"--json")...).out), &o); err != nil {
		t.Fatal(err)
	}
	sum, trials := 0.0, int64(0)
	for _, e := range o.Estimates {
		sum += e
	}
	for _, l := range o.Levels {
		trials += l.Trials
	}
	last := o.Levels[len(o.Levels)-1]
	if o.End != "nuclear-use" || len(o.Estimates) != 4 || !(0 < o.Low && o.Low < o.Value && o.Value < o.High) ||
		o.Value < sum/4*(1-1e-12) || o.Value > sum/4*(1+1e-12) || o.Segments > trials || last.Nearness != nil || last.Level != "nuclear use" {
		t.Errorf("--json says %+v", o)
	}
}

func TestRareTells(t *testing.T) {
	c := must(t, strings.Fields("rare baseline --effort 40 --repetitions 2 --end nato-russia-war --trace --progress plain")...)
	for _, want := range []string{"P(war between NATO and Russia)  ", "A history that came to it.", "How it came to its end:\n", "  Outcome class                    nato-russia-war\n"} {
		if !strings.Contains(c.out, want) {
			t.Errorf("lacks %q:\n%s", want, c.out)
		}
	}
	lines := strings.Split(strings.TrimSpace(c.err), "\n")
	if !strings.HasPrefix(lines[0], "0/2 repetitions 0.0%") || !regexp.MustCompile(`^2/2 repetitions 100.0% .* repetitions/s$`).MatchString(lines[len(lines)-1]) {
		t.Errorf("progress: %q", lines)
	}
}

// An end that cannot come: only a limit is told, and no history.
func TestRareNever(t *testing.T) {
	c := must(t, strings.Fields(few+"--set escalation.enabled=false --trace")...)
	for _, want := range []string{"P(nuclear use)  below 0.0", "Warning: no repetition reached the end"} {
		if !strings.Contains(c.out, want) {
			t.Errorf("lacks %q:\n%s", want, c.out)
		}
	}
	if strings.Contains(c.out, "A history that came to it.") || strings.Contains(c.out, "Plain histories") {
		t.Errorf("tells of what did not come:\n%s", c.out)
	}
	if c := must(t, strings.Fields(few+"--set escalation.enabled=false --json")...); !strings.Contains(c.out, `"relative_error": null`) || !json.Valid([]byte(c.out)) {
		t.Errorf("--json: %s", c.out)
	}
}

func TestRareRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	for args, want := range map[string]string{
		"rare":                                     "rare needs FILE, a scenario or study; such as: tripwire rare baseline\n",
		"rare baseline --end peace":                "--end peace: must be nuclear-use, nato-russia-war or rung=K with K from 1 to 10",
		"rare baseline --end rung=0":               "--end rung=0: must be",
		"rare baseline --end rung=11":              "--end rung=11: must be",
		"rare baseline --end rung=nine":            "--end rung=nine: must be",
		"rare baseline --end 9":                    "--end 9: must be",
		"rare baseline --effort 1":                 "--effort 1: must be from 2 to 16777216",
		"rare baseline --repetitions 1":            "--repetitions 1: must be from 2 to 16777216",
		"rare baseline --level 1":                  "--level 1: must be in (0, 1)",
		"rare baseline -j -1":                      "-j -1: must not be negative",
		"rare baseline --json --trace":             "--json and --trace: give one of them",
		"rare baseline --progress loud":            "--progress loud: must be auto, bar, plain, json or none",
		"rare roe-by-size --end nuclear-use":       "roe-by-size has ",
		"rare baseline --set attribution.treshold": "KEY=VALUE",
	} {
		if got := call(t, strings.Fields(args)...); !slices.Contains([]int{2, 3}, got.code) || !strings.Contains(got.err, want) || got.out != "" {
			t.Errorf("tripwire %s: exit %d, want 2 or 3, with %q in\n%s%s", args, got.code, want, got.err, got.out)
		}
	}
}
