package oauth

import (
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// AccessToken is a bearer token for API requests. ExpiresAt is the zero time if the expiry is unknown.
type AccessToken struct {
	Value     string
	ExpiresAt time.Time

	usableUntil time.Time
}

// String keeps the token out of any formatted output.
func (t AccessToken) String() string {
	return "access token, expires at " + t.ExpiresAt.Format(time.RFC3339)
}

// GoString keeps the token out of %#v.
func (t AccessToken) GoString() string { return t.String() }

// configuredToken returns the configured access token, and whether it can still be used. rejected is the token that SePay
// just rejected, or "".
func (s *Source) configuredToken(rejected string) (AccessToken, bool) {
	if s.configured.Value == "" {
		return AccessToken{}, false
	}

	if rejected == s.configured.Value {
		s.configuredRejected.Store(true)
	}

	expired := !s.configured.ExpiresAt.IsZero() && !s.env.Now().Before(s.configured.usableUntil)

	return s.configured, !expired && !s.configuredRejected.Load()
}

// newConfiguredToken takes the expiry from the token's claims. Without claims the token is used until SePay rejects it.
func newConfiguredToken(value string) AccessToken {
	claims, _ := jwt.Parse(value)

	expires, issued := claims.ExpiresAt(), claims.IssuedAt()
	if issued.IsZero() {
		issued = expires.Add(-tokenendpoint.DefaultLifetime)
	}

	return AccessToken{Value: value, ExpiresAt: expires, usableUntil: expires.Add(-tokenstore.ExpiryMargin(expires.Sub(issued)))}
}
