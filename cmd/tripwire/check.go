package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/input"
	"tripwire/report"
)

// checked is what check says of a file.
type checked struct {
	File       string            `json:"file"`
	OK         bool              `json:"ok"`
	Hash       string            `json:"hash,omitempty"`
	Runs       int64             `json:"runs,omitempty"`
	Open       bool              `json:"open,omitempty"` // the study decides as it goes how long to go on: runs is the most
	Layers     []string          `json:"layers,omitempty"`
	Faults     input.Faults      `json:"faults"`
	Parameters []input.Parameter `json:"parameters,omitempty"`
}

func newCheck(std *streams) *cobra.Command {
	var (
		sets   []string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:               "check FILE...",
		Short:             "Say every fault of a scenario or study, with its place",
		Example:           "  tripwire check baseline\n  tripwire check baseline --set coalition.roe=R4 --json",
		ValidArgsFunction: completeFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			var all []checked
			var faults input.Faults
			for _, file := range args {
				c, err := check(file, sets)
				if err != nil {
					return err
				}
				all = append(all, c)
				faults = append(faults, c.Faults...)
				if !asJSON && c.OK {
					most := ""
					if c.Open {
						most = "at most "
					}
					fmt.Fprintf(std.out, "%s: ok: %d parameters from %s; %s%s\n", file, len(c.Parameters), strings.Join(c.Layers, ", "), most, report.Plural(c.Runs, "history", "histories"))
				}
			}
			if asJSON {
				if err := writeJSON(std.out, all); err != nil {
					return err
				}
			}
			if len(faults) > 0 {
				return faults
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&sets, "set", nil, "check with a parameter set: KEY=VALUE")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the layer that each value came from")
	return cmd
}

// check reads a file; only what is no fault of the file is an error.
func check(file string, sets []string) (checked, error) {
	s, err := load(file, sets)
	var faults input.Faults
	if errors.As(err, &faults) {
		return checked{File: file, Faults: faults}, nil
	} else if err != nil {
		return checked{}, err
	}
	return checked{
		File: file, OK: true, Hash: s.File.Hash(), Runs: s.Runs(), Open: !s.Fixed(), Layers: s.File.Layers,
		Faults: input.Faults{}, Parameters: s.File.Parameters,
	}, nil
}
