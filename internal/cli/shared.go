package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// This file is what other commands of this project share: the options that find the provider's sign-in, the prompt for the
// client secret, and how mistakes on the command line are reported.

// VariablesKey is the annotation of a command that holds its environment variables for the help.
const VariablesKey = variablesKey

// SignInVariables is the help's text on the environment variables of the options that NewSignIn adds.
const SignInVariables = storeVariables + promptedVariable

// SignIn finds the sign-in that the provider uses.
type SignIn struct {
	command *command
	options *storeFlags
}

// NewSignIn adds the options that say where SePay and the sign-in are.
func NewSignIn(flags *pflag.FlagSet, stdin io.Reader, stderr io.Writer, env func(string) string) *SignIn {
	c := &command{stdin: stdin, stderr: stderr, env: env}

	return &SignIn{command: c, options: c.addStoreFlags(flags)}
}

// Open completes the options from the environment and opens the token store, which is tokenstore.None() where the user
// has turned the store off. Call it before the other methods.
func (s *SignIn) Open() (tokenstore.Store, error) { return s.options.open() }

// BaseURL is the address of SePay, without a slash at the end.
func (s *SignIn) BaseURL() string { return s.options.baseURL }

// ClientID is the id of the OAuth2 client, or "".
func (s *SignIn) ClientID() string { return s.options.clientID }

// Key is the name that the sign-in is stored under, or "".
func (s *SignIn) Key() string { return s.options.key }

// ClientSecret reads the client secret from the environment, or prompts for it on the terminal without showing it.
func (s *SignIn) ClientSecret(ctx context.Context) (string, error) {
	return s.command.clientSecret(ctx)
}

// OpenBrowser starts the user's browser.
func OpenBrowser(ctx context.Context, address string) error { return openBrowser(ctx, address) }

// StrictArguments makes a command report mistakes on its command line as UsageError, without the values that were given:
// one of them may be a secret.
func StrictArguments(cmd *cobra.Command) {
	cmd.Args = noArguments
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return UsageError(flagError(cmd, err)) })
}

// UsageError marks an error as a mistake on the command line.
func UsageError(err error) error { return usageError{err} }

// IsUsageError reports whether an error is a mistake on the command line.
func IsUsageError(err error) bool {
	var usage usageError

	return errors.As(err, &usage)
}

// IsInterrupted reports whether the user left a prompt with Ctrl-C or Ctrl-D.
func IsInterrupted(err error) bool {
	return errors.Is(err, errPromptCanceled) || errors.Is(err, context.Canceled)
}
