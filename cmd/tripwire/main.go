// Command tripwire simulates an armistice in Ukraine under security guarantees, many times over, and
// says what came of it. One file a subcommand: its flags, and the wiring of the packages that do the
// work. Start at run.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"tripwire/input"
)

func main() { os.Exit(execute(context.Background(), system(), os.Args[1:])) }

// execute carries out one command line and returns its exit code.
func execute(ctx context.Context, std *streams, args []string) (code int) {
	started := false
	root := newRoot(std)
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	root.SetArgs(args)
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("a fault of tripwire itself: %v\n%s", p, debug.Stack())
			}
		}()
		err = root.ExecuteContext(ctx)
		if err != nil && !started {
			err = usage{err} // cobra found it before the command began
		}
		return err
	}()
	if flushed := std.out.Flush(); err == nil && flushed != nil {
		err = output{flushed}
	}
	if err != nil {
		var faults input.Faults
		switch {
		case errors.As(err, &faults):
			fmt.Fprintln(std.err, err) // each line begins with its place
		case errors.As(err, new(usage)):
			fmt.Fprintf(std.err, "tripwire: %v\nsee: %s help\n", err, std.program)
		default:
			fmt.Fprintf(std.err, "tripwire: %v\n", err)
		}
	}
	return exitCode(err)
}

func newRoot(std *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "tripwire",
		Short: "What security guarantees do to an armistice in Ukraine, simulated many times over",
		Long: `tripwire plays an armistice in Ukraine under security guarantees many times over: does Moscow
attack again, and if it does, does it gain its aim before the guarantees bite? It compares
guarantees under stated assumptions; it is never a forecast.

Start with:  tripwire run baseline`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(newRun(std), newMerge(std), newPlan(std), newCheck(std), newParams(std), newSummary(std), newSensitivity(std), newCompare(std), newPlot(std), newTrace(std), newWhy(std), newRare(std), newStatus(std), newVerify(std), newVersion(std), newCompletion(std))
	return root
}
