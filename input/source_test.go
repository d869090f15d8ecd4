package input

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestExtends(t *testing.T) {
	for _, c := range []struct {
		name  string
		text  string
		files []string
		want  string // fault lines; "" if there are none
	}{
		{"beside", `extends = "base.toml"`, []string{"base.toml", baseline}, ""},
		{"below, and beside that", `extends = "a/b.toml"`, []string{"a/b.toml", `extends = "c.toml"`, "a/c.toml", extends}, ""},
		{"embedded, though a file has its name", `extends = "baseline"`, []string{"baseline", "seed = -1"}, ""},
		{"a file without ending", `extends = "base"`, []string{"base", baseline}, ""},
		{"by a chain of 8", `extends = "1"`, []string{"1", "extends='2'", "2", "extends='3'", "3", "extends='4'", "4", "extends='5'", "5", "extends='6'", "6", baseline}, ""},

		{"itself", `extends = "my.toml"`, nil,
			`my.toml:1:11: extends: "my.toml" comes back to where it started (my.toml → my.toml)`},
		{"beside, in other words", `extends = "a/b.toml"`, []string{"a/b.toml", "\nextends = \"c.toml\"", "a/c.toml", `extends = "./b.toml"`, "a/b", ""},
			`a/c.toml:1:11: extends: "./b.toml" must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"in a circle, by name", `extends = "a/b.toml"`, []string{"a/b.toml", "\nextends = \"c.toml\"", "a/c.toml", `extends = "b.toml"`},
			`a/c.toml:1:11: extends: "b.toml" comes back to where it started (a/b.toml → a/c.toml → a/b.toml)`},
		{"by too long a chain", `extends = "1"`, []string{"1", "extends='2'", "2", "extends='3'", "3", "extends='4'", "4", "extends='5'", "5", "extends='6'", "6", "extends='7'", "7", extends},
			`7:1:11: extends: "baseline" must not make a chain of more than 8 files`},
		{"nothing", `extends = "basline"`, nil,
			`my.toml:1:11: extends: "basline" is neither a file beside this one nor an embedded configuration (did you mean baseline?)`},
		{"upwards", `extends = "../my.toml"`, nil,
			`my.toml:1:11: extends: "../my.toml" must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"upwards in the middle", `extends = "a/../my.toml"`, []string{"a/x", ""},
			`my.toml:1:11: extends: "a/../my.toml" must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"from the root", `extends = "/etc/passwd"`, nil,
			`my.toml:1:11: extends: "/etc/passwd" must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"as on Windows", `extends = 'a\b.toml'`, nil,
			`my.toml:1:11: extends: 'a\b.toml' must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"a drive", `extends = 'C:x.toml'`, nil,
			`my.toml:1:11: extends: 'C:x.toml' must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"emptiness", `extends = ""`, nil,
			`my.toml:1:11: extends: "" must be the path of a file beside this one or below, without "..", or an embedded configuration`},
		{"a folder", `extends = "a"`, []string{"a/x", ""},
			`my.toml:1:11: extends: "a" cannot be read: it is not a regular file`},
		{"a number", `extends = 3`, nil,
			`my.toml:1:11: extends: 3 must be the path of a file, in quotes`},
		{"a list", `extends = ["baseline"]`, nil,
			`my.toml:1:11: extends: ["baseline"] must be the path of a file, in quotes`},
		{"a bare word", `extends = baseline`, nil,
			`my.toml:1:11: extends: baseline cannot be read (text needs quotes)`},
		{"a table", "seed = 1\n[extends]\nfile = 'baseline'", nil,
			`my.toml:2:2: extends: [extends] must be the path of a file, in quotes`},
		{"under a table", "[strike]\nextends = 'baseline'\nsalvo = 3000", nil,
			`my.toml:2:1: strike.extends: no such parameter (did you mean extends? It stands above the first table)`},
		{"a file with faults", "seed = -1\nextends = 'base.toml'", []string{"base.toml", "extends = 'baseline'\nsede = 1\nhorizon_d = 0"}, `
my.toml:1:8: seed: -1 must not be negative
base.toml:2:1: sede: no such parameter (did you mean seed?)
base.toml:3:13: horizon_d: 0 must be above 0`},
		{"a file that is too large", "extends = 'base.toml'", []string{"base.toml", strings.Repeat("#", maxSize+1)},
			`base.toml:1:1: the file is over 1 MiB`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.text, nil, c.files...)
			got := faultLines(t, err)
			if c.name == "under a table" { // every other parameter is missing too
				got = slices.DeleteFunc(got, func(s string) bool { return !strings.Contains(s, "extends:") })
			}
			if want := strings.TrimSpace(c.want); strings.Join(got, "\n") != want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
			}
		})
	}
}

