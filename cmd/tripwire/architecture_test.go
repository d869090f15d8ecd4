package main

import (
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const architecture = root + "/docs/architecture.md"

// The table of rooms in docs/architecture.md is the import table with what each package says it is for.
func TestArchitectureShowsTheImportTable(t *testing.T) {
	table := "| room | what it is for | of ours it may import | of others |\n|---|---|---|---|\n"
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		var ours, others []string
		for _, name := range strings.Fields(rooms[room]) {
			if strings.Contains(name, ".") {
				others = append(others, name)
			} else {
				ours = append(ours, "`"+name+"`")
			}
		}
		table += fmt.Sprintf("| `%s` | %s | %s | %s |\n", room, strings.ReplaceAll(synopsis(t, room), "|", `\|`), strings.Join(ours, ", "), strings.Join(others, ", "))
	}
	const from, to = "<!-- rooms -->\n", "<!-- end -->"
	old := read(t, architecture)
	before, rest, found := strings.Cut(old, from)
	_, after, closed := strings.Cut(rest, to)
	if !found || !closed {
		t.Fatalf("docs/architecture.md has no %q ... %q", from, to)
	}
	whole := before + from + table + to + after
	if *update {
		write(t, architecture, whole)
	} else if line := differs(old, whole); line > 0 {
		t.Errorf("docs/architecture.md:%d: the table is not rooms of layout_test.go: go test ./cmd/tripwire -run Architecture -update writes it anew", line)
	}
}

// synopsis is the first sentence of a package's comment, without "Package name".
func synopsis(t *testing.T, room string) string {
	t.Helper()
	text := packageComment(t, room)
	first := new(doc.Package).Synopsis(text)
	for _, begin := range []string{"Package " + filepath.Base(room) + " ", "Command " + filepath.Base(room) + " "} {
		first = strings.TrimPrefix(first, begin)
	}
	return strings.TrimSuffix(first, ".")
}

func packageComment(t *testing.T, room string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, room, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			text += f.Doc.Text()
		}
	}
	return text
}

// A package says what it is for, where to start reading, and what it does not know.
func TestPackagesSayWhereToStart(t *testing.T) {
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		text := strings.Join(strings.Fields(packageComment(t, room)), " ")
		if kind := map[bool]string{true: "Command ", false: "Package "}[room == "cmd/tripwire"]; !strings.HasPrefix(text, kind+filepath.Base(room)+" ") {
			t.Errorf("%s: its comment begins %.40q, and not with %s", room, text, kind+filepath.Base(room))
		}
		if room == "configs" { // files, and nothing to know
			continue
		}
		if !strings.Contains(text, "Start ") {
			t.Errorf("%s: its comment does not say where to start reading", room)
		}
		if !strings.Contains(text, "know") {
			t.Errorf("%s: its comment does not say what the package knows nothing of", room)
		}
	}
}

// Every build tag that .ci/run plays is explained to who may not have what it needs.
func TestBuildTagsAreListed(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, root+"/.ci/run"), "\ntags=")
	tags, _, found := strings.Cut(rest, "\n")
	if !found {
		t.Fatal(".ci/run has no line tags=")
	}
	for _, tag := range strings.Split(tags, ",") {
		if !strings.Contains(read(t, root+"/docs/contributing.md"), "\n| `"+tag+"` | ") {
			t.Errorf("the table of docs/contributing.md lacks %s", tag)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// A link between documents leads somewhere, and so does its fragment.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	links := 0
	for _, document := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, filepath.Join(root, document)), ""), -1) {
			to, fragment, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, ":") {
				continue
			}
			links++
			file := filepath.Join(root, filepath.Dir(document), to)
			if to == "" {
				file = filepath.Join(root, document)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s, which is not there", document, m[1])
			} else if fragment != "" && !slices.Contains(anchors(read(t, file)), fragment) {
				t.Errorf("%s links to %s, which is no heading: %v", document, m[1], anchors(read(t, file)))
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links were found", links)
	}
}

// anchors is the fragments by which GitHub finds headings.
func anchors(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			continue
		}
		name := strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#")))
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case strings.ContainsRune("`.,:;!?()[]{}'\"/&+*=<>–—·²³°%$#@^~|\\", r):
				return -1
			}
			return r
		}, name))
	}
	return all
}
