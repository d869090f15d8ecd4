package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a result of two tables, the second of which is optional, and a text.
func write(dir string, seed uint64, events bool, fault func(op, name string) error) error {
	w, err := Create(dir)
	if err != nil {
		return err
	}
	w.Fault = fault
	err = func() error {
		r, table := mixed()
		f, err := w.File(r.Path())
		if err != nil {
			return err
		}
		if _, err := f.Write(r.AppendTable(nil, table)); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		if events {
			if err := w.Write("events.csv", []byte("what\n")); err != nil {
				return err
			}
		}
		if err := w.Write("scenario.toml", fmt.Appendf(nil, "seed = %d\n", seed)); err != nil {
			return err
		}
		if err := w.Write(packageName, (&Package{Title: "My war", Resources: []Resource{*r}}).JSON()); err != nil {
			return err
		}
		return w.Commit(&Manifest{Seed: seed, Runs: 5, Design: Design{Kind: "single", Points: 1, Replications: 5}})
	}()
	if err != nil {
		return errors.Join(err, w.Abandon())
	}
	return nil
}

func TestWriteAndOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results", "my-war")
	if err := write(dir, 7, true, nil); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	table, err := r.Table("runs")
	if err != nil || table.Len() != 5 || r.Manifest.Seed != 7 || r.Package.Title != "My war" {
		t.Errorf("got %d rows, %v, manifest %+v, package %s", table.Len(), err, r.Manifest, r.Package.Title)
	}
	if text, err := r.Read("scenario.toml"); err != nil || string(text) != "seed = 7\n" {
		t.Errorf("scenario.toml holds %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(dir, partsDir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", partsDir, err)
	}
}

func TestNewResultInThePlaceOfAnother(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(write(dir, 1, true, nil), write(dir, 2, false, nil)); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Manifest.Seed != 2 || r.Has("events.csv") {
		t.Errorf("got seed %d, events.csv %v", r.Manifest.Seed, r.Has("events.csv"))
	}
	if _, err := os.Stat(filepath.Join(dir, "events.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("events.csv of the former result is still there: %v", err)
	}
}

// Whichever operation on the disk fails, it is said, and what is left is the former result, the new
// one, or none; never a mixture.
func TestEveryFault(t *testing.T) {
	count := 0
	if err := write(t.TempDir(), 2, false, func(string, string) error { count++; return nil }); err != nil {
		t.Fatal(err)
	}
	if count < 20 {
		t.Fatalf("only %d operations pass through the writer", count)
	}
	broken := errors.New("no space left on device")
	for n := 1; n <= count+2; n++ {
		dir := filepath.Join(t.TempDir(), "x")
		if err := write(dir, 1, true, nil); err != nil {
			t.Fatal(err)
		}
		var at string
		ops := 0
		err := write(dir, 2, false, func(op, name string) error {
			if ops++; ops == n {
				at = op + " " + name
				return broken
			}
			return nil
		})
		var e *Error
		if at != "" && (!errors.Is(err, broken) || !errors.As(err, &e)) {
			t.Errorf("operation %d (%s) failed, and the writer says %v", n, at, err)
		}
		r, err := Open(dir)
		if err != nil {
			if !errors.Is(err, ErrUnfinished) {
				t.Errorf("operation %d (%s) failed, and left %v", n, at, err)
			}
			if err := write(dir, 2, false, nil); err != nil {
				t.Errorf("operation %d (%s) failed, and so does starting anew: %v", n, at, err)
			}
			continue
		}
		if r.Has("events.csv") != (r.Manifest.Seed == 1) {
			t.Errorf("operation %d (%s) failed, and left a mixture: %+v", n, at, r.Manifest)
		}
		r.Close()
	}
}

func TestAbandonLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	w, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.File("runs.csv"); err != nil {
		t.Fatal(err)
	}
	if err := w.Abandon(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}

func TestCreateRefusesOtherPeoplesFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "scenario.toml"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Create(dir)
	if want := "holds other files and no result: name another folder with -o"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestOpenFindsDamage(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(dir string) error
		want   string
	}{
		"a changed byte": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "scenario.toml"), []byte("seed = 8\n"), 0o644)
		}, "scenario.toml: was changed since it was written"},
		"a file cut short": {func(dir string) error {
			return os.Truncate(filepath.Join(dir, "runs.csv"), 20)
		}, "runs.csv: was changed since it was written"},
		"a missing file": {func(dir string) error {
			return os.Remove(filepath.Join(dir, "runs.csv"))
		}, "runs.csv: openat: no such file or directory"},
		"a manifest that is none": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ManifestFile), []byte("{"), 0o644)
		}, "manifest.json: unexpected end of JSON input"},
		"a manifest of tomorrow": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ManifestFile), []byte(`{"format": 99}`), 0o644)
		}, "manifest.json: is of format 99"},
		"a manifest that names what is not its own": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ManifestFile), []byte(`{"format": 1, "files": {"../secret": {}}}`), 0o644)
		}, "secret: openat: path escapes from parent"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "x")
			if err := errors.Join(write(dir, 1, true, nil), c.damage(dir)); err != nil {
				t.Fatal(err)
			}
			_, err := Open(dir)
			if err == nil || errors.Is(err, ErrUnfinished) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestOpenWhereThereIsNothing(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := Open(dir); !errors.Is(err, ErrUnfinished) {
			t.Errorf("Open(%s): %v", dir, err)
		}
	}
}
