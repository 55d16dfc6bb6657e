package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

const defaultRedirectURL = "http://127.0.0.1:8765/callback"

// loginFlags are the options of login.
type loginFlags struct {
	*storeFlags

	redirect                    string
	scopes                      []string
	noBrowser, printToken, pkce bool
}

func (c *command) loginCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "login [options]", Short: "Sign in to SePay with the browser", Args: noArguments,
		DisableFlagsInUseLine: true,
		Long: `Sign in to SePay with the browser, and store the sign-in for the provider.

The client secret is read from SEPAY_CLIENT_SECRET, or asked for. It is never an argument,
which other users of the machine could see.`,
		Example: `  ` + program + ` login --client-id '…'
  ` + program + ` login --store-key production --scope webhook:read,webhook:write
  ` + program + ` login --no-browser --redirect-url https://example.com/callback`,
		Annotations: map[string]string{variablesKey: storeVariables + promptedVariable},
	}

	f := &loginFlags{}
	flags := cmd.Flags()
	f.storeFlags = c.addStoreFlags(flags)
	flags.StringVar(&f.redirect, "redirect-url", defaultRedirectURL, "the redirect `url` that is registered for the client")
	flags.StringArrayVar(&f.scopes, "scope", nil,
		"a `scope` to request, or several, separated by commas; may be repeated (default: all that the provider can use)")
	flags.BoolVar(&f.noBrowser, "no-browser", false, "print the address only")
	flags.BoolVar(&f.pkce, "pkce", false, "use PKCE (S256); omit it if SePay rejects it")
	flags.BoolVar(&f.printToken, "print-refresh-token", false, "print the refresh token on standard output")

	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.login(cmd.Context(), f) }

	return cmd
}

func (c *command) login(ctx context.Context, f *loginFlags) error {
	store, err := f.open()
	if err != nil {
		return err
	}

	if f.clientID == "" {
		return usageError{errors.New("there is no client: give --client-id or set SEPAY_CLIENT_ID")}
	}

	secret, err := c.clientSecret(ctx)
	if err != nil {
		return err
	}

	options := login.Options{
		AuthorizeURL: f.url("/oauth/authorize"), TokenURL: f.url("/oauth/token"),
		ClientID: f.clientID, ClientSecret: secret, RedirectURL: f.redirect, Scopes: f.requestedScopes(), PKCE: f.pkce,
		Store: store, Key: f.key, UserAgent: program + "/" + c.version, In: c.stdin, Out: c.stderr,
		Identify: c.identify(f),
	}

	if !f.noBrowser {
		options.OpenBrowser = c.browse
	}

	result, err := login.Run(ctx, options)
	if err != nil {
		return err
	}

	c.announce(f, result)

	if f.printToken {
		c.explainf("\nThe refresh token below and the stored sign-in are the same authorization, and each use replaces the " +
			"token. Use it in one place only.\n")

		_, err = fmt.Fprintln(c.stdout, string(result.RefreshToken))
	}

	return err
}

// requestedScopes returns the scopes of --scope, by default all that the provider can use.
func (f *loginFlags) requestedScopes() []string {
	var scopes []string

	for _, argument := range f.scopes {
		scopes = append(scopes, strings.FieldsFunc(argument, func(r rune) bool { return r == ' ' || r == ',' })...)
	}

	if len(scopes) == 0 {
		return sepay.Values(sepay.Scopes())
	}

	return scopes
}

func (c *command) announce(f *loginFlags, result login.Result) {
	c.explainf("\nSigned in to SePay")

	if account := result.Account.String(); account != "" {
		c.explainf(" as %s.\nIf this is not your account, run `%s logout`, and sign in again.\n", account, diagnostic.Program())
	} else {
		c.explainf(".\n")
	}

	if result.AccountErr != nil && slices.Contains(result.Scopes, sepay.ScopeProfile) {
		c.explainf("The account could not be read from SePay: %v\n", result.AccountErr)
	}

	c.explainf("\nThe sign-in is stored in %s.\n", result.Location)
	c.explainf("It is renewed at each use; unused, it expires on %s.\n\n", tokenstore.DescribeExpiry(result.RefreshExpiresAt, time.Now()))
	c.explainf("The provider finds it with client_id = %q and the client secret", f.clientID)

	if result.Key != "" {
		c.explainf(", and token_store_key = %q", result.Key)
	}

	c.explainf("; no refresh_token is needed.\n")
	c.warn(result.Warnings)
}
