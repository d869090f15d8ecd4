package main

import (
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"tripwire/input"
	"tripwire/model"
	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

func newParams(std *streams) *cobra.Command {
	var measures, columns, codes, schema, asJSON bool
	cmd := &cobra.Command{
		Use:   "params [KEY|GLOB]",
		Short: "List the parameters with their defaults and what these rest on",
		Long: `params lists every parameter of a scenario: its default (in the embedded baseline), unit, the range in
which it is believed to lie (5% to 95%), and on what that rests. With the KEY of one it tells all of it.
A value of the "first prototype of this model" is judgement: that was a program of a single file, some of
its values tuned by hand to 2025 and to wars that look plausible, the others never tuned.`,
		Example: "  tripwire params attribution.threshold\n  tripwire params 'coalition.*'",
		RunE: func(_ *cobra.Command, args []string) error {
			lists := 0
			for _, asked := range []bool{measures, columns, codes, schema} {
				if asked {
					lists++
				}
			}
			if lists > 1 || lists == 1 && len(args) > 0 {
				return usagef("KEY, --measures, --columns, --exit-codes and --schema: ask for one of them")
			}
			switch {
			case measures:
				return listColumns(std, study.Measures(), asJSON)
			case columns:
				return listColumns(std, study.RunsColumns(), asJSON)
			case codes:
				return listExitCodes(std, asJSON)
			case schema:
				return writeSchema(std.out)
			}
			return listParameters(std, args, asJSON)
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
			var keys []string
			for _, p := range input.Spec(&model.Scenario{}) {
				if strings.HasPrefix(p.Key, prefix) {
					keys = append(keys, p.Key+"\t"+p.Doc)
				}
			}
			return keys, cobra.ShellCompDirectiveNoFileComp
		},
	}
	f := cmd.Flags()
	f.BoolVar(&measures, "measures", false, "list what a history is measured by instead")
	f.BoolVar(&columns, "columns", false, "list the columns of runs.csv instead")
	f.BoolVar(&codes, "exit-codes", false, "list the exit codes instead")
	f.BoolVar(&schema, "schema", false, "print the JSON Schema of scenarios and studies, for editors, instead")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// writeSchema writes what an editor needs to complete and check files, with the baseline's evidence.
func writeSchema(w io.Writer) error {
	schema, err := study.Schema(loader, "baseline")
	if err != nil {
		return err
	}
	return writeJSON(w, schema)
}

func listParameters(std *streams, args []string, asJSON bool) error {
	s, err := load("baseline", nil)
	if err != nil {
		return err
	}
	chosen := s.File.Parameters
	if len(args) > 0 {
		if chosen, err = choose(std, s, args[0]); err != nil {
			return err
		}
	}
	switch {
	case asJSON:
		return writeJSON(std.out, chosen)
	case len(args) > 0 && len(chosen) == 1:
		describe(std, chosen[0])
		return nil
	}
	rows := [][]string{{"KEY", "DEFAULT", "UNIT", "BELIEVED", "BASIS", "SOURCE"}}
	for _, p := range chosen {
		rows = append(rows, []string{p.Key, brief(p.Value), p.Unit, believed(p), p.Basis, p.Source})
	}
	writeColumns(std, rows)
	return nil
}

// brief is a value that fits into a table: every number does.
func brief(value string) string {
	const most = 24
	if r := []rune(value); len(r) > most {
		return strings.TrimRight(string(r[:most-1]), " ") + "…"
	}
	return value
}

// choose returns the parameters whose keys match a glob, in which * stands for any characters, or that lie in a table.
func choose(std *streams, s *study.Study, glob string) ([]input.Parameter, error) {
	chosen, err := like(s, glob)
	if err != nil || len(chosen) > 0 {
		return chosen, err
	}
	if strings.ContainsAny(glob, `*?[\`) {
		return nil, usagef("%s: no parameter's key is like this", glob)
	}
	if chosen, err = like(s, glob+".*"); err != nil || len(chosen) > 0 {
		return chosen, err
	}
	_, err = input.Value(&s.Scenario, glob)
	if holding, bad := like(s, "*"+glob+"*"); bad == nil && len(holding) > 0 {
		err = fmt.Errorf("%w; %s it in the key: %s params '*%s*'", err, report.Plural(len(holding), "parameter has", "parameters have"), std.program, glob)
	}
	return nil, usage{err}
}

// like is the parameters whose keys match a glob.
func like(s *study.Study, glob string) (found []input.Parameter, err error) {
	for _, p := range s.File.Parameters {
		match, err := path.Match(glob, p.Key)
		if err != nil {
			return nil, usagef("%s: %v", glob, err)
		}
		if match {
			found = append(found, p)
		}
	}
	return found, nil
}

func believed(p input.Parameter) string {
	if p.Low == nil {
		return ""
	}
	return fmt.Sprintf("%v to %v", *p.Low, *p.High)
}

// describe tells all of one parameter.
func describe(std *streams, p input.Parameter) {
	unit := p.Unit
	if unit != "" {
		unit = " " + unit
	}
	fmt.Fprintf(std.out, "%s = %s%s\n", p.Key, p.Value, unit)
	for _, line := range [][2]string{
		{"", p.Doc}, {"kind: ", p.Kind}, {"rule: ", p.Rule}, {"believed, 5% to 95%: ", believed(p)},
		{"basis: ", p.Basis}, {"source: ", p.Source},
	} {
		if line[1] != "" {
			fmt.Fprintf(std.out, "  %s%s\n", line[0], line[1])
		}
	}
}

func listColumns(std *streams, columns []record.Column, asJSON bool) error {
	if asJSON {
		type column struct {
			Name    string   `json:"name"`
			Kind    string   `json:"kind"`
			Unit    string   `json:"unit,omitempty"`
			Title   string   `json:"title"`
			Doc     string   `json:"doc"`
			Classes []string `json:"classes,omitempty"`
		}
		var list []column
		for _, c := range columns {
			list = append(list, column{c.Name, c.Kind.String(), c.Unit, c.Title, c.Doc, c.Classes})
		}
		return writeJSON(std.out, list)
	}
	rows := [][]string{{"NAME", "KIND", "UNIT", "TITLE", "MEANING"}}
	for _, c := range columns {
		doc := c.Doc
		if len(c.Classes) > 0 {
			doc += ": " + strings.Join(c.Classes, ", ")
		}
		rows = append(rows, []string{c.Name, c.Kind.String(), c.Unit, c.Title, doc})
	}
	writeColumns(std, rows)
	return nil
}

func listExitCodes(std *streams, asJSON bool) error {
	if asJSON {
		return writeJSON(std.out, exitCodes)
	}
	for _, c := range exitCodes {
		fmt.Fprintf(std.out, "%3d  %s\n", c.Code, c.Meaning)
	}
	return nil
}

// writeColumns sets rows flush left, two blanks apart.
func writeColumns(std *streams, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		fmt.Fprintln(std.out, strings.TrimRight(line.String(), " "))
	}
}
