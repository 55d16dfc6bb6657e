package oauth

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// notGranted is the error for a failed exchange that did not end the chain.
func (m messages) notGranted(r tokenendpoint.Response) *diagnostic.Error {
	switch r.Outcome {
	case tokenendpoint.ClientRejected:
		return &diagnostic.Error{
			Code: diagnostic.CodeClientRejected, Summary: "SePay rejects the client credentials",
			Detail: fmt.Sprintf("SePay does not accept client_id %s with the configured client_secret (%s). The stored "+
				"tokens were not spent. Check client_id (SEPAY_CLIENT_ID) and client_secret (SEPAY_CLIENT_SECRET) against "+
				"the client that SePay registered for you.", m.ClientID, r.Quote()),
			Err: r.Err,
		}
	case tokenendpoint.Busy:
		return &diagnostic.Error{
			Code: diagnostic.CodeBusy, Summary: "SePay is not issuing tokens right now",
			Detail: fmt.Sprintf("SePay responded with %s%s. %sRun again later.", r.Quote(), r.RetryAfterText(), diagnostic.NothingSpent),
			Err:    r.Err,
		}
	case tokenendpoint.Unreachable:
		return r.UnreachableError()
	case tokenendpoint.Ambiguous, tokenendpoint.NoResponse:
		return m.noResponse(r)
	case tokenendpoint.Granted, tokenendpoint.TokenRejected, tokenendpoint.Rejected, tokenendpoint.Canceled:
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeUnexpected, Summary: "SePay refuses to renew the access token",
		Detail: fmt.Sprintf("SePay responded with %s. The stored refresh token is kept. Check base_url (SEPAY_BASE_URL) and "+
			"the client in SePay; if both are correct, authorize again with %s.", r.Quote(), m.QuotedLoginCommand()),
		Err: r.Err,
	}
}

// noResponse is the error for a token that was sent and may be spent.
func (m messages) noResponse(r tokenendpoint.Response) *diagnostic.Error {
	sent := "The refresh token was sent, and SePay returned no usable response"
	if r.Resent {
		sent = "The refresh token was sent twice, and SePay returned no usable response"
	}

	page := ""
	if r.Status >= http.StatusOK && r.Status < http.StatusMultipleChoices {
		page = " If this happens again, check base_url (SEPAY_BASE_URL): the response does not look like one of SePay's token endpoint."
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeNoResponse, Summary: "SePay did not respond to the token request",
		Detail: fmt.Sprintf("%s (%s), so the token may be spent, or SePay may still be processing it. This run does not send it "+
			"again. Run again in a minute: if SePay still accepts the token, nothing is lost. If not, that run reports it.%s",
			sent, r.Quote(), page),
		Err: r.Err,
	}
}

// noResponseElsewhere is noResponse for a run that waited for the exchange of another one.
func (m messages) noResponseElsewhere(p *tokenstore.Intent) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeNoResponse, Summary: "SePay did not respond to the token request",
		Detail: fmt.Sprintf("Another run (%s) sent the refresh token while this one waited for the result, and SePay returned no "+
			"usable response: the token may be spent, or SePay may still be processing it. This run does not send it again. Run "+
			"again in a minute: if SePay still accepts the token, nothing is lost. If not, that run reports it.", p.Holder()),
	}
}

// cannotReadAgain is the error for a rejected token if it is unknown whether another run replaced it.
func (m messages) cannotReadAgain(location string, cause error) *diagnostic.Error {
	if storeErr, ok := errors.AsType[*diagnostic.Error](cause); ok && storeErr.Err != nil {
		cause = storeErr.Err
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeStoreRead, Summary: "Cannot read the stored SePay sign-in",
		Detail: fmt.Sprintf("SePay rejects the refresh token that this run sent, and %s could not be read again to check "+
			"whether another run replaced it in the meantime (%v). The store was not changed. Make it readable, and run again.",
			location, cause),
		Err: cause,
	}
}
