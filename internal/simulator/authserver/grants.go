package authserver

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// grants are the authorizations of users, with the tokens that were issued for them.
type grants struct {
	settings Settings
	now      func() time.Time

	mu       sync.Mutex
	consents map[string]consent
	codes    map[string]*code
	refresh  map[string]*refreshToken
	access   map[string]*accessToken
	issued   []string
	counters Counters
}

// Counters count what happened at the token endpoint.
type Counters struct {
	Calls       int `json:"calls"`       // requests to /oauth/token
	Issued      int `json:"issued"`      // responses with tokens
	Refreshes   int `json:"refreshes"`   // of these, for a refresh token
	Replays     int `json:"replays"`     // refresh tokens that were sent again after their use
	Revocations int `json:"revocations"` // families revoked because of a replay or by the test
}

// family is one authorization: every token that descends from one consent.
type family struct {
	scopes  []string
	begun   time.Time
	foreign bool // of another client
	revoked bool
}

type consent struct {
	redirectURI, state string
	challenge, method  string // of PKCE
	scopes             []string
}

type code struct {
	redirectURI string
	challenge   string
	method      string
	scopes      []string
	expires     time.Time
	family      *family // set when the code was exchanged
}

type refreshToken struct {
	family *family
	issued time.Time
	spent  bool
}

type accessToken struct {
	family     *family
	generation int
	scopes     []string
	expires    time.Time
	revoked    bool
}

// tokens is the result of an exchange; refresh is "" if the old refresh token stays valid.
type tokens struct{ access, refresh string }

func newGrants(settings Settings, now func() time.Time) *grants {
	g := &grants{
		settings: settings,
		now:      now,
		consents: map[string]consent{},
		codes:    map[string]*code{},
		refresh:  map[string]*refreshToken{},
		access:   map[string]*accessToken{},
	}
	g.addRefreshToken(settings.Credentials.RefreshToken, &family{scopes: settings.Scopes})

	return g
}

func (g *grants) addRefreshToken(value string, f *family) {
	now := g.now()
	if f.begun.IsZero() {
		f.begun = now
	}

	g.refresh[value] = &refreshToken{family: f, issued: now}
	g.issued = append(g.issued, value)
}

// expired reports whether the month of a refresh token has passed. It is a calendar month, as in PHP.
func (g *grants) expired(token *refreshToken, d dialects.Dialect) bool {
	from := token.issued
	if d.RefreshMonth == dialects.RefreshMonthFixed {
		from = token.family.begun
	}

	end := from.AddDate(0, 1, 0)
	if g.settings.RefreshLife > 0 {
		end = from.Add(g.settings.RefreshLife)
	}

	return !g.now().Before(end)
}

