package oauth

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
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
			Detail: fmt.Sprintf("SePay responded with %s%s. %sRun again later.", a.Quote(), a.AskedToWait(), diagnostic.NothingSpent),
			Err:    a.Err,
		}
	case tokenendpoint.Unreachable:
		return a.UnreachableError()
	case tokenendpoint.Ambiguous, tokenendpoint.NoResponse:
		return m.noResponse(a)
	case tokenendpoint.Granted, tokenendpoint.TokenRejected, tokenendpoint.Rejected, tokenendpoint.Canceled:
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeUnexpected, Summary: "SePay refuses to renew the access token",
		Detail: fmt.Sprintf("SePay responded with %s. The stored refresh token is kept. Check base_url (SEPAY_BASE_URL) and "+
			"the client in "+
			"SePay; if both are right, authorize again with %s.", a.Quote(), m.QuotedLoginCommand()),
		Err: a.Err,
	}
}

// noResponse is the error for a token that was sent and may be spent.
func (m messages) noResponse(a tokenendpoint.Response) *diagnostic.Error {
	sent := "The refresh token was sent, and no usable response came back"
	if a.Resent {
		sent = "The refresh token was sent twice, and no usable response came back"
	}

	page := ""
	if a.Status >= http.StatusOK && a.Status < http.StatusMultipleChoices {
		page = " If this response comes again, check base_url (SEPAY_BASE_URL): it does not look like one of SePay's token address."
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeNoResponse, Summary: "SePay did not respond to the token request",
		Detail: fmt.Sprintf("%s (%s), so it may be spent, or SePay may still be working on it. This run does not send it again. "+
			"Run again in a minute: if SePay still accepts the token, nothing is lost. If not, that run says so.%s",
			sent, a.Quote(), page),
		Err: a.Err,
	}
}

// noResponseElsewhere is noAnswer for a run that waited for another one's exchange.
func (m messages) noResponseElsewhere(p *tokenstore.Intent) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeNoResponse, Summary: "SePay did not respond to the token request",
		Detail: fmt.Sprintf("Another run (%s) sent the refresh token while this one waited for the result, and no usable response "+
			"came back: the token may be spent, or SePay may still be working on it. This run does not send it again. Run again "+
			"in a minute: if SePay still accepts the token, nothing is lost. If not, that run says so.", p.Holder()),
	}
}

// cannotReadAgain is the error for a refused token, when it is unknown whether another run has replaced it.
func (m messages) cannotReadAgain(location string, cause error) *diagnostic.Error {
	if words, ok := errors.AsType[*diagnostic.Error](cause); ok && words.Err != nil {
		cause = words.Err
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeStoreRead, Summary: "Cannot read the stored SePay sign-in",
		Detail: fmt.Sprintf("SePay rejects the refresh token that this run sent, and %s could not be read again to see whether "+
			"another run has replaced it meanwhile (%v). The store was not changed. Make sure that it can be read, and run again.",
			location, cause),
		Err: cause,
	}
}
