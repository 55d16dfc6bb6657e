package simulator

import (
	"slices"
	"sync"
	"time"
)

// grants are the authorizations that users gave, with all that was issued for them.
type grants struct {
	settings settings
	now      func() time.Time

	mu       sync.Mutex
	consents map[string]consent
	codes    map[string]*code
	refresh  map[string]*refreshToken
	access   map[string]*accessToken
	issued   []string
	counters TokenCounters
}

// TokenCounters count what happened at the token endpoint.
type TokenCounters struct {
	Calls       int `json:"calls"`       // requests to /oauth/token that reached the service
	Issued      int `json:"issued"`      // answers with tokens
	Refreshes   int `json:"refreshes"`   // of these, for a refresh token
	Replays     int `json:"replays"`     // refresh tokens that were presented again after they had been used
	Revocations int `json:"revocations"` // families revoked because of a replay or by the test
}

// family is one authorization: every token that descends from one consent.
type family struct {
	scopes  []string
	revoked bool
}

type consent struct {
	redirectURI, state string
	scopes             []string
}

type code struct {
	redirectURI string
	scopes      []string
	expires     time.Time
	family      *family // set when the code was exchanged
}

type refreshToken struct {
	family  *family
	expires time.Time
	spent   bool
}

type accessToken struct {
	family     *family
	generation int
	scopes     []string
	expires    time.Time
	revoked    bool
}

// tokens is what an exchange gives; refresh is "" where the old refresh token stays.
type tokens struct{ access, refresh string }

func newGrants(settings settings, now func() time.Time) *grants {
	g := &grants{
		settings: settings,
		now:      now,
		consents: map[string]consent{},
		codes:    map[string]*code{},
		refresh:  map[string]*refreshToken{},
		access:   map[string]*accessToken{},
	}
	g.addRefreshToken(settings.credentials.RefreshToken, &family{scopes: settings.scopes})

	return g
}

func (g *grants) addRefreshToken(value string, f *family) {
	g.refresh[value] = &refreshToken{family: f, expires: g.now().Add(g.settings.refreshLife)}
	g.issued = append(g.issued, value)
}

func (g *grants) addAccessToken(f *family, scopes []string) string {
	now := g.now()
	expires := now.Add(g.settings.accessLife)
	value := newAccessTokenValue(g.settings.credentials.ClientID, scopes, now, expires)
	g.access[value] = &accessToken{family: f, generation: len(g.access) + 1, scopes: scopes, expires: expires}
	g.issued = append(g.issued, value)

	return value
}

func (g *grants) addConsent(c consent) string {
	g.mu.Lock()
	defer g.mu.Unlock()

	id := randomHex(16)
	g.consents[id] = c

	return id
}

// decide ends a consent; an approved one gets a code.
func (g *grants) decide(id string, approved bool) (decided consent, value string, found bool) {
	g.mu.Lock()
	defer g.mu.Unlock()

	decided, found = g.consents[id]
	delete(g.consents, id)

	if found && approved {
		value = "def50200" + randomHex(60)
		g.codes[value] = &code{
			redirectURI: decided.redirectURI, scopes: decided.scopes, expires: g.now().Add(g.settings.codeLife),
		}
		g.issued = append(g.issued, value)
	}

	return decided, value, found
}

// exchangeCode spends a code. problem is "" or what is wrong with it. A code that comes a second time takes with it what
// was issued for it the first time.
func (g *grants) exchangeCode(value, redirectURI string) (issued tokens, problem string) {
	g.mu.Lock()
	defer g.mu.Unlock()

	c, found := g.codes[value]

	switch {
	case !found:
		return tokens{}, "The authorization code is unknown."
	case c.family != nil:
		g.revoke(c.family)

		return tokens{}, "The authorization code has been used."
	case !g.now().Before(c.expires):
		return tokens{}, "The authorization code has expired."
	case c.redirectURI != redirectURI:
		return tokens{}, "The redirect_uri is not the one of the authorization request."
	}

	c.family = &family{scopes: c.scopes}
	issued = tokens{access: g.addAccessToken(c.family, c.scopes), refresh: newRefreshTokenValue()}
	g.addRefreshToken(issued.refresh, c.family)
	g.counters.Issued++

	return issued, ""
}

// exchangeRefresh spends a refresh token. narrow, if not empty, is what of its scopes the access token shall have.
func (g *grants) exchangeRefresh(value string, narrow []string, d Dialect) (issued tokens, problem oauthProblem) {
	g.mu.Lock()
	defer g.mu.Unlock()

	token, found := g.refresh[value]
	if !found {
		return tokens{}, deadRefreshToken
	}

	if token.spent {
		g.counters.Replays++

		if d.SpentRefresh == SpentRefreshFamily {
			g.revoke(token.family)
		}

		if d.SpentRefresh != SpentRefreshAlive {
			return tokens{}, deadRefreshToken
		}
	}

	if token.family.revoked || !g.now().Before(token.expires) {
		return tokens{}, deadRefreshToken
	}

	scopes := token.family.scopes
	if len(narrow) > 0 {
		if slices.ContainsFunc(narrow, func(scope string) bool { return !slices.Contains(scopes, scope) }) {
			return tokens{}, scopeNotGranted
		}

		scopes = narrow
	}

	if d.OldAccess == OldAccessRevoked {
		g.revokeAccess(func(a *accessToken) bool { return a.family == token.family })
	}

	issued.access = g.addAccessToken(token.family, scopes)

	if d.RefreshAnswer == RefreshAnswerRotates {
		token.spent = true
		issued.refresh = newRefreshTokenValue()
		g.addRefreshToken(issued.refresh, token.family)
	}

	g.counters.Issued++
	g.counters.Refreshes++

	return issued, oauthOK
}

func (g *grants) revoke(f *family) {
	if !f.revoked {
		f.revoked = true
		g.counters.Revocations++
	}
}

func (g *grants) revokeAccess(which func(*accessToken) bool) {
	for _, token := range g.access {
		if which(token) {
			token.revoked = true
		}
	}
}

// lookUp returns a bearer token if the service ever issued it, and whether it is good now.
func (g *grants) lookUp(value string) (token accessToken, alive bool) {
	g.mu.Lock()
	defer g.mu.Unlock()

	found, known := g.access[value]
	if !known {
		return accessToken{}, false
	}

	return *found, !found.revoked && !found.family.revoked && g.now().Before(found.expires)
}

func (g *grants) refreshAlive(value string, d Dialect) bool {
	g.mu.Lock()
	defer g.mu.Unlock()

	token, known := g.refresh[value]

	return known && !token.family.revoked && g.now().Before(token.expires) &&
		(!token.spent || d.SpentRefresh == SpentRefreshAlive)
}

func (g *grants) newestAccessToken() string {
	g.mu.Lock()
	defer g.mu.Unlock()

	newest, generation := "", 0

	for value, token := range g.access {
		if token.generation > generation {
			newest, generation = value, token.generation
		}
	}

	return newest
}
