// Package sepay is a client of SePay's OAuth2 API v1. It does not depend on Terraform.
//
// Each file describes one endpoint: its path and scope, the types of request and response, and the keys of both. The
// subpackages have what the endpoints share: wire decodes the forms of SePay's JSON, transport sends the requests, and
// paging reads lists to their end.
package sepay

import (
	"context"
	"crypto/x509"
	"net"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// apiPath is between the host and every path of the API.
const apiPath = "/api/v1"

// TokenSource supplies access tokens.
type TokenSource = transport.TokenSource

// Field is one key of a response: absent, null, or set to a value.
type Field[T any] = wire.Field[T]

// Of returns a field that has a value.
func Of[T any](value T) Field[T] { return wire.Of(value) }

// Null returns a field whose key is null in the response.
func Null[T any]() Field[T] { return wire.Null[T]() }

// Config configures a Client.
type Config struct {
	// BaseURL is scheme://host[:port] without a trailing slash; the client appends /api/v1.
	BaseURL string
	// UserAgent is sent with every request; "" sends Go's own.
	UserAgent string
	// Tokens is required.
	Tokens TokenSource
	// RequestsPerSecond bounds the requests in any one second; 0 sets no limit.
	RequestsPerSecond float64
	// MaxRetries bounds the retries of a request.
	MaxRetries int
	// RequestTimeout bounds one attempt, without the waits before it; 0 sets 30 s.
	RequestTimeout time.Duration
	// DisableCoalescing sends one request for each read, as a baseline for benchmarks.
	DisableCoalescing bool
	// Dial, if not nil, makes the connections, for tests without a network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// RootCAs are the certificate authorities to trust; nil trusts those of the system.
	RootCAs *x509.CertPool
	// Log, if not nil, receives messages about what the client does, without tokens, secrets and bodies.
	Log func(ctx context.Context, msg string, fields map[string]any)
}

// Client calls the API. It is safe for concurrent use, and a process needs only one: it owns the limiter, the
// connections and the shared reads.
type Client struct {
	baseURL           string
	api               *transport.Client
	similar           *similar
	disableCoalescing bool

	webhooks     *coalesce.Reader[Webhook]
	accounts     *coalesce.Reader[BankAccount]
	accountsList *coalesce.Shared[[]BankAccount]
	me           *coalesce.Shared[User]
	company      *coalesce.Shared[Company]
}

// New returns a client. It makes no request.
func New(cfg Config) *Client {
	c := &Client{
		baseURL: cfg.BaseURL,
		api: transport.New(transport.Config{
			BaseURL: cfg.BaseURL + apiPath, UserAgent: cfg.UserAgent, Tokens: cfg.Tokens,
			RequestsPerSecond: cfg.RequestsPerSecond, MaxRetries: cfg.MaxRetries, RequestTimeout: cfg.RequestTimeout,
			Dial: cfg.Dial, RootCAs: cfg.RootCAs, Log: cfg.Log,
		}),
		disableCoalescing: cfg.DisableCoalescing,
	}

	c.webhooks = webhooks().reader(c, webhookShape(), false)
	c.accounts = bankAccounts().reader(c, bankAccountShape(), true)
	c.accountsList = &coalesce.Shared[[]BankAccount]{Fetch: c.readBankAccounts, Expires: true}
	c.me = &coalesce.Shared[User]{Fetch: c.readMe}
	c.company = &coalesce.Shared[Company]{Fetch: c.readCompany}
	c.similar = newSimilar(c)

	return c
}

// CloseIdleConnections closes the connections that no request is using. It is not needed before a process exits.
func (c *Client) CloseIdleConnections() { c.api.CloseIdleConnections() }

// Redact keeps secrets out of errors and the log when SePay repeats them. The client redacts what it sends and receives by
// itself; this is for what SePay may still have from an earlier run.
func (c *Client) Redact(secrets ...string) { c.api.Redact(secrets...) }

// BaseURL returns Config.BaseURL.
func (c *Client) BaseURL() string { return c.baseURL }

// Principal returns a fingerprint of the user of the last successful request. It is "" before the first one, and if the
// access token does not name its user.
func (c *Client) Principal() string { return c.api.Principal() }
