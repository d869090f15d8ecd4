package input

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An idle section is part of the resolved input, and of neither its hash nor what differs.
func TestIdleSections(t *testing.T) {
	read := func(text string) *File {
		t.Helper()
		file := filepath.Join(t.TempDir(), "a.toml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var in loaded
		f, err := Loader{Idle: []string{"expect"}}.Load(file, nil, &in.war, map[string]any{"study": &in.study, "expect": &in.expect})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	study := baseline + "[study]\nruns = 3\nstop.width = 0.1\n"
	without, with := read(study), read(study+"[[expect]]\nmeasure = 'a'")
	if empty := read("expect = []\n" + study); empty.Hash() != without.Hash() {
		t.Error("an empty idle section changes the hash")
	}
	if without.Hash() != with.Hash() || without.Differ(with) != nil {
		t.Errorf("an idle section changes the hash: %q differ", without.Differ(with))
	}
	if !strings.Contains(string(with.TOML()), "[[expect]]\nmeasure = \"a\"\n") {
		t.Errorf("the resolved input lacks the idle section:\n%s", with.TOML())
	}
	got := without.Differences(read(strings.Replace(study, "runs = 3", "runs = 4", 1)))
	if len(got) != 1 || got[0] != (Difference{Key: "study.runs", A: "3", B: "4"}) {
		t.Errorf("got %+v, want study.runs from 3 to 4", got)
	}
	if got := without.Differences(read(baseline)); len(got) != 4 || got[0].B != "" || got[1] != (Difference{Key: "study.runs", A: "3"}) {
		t.Errorf("got %+v, want study, study.stop and a key of each gone", got)
	}
}

// A fault that is found after the reading has the place of its key, or of what is around it.
func TestFaultAfterReading(t *testing.T) {
	in := mustLoad(t, baseline+"[study]\nruns = 3\nstop.width = 0.1\n[[expect]]\nmeasure = 'a'\n[[expect]]\n measure = 'b'\n", nil)
	lines := strings.Count(baseline, "\n")
	for key, want := range map[string]Fault{
		"expect[1].measure": {Line: lines + 7, Col: 12},
		"expect[1].none":    {Line: lines + 6, Col: 3},
		"study.stop.width":  {Line: lines + 3, Col: 14},
	} {
		got := in.Fault(key, "%d is wrong", 3)
		if got.Line != want.Line || got.Col != want.Col || got.Key != key || got.Message != "3 is wrong" || !strings.HasSuffix(got.File, ".toml") {
			t.Errorf("%s: got %v, want line %d, column %d", key, got, want.Line, want.Col)
		}
	}
}
