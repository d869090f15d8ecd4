package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/study"
)

// planned is what a run would do and cost.
type planned struct {
	File         string   `json:"file"`
	Design       string   `json:"design"`
	Points       int64    `json:"points"`
	Replications int64    `json:"replications"`
	Runs         int64    `json:"runs"`            // the most, where a rule says when to stop
	Until        string   `json:"until,omitempty"` // that rule; replications is then the first round
	Factors      int      `json:"factors"`
	Broken       int64    `json:"points_moved"` // of Looked
	Looked       int64    `json:"points_looked_at"`
	Correlated   []string `json:"correlated,omitempty"`
	Uncorrelated []string `json:"uncorrelated,omitempty"`
	Probed       int64    `json:"probed_runs"`
	Workers      int      `json:"workers"`
	PerSecond    float64  `json:"runs_per_s"`
	Seconds      float64  `json:"seconds"`
	ResultBytes  float64  `json:"result_bytes"`
	ScratchBytes float64  `json:"scratch_bytes"`
	MemoryBytes  float64  `json:"memory_bytes"`

	Cluster *cluster `json:"cluster,omitempty"` // where its scripts were asked for
}

func newPlan(std *streams) *cobra.Command {
	var (
		sets         []string
		workers      int
		probe        time.Duration
		list, asJSON bool

		slurm, kubernetes string
		tasks, maxArray   int64
	)
	cmd := &cobra.Command{
		Use:   "plan FILE",
		Short: "Say what a run would do and cost; runs nothing else",
		Long: `plan says how many histories a scenario or study has, and, from a short probe spread over its design
points, how long they would take, and what disk and memory they would need. It writes nothing, but with --slurm or
--kubernetes the scripts that run the study on a cluster, in tasks of about a quarter of an hour.`,
		Example:           "  tripwire plan worth\n  tripwire plan roe-by-size -n 5000 --list\n  tripwire plan worth -n 1000000 --slurm worth-slurm",
		ValidArgsFunction: completeFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case probe < 0:
				return usagef("--probe %v: must not be negative", probe)
			case list && asJSON:
				return usagef("--list and --json: give one of them")
			case slurm != "" && kubernetes != "":
				return usagef("--slurm and --kubernetes: give one of them")
			case list && slurm+kubernetes != "":
				return usagef("--list writes no scripts: leave it out")
			case slurm+kubernetes == "" && tasks != 0:
				return usagef("--tasks is for --slurm and --kubernetes")
			case maxArray < 1:
				return usagef("--max-array %d: must be positive", maxArray)
			case tasks < 0 || tasks > maxArray:
				return usagef("--tasks %d: must be from 1 to %d (--max-array)", tasks, maxArray)
			}
			if err := checkJobs(workers); err != nil {
				return err
			}
			s, _, err := loadFor(cmd, args[0], sets)
			if err != nil {
				return err
			}
			if list {
				for point := range s.Points() {
					if _, err := fmt.Fprintf(std.out, "%d  %s\n", point, s.Describe(point)); err != nil {
						return output{err}
					}
				}
				return nil
			}
			if !s.Fixed() && slurm+kubernetes != "" {
				return usagef("%s decides by all its histories how long to go on, and a task of a cluster knows only its own: run it whole, or without until", s.File.Name)
			}
			units := s.Units()
			if tasks > units {
				return usagef("--tasks %d: %s has %s: must be at most that", tasks, s.File.Name, report.Plural(units, "unit of work", "units of work"))
			}
			cost, err := s.Probe(cmd.Context(), probe, workers)
			if err != nil {
				return err
			}
			p := newPlanned(args[0], s, cost)
			kind, dir := "slurm", slurm
			if kubernetes != "" {
				kind, dir = "kubernetes", kubernetes
			}
			if dir != "" {
				c := newCluster(s.File.Name, s.Runs(), float64(cost.Workers)/cost.PerSecond, workers, tasks, min(maxArray, units), s.LargestShard)
				p.Cluster = &c
				if err := c.write(kind, dir, s.File.TOML()); err != nil {
					return err
				}
			}
			if asJSON {
				return writeJSON(std.out, p)
			}
			p.print(std)
			if dir != "" {
				p.printCluster(std, kind, dir)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&sets, "set", nil, "set a parameter: KEY=VALUE")
	f.Int64P("reps", "n", study.DefaultReplications, "replications at each design point")
	f.IntVarP(&workers, "jobs", "j", 0, "histories played at once (default one on each core; of a task on a cluster one)")
	f.DurationVar(&probe, "probe", 2*time.Second, "how long to measure; 0 measures one history")
	f.BoolVar(&list, "list", false, "list every design point and its factors instead")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	f.StringVar(&slurm, "slurm", "", "write the scripts of a SLURM array into this folder")
	f.StringVar(&kubernetes, "kubernetes", "", "write the manifests of a Kubernetes job into this folder")
	f.Int64Var(&tasks, "tasks", 0, "into how many tasks the scripts cut the study (default by the probe)")
	f.Int64Var(&maxArray, "max-array", 1000, "how many tasks the cluster lets an array have")
	return cmd
}

