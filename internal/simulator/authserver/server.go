// Package authserver is the authorization server of the simulator: the consent page, the token endpoint, and the check of
// bearer tokens. It behaves as PHP's league/oauth2-server, which SePay most likely runs.
package authserver

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

// Credentials are the credentials of a client of the simulator.
type Credentials struct {
	ClientID     string
	ClientSecret string
	// RefreshToken is the seed, which is valid until it is used.
	RefreshToken string
}

// String names the client without its secrets.
func (c Credentials) String() string { return "client " + c.ClientID }

// GoString is String, so that %#v shows no secret either.
func (c Credentials) GoString() string { return c.String() }

// Settings are the registration of the client and the lifetimes of its tokens.
type Settings struct {
	Credentials  Credentials
	Subject      string // the id of the user who consents
	Scopes       []string
	RedirectURIs []string
	AccessLife   time.Duration
	RefreshLife  time.Duration // 0: a month of the calendar
	CodeLife     time.Duration
}

// DefaultSettings registers a client with a random secret and seed, with every scope, and the documented lifetimes.
func DefaultSettings() Settings {
	return Settings{
		Credentials: Credentials{
			ClientID:     "sepay-simulator-client",
			ClientSecret: "scs_" + randomHex(24),
			RefreshToken: newRefreshTokenValue(),
		},
		Scopes:       sepay.Values(sepay.Scopes()),
		RedirectURIs: []string{"http://127.0.0.1:8765/callback", "https://shop.example.com/oauth/callback"},
		AccessLife:   time.Hour,
		CodeLife:     5 * time.Minute,
	}
}

// Server is the authorization server with its issued tokens. It is safe for concurrent use.
type Server struct {
	settings Settings
	grants   *grants
	pages    *template.Template
}

// New returns a server. Tokens and codes expire by the clock now.
func New(settings Settings, now func() time.Time) *Server {
	return &Server{settings: settings, grants: newGrants(settings, now), pages: newPages()}
}

// Routes returns the routes of the OAuth2 pages.
func (s *Server) Routes() []route.Route {
	return []route.Route{
		route.New(http.MethodGet, "/oauth/authorize", "", s.showConsent),
		route.New(http.MethodPost, "/oauth/authorize", "", s.submitConsent),
		route.New(http.MethodPost, "/oauth/token", "", s.exchangeToken),
	}
}

// Tokens returns the tokens, for tests. dialect returns the current dialect.
func (s *Server) Tokens(dialect func() dialects.Dialect) Tokens {
	return Tokens{server: s, dialect: dialect}
}

// Generation returns the number of the access token in the header: the first one issued is 1. It is 0 for none, and for one
// that was not issued.
func (s *Server) Generation(header http.Header) int {
	_, value, _ := strings.Cut(header.Get("Authorization"), " ")
	token, _ := s.grants.lookUp(value)

	return token.generation
}

// Authorize checks the bearer token of a request to the API, and returns the error response, or nil. It does not name a
// missing scope: the service only reports that the request is forbidden.
func (s *Server) Authorize(c *route.Call, scope string) *response.Response {
	header := c.Request.Header.Get("Authorization")
	scheme, value, _ := strings.Cut(header, " ")
	token, found := s.grants.lookUp(value)

	switch {
	case header == "":
		found = bearerMissing
	case scheme != "Bearer":
		found = bearerNotVerified
	}

	if found != accepted {
		refused := unauthorized(found, c.Dialect)

		return &refused
	}

	if slices.Contains(token.scopes, scope) {
		return nil
	}

	refused := response.Forbidden()

	return &refused
}
