package oauth

import (
	"fmt"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
)

// notGranted is the error for an exchange that failed without ending the chain.
func (m messages) notGranted(a tokenendpoint.Response) *diagnostic.Error {
	switch a.Outcome {
	case tokenendpoint.ClientRejected:
		return &diagnostic.Error{
			Code: diagnostic.CodeClientRejected, Summary: "SePay rejects the client credentials",
			Detail: fmt.Sprintf("SePay does not accept client_id %s with the configured client_secret (%s). The stored "+
				"tokens were not "+
				"touched and are not spent. Check client_id (SEPAY_CLIENT_ID) and client_secret (SEPAY_CLIENT_SECRET) "+
				"against the "+
				"client that SePay registered for you.", m.ClientID, a.Quote()),
			Err: a.Err,
		}
	case tokenendpoint.Busy:
		return &diagnostic.Error{
			Code: diagnostic.CodeBusy, Summary: "SePay does not issue tokens at the moment",
			Detail: fmt.Sprintf("SePay answered %s%s. %sRun again later.", a.Quote(), a.AskedToWait(), diagnostic.NothingSpent),
			Err:    a.Err,
		}
	case tokenendpoint.Unreachable:
		return a.UnreachableError()
	case tokenendpoint.Ambiguous, tokenendpoint.NoResponse:
		return m.noAnswer(a)
	case tokenendpoint.Granted, tokenendpoint.TokenRejected, tokenendpoint.Rejected, tokenendpoint.Canceled:
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeUnexpected, Summary: "SePay refuses to renew the access token",
		Detail: fmt.Sprintf("SePay answered %s. The stored refresh token is kept. Check base_url (SEPAY_BASE_URL) and "+
			"the client in "+
			"SePay; if both are right, authorize again with %s.", a.Quote(), m.QuotedLoginCommand()),
		Err: a.Err,
	}
}
