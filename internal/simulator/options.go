package simulator

import (
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// Option changes how a Simulator is made.
type Option func(*settings)

// Credentials are what a client of the simulator signs in with.
type Credentials struct {
	ClientID     string
	ClientSecret string
	// RefreshToken is the seed: alive until it is used.
	RefreshToken string
}

// String names the client without its secrets.
func (c Credentials) String() string { return "client " + c.ClientID }

// GoString is String, so that %#v shows no secret either.
func (c Credentials) GoString() string { return c.String() }

type settings struct {
	dialect       Dialect
	latency       time.Duration
	role          string
	credentials   Credentials
	scopes        []string
	redirectURIs  []string
	accessLife    time.Duration
	refreshLife   time.Duration // 0: a month of the calendar
	codeLife      time.Duration
	alertChannels []int64
	sampleWebhook bool
}

func defaultSettings() settings {
	return settings{
		role: "Admin",
		credentials: Credentials{
			ClientID:     "sepay-simulator-client",
			ClientSecret: "scs_" + randomHex(24),
			RefreshToken: newRefreshTokenValue(),
		},
		scopes:        sepay.Values(sepay.Scopes()),
		redirectURIs:  []string{"http://127.0.0.1:8765/callback", "https://shop.example.com/oauth/callback"},
		accessLife:    time.Hour,
		codeLife:      5 * time.Minute,
		alertChannels: []int64{501, 502},
	}
}

// WithDialect makes the simulator speak that dialect from the start.
func WithDialect(dialect Dialect) Option { return func(s *settings) { s.dialect = dialect } }

// WithLatency delays every answer.
func WithLatency(latency time.Duration) Option { return func(s *settings) { s.latency = latency } }

// WithUserRole sets the role of the user in the company, "Admin" by default; .
func WithUserRole(role string) Option { return func(s *settings) { s.role = role } }

// WithCredentials replaces the random client and seed; empty fields keep theirs.
func WithCredentials(credentials Credentials) Option {
	return func(s *settings) {
		for _, field := range []struct{ to, from *string }{
			{&s.credentials.ClientID, &credentials.ClientID},
			{&s.credentials.ClientSecret, &credentials.ClientSecret},
			{&s.credentials.RefreshToken, &credentials.RefreshToken},
		} {
			if *field.from != "" {
				*field.to = *field.from
			}
		}
	}
}

// WithScopes limits what the client is registered for, and with it what the seed is good for. The default is every scope.
func WithScopes(scopes ...string) Option {
	return func(s *settings) { s.scopes = slices.Clone(scopes) }
}

// WithRedirectURIs replaces the registered redirect URIs. They are compared letter by letter, but for the port on loopback (O5).
func WithRedirectURIs(uris ...string) Option {
	return func(s *settings) { s.redirectURIs = slices.Clone(uris) }
}

// WithAccessTokenLifetime replaces the hour that an access token lives.
func WithAccessTokenLifetime(life time.Duration) Option {
	return func(s *settings) { s.accessLife = life }
}

// WithRefreshTokenLifetime replaces the month that a refresh token lives.
func WithRefreshTokenLifetime(life time.Duration) Option {
	return func(s *settings) { s.refreshLife = life }
}

// WithCodeLifetime replaces the 5 minutes that an authorization code lives.
func WithCodeLifetime(life time.Duration) Option { return func(s *settings) { s.codeLife = life } }

// WithAlertChannels replaces the ids of the alert channels that exist, 501 and 502 by default.
func WithAlertChannels(ids ...int64) Option {
	return func(s *settings) { s.alertChannels = slices.Clone(ids) }
}

// WithSampleWebhook adds the published sample, webhook 23.
func WithSampleWebhook() Option { return func(s *settings) { s.sampleWebhook = true } }

// WithRedirectURI registers one more redirect URI.
func WithRedirectURI(uri string) Option {
	return func(s *settings) { s.redirectURIs = append(s.redirectURIs, uri) }
}
