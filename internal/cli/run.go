// Package cli holds the subcommands that a person runs: login and status.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
)

// Exit codes, as shells use them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// command is one call of a subcommand with everything it sees of the world.
type command struct {
	version        string
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	browse         func(ctx context.Context, address string) error
}

// Run runs the subcommand that args begins with, on the streams and the environment of this process, and returns the
// exit code. It ends when the context does.
func Run(ctx context.Context, args []string, version string) int {
	c := &command{
		version: version, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, browse: openBrowser,
	}

	return c.run(ctx, args)
}

func (c *command) run(ctx context.Context, args []string) int {
	var err error

	switch {
	case len(args) > 0 && args[0] == "login":
		err = c.login(ctx, args[1:])
	case len(args) > 0 && args[0] == "status":
		err = c.status(ctx, args[1:])
	default:
		err = usageError{errors.New("the subcommands are login and status")}
	}

	return c.exitCode(ctx, err)
}

// usageError is a mistake on the command line.
type usageError struct{ error }

func (c *command) exitCode(ctx context.Context, err error) int {
	var (
		words *oauth.Error
		usage usageError
	)

	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &words):
		c.explainf("Error: %s\n\n%s\n", words.Summary, words.Detail)
	case ctx.Err() != nil:
		c.explainf("Interrupted. Nothing was stored.\n")

		return exitInterrupted
	case errors.As(err, &usage):
		c.explainf("Error: %v\n", err)

		return exitUsage
	default:
		c.explainf("Error: %v\n", err)
	}

	return exitFailure
}

// explain writes to the user. There is nobody left to tell if that fails.
func (c *command) explainf(format string, args ...any) { _, _ = fmt.Fprintf(c.stderr, format, args...) }

// flags makes a flag set that reports mistakes as errors of ours.
func (c *command) flags(name, usage string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	flags.Usage = func() {
		c.explainf("%s\n\nUsage: terraform-provider-sepay %s [options]\n\n", usage, name)
		flags.PrintDefaults()
	}

	return flags
}

func parse(flags *flag.FlagSet, args []string) error {
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return usageError{err}
	case flags.NArg() > 0:
		// An argument may be a secret that somebody tried to pass; it is not repeated.
		return usageError{errors.New("there is an argument too many; options begin with --")}
	}

	return nil
}
