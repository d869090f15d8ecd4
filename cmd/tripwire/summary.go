package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

func newSummary(std *streams) *cobra.Command {
	var (
		level               float64
		asJSON, asCSV, asMD bool
	)
	cmd := &cobra.Command{
		Use:     "summary DIR",
		Short:   "Print what came of a run: its estimates with their intervals",
		Example: "  tripwire summary results/baseline\n  tripwire summary results/baseline --csv --level 0.99",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if !(level > 0 && level < 1) {
				return usagef("--level %v: must be in (0, 1)", level)
			}
			if asJSON && asCSV || asJSON && asMD || asCSV && asMD {
				return usagef("--json, --csv and --md: give one of them")
			}
			r, err := record.Open(args[0])
			if err != nil {
				return err
			}
			defer r.Close()
			s, err := report.Read(r, level)
			if err != nil {
				return err
			}
			next := advice(std, s, filepath.Join(args[0], "scenario.toml"), filepath.Clean(args[0]))
			switch {
			case asJSON:
				return s.JSON(std.out)
			case asCSV:
				return s.CSV(std.out)
			case asMD:
				return s.Markdown(std.out, next)
			}
			return s.Text(std.out, report.Style{Width: std.width, ASCII: std.ascii}, next)
		},
	}
	f := cmd.Flags()
	f.Float64Var(&level, "level", study.Level, "confidence level of the intervals")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	f.BoolVar(&asCSV, "csv", false, "as CSV, a row an estimate")
	f.BoolVar(&asMD, "md", false, "as Markdown")
	return cmd
}
