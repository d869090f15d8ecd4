package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/input"
	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

func newCompare(std *streams) *cobra.Command {
	var (
		opt          report.CompareOptions
		exit         bool
		multiplicity string
		form         form
	)
	cmd := &cobra.Command{
		Use:   "compare DIR_A DIR_B",
		Short: "Say what one result changes against another, and how sure that is",
		Long: `compare says what differs in the inputs of two results, and then what differs in what came of them.

Design points are matched by case or by the values of all factors that either design chooses; a factor
that one of them does not vary has the value of its input there. Histories of the same seed, design point
(of a sample: the same future) and number met the same luck and are compared pair by pair; all others as
independent runs, and it says why. All measures are tested, the p values corrected for that by Holm's
method or another, and what changed is shown.

With --exit-code the exit code is 4 where anything changed: under the same seed and input (the number
of replications aside) any history or table that is not the same, else any change that is shown.`,
		Example: "  tripwire compare results/baseline results/baseline-r3\n" +
			"  tripwire compare last-night results/nightly --exit-code",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := cmp.Or(checkLevel(opt.Level), form.check()); err != nil {
				return err
			}
			known := slices.IndexFunc(report.Corrections, func(c report.Correction) bool { return c.Name == multiplicity })
			if known < 0 {
				return usagef("--multiplicity %s: must be one of %s", multiplicity, strings.Join(corrections(), ", "))
			}
			opt.Correction = report.Corrections[known]
			c, err := compareResults(args[0], args[1], opt)
			if err != nil {
				return err
			}
			if err := form.print(std, c, nil); err != nil {
				return err
			}
			if exit && c.Differs() {
				return mismatch{fmt.Errorf("%s differs from %s", args[1], args[0])}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.Measure, "measure", "", "compare this one alone: a column of runs.csv, with =CLASS if it has classes")
	f.Float64Var(&opt.Level, "level", study.Level, "confidence level of the intervals; what is left of 1 is the risk of any false alarm")
	f.StringVar(&multiplicity, "multiplicity", "holm", "how p is corrected for the number of tests: "+strings.Join(corrections(), ", ")+"; bh and by bound the share of false alarms among all, the others the risk of any")
	f.BoolVar(&exit, "exit-code", false, "exit 4 if anything changed")
	form.add(cmd, "as JSON, with all that was tested", "as CSV, a row a comparison")
	return cmd
}

func corrections() (names []string) {
	for _, c := range report.Corrections {
		names = append(names, c.Name)
	}
	return names
}

func compareResults(dirA, dirB string, opt report.CompareOptions) (*report.Comparison, error) {
	a, err := record.Open(dirA)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	b, err := record.Open(dirB)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return comparisonOf(a, b, opt)
}

// comparisonOf compares two results with their inputs.
func comparisonOf(a, b *record.Result, opt report.CompareOptions) (*report.Comparison, error) {
	opt.SameInput = a.Manifest.Input == b.Manifest.Input
	studyA, errA := studyOf(a)
	studyB, errB := studyOf(b)
	if err := errors.Join(errA, errB); err != nil {
		opt.Unread = "this tripwire does not read scenario.toml of one of the results (check says why)"
		return report.Compare(a, b, opt)
	}
	for i, s := range []*study.Study{studyA, studyB} {
		opt.Value[i] = func(key string) any {
			value, _ := input.Value(&s.Scenario, key) // nil where this version knows no such key
			return value
		}
	}
	opt.Inputs = []report.InputDifference{}
	for _, d := range studyA.File.Differences(studyB.File) {
		if d.A != input.ATable && d.B != input.ATable { // its keys say so
			opt.Inputs = append(opt.Inputs, report.InputDifference(d))
		}
	}
	opt.SameInput = !slices.ContainsFunc(opt.Inputs, func(d report.InputDifference) bool { return d.Key != "study.replications" })
	return report.Compare(a, b, opt)
}
