package main

import (
	"math"
	"strings"

	"github.com/spf13/cobra"
)

// meanings is what the words of a usage line stand for, where that is not plain.
var meanings = map[string]string{
	"FILE":     "a scenario or study",
	"FILE...":  "a scenario or study, or several",
	"DIR":      "the folder of a result",
	"DIR...":   "the folders of shards",
	"FILE|DIR": "a scenario, a study or the folder of a result",
	"DIR_A":    "the folder of a result",
	"DIR_B":    "the folder of another result",
	"FIGURE":   "the name of a figure",
}

// arguments holds a command line against the usage line of its command: WORD has to be there, [WORD] may, WORD... may
// be several, and from the first flag on it is about flags.
func arguments(std *streams, cmd *cobra.Command) cobra.PositionalArgs {
	var words []string
	least, most := 0, 0
	for _, word := range strings.Fields(cmd.Use)[1:] {
		if strings.HasPrefix(word, "-") {
			break
		}
		words = append(words, word)
		most++
		if !strings.HasPrefix(word, "[") {
			least++
		}
		if strings.HasSuffix(word, "...") {
			most = math.MaxInt
		}
	}
	inner := cmd.Args
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			var missing []string
			for _, word := range words[len(args):least] {
				if meaning := meanings[word]; meaning != "" {
					word += ", " + meaning
				}
				missing = append(missing, word)
			}
			return usagef("%s needs %s; such as: %s", cmd.Name(), strings.Join(missing, ", and "), example(std, cmd))
		case len(args) > most && most == 0:
			return usagef("%s takes nothing but flags: what is %s?", cmd.Name(), quote(args[0]))
		case len(args) > most:
			return usagef("%s takes %s and no more: what is %s?", cmd.Name(), strings.Join(words, " and "), quote(args[most]))
		case inner != nil:
			return inner(cmd, args)
		}
		return nil
	}
}

// example is the first of a command's examples that carries it out: those of merge begin with the runs that it unites.
func example(std *streams, cmd *cobra.Command) string {
	for line := range strings.Lines(cmd.Example) {
		if rest, found := strings.CutPrefix(strings.TrimSpace(line), "tripwire "+cmd.Name()); found {
			return std.program + " " + cmd.Name() + rest
		}
	}
	return helpOn(std, cmd)
}
