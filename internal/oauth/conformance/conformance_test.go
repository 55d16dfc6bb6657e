package conformance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// The test binary is also the provider process of these tests.
const childVariable = "SEPAY_CONFORMANCE_CHILD"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		os.Exit(child(text))
	}

	slog.SetDefault(slog.New(slog.DiscardHandler)) // servers report each request

	os.Exit(m.Run())
}

// child does what a provider process does in a plan: it reads from the API with a token of the store.
func child(text string) int {
	address, dir, _ := strings.Cut(text, " ")

	s, err := newSource(address, dir, clientSecret)
	if err == nil {
		client := sepay.New(sepay.Config{BaseURL: address, Tokens: s})
		if _, err = client.Me(context.Background()); err == nil {
			return 0
		}
	}

	fmt.Print(err)

	return 1
}

func newSource(address, dir, secret string) (*oauth.Source, error) {
	store, err := tokenstore.OpenFile(dir)
	if err != nil {
		return nil, err
	}

	return oauth.NewSource(oauth.Config{TokenURL: address + "/oauth/token", ClientID: clientID, ClientSecret: secret, Store: store})
}

// signedIn is one machine on which somebody signed in with the browser.
type signedIn struct {
	*testing.T
	*server

	dir, first string // the token store, and the first refresh token
}

func signIn(t *testing.T, start func(t *testing.T, redirect string) *server) signedIn {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	redirect := "http://" + listener.Addr().String() + "/callback"

	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}

	s := start(t, redirect)
	dir := filepath.Join(t.TempDir(), "store")

	store, err := tokenstore.OpenFile(dir)
	if err != nil {
		t.Fatal(err)
	}

	result, err := login.Run(t.Context(), login.Options{
		AuthorizeURL: s.authorize, TokenURL: s.URL + "/oauth/token", ClientID: clientID, ClientSecret: clientSecret,
		RedirectURL: redirect, Scopes: s.scopes, Store: store, OpenBrowser: s.browse,
	})
	if err != nil {
		t.Fatalf("Login: %v", err)
	}

	m := signedIn{T: t, server: s, dir: dir, first: string(result.RefreshToken)}
	m.expect(1, 0)

	return m
}

// plan runs provider processes side by side; each has to read from the API.
func (m signedIn) plan(processes int) {
	m.Helper()

	var wg sync.WaitGroup

	for range processes {
		wg.Go(func() {
			cmd := exec.CommandContext(m.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childVariable+"="+m.URL+" "+m.dir)

			if out, err := cmd.Output(); err != nil {
				m.Errorf("a process cannot read from the API: %v: %s", err, out)
			}
		})
	}

	wg.Wait()
}

// expectEnd asks for a token as a new process does, and expects that SePay refuses.
func (m signedIn) expectEnd() {
	m.Helper()

	source, err := newSource(m.URL, m.dir, clientSecret)
	if err != nil {
		m.Fatal(err)
	}

	_, err = source.Token(m.Context(), "")

	var failure *diagnostic.Error
	if !errors.As(err, &failure) || failure.Code != diagnostic.CodeRefused {
		m.Errorf("got %v, want an error of the kind %s", err, diagnostic.CodeRefused)
	}
}

// expect compares what reached the token address.
func (m signedIn) expect(calls, refused int32) {
	m.Helper()

	if gotCalls, gotRefused := m.calls.Load(), m.refused.Load(); gotCalls != calls || gotRefused != refused {
		m.Errorf("%d token calls, %d refused; want %d and %d", gotCalls, gotRefused, calls, refused)
	}
}

var (
	expiry  = regexp.MustCompile(`"expires_at": "[^"]*"`)
	current = regexp.MustCompile(`"refresh_token": "([^"]*)"`)
)

// record returns the path and the text of the only stored record.
func (m signedIn) record() (path, text string) {
	m.Helper()

	found, err := filepath.Glob(filepath.Join(m.dir, "*.json"))
	if err != nil || len(found) != 1 {
		m.Fatalf("records %v, %v", found, err)
	}

	data, err := os.ReadFile(found[0])
	if err != nil {
		m.Fatal(err)
	}

	return found[0], string(data)
}