func TestExtendsKeepsInside(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.toml"), []byte(baseline), 0o666); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	link := func(to, name string) {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	link(filepath.Join(outside, "secret.toml"), "link.toml")
	link(outside, "folder")
	link("base.toml", "inside.toml")
	if err := os.WriteFile("base.toml", []byte(baseline), 0o666); err != nil {
		t.Fatal(err)
	}
	for to, want := range map[string]string{
		"link.toml":          `my.toml:1:11: extends: "link.toml" cannot be read: path escapes from parent`,
		"folder/secret.toml": `my.toml:1:11: extends: "folder/secret.toml" cannot be read: path escapes from parent`,
		"inside.toml":        "",
	} {
		if err := os.WriteFile("my.toml", []byte("extends = \""+to+"\""), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := loadFile("my.toml", nil)
		if got := strings.Join(faultLines(t, err), "\n"); got != want {
			t.Errorf("extends %s: got %s\nwant %s", to, got, want)
		}
	}
}

func TestNoSuchFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o777); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"my.toml":      "my.toml: no such file (embedded: baseline, blamed, hooped, looped, winter)",
		"basline":      "basline: no such file (did you mean baseline? embedded: baseline, blamed, hooped, looped, winter)",
		"Winter.toml":  "Winter.toml: no such file (did you mean winter? embedded: baseline, blamed, hooped, looped, winter)",
		"folder":       "folder: is a directory",
		"":             ": no such file (embedded: baseline, blamed, hooped, looped, winter)",
		"a\x1b[31m\nb": `a\u001B[31m\nb: no such file (embedded: baseline, blamed, hooped, looped, winter)`,
		"looped":       `hooped:1:11: extends: "looped" comes back to where it started (looped → hooped → looped)`,
	} {
		_, err := loadFile(file, nil)
		if got := strings.Join(faultLines(t, err), "\n"); got != want {
			t.Errorf("%q: got %s, want %s", file, got, want)
		}
	}
	_, err := Loader{}.Load("my.toml", nil, new(war), nil)
	if got := err.Error(); got != "my.toml: no such file" {
		t.Errorf("without embedded files: got %s", got)
	}
}

func TestEmbedded(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("baseline", []byte("seed = -1"), 0o666); err != nil {
		t.Fatal(err)
	}
	in, err := loadFile("baseline", nil)
	if err != nil || in.Name != "baseline" || in.war.Horizon != 1825 {
		t.Errorf("got %+v (%v)", in, err)
	}
	if got, want := (Loader{Embedded: embedded}).Names(), []string{"baseline", "blamed", "hooped", "looped", "winter"}; !slices.Equal(got, want) {
		t.Errorf("got the names %q, want %q", got, want)
	}
	if _, err = loadFile("./baseline", nil); err == nil || !strings.Contains(err.Error(), "baseline:1:8: seed: -1 must not be negative") {
		t.Errorf("./baseline is a file: got %v", err)
	}
}

func TestManyFaults(t *testing.T) {
	for _, c := range []struct{ name, piece, last string }{
		{"unknown keys", "strike.x", "my.toml:102:1: and 901 more"},
		{"keys without values", "=", "my.toml:102:1: and over 899 more"},
	} {
		var text strings.Builder
		text.WriteString(extends)
		for i := range 1000 {
			if c.piece != "=" {
				text.WriteString(c.piece + string(rune('a'+i/100)) + string(rune('a'+i/10%10)) + string(rune('a'+i%10)) + "= 1")
			} else {
				text.WriteString("=")
			}
			text.WriteString("\n")
		}
		text.WriteString("=\n")
		_, err := load(t, text.String(), nil)
		var faults Faults
		if !errors.As(err, &faults) || len(faults) != maxFaults+1 {
			t.Fatalf("%s: got %d faults, want %d", c.name, len(faults), maxFaults+1)
		}
		if got := faults[maxFaults].String(); got != c.last {
			t.Errorf("%s: got %s, want %s", c.name, got, c.last)
		}
	}
}
