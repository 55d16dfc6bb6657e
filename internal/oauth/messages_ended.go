package oauth

import (
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// chainEnded is the error for a refresh token that SePay permanently rejects; r.Rejected has the details. previous is the
// interrupted exchange of an earlier run, or nil.
func (m messages) chainEnded(code diagnostic.Code, name string, r *tokenstore.Record, previous *tokenstore.Intent) *diagnostic.Error {
	e := &diagnostic.Error{Code: code, Summary: signInAgain}

	var cause string

	next, expiry := m.authorizeStep(), expiryNote(r)

	switch code {
	case diagnostic.CodeInterrupted:
		cause = fmt.Sprintf("A previous run (process %d on %s, %s) was interrupted while it exchanged the refresh token, and "+
			"SePay now rejects that token%s: it issued a new one, which that run did not save.",
			previous.PID, previous.Host, previous.At.UTC().Format(diagnostic.TimeFormat), quoteOf(r))
	case diagnostic.CodeResponseLost:
		cause = fmt.Sprintf("SePay may have rotated the refresh token but the response was lost in transit (%s), and SePay now "+
			"rejects the old one%s.", lostBy(previous), quoteOf(r))
	case diagnostic.CodeExpired:
		cause = fmt.Sprintf("An unused refresh token expires after a month, and SePay rejects %s%s.", describeToken(r), quoteOf(r))
	case diagnostic.CodeSeedSpent:
		subject := "It expired, or it"
		if r.Rejected != nil && r.Rejected.Revoked {
			subject = "It"
		}

		cause = fmt.Sprintf("SePay rejects the configured refresh_token%s. %s was used before and this token store has no record of "+
			"that use: the store was deleted, or the same token was used on another machine. One refresh_token works on one "+
			"machine only: use one authorization for each machine, or share one with token_store = \"helper\".",
			quoteOf(r), subject)
	case diagnostic.CodeUnknownToken:
		e.Summary = "SePay does not know the refresh token"
		cause = fmt.Sprintf("SePay cannot read %s%s: it was not issued by this server, or it is incomplete.",
			describeToken(r), quoteOf(r))
		expiry = ""
		next = "Check base_url (SEPAY_BASE_URL) and that refresh_token (SEPAY_REFRESH_TOKEN), if it is set, is complete. " + next
	case diagnostic.CodeOtherClient:
		e.Summary = "The refresh token belongs to another client"
		cause = fmt.Sprintf("SePay issued %s to another client than client_id %s%s. The token is not spent.",
			describeToken(r), m.ClientID, quoteOf(r))
		expiry = ""
		next = "Set client_id (SEPAY_CLIENT_ID) and client_secret (SEPAY_CLIENT_SECRET) to the client that the token was issued " +
			"to. You need not authorize again."
	default:
		cause = fmt.Sprintf("SePay rejects the stored refresh token, which this store last renewed on %s%s. The authorization was "+
			"revoked in SePay, or a copy of this token store was used elsewhere: each machine needs its own authorization.",
			r.ObtainedAt.UTC().Format(diagnostic.TimeFormat), quoteOf(r))
	}

	e.Detail = strings.Join(nonEmpty(cause, expiry, m.whereNoted(name, r), next), " ")

	return e
}

func nonEmpty(texts ...string) []string {
	var all []string

	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}

	return all
}

// describeToken describes the refresh token of a record in a sentence.
func describeToken(r *tokenstore.Record) string {
	if r.Generation == 0 {
		return "the configured refresh_token"
	}

	return fmt.Sprintf("the stored refresh token, last renewed on %s", r.ObtainedAt.UTC().Format(diagnostic.TimeFormat))
}

// quoteOf returns SePay's response to the rejected token in parentheses, or "".
func quoteOf(r *tokenstore.Record) string {
	if r.Rejected == nil || r.Rejected.Quote == "" {
		return ""
	}

	return " (" + r.Rejected.Quote + ")"
}

// expiryNote states whether the refresh token had expired when SePay rejected it. The expiry of a token that was never
// exchanged here is unknown.
func expiryNote(r *tokenstore.Record) string {
	if r.Generation == 0 || r.RefreshExpiresAt.IsZero() || r.Rejected == nil {
		return ""
	}

	day := r.RefreshExpiresAt.UTC().Format(time.DateOnly)

	switch {
	case r.Rejected.Code == diagnostic.CodeExpired && r.Rejected.At.Before(r.RefreshExpiresAt):
		return fmt.Sprintf("By SePay's documented lifetime of a month, it was valid until %s.", day)
	case r.Rejected.At.Before(r.RefreshExpiresAt):
		return fmt.Sprintf("The token had not expired: it was valid until %s.", day)
	}

	return fmt.Sprintf("The token expired on %s.", day)
}

// whereNoted names the record with the rejection. It is a sign-in only if the token ever worked.
func (m messages) whereNoted(name string, r *tokenstore.Record) string {
	if r.Generation > 0 {
		return m.at(name)
	}

	return "The rejection is recorded in " + m.store.Location(name) + "."
}

func lostBy(p *tokenstore.Intent) string {
	if p == nil {
		return "in this run"
	}

	return fmt.Sprintf("process %d on %s, %s", p.PID, p.Host, p.At.UTC().Format(diagnostic.TimeFormat))
}
