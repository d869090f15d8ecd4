package record

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// Too many open files is an error that its reader can do something about.
func TestRemedyOfOpenFiles(t *testing.T) {
	for _, err := range []error{syscall.EMFILE, syscall.ENFILE} {
		if got := Remedy(&fs.PathError{Op: "open", Path: "x", Err: err}); !strings.Contains(got, "ulimit -n") {
			t.Errorf("%v: the remedy is %q", err, got)
		}
	}
}
