package cli

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// root is the tree of commands.
func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   program,
		Short: "The SePay provider for Terraform and OpenTofu",
		Long: `The SePay provider for Terraform and OpenTofu.

Terraform and OpenTofu start this program on their own. You start it to sign in to SePay.`,
		Example: `  export SEPAY_CLIENT_ID='…' SEPAY_CLIENT_SECRET='…'
  ` + program + ` login
  terraform plan`,
		Args:                  cobra.ArbitraryArgs,
		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
		CompletionOptions:     cobra.CompletionOptions{DisableDefaultCmd: true},
	}

	debug := root.Flags().Bool("debug", false, "serve for a debugger, and print the TF_REATTACH_PROVIDERS value to set")
	version := root.Flags().Bool("version", false, "print the version")

	root.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > 0:
			return unknownCommand(root, args[0])
		case *debug:
			c.code = c.serve()

			return nil
		case *version:
			return c.printVersion()
		}

		return cmd.Help()
	}

	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { _, _ = io.WriteString(c.stdout, helpText(cmd)) })
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError{flagError(cmd, err)} })
	root.AddCommand(c.loginCommand(), c.statusCommand(), c.tokenCommand(), c.logoutCommand(), c.versionCommand())
	root.SetHelpCommand(c.helpCommand(root))

	// The commands inherit it, and its text matches that of the other options.
	root.PersistentFlags().BoolP("help", "h", false, "show this help")

	return root
}

func (c *command) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArguments, DisableFlagsInUseLine: true,
		Long:    "Print the version of the provider, and the system that it was built for.",
		Example: "  " + program + " version",
		RunE:    func(*cobra.Command, []string) error { return c.printVersion() },
	}
}

func (c *command) printVersion() error {
	_, err := fmt.Fprintf(c.stdout, "%s %s %s/%s\n", program, c.version, runtime.GOOS, runtime.GOARCH)

	return err
}

func (c *command) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [command]", Short: "Show the help of a command", DisableFlagsInUseLine: true,
		Long:    "Show the help of a command, or of the program.",
		Example: "  " + program + " help login",
		RunE: func(_ *cobra.Command, args []string) error {
			target := root

			for _, word := range args {
				next, _, err := target.Find([]string{word})
				if err != nil || next == target {
					return unknownCommand(root, word)
				}

				target = next
			}

			return target.Help()
		},
	}
}

// unknownCommand is the usage error for a word that is not a command.
func unknownCommand(root *cobra.Command, word string) error {
	root.SuggestionsMinimumDistance = 2

	text := fmt.Sprintf("unknown command %q", word)
	if similar := root.SuggestionsFor(word); len(similar) > 0 {
		text += "; did you mean " + strings.Join(similar, " or ") + "?"
	}

	return usageError{errors.New(text)}
}

// noArguments refuses arguments without repeating them: one may be a secret.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{errors.New("unexpected argument; options begin with --")}
	}

	return nil
}

// flagError describes an invalid option without its value, which may be a secret.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		syntax  *pflag.InvalidSyntaxError
		value   *pflag.InvalidValueError
	)

	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		name, _, _ := strings.Cut(unknown.GetSpecifiedShortnames(), "=")
		if cmd.Flags().Lookup(name) == nil {
			name = "client-id"
		}

		return fmt.Errorf("options begin with two dashes, such as --%s", name)
	case errors.As(err, &unknown):
		return fmt.Errorf("unknown option --%s", unknown.GetSpecifiedName())
	case errors.As(err, &bare):
		return fmt.Errorf("the option --%s needs a value", bare.GetFlag().Name)
	case errors.As(err, &syntax):
		return errors.New("an option is not written as --name or --name=value")
	case errors.As(err, &value):
		return fmt.Errorf("the value of --%s is not a %s", value.GetFlag().Name, value.GetFlag().Value.Type())
	}

	return err
}

// withTwoDashes accepts the two options of the program with one dash, as other providers do.
func withTwoDashes(args []string) []string {
	if len(args) == 1 && (args[0] == "-debug" || args[0] == "-version") {
		return []string{"-" + args[0]}
	}

	// nil would make the library read the arguments of the process.
	return append([]string{}, args...)
}
