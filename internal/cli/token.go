package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// defaultMinTTL is enough for a CI job to start.
const defaultMinTTL = 5 * time.Minute

func (c *command) tokenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "token [options]", Short: "Print a valid access token", Args: noArguments,
		DisableFlagsInUseLine: true,
		Long: `Print a valid access token of the stored sign-in on standard output, for SEPAY_ACCESS_TOKEN in
jobs that cannot keep a sign-in of their own.

The token is renewed first when less than --min-ttl of its life is left. Any number of jobs can
use it until it expires, or until the sign-in is renewed again: SePay may revoke the former access
token then. Anyone with the token can use the account: keep it out of logs.`,
		Example: `  export SEPAY_ACCESS_TOKEN="$(` + program + ` token --min-ttl 30m)"`,
		Annotations: map[string]string{variablesKey: storeVariables + promptedVariable +
			"  SEPAY_REFRESH_TOKEN     starts the sign-in when none is stored\n"},
	}

	options := c.addStoreFlags(cmd.Flags())
	minTTL := cmd.Flags().Duration("min-ttl", defaultMinTTL, "the minimum `time` that the token stays valid, such as 30m")

	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.token(cmd.Context(), options, *minTTL) }

	return cmd
}

func (c *command) token(ctx context.Context, options *storeFlags, minTTL time.Duration) error {
	store, err := options.open()
	if err != nil {
		return err
	}

	switch {
	case minTTL < 0:
		return usageError{errors.New("--min-ttl is negative")}
	case options.clientID == "":
		return usageError{errors.New("there is no client: give --client-id or set SEPAY_CLIENT_ID")}
	case store == tokenstore.None():
		return usageError{errors.New("the token store is none: there is no sign-in to get a token from")}
	}

	secret, err := c.clientSecret(ctx)
	if err != nil {
		return err
	}

	source, err := oauth.NewSource(oauth.Config{
		TokenURL: options.url("/oauth/token"), ClientID: options.clientID, ClientSecret: secret,
		RefreshToken: c.env("SEPAY_REFRESH_TOKEN"), Store: store, Key: options.key, MinTTL: minTTL,
		UserAgent: program + "/" + c.version,
	})
	if err != nil {
		return err
	}

	token, err := source.Current(ctx)
	c.warn(source.TakeWarnings())

	if err != nil {
		return err
	}

	_, err = fmt.Fprintln(c.stdout, token.Value)

	return err
}
