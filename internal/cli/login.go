package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

const defaultRedirectURL = "http://127.0.0.1:8765/callback"

const loginUsage = `Signs in to SePay with the browser and stores the sign-in for the provider.

The client secret is read from SEPAY_CLIENT_SECRET, or asked for; it is never an argument, which other users of the
machine could see.`

// scopeList collects --scope, which may be repeated and may hold several.
type scopeList []string

// String is what the flag shows as its default.
func (s *scopeList) String() string { return strings.Join(*s, " ") }

// Set adds one argument.
func (s *scopeList) Set(value string) error {
	*s = append(*s, strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' })...)

	return nil
}

func (c *command) login(ctx context.Context, args []string) error {
	var scopes scopeList

	flags := c.flags("login", loginUsage)
	place := c.placeFlags(flags)
	redirect := flags.String("redirect-url", defaultRedirectURL, "the redirect `url` that is registered for the client")
	flags.Var(&scopes, "scope", "a `scope` to ask for; may be repeated (default: all that the provider can use)")
	noBrowser := flags.Bool("no-browser", false, "only print the address")
	printToken := flags.Bool("print-refresh-token", false, "print the refresh token on standard output")

	if err := parse(flags, args); err != nil {
		return err
	}

	if place.clientID == "" {
		return usageError{errors.New("no client: give --client-id or set SEPAY_CLIENT_ID")}
	}

	store, err := c.openStore(place)
	if err != nil {
		return err
	}

	secret, err := c.clientSecret()
	if err != nil {
		return err
	}

	options := oauth.LoginOptions{
		AuthorizeURL: place.url("/oauth/authorize"), TokenURL: place.url("/oauth/token"),
		ClientID: place.clientID, ClientSecret: secret, RedirectURL: *redirect, Scopes: scopes,
		Store: store, Key: place.key, UserAgent: "terraform-provider-sepay/" + c.version, In: c.stdin, Out: c.stderr,
	}

	if len(scopes) == 0 {
		for _, scope := range sepay.Scopes() {
			options.Scopes = append(options.Scopes, scope.Value)
		}
	}

	if !*noBrowser {
		options.OpenBrowser = c.browse
	}

	result, err := oauth.Login(ctx, options)
	if err != nil {
		return err
	}

	c.announce(place, result)

	if *printToken {
		c.explainf("\nThe refresh token below and the stored sign-in are the same authorization: whoever uses it first " +
			"wins. Use it in " +
			"one place only.\n")

		_, err = fmt.Fprintln(c.stdout, string(result.RefreshToken))
	}

	return err
}

func (c *command) announce(place *place, result oauth.LoginResult) {
	c.explainf("\nSigned in. The sign-in is stored in %s.\n", result.Location)
	c.explainf("It renews itself when it is used, and lasts until %s when it is "+
		"not.\n\n", result.RefreshExpiresAt.Format(time.DateOnly))
	c.explainf("The provider finds it with client_id = %q and the client secret", place.clientID)

	if result.Key != "" {
		c.explainf(", and token_store_key = %q", result.Key)
	}

	c.explainf("; no refresh_token is needed.\n")

	for _, warning := range result.Warnings {
		c.explainf("\nWarning: %s\n\n%s\n", warning.Summary, warning.Detail)
	}
}

// clientSecret takes the secret from the environment, or asks for it on the terminal without showing it.
func (c *command) clientSecret() (string, error) {
	if secret := c.env("SEPAY_CLIENT_SECRET"); secret != "" {
		return secret, nil
	}

	terminal, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return "", usageError{errors.New("no client secret: set SEPAY_CLIENT_SECRET, or run this in a terminal to be " +
			"asked for it")}
	}

	c.explainf("Client secret (not shown): ")

	secret, err := term.ReadPassword(int(terminal.Fd()))

	c.explainf("\n")

	if err != nil {
		return "", fmt.Errorf("read the client secret: %w", err)
	}

	return strings.TrimSpace(string(secret)), nil
}
