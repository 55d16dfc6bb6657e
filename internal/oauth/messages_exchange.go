package oauth

import (
	"fmt"
)

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
				"client that SePay registered for you.", m.ClientID, a.said()),
			Err: a.err,
		}
	case verdictBusy:
		return &Error{
			Code: CodeBusy, Summary: "SePay does not issue tokens at the moment",
			Detail: fmt.Sprintf("SePay answered %s%s. %sRun again later.", a.said(), a.askedToWait(), untouched),
			Err:    a.err,
		}
	case verdictUnreachable:
		return a.unreachable()
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
