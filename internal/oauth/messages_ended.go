package oauth

import (
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// chainEnded is the error for a refresh token that SePay refuses for good, which r.Rejected tells more of. before is the
// interrupted exchange of an earlier run, if there was one.
func (m messages) chainEnded(code diagnostic.Code, name string, r *tokenstore.Record, before *tokenstore.Intent) *diagnostic.Error {
	e := &diagnostic.Error{Code: code, Summary: signInOver}

	var cause string

	next, month := m.authorizeStep(), monthNote(r)

	switch code {
	case diagnostic.CodeInterrupted:
		cause = fmt.Sprintf("A previous run (process %d on %s, %s) was interrupted while it exchanged the refresh token, and "+
			"SePay now rejects that token%s: it issued a new one, which the run did not live to save.",
			before.PID, before.Host, before.At.UTC().Format(diagnostic.TimeFormat), quoteOf(r))
	case diagnostic.CodeResponseLost:
		cause = fmt.Sprintf("SePay may have rotated the refresh token but the response was lost in transit (%s), and SePay now "+
			"rejects the old one%s.", lostBy(before), quoteOf(r))
	case diagnostic.CodeExpired:
		cause = fmt.Sprintf("A refresh token lives for a month without use, and SePay rejects %s%s.", describeToken(r), quoteOf(r))
	case diagnostic.CodeSeedSpent:
		expired := "It expired, or it"
		if r.Rejected != nil && r.Rejected.Revoked {
			expired = "It"
		}

		cause = fmt.Sprintf("SePay rejects the configured refresh_token%s. %s was used before and this token store has no record of "+
			"that use: the store was deleted, or the same token was used on another machine. One refresh_token works on one "+
			"machine only: use one authorization for each machine, or share one with token_store = \"helper\".",
			quoteOf(r), expired)
	case diagnostic.CodeUnknownToken:
		e.Summary = "SePay does not know the refresh token"
		cause = fmt.Sprintf("SePay cannot read %s%s: it was not issued by this server, or it is not complete.",
			describeToken(r), quoteOf(r))
		month = ""
		next = "Check base_url (SEPAY_BASE_URL) and that refresh_token (SEPAY_REFRESH_TOKEN), if it is set, is complete. " + next
	case diagnostic.CodeOtherClient:
		e.Summary = "The refresh token belongs to another client"
		cause = fmt.Sprintf("SePay issued %s to another client than client_id %s%s. The token is not spent.",
			describeToken(r), m.ClientID, quoteOf(r))
		month = ""
		next = "Set client_id (SEPAY_CLIENT_ID) and client_secret (SEPAY_CLIENT_SECRET) to the client that the token was issued " +
			"to. You need not authorize again."
	default:
		cause = fmt.Sprintf("SePay rejects the stored refresh token, which this store last renewed on %s%s. The authorization was "+
			"withdrawn in SePay, or a copy of this token store was used elsewhere: one authorization for each machine.",
			r.ObtainedAt.UTC().Format(diagnostic.TimeFormat), quoteOf(r))
	}

	e.Detail = strings.Join(nonEmpty(cause, month, m.whereNoted(name, r), next), " ")

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

// describeToken names the refresh token of a record.
func describeToken(r *tokenstore.Record) string {
	if r.Generation == 0 {
		return "the configured refresh_token"
	}

	return fmt.Sprintf("the stored refresh token, last renewed on %s", r.ObtainedAt.UTC().Format(diagnostic.TimeFormat))
}

// quoteOf quotes the refusal, in parentheses.
func quoteOf(r *tokenstore.Record) string {
	if r.Rejected == nil || r.Rejected.Quote == "" {
		return ""
	}

	return " (" + r.Rejected.Quote + ")"
}

// monthNote says whether the refresh token had been unused for too long when SePay refused it. Of a token that never was
// exchanged here nobody knows.
func monthNote(r *tokenstore.Record) string {
	if r.Generation == 0 || r.RefreshExpiresAt.IsZero() || r.Rejected == nil {
		return ""
	}

	day := r.RefreshExpiresAt.UTC().Format(time.DateOnly)

	switch {
	case r.Rejected.Code == diagnostic.CodeExpired && r.Rejected.At.Before(r.RefreshExpiresAt):
		return fmt.Sprintf("By the month that SePay documents, it would have lasted until %s.", day)
	case r.Rejected.At.Before(r.RefreshExpiresAt):
		return fmt.Sprintf("Its month had not passed: it would have lasted until %s.", day)
	}

	return fmt.Sprintf("Its month ended on %s.", day)
}

// whereNoted says where the refusal is stored, which is a sign-in only if it ever worked.
func (m messages) whereNoted(name string, r *tokenstore.Record) string {
	if r.Generation > 0 {
		return m.at(name)
	}

	return "The refusal is noted in " + m.store.Location(name) + "."
}

func lostBy(p *tokenstore.Intent) string {
	if p == nil {
		return "in this run"
	}

	return fmt.Sprintf("process %d on %s, %s", p.PID, p.Host, p.At.UTC().Format(diagnostic.TimeFormat))
}
