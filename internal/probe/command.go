package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/cli"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
)

// Exit codes, as shells use them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// otherVariables is the help on the environment variable of the access token.
const otherVariables = "  SEPAY_ACCESS_TOKEN      used instead of the stored sign-in\n"

const (
	program       = "sepay-probe"
	documentation = "https://github.com/terraform-provider-sepay/terraform-provider-sepay/tree/main/cmd/sepay-probe"
)

// command is one run of the program with its streams and its environment.
type command struct {
	version        string
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	browse         func(ctx context.Context, address string) error
	interval       time.Duration

	signIn *cli.SignIn
	flags  commandFlags
}

type commandFlags struct {
	write, tokens, noBrowser, version bool
	url, redirectURL, output          string
}

// Main runs the command line args on the streams and the environment of this process, and returns the exit code. At a
// signal, it deletes its webhook, and returns.
func Main(args []string, version string) int { return runProcess(args, version, requestInterval) }

func runProcess(args []string, version string, interval time.Duration) int {
	// A closed pipe must not end the program before it has deleted its webhook.
	signal.Ignore(syscall.SIGPIPE)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()

	// A second signal ends the program immediately.
	context.AfterFunc(ctx, stop)

	c := &command{
		version: version, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, browse: cli.OpenBrowser,
		interval: interval,
	}
	code := c.run(ctx, args)

	// A token that is being exchanged is saved first.
	system.WaitForExchanges()

	return code
}

func (c *command) run(ctx context.Context, args []string) int {
	root := c.root() //nolint:contextcheck // the command gets the context when it runs
	root.SetArgs(append([]string{}, args...))
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)

	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}

	var (
		diag    *diagnostic.Error
		remains *NotDeletedError
	)

	switch {
	case errors.As(err, &remains):
		c.sayf("Error: %v\n", err)
	case ctx.Err() != nil, cli.IsInterrupted(err):
		c.sayf("Interrupted. No webhook of the probe is left.\n")

		return exitInterrupted
	case errors.As(err, &diag):
		c.sayf("Error: %s\n\n%s\n", diag.Summary, diag.Detail)
	case cli.IsUsageError(err):
		c.sayf("Error: %v\n\nRun `%s --help` for the options and an example.\n", err, program)

		return exitUsage
	default:
		c.sayf("Error: %v\n", err)
	}

	return exitFailure
}

func (c *command) root() *cobra.Command {
	cmd := &cobra.Command{
		Use: program + " [options]",
		Long: `Find out what SePay does where its documentation is silent, and write a report.

Without options, the probe only reads. With --write it also creates one webhook that is switched
off, changes it step by step, reads it back and deletes it: it shows that first, and asks. With
--tokens it signs in once more and asks what happens to tokens that are replaced.

It uses the sign-in of the provider: run ` + "`terraform-provider-sepay login`" + ` first. It changes no
other webhook, sends at most 40 requests at the provider's pace, and never spends a refresh token
that is not stored.

The report is sepay-report.md for people and sepay-report.json for programs. It has no secret, token,
name, number, address, URL or amount of the account.`,
		Example: `  ` + program + `
  ` + program + ` --write
  ` + program + ` --write --tokens --output production`,
		Annotations:           map[string]string{cli.VariablesKey: cli.SignInVariables + otherVariables},
		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
		CompletionOptions:     cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE:                  func(cmd *cobra.Command, _ []string) error { return c.probe(cmd.Context()) },
	}

	flags := cmd.Flags()
	c.signIn = cli.NewSignIn(flags, c.stdin, c.stderr, c.env)
	flags.BoolVar(&c.flags.write, "write", false, "answer questions that need a webhook, after a confirmation")
	flags.BoolVar(&c.flags.tokens, "tokens", false, "answer questions about tokens, with a separate sign-in in the browser")
	flags.StringVar(&c.flags.url, "url", "", "the webhook's `url` (default: one at example.com); it is never called")
	flags.StringVar(&c.flags.redirectURL, "redirect-url", "http://127.0.0.1:8765/callback",
		"the redirect `url` that is registered for the client, for --tokens")
	flags.BoolVar(&c.flags.noBrowser, "no-browser", false, "print the address of the sign-in only")
	flags.StringVar(&c.flags.output, "output", "sepay-report", "the `path` of the report, without .md and .json")
	flags.BoolVar(&c.flags.version, "version", false, "print the version")
	flags.BoolP("help", "h", false, "show this help")

	cli.StrictArguments(cmd)
	cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		_, _ = io.WriteString(c.stdout, cli.HelpText(cmd, documentation))
	})

	return cmd
}

func (c *command) sayf(format string, args ...any) { _, _ = fmt.Fprintf(c.stderr, format, args...) }

func (c *command) printVersion() error {
	_, err := fmt.Fprintf(c.stdout, "%s %s %s/%s\n", program, c.version, runtime.GOOS, runtime.GOARCH)

	return err
}
