package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"tripwire/study"
	"tripwire/study/record"
)

// A task is long beside what starting it costs a scheduler, and short beside what schedulers fill gaps with.
const (
	taskSeconds     = 15 * 60.0
	mostTaskSeconds = 30 * 60.0
)

// cluster is a study cut into tasks that any scheduler can start. Its fields are what the files in cluster/ ask for.
type cluster struct {
	Name         string  `json:"name"`         // of the study, in letters that every scheduler takes
	DNS          string  `json:"-"`            // the same as a label of RFC 1123
	Tasks        int64   `json:"tasks"`        //
	CPUs         int     `json:"cpus"`         // of each task
	TaskSeconds  float64 `json:"task_seconds"` // of the largest, by the probe
	Minutes      int64   `json:"-"`            // after which a task may be ended
	MergeMinutes int64   `json:"-"`
	Parallel     int64   `json:"-"` // tasks at once where the scheduler wants to know
	Yes          bool    `json:"-"` // the study needs --yes
}

// newCluster cuts a study whose histories take so many seconds of one core into tasks, of which there may be most;
// tasks is how many the user wants, 0 where that is left to the probe; largest is how many histories the largest of so
// many tasks has.
func newCluster(name string, runs int64, runSeconds float64, cpus int, tasks, most int64, largest func(tasks int64) int64) cluster {
	c := cluster{Name: plainName(name), CPUs: max(1, cpus), Yes: runs > study.MaxRuns}
	c.DNS = strings.Trim(strings.ToLower(strings.NewReplacer(".", "-", "_", "-").Replace(c.Name)), "-")
	c.DNS = strings.TrimRight(c.DNS[:min(len(c.DNS), 40)], "-")
	if c.DNS == "" {
		c.DNS = "study"
	}
	seconds := float64(runs) * runSeconds / float64(c.CPUs)
	if c.Tasks = tasks; tasks == 0 {
		c.Tasks = int64(min(math.Ceil(seconds/taskSeconds), float64(most)))
	}
	c.Tasks = max(1, min(c.Tasks, most, runs))
	c.TaskSeconds = float64(largest(c.Tasks)) * runSeconds / float64(c.CPUs)
	c.Parallel = min(c.Tasks, 100)
	// The nodes may be slower than the machine of the probe, and shared.
	c.Minutes = int64(max(30, math.Ceil(4*c.TaskSeconds/60)))
	const mergeSeconds = 20e-6 // a history
	c.MergeMinutes = int64(max(30, math.Ceil(4*mergeSeconds*float64(runs)/60)))
	return c
}

// Took is how long a task takes, in words.
func (c cluster) Took() string { return "about " + roughly(c.TaskSeconds) }

// plainName is a name in letters, digits, and . _ - alone.
func plainName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
	if plain = strings.Trim(plain[:min(len(plain), 64)], "-."); plain == "" {
		return "study"
	}
	return plain
}

//go:embed cluster
var clusterFiles embed.FS

// write writes the files of one kind of scheduler, and the frozen input, into a folder that must be empty.
func (c cluster) write(kind, dir string, scenario []byte) error {
	if entries, err := os.ReadDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return output{err}
	} else if len(entries) > 0 {
		return output{fmt.Errorf("%s holds other files: name another folder", dir)}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return output{err}
	}
	all, err := template.ParseFS(clusterFiles, "cluster/"+kind+"/*")
	if err != nil {
		return err
	}
	for _, t := range all.Templates() {
		var text strings.Builder
		if err := t.Execute(&text, c); err != nil {
			return err
		}
		mode := os.FileMode(0o644)
		if strings.HasPrefix(text.String(), "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(filepath.Join(dir, t.Name()), []byte(text.String()), mode); err != nil {
			return output{err}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, record.ScenarioFile), scenario, 0o644); err != nil {
		return output{err}
	}
	return nil
}
