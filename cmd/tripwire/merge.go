package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tripwire/study"
	"tripwire/study/record"
)

// mergeOptions is the flags of merge.
type mergeOptions struct {
	out      string
	force    bool
	format   string
	progress string
	form     form
}

func newMerge(std *streams) *cobra.Command {
	var opt mergeOptions
	cmd := &cobra.Command{
		Use:   "merge DIR... -o DIR",
		Short: "Unite the shards of a study into one result",
		Long: `merge puts the result together from what lies in other folders: shards (run --shard), of one number or of
several, and whole runs that were cut short. What two of them hold is taken once. The result has the same bytes as that
of one machine. It plays nothing: where histories are missing it names the shards and what to type (exit 6).
The folders stay as they are, and may be removed afterwards.`,
		Example: "  tripwire run baseline -n 100000 --shard 1/2      # on one machine\n  tripwire run baseline -n 100000 --shard 2/2      # on another\n" +
			"  tripwire merge results/baseline-shards/* -o results/baseline",
		RunE: func(cmd *cobra.Command, args []string) error { return opt.run(cmd.Context(), std, args) },
	}
	f := cmd.Flags()
	f.StringVarP(&opt.out, "out", "o", "", "the result folder")
	f.BoolVar(&opt.force, "force", false, "write in the place of whatever result or unfinished run is there")
	f.StringVar(&opt.format, "format", "csv", "of the tables: csv, or csv,parquet; shards run with csv,parquet ask for both")
	f.StringVar(&opt.progress, "progress", "auto", "on stderr: auto, bar, plain, json or none")
	f.BoolVar(&opt.form.json, "json", false, "print the summary as JSON")
	return cmd
}

func (opt *mergeOptions) run(ctx context.Context, std *streams, dirs []string) error {
	if opt.out == "" {
		return usagef("-o: must name the folder of the result")
	}
	if err := checkFormat(opt.format); err != nil {
		return err
	}
	meter, err := newMeter(std, opt.progress)
	if err != nil {
		return err
	}
	var from []*record.Parts
	var origins []*record.Origin
	for _, dir := range dirs {
		if sameFolder(dir, opt.out) {
			return usagef("%s is one of the folders to unite: name another with -o", dir)
		}
		parts, err := record.OpenParts(dir)
		if err != nil {
			return err
		}
		defer parts.Close()
		o, err := parts.Origin()
		if err != nil {
			return err
		} else if o == nil {
			what := "no shard and no unfinished run"
			if _, err := os.Stat(filepath.Join(dir, record.ManifestFile)); err == nil {
				what = "a finished result, and nothing to unite"
			}
			return output{fmt.Errorf("%s holds %s", dir, what)}
		}
		from, origins = append(from, parts), append(origins, o)
	}
	s, err := load(from[0].Scenario(), nil)
	if err != nil {
		return err
	}
	as := runOptions{events: origins[0].Events, format: opt.format, force: opt.force, form: opt.form, expect: s.Expect}
	for i, o := range origins {
		if err := fits(s, as.options(), from[i], o, from[0].Dir()); err != nil {
			return err
		}
		if o.Parquet {
			as.format = "csv,parquet"
		}
	}
	if !opt.force {
		if done, err := as.finished(std, s, opt.out); err != nil {
			return err
		} else if done {
			return as.print(std, filepath.Join(opt.out, record.ScenarioFile), opt.out)
		}
	}
	ctx, release := signalled(ctx)
	defer release()
	w, err := record.Create(opt.out)
	if err != nil {
		return err
	}
	if o, err := w.Parts().Origin(); err != nil || o != nil && !opt.force {
		if err == nil {
			err = output{fmt.Errorf("%s holds an unfinished run: name another folder with -o, or write in its place with --force", opt.out)}
		}
		return errors.Join(err, w.Keep())
	}
	if err := w.Clear(); err != nil {
		return w.Fail(err)
	}
	options := as.options()
	options.Warn = func(what string) { fmt.Fprintf(std.err, "tripwire: %s\n", what) }
	// A row counts by half when it has been read, and wholly when it is in the result.
	options.Progress = func(p study.Progress) {
		p.Done, p.Kept = (p.Done+p.Written)/2, 0
		meter.update(p)
	}
	meter.what, meter.several = "rows", s.Points() > 1
	meter.start(s.FirstRuns(record.Shard{}))
	err = await(ctx, func() error { return s.Merge(ctx, from, w, options) })
	meter.end()
	var lacks *study.Missing
	switch {
	case errors.As(err, &lacks):
		return missing(std, lacks, from, origins)
	case errors.As(err, new(interrupted)):
		return fmt.Errorf("%w: nothing was written; the same command begins again", err)
	case errors.As(err, new(*record.Error)):
		return fmt.Errorf("%w: the folders to unite are as they were", err)
	case err != nil && !errors.As(err, new(*study.Failed)):
		return err
	}
	return as.print(std, filepath.Join(opt.out, record.ScenarioFile), opt.out)
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// fits says whether what lies in a folder may be united with what lies in the first, by this program.
func fits(s *study.Study, opt study.Options, parts *record.Parts, o *record.Origin, first string) error {
	mine := s.Origin(opt)
	dir := parts.Dir()
	switch {
	case o.Input != mine.Input && dir == first:
		return output{fmt.Errorf("%s: %s was changed since the run began", dir, parts.Scenario())}
	case o.Input != mine.Input:
		return output{fmt.Errorf("%s is of another input than %s (%s)", dir, first, difference(s, parts.Scenario()))}
	case o.Version != mine.Version || o.Revision != mine.Revision || o.Format != mine.Format:
		return output{fmt.Errorf("%s was played by version %s, revision %s, and this is version %s, revision %s: unite it with that tripwire",
			dir, o.Version, o.Revision, mine.Version, mine.Revision)}
	case o.Events != mine.Events:
		return output{fmt.Errorf("%s was played with --events %s, and %s with --events %s", dir, o.Events, first, mine.Events)}
	}
	return nil
}
