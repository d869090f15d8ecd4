//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// limited is the program in a process that may write no file larger than so many KiB.
func limited(t *testing.T, kib int, args ...string) called {
	t.Helper()
	// POSIX counts blocks of 512 bytes, and only the first words of the script are the shell's.
	script := fmt.Sprintf(`ulimit -f %d && exec "$0" "$@"`, 2*kib)
	return played(t, exec.Command("/bin/sh", append([]string{"-c", script, os.Args[0]}, args...)...))
}

// played is a process of the program that has come to its end.
func played(t *testing.T, cmd *exec.Cmd) called {
	t.Helper()
	var out, err bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	if cmd.Stderr == nil {
		cmd.Stderr = &err
	}
	cmd.Env = append(os.Environ(), "TRIPWIRE_BE_THE_PROGRAM=1")
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return called{cmd.ProcessState.ExitCode(), out.String(), err.String()}
}

// refusedBy says what a program said of a disk that refused: one line with the file, what went wrong and what can be done
// about it, and how to go on.
func refusedBy(t *testing.T, c called, file, why string) {
	t.Helper()
	want := regexp.MustCompile(`\Atripwire: ` + file + `: \w+: ` + why + `\n\z`)
	if c.code != 7 || !want.MatchString(c.err) || c.out != "" {
		t.Errorf("exit %d, want 7 with one line like\n%v\ngot\n%s%s", c.code, want, c.out, c.err)
	}
}

const (
	part   = `/\.tripwire/parts/\d+\.part`
	keptIn = `: what was played is kept; go on with: .* run \S+ --resume`
)

// noScraps says whether an unfinished run has left nothing but its parts.
func noScraps(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, ".tripwire"), func(path string, d fs.DirEntry, err error) error {
		if name := d.Name(); err == nil && !d.IsDir() && name != "lock" && name != "run.json" && name != "scenario.toml" && !strings.HasSuffix(name, ".part") {
			t.Errorf("%s is left, and takes room", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Where files may not grow, a run keeps what it has, whether a part is too large or, on a slow machine, the result, and
// goes on with it to the same bytes.
func TestFilesMayNotGrow(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "6000", "-o", "whole", "--progress", "none")
	c := limited(t, 512, "run", "baseline", "-n", "6000", "-j", "1", "-o", "cut", "--progress", "none")
	refusedBy(t, c, `cut(`+part+`|/runs\.csv)`, `file too large \(allow larger files: ulimit -f\)`+keptIn)
	noScraps(t, "cut")
	must(t, "run", "cut", "--resume", "--progress", "none")
	sameFiles(t, "cut", "whole")
}

// A merge that has no room leaves the shards as they are, and nothing else.
func TestMergeMayNotGrow(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "600", "-o", "whole", "--progress", "none")
	for _, shard := range []string{"1", "2"} {
		must(t, "run", "baseline", "-n", "600", "--shard", shard+"/2", "-o", shard, "--progress", "none")
	}
	c := limited(t, 64, "merge", "1", "2", "-o", "united", "--progress", "none")
	refusedBy(t, c, `united/runs\.csv`, `file too large \(allow larger files: ulimit -f\): the folders to unite are as they were`)
	if _, err := os.Stat("united"); err == nil {
		t.Error("a merge without room has left a folder")
	}
	must(t, "merge", "1", "2", "-o", "united", "--progress", "none")
	sameFiles(t, "united", "whole")
}

// nobody makes of a command one of a user whom permissions bind, which root is not, in a folder of that user's.
func nobody(t *testing.T, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	if os.Getuid() != 0 {
		return cmd
	}
	const id = 65534
	if err := os.Chown(cmd.Dir, id, id); err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
	return cmd
}

// A folder that may not be written to, from the beginning or while a run goes on.
func TestFolderWithoutPermission(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // which others may not enter
		t.Fatal(err)
	}
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("program", program, 0o755); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command("./program", args...)
		cmd.Dir = dir
		return nobody(t, cmd)
	}
	must(t, "run", "baseline", "-n", "6000", "-o", "whole", "--progress", "none")
	const denied = `permission denied \(make that writable, or name another place\)`
	if err := os.Mkdir("shut", 0o555); err != nil {
		t.Fatal(err)
	}
	refusedBy(t, played(t, command("run", "baseline", "-n", "3", "-o", "shut/x", "--progress", "none")), `shut/x`, denied)

	cmd := command("run", "baseline", "-n", "6000", "-j", "1", "-o", "mine", "--progress", "none")
	done := make(chan called)
	go func() { done <- played(t, cmd) }()
	partsIn(t, "mine")
	folders := []string{"mine/.tripwire/parts", "mine/.tripwire"}
	for _, folder := range folders {
		if err := os.Chmod(folder, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	refusedBy(t, <-done, `mine(`+part+`|/runs\.csv)`, denied+keptIn)
	refusedBy(t, played(t, command("run", "mine", "--resume", "--progress", "none")), `mine(`+part+`|/runs\.csv)`, denied+keptIn)
	for _, folder := range folders {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	noScraps(t, "mine")
	if c := played(t, command("run", "mine", "--resume", "--progress", "none")); c.code != 0 {
		t.Fatalf("exit %d: %s", c.code, c.err)
	}
	sameFiles(t, "mine", "whole")
}
