package simulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/authserver"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// Option configures a Simulator.
type Option func(*settings)

type settings struct {
	dialect       dialects.Dialect
	latency       time.Duration
	role          string
	auth          authserver.Settings
	alertChannels []int64
	delivery      delivery.Settings
	sampleWebhook bool
	page          bool
}

func defaultSettings() settings {
	return settings{role: "Admin", auth: authserver.DefaultSettings(), alertChannels: []int64{501, 502}}
}

// WithDialect sets the initial dialect.
func WithDialect(dialect dialects.Dialect) Option { return func(s *settings) { s.dialect = dialect } }

// WithLatency delays every response.
func WithLatency(latency time.Duration) Option { return func(s *settings) { s.latency = latency } }

// WithUserRole sets the role of the user in the company, "Admin" by default.
func WithUserRole(role string) Option { return func(s *settings) { s.role = role } }

// WithCredentials replaces the random client and seed; empty fields keep theirs.
func WithCredentials(credentials Credentials) Option {
	return func(s *settings) {
		for _, field := range []struct{ to, from *string }{
			{&s.auth.Credentials.ClientID, &credentials.ClientID},
			{&s.auth.Credentials.ClientSecret, &credentials.ClientSecret},
			{&s.auth.Credentials.RefreshToken, &credentials.RefreshToken},
		} {
			if *field.from != "" {
				*field.to = *field.from
			}
		}
	}
}

// WithScopes limits the scopes of the client, and of the seed. The default is every scope.
func WithScopes(scopes ...string) Option {
	return func(s *settings) { s.auth.Scopes = slices.Clone(scopes) }
}

// WithRedirectURIs replaces the registered redirect URIs. They must match exactly, except for the port on loopback (O5).
func WithRedirectURIs(uris ...string) Option {
	return func(s *settings) { s.auth.RedirectURIs = slices.Clone(uris) }
}

// WithAccessTokenLifetime sets the lifetime of access tokens, by default an hour.
func WithAccessTokenLifetime(life time.Duration) Option {
	return func(s *settings) { s.auth.AccessLife = life }
}

// WithRefreshTokenLifetime sets the lifetime of refresh tokens, by default a month.
func WithRefreshTokenLifetime(life time.Duration) Option {
	return func(s *settings) { s.auth.RefreshLife = life }
}

// WithCodeLifetime sets the lifetime of authorization codes, by default 5 minutes.
func WithCodeLifetime(life time.Duration) Option { return func(s *settings) { s.auth.CodeLife = life } }

// WithAlertChannels replaces the ids of the alert channels that exist, 501 and 502 by default.
func WithAlertChannels(ids ...int64) Option {
	return func(s *settings) { s.alertChannels = slices.Clone(ids) }
}

// WithLoopbackReceivers accepts webhook URLs on loopback, which SePay refuses, and delivers to them.
func WithLoopbackReceivers() Option { return func(s *settings) { s.delivery.Loopback = true } }

// WithReceiver delivers requests for a host to an address on loopback, such as "127.0.0.1:9000", as by a tunnel.
func WithReceiver(host, address string) Option {
	return func(s *settings) {
		if s.delivery.Receivers == nil {
			s.delivery.Receivers = map[string]string{}
		}

		s.delivery.Receivers[host] = address
	}
}

// WithRetryMinute sets the length of a minute of SePay's retry schedule.
func WithRetryMinute(minute time.Duration) Option {
	return func(s *settings) { s.delivery.Minute = minute }
}

// WithDeliveryTransport replaces the connection to the receivers of deliveries, for tests without a network.
func WithDeliveryTransport(transport http.RoundTripper) Option {
	return func(s *settings) { s.delivery.Transport = transport }
}

// WithPage serves the web page under /_ui/.
func WithPage() Option { return func(s *settings) { s.page = true } }

// WithSampleWebhook adds the published sample, webhook 23.
func WithSampleWebhook() Option { return func(s *settings) { s.sampleWebhook = true } }

// WithRedirectURI registers one more redirect URI.
func WithRedirectURI(uri string) Option {
	return func(s *settings) { s.auth.RedirectURIs = append(s.auth.RedirectURIs, uri) }
}
