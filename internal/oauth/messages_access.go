package oauth

import (
	"fmt"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// freshTokenRejected is the error for a rejected access token that was just issued.
func (m messages) freshTokenRejected(age time.Duration) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeFreshTokenRejected, Summary: "SePay rejects an access token that it has just issued",
		Detail: fmt.Sprintf("The access token was issued %s ago, and SePay rejects it with HTTP 401, so another one would not help and "+
			"none was requested. Possible causes: the same sign-in was renewed elsewhere in the meantime, from a copy of this token "+
			"store, which revokes the tokens here; the user who signed in is no longer active at SePay; or the client may not use "+
			"the API. Check these; then run again in a minute, or sign in again with %s.",
			age.Round(time.Second), m.QuotedLoginCommand()),
	}
}

// accessTokenUnusable is the error for a configured access token that expired or was rejected, without a sign-in to replace it.
func (m messages) accessTokenUnusable(expired time.Time, rejected bool, now time.Time) *diagnostic.Error {
	var reason string

	switch isExpired := !expired.IsZero() && !now.Before(expired); {
	case isExpired && rejected:
		reason = fmt.Sprintf("expired on %s, and SePay rejects it with HTTP 401", expired.UTC().Format(diagnostic.TimeFormat))
	case isExpired:
		reason = fmt.Sprintf("expired on %s", expired.UTC().Format(diagnostic.TimeFormat))
	default:
		reason = "was rejected by SePay with HTTP 401. It was most likely revoked: when a sign-in is renewed, SePay revokes the access " +
			"tokens that it issued for it before. Or the token was issued by another server than the one in base_url"
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeAccessToken, Summary: "The configured SePay access token no longer works",
		Detail: fmt.Sprintf("access_token (SEPAY_ACCESS_TOKEN) %s. There is no sign-in to renew it from. Access tokens are valid for "+
			"at most an hour: set a new one, or let the provider renew them: remove access_token, and run %s or set "+
			"refresh_token (SEPAY_REFRESH_TOKEN).", reason, m.QuotedLoginCommand()),
	}
}

func (m messages) lifetimeTooShort(minimum, lifetime time.Duration) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "SePay's access tokens are not valid for that long",
		Detail: fmt.Sprintf("--min-ttl is %s, and SePay's access tokens are valid for %s. Nothing was renewed. Set a shorter --min-ttl.",
			minimum, lifetime.Round(time.Second)),
	}
}
