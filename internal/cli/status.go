package cli

import (
	"cmp"
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
)

const statusUsage = `Lists the stored sign-ins. It shows no token, changes nothing and asks nobody.`

func (c *command) status(ctx context.Context, args []string) error {
	flags := c.flags("status", statusUsage)
	place := c.placeFlags(flags)

	if err := parse(flags, args); err != nil {
		return err
	}

	store, err := c.openStore(place)
	if err != nil {
		return err
	}

	found, err := oauth.Statuses(ctx, store, oauth.StatusQuery{
		TokenURL: place.url("/oauth/token"), ClientID: place.clientID, Key: place.key,
	})
	if err != nil {
		return err
	}

	if len(found) == 0 {
		_, err = fmt.Fprintf(c.stdout, "No sign-in is stored in %s. Run `terraform-provider-sepay login`.\n", store)

		return err
	}

	return c.printStatuses(store, found)
}

func (c *command) printStatuses(store oauth.Store, found []oauth.Status) error {
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)

	var unreadable error

	for i, s := range found {
		if i > 0 {
			fmt.Fprintln(table)
		}

		if s.Err != nil {
			fmt.Fprintf(table, "stored in\t%s\n", s.Location)
			fmt.Fprintf(table, "cannot be used\t%v\n", s.Err)

			unreadable = s.Err

			continue
		}

		for _, row := range statusRows(s) {
			fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
		}
	}

	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the sign-ins in %s: %w", store, err)
	}

	return unreadable
}

func statusRows(s oauth.Status) [][2]string {
	rows := [][2]string{
		{"key", cmp.Or(s.Key, "(none: started from a refresh_token)")},
		{"client", s.ClientID},
		{"token address", s.TokenURL},
		{"generation", fmt.Sprint(s.Generation)},
		{"last renewed", when(s.ObtainedAt)},
		{"access token until", when(s.ExpiresAt)},
		{"if unused until", when(s.IdleUntil)},
		{"seed fingerprint", s.Seed},
		{"refresh fingerprint", s.Refresh},
		{"stored in", s.Location},
	}

	if s.Interrupted != "" {
		rows = append(rows, [2]string{"exchange not ended by", s.Interrupted})
	}

	if s.Ended != "" {
		rows = append(rows, [2]string{"state", fmt.Sprintf("refused by SePay (%s): sign in again", s.Ended)})
	}

	return rows
}

func when(at time.Time) string {
	if at.IsZero() {
		return "never"
	}

	return at.Local().Format("2006-01-02 15:04:05 MST")
}
