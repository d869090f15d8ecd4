package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// /dev/full is a device without room.
func TestDeviceWithoutRoom(t *testing.T) {
	t.Chdir(t.TempDir())
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	answers := func(args string) called {
		cmd := exec.Command(os.Args[0], strings.Fields(args)...)
		cmd.Stdout = full
		return played(t, cmd)
	}
	const why = ` no space left on device (make room there)` + "\n"
	if c := answers("run baseline -n 20 --progress none"); c.code != 7 || c.err != "tripwire: write /dev/stdout:"+why {
		t.Errorf("exit %d: %s", c.code, c.err)
	}
	must(t, "summary", "results/baseline") // the result is whole all the same
	for _, args := range []string{"trace baseline --rep 1 -o /dev/full", "trace results/baseline --rep 1 --csv -o /dev/full"} {
		if c := call(t, strings.Fields(args)...); c.code != 7 || c.err != "tripwire: write /dev/full:"+why {
			t.Errorf("tripwire %s: exit %d: %s", args, c.code, c.err)
		}
	}
	// Progress that cannot be told spoils no run.
	cmd := exec.Command(os.Args[0], "run", "baseline", "-n", "20", "-o", "quiet")
	cmd.Stderr = full
	if c := played(t, cmd); c.code != 0 {
		t.Errorf("exit %d", c.code)
	}
	sameFiles(t, "quiet", "results/baseline")
}

// Where no folder can be made, that is not said to be one that somebody removed.
func TestNoFolderCanBeMade(t *testing.T) {
	c := call(t, "run", "baseline", "-n", "3", "--progress", "none", "-o", "/proc/x")
	if c.code != 7 || c.err != "tripwire: /proc/x: mkdir: no such file or directory (name another place with -o)\n" {
		t.Errorf("exit %d: %s", c.code, c.err)
	}
}
