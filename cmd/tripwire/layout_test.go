package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms is the import table: which of our packages and which modules of others the code of each
// package may use. A new arrow is a decision (docs/decisions), so it is written there first. Tests may
// import what they need.
var rooms = map[string]string{
	"cmd/tripwire":     "configs input model report report/figure report/page sim stats study study/causes study/design study/rare study/record study/validation github.com/spf13/cobra golang.org/x/term",
	"report":           "model stats study/causes study/record",
	"report/page":      "model sim study/causes",
	"report/figure":    "report stats study/record gonum.org/v1/plot codeberg.org/go-fonts/liberation codeberg.org/go-pdf/fpdf golang.org/x/image",
	"study":            "input model sim/random stats study/design study/record",
	"study/causes":     "model sim stats study study/record",
	"study/design":     "",
	"study/record":     "github.com/parquet-go/parquet-go",
	"study/rare":       "model sim/random stats",
	"study/validation": "input model stats",
	"model":            "sim sim/portable sim/random",
	"sim":              "",
	"sim/portable":     "",
	"sim/random":       "sim/portable golang.org/x/exp",
	"input":            "github.com/BurntSushi/toml",
	"stats":            "gonum.org/v1/gonum",
	"configs":          "",
}

// doors is what may stand at the top of the house besides the rooms.
var doors = strings.Fields(`.ci .git .gitignore CHANGELOG.md CITATION.cff LICENSE README.md bench cmd configs docs go.mod go.sum
	input model report results sim stats study`)

const root = "../.."

func TestImportTable(t *testing.T) {
	packages := 0
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || name == ".git" || name == "results" || name == "bench" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		packages++
		checkImports(t, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if packages < 20 {
		t.Errorf("only %d files were looked at: is %s the top of the project?", packages, root)
	}
}

func checkImports(t *testing.T, file string) {
	local, err := filepath.Rel(root, file)
	if err != nil {
		t.Fatal(err)
	}
	room := path.Dir(filepath.ToSlash(local))
	allowed, known := rooms[room]
	if !known {
		t.Errorf("%s: %s is no room of this house: see rooms in cmd/tripwire/layout_test.go", local, room)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(imported, "/"); first != "tripwire" && !strings.Contains(first, ".") {
			continue // of Go itself
		}
		imported = strings.TrimPrefix(imported, "tripwire/")
		if !slices.ContainsFunc(strings.Fields(allowed), func(a string) bool {
			return imported == a || strings.Contains(a, ".") && strings.HasPrefix(imported, a+"/")
		}) {
			t.Errorf("%s imports %s; the import table lets %s have only: %s", local, imported, room, allowed)
		}
	}
}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		built := name == "tripwire" && !e.IsDir() || strings.HasSuffix(name, ".test") || strings.HasSuffix(name, ".prof")
		if !built && !slices.Contains(doors, name) {
			t.Errorf("%s does not belong at the top of the project; what does is listed in cmd/tripwire/layout_test.go", name)
		}
	}
}

// Who cites tripwire cites this version of it.
func TestCitationHasTheVersion(t *testing.T) {
	if want := "\nversion: " + version + "\n"; !strings.Contains(read(t, root+"/CITATION.cff"), want) {
		t.Errorf("CITATION.cff has no line %q", want[1:])
	}
}
