package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/study"
	"tripwire/study/record"
)

var loader = input.Loader{Embedded: configs.FS}

// load reads FILE with the assignments of --set.
func load(file string, sets []string) (*study.Study, error) { return study.Load(loader, file, sets) }

// standsFor is the flags that set a key of the input, as they are typed.
var standsFor = []struct{ flag, typed, key string }{
	{"reps", "-n", "study.replications"},
	{"seed", "--seed", "seed"},
	{"until", "--until", "study.until"},
	{"max-runs", "--max-runs", "study.max_runs"},
}

// loadFor reads FILE with the assignments of --set and of the flags of cmd that stand for one. What is wrong with
// such a flag is told of it, and not of a --set that nobody has typed; where nothing else is wrong, it is a misused flag.
func loadFor(cmd *cobra.Command, file string, sets []string) (s *study.Study, set bool, err error) {
	given := len(sets)
	sets = slices.Clone(sets)
	var typed []string
	for _, one := range standsFor {
		f := cmd.Flags().Lookup(one.flag)
		if f == nil || !f.Changed {
			continue
		}
		value := f.Value.String()
		if f.Value.Type() == "string" {
			value = strconv.Quote(value)
		}
		sets, typed = append(sets, one.key+"="+value), append(typed, one.typed)
	}
	s, err = load(file, sets)
	var faults input.Faults
	if !errors.As(err, &faults) {
		return s, len(sets) > 0, err
	}
	misused := 0
	for i, f := range faults {
		if n := f.Line - given - 1; f.File == "--set" && 0 <= n && n < len(typed) {
			faults[i] = input.Fault{File: typed[n], Message: f.Message}
			misused++
		}
	}
	if misused == len(faults) {
		err = usage{faults}
	}
	return nil, false, err
}

// scenarioOf is FILE, or the scenario of a result if FILE is its folder.
func scenarioOf(file string) (string, error) {
	if info, err := os.Stat(file); err != nil || !info.IsDir() || slices.Contains(loader.Names(), file) {
		return file, nil
	}
	scenario := filepath.Join(file, record.ScenarioFile)
	if _, err := os.Stat(scenario); errors.Is(err, fs.ErrNotExist) {
		return "", &record.Error{Path: file, Err: record.ErrUnfinished}
	}
	return scenario, nil
}

// completeFile offers the embedded names beside the shell's own files.
func completeFile(prefix string) []string {
	return slices.DeleteFunc(loader.Names(), func(name string) bool { return !strings.HasPrefix(name, prefix) })
}

// quote makes a word of a command line that is to be typed.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=:,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
