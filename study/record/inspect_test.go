package record

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Every file is told of, what is wrong with it or that nothing is, and the first fault is the error.
func TestInspect(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	if err := write(dir, 1, true, nil); err != nil {
		t.Fatal(err)
	}
	inspect := func() (told []string, err error) {
		r, err := Inspect(dir, func(name string, fault error) {
			if fault != nil {
				name += ": " + fault.(*Error).Path
			}
			told = append(told, name)
		})
		if err == nil {
			err = r.Close()
		}
		return told, err
	}
	told, err := inspect()
	if want := []string{"datapackage.json", "events.csv", "runs.csv", "scenario.toml"}; err != nil || !slices.Equal(told, want) {
		t.Errorf("of a whole result %q is told, %v; want %q", told, err, want)
	}
	if err := os.Remove(filepath.Join(dir, "events.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "scenario.toml"), 3); err != nil {
		t.Fatal(err)
	}
	told, err = inspect()
	want := []string{"datapackage.json", "events.csv: " + filepath.Join(dir, "events.csv"), "runs.csv", "scenario.toml: " + filepath.Join(dir, "scenario.toml")}
	if !slices.Equal(told, want) {
		t.Errorf("of a damaged result %q is told, want %q", told, want)
	}
	if e, ok := err.(*Error); !ok || e.Path != filepath.Join(dir, "events.csv") {
		t.Errorf("the error is %v, want that of events.csv", err)
	}
}
