package model

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Where a comment names a section of docs/model.md, and a paragraph of it, they are there; and a newcomer is told of every file.
func TestEquationsAreWhereTheCodeSays(t *testing.T) {
	document, err := os.ReadFile("../docs/model.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, s := range strings.Split(string(document), "\n### ")[1:] {
		title, text, _ := strings.Cut(s, "\n")
		sections[title] = text
	}
	reference := regexp.MustCompile(`[ (]model\.md: ([A-Z][A-Za-z ]+)(?:, ([A-Z][A-Za-z -]+))?[).]`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	start, err := os.ReadFile("war.go")
	if err != nil {
		t.Fatal(err)
	}
	guide, _, _ := strings.Cut(string(start), "\npackage model")
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if file != "war.go" && !strings.HasPrefix(file, "known_") && !regexp.MustCompile(`[\t ]`+file+`\b`).MatchString(guide) {
			t.Errorf("the package's comment in war.go does not say what %s is", file)
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all := reference.FindAllStringSubmatch(string(source), -1)
		found += len(all)
		if said := strings.Count(string(source), "model.md: "); said != len(all) {
			t.Errorf("%s names model.md %d times, but in %d of them a section", file, said, len(all))
		}
		for _, r := range all {
			section, ok := sections[r[1]]
			if !ok || r[2] != "" && !strings.Contains(section, "\n**"+r[2]) {
				t.Errorf("%s: docs/model.md has no section %q with a paragraph %q", file, r[1], r[2])
			}
		}
	}
	if found < 30 {
		t.Errorf("the model names %d places of docs/model.md, want 30 and more", found)
	}
}
