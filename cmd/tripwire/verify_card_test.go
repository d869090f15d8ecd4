package main

import (
	"regexp"
	"testing"
)

// Two histories say nothing, so verdicts are free; but the card is whole.
func TestVerifyPrintsCards(t *testing.T) {
	for flag, title := range map[string]string{"--behaviours": "Behaviours that must hold", "--calibration": "Calibration card"} {
		c := call(t, "verify", flag, "-n", "2")
		if c.code != 0 && c.code != 4 {
			t.Fatalf("verify %s: exit %d, want 0 or 4\n%s", flag, c.code, c.err)
		}
		whole := regexp.MustCompile(`(?s)^# ` + title + `\n.*\n2 histories a side, seed 1, .*\n\| 1 \| .*\n## 1\. .*\n## 9\. `)
		if !whole.MatchString(c.out) {
			t.Errorf("verify %s: got\n%.2000s\nwant a card that matches %s", flag, c.out, whole)
		}
	}
}

func TestVerifyCardsStandAlone(t *testing.T) {
	for _, args := range [][]string{
		{"--behaviours", "--calibration"}, {"--calibration", "--rerun", "3"}, {"--behaviours", "results/baseline"},
		{"--behaviours", "-n", "1"}, {"-n", "100"},
	} {
		if c := call(t, append([]string{"verify"}, args...)...); c.code != 2 || c.out != "" {
			t.Errorf("verify %v: exit %d, want 2; it printed %q", args, c.code, c.out)
		}
	}
}
