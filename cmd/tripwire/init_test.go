package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tripwire/model"
)

// Every template checks clean, runs as it is, and names only commands that there are.
func TestInit(t *testing.T) {
	top := t.TempDir()
	for _, s := range starters {
		t.Run(s.name, func(t *testing.T) {
			t.Chdir(top)
			c := must(t, "init", s.name, "--template", s.name)
			t.Chdir(home)
			golden(t, "init-"+s.name+".txt", c.out)
			t.Chdir(filepath.Join(top, s.name))
			if c := must(t, "check", "war.toml", "study.toml"); strings.Count(c.out, ": ok: ") != 2 {
				t.Errorf("check says %s", c.out)
			}
			must(t, "run", "war.toml", "-n", "5", "--progress", "none")
			// An [[expect]] may fail at 5 histories; that is no fault of the template.
			if c := call(t, "run", "study.toml", "-n", "5", "-o", "results/study", "--progress", "none"); c.code != 0 && c.code != 4 {
				t.Fatalf("run study.toml: exit %d\n%s", c.code, c.err)
			}
			for _, file := range []string{"war.toml", "study.toml"} {
				text := read(t, file)
				for _, m := range regexp.MustCompile(`(?m)^# +tripwire (.*?)(  |$)`).FindAllStringSubmatch(text, -1) {
					words := strings.Fields(strings.ReplaceAll(m[1], "'", ""))
					if cmd, rest, err := newRoot(&streams{}).Find(words); err != nil || cmd.ParseFlags(rest) != nil {
						t.Errorf("%s advises %q, which is no command line", file, m[0])
					}
				}
				if !strings.HasPrefix(text, "#:schema ./tripwire.schema.json\n") {
					t.Errorf("%s names no schema", file)
				}
			}
			if read(t, "tripwire.schema.json") != must(t, "params", "--schema").out {
				t.Error("tripwire.schema.json is not what params --schema prints")
			}
		})
	}
}

// The scenario of init is the baseline itself: what it shows are the baseline's values.
func TestInitShowsTheBaseline(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "init")
	mine, err := loader.Load("war.toml", nil, new(model.Scenario), nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := loader.Load("baseline", nil, new(model.Scenario), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range mine.Parameters {
		base, _ := want.Get(p.Key)
		if p.Layer == "war.toml" && p.Value != base.Value && p.Key != "title" && p.Key != "question" {
			t.Errorf("%s is %s in war.toml and %s in the baseline", p.Key, p.Value, base.Value)
		}
	}
	long := regexp.MustCompile(`(?m)^#   (\[[a-z]+\]|\w+ = \{.*)$`).FindAllStringSubmatch(read(t, "war.toml"), -1)
	if len(long) != 2 {
		t.Fatalf("war.toml shows %d lines of a long form, want a table and a parameter", len(long))
	}
	write(t, "long.toml", "extends = \"war.toml\"\n"+long[0][1]+"\n"+long[1][1]+"\n")
	must(t, "check", "long.toml")
}

func TestInitOverwritesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "study.toml", "mine")
	c := call(t, "init")
	if left, err := os.ReadDir("."); c.code != 7 || err != nil || len(left) != 1 || read(t, "study.toml") != "mine" || !strings.Contains(c.err, "study.toml: there already") {
		t.Errorf("exit %d, %v, %s: left %v", c.code, err, c.err, left)
	}
	must(t, "init", "--force")
	if read(t, "study.toml") == "mine" {
		t.Error("--force wrote nothing")
	}
	write(t, "file", "")
	for args, want := range map[string]int{"init file/x": 7, "init --template none": 2, "init a b": 2} {
		if c := call(t, strings.Fields(args)...); c.code != want {
			t.Errorf("tripwire %s: exit %d, want %d: %s", args, c.code, want, c.err)
		}
	}
}

// A template holds no number of the ledger: a change of the ledger changes what init writes.
func TestTemplatesAreFilledFromTheLedger(t *testing.T) {
	names, err := fs.Glob(templates, "templates/*.toml")
	if err != nil || len(names) != len(starters)+1 {
		t.Fatalf("%v, %v: want war.toml and one for each of %v", names, err, initNames())
	}
	for _, name := range names {
		text, err := fs.ReadFile(templates, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ledger(t) {
			if p.Source != "" && len(p.Source) > 20 && bytes.Contains(text, []byte(p.Source)) {
				t.Errorf("%s holds the source of %s: let {{about}} or {{set}} write it", filepath.Base(name), p.Key)
			}
		}
	}
}
