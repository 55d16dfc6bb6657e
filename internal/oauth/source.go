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

// Config configures a Source.
type Config struct {
	TokenURL     string // of the token endpoint: https, or http on a loopback address
	ClientID     string
	ClientSecret string
	RefreshToken string // the seed: starts a chain, and is ignored after its first use
	AccessToken  string // used unchanged until it expires or is rejected
	Store        tokenstore.Store
	Key          string        // selects the record, regardless of the seed; "" for none
	LockTimeout  time.Duration // 0 means tokenstore.DefaultLockTimeout
	MinTTL       time.Duration // the minimum remaining lifetime of a returned token of the chain
	UserAgent    string
	// Dial connects to the token endpoint, for tests without a network; nil means net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Log receives log messages, without secrets. It may be nil.
	Log func(ctx context.Context, msg string, fields map[string]any)
	// OnSecret is called once for each secret, before its first use, so that logs can mask it. It may be nil, and must be safe
	// for concurrent use.
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

// NewSource validates the configuration, without network or file access. Its errors are *diagnostic.Error.
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

	// An access token alone is never refreshed, so it needs no client credentials.
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

// Token returns an access token for the next request. rejected is the access token that SePay just rejected with 401, or "":
// then Token returns another one or an error. Its errors are *diagnostic.Error, or the context's.
func (s *Source) Token(ctx context.Context, rejected string) (string, error) {
	token, err := s.accessToken(ctx, rejected)

	return token.Value, err
}

// Current returns an access token with its expiry.
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
		// Without a stored sign-in, use the configured token until it expires.
		if !s.configuredRejected.Load() && s.env.Now().Before(s.configured.ExpiresAt) {
			return s.configured, nil
		}

		return AccessToken{}, s.msg.accessTokenUnusable(s.configured.ExpiresAt, s.configuredRejected.Load(), s.env.Now())
	}

	return token, err
}

// TakeWarnings returns the warnings since the last call.
func (s *Source) TakeWarnings() []diagnostic.Warning {
	for _, warning := range s.cfg.Store.TakeWarnings() {
		s.warnings.Add(warning)
	}

	return s.warnings.Take()
}

// mask passes new secrets to OnSecret, before anything can log them.
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
