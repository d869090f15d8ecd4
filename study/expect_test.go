package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
)

// What is expected changes no hash and no byte of the rows, and runs again from scenario.toml.
func TestExpectationsAreNoInput(t *testing.T) {
	const design = "[study]\ndesign = \"ablation\"\nreplications = 3\n"
	without := mustLoad(t, design)
	with := mustLoad(t, design+"[[expect]]\nmeasure = \"deterred\"\ncase = \"all\"\nlow = 0.5\n")
	if without.File.Hash() != with.File.Hash() || len(with.Expect) != 1 || *with.Expect[0].Low != 0.5 || with.Expect[0].High != nil {
		t.Errorf("hashes %s and %s, expected %+v", without.File.Hash(), with.File.Hash(), with.Expect)
	}
	a, err := play(t, newRunner(without, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	b, err := play(t, newRunner(with, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	if a["runs.csv"] != b["runs.csv"] || a["points.csv"] != b["points.csv"] || a["scenario.toml"]+"\n[[expect]]\nmeasure = \"deterred\"\ncase = \"all\"\nlow = 0.5\n" != b["scenario.toml"] {
		t.Error("an expectation changes more than scenario.toml, by itself")
	}
}

func TestMisplacedExpectations(t *testing.T) {
	const futures = "[study]\ndesign = \"ablation\"\nreplications = 3\nuncertain = [\"air.*\"]\npoints = 2\n"
	for text, want := range map[string]string{
		futures + "[[expect]]\nmeasure = \"war_d\"\nstatistic = \"median\"\nlow = 1\n": "9:13: expect[0].statistic: \"median\": over sampled futures there is the mean only: name a point",
		futures + "[[expect]]\nmeasure = \"war_d\"\ncase = \"al\"\nlow = 1\n":          "9:8: expect[0].case: \"al\": no such case; there are: all, without coalition",
		futures + "[[expect]]\nmeasure = \"war_d\"\npoint = 32\nlow = 1\n":             "9:9: expect[0].point: 32: the last design point is 31",
	} {
		file := filepath.Join(t.TempDir(), "a.toml")
		if err := os.WriteFile(file, []byte("extends = \"baseline\"\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Load(input.Loader{Embedded: configs.FS}, file, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	mustLoad(t, futures+"[[expect]]\nmeasure = \"war_d\"\nstatistic = \"median\"\npoint = 31\nlow = 1\n")
}
