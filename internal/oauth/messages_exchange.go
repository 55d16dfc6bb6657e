package oauth

import (
	"fmt"
	"time"
)

// chainEnded is the error for a refresh token that SePay refuses for good. before is the interrupted exchange of an
// earlier run, if there was one.
func (m messages) chainEnded(code Code, name string, r *record, before *pending) *Error {
	e := &Error{Code: code, Summary: signInOver}

	switch code {
	case CodeInterrupted:
		e.Detail = fmt.Sprintf("A previous run (process %d on %s, %s) was interrupted while it exchanged the refresh token, and "+
			"SePay now rejects that token: it issued a new one, which the run did not live to save. %s %s",
			before.PID, before.Host, before.At.UTC().Format(userTime), m.at(name), m.renew())
	case CodeAnswerLost:
		e.Detail = fmt.Sprintf("SePay may have rotated the refresh token but the answer was lost on the way (%s), and SePay now "+
			"rejects the old one. %s %s", lostBy(before), m.at(name), m.renew())
	case CodeExpired:
		e.Detail = fmt.Sprintf("A refresh token lives for a month without use, and this one expired on %s. %s %s",
			r.RefreshExpiresAt.UTC().Format(time.DateOnly), m.at(name), m.renew())
	case CodeSeedSpent:
		e.Detail = fmt.Sprintf("SePay rejects the configured refresh_token. It expired, or it was used before and "+
			"this token store "+
			"has no record of that use: the store was deleted, or the same token was used on another machine. One "+
			"refresh_token works on one machine only: use one authorization for each machine, or share one with "+
			"token_store = \"helper\". %s %s", m.at(name), m.renew())
	default:
		e.Detail = fmt.Sprintf("SePay rejects the stored refresh token, which this store last renewed on %s. The "+
			"authorization was "+
			"withdrawn in SePay, or a copy of this token store was used elsewhere: one authorization for each machine. %s %s",
			r.ObtainedAt.UTC().Format(userTime), m.at(name), m.renew())
	}

	return e
}

func lostBy(p *pending) string {
	if p == nil {
		return "in this run"
	}

	return fmt.Sprintf("process %d on %s, %s", p.PID, p.Host, p.At.UTC().Format(userTime))
}

// notGranted is the error for an exchange that failed without ending the chain.
func (m messages) notGranted(a answer) *Error {
	switch a.verdict {
	case verdictMisconfigured:
		return &Error{
			Code: CodeClientRejected, Summary: "SePay rejects the client credentials",
			Detail: fmt.Sprintf("SePay does not accept client_id %s with the configured client_secret (%s). The stored "+
				"tokens were not "+
				"touched and are not spent. Check client_id (SEPAY_CLIENT_ID) and client_secret (SEPAY_CLIENT_SECRET) "+
				"against the "+
				"client that SePay registered for you.", m.clientID, a.said()),
			Err: a.err,
		}
	case verdictBusy:
		return &Error{
			Code: CodeBusy, Summary: "SePay does not issue tokens at the moment",
			Detail: fmt.Sprintf("SePay answered %s%s. %sRun again later.", a.said(), a.askedToWait(), untouched),
			Err:    a.err,
		}
	case verdictUnreachable:
		return &Error{
			Code: CodeUnreachable, Summary: "Cannot reach SePay",
			Detail: fmt.Sprintf("No connection to SePay's token address could be made (%v). %sCheck the network, the proxy "+
				"(HTTPS_PROXY) and base_url, and run again.", a.err, untouched),
			Err: a.err,
		}
	case verdictAmbiguous, verdictUnanswered:
		return m.noAnswer(a)
	case verdictGranted, verdictDead, verdictRefused, verdictCanceled:
	}

	return &Error{
		Code: CodeUnexpected, Summary: "SePay refuses to renew the access token",
		Detail: fmt.Sprintf("SePay answered %s. The stored refresh token is kept. Check base_url (SEPAY_BASE_URL) and "+
			"the client in "+
			"SePay; if both are right, authorize again with %s.", a.said(), m.loginCommand()),
		Err: a.err,
	}
}
