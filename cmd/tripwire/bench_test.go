package main

import (
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"tripwire/report/page"
	"tripwire/study"
	"tripwire/study/record"
)

// BenchmarkColdStart is how long a program that was just built takes to answer, by the clock.
func BenchmarkColdStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "tripwire")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, args := range [][]string{{"version"}, {"check", "baseline"}} {
		b.Run(args[0], func(b *testing.B) {
			for b.Loop() {
				if out, err := exec.CommandContext(b.Context(), program, args...).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

// BenchmarkReport is the whole page of a study: of one point, and of a grid of twenty.
func BenchmarkReport(b *testing.B) {
	for _, name := range []string{"baseline", "roe-by-size"} {
		b.Run(name, func(b *testing.B) {
			s, err := load(name, nil)
			if err != nil {
				b.Fatal(err)
			}
			dir := filepath.Join(b.TempDir(), "result")
			w, err := record.Create(dir)
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Run(b.Context(), w, study.Options{}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r, err := record.Open(dir)
				if err != nil {
					b.Fatal(err)
				}
				content, err := composeReport(r, study.Level)
				if err != nil {
					b.Fatal(err)
				}
				if err := page.WriteReport(io.Discard, content); err != nil {
					b.Fatal(err)
				}
				r.Close()
			}
		})
	}
}
