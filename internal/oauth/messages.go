package oauth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// messages builds the errors and warnings for a configuration. Each one has what failed, the cause, and the next step.
type messages struct {
	tokenstore.Messages

	seed    bool   // a refresh_token is configured
	address string // base URL of SePay
	store   tokenstore.Store
}

// signInAgain is the summary of the errors after which the user has to sign in again.
const signInAgain = "SePay sign-in has to be renewed"

func newMessages(cfg Config) messages {
	return messages{
		Messages: tokenstore.NewMessages(cfg.ClientID, cfg.Key), seed: cfg.RefreshToken != "",
		address: strings.TrimSuffix(cfg.TokenURL, "/oauth/token"), store: cfg.Store,
	}
}

// authorizeStep returns the next step after the end of a chain. It asks to remove a spent seed, which would be sent again.
func (m messages) authorizeStep() string {
	if m.seed {
		return "Authorize again: either set a new refresh_token (SEPAY_REFRESH_TOKEN), or remove it and run " +
			m.QuotedLoginCommand() + "."
	}

	return "Authorize again: run " + m.QuotedLoginCommand() + ", or set a new refresh_token (SEPAY_REFRESH_TOKEN)."
}

func (m messages) at(name string) string {
	return "The sign-in is stored in " + m.store.Location(name) + "."
}

func (m messages) notSignedIn() *diagnostic.Error {
	where := ""
	if m.store != nil {
		where = " (looked in " + m.store.String() + ")"
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeNotSignedIn, Summary: "Not signed in to SePay",
		Detail: fmt.Sprintf("No sign-in is stored for client %s at %s%s, and no refresh_token is configured. Run this once on this "+
			"machine, as this user:\n\n  %s\n\nOr set refresh_token (SEPAY_REFRESH_TOKEN), or access_token "+
			"(SEPAY_ACCESS_TOKEN) for a single run.", m.ClientID, m.address, where, m.LoginCommand()),
	}
}

func (m messages) severalRecords(found []candidate) *diagnostic.Error {
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.record.Key, b.record.Key), cmp.Compare(a.Name, b.Name))
	})

	var list strings.Builder

	rejected := 0

	for _, c := range found {
		key := c.record.Key
		if key == "" {
			key = "(no key, started from a refresh_token)"
		}

		usage := "never used"
		if !c.record.ObtainedAt.IsZero() {
			usage = "last renewed " + c.record.ObtainedAt.UTC().Format(diagnostic.TimeFormat)
		}

		if c.record.IsRejected() {
			usage += ", rejected by SePay"
			rejected++
		}

		fmt.Fprintf(&list, "\n  - %s, %s, %s", key, usage, m.store.Location(c.Name))
	}

	if rejected == len(found) {
		return &diagnostic.Error{
			Code: diagnostic.CodeSeveralRecords, Summary: signInAgain,
			Detail: fmt.Sprintf("SePay rejects every sign-in that is stored for this client:%s\nRun this for "+
				"configurations without a key:\n\n  %s", list.String(), m.LoginCommand()),
		}
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeSeveralRecords, Summary: "Several SePay sign-ins are stored for this client",
		Detail: fmt.Sprintf("The configuration sets no key, and each of these sign-ins has a key or was started from a "+
			"refresh_token:%s\nSet token_store_key (SEPAY_TOKEN_STORE_KEY) to one of the keys. Or sign in without a key, for "+
			"all configurations that set none:\n\n  %s", list.String(), m.LoginCommand()),
	}
}

func (m messages) noStore() diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The SePay refresh token is spent by this run",
		Detail: "token_store is \"none\", and SePay replaces the refresh token at each use: the configured refresh_token works " +
			"for this process only, and SePay rejects it in the next one, which may be the apply after this plan. Use token_store = " +
			"\"file\" or \"helper\", or set an access_token, which can be used any number of times for an hour.",
	}
}

func (m messages) notSaved(location string, cause, copyErr error) diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The new SePay token could not be saved",
		Detail: fmt.Sprintf("SePay issued a new token, but neither %s (%v) nor a copy in the temporary directory (%v) could be "+
			"written. This run continues; the next one has to authorize again. %s", location, cause, copyErr, m.authorizeStep()),
	}
}
