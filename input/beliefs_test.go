package input

import (
	"strings"
	"testing"
)

const believed = "extends = \"baseline\"\n[correlations.x]\nrank = 0.5\n"

// What is believed of parameters together may stand in a file that is read for its values alone; it is part of
// the resolved input, and who asks for it has it. No other section is let through.
func TestBeliefsStandInEveryFile(t *testing.T) {
	in, err := load(t, believed, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(in.File.TOML()); !strings.Contains(text, "[correlations.x]\nrank = 0.5\n") {
		t.Errorf("the resolved input is\n%s", text)
	}
	var asked map[string]struct {
		Rank float64 `toml:"rank"`
	}
	if _, err := (Loader{Embedded: embedded}).Load("my.toml", []string{"correlations.x.rank=0.25"}, new(war), map[string]any{"correlations": &asked}); err != nil {
		t.Fatal(err)
	}
	if asked["x"].Rank != 0.25 {
		t.Errorf("who asks has %v, want 0.25 for x", asked)
	}
	if _, err := load(t, strings.Replace(believed, "[correlations", "[correlation", 1), nil); err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("[correlation.x]: %v", err)
	}
}
