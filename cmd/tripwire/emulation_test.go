//go:build emulation

package main

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tripwire/study/record"
)

// spread is a study whose every number has been through quantile functions, and whose points differ in kind.
const spread = `extends = "baseline"
title = "Spread"
[study]
design = "latin-hypercube"
points = 24
replications = 3
uncertain = ["*"]
`

// build builds a static program from the module in dir, with so many more settings of the environment.
func build(t *testing.T, dir, program string, env ...string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-o", program, "./cmd/tripwire")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(env, "CGO_ENABLED=0")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build in %s with %q: %v\n%s", dir, env, err, out)
	}
}

// Every file has the same bytes from processors that fuse multiply and add, and from those that cannot.
func TestEmulation(t *testing.T) {
	work := t.TempDir()
	write(t, filepath.Join(work, "spread.toml"), spread)
	var want map[string]string
	for _, machine := range []struct {
		name, run string
		env       []string
	}{
		{"amd64 v3", "", []string{"GOARCH=amd64", "GOAMD64=v3"}}, // the compiler fuses, on this processor
		{"amd64 v1", "", []string{"GOARCH=amd64", "GOAMD64=v1"}},
		{"Nehalem", "qemu-x86_64 -cpu Nehalem", []string{"GOARCH=amd64", "GOAMD64=v1"}}, // without fused multiply-add or AVX
		{"arm64", "qemu-aarch64", []string{"GOARCH=arm64"}},
	} {
		program := filepath.Join(work, "tripwire")
		build(t, filepath.Join(home, root), program, machine.env...)
		got := map[string]string{}
		for _, args := range []string{"run baseline -n 20", "run spread.toml"} {
			line := append(strings.Fields(machine.run), program)
			line = append(line, strings.Fields(args+" -o r --force --events all --format csv,parquet -j 2 --progress none")...)
			cmd := exec.Command(line[0], line[1:]...)
			cmd.Dir = work
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %q: %v (needs the package qemu-user)\n%s", machine.name, line, err, out)
			}
			manifest := read(t, filepath.Join(work, "r", "manifest.json"))
			var m record.Manifest
			if err := json.Unmarshal([]byte(manifest), &m); err != nil {
				t.Fatal(err)
			}
			for name, info := range m.Files {
				got[args+": "+name] = info.SHA256
			}
			got[args+": manifest.json"] = fmt.Sprintf("%x", sha256.Sum256([]byte(manifest)))
		}
		if want == nil {
			if want = got; len(want) != 18 {
				t.Fatalf("%d files, want 18: %v", len(want), slices.Sorted(maps.Keys(want)))
			}
		}
		for _, file := range slices.Sorted(maps.Keys(want)) {
			if got[file] != want[file] {
				t.Errorf("%s: %s has SHA-256 %s, on amd64 v3 %s", machine.name, file, got[file], want[file])
			}
		}
	}
}

// Whoever builds a commit gets the same program, wherever it lies, and it needs no library of the machine.
func TestReproducibleBuild(t *testing.T) {
	var sums []string
	for _, dir := range []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "another", "place")} {
		if out, err := exec.Command("git", "clone", "--quiet", filepath.Join(home, root), dir).CombinedOutput(); err != nil {
			t.Fatalf("git clone: %v\n%s", err, out)
		}
		program := filepath.Join(dir, "tripwire")
		build(t, dir, program)
		sums = append(sums, fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, program)))))
		f, err := elf.Open(program)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
			t.Errorf("the program needs %q (%v), want a static one", libraries, err)
		}
		if strings.Contains(read(t, program), filepath.Dir(dir)) {
			t.Errorf("the program names the folder %s that it was built in", dir)
		}
	}
	if sums[0] != sums[1] {
		t.Errorf("built in two folders: SHA-256 %s and %s", sums[0], sums[1])
	}
}
