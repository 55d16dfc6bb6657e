package oauth

import (
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// AccessToken is a token for API requests. ExpiresAt is the zero time when the token does not tell.
type AccessToken struct {
	Value     string
	ExpiresAt time.Time

	usableUntil time.Time
}

// String keeps the token out of any formatted output.
func (t AccessToken) String() string { return "access token until " + t.ExpiresAt.Format(time.RFC3339) }

// GoString keeps the token out of %#v.
func (t AccessToken) GoString() string { return t.String() }

// givenToken returns the configured access token while it works.
func (s *Source) givenToken(rejected string) (AccessToken, bool) {
	if s.given.Value == "" {
		return AccessToken{}, false
	}

	if rejected == s.given.Value {
		s.givenRejected.Store(true)
	}

	expired := !s.given.ExpiresAt.IsZero() && !s.env.Now().Before(s.given.usableUntil)

	return s.given, !expired && !s.givenRejected.Load()
}

// givenAccessToken reads the times out of the configured access token, where it has any.
func givenAccessToken(value string) AccessToken {
	claims, _ := jwt.Parse(value)

	expires, issued := claims.ExpiresAt(), claims.IssuedAt()
	if issued.IsZero() {
		issued = expires.Add(-tokenendpoint.DefaultLifetime)
	}

	return AccessToken{Value: value, ExpiresAt: expires, usableUntil: expires.Add(-tokenstore.Margin(expires.Sub(issued)))}
}
