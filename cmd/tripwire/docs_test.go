package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tripwire/input"
	"tripwire/model"
)

const modelDocument = root + "/docs/model.md"

// ledger is every parameter of the baseline with its evidence.
func ledger(t *testing.T) []input.Parameter {
	t.Helper()
	file, err := loader.Load("baseline", nil, new(model.Scenario), nil)
	if err != nil {
		t.Fatal(err)
	}
	return file.Parameters
}

// block is a table of parameters in a document: what it lists stands in its first line, as globs of keys.
var block = regexp.MustCompile(`(?s)<!-- parameters: ([^\n]*) -->\n(.*?)<!-- end -->`)

// The tables of docs/model.md are the ledger's, and every parameter stands in one of them.
func TestModelDocument(t *testing.T) {
	parameters := ledger(t)
	listed := map[string]int{}
	old := read(t, modelDocument)
	text := block.ReplaceAllStringFunc(old, func(whole string) string {
		globs := block.FindStringSubmatch(whole)[1]
		rows, table := 0, parameterHead
		for _, p := range parameters {
			if !matches(t, strings.Fields(globs), p.Key) {
				continue
			}
			rows++
			listed[p.Key]++
			table += parameterRow(p)
		}
		if rows == 0 {
			t.Errorf("docs/model.md: no parameter is like %q", globs)
		}
		return "<!-- parameters: " + globs + " -->\n" + table + "<!-- end -->"
	})
	for _, p := range parameters {
		if listed[p.Key] != 1 {
			t.Errorf("docs/model.md lists %s %d times, want once: see its blocks <!-- parameters: ... -->", p.Key, listed[p.Key])
		}
	}
	if *update {
		write(t, modelDocument, text)
	} else if line := differs(old, text); line > 0 {
		t.Errorf("docs/model.md:%d: the table is not that of configs/baseline.toml: go test ./cmd/tripwire -run TestModelDocument -update writes it anew", line)
	}
}

func matches(t *testing.T, globs []string, key string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		ok, err := path.Match(glob, key)
		if err != nil {
			t.Fatalf("docs/model.md: %s: %v", glob, err)
		}
		return ok
	})
}

const parameterHead = "| key | default | believed range | unit | basis | source | meaning |\n|---|---|---|---|---|---|---|\n"

func parameterRow(p input.Parameter) string {
	cell := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	return fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s | %s |\n",
		p.Key, cell(p.Value), believed(p), p.Unit, p.Basis, cell(p.Source), cell(p.Doc))
}

// differs is the first line, from 1, in which two texts are not the same, and 0 if they are.
func differs(a, b string) int {
	if a == b {
		return 0
	}
	one, other := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(one), len(other)) {
		if one[i] != other[i] {
			return i + 1
		}
	}
	return min(len(one), len(other)) + 1
}

// The table of what moves together in docs/model.md is the ledger's.
func TestModelDocumentListsCorrelations(t *testing.T) {
	s, err := load("baseline", nil)
	if err != nil {
		t.Fatal(err)
	}
	table := "<!-- correlations -->\n| correlation | of each two of | rank | basis | source |\n|---|---|---|---|---|\n"
	for _, name := range slices.Sorted(maps.Keys(s.Correlations)) {
		c := s.Correlations[name]
		table += fmt.Sprintf("| `%s` | `%s` | %g | %s | %s |\n", name, strings.Join(c.Keys, "` `"), c.Rank, c.Basis, c.Source)
	}
	old := read(t, modelDocument)
	text := regexp.MustCompile(`(?s)<!-- correlations -->\n.*?<!-- end -->`).ReplaceAllLiteralString(old, table+"<!-- end -->")
	if *update {
		write(t, modelDocument, text)
	} else if line := differs(old, text); line > 0 {
		t.Errorf("docs/model.md:%d: the correlations are not those of configs/baseline.toml: go test ./cmd/tripwire -run TestModelDocument -update writes them anew", line)
	}
	if len(s.Correlations) == 0 || !strings.Contains(text, "<!-- correlations -->") {
		t.Error("docs/model.md has no table of correlations, or the ledger none to list")
	}
}

// Every event of the model stands in a table of docs/model.md, with its cause, in its subject's place.
func TestModelDocumentTellsOfEveryEvent(t *testing.T) {
	headings := map[string]string{"airdefence": "Air defence", "purl": "PURL"}
	text := read(t, modelDocument)
	about := regexp.MustCompile(`return "([a-z]+)", "([^"]+)"`)
	files, err := filepath.Glob(root + "/model/*.go")
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, file := range files {
		for _, m := range about.FindAllStringSubmatch(read(t, file), -1) {
			subject, event := m[1], m[2]
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			heading := headings[subject]
			if heading == "" {
				heading = strings.ToUpper(subject[:1]) + subject[1:]
			}
			section := under(text, "### "+heading)
			if section == "" {
				t.Errorf("docs/model.md has no heading %q, the subject of %q in %s", heading, event, filepath.Base(file))
			} else if !strings.Contains(section, "\n| "+event+" | ") {
				t.Errorf("docs/model.md, %s: no row tells of the event %q of %s", heading, event, filepath.Base(file))
			}
			told++
		}
	}
	if told < 50 {
		t.Errorf("only %d events were found in model/*.go: do they still say what they are about by two literals?", told)
	}
}

// under is what stands below a heading, up to the next one.
func under(text, heading string) string {
	_, after, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		return ""
	}
	section, _, _ := strings.Cut(after, "\n#")
	return section
}

// Whoever is named as a public source is in the list of sources, and nobody is there who is named nowhere.
func TestModelDocumentListsItsSources(t *testing.T) {
	body, sources, found := strings.Cut(read(t, modelDocument), "\n## Sources\n")
	if !found {
		t.Fatal("docs/model.md has no section Sources")
	}
	var names []string
	for _, m := range regexp.MustCompile(`\*\*([^*]+)\*\*`).FindAllStringSubmatch(sources, -1) {
		names = append(names, m[1])
	}
	if len(names) < 30 {
		t.Fatalf("only %d names are in bold in the sources of docs/model.md", len(names))
	}
	for _, p := range ledger(t) {
		named := func(name string) bool { return strings.Contains(p.Source, name) }
		if p.Basis == "public" && !slices.ContainsFunc(names, named) {
			t.Errorf("configs/baseline.toml: %s: %q names none of the sources in bold in docs/model.md", p.Key, p.Source)
		}
	}
	for _, name := range names {
		if !strings.Contains(body, name) {
			t.Errorf("docs/model.md: %q is a source of nothing", name)
		}
	}
}

// A document may claim only tests that there are.
func TestDocumentsNameRealTests(t *testing.T) {
	var code strings.Builder
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "results" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(file, "_test.go") {
			b, err := os.ReadFile(file)
			code.Write(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, document := range documents(t) {
		for _, name := range regexp.MustCompile(`\b(Test|Fuzz|Example|Benchmark)[A-Z]\w+`).FindAllString(read(t, filepath.Join(root, document)), -1) {
			named++
			if !strings.Contains(code.String(), "\nfunc "+name+"(") {
				t.Errorf("%s names %s, which is no test of this project", document, name)
			}
		}
	}
	if named < 40 {
		t.Errorf("only %d tests are named in docs", named)
	}
}
