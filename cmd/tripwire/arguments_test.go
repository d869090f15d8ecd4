package main

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

// Whoever leaves an argument out, or gives one too many, is told which one, by every command.
func TestArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	needy := 0
	for _, cmd := range newRoot(&streams{out: bufio.NewWriter(io.Discard), err: io.Discard, program: "tripwire"}).Commands() {
		first := append(strings.Fields(cmd.Use), "-")[1]
		many := call(t, append([]string{cmd.Name()}, strings.Fields("a b c")...)...)
		switch {
		case strings.HasSuffix(first, "..."):
		case many.code != 2 || many.out != "" || !strings.Contains(many.err, ": what is "):
			t.Errorf("tripwire %s a b c: exit %d\n%s%s", cmd.Name(), many.code, many.out, many.err)
		}
		if first == "-" || strings.HasPrefix(first, "[") {
			continue
		}
		needy++
		begin, such := "tripwire: "+cmd.Name()+" needs "+first, "; such as: tripwire "+cmd.Name()+" "
		if c := call(t, cmd.Name()); c.code != 2 || c.out != "" || !strings.HasPrefix(c.err, begin) || !strings.Contains(c.err, such) {
			t.Errorf("tripwire %s: exit %d, want 2 with %q and %q in\n%s%s", cmd.Name(), c.code, begin, such, c.out, c.err)
		}
	}
	if needy < 14 {
		t.Errorf("only %d commands need arguments", needy)
	}
	for args, want := range map[string]string{
		"check":            "check needs FILE..., a scenario or study, or several; such as: tripwire check baseline",
		"merge -o x":       "merge needs DIR..., the folders of shards; such as: tripwire merge results/baseline-shards/*",
		"compare a":        "compare needs DIR_B, the folder of another result; such as: tripwire compare results/baseline ",
		"compare":          "compare needs DIR_A, the folder of a result, and DIR_B, the folder of another result; ",
		"plot x -o y.svg":  "plot needs FIGURE, the name of a figure; such as: tripwire plot results/baseline outcomes",
		"plot a b c":       "plot takes DIR and FIGURE and no more: what is c?",
		"version now":      "version takes nothing but flags: what is now?",
		"params a b":       "params takes [KEY|GLOB] and no more: what is b?",
		"completion tcsh":  `invalid argument "tcsh"`,
		"completion a b c": "completion takes bash|zsh|fish|powershell and no more: what is b?",
	} {
		if c := call(t, strings.Fields(args)...); c.code != 2 || !strings.HasPrefix(c.err, "tripwire: "+want) {
			t.Errorf("tripwire %s: exit %d, want 2 with %q in\n%s", args, c.code, want, c.err)
		}
	}
}