func newPlanned(file string, s *study.Study, c study.Cost) planned {
	kind, factors := s.Shape()
	correlated, uncorrelated := s.Correlated()
	return planned{
		Correlated: correlated, Uncorrelated: uncorrelated,
		File: file, Design: kind, Points: s.Points(), Replications: int64(s.Settings.Replications), Runs: s.Runs(), Until: string(s.Settings.Until), Factors: factors,
		Broken: c.Moved, Looked: c.Looked, Probed: c.Runs, Workers: c.Workers, PerSecond: c.PerSecond, Seconds: float64(s.Runs()) / c.PerSecond,
		ResultBytes: c.ResultBytes, ScratchBytes: c.ScratchBytes, MemoryBytes: c.MemoryBytes,
	}
}

func (p *planned) print(std *streams) {
	fmt.Fprintf(std.out, "%s: %s\n", p.File, p.Design)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(std.out, "  %-9s %s\n", name, fmt.Sprintf(format, args...))
	}
	points := "1 design point"
	if p.Points > 1 {
		points = fmt.Sprintf("%s design points of %s", report.Count(p.Points), report.Plural(p.Factors, "factor", "factors"))
	}
	about := "about"
	switch {
	case p.Until != "":
		about = "at most about"
		line("runs", "at most %s: %s, from %s each until %s", report.Count(p.Runs), points, report.Plural(p.Replications, "replication", "replications"), p.Until)
	case p.Runs != p.Points*p.Replications:
		about = "at most about"
		line("runs", "at most %s: %s × %s in the first round", report.Count(p.Runs), points, report.Plural(p.Replications, "replication", "replications"))
	default:
		line("runs", "%s: %s × %s", report.Count(p.Runs), points, report.Plural(p.Replications, "replication", "replications"))
	}
	if p.Broken > 0 {
		line("rules", "of %s looked at, %s a rule as sampled: there the parameters that it names take the file's own values",
			report.Plural(p.Looked, "point", "points"), report.Plural(p.Broken, "breaks", "break"))
	}
	if len(p.Correlated) > 0 {
		line("together", "%s: correlations of the ledger", strings.Join(p.Correlated, ", "))
	}
	if len(p.Uncorrelated) > 0 {
		line("apart", "%s: correlations left out, for %s needs independent factors", strings.Join(p.Uncorrelated, ", "), p.Design)
	}
	line("speed", "%s runs/s with %d at once, by a probe of %s", short(p.PerSecond), p.Workers, report.Plural(p.Probed, "run", "runs"))
	line("time", "%s %s", about, roughly(p.Seconds))
	disk := size(p.ResultBytes)
	if p.ScratchBytes > 0 {
		disk += ", and " + size(p.ScratchBytes) + " while it runs"
	}
	line("disk", "%s %s", about, disk)
	line("memory", "about %s", size(p.MemoryBytes))
	if p.Runs > study.MaxRuns {
		line("asks", "--yes, for more than %s runs", report.Count(study.MaxRuns))
	}
}

// printCluster says what was written for a cluster, and what to type there.
func (p *planned) printCluster(std *streams, kind, dir string) {
	c := p.Cluster
	fmt.Fprintf(std.out, "  %-9s %s of about %s with %d CPU each, in %s\n", "tasks", report.Count(c.Tasks), roughly(c.TaskSeconds), c.CPUs, quote(dir))
	next := "sh " + quote(filepath.Join(dir, "submit.sh"))
	if kind == "kubernetes" {
		next = quote(filepath.Join(dir, "README.md"))
	}
	fmt.Fprintf(std.out, "  %-9s %s\n", "next", next)
	if c.TaskSeconds > mostTaskSeconds {
		fmt.Fprintf(std.err, "tripwire: tasks of %s are long: give them more CPUs with -j, or allow more of them with --max-array\n", roughly(c.TaskSeconds))
	}
}

// roughly is a time to two digits at most.
func roughly(seconds float64) string {
	switch {
	case seconds < 1:
		return "a second"
	case seconds < 90:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 90*60:
		return fmt.Sprintf("%.0f min", seconds/60)
	case seconds < 48*3600:
		return fmt.Sprintf("%.0f h", seconds/3600)
	}
	return fmt.Sprintf("%.0f days", seconds/86400)
}

// size is bytes in decimal units: 1.2 MB.
func size(bytes float64) string {
	units := strings.Fields("B kB MB GB TB PB")
	for len(units) > 1 && bytes >= 1000 {
		bytes, units = bytes/1000, units[1:]
	}
	two, _ := strconv.ParseFloat(strconv.FormatFloat(bytes, 'g', 2, 64), 64)
	return fmt.Sprintf("%v %s", two, units[0])
}
