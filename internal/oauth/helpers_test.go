package oauth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// fixture is the environment of a test: a token server, a store directory and a clock.
type fixture struct {
	t      *testing.T
	server *tokenServer
	dir    string
	env    system.Environment

	mu     sync.Mutex
	clock  time.Duration // ahead of the real clock
	slept  []time.Duration
	output []string // all logs, warnings and errors
}

func newFixture(t *testing.T) *fixture {
	t.Helper()

	return newFixtureWith(t, startTokenServer(t))
}

func newFixtureWith(t *testing.T, server *tokenServer) *fixture {
	t.Helper()

	f := &fixture{t: t, server: server, dir: filepath.Join(t.TempDir(), "store")}
	temp := t.TempDir()
	f.env = system.NewEnvironment()
	f.env.Process = system.NewProcess()
	f.env.TempDir = func() string { return temp }
	f.env.Now = func() time.Time {
		f.mu.Lock()
		defer f.mu.Unlock()

		return time.Now().UTC().Round(0).Add(f.clock)
	}
	f.env.Sleep = func(ctx context.Context, d time.Duration) error {
		f.mu.Lock()
		f.slept = append(f.slept, d)
		f.mu.Unlock()

		return system.Sleep(ctx, min(d, 10*time.Millisecond))
	}
	t.Cleanup(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.server.expectNoSecret(t, f.output...)
	})

	return f
}

func (f *fixture) advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock += d
}

func (f *fixture) waits() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()

	return append([]time.Duration(nil), f.slept...)
}

func (f *fixture) record(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.output = append(f.output, text)
}

func (f *fixture) config(seed string) Config {
	return Config{
		TokenURL: f.server.tokenURL(), ClientID: testClient, ClientSecret: testSecret, RefreshToken: seed,
		Store: tokenstore.NewFile(f.dir), UserAgent: "test/1.0",
		Log: func(_ context.Context, msg string, fields map[string]any) { f.record(fmt.Sprint(msg, fields)) },
	}
}

// source returns a source in a new provider process.
func (f *fixture) source(seed string, change ...func(*Config)) *Source {
	f.t.Helper()

	return f.sourceIn(system.NewProcess(), seed, change...)
}

// sourceIn returns a source in a process that may have others.
func (f *fixture) sourceIn(process *system.Process, seed string, change ...func(*Config)) *Source {
	f.t.Helper()

	cfg := f.config(seed)
	for _, c := range change {
		c(&cfg)
	}

	env := f.env
	env.Process = process

	s, err := newSource(cfg, env)
	if err != nil {
		f.t.Fatalf("NewSource: %v", err)
	}

	return s
}

func withKey(key string) func(*Config)               { return func(c *Config) { c.Key = key } }
func withStore(store tokenstore.Store) func(*Config) { return func(c *Config) { c.Store = store } }
func withAccess(token string) func(*Config)          { return func(c *Config) { c.AccessToken = token } }

// token requests an access token, which must be valid at the server.
func (f *fixture) token(s *Source, rejected string) string {
	f.t.Helper()

	token, err := s.Token(f.t.Context(), rejected)
	if err != nil {
		f.t.Fatalf("Token: %v", err)
	}

	if !f.server.accessValid(token) {
		f.t.Fatalf("Token returned an access token that is not valid at the server")
	}

	return token
}

// failure requests a token and expects an error with the code.
func (f *fixture) failure(s *Source, rejected string, code diagnostic.Code) *diagnostic.Error {
	f.t.Helper()

	_, err := s.Token(f.t.Context(), rejected)

	var failure *diagnostic.Error
	if !errors.As(err, &failure) {
		f.t.Fatalf("Token returned %v, want an *Error %s", err, code)
	}

	f.record(err.Error())

	if failure.Code != code {
		f.t.Fatalf("Token failed with %s, want %s: %v", failure.Code, code, err)
	}

	return failure
}

// fails is failure for tests that do not need the error.
func (f *fixture) fails(s *Source, rejected string, code diagnostic.Code) {
	f.t.Helper()

	if failure := f.failure(s, rejected, code); failure.Detail == "" {
		f.t.Errorf("%s has no detail", code)
	}
}

// files returns the paths in the store with the suffix.
func (f *fixture) files(suffix string) []string {
	f.t.Helper()

	all, err := filepath.Glob(filepath.Join(f.dir, "*"))
	if err != nil {
		f.t.Fatal(err)
	}

	var found []string

	for _, path := range all {
		if strings.HasSuffix(path, suffix) {
			found = append(found, path)
		}
	}

	return found
}

// stored returns the only record in the store.
func (f *fixture) stored() *tokenstore.Record {
	f.t.Helper()

	found := f.files(tokenstore.RecordSuffix)
	if len(found) != 1 {
		f.t.Fatalf("%d records in the store, want 1: %v", len(found), found)
	}

	return f.readRecord(found[0])
}

func (f *fixture) readRecord(path string) *tokenstore.Record {
	f.t.Helper()

	data, err := os.ReadFile(path)
	if err != nil {
		f.t.Fatal(err)
	}

	r, err := tokenstore.Decode(data)
	if err != nil {
		f.t.Fatalf("%s: %v", path, err)
	}

	return r
}

func (f *fixture) write(path string, r *tokenstore.Record) {
	f.t.Helper()

	data, err := r.Encode()
	if err != nil {
		f.t.Fatal(err)
	}

	if err := os.WriteFile(path, data, tokenstore.PrivateFile); err != nil {
		f.t.Fatal(err)
	}
}

// change edits the only stored record.
func (f *fixture) change(edit func(*tokenstore.Record)) {
	f.t.Helper()

	r := f.stored()
	edit(r)
	f.write(f.files(tokenstore.RecordSuffix)[0], r)
}

// expectValidChain asserts that the stored refresh token is valid at the server.
func (f *fixture) expectValidChain() {
	f.t.Helper()

	if r := f.stored(); !f.server.refreshValid(r.RefreshToken) {
		f.t.Errorf("the stored refresh token is not valid at the server: %v", r)
	}
}

// startExpired starts a chain whose access token has expired, and returns its seed.
func (f *fixture) startExpired() (seed string) {
	f.t.Helper()

	seed = f.server.authorize()
	f.token(f.source(seed), "")
	f.change(func(r *tokenstore.Record) {
		r.ObtainedAt = r.ObtainedAt.Add(-2 * time.Hour)
		r.ExpiresAt = r.ExpiresAt.Add(-2 * time.Hour)
	})

	return seed
}
