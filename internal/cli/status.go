package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func (c *command) statusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "status [options]", Short: "List the stored sign-ins", Args: noArguments,
		DisableFlagsInUseLine: true,
		Long: `List the stored sign-ins. It shows no token, changes nothing and sends no request.

The exit code is 1 when nothing is stored, or when a sign-in cannot be read. With --store-key
only that sign-in counts.`,
		Example: `  ` + program + ` status
  ` + program + ` status --store-key production --json`,
		Annotations: map[string]string{variablesKey: storeVariables},
	}

	options := c.addStoreFlags(cmd.Flags())
	asJSON := cmd.Flags().Bool("json", false, "print JSON")

	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.status(cmd.Context(), options, *asJSON) }

	return cmd
}

func (c *command) status(ctx context.Context, options *storeFlags, asJSON bool) error {
	store, err := options.open()
	if err != nil {
		return err
	}

	found, warnings, err := tokenstore.Statuses(ctx, store, options.query())
	if err != nil {
		return err
	}

	if asJSON {
		err = c.printJSON(store, found)
	} else {
		err = c.printStatuses(store, options, found)
	}

	c.warn(warnings)

	if err != nil {
		return err
	}

	for _, s := range found {
		if s.Err != nil {
			return errSilent
		}
	}

	if len(found) == 0 {
		return errSilent
	}

	return nil
}

func (c *command) printStatuses(store tokenstore.Store, options *storeFlags, found []tokenstore.Status) error {
	if len(found) == 0 {
		under := ""
		if options.key != "" {
			under = fmt.Sprintf(" under the key %q", options.key)
		}

		_, err := fmt.Fprintf(c.stdout, "No sign-in is stored in %s%s. Sign in with `%s login`.\n", store, under, diagnostic.Program())

		return err
	}

	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)

	for i, s := range found {
		if i > 0 {
			fmt.Fprintln(table)
		}

		for _, row := range statusRows(s) {
			fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
		}
	}

	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the sign-ins in %s: %w", store, err)
	}

	return nil
}

func statusRows(s tokenstore.Status) [][2]string {
	if s.Err != nil {
		return [][2]string{{"stored in", s.Location}, {"cannot be used", s.Err.Error()}}
	}

	rows := [][2]string{
		{"key", cmp.Or(s.Key, "(none: started from a refresh_token)")},
		{"client", s.ClientID},
		{"scopes", cmp.Or(strings.Join(s.Scopes, " "), "(unknown)")},
		{"token address", s.TokenURL},
		{"generation", fmt.Sprint(s.Generation)},
		{"last renewed", formatTime(s.ObtainedAt)},
		{"access token expires", formatTime(s.ExpiresAt)},
		{"unused, expires on", tokenstore.DescribeExpiry(s.RefreshExpiresAt, time.Now())},
		{"seed fingerprint", s.SeedFingerprint},
		{"refresh fingerprint", s.RefreshFingerprint},
		{"stored in", s.Location},
	}

	if s.Interrupted != "" {
		rows = append(rows, [2]string{"unfinished exchange of", s.Interrupted})
	}

	if s.Rejected != "" {
		rows = append(rows, [2]string{"state", fmt.Sprintf("refused by SePay (%s): sign in again", s.Rejected)})
	}

	return rows
}

func formatTime(at time.Time) string {
	if at.IsZero() {
		return "never"
	}

	return at.Local().Format("2006-01-02 15:04:05 MST")
}

// statusJSON is one sign-in in the output of --json. Names and meanings are stable.
type statusJSON struct {
	Key                string     `json:"key"`
	ClientID           string     `json:"client_id"`
	TokenURL           string     `json:"token_url"`
	Scopes             []string   `json:"scopes"`
	State              string     `json:"state"` // stored, refused, or unreadable
	Reason             string     `json:"reason,omitempty"`
	Generation         int        `json:"generation"`
	ObtainedAt         *time.Time `json:"obtained_at"`
	AccessExpiresAt    *time.Time `json:"access_token_expires_at"`
	RefreshExpiresAt   *time.Time `json:"refresh_token_expires_at"`
	SeedFingerprint    string     `json:"seed_fingerprint"`
	RefreshFingerprint string     `json:"refresh_token_fingerprint"`
	InterruptedBy      string     `json:"interrupted_by,omitempty"`
	Location           string     `json:"location"`
}

func (c *command) printJSON(store tokenstore.Store, found []tokenstore.Status) error {
	report := struct {
		Store   string       `json:"store"`
		SignIns []statusJSON `json:"sign_ins"`
	}{store.String(), []statusJSON{}}

	for _, s := range found {
		entry := statusJSON{
			Key: s.Key, ClientID: s.ClientID, TokenURL: s.TokenURL, Scopes: append([]string{}, s.Scopes...), State: "stored",
			Generation: s.Generation, ObtainedAt: optionalTime(s.ObtainedAt), AccessExpiresAt: optionalTime(s.ExpiresAt),
			RefreshExpiresAt: optionalTime(s.RefreshExpiresAt), SeedFingerprint: s.SeedFingerprint,
			RefreshFingerprint: s.RefreshFingerprint,
			InterruptedBy:      s.Interrupted, Location: s.Location,
		}

		switch {
		case s.Err != nil:
			entry.State, entry.Reason = "unreadable", s.Err.Error()
		case s.Rejected != "":
			entry.State, entry.Reason = "refused", string(s.Rejected)
		}

		report.SignIns = append(report.SignIns, entry)
	}

	encoder := json.NewEncoder(c.stdout)
	encoder.SetIndent("", "  ")

	return encoder.Encode(report)
}

func optionalTime(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}

	at = at.UTC()

	return &at
}
