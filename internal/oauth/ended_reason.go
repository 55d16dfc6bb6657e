package oauth

import (
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// reason finds out what most likely ended the chain. SePay's word comes first. before is the exchange of an earlier run that
// did not end well, and lost tells that an earlier attempt of this one had no response.
func (e *exchange) reason(a tokenendpoint.Response, r *tokenstore.Record, before *tokenstore.Intent, lost bool) diagnostic.Code {
	switch a.Reason {
	case tokenendpoint.UnknownToken:
		return diagnostic.CodeUnknownToken
	case tokenendpoint.OtherClient:
		return diagnostic.CodeOtherClient
	case tokenendpoint.Expired:
		return diagnostic.CodeExpired
	case tokenendpoint.Revoked, tokenendpoint.Unexplained:
	}

	switch {
	case before != nil && before.ResponseLost, before == nil && lost:
		return diagnostic.CodeResponseLost
	case before != nil:
		return diagnostic.CodeInterrupted
	case r.Generation == 0:
		return diagnostic.CodeSeedSpent
	case a.Reason == tokenendpoint.Unexplained && e.env.Now().After(r.RefreshExpiresAt):
		return diagnostic.CodeExpired
	}

	return diagnostic.CodeRefused
}
