package oauth

import (
	"fmt"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// freshTokenRejected is the error for an access token that SePay refuses although it is new.
func (m messages) freshTokenRejected(age time.Duration) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeFreshTokenRejected, Summary: "SePay rejects an access token that it has just issued",
		Detail: fmt.Sprintf("The access token was issued %s ago, and SePay rejects it with HTTP 401, so another one would not help and "+
			"none was requested. Either the same sign-in was renewed somewhere else meanwhile, from a copy of this token store, "+
			"which revokes the tokens here; or the user who signed in is no longer active at SePay, or the client may not use "+
			"the API. Check these; then run again in a minute, or sign in again with %s.",
			age.Round(time.Second), m.QuotedLoginCommand()),
	}
}

// accessTokenOver is the error for the configured access token, when it is over and no sign-in can take its place.
func (m messages) accessTokenOver(expired time.Time, rejected bool, now time.Time) *diagnostic.Error {
	var what string

	switch past := !expired.IsZero() && !now.Before(expired); {
	case past && rejected:
		what = fmt.Sprintf("expired on %s, and SePay rejects it with HTTP 401", expired.UTC().Format(diagnostic.TimeFormat))
	case past:
		what = fmt.Sprintf("expired on %s", expired.UTC().Format(diagnostic.TimeFormat))
	default:
		what = "was rejected by SePay with HTTP 401. It was most likely revoked: when a sign-in is renewed, SePay revokes the access " +
			"tokens that were handed out from it before. Or it is a token of another server than base_url names"
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeAccessToken, Summary: "The configured SePay access token no longer works",
		Detail: fmt.Sprintf("access_token (SEPAY_ACCESS_TOKEN) %s. There is no sign-in to renew it from. Access tokens live for an "+
			"hour at most: set a new one, or let the provider renew them by itself: remove access_token, and run %s or set "+
			"refresh_token (SEPAY_REFRESH_TOKEN).", what, m.QuotedLoginCommand()),
	}
}

func (m messages) lifetimeTooShort(wanted, life time.Duration) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "No access token of SePay lives that long",
		Detail: fmt.Sprintf("--min-ttl asks for %s, and SePay's access tokens live for %s. Nothing was renewed. Give a shorter time.",
			wanted, life.Round(time.Second)),
	}
}