func (g *grants) addAccessToken(f *family, scopes []string) string {
	now := g.now()
	expires := now.Add(g.settings.AccessLife)
	value := newAccessTokenValue(g.settings, scopes, now, expires)
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

// decide completes a consent; an approved one gets a code.
func (g *grants) decide(id string, approved bool) (decided consent, value string, found bool) {
	g.mu.Lock()
	defer g.mu.Unlock()

	decided, found = g.consents[id]
	delete(g.consents, id)

	if found && approved {
		value = "def50200" + randomHex(60)
		g.codes[value] = &code{
			redirectURI: decided.redirectURI, scopes: decided.scopes, expires: g.now().Add(g.settings.CodeLife),
			challenge: decided.challenge, method: decided.method,
		}
		g.issued = append(g.issued, value)
	}

	return decided, value, found
}

// exchangeCode uses a code. found is its error. In the dialect in which the reuse of a token revokes its family, the second
// use of a code revokes the tokens that were issued for the first one.
func (g *grants) exchangeCode(value, redirectURI, verifier string, d dialects.Dialect) (issued tokens, found verdict) {
	g.mu.Lock()
	defer g.mu.Unlock()

	c, known := g.codes[value]

	switch {
	case !known:
		return tokens{}, codeNotDecrypted
	case !g.now().Before(c.expires):
		return tokens{}, codeExpired
	case c.family != nil:
		if d.SpentRefresh == dialects.SpentRefreshFamily {
			g.revoke(c.family)
		}

		return tokens{}, codeRevoked
	case c.redirectURI != redirectURI:
		return tokens{}, codeRedirect
	}

	if found := c.verify(verifier); found != accepted {
		return tokens{}, found
	}

	c.family = &family{scopes: c.scopes}
	issued = tokens{access: g.addAccessToken(c.family, c.scopes), refresh: newRefreshTokenValue()}
	g.addRefreshToken(issued.refresh, c.family)
	g.counters.Issued++

	return issued, accepted
}

// verify compares the verifier of PKCE with the challenge of the authorization request.
func (c *code) verify(verifier string) verdict {
	expected := verifier
	if c.method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		expected = base64.RawURLEncoding.EncodeToString(sum[:])
	}

	switch {
	case c.challenge == "" && verifier == "":
		return accepted
	case c.challenge == "":
		return verifierUnasked
	case verifier == "":
		return verifierMissing
	case c.challenge != expected:
		return verifierWrong
	}

	return accepted
}

// exchangeRefresh uses a refresh token. narrow, if not empty, has the requested scopes of the access token.
func (g *grants) exchangeRefresh(value string, narrow []string, d dialects.Dialect) (issued tokens, found verdict) {
	g.mu.Lock()
	defer g.mu.Unlock()

	token := g.refresh[value]
	if token != nil && token.spent {
		g.counters.Replays++

		if d.SpentRefresh == dialects.SpentRefreshFamily {
			g.revoke(token.family)
		}
	}

	if found := g.refuses(token, d); found != accepted {
		return tokens{}, found
	}

	scopes := token.family.scopes
	if len(narrow) > 0 {
		if slices.ContainsFunc(narrow, func(scope string) bool { return !slices.Contains(scopes, scope) }) {
			return tokens{}, scopeNotGranted
		}

		scopes = narrow
	}

	// Both old tokens end before new ones exist: they are invalid even if the response is lost.
	if d.OldAccess == dialects.OldAccessRevoked {
		g.revokeAccess(func(a *accessToken) bool { return a.family == token.family })
	}

	rotates := d.RefreshResponse == dialects.RefreshResponseRotates
	token.spent = token.spent || rotates

	issued.access = g.addAccessToken(token.family, scopes)

	if rotates {
		issued.refresh = newRefreshTokenValue()
		g.addRefreshToken(issued.refresh, token.family)
	}

	g.counters.Issued++
	g.counters.Refreshes++

	return issued, accepted
}

// refuses returns the reason why a refresh token is rejected, or accepted.
func (g *grants) refuses(token *refreshToken, d dialects.Dialect) verdict {
	switch {
	case token == nil:
		return refreshNotDecrypted
	case token.family.foreign:
		return refreshNotLinked
	case g.expired(token, d):
		return refreshExpired
	case token.family.revoked, token.spent && d.SpentRefresh != dialects.SpentRefreshAlive:
		return refreshRevoked
	}

	return accepted
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

// lookUp returns a bearer token and its error.
func (g *grants) lookUp(value string) (token accessToken, found verdict) {
	g.mu.Lock()
	defer g.mu.Unlock()

	held, known := g.access[value]

	switch {
	case !known:
		return accessToken{}, bearerNotVerified
	case !g.now().Before(held.expires):
		return *held, bearerNotVerified
	case held.revoked, held.family.revoked:
		return *held, bearerRevoked
	}

	return *held, accepted
}

func (g *grants) refreshAlive(value string, d dialects.Dialect) bool {
	g.mu.Lock()
	defer g.mu.Unlock()

	return g.refuses(g.refresh[value], d) == accepted
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
