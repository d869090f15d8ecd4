package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"tripwire/input"
	"tripwire/study"
)

// The templates of init are filled from the ledger, so that no unit, range or source is written twice.
//
//go:embed templates/*.toml
var templates embed.FS

// A starter is a study that init writes.
type starter struct{ name, about, next string }

var starters = []starter{
	{"baseline", "your war under three policies", "summary results/study --by case"},
	{"sweep", "a grid of two levers", "summary results/study --by coalition.troops,coalition.roe"},
	{"sensitivity", "which doubtful numbers the answer rests on", "sensitivity results/study"},
	{"nightly", "a batch for every night, with what is expected of it", "run study.toml --resume"},
}

func initNames() []string {
	var names []string
	for _, s := range starters {
		names = append(names, s.name)
	}
	return names
}

func newInit(std *streams) *cobra.Command {
	var (
		kind  string
		force bool
		list  strings.Builder
	)
	for _, s := range starters {
		fmt.Fprintf(&list, "  %-12s %s\n", s.name, s.about)
	}
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a scenario and a study to begin with",
		Long: `init writes into DIR (default .) three files to begin with: war.toml, a scenario; study.toml, a study
of it; and tripwire.schema.json, by which editors complete and check both (Even Better TOML, taplo).
They run as they are. --template says which study (default baseline):

` + list.String(),
		Example: "  tripwire init mine\n  tripwire init mine --template sweep",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			at := slices.IndexFunc(starters, func(s starter) bool { return s.name == kind })
			if at < 0 {
				return usagef("--template %s: must be one of %s", kind, strings.Join(initNames(), ", "))
			}
			return writeStarter(std, dir, starters[at], force)
		},
	}
	cmd.Flags().StringVar(&kind, "template", starters[0].name, "the study: "+strings.Join(initNames(), ", "))
	cmd.Flags().BoolVar(&force, "force", false, "write over files of these names")
	if err := cmd.RegisterFlagCompletionFunc("template", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return initNames(), cobra.ShellCompDirectiveNoFileComp
	}); err != nil {
		panic(err)
	}
	return cmd
}

// writeStarter writes all files of a starter or, where one of them is there already, none.
func writeStarter(std *streams, dir string, s starter, force bool) error {
	ledger, err := load("baseline", nil)
	if err != nil {
		return err
	}
	var schema bytes.Buffer
	if err := writeSchema(&schema); err != nil {
		return err
	}
	files := []struct {
		name, about string
		text        []byte
	}{
		{"war.toml", "a scenario: the baseline, with the levers asked about most", fill(ledger, "war.toml")},
		{"study.toml", "a study of it: " + s.about, fill(ledger, s.name+".toml")},
		{"tripwire.schema.json", "for editors", schema.Bytes()},
	}
	if !force {
		var there []string
		for _, f := range files {
			if _, err := os.Lstat(filepath.Join(dir, f.name)); err == nil {
				there = append(there, filepath.Join(dir, f.name))
			}
		}
		if len(there) > 0 {
			return output{fmt.Errorf("%s: there already, so nothing is written: name another folder, or add --force", strings.Join(there, ", "))}
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return output{err}
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, f.text, 0o666); err != nil {
			return output{err}
		}
		fmt.Fprintf(std.out, "%s: %s\n", path, f.about)
	}
	fmt.Fprintf(std.out, "\nNext\n")
	if dir != "." {
		fmt.Fprintf(std.out, "  cd %s\n", quote(dir))
	}
	for _, next := range []string{"run war.toml", "plan study.toml", "run study.toml", s.next} {
		fmt.Fprintf(std.out, "  %s %s\n", std.program, next)
	}
	return nil
}

// fill makes a file from its template.
func fill(ledger *study.Study, name string) []byte {
	known := func(key string) input.Parameter {
		p, ok := ledger.File.Get(key)
		if !ok {
			panic(fmt.Sprintf("templates/%s names %s, which is no parameter", name, key))
		}
		return p
	}
	last := func(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }
	t := template.Must(template.New(name).Funcs(template.FuncMap{
		"about": func(key string) string { return about(known(key)) },
		"set":   func(key string) string { p := known(key); return about(p) + "\n" + last(key) + " = " + p.Value + "\n" },
		"long": func(key string) string {
			p := known(key)
			return fmt.Sprintf("%s = { value = %s, low = %v, high = %v, basis = \"judgement\", source = \"why\" }", last(key), p.Value, *p.Low, *p.High)
		},
		"designs": func() string {
			rule, _ := study.Kind("").Allowed()
			return strings.TrimPrefix(rule, "must be ")
		},
		"keys": func(keys ...string) []string {
			for _, key := range keys {
				known(key)
			}
			return keys
		},
	}).ParseFS(templates, "templates/"+name))
	var b bytes.Buffer
	if err := t.Execute(&b, nil); err != nil {
		panic(err) // a fault of the template, which its test finds
	}
	return b.Bytes()
}

// about is a parameter as a comment.
func about(p input.Parameter) string {
	text := "# " + p.Doc
	if p.Unit != "" {
		text += " [" + p.Unit + "]"
	}
	switch {
	case p.Low != nil:
		text += fmt.Sprintf("\n# believed: %s; %s: %s", believed(p), p.Basis, p.Source)
	case p.Basis != "":
		text += fmt.Sprintf("\n# %s: %s", p.Basis, p.Source)
	}
	if p.Kind == "string" && p.Rule != "" {
		text += "; " + p.Rule
	}
	return text
}
