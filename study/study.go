// Package study plays a scenario many times on all cores and leaves a result: a row a replication, a
// row a design point with every measure's estimate, and the running curves. Start at [Load] and
// [Study.Run].
//
// It knows the design, the order of rows and which measures a history has, but neither how a war
// goes (package model) nor how a result is shown (package report). The same input gives the same
// bytes of every file, whatever the number of workers.
package study

import (
	"fmt"
	"slices"

	"tripwire/input"
	"tripwire/model"
	"tripwire/study/record"
)

// Level is the confidence level of the intervals in points.csv and series.csv.
const Level = 0.95

// MaxRuns is how many runs a study may have unless its user confirms that more are meant.
const MaxRuns = 10_000_000

// Settings is the [study] table of a file.
type Settings struct {
	Title        string `toml:"title,optional" doc:"what the study is called in reports"`
	Replications Runs   `toml:"replications,optional" doc:"histories at each design point"`
}

// Runs is a number of histories.
type Runs int64

// 2^53 is where the columns that number the runs end to be exact.
const mostRuns = 1 << 53

func (n Runs) Allowed() (string, bool) {
	return "must be from 1 to 2^53", 1 <= n && n <= mostRuns
}

func (Runs) Unit() string { return "histories" }

// DefaultReplications is how many histories are played where nothing is said.
const DefaultReplications = 1000

// Study is a scenario with what is to be done with it.
type Study struct {
	Scenario model.Scenario
	Settings Settings
	File     *input.File // the resolved input
}

// Load reads a scenario or a study: file is a path or the bare name of an embedded one, sets are the
// assignments of --set. What is wrong with a file comes as [input.Faults].
func Load(l input.Loader, file string, sets []string) (*Study, error) {
	s, err := load(l, file, sets)
	if err == nil && s.Settings.Replications == 0 {
		// What is not said becomes part of the resolved input, so that it runs again to the same bytes.
		s, err = load(l, file, append(slices.Clone(sets), fmt.Sprintf("study.replications=%d", DefaultReplications)))
		if err == nil {
			s.File.Layers = s.File.Layers[:len(s.File.Layers)-1] // that assignment is nobody's
		}
	}
	return s, err
}

func load(l input.Loader, file string, sets []string) (s *Study, err error) {
	s = new(Study)
	s.File, err = l.Load(file, sets, &s.Scenario, map[string]any{"study": &s.Settings})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Runs is the number of histories of the whole design.
func (s *Study) Runs() int64 { return int64(s.Settings.Replications) }

// Title is what the result is called: the study's title, or else the scenario's.
func (s *Study) Title() string {
	if s.Settings.Title != "" {
		return s.Settings.Title
	}
	return string(s.Scenario.Title)
}

func (s *Study) design() record.Design {
	return record.Design{Kind: "single", Points: 1, Replications: int64(s.Settings.Replications)}
}

// A Failed error says that some histories did not come to an end. The result is written: their rows
// have no measures, and the manifest says how to meet the failures again.
type Failed struct{ Failed, Runs int64 }

func (f *Failed) Error() string {
	return fmt.Sprintf("%d of %d replications failed", f.Failed, f.Runs)
}
