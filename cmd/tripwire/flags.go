package main

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/report"
)

// Flags that several commands have, and what is asked of them.

// checkLevel refuses a --level that is none; NaN is none either.
func checkLevel(level float64) error {
	if !(level > 0 && level < 1) {
		return usagef("--level %v: must be in (0, 1)", level)
	}
	return nil
}

func checkJobs(workers int) error {
	if workers < 0 {
		return usagef("-j %d: must not be negative", workers)
	}
	return nil
}

// checkFormat is about the files of tables, where a [form] is about what is printed.
func checkFormat(format string) error {
	if format != "csv" && format != "csv,parquet" {
		return usagef("--format %s: must be csv or csv,parquet", format)
	}
	return nil
}

// checkPage is about the file that a page goes into: under another ending no browser takes it for one.
func checkPage(out string) error {
	switch strings.ToLower(filepath.Ext(out)) {
	case ".html", ".htm":
		return nil
	case ".pdf":
		return usagef("-o %s: the page is HTML, and must end in .html or .htm; a browser prints it as PDF", out)
	}
	return usagef("-o %s: the page is HTML, and must end in .html or .htm", out)
}

// form is --json, --csv and --md: what a table is printed as; text without them.
type form struct{ json, csv, md bool }

// add adds the flags to a command; the parameters are their descriptions.
func (f *form) add(cmd *cobra.Command, json, csv string) {
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, json)
	flags.BoolVar(&f.csv, "csv", false, csv)
	flags.BoolVar(&f.md, "md", false, "as Markdown")
}

func (f *form) check() error {
	if f.json && f.csv || f.json && f.md || f.csv && f.md {
		return usagef("--json, --csv and --md: give one of them")
	}
	return nil
}

// A table is what can be printed in every form, with advice on what to type next where somebody reads it.
type table interface {
	Document(next ...report.Advice) *report.Document
	JSON(w io.Writer) error
	CSV(w io.Writer) error
}

func (f *form) print(std *streams, t table, next []report.Advice) error {
	switch {
	case f.json:
		return t.JSON(std.out)
	case f.csv:
		return t.CSV(std.out)
	case f.md:
		return t.Document(next...).Markdown(std.out)
	}
	return t.Document(next...).Text(std.out, report.Style{Width: std.width, ASCII: std.ascii})
}

// cut is --below and --above: which design points are cases of interest.
type cut struct{ below, above float64 }

// add adds the flags to a command; what says of what they are.
func (c *cut) add(cmd *cobra.Command, what string) {
	f := cmd.Flags()
	f.Float64Var(&c.below, "below", 0.5, "of "+what+": a case of interest is a point whose mean is below this")
	f.Float64Var(&c.above, "above", 0.5, "of "+what+": a case of interest is a point whose mean is above this")
}

// given is what the command line says of it; nil where it says nothing.
func (c *cut) given(cmd *cobra.Command) (*report.Cut, error) {
	below, above := cmd.Flags().Changed("below"), cmd.Flags().Changed("above")
	switch {
	case below && above:
		return nil, usagef("--below and --above: give one of them")
	case below:
		return &report.Cut{Threshold: c.below}, nil
	case above:
		return &report.Cut{Threshold: c.above, Above: true}, nil
	}
	return nil, nil
}
