package main

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

func newSensitivity(std *streams) *cobra.Command {
	var (
		method, measure string
		level           float64
		form            form
		cut             cut
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
		RunE: func(cmd *cobra.Command, args []string) error {
			interest, err := cut.given(cmd)
			if err := cmp.Or(checkLevel(level), form.check(), err); err != nil {
				return err
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
			if interest != nil && method != "prim" {
				return usagef("--below and --above: are for --method prim")
			}
			s, err := load(filepath.Join(args[0], record.ScenarioFile), nil)
			if err != nil {
				return fmt.Errorf("the result's own input: %w", err)
			}
			found, err := findingsOf(r, s, method, measure, interest, level)
			if err != nil {
				return err
			}
			return form.print(std, found, nil)
		},
	}
	f := cmd.Flags()
	f.StringVar(&method, "method", "", "sobol, morris or prim (default the one that the design was made for)")
	f.StringVar(&measure, "measure", "deterred", "a column of runs.csv, with =CLASS if it has classes")
	cut.add(cmd, "prim")
	f.Float64Var(&level, "level", study.Level, "confidence level of the intervals")
	form.add(cmd, "as JSON", "as CSV")
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

// inputsFor is what a result's own study says of its inputs.
func inputsFor(r *record.Result) (report.Inputs, error) {
	s, err := studyOf(r)
	if err != nil {
		return report.Inputs{}, err
	}
	return inputsOf(s), nil
}

// findingsOf says which inputs of a result matter.
func findingsOf(r *record.Result, s *study.Study, method, measure string, cut *report.Cut, level float64) (table, error) {
	in := inputsOf(s)
	if method == "prim" {
		return report.ReadDiscovery(r, in, measure, cut, level)
	}
	return report.ReadSensitivity(r, in, method, measure, level)
}
