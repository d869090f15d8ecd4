package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

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

// isFolder says whether FILE is a folder, and not the name of an embedded configuration.
func isFolder(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.IsDir() && !slices.Contains(loader.Names(), file)
}

// scenarioOf is FILE, or the scenario of a result if FILE is its folder.
func scenarioOf(file string) (string, error) {
	if !isFolder(file) {
		return file, nil
	}
	scenario := filepath.Join(file, record.ScenarioFile)
	if _, err := os.Stat(scenario); errors.Is(err, fs.ErrNotExist) {
		return "", &record.Error{Path: file, Err: record.ErrUnfinished}
	}
	return scenario, nil
}

// studyOf is the study that a result says it is of.
func studyOf(r *record.Result) (*study.Study, error) {
	s, err := study.Load(input.Loader{Embedded: r.FS()}, "scenario", nil)
	if err != nil {
		return nil, &record.Error{Path: filepath.Join(r.Dir, record.ScenarioFile), Err: fmt.Errorf("this tripwire does not read it:\n%w", err)}
	}
	return s, nil
}
