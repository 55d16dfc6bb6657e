package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const helpWidth = 100

// helpText is the help of a command. It is written without the library's templates, which would prevent the
// linker from removing unused code.
func helpText(cmd *cobra.Command) string {
	address := documentation
	if cmd.HasParent() {
		address = signInGuide
	}

	return HelpText(cmd, address)
}

// HelpText is the help of a command whose documentation is at an address.
func HelpText(cmd *cobra.Command, address string) string {
	var text strings.Builder

	fmt.Fprintf(&text, "%s\n\nUsage:\n  %s\n", cmd.Long, usageLine(cmd))

	if cmd.HasAvailableSubCommands() {
		text.WriteString("\nCommands:\n")

		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&text, "  %-8s %s\n", sub.Name(), sub.Short)
			}
		}
	}

	if cmd.Example != "" {
		fmt.Fprintf(&text, "\nExample:\n%s\n", cmd.Example)
	}

	cmd.InitDefaultHelpFlag()

	flags := cmd.LocalFlags()
	flags.AddFlagSet(cmd.InheritedFlags())
	fmt.Fprintf(&text, "\nOptions:\n%s", flags.FlagUsagesWrapped(helpWidth))

	if variables := cmd.Annotations[variablesKey]; variables != "" {
		fmt.Fprintf(&text, "\nEnvironment variables, over which the options take precedence:\n%s", variables)
	}

	fmt.Fprintf(&text, "\nDocumentation: %s\n", address)

	return text.String()
}

func usageLine(cmd *cobra.Command) string {
	if !cmd.HasParent() && cmd.HasAvailableSubCommands() {
		return cmd.CommandPath() + " <command> [options]"
	}

	return cmd.UseLine()
}
