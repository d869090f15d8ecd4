package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tripwire/input"
	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

// runOptions is the flags of run.
type runOptions struct {
	out           string
	workers       int
	shard         string
	part          record.Shard // that shard says
	sets          []string
	set           bool // something is set that the file does not say
	force, resume bool
	yes           bool
	limit         time.Duration
	events        string
	format        string
	progress      string
	form          form
	expect        []study.Expectation // of the file
}

func newRun(std *streams) *cobra.Command {
	var opt runOptions
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Play a scenario or a study many times, print what came of it, and write it down",
		Long: `run plays a scenario or a study many times on all cores, prints the summary, and writes a result
folder. FILE is a path, or the bare name of a configuration that tripwire carries, such as baseline; or
a result folder, finished or not.

On a finished result of the same input it prints that and plays nothing. A run that was cut short,
however it was, keeps what it had played to within some seconds; --resume goes on with it, to the same
bytes as if it had never stopped.

With --until replications are added in rounds until the 95% interval is so narrow at every design
point: 0.01@deterred is a full width of one percentage point, 5%@war_d one of 5% of the mean.`,
		Example:           "  tripwire run baseline\n  tripwire run baseline -n 10000 --set coalition.roe=R3 -o results/roe-r3",
		ValidArgsFunction: completeFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			return opt.run(cmd, std, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVarP(&opt.out, "out", "o", "", "the result folder (default results/NAME)")
	f.Int64P("reps", "n", study.DefaultReplications, "replications at each design point")
	f.Int64("seed", 0, "key of all luck (default the scenario's)")
	f.IntVarP(&opt.workers, "jobs", "j", 0, "histories played at once (default one on each core); changes no byte of output")
	f.StringArrayVar(&opt.sets, "set", nil, "set a parameter: KEY=VALUE with a TOML value; a bare word is a string")
	f.String("until", "", "add replications until the interval is so narrow: WIDTH[@MEASURE]")
	f.Int64("max-runs", study.MaxRuns, "where --until gives up: histories of the whole design")
	f.DurationVar(&opt.limit, "time-limit", 0, "stop after so long, to go on with --resume")
	f.StringVar(&opt.shard, "shard", "", "play only the I-th of N even samples of the study, for merge to unite: I/N")
	f.BoolVar(&opt.resume, "resume", false, "go on with a run that was cut short, or start where there is nothing")
	f.BoolVar(&opt.force, "force", false, "start anew in the place of whatever result or unfinished run is there")
	f.BoolVar(&opt.yes, "yes", false, fmt.Sprintf("play more than %d histories without asking", int64(study.MaxRuns)))
	f.StringVar(&opt.events, "events", "none", "keep the events of the histories in events.csv: none or all")
	f.StringVar(&opt.format, "format", "csv", "of the tables: csv, or csv,parquet")
	f.StringVar(&opt.progress, "progress", "auto", "on stderr: auto, bar, plain, json or none")
	f.BoolVar(&opt.form.json, "json", false, "print the summary as JSON")
	return cmd
}

func (opt *runOptions) run(cmd *cobra.Command, std *streams, file string) error {
	ctx, given := cmd.Context(), cmd.Flags().Changed
	switch {
	case opt.force && opt.resume:
		return usagef("--force starts anew and --resume does not: give one of them")
	case opt.events != "none" && opt.events != "all":
		return usagef("--events %s: must be none or all", opt.events)
	case opt.limit < 0:
		return usagef("--time-limit %v: must not be negative", opt.limit)
	}
	if err := cmp.Or(checkFormat(opt.format), checkJobs(opt.workers)); err != nil {
		return err
	}
	meter, err := newMeter(std, opt.progress)
	if err != nil {
		return err
	}
	if opt.part, err = readShard(opt.shard); err != nil {
		return err
	}
	dir := opt.out
	if there, err := leftoverIn(file); err != nil {
		return err
	} else if there != nil {
		if dir == "" {
			dir = filepath.Clean(file)
			if !given("shard") {
				opt.part = there.shard
			}
		}
		file = there.scenario
		if !given("events") {
			opt.events = there.events
		}
		if !given("format") && there.parquet {
			opt.format = "csv,parquet"
		}
	}
	s, set, err := loadFor(cmd, file, opt.sets)
	if err != nil {
		return err
	}
	opt.expect, opt.set = s.Expect, set
	if s.Runs() > study.MaxRuns && !opt.yes {
		return input.Faults{{File: file, Key: "study.replications", Message: fmt.Sprintf(
			"%s%d histories are more than %d (add --yes if you mean it)", shape(s), s.Runs(), int64(study.MaxRuns))}}
	}
	if dir == "" {
		if rule, ok := input.Name(s.File.Name).Allowed(); !ok {
			return usagef("%s: the name of a result %s: name its folder with -o", s.File.Name, rule)
		}
		dir = filepath.Join("results", s.File.Name)
		if opt.part.Of > 0 {
			dir = shardFolder(dir, opt.part)
		}
	}
	if opt.part.Of > 0 {
		return opt.runShard(ctx, std, meter, s, dir)
	}
	if !opt.force {
		done, err := opt.finished(std, s, dir)
		if done {
			return opt.print(std, file, dir)
		}
		// What a finished result is in the way of may have been begun with --force.
		if err != nil && !opt.begun(s, dir) {
			return err
		}
	}
	err = opt.play(ctx, std, meter, s, dir)
	var failed *study.Failed
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	return opt.print(std, file, dir)
}

// parquet says whether tables are wanted as Parquet too.
func (opt *runOptions) parquet() bool { return opt.format == "csv,parquet" }

// shape says how many points a study has, if it has several.
func shape(s *study.Study) string {
	if s.Points() == 1 {
		return ""
	}
	return fmt.Sprintf("%d points × %d %s: ", s.Points(), s.Settings.Replications, record.Noun(int64(s.Settings.Replications), "replication", "replications"))
}

// finished says whether dir holds a finished result of the same input; one of another input is an error.
func (opt *runOptions) finished(std *streams, s *study.Study, dir string) (bool, error) {
	r, err := record.Open(dir)
	if errors.Is(err, record.ErrUnfinished) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	defer r.Close()
	m := &r.Manifest
	if m.Input != s.File.Hash() {
		return false, output{fmt.Errorf("%s holds a result of another input (%s): name another folder with -o, or start anew with --force",
			dir, difference(s, filepath.Join(dir, record.ScenarioFile)))}
	}
	if opt.events == "all" && m.Events != "all" {
		return false, output{fmt.Errorf("%s holds a result of the same input without events: start anew with --force", dir)}
	}
	if opt.parquet() && !slices.Contains(m.Formats, "parquet") {
		return false, output{fmt.Errorf("%s holds a result of the same input without Parquet files: start anew with --force", dir)}
	}
	if m.Version != version {
		fmt.Fprintf(std.err, "tripwire: %s was made by version %s, this is %s: it may come out otherwise with --force\n", dir, m.Version, version)
		return true, nil
	}
	record.Sweep(dir) // more work on the same input by the same version comes to the same result
	return true, nil
}

// play writes a new result.
func (opt *runOptions) play(ctx context.Context, std *streams, meter *meter, s *study.Study, dir string) error {
	ctx, release := signalled(ctx)
	defer release()
	if opt.limit > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, opt.limit, stopped{fmt.Errorf("stopped after %v", opt.limit)})
		defer cancel()
		ctx = limited
	}
	w, err := record.Create(dir)
	if err != nil {
		return err
	}
	if err := opt.claim(std, w, s, dir); err != nil {
		return w.Fail(err)
	}
	meter.several = s.Points() > 1
	meter.start(s.FirstRuns(opt.part))
	options := opt.options()
	options.Workers, options.Progress = opt.workers, meter.update
	options.Warn = func(what string) { fmt.Fprintf(std.err, "tripwire: %s\n", what) }
	err = await(ctx, func() error { return s.Run(ctx, w, options) })
	meter.end()
	if err == nil || errors.As(err, new(*study.Failed)) {
		return err
	}
	if _, there := unfinished(dir); there {
		return fmt.Errorf("%w: what was played is kept; go on with: %s run %s --resume", err, std.program, quote(dir))
	}
	if errors.As(err, new(interrupted)) || errors.As(err, new(stopped)) {
		return fmt.Errorf("%w: nothing was written", err)
	}
	return err
}

