//go:build pandas || rlang

package main

import (
	"os/exec"
	"strings"
	"testing"
)

// program is the blocks of a language in a document, one after the other. The test goes on in a folder with the
// results that the document speaks of.
func program(t *testing.T, document, language string) string {
	t.Helper()
	var b strings.Builder
	for _, m := range fence.FindAllStringSubmatch(read(t, root+"/"+document), -1) {
		if m[1] == language {
			b.WriteString(m[2] + "\n")
		}
	}
	if b.Len() == 0 {
		t.Fatalf("%s has no block of %s", document, language)
	}
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "400", "--progress", "none")
	must(t, "run", "baseline", "-n", "400", "--progress", "none", "--set", "coalition.roe=R3", "-o", "results/r3")
	return b.String()
}

// draws carries out a document's program, which has to draw its two figures.
func draws(t *testing.T, document string, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, document, out)
	}
	for _, figure := range []string{"outcomes.png", "incidence.png"} {
		if read(t, figure)[1:4] != "PNG" {
			t.Errorf("%s is no figure", figure)
		}
	}
}
