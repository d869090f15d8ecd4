//go:build rlang

package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"tripwire/study"
	"tripwire/study/record"
)

// What docs/r.md shows runs, and its own assertions hold; and R, without options, takes each column for
// what it is. Debian: r-base-core, r-cran-survival.
func TestR(t *testing.T) {
	const document = "docs/r.md"
	program := program(t, document, "r")
	var types strings.Builder
	for _, c := range study.RunsColumns() {
		want := map[record.Kind]string{record.Int: "integer", record.Bool: "integer", record.Float: "numeric", record.Class: "character"}[c.Kind]
		fmt.Fprintf(&types, "if (!all(is.na(runs$%[1]s))) stopifnot(class(runs$%[1]s) == %[2]q)\n", c.Name, want)
		if c.Kind == record.Bool {
			fmt.Fprintf(&types, "stopifnot(runs$%s %%in%% c(0, 1, NA))\n", c.Name)
		}
		if c.Kind == record.Class {
			fmt.Fprintf(&types, "stopifnot(runs$%s %%in%% c('', '%s'))\n", c.Name, strings.Join(c.Classes, "', '"))
		}
	}
	write(t, "page.R", program+types.String())
	draws(t, document, exec.Command("Rscript", "--vanilla", "page.R"))
}
