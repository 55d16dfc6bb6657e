package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func (c *command) logoutCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "logout [options]", Short: "Delete a stored sign-in", Args: noArguments,
		DisableFlagsInUseLine: true,
		Long: `Delete a stored sign-in, after asking.

SePay documents no endpoint to revoke an authorization: revoke it in SePay if its tokens may
have been copied.`,
		Example: `  ` + program + ` logout
  ` + program + ` logout --store-key production --yes`,
		Annotations: map[string]string{variablesKey: storeVariables},
	}

	options := c.addStoreFlags(cmd.Flags())
	yes := cmd.Flags().Bool("yes", false, "do not ask")

	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.logout(cmd.Context(), options, *yes) }

	return cmd
}

func (c *command) logout(ctx context.Context, options *storeFlags, yes bool) error {
	store, err := options.open()
	if err != nil {
		return err
	}

	found, _, err := tokenstore.Statuses(ctx, store, options.query())
	if err != nil {
		return err
	}

	chosen, err := chooseForLogout(options, store, found)
	if err != nil {
		return err
	}

	if !yes {
		if err := c.confirm(ctx, describe(chosen)+"\nDelete it?"); err != nil {
			return err
		}
	}

	if err := login.Logout(ctx, store, chosen); err != nil {
		return err
	}

	c.explainf("The sign-in was deleted. The authorization at SePay remains valid: revoke it there if its tokens may have " +
		"been copied.\n")

	return nil
}

// chooseForLogout returns the sign-in to delete. With several sign-ins and no key, it is the one that was stored without a key.
func chooseForLogout(options *storeFlags, store tokenstore.Store, found []tokenstore.Status) (tokenstore.Status, error) {
	var candidates, unnamed []tokenstore.Status

	for _, s := range found {
		if s.Err == nil && (s.TokenURL != options.query().TokenURL || options.clientID != "" && s.ClientID != options.clientID) {
			continue
		}

		candidates = append(candidates, s)

		if s.Err == nil && s.Key == tokenstore.DefaultKey {
			unnamed = append(unnamed, s)
		}
	}

	if len(candidates) > 1 && options.key == "" && len(unnamed) == 1 {
		return unnamed[0], nil
	}

	switch len(candidates) {
	case 0:
		return tokenstore.Status{}, fmt.Errorf("no such sign-in is stored in %s. `%s status` lists the stored ones", store,
			diagnostic.Program())
	case 1:
		return candidates[0], nil
	}

	var list strings.Builder
	for _, s := range candidates {
		fmt.Fprintf(&list, "\n  - %s", describe(s))
	}

	return tokenstore.Status{}, usageError{fmt.Errorf("several sign-ins are stored; select one with --store-key, and --client-id "+
		"when the clients differ:%s", list.String())}
}

func describe(s tokenstore.Status) string {
	if s.Err != nil {
		return fmt.Sprintf("a sign-in that cannot be read, %s", s.Location)
	}

	return fmt.Sprintf("the sign-in of client %s, key %s, %s", s.ClientID, cmp.Or(s.Key, "(none)"), s.Location)
}

var errDeclined = errors.New("nothing was deleted")
