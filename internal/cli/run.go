// Package cli is the command line that a person uses: sign in, list the stored sign-ins, print a token, sign out.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// Exit codes, as shells use them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130
)

const (
	program       = "terraform-provider-sepay"
	documentation = "https://registry.terraform.io/providers/terraform-provider-sepay/sepay/latest/docs"
	signInGuide   = documentation + "/guides/authentication-and-ci"
)

// command is one run of the program with its streams and its environment.
type command struct {
	version        string
	serve          func() int // for a debugger
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	browse         func(ctx context.Context, address string) error

	code int // of a command that has served
}

// Run runs the command line args on the streams and the environment of this process, and returns the exit code. It ends
// when the context does. serve is what --debug starts.
func Run(ctx context.Context, args []string, version string, serve func() int) int {
	c := &command{
		version: version, serve: serve, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv,
		browse: openBrowser,
	}

	return c.run(ctx, args)
}

func (c *command) run(ctx context.Context, args []string) int {
	root := c.root() //nolint:contextcheck // each command gets the context when it runs
	root.SetArgs(withTwoDashes(args))
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)

	ran, err := root.ExecuteContextC(ctx)
	if err == nil {
		return c.code
	}

	return c.fail(ctx, ran, err)
}

// errSilent ends a command with exit code 1 and no further message.
var errSilent = errors.New("already reported")

// usageError is a mistake on the command line.
type usageError struct{ error }

func (c *command) fail(ctx context.Context, ran *cobra.Command, err error) int {
	var (
		diag  *diagnostic.Error
		usage usageError
	)

	switch {
	case errors.Is(err, errSilent):
	case errors.As(err, &diag):
		c.explainf("Error: %s\n\n%s\n", diag.Summary, diag.Detail)
	case ctx.Err() != nil, errors.Is(err, errPromptCanceled):
		c.explainf("Interrupted. Nothing was changed.\n")

		return exitInterrupted
	case errors.As(err, &usage):
		c.explainf("Error: %v\n\n", err)

		if root := ran.Root(); ran == root || ran.Name() == "help" {
			_, _ = io.WriteString(c.stderr, helpText(root))
		} else {
			c.explainf("Usage: %s\nRun `%s --help` for the options and an example.\n", ran.UseLine(), ran.CommandPath())
		}

		return exitUsage
	default:
		c.explainf("Error: %v\n", err)
	}

	return exitFailure
}

// explainf writes to standard error. A failed write cannot be reported anywhere.
func (c *command) explainf(format string, args ...any) { _, _ = fmt.Fprintf(c.stderr, format, args...) }

func (c *command) warn(warnings []diagnostic.Warning) {
	for _, warning := range warnings {
		c.explainf("\nWarning: %s\n\n%s\n", warning.Summary, warning.Detail)
	}
}
