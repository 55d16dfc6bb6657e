package oauth

import (
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
)

// jwtExpiry reads exp out of an access token. The zero time stands for a token that does not say.
func jwtExpiry(token string) time.Time {
	claims, _ := jwt.Parse(token)

	return claims.ExpiresAt()
}

// jwtScopes reads the scopes out of an access token. None stands for a token that does not say.
func jwtScopes(token string) []string {
	claims, _ := jwt.Parse(token)

	return claims.Scopes()
}