// await is f, unless ctx ends and f does not within a moment. What was played is on the disk by then. What may take
// longer is to put the result together, of which nothing is lost that cannot be done again.
func await(ctx context.Context, f func() error) error {
	ended := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				ended <- fmt.Errorf("a fault of tripwire itself: %v\n%s", p, debug.Stack())
			}
		}()
		ended <- f()
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		return context.Cause(ctx)
	}
}

// patience is how long a run that is to stop may take for it.
const patience = 1500 * time.Millisecond

// print prints the result in dir. If histories of it failed, or what was expected of them, that is the error.
func (opt *runOptions) print(std *streams, file, dir string) error {
	r, err := record.Open(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	verdicts, err := judge(r, opt.expect)
	if err != nil {
		return err
	}
	t, next, err := opt.read(std, r, verdicts, file, dir)
	if err != nil {
		return err
	}
	if err := opt.form.print(std, t, next); err != nil {
		return err
	}
	return errors.Join(unmet(std, verdicts), reportFailures(std, &r.Manifest, dir))
}

// read makes the table of a study that compares few enough choices, and the summary of any other result.
func (opt *runOptions) read(std *streams, r *record.Result, verdicts report.Verdicts, file, dir string) (table, []report.Advice, error) {
	if d := &r.Manifest.Design; r.Manifest.Selection == nil && d.Points > 1 && d.Points/max(1, d.Futures) <= mostRows &&
		(d.Futures == 0 || len(d.Uncertain) < len(d.Factors)) {
		b, err := report.ReadBy(r, defaultBy(d), "deterred", study.Level)
		if err != nil {
			return nil, nil, err
		}
		b.Verdicts = verdicts
		return b, studyAdvice(std, d, dir), nil
	}
	if opt.set {
		file = filepath.Join(dir, record.ScenarioFile) // what to type next starts from what was played
	}
	return summaryOf(std, r, verdicts, study.Level, file, dir)
}

// reportFailures tells of the failed histories, and how to meet them again.
func reportFailures(std *streams, m *record.Manifest, dir string) error {
	if stop := m.Stopping; stop != nil && !stop.Met {
		place, width := "", "cannot be known"
		if m.Design.Points > 1 {
			place = fmt.Sprintf(" at point %d", stop.WidestPoint)
		}
		if stop.Widest != nil {
			width = fmt.Sprintf("is %g wide", *stop.Widest)
		}
		fmt.Fprintf(std.err, "tripwire: until %s was not met in %d %s: the interval of %s%s %s; to play up to four times as many, begin anew: %s run %s --max-runs %d --force\n",
			stop.Until, m.Runs, record.Noun(m.Runs, "history", "histories"), stop.Measure, place, width, std.program, quote(dir), 4*stop.MaxRuns)
	}
	if m.Failed == 0 {
		return nil
	}
	const most = 5
	for i, f := range m.Failures {
		if i == most {
			fmt.Fprintf(std.err, "tripwire: more in %s\n", filepath.Join(dir, record.ManifestFile))
			break
		}
		place := ""
		if m.Design.Points > 1 {
			place = fmt.Sprintf(" --point %d", f.Point)
		}
		fmt.Fprintf(std.err, "tripwire: replication %d failed: %s\n  repeat it: %s trace %s%s --rep %d --seed %d\n",
			f.Rep, f.Message, std.program, quote(dir), place, f.Rep, f.Seed)
	}
	return &study.Failed{Failed: m.Failed, Runs: m.Runs}
}
