package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

func newSummary(std *streams) *cobra.Command {
	var (
		level               float64
		asJSON, asCSV, asMD bool
		by                  []string
		measure             string
		robustness          bool
		direction           string
		satisfy             float64
	)
	cmd := &cobra.Command{
		Use:     "summary DIR",
		Short:   "Print what came of a run: its estimates with their intervals",
		Example: "  tripwire summary results/baseline\n  tripwire summary results/baseline --csv --level 0.99\n  tripwire summary results/worth --by case --measure outcome=nuclear-use\n  tripwire summary results/futures --robustness --satisfy 0.8",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(level > 0 && level < 1) {
				return usagef("--level %v: must be in (0, 1)", level)
			}
			if asJSON && asCSV || asJSON && asMD || asCSV && asMD {
				return usagef("--json, --csv and --md: give one of them")
			}
			flags := cmd.Flags()
			if !robustness && (flags.Changed("better") || flags.Changed("satisfy")) {
				return usagef("--better and --satisfy belong to --robustness")
			}
			if !flags.Changed("satisfy") {
				satisfy = math.NaN()
			}
			r, err := record.Open(args[0])
			if err != nil {
				return err
			}
			defer r.Close()
			dir := filepath.Clean(args[0])
			if robustness {
				if len(by) == 0 {
					by = defaultBy(&r.Manifest.Design)
				}
				s, err := report.ReadRobust(r, by, measure, direction, satisfy, level)
				if err != nil {
					return err
				}
				switch {
				case asJSON:
					return s.JSON(std.out)
				case asCSV:
					return s.CSV(std.out)
				case asMD:
					return s.Document().Markdown(std.out)
				}
				return s.Document().Text(std.out, report.Style{Width: std.width, ASCII: std.ascii})
			}
			if len(by) > 0 || flags.Changed("measure") {
				if len(by) == 0 {
					by = defaultBy(&r.Manifest.Design)
				}
				b, err := report.ReadBy(r, by, measure, level)
				if err != nil {
					return err
				}
				switch {
				case asJSON:
					return b.JSON(std.out)
				case asCSV:
					return b.CSV(std.out)
				case asMD:
					return b.Document().Markdown(std.out)
				}
				return b.Document().Text(std.out, report.Style{Width: std.width, ASCII: std.ascii})
			}
			if r.Manifest.Selection != nil {
				k, err := report.ReadRanking(r, level)
				if err != nil {
					return err
				}
				if k.Verdicts, err = judgeResult(r, dir); err != nil {
					return err
				}
				switch {
				case asJSON:
					return k.JSON(std.out)
				case asCSV:
					return k.CSV(std.out)
				case asMD:
					return k.Document(rankingAdvice(std, r, dir)...).Markdown(std.out)
				}
				return k.Document(rankingAdvice(std, r, dir)...).Text(std.out, report.Style{Width: std.width, ASCII: std.ascii})
			}
			s, err := report.Read(r, level)
			if err != nil {
				return err
			}
			if s.Verdicts, err = judgeResult(r, dir); err != nil {
				return err
			}
			next := advice(std, s, filepath.Join(dir, "scenario.toml"), dir)
			if r.Manifest.Design.Points > 1 && !asJSON && !asCSV {
				next = studyAdvice(std, &r.Manifest.Design, dir)
			}
			switch {
			case asJSON:
				return s.JSON(std.out)
			case asCSV:
				return s.CSV(std.out)
			case asMD:
				return s.Document(next...).Markdown(std.out)
			}
			return s.Document(next...).Text(std.out, report.Style{Width: std.width, ASCII: std.ascii})
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&by, "by", nil, "a row for each value of these factors: KEY,... or point or case; under common luck, compared with the first")
	f.StringVar(&measure, "measure", "deterred", "the measure of --by and --robustness: a column of runs.csv, with =CLASS if it has classes")
	f.BoolVar(&robustness, "robustness", false, "how each choice does over the sampled futures: expected value, worst, regret, share of futures that satisfy")
	f.StringVar(&direction, "better", "", "with --robustness: whether high or low values of the measure are better, where that is not known")
	f.Float64Var(&satisfy, "satisfy", 0, "with --robustness: the value that is good enough at a future (default of a share 0.8, or 0.2 where low is better)")
	f.Float64Var(&level, "level", study.Level, "confidence level of the intervals")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	f.BoolVar(&asCSV, "csv", false, "as CSV, a row an estimate")
	f.BoolVar(&asMD, "md", false, "as Markdown")
	return cmd
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

// rankingAdvice is what to type after a ranking.
func rankingAdvice(std *streams, r *record.Result, dir string) []report.Advice {
	d, best := &r.Manifest.Design, max(0, r.Manifest.Selection.Best)
	return []report.Advice{
		{Command: fmt.Sprintf("%s summary %s --by %s --measure invaded", std.program, quote(dir), strings.Join(defaultBy(d), ",")), For: "another measure, choice by choice"},
		{Command: fmt.Sprintf("%s trace %s --point %d --rep 0", std.program, quote(dir), best*max(1, d.Futures)), For: "one history at the best choice"},
	}
}

// studyAdvice is what to type after the table of a study.
func studyAdvice(std *streams, d *record.Design, dir string) []report.Advice {
	var list []report.Advice
	add := func(what, format string, args ...any) {
		list = append(list, report.Advice{Command: std.program + " " + fmt.Sprintf(format, args...), For: what})
	}
	futures := len(d.Uncertain) > 0 && d.Futures > 0
	if choices := d.Futures < d.Points; choices {
		add("another measure, group by group", "summary %s --by %s --measure invaded", quote(dir), strings.Join(defaultBy(d), ","))
		if futures {
			add("how each choice does at its worst future, and what it gives away", "summary %s --robustness", quote(dir))
		}
	}
	if report.MethodFor(d) != "" {
		add("which inputs matter, or where it fails", "sensitivity %s", quote(dir))
	}
	add("one history at the last point", "trace %s --point %d --rep 0", quote(dir), d.Points-1)
	return list
}
