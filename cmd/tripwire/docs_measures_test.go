package main

import (
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tripwire/model"
	"tripwire/study"
)

// measureRow is a measure in docs/model.md: its column, its title, who sets it, and the section of its equations.
var measureRow = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]*\\.go[^|]*) \\| \\[[^]]+\\]\\(#([^)]+)\\) \\|$")

var (
	inFile = regexp.MustCompile(`\[(\w+\.go)\]\(\.\./model/(\w+\.go)\)((?:,? ` + "`[^`]+`" + `)+)`)
	method = regexp.MustCompile("`(\\w+)\\.(\\w+)`")
)

// From a column of runs.csv to its equation: docs/model.md has a row for every measure, in their order, whose functions
// exist, and set it; no other file sets it.
func TestModelDocumentTracesEveryMeasure(t *testing.T) {
	text := read(t, modelDocument)
	rows := measureRow.FindAllStringSubmatch(under(text, "### Measures"), -1)
	columns := study.Measures()
	if len(rows) != len(columns) {
		t.Fatalf("docs/model.md, Measures: %d rows, want one for each of %d measures", len(rows), len(columns))
	}
	fields := map[string]string{}
	outcome := reflect.TypeFor[model.Outcome]()
	for i := range outcome.NumField() {
		fields[outcome.Field(i).Tag.Get("col")] = outcome.Field(i).Name
	}
	for i, row := range rows {
		column, title, setters, section := row[1], row[2], row[3], row[4]
		if column != columns[i].Name || title != columns[i].Title {
			t.Errorf("row %d of Measures in docs/model.md is %s, %q, want %s, %q", i+1, column, title, columns[i].Name, columns[i].Title)
			continue
		}
		if !slices.Contains(anchors(text), section) {
			t.Errorf("docs/model.md, %s: no section #%s", column, section)
		}
		directly, _, _ := strings.Cut(setters, ";")
		sets := assignment(fields[column])
		if !inFile.MatchString(directly) {
			t.Errorf("docs/model.md, %s: no function of a file of model/ is said to set it: %s", column, directly)
		}
		for _, part := range []string{directly, strings.TrimPrefix(setters, directly)} {
			for _, at := range inFile.FindAllStringSubmatch(part, -1) {
				if at[1] != at[2] {
					t.Errorf("docs/model.md, %s: %s links to %s", column, at[1], at[2])
				}
				for _, name := range method.FindAllStringSubmatch(at[3], -1) {
					body := methodBody(t, at[1], name[1], name[2])
					if body == "" {
						t.Errorf("docs/model.md, %s: model/%s has no %s.%s", column, at[1], name[1], name[2])
					} else if part == directly && !sets.MatchString(body) {
						t.Errorf("docs/model.md, %s: %s.%s of model/%s does not set it", column, name[1], name[2], at[1])
					}
				}
			}
		}
		for _, file := range settersOf(t, sets) {
			if !strings.Contains(directly, "["+file+"]") {
				t.Errorf("docs/model.md, %s: model/%s sets it too", column, file)
			}
		}
	}
}

// assignment finds where a field of the outcome is set: alone, in a list, or counted up.
func assignment(field string) *regexp.Regexp {
	return regexp.MustCompile(`\b(?:outcome|o)\.` + field + `\b(?:\+\+|[^=<>!\n]*[^=<>!:\n]=[^=])`)
}

// methodBody is the text of a method of the model, "" if the file has none of this name.
func methodBody(t *testing.T, file, receiver, name string) string {
	if matches, _ := filepath.Glob(root + "/model/" + file); len(matches) == 0 {
		return ""
	}
	head := regexp.MustCompile(`(?m)^func \((?:\w+ )?\*?` + receiver + `\) ` + name + `\(`)
	text := read(t, root+"/model/"+file)
	at := head.FindStringIndex(text)
	if at == nil {
		return ""
	}
	body, _, _ := strings.Cut(text[at[0]:], "\n}")
	return body
}

// settersOf is the files of the model that match, without tests.
func settersOf(t *testing.T, sets *regexp.Regexp) (files []string) {
	all, err := filepath.Glob(root + "/model/*.go")
	if err != nil || len(all) < 20 {
		t.Fatalf("model/*.go: %d files (%v)", len(all), err)
	}
	for _, file := range all {
		if !strings.HasSuffix(file, "_test.go") && sets.MatchString(read(t, file)) {
			files = append(files, filepath.Base(file))
		}
	}
	return files
}
