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

SePay documents no way for a program to withdraw an authorization: withdraw it in SePay if its
tokens may have been copied.`,
		Example: `  ` + program + ` logout
  ` + program + ` logout --store-key production --yes`,
		Annotations: map[string]string{variablesKey: placeVariables},
	}

	place := c.placeFlags(cmd.Flags())
	yes := cmd.Flags().Bool("yes", false, "do not ask")

	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.logout(cmd.Context(), place, *yes) }

	return cmd
}

func (c *command) logout(ctx context.Context, place *place, yes bool) error {
	store, err := place.open()
	if err != nil {
		return err
	}

	found, _, err := tokenstore.Statuses(ctx, store, place.query())
	if err != nil {
		return err
	}

	chosen, err := chooseForLogout(place, store, found)
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

	c.explainf("The sign-in was deleted. SePay still knows the authorization; withdraw it there if its tokens may have " +
		"been copied.\n")

	return nil
}

// chooseForLogout returns the only sign-in that is meant: the one of a login without a key when there are several.
func chooseForLogout(place *place, store tokenstore.Store, found []tokenstore.Status) (tokenstore.Status, error) {
	var candidates, unnamed []tokenstore.Status

	for _, s := range found {
		if s.Err == nil && (s.TokenURL != place.query().TokenURL || place.clientID != "" && s.ClientID != place.clientID) {
			continue
		}

		candidates = append(candidates, s)

		if s.Err == nil && s.Key == tokenstore.DefaultKey {
			unnamed = append(unnamed, s)
		}
	}

	if len(candidates) > 1 && place.key == "" && len(unnamed) == 1 {
		return unnamed[0], nil
	}

	switch len(candidates) {
	case 0:
		return tokenstore.Status{}, fmt.Errorf("no such sign-in is stored in %s. `%s status` lists what is", store, diagnostic.Program())
	case 1:
		return candidates[0], nil
	}

	var list strings.Builder
	for _, s := range candidates {
		fmt.Fprintf(&list, "\n  - %s", describe(s))
	}

	return tokenstore.Status{}, usageError{fmt.Errorf("several sign-ins are stored; say which with --store-key, and --client-id "+
		"when the clients differ:%s", list.String())}
}

func describe(s tokenstore.Status) string {
	if s.Err != nil {
		return fmt.Sprintf("a sign-in that cannot be read, %s", s.Location)
	}

	return fmt.Sprintf("the sign-in of client %s, key %s, %s", s.ClientID, cmp.Or(s.Key, "(none)"), s.Location)
}

var errDeclined = errors.New("nothing was deleted")
