package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tripwire/report/figure"
)

// The README says how many figures plot draws.
func TestReadmeCountsFigures(t *testing.T) {
	words := []string{"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"}
	const before = "`tripwire plot --help` lists "
	_, rest, found := strings.Cut(read(t, root+"/README.md"), before)
	said, _, _ := strings.Cut(rest, ")")
	n := len(figure.Names())
	if n < 10 || n-10 >= len(words) {
		t.Fatalf("%d figures: this test knows the words from ten to twenty", n)
	}
	if want := words[n-10]; !found || said != want {
		t.Errorf("README.md says %q and %q, want %q: that many figures there are", before, said, want)
	}
}

// The README shows what its first command prints, up to the advice at the end.
func TestReadmeShowsARealSummary(t *testing.T) {
	file, err := filepath.Abs("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	summary, _, ok := strings.Cut(must(t, "run", "baseline", "--progress", "none").out, "\nNext\n")
	if !ok {
		t.Fatal("the summary gives no advice")
	}
	const from, to = "<!-- summary -->\n```text\n", "```\n<!-- end -->"
	before, rest, found := strings.Cut(string(text), from)
	shown, after, closed := strings.Cut(rest, to)
	if !found || !closed {
		t.Fatalf("README.md has no %q ... %q", from, to)
	}
	want := strings.TrimRight(summary, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(before+from+want+to+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown != want {
		t.Errorf("README.md shows another summary; go test ./cmd/tripwire -run Readme -update writes it anew")
	}
}
