package main

import (
	"os"
	"strings"
	"testing"
)

// A page goes only into a file that a browser takes for one.
func TestPagesEndInHTML(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "5", "-o", "x", "--progress", "none")
	for _, command := range []string{"report x -o ", "trace x --rep 1 --html -o "} {
		for _, name := range []string{"page.html", "page.HTM"} {
			must(t, strings.Fields(command+name)...)
			if !strings.HasPrefix(read(t, name), "<!doctype html>") {
				t.Errorf("tripwire %s%s writes no page", command, name)
			}
		}
		for name, want := range map[string]string{
			"page.pdf":      "-o page.pdf: the page is HTML, and must end in .html or .htm; a browser prints it as PDF\n",
			"page.html.txt": "-o page.html.txt: the page is HTML, and must end in .html or .htm\n",
			"page":          "-o page: the page is HTML, and must end in .html or .htm\n",
		} {
			if c := call(t, strings.Fields(command+name)...); c.code != 2 || !strings.HasPrefix(c.err, "tripwire: "+want) {
				t.Errorf("tripwire %s%s: exit %d, want 2 with %q in\n%s", command, name, c.code, want, c.err)
			}
			if _, err := os.Stat(name); err == nil {
				t.Errorf("tripwire %s%s writes it all the same", command, name)
			}
		}
	}
	must(t, strings.Fields("trace x --rep 1 --csv -o history.csv")...)
}
