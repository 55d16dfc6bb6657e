// Package transport sends the requests to SePay's API: authorized, rate-limited, on shared connections, and retried where
// that is safe. It distinguishes successful responses from failures, and does not depend on the endpoints.
package transport

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// TokenSource supplies access tokens. The client gets a token before every request and stores none.
type TokenSource interface {
	// Token returns an access token for the next request. rejected is "", or the access token that SePay has just
	// rejected with 401: the source then returns another one, or an error with the next step.
	Token(ctx context.Context, rejected string) (string, error)
}

// Config configures a Client.
type Config struct {
	// BaseURL is the prefix of the path of each request.
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
	// Dial, if not nil, makes the connections, for tests without a network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// RootCAs are the certificate authorities to trust; nil trusts those of the system.
	RootCAs *x509.CertPool
	// Log, if not nil, receives messages about what the client does, without tokens, secrets and bodies.
	Log func(ctx context.Context, msg string, fields map[string]any)
}

// Client makes requests. It is safe for concurrent use: all callers share the limiter and the connections.
type Client struct {
	cfg             Config
	http            *http.Client
	firstConnection *firstConnection
	limiter         *limiter
	// redact redacts every token and secret that was sent.
	redact *redact.Redactor
	// principal is a string, see Principal.
	principal atomic.Value
}

// New returns a client. It makes no request.
func New(cfg Config) *Client {
	if cfg.RequestTimeout <= 0 {
		cfg.RequestTimeout = 30 * time.Second
	}

	return &Client{
		cfg:             cfg,
		http:            newHTTPClient(cfg),
		firstConnection: newFirstConnection(),
		limiter:         newLimiter(cfg.RequestsPerSecond),
		redact:          redact.New(),
	}
}

// CloseIdleConnections closes the connections that no request is using.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// Redact keeps secrets that the client learns from elsewhere out of its errors and its log, like those that it sends.
func (c *Client) Redact(secrets ...string) { c.redact.Add(secrets...) }

// Timeout returns the timeout of one attempt.
func (c *Client) Timeout() time.Duration { return c.cfg.RequestTimeout }

// Principal returns a fingerprint of the user of the last successful request. It is "" before the first one, and if the
// access token does not name its user.
func (c *Client) Principal() string {
	principal, _ := c.principal.Load().(string)

	return principal
}

// Log writes a message to the log of the configuration.
func (c *Client) Log(ctx context.Context, msg string, fields map[string]any) {
	if c.cfg.Log != nil {
		c.cfg.Log(ctx, msg, fields)
	}
}
