package oauth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// messages writes the errors and warnings of one configuration: each says what could not be done, why, and the next step.
type messages struct {
	tokenstore.Messages

	seed    bool
	address string // of SePay
	store   tokenstore.Store
}

// signInOver is the summary of each error after which the user has to sign in again.
const signInOver = "SePay sign-in has to be renewed"

func newMessages(cfg Config) messages {
	return messages{
		Messages: tokenstore.NewMessages(cfg.ClientID, cfg.Key), seed: cfg.RefreshToken != "",
		address: strings.TrimSuffix(cfg.TokenURL, "/oauth/token"), store: cfg.Store,
	}
}

// authorizeStep is the next step after the end of a chain. The spent seed must go, or it would be tried again.
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

	refused := 0

	for _, s := range found {
		key := s.record.Key
		if key == "" {
			key = "(no key, started from a refresh_token)"
		}

		used := "never used"
		if !s.record.ObtainedAt.IsZero() {
			used = "last renewed " + s.record.ObtainedAt.UTC().Format(diagnostic.TimeFormat)
		}

		if s.record.IsRejected() {
			used += ", refused by SePay"
			refused++
		}

		fmt.Fprintf(&list, "\n  - %s, %s, %s", key, used, m.store.Location(s.Name))
	}

	if refused == len(found) {
		return &diagnostic.Error{
			Code: diagnostic.CodeSeveralRecords, Summary: signInOver,
			Detail: fmt.Sprintf("SePay refuses every sign-in that is stored for this client:%s\nRun this for the "+
				"configurations that name no key:\n\n  %s", list.String(), m.LoginCommand()),
		}
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeSeveralRecords, Summary: "Several SePay sign-ins are stored for this client",
		Detail: fmt.Sprintf("The configuration names no key, and each of these has one or was started from a "+
			"refresh_token:%s\nSet token_store_key (SEPAY_TOKEN_STORE_KEY) to one of the keys. Or sign in without a key, for "+
			"every configuration that names none:\n\n  %s", list.String(), m.LoginCommand()),
	}
}

func (m messages) noStore() diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The SePay refresh token is spent by this run",
		Detail: "token_store is \"none\", and SePay replaces the refresh token at each use: the configured refresh_token works " +
			"for this process only, and the next one, which may be the apply after this plan, is refused. Use token_store = " +
			"\"file\" or \"helper\", or give an access_token, which can be used many times for an hour.",
	}
}

func (m messages) notSaved(location string, cause, copyFailure error) diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The new SePay token could not be saved",
		Detail: fmt.Sprintf("SePay issued a new token, but neither %s (%v) nor a copy in the temporary directory (%v) could be "+
			"written. This run goes on; the next one has to authorize again. %s", location, cause, copyFailure, m.authorizeStep()),
	}
}
