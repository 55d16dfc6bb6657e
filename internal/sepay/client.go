// Package sepay is a client of SePay's OAuth2 API v1. It knows nothing of Terraform.
package sepay

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// apiPath stands between the host and every path of the API.
const apiPath = "/api/v1"

// TokenSource supplies access tokens. The client asks it before every request and keeps no token itself.
type TokenSource interface {
	// Token returns an access token for the next request. rejected is "", or the access token that SePay has just
	// answered with 401: the source then has to come up with another one, or with an error that says what to do.
	Token(ctx context.Context, rejected string) (string, error)
}

// Config configures a Client.
type Config struct {
	// BaseURL is scheme://host[:port] without a trailing slash; the client appends /api/v1.
	BaseURL string
	// UserAgent is sent with every request; "" sends Go's own.
	UserAgent string
	// Tokens is required.
	Tokens TokenSource
	// RequestsPerSecond bounds the requests in any one second; 0 sets no limit of our own.
	RequestsPerSecond float64
	// MaxRetries bounds the repetitions of a request after its first try.
	MaxRetries int
	// RequestTimeout bounds one try, waits before it excluded; 0 sets 30 s.
	RequestTimeout time.Duration
	// DisableCoalescing makes every read a request of its own, for comparison.
	DisableCoalescing bool
	// Dial, when not nil, makes the connections, for tests without a network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Log, when not nil, is told what the client does. It never gets a token, a secret or a body.
	Log func(ctx context.Context, msg string, fields map[string]any)
}

// Client calls the API. It is safe for concurrent use, and one client serves a whole process: the limiter, the
// connections and the shared reads are its own.
type Client struct {
	base    string
	agent   string
	tokens  TokenSource
	retries int
	timeout time.Duration
	logFunc func(ctx context.Context, msg string, fields map[string]any)
	http    *http.Client
	opening *opening
	limiter *limiter
	// redact knows every token and secret that was sent.
	redact            *redact.Redactor
	similar           *similar
	disableCoalescing bool
	// principal is a string, see Principal.
	principal atomic.Value

	webhooks     *coalesce.Reader[Webhook]
	accounts     *coalesce.Reader[BankAccount]
	accountsList *coalesce.Shared[[]BankAccount]
	me           *coalesce.Shared[User]
	company      *coalesce.Shared[Company]
}

// New returns a client. It makes no request.
func New(cfg Config) *Client {
	if cfg.RequestTimeout <= 0 {
		cfg.RequestTimeout = 30 * time.Second
	}

	c := &Client{
		base:    cfg.BaseURL + apiPath,
		agent:   cfg.UserAgent,
		tokens:  cfg.Tokens,
		retries: cfg.MaxRetries,
		timeout: cfg.RequestTimeout,
		logFunc: cfg.Log,
		http:    newHTTPClient(cfg.Dial),
		opening: newOpening(),
		redact:  redact.New(),
		limiter: newLimiter(cfg.RequestsPerSecond),

		disableCoalescing: cfg.DisableCoalescing,
	}

	c.webhooks = newReader(c, c.webhookList(), webhookShape(), false)
	c.accounts = newReader(c, bankAccountList(), bankAccountShape(), true, "bankaccount", "bankaccounts")
	c.accountsList = &coalesce.Shared[[]BankAccount]{Fetch: c.readBankAccounts, Expires: true}
	c.me = &coalesce.Shared[User]{Fetch: c.readMe}
	c.company = &coalesce.Shared[Company]{Fetch: c.readCompany}
	c.similar = newSimilar(c)

	return c
}

// CloseIdleConnections closes the connections that no request is using. A process that ends need not call it.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// BaseURL returns the address of SePay as Config has it.
func (c *Client) BaseURL() string { return strings.TrimSuffix(c.base, apiPath) }

// Principal returns a fingerprint of who was signed in at the last successful request. It is "" before that, and where
// access tokens do not say who they are for.
func (c *Client) Principal() string {
	principal, _ := c.principal.Load().(string)

	return principal
}

func (c *Client) log(ctx context.Context, msg string, fields map[string]any) {
	if c.logFunc != nil {
		c.logFunc(ctx, msg, fields)
	}
}
