// Command tripwire simulates an armistice in Ukraine under security guarantees, many times over, and
// says what came of it. One file a subcommand: its flags, and the wiring of the packages that do the
// work; flags.go, load.go, next.go, json.go and exit.go serve several. Start at run.go. It knows neither
// how a war goes nor how an estimate is made.
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
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		started = true
		if f := cmd.Flags().Lookup("out"); f != nil && f.Changed && f.Value.String() == "" {
			return usagef(`-o: "" names neither a file nor a folder`) // such as "$EMPTY" of a script, which means some other place than the default
		}
		return nil
	}
	root.SetArgs(args)
	asked := root
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("a fault of tripwire itself: %v\n%s", p, debug.Stack())
			}
		}()
		asked, err = root.ExecuteContextC(ctx)
		if err != nil && !started {
			err = usage{err} // cobra found it before the command began
		}
		return err
	}()
	if flushed := std.out.Flush(); err == nil && flushed != nil {
		err = output{flushed}
	}
	if err != nil {
		err = whatNext(std, err)
		var faults input.Faults
		switch {
		case errors.As(err, &faults):
			fmt.Fprintln(std.err, err) // each line begins with its place
		case errors.As(err, new(usage)):
			fmt.Fprintf(std.err, "tripwire: %v\nsee: %s\n", err, helpOn(std, asked))
		default:
			fmt.Fprintf(std.err, "tripwire: %v\n", err)
		}
	}
	return exitCode(err)
}

// helpOn is the command line that explains a command; of a command's arguments it says the order too.
func helpOn(std *streams, cmd *cobra.Command) string {
	if cmd == nil || !cmd.HasParent() {
		return std.program + " help"
	}
	return std.program + " help " + cmd.Name() + "  (usage: " + cmd.UseLine() + ")"
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
	root.AddCommand(
		newInit(std), newRun(std), newMerge(std), newPlan(std), newCheck(std), newParams(std),
		newSummary(std), newSensitivity(std), newCompare(std), newPlot(std), newReport(std), newServe(std),
		newTrace(std), newWhy(std), newRare(std), newStatus(std), newVerify(std), newVersion(std), newCompletion(std),
	)
	for _, cmd := range root.Commands() {
		cmd.Args = arguments(std, cmd)
	}
	return root
}
