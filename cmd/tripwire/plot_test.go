package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestPlot(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "60", "-o", "a", "--progress", "none")
	must(t, "run", "baseline", "-n", "60", "-o", "b", "--set", "coalition.roe=R3", "--progress", "none")
	for file, begins := range map[string]string{"f.svg": "<svg ", "f.png": "\x89PNG", "f.PDF": "%PDF-"} {
		c := must(t, "plot", "a", "outcomes", "-o", file)
		if !strings.HasPrefix(c.out, "Baseline: outcome class\n") || c.err != "" {
			t.Errorf("plot -o %s prints %q and %q, want its title and caption", file, c.out, c.err)
		}
		first := read(t, file)
		if !strings.HasPrefix(first, begins) {
			t.Errorf("%s begins %q, want %q", file, first[:min(8, len(first))], begins)
		}
		must(t, "plot", "a", "outcomes", "-o", file)
		if read(t, file) != first {
			t.Errorf("%s comes out otherwise the second time", file)
		}
	}
	must(t, "plot", "a", "dumbbell", "--with", "b", "-o", "ab.svg")
	if svg := read(t, "ab.svg"); !strings.Contains(svg, ">A: a<") || !strings.Contains(svg, ">B: b<") {
		t.Error("the dumbbell of two results of one title does not name their folders")
	}
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"a outcomes", 2, "-o FILE"},
		{"a outcomes -o f.jpg", 2, ".svg, .png or .pdf"},
		{"a outcomes -o f.svg --width 10", 2, "--width"},
		{"a outcomes -o f.png --dpi 3", 2, "--dpi"},
		{"a outcomes -o f.svg --level 95", 2, "(0, 1)"},
		{"a pie -o f.svg", 2, "outcomes, heatmap"},
		{"a worth -o f.svg", 2, "an ablation such as worth"},
		{"a calibration -o f.svg", 2, "verify --calibration --json"},
		{"a/runs.csv calibration -o f.svg", 2, "verify --calibration --json"},
		{"a/runs.csv outcomes -o f.svg", 2, "folder of a result"},
		{"nowhere outcomes -o f.svg", 7, "nowhere"},
		{"a dumbbell --with nowhere -o f.svg", 7, "nowhere"},
		{"a outcomes -o no/such/f.svg", 7, "no/such"},
	} {
		got := call(t, append([]string{"plot"}, strings.Fields(c.args)...)...)
		if got.code != c.code || !strings.Contains(got.err, c.want) || got.out != "" {
			t.Errorf("plot %s: exit %d, %q, %q; want %d, nothing, and %q", c.args, got.code, got.out, got.err, c.code, c.want)
		}
	}
}

// What verify prints of a card is what its figure is drawn from.
func TestPlotCards(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"calibration", "behaviours"} {
		c := call(t, "verify", "--"+name, "--json", "-n", "2")
		if !json.Valid([]byte(c.out)) {
			t.Fatalf("verify --%s --json: exit %d, and no JSON:\n%.300s\n%s", name, c.code, c.out, c.err)
		}
		write(t, name+".json", c.out)
		must(t, "plot", name+".json", name, "-o", name+".svg")
		if svg, err := os.ReadFile(name + ".svg"); err != nil || bytes.Count(svg, []byte("<text ")) < 20 {
			t.Errorf("%s.svg: %v, %d bytes", name, err, len(svg))
		}
	}
}
