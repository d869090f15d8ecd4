package main

import (
	"cmp"
	"math"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

// summaryOptions is the flags of summary.
type summaryOptions struct {
	level      float64
	form       form
	by         []string
	measure    string
	robustness bool
	direction  string
	satisfy    float64
}

func newSummary(std *streams) *cobra.Command {
	var opt summaryOptions
	cmd := &cobra.Command{
		Use:     "summary DIR",
		Short:   "Print what came of a run: its estimates with their intervals",
		Example: "  tripwire summary results/baseline\n  tripwire summary results/baseline --csv --level 0.99\n  tripwire summary results/worth --by case --measure outcome=nuclear-use\n  tripwire summary results/futures --robustness --satisfy 0.8",
		RunE: func(cmd *cobra.Command, args []string) error {
			given := cmd.Flags().Changed
			if err := cmp.Or(checkLevel(opt.level), opt.form.check()); err != nil {
				return err
			}
			if !opt.robustness && (given("better") || given("satisfy")) {
				return usagef("--better and --satisfy belong to --robustness")
			}
			if !given("satisfy") {
				opt.satisfy = math.NaN()
			}
			r, err := record.Open(args[0])
			if err != nil {
				return err
			}
			defer r.Close()
			t, next, err := opt.read(std, r, filepath.Clean(args[0]), given("measure"))
			if err != nil {
				return err
			}
			return opt.form.print(std, t, next)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&opt.by, "by", nil, "a row for each value of these factors: KEY,... or point or case; under common luck, compared with the first")
	f.StringVar(&opt.measure, "measure", "deterred", "the measure of --by and --robustness: a column of runs.csv, with =CLASS if it has classes")
	f.BoolVar(&opt.robustness, "robustness", false, "how each choice does over the sampled futures: expected value, worst, regret, share of futures that satisfy")
	f.StringVar(&opt.direction, "better", "", "with --robustness: whether high or low values of the measure are better, where that is not known")
	f.Float64Var(&opt.satisfy, "satisfy", 0, "with --robustness: the value that is good enough at a future (default of a share 0.8, or 0.2 where low is better)")
	f.Float64Var(&opt.level, "level", study.Level, "confidence level of the intervals")
	opt.form.add(cmd, "as JSON", "as CSV, a row an estimate")
	return cmd
}

// read makes the table that is asked for; without --by, --measure and --robustness it is of all measures.
func (opt *summaryOptions) read(std *streams, r *record.Result, dir string, oneMeasure bool) (table, []report.Advice, error) {
	by := opt.by
	if len(by) == 0 {
		by = defaultBy(&r.Manifest.Design)
	}
	switch {
	case opt.robustness:
		s, err := report.ReadRobust(r, by, opt.measure, opt.direction, opt.satisfy, opt.level)
		return s, nil, err
	case len(opt.by) > 0 || oneMeasure:
		b, err := report.ReadBy(r, by, opt.measure, opt.level)
		return b, nil, err
	}
	verdicts, err := judgeResult(r, dir)
	if err != nil {
		return nil, nil, err
	}
	return summaryOf(std, r, verdicts, opt.level, filepath.Join(dir, record.ScenarioFile), dir)
}

// summaryOf is which choice is the best, of a result that was to say it, and all measures of any other; and what to
// type next, where file is what was played and dir the result.
func summaryOf(std *streams, r *record.Result, verdicts report.Verdicts, level float64, file, dir string) (table, []report.Advice, error) {
	if r.Manifest.Selection != nil {
		k, err := report.ReadRanking(r, level)
		if err != nil {
			return nil, nil, err
		}
		k.Verdicts = verdicts
		return k, rankingAdvice(std, r, dir), nil
	}
	s, err := report.Read(r, level)
	if err != nil {
		return nil, nil, err
	}
	s.Verdicts = verdicts
	if d := &r.Manifest.Design; d.Points > 1 {
		return s, studyAdvice(std, d, dir), nil
	}
	return s, advice(std, s, file, dir), nil
}

// mostRows is how many groups a table has that nobody asked for.
const mostRows = 40

// defaultBy is the groups of a study's own table: its cases or the factors that somebody chooses, while
// there are few enough of them.
func defaultBy(d *record.Design) []string {
	if d.Kind == "list" || d.Kind == "ablation" {
		return []string{"case"}
	}
	var keys []string
	for _, key := range d.Factors {
		if !slices.Contains(d.Uncertain, key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 || d.Points/max(1, d.Futures) > mostRows {
		return []string{"point"}
	}
	return keys
}
