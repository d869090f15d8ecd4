//go:build disk

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// A disk is a file system in memory, of so many KiB.
func disk(t *testing.T, kib int) {
	t.Helper()
	if err := os.Mkdir("disk", 0o755); err != nil {
		t.Fatal(err)
	}
	mount(t, 0, fmt.Sprintf("size=%dk", kib))
	t.Cleanup(func() {
		if err := syscall.Unmount("disk", syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

func mount(t *testing.T, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", "disk", "tmpfs", flags, options); err != nil {
		t.Fatalf("mount: %v: these tests are run as .ci/run does", err)
	}
}

// run plays, or goes on with, a run on the disk.
func run(t *testing.T, args string) called {
	t.Helper()
	return played(t, exec.Command(os.Args[0], append(strings.Fields(args), "--progress", "none")...))
}

const noRoom = `no space left on device \(make room there\)`

// A full disk stops a run while it plays. What is there by then stays, and is gone on with when there is room.
func TestDiskFullOfParts(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "12000", "-o", "whole", "--progress", "none")
	disk(t, 1024)
	refusedBy(t, run(t, "run baseline -n 12000 -j 1 -o disk/x"), `disk/x`+part, noRoom+keptIn)
	noScraps(t, "disk/x")
	before := done(t, "disk/x")
	for range 2 { // without room there is no going on, and no going back
		refusedBy(t, run(t, "run disk/x --resume"), `disk/x`+part, noRoom+keptIn)
		if now := done(t, "disk/x"); now < before || before == 0 {
			t.Errorf("%d histories were kept, now %d", before, now)
		}
	}
	mount(t, syscall.MS_REMOUNT, "size=64m")
	must(t, "run", "disk/x", "--resume", "--progress", "none")
	sameFiles(t, "disk/x", "whole")
}

// On a disk that is full from the beginning nothing is left behind.
func TestDiskFullFromTheBeginning(t *testing.T) {
	t.Chdir(t.TempDir())
	disk(t, 64)
	if err := os.WriteFile("disk/ballast", make([]byte, 1<<20), 0o644); err == nil {
		t.Fatal("a MiB is in 64 KiB")
	}
	refusedBy(t, run(t, "run baseline -n 3 -o disk/x"), `disk/x/\.tripwire/lock`, noRoom)
	if _, err := os.Stat("disk/x"); err == nil {
		t.Error("disk/x is left")
	}
}

// done is how many histories an unfinished run has.
func done(t *testing.T, dir string) int64 {
	t.Helper()
	std := system()
	s, err := stateOf(t.Context(), std, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s.Done
}

// A full disk stops a run when all is played and the result is put together: no history is played twice.
func TestDiskFullOfResults(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "3000", "-o", "whole", "--progress", "none")
	disk(t, 64<<10)
	c := run(t, "run baseline -n 3000 --shard 1/1 -o disk/parts") // all histories, and no result
	if c.code != 0 {
		t.Fatal(c.err)
	}
	var fs syscall.Statfs_t
	room := func() int64 {
		if err := syscall.Statfs("disk", &fs); err != nil {
			t.Fatal(err)
		}
		return int64(fs.Bavail) * fs.Bsize >> 10
	}
	mount(t, syscall.MS_REMOUNT, fmt.Sprintf("size=%dk", 64<<10-room()+256))
	before := room()
	refusedBy(t, run(t, "merge disk/parts -o disk/x"), `disk/x/runs\.csv`, noRoom+`: the folders to unite are as they were`)
	if now := room(); now != before {
		t.Errorf("there was room for %d KiB, and now for %d", before, now)
	}
	mount(t, syscall.MS_REMOUNT, "size=64m")
	if c := run(t, "merge disk/parts -o disk/x"); c.code != 0 {
		t.Fatal(c.err)
	}
	sameFiles(t, "disk/x", "whole")
}

// From a disk that is read-only results are read, and nothing is written to it, until it is writable again.
func TestDiskReadOnly(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "6000", "-o", "whole", "--progress", "none")
	disk(t, 64<<10)
	must(t, "run", "baseline", "-n", "20", "-o", "disk/done", "--progress", "none")
	c := limited(t, 512, "run", "baseline", "-n", "6000", "-j", "1", "-o", "disk/cut", "--progress", "none")
	if c.code != 7 {
		t.Fatalf("exit %d: %s", c.code, c.err)
	}
	before := done(t, "disk/cut")
	mount(t, syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
	const why = `read-only file system \(make that writable, or name another place\)`
	refusedBy(t, run(t, "run baseline -n 3 -o disk/new"), `disk/new`, why)
	refusedBy(t, run(t, "run disk/cut --resume"), `disk/cut/\.tripwire/lock`, why)
	refusedBy(t, run(t, "run baseline -n 30 --force -o disk/done"), `disk/done/\.tripwire`, why)
	for _, args := range []string{"summary disk/done", "verify disk/done --rerun 3", "status disk/done", "status disk/cut", "run disk/done"} {
		must(t, strings.Fields(args)...)
	}
	mount(t, syscall.MS_REMOUNT, "")
	if now := done(t, "disk/cut"); now != before {
		t.Errorf("%d histories were kept, now %d", before, now)
	}
	must(t, "run", "disk/cut", "--resume", "--progress", "none")
	sameFiles(t, "disk/cut", "whole")
}