// expire makes the stored access token look as after an hour.
func (m signedIn) expire() {
	m.Helper()

	path, text := m.record()
	past := time.Now().UTC().Add(-time.Minute).Format(time.RFC3339)

	if !expiry.MatchString(text) {
		m.Fatal("the record has no expiry")
	}

	if err := os.WriteFile(path, []byte(expiry.ReplaceAllString(text, `"expires_at": "`+past+`"`)), 0o600); err != nil {
		m.Fatal(err)
	}
}

// refreshToken is the one that the server expects next.
func (m signedIn) refreshToken() string {
	m.Helper()

	_, text := m.record()

	return current.FindStringSubmatch(text)[1]
}

func TestAuthorizationServersOfOthers(t *testing.T) {
	t.Parallel()

	for name, start := range map[string]func(t *testing.T, redirect string) *server{
		"ory-fosite":               startFosite,
		"zitadel-oidc":             startZitadel,
		"node-oidc-provider":       startOIDCProvider,
		"node-oauth-oauth2-server": startOAuth2Server,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for scenario, run := range map[string]func(m signedIn){
				"sign-in and five commands":          fiveCommands,
				"expiry under twenty parallel plans": parallelPlans,
				"replay by somebody else":            replay,
				"revocation":                         revocation,
				"wrong client secret":                wrongSecret,
			} {
				t.Run(scenario, func(t *testing.T) {
					t.Parallel()
					run(signIn(t, start))
				})
			}
		})
	}
}

// Each command finds the access token expired, and rotates the refresh token once.
func fiveCommands(m signedIn) {
	m.plan(1)
	m.expect(1, 0)

	for command := range int32(5) {
		m.expire()
		m.plan(1)
		m.expect(command+2, 0)
	}

	if reads := m.reads.Load(); reads != 6 {
		m.Errorf("%d reads, want 6: none has to be repeated", reads)
	}
}

func parallelPlans(m signedIn) {
	for expiry := range int32(3) {
		m.expire()
		m.plan(20)
		m.expect(expiry+2, 0)
	}

	if reads := m.reads.Load(); reads != 60 {
		m.Errorf("%d reads, want 60: none has to be repeated", reads)
	}
}

// A thief sends the spent token. Where the server ends everything because of that, the next run says so, and no token that
// was refused is sent again; elsewhere the sign-in goes on.
func replay(m signedIn) {
	m.expire()
	m.plan(1)

	response, err := http.PostForm(m.token, url.Values{ //nolint:noctx // a stranger
		"grant_type": {"refresh_token"}, "refresh_token": {m.first}, "client_id": {clientID}, "client_secret": {clientSecret},
	})
	if err != nil {
		m.Fatal(err)
	}
	defer response.Body.Close()

	if response.StatusCode == http.StatusOK {
		m.Fatal("the server accepts a spent token")
	}

	m.expire()

	if !m.reuseRevokes {
		m.plan(1)
		m.expect(3, 0)

		return
	}

	m.expectEnd()
	m.expectEnd()
	m.expect(3, 1)
}

func revocation(m signedIn) {
	m.plan(1)
	m.end(m.T, m.refreshToken())
	m.expire()
	m.expectEnd()
	m.expectEnd()
	m.expect(2, 1)

	if m.reads.Load() != 1 {
		m.Errorf("%d reads, want 1", m.reads.Load())
	}
}

func wrongSecret(m signedIn) {
	m.expire()

	wrong, err := newSource(m.URL, m.dir, "wrong")
	if err != nil {
		m.Fatal(err)
	}

	_, err = wrong.Token(m.Context(), "")

	var failure *diagnostic.Error
	if !errors.As(err, &failure) || failure.Code != diagnostic.CodeClientRejected {
		m.Errorf("got %v, want an error of the kind %s", err, diagnostic.CodeClientRejected)
	}

	m.expect(2, 1)
	m.plan(1)
	m.expect(3, 1)
}
