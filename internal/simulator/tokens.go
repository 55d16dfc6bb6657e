package simulator

import "slices"

// What tests and the dashboard may know of tokens and do to them.

// Credentials returns the client and the seed that the simulator was made with, whether the seed is still alive or not.
func (s *Simulator) Credentials() Credentials { return s.settings.credentials }

// IssuedTokens returns every access token, refresh token and authorization code ever issued, the seed first.
func (s *Simulator) IssuedTokens() []string {
	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	return slices.Clone(s.grants.issued)
}

// TokenCounters returns what happened at the token endpoint so far.
func (s *Simulator) TokenCounters() TokenCounters {
	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	return s.grants.counters
}

// NewGrant authorizes the client once more, as another user's consent would, and returns the refresh token of the new and
// independent chain. Without scopes it has all that the client is registered for.
func (s *Simulator) NewGrant(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = s.settings.scopes
	}

	value := newRefreshTokenValue()

	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	s.grants.addRefreshToken(value, &family{scopes: scopes})

	return value
}

// NewForeignGrant authorizes another client of the service, and returns a refresh token that is good for that client alone.
func (s *Simulator) NewForeignGrant() string {
	value := newRefreshTokenValue()

	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	s.grants.addRefreshToken(value, &family{scopes: s.settings.scopes, foreign: true})

	return value
}

// NewAccessToken issues an access token that has no refresh token, as if it had been minted elsewhere. Without scopes it has
// all that the client is registered for.
func (s *Simulator) NewAccessToken(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = s.settings.scopes
	}

	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	return s.grants.addAccessToken(&family{scopes: scopes}, scopes)
}

// RefreshElsewhere spends a refresh token as another process of the client would. ok is false when the token is dead.
func (s *Simulator) RefreshElsewhere(refreshToken string) (access, refresh string, ok bool) {
	issued, problem := s.grants.exchangeRefresh(refreshToken, nil, s.Dialect())

	return issued.access, issued.refresh, problem == oauthOK
}

// RefreshTokenAlive tells whether the service would accept a refresh token now.
func (s *Simulator) RefreshTokenAlive(value string) bool {
	return s.grants.refreshAlive(value, s.Dialect())
}

// AccessTokenAlive tells whether the service would accept an access token now.
func (s *Simulator) AccessTokenAlive(value string) bool {
	_, problem := s.grants.lookUp(value)

	return problem == oauthOK
}

// NewestAccessToken returns the access token that was issued last, or "".
func (s *Simulator) NewestAccessToken() string { return s.grants.newestAccessToken() }

// ExpireAccessTokens makes the API refuse every access token issued so far, whatever the exp in it says.
func (s *Simulator) ExpireAccessTokens() {
	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	for _, token := range s.grants.access {
		token.expires = s.grants.now()
	}
}

// RevokeAccessTokens is like ExpireAccessTokens; the clock cannot be turned back on these.
func (s *Simulator) RevokeAccessTokens() {
	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	s.grants.revokeAccess(func(*accessToken) bool { return true })
}

// RevokeGrants ends every authorization: all tokens issued so far are dead.
func (s *Simulator) RevokeGrants() {
	s.grants.mu.Lock()
	defer s.grants.mu.Unlock()

	for _, token := range s.grants.refresh {
		s.grants.revoke(token.family)
	}

	for _, token := range s.grants.access {
		token.family.revoked = true
	}
}
