package main

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"tripwire/model"
	"tripwire/stats"
	"tripwire/study/rare"
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
		Args:    cobra.MaximumNArgs(1),
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

// answer is one known answer, whoever gave it.
type answer struct {
	Name      string `json:"name"`
	OK        bool   `json:"ok"`
	Got       number `json:"got"`
	Want      number `json:"want"`
	Tolerance number `json:"tolerance"`
	Simulated bool   `json:"simulated"`
}

// A number is null in JSON where it is none.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// knownAnswers yields the known answers of the war, of the statistics, of sensitivity studies and of splitting.
func knownAnswers(yield func(answer)) {
	model.KnownAnswers(func(k model.Known) { yield(ofWar(k)) })
	stats.KnownAnswers(func(k stats.Known) {
		yield(answer{k.Name, k.OK(), number(k.Got), number(k.Want), number(k.Tolerance), false})
	})
	influence(yield)
	rare.KnownAnswers(func(k rare.Known) {
		yield(answer{k.Name, k.OK(), number(k.Got), number(k.Want), number(k.Tolerance), true})
	})
}

func ofWar(k model.Known) answer {
	return answer{k.Name, k.OK(), number(k.Got), number(k.Want), number(k.Tolerance), k.Simulated}
}

// verifyKnown prints known answers as they come.
func verifyKnown(std *streams, known func(yield func(answer)), asJSON bool) error {
	report := struct {
		Cases  []answer `json:"cases"`
		Passed int      `json:"passed"`
		Failed int      `json:"failed"`
	}{}
	known(func(a answer) {
		word := "ok"
		if a.OK {
			report.Passed++
		} else {
			word = "FAIL"
			report.Failed++
		}
		if asJSON {
			report.Cases = append(report.Cases, a)
			return
		}
		fmt.Fprintf(std.out, "%s %s %.10g %.10g\n", word, a.Name, a.Got, a.Want)
	})
	if asJSON {
		if err := writeJSON(std.out, report); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(std.out, "%d passed, %d failed\n", report.Passed, report.Failed)
	}
	if report.Failed > 0 {
		return mismatch{fmt.Errorf("%d of %d known answers are missed", report.Failed, report.Passed+report.Failed)}
	}
	return nil
}
