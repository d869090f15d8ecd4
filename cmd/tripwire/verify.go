package main

import (
	"github.com/spf13/cobra"

	"tripwire/study/validation"
)

func newVerify(std *streams) *cobra.Command {
	var (
		rerun                   int64
		asJSON                  bool
		behaviours, calibration bool
		histories               int
	)
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Check the known answers, the model's behaviours and calibration, or a result",
		Long: `verify computes every answer that theory knows, each by the code that plays the war, and prints it
beside the one that is known: "ok NAME GOT WANT", or FAIL. Computed answers have to agree to 1e-9,
simulated ones, which have a fixed seed, to four standard errors. It exits 4 if one is missed.

verify DIR compares every file of a result with its hash in manifest.json, and exits 7 if one was
changed or is gone. Then it plays a random sample of the runs again from scenario.toml, the same
sample each time, and exits 4 if a row of runs.csv comes out with another byte.

verify --behaviours moves one lever at a time under the same luck and holds the effects against what
must follow; verify --calibration holds the war against figures of past ones. Both print a card in
Markdown, which says where and why the model disagrees, and exit 4 if it disagrees elsewhere. With
--json they print what plot draws the figures calibration and behaviours from.`,
		Example: "  tripwire verify\n  tripwire verify results/baseline --rerun 1000\n  tripwire verify --behaviours -n 500",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case behaviours || calibration:
				if behaviours && calibration || len(args) > 0 || cmd.Flags().Changed("rerun") {
					return usagef("--behaviours and --calibration: ask for one of them, and for nothing but -n and --json beside it")
				}
				if histories < 2 {
					return usagef("-n %d: must be 2 or more", histories)
				}
				if calibration {
					return runValidation(std, "calibration", histories, asJSON)
				}
				return runValidation(std, "behaviours", histories, asJSON)
			case cmd.Flags().Changed("reps"):
				return usagef("-n says how many histories a card plays: give --behaviours or --calibration")
			case rerun < 0:
				return usagef("--rerun %d: must not be negative", rerun)
			case len(args) == 1:
				return verifyResult(cmd.Context(), std, args[0], rerun, asJSON)
			case cmd.Flags().Changed("rerun"):
				return usagef("--rerun plays runs of a result again: give its folder")
			}
			return verifyKnown(std, knownAnswers, asJSON)
		},
	}
	f := cmd.Flags()
	f.Int64Var(&rerun, "rerun", 200, "how many runs of DIR are played again; all of them if it has fewer")
	f.BoolVar(&asJSON, "json", false, "as JSON")
	f.BoolVar(&behaviours, "behaviours", false, "print the card of behaviours that must hold")
	f.BoolVar(&calibration, "calibration", false, "print the calibration card")
	f.IntVarP(&histories, "reps", "n", validation.Histories, "histories that a card plays on each side")
	return cmd
}
