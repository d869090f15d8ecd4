package record

import (
	"errors"
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

// A result is found in a folder that nothing leads out of; a glance sees a file that is too short, the whole look one that
// was changed.
func TestOpenIn(t *testing.T) {
	outside := t.TempDir()
	if err := write(filepath.Join(outside, "elsewhere"), 1, true, nil); err != nil {
		t.Fatal(err)
	}
	shelf := filepath.Join(outside, "shelf")
	if err := write(filepath.Join(shelf, "x"), 1, true, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "elsewhere"), filepath.Join(shelf, "link")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(shelf)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, look := range map[string]func(*os.Root, string) (*Result, error){"OpenIn": OpenIn, "Glance": Glance} {
		for dir, want := range map[string]bool{"x": true, "link": false, "../elsewhere": false, "nothing": false} {
			r, err := look(root, dir)
			if (err == nil) != want {
				t.Errorf("%s of %s: %v, want a result: %v", name, dir, err, want)
			}
			if err == nil {
				r.Close()
			}
		}
	}
	if _, err := OpenIn(root, "nothing"); !errors.Is(err, ErrUnfinished) {
		t.Errorf("OpenIn of nothing: %v, want ErrUnfinished", err)
	}

	file := filepath.Join(shelf, "x", "runs.csv")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-2] ^= 1
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	if r, err := Glance(root, "x"); err != nil {
		t.Errorf("a glance at a file with one byte changed: %v, want that it is not seen", err)
	} else {
		r.Close()
	}
	if _, err := OpenIn(root, "x"); err == nil {
		t.Error("OpenIn does not see that a byte was changed")
	}
	if err := os.WriteFile(file, data[:9], 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Glance(root, "x"); err == nil {
		t.Error("a glance does not see that a file was cut short")
	}
}
