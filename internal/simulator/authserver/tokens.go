package authserver

import (
	"slices"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// Tokens reads and changes tokens, for tests and for the dashboard.
type Tokens struct {
	server  *Server
	dialect func() dialects.Dialect
}

// Credentials returns the client and the seed of the simulator, whether or not the seed is still valid.
func (t Tokens) Credentials() Credentials { return t.server.settings.Credentials }

// IssuedTokens returns every access token, refresh token and authorization code ever issued, the seed first.
func (t Tokens) IssuedTokens() []string {
	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	return slices.Clone(t.server.grants.issued)
}

// TokenCounters returns what happened at the token endpoint so far.
func (t Tokens) TokenCounters() Counters {
	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	return t.server.grants.counters
}

// NewGrant adds an authorization of the client, as another user's consent would, and returns its refresh token. Without
// scopes it has all scopes of the client.
func (t Tokens) NewGrant(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = t.server.settings.Scopes
	}

	value := newRefreshTokenValue()

	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	t.server.grants.addRefreshToken(value, &family{scopes: scopes})

	return value
}

// NewForeignGrant authorizes another client of the service, and returns a refresh token that is valid only for that client.
func (t Tokens) NewForeignGrant() string {
	value := newRefreshTokenValue()

	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	t.server.grants.addRefreshToken(value, &family{scopes: t.server.settings.Scopes, foreign: true})

	return value
}

// NewAccessToken issues an access token that has no refresh token, as if it had been created elsewhere. Without scopes it
// has all scopes of the client.
func (t Tokens) NewAccessToken(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = t.server.settings.Scopes
	}

	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	return t.server.grants.addAccessToken(&family{scopes: scopes}, scopes)
}

// RefreshElsewhere uses a refresh token as another process of the client would. ok is false if the token is invalid.
func (t Tokens) RefreshElsewhere(refreshToken string) (access, refresh string, ok bool) {
	issued, found := t.server.grants.exchangeRefresh(refreshToken, nil, t.dialect())

	return issued.access, issued.refresh, found == accepted
}

// RefreshTokenAlive reports whether the service would accept a refresh token now.
func (t Tokens) RefreshTokenAlive(value string) bool {
	return t.server.grants.refreshAlive(value, t.dialect())
}

// AccessTokenAlive reports whether the service would accept an access token now.
func (t Tokens) AccessTokenAlive(value string) bool {
	_, found := t.server.grants.lookUp(value)

	return found == accepted
}

// NewestAccessToken returns the access token that was issued last, or "".
func (t Tokens) NewestAccessToken() string { return t.server.grants.newestAccessToken() }

// ExpireAccessTokens makes the API reject every access token issued so far, regardless of its exp.
func (t Tokens) ExpireAccessTokens() {
	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	for _, token := range t.server.grants.access {
		token.expires = t.server.grants.now()
	}
}

// RevokeAccessTokens is like ExpireAccessTokens, but turning back the clock does not make the tokens valid again.
func (t Tokens) RevokeAccessTokens() {
	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	t.server.grants.revokeAccess(func(*accessToken) bool { return true })
}

// RevokeGrants revokes every authorization with all its tokens.
func (t Tokens) RevokeGrants() {
	t.server.grants.mu.Lock()
	defer t.server.grants.mu.Unlock()

	for _, token := range t.server.grants.refresh {
		t.server.grants.revoke(token.family)
	}

	for _, token := range t.server.grants.access {
		token.family.revoked = true
	}
}
