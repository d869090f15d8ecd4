package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

// A finding is what a table can be shown as.
type finding interface {
	Document(advice ...report.Advice) *report.Document
	JSON(w io.Writer) error
	CSV(w io.Writer) error
}

func newSensitivity(std *streams) *cobra.Command {
	var (
		method, measure     string
		below, above, level float64
		asJSON, asCSV, asMD bool
	)
	cmd := &cobra.Command{
		Use:   "sensitivity DIR",
		Short: "Say which inputs matter, and where it fails",
		Long: `sensitivity says of a study which of its factors matter for a measure:

  sobol   the share of the variance that each has a part in; for design = "saltelli"
  morris  the size of each one's effect, to find the few that matter; for design = "morris"
  prim    the box of the factors in which it fails; for other sampled designs

and which of the largest drivers rest on judgement.`,
		Example: "  tripwire sensitivity results/sensitivity\n  tripwire sensitivity results/screening --measure invaded --csv\n  tripwire sensitivity results/futures --measure area_max_km2 --above 1000",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f := cmd.Flags()
			switch {
			case !(level > 0 && level < 1):
				return usagef("--level %v: must be in (0, 1)", level)
			case asJSON && asCSV || asJSON && asMD || asCSV && asMD:
				return usagef("--json, --csv and --md: give one of them")
			case f.Changed("below") && f.Changed("above"):
				return usagef("--below and --above: give one of them")
			}
			r, err := record.Open(args[0])
			if err != nil {
				return err
			}
			defer r.Close()
			d := &r.Manifest.Design
			if method == "" {
				if method = report.MethodFor(d); method == "" {
					return usagef("the design of this result (%s) samples nothing: a study of design saltelli, morris or latin-hypercube does", d.Kind)
				}
			}
			var cut *report.Cut
			if f.Changed("below") || f.Changed("above") {
				if method != "prim" {
					return usagef("--below and --above: are for --method prim")
				}
				cut = &report.Cut{Threshold: below}
				if f.Changed("above") {
					cut = &report.Cut{Threshold: above, Above: true}
				}
			}
			s, err := load(filepath.Join(args[0], scenarioFile), nil)
			if err != nil {
				return fmt.Errorf("the result's own input: %w", err)
			}
			found, err := findingsOf(r, s, method, measure, cut, level)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return found.JSON(std.out)
			case asCSV:
				return found.CSV(std.out)
			case asMD:
				return found.Document().Markdown(std.out)
			}
			return found.Document().Text(std.out, report.Style{Width: std.width, ASCII: std.ascii})
		},
	}
	f := cmd.Flags()
	f.StringVar(&method, "method", "", "sobol, morris or prim (default the one that the design was made for)")
	f.StringVar(&measure, "measure", "deterred", "a column of runs.csv, with =CLASS if it has classes")
	f.Float64Var(&below, "below", 0.5, "of prim: a case of interest is a point whose mean is below this")
	f.Float64Var(&above, "above", 0.5, "of prim: a case of interest is a point whose mean is above this")
	f.Float64Var(&level, "level", study.Level, "confidence level of the intervals")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	f.BoolVar(&asCSV, "csv", false, "as CSV")
	f.BoolVar(&asMD, "md", false, "as Markdown")
	return cmd
}

// mostLooked is how many design points are looked at for sampled values that could not be played.
const mostLooked = 10_000

// inputsOf is what a study says of its inputs.
func inputsOf(s *study.Study) report.Inputs {
	in := report.Inputs{Basis: map[string]string{}, Sample: s.Sample()}
	for _, p := range s.File.Parameters {
		in.Basis[p.Key] = p.Basis
	}
	in.Looked, in.Moved = s.Moved(mostLooked)
	return in
}

// findingsOf says which inputs of a result matter.
func findingsOf(r *record.Result, s *study.Study, method, measure string, cut *report.Cut, level float64) (finding, error) {
	in := inputsOf(s)
	if method == "prim" {
		return report.ReadDiscovery(r, in, measure, cut, level)
	}
	return report.ReadSensitivity(r, in, method, measure, level)
}
