package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Config says whose tokens a Source provides and where they are kept.
type Config struct {
	TokenURL     string // https, or http on loopback
	ClientID     string
	ClientSecret string
	RefreshToken string // the seed: starts a chain, and is ignored once it is spent
	AccessToken  string // used as it is until it expires or is rejected
	Store        tokenstore.Store
	Key          string        // fixes the record, whatever the seed
	LockTimeout  time.Duration // 0: DefaultLockTimeout
	MinTTL       time.Duration // the least life that a token of the chain must have left, beyond what a request takes
	UserAgent    string
	// Dial replaces how connections to the token endpoint are made, for tests without a network; nil: net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Log receives what happens, without secrets; nil: nobody.
	Log func(ctx context.Context, msg string, fields map[string]any)
	// OnSecret is called once for each secret that this source uses, before its first use, so that logs can mask it; nil:
	// nobody. It may be called from several goroutines.
	OnSecret func(secret string)
}

// String keeps secrets out of any formatted output.
func (c Config) String() string {
	return fmt.Sprintf("sign-in of client %s in %v", c.ClientID, c.Store)
}

// GoString keeps secrets out of %#v.
func (c Config) GoString() string { return c.String() }

// LogValue keeps secrets out of structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Source provides access tokens for one sign-in. It is safe for concurrent use.
type Source struct {
	cfg      Config
	env      system.Environment
	client   tokenendpoint.Client
	msg      messages
	warnings diagnostic.Warnings
	masked   sync.Map

	configured         AccessToken // from the configuration
	configuredRejected atomic.Bool
	current            atomic.Pointer[AccessToken] // from the chain

	mu   sync.Mutex
	name string // of the record, once known
}

// NewSource checks the configuration. It does no network call and touches no file. Its errors are *Error.
func NewSource(cfg Config) (*Source, error) { return newSource(cfg, system.NewEnvironment()) }

func newSource(cfg Config, env system.Environment) (*Source, error) {
	if cfg.Dial != nil {
		env.Dial = cfg.Dial
	}

	cfg.TokenURL = tokenendpoint.CanonicalURL(cfg.TokenURL)
	msg := newMessages(cfg)

	if cfg.Store == nil {
		return nil, diagnostic.Missing("token_store", "SEPAY_TOKEN_STORE")
	}

	if err := tokenstore.Check(cfg.Store, cfg.Key); err != nil {
		return nil, err
	}

	if cfg.LockTimeout <= 0 {
		cfg.LockTimeout = tokenstore.DefaultLockTimeout
	}

	s := &Source{
		cfg: cfg, env: env, msg: msg,
		client: tokenendpoint.Client{
			URL: cfg.TokenURL, UserAgent: cfg.UserAgent, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret,
			Now: env.Now, Sleep: env.Sleep, Dial: env.Dial,
		},
		configured: newConfiguredToken(cfg.AccessToken),
	}

	// With an access token alone nothing is ever exchanged, and the client need not be known.
	if cfg.AccessToken == "" {
		if err := s.client.Check(); err != nil {
			return nil, err
		}
	}

	if cfg.Store == tokenstore.None() && cfg.RefreshToken != "" {
		s.warnings.Add(msg.noStore())
	}

	s.mask(cfg.ClientSecret, cfg.RefreshToken, cfg.AccessToken)

	return s, nil
}

// Token returns an access token for the next request. rejected is "" or the access token that SePay has just rejected
// with 401; then another one is returned, or an error. Errors are *Error, or the context's.
func (s *Source) Token(ctx context.Context, rejected string) (string, error) {
	token, err := s.accessToken(ctx, rejected)

	return token.Value, err
}

// Current returns an access token together with the time of its expiry.
func (s *Source) Current(ctx context.Context) (AccessToken, error) { return s.accessToken(ctx, "") }

func (s *Source) accessToken(ctx context.Context, rejected string) (AccessToken, error) {
	if token, ok := s.configuredToken(rejected); ok {
		return token, nil
	}

	if current := s.current.Load(); current != nil && current.Value != rejected &&
		s.env.Now().Before(current.usableUntil) && s.env.Now().Add(s.cfg.MinTTL).Before(current.ExpiresAt) {
		return *current, nil
	}

	token, err := s.acquire(ctx, rejected)

	var failure *diagnostic.Error
	if s.configured.Value != "" && errors.As(err, &failure) &&
		(failure.Code == diagnostic.CodeNotSignedIn || failure.Code == diagnostic.CodeConfiguration) {
		// Where there is no other one, it is used to its end.
		if !s.configuredRejected.Load() && s.env.Now().Before(s.configured.ExpiresAt) {
			return s.configured, nil
		}

		return AccessToken{}, s.msg.accessTokenOver(s.configured.ExpiresAt, s.configuredRejected.Load(), s.env.Now())
	}

	return token, err
}

// TakeWarnings returns what the user should know and has not been told yet.
func (s *Source) TakeWarnings() []diagnostic.Warning {
	for _, warning := range s.cfg.Store.TakeWarnings() {
		s.warnings.Add(warning)
	}

	return s.warnings.Take()
}

// mask announces secrets before anything can log them.
func (s *Source) mask(secrets ...string) {
	if s.cfg.OnSecret == nil {
		return
	}

	for _, secret := range secrets {
		if secret == "" {
			continue
		}

		if _, known := s.masked.LoadOrStore(secret, nil); !known {
			s.cfg.OnSecret(secret)
		}
	}
}

func (s *Source) log(ctx context.Context, msg string, fields map[string]any) {
	if s.cfg.Log != nil {
		s.cfg.Log(ctx, msg, fields)
	}
}
