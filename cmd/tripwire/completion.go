package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func newCompletion(std *streams) *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print the script by which a shell completes tripwire's commands",
		Example:   "  tripwire completion bash",
		Args:      cobra.OnlyValidArgs,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(std.out, true)
			case "zsh":
				return root.GenZshCompletion(std.out)
			case "fish":
				return root.GenFishCompletion(std.out, true)
			}
			return root.GenPowerShellCompletionWithDesc(std.out)
		},
	}
}

// completeFiles offers the embedded configurations beside the shell's own files.
func completeFiles(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
	other := func(name string) bool { return !strings.HasPrefix(name, prefix) }
	return slices.DeleteFunc(loader.Names(), other), cobra.ShellCompDirectiveDefault
}
