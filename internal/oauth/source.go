package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
)

// DefaultLockTimeout is how long a run waits for another one to finish its exchange.
const DefaultLockTimeout = 90 * time.Second

// Config says whose tokens a Source provides and where they are kept.
type Config struct {
	TokenURL     string // https, or http on loopback
	ClientID     string
	ClientSecret string
	RefreshToken string // the seed: starts a chain, and is ignored once it is spent
	AccessToken  string // used as it is until it expires or is rejected
	Store        Store
	Key          string        // fixes the record, whatever the seed
	LockTimeout  time.Duration // 0: DefaultLockTimeout
	MinTTL       time.Duration // the least life that a token of the chain must have left, beyond what a request takes
	UserAgent    string

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

// AccessToken is a token for API requests. ExpiresAt is the zero time when the token does not tell.
type AccessToken struct {
	Value     string
	ExpiresAt time.Time

	usableUntil time.Time
}

// String keeps the token out of any formatted output.
func (t AccessToken) String() string { return "access token until " + t.ExpiresAt.Format(time.RFC3339) }

// GoString keeps the token out of %#v.
func (t AccessToken) GoString() string { return t.String() }

// Source provides access tokens for one sign-in. It is safe for concurrent use.
type Source struct {
	cfg      Config
	env      environment
	client   tokenClient
	msg      messages
	warnings warnings
	masked   sync.Map

	given         AccessToken // from the configuration
	givenRejected atomic.Bool
	current       atomic.Pointer[AccessToken] // from the chain

	mu   sync.Mutex
	name string // of the record, once known
}

// NewSource checks the configuration. It does no network call and touches no file. Its errors are *Error.
func NewSource(cfg Config) (*Source, error) { return newSource(cfg, realEnvironment()) }

func newSource(cfg Config, env environment) (*Source, error) {
	cfg.TokenURL = canonicalURL(cfg.TokenURL)
	msg := newMessages(cfg)

	if cfg.Store == nil {
		return nil, msg.missing("token_store", "SEPAY_TOKEN_STORE")
	}

	if helper, ok := cfg.Store.(*helperStore); ok && len(helper.run.argv) == 0 {
		return nil, msg.missing("token_helper", "SEPAY_TOKEN_HELPER")
	}

	if !validKey(cfg.Key) {
		return nil, msg.badKey(cfg.Key)
	}

	if cfg.LockTimeout <= 0 {
		cfg.LockTimeout = DefaultLockTimeout
	}

	s := &Source{
		cfg: cfg, env: env, msg: msg,
		client: tokenClient{
			url: cfg.TokenURL, userAgent: cfg.UserAgent, clientID: cfg.ClientID, clientSecret: cfg.ClientSecret, env: env,
		},
		given: givenAccessToken(cfg.AccessToken),
	}

	// With an access token alone nothing is ever exchanged, and the client need not be known.
	if cfg.AccessToken == "" {
		if err := s.checkExchange(); err != nil {
			return nil, err
		}
	}

	if cfg.Store == NoStore() && cfg.RefreshToken != "" {
		s.warnings.add(msg.noStore())
	}

	s.mask(cfg.ClientSecret, cfg.RefreshToken, cfg.AccessToken)

	return s, nil
}

// checkExchange tells whether the configuration is complete enough to exchange tokens.
func (s *Source) checkExchange() error {
	switch {
	case s.cfg.ClientID == "":
		return s.msg.missing("client_id", "SEPAY_CLIENT_ID")
	case s.cfg.ClientSecret == "":
		return s.msg.missing("client_secret", "SEPAY_CLIENT_SECRET")
	}

	return checkTokenURL(s.msg, s.cfg.TokenURL)
}

func checkTokenURL(msg messages, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return msg.badTokenURL("It is not a URL.")
	}

	switch {
	case u.Host == "":
		return msg.badTokenURL("It has no host.")
	case u.User != nil:
		return msg.badTokenURL("It has a user name or password in it.")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}

	return msg.badTokenURL(fmt.Sprintf("%s://%s would send the client secret unencrypted.", u.Scheme, u.Host))
}

// canonicalURL writes an address in one way, because records are found by it.
func canonicalURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}

	u.Host = strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"https": ":443", "http": ":80"} {
		if u.Scheme == scheme {
			u.Host = strings.TrimSuffix(u.Host, port)
		}
	}

	return u.String()
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)

	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Token returns an access token for the next request. rejected is "" or the access token that SePay has just answered
// with 401; then another one is returned, or an error. Errors are *Error, or the context's.
func (s *Source) Token(ctx context.Context, rejected string) (string, error) {
	token, err := s.accessToken(ctx, rejected)

	return token.Value, err
}

// Current returns an access token together with the time of its expiry.
func (s *Source) Current(ctx context.Context) (AccessToken, error) { return s.accessToken(ctx, "") }

func (s *Source) accessToken(ctx context.Context, rejected string) (AccessToken, error) {
	if token, ok := s.givenToken(rejected); ok {
		return token, nil
	}

	if current := s.current.Load(); current != nil && current.Value != rejected &&
		s.env.now().Before(current.usableUntil) && s.env.now().Add(s.cfg.MinTTL).Before(current.ExpiresAt) {
		return *current, nil
	}

	token, err := s.acquire(ctx, rejected)

	var failure *Error
	if s.given.Value != "" && errors.As(err, &failure) &&
		(failure.Code == CodeNotSignedIn || failure.Code == CodeConfiguration) {
		// Where there is no other one, it is used to its end.
		if !s.givenRejected.Load() && s.env.now().Before(s.given.ExpiresAt) {
			return s.given, nil
		}

		return AccessToken{}, s.msg.accessTokenOver(s.given.ExpiresAt, s.givenRejected.Load(), s.env.now())
	}

	return token, err
}

// givenToken returns the configured access token while it works.
func (s *Source) givenToken(rejected string) (AccessToken, bool) {
	if s.given.Value == "" {
		return AccessToken{}, false
	}

	if rejected == s.given.Value {
		s.givenRejected.Store(true)
	}

	expired := !s.given.ExpiresAt.IsZero() && !s.env.now().Before(s.given.usableUntil)

	return s.given, !expired && !s.givenRejected.Load()
}

// givenAccessToken reads the times out of the configured access token, where it has any.
func givenAccessToken(value string) AccessToken {
	claims, _ := jwt.Parse(value)

	expires, issued := claims.ExpiresAt(), claims.IssuedAt()
	if issued.IsZero() {
		issued = expires.Add(-defaultLifetime)
	}

	return AccessToken{Value: value, ExpiresAt: expires, usableUntil: expires.Add(-margin(expires.Sub(issued)))}
}

// TakeWarnings returns what the user should know and has not been told yet.
func (s *Source) TakeWarnings() []Warning {
	for _, warning := range s.cfg.Store.takeWarnings() {
		s.warnings.add(warning)
	}

	return s.warnings.take()
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
