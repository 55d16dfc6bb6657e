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

// The test binary also serves as the provider process of these tests.
const childVariable = "SEPAY_CONFORMANCE_CHILD"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		os.Exit(child(text))
	}

	slog.SetDefault(slog.New(slog.DiscardHandler)) // the servers log each request

	os.Exit(m.Run())
}

// child works like a provider process in a plan: it reads from the API with a token of the store.
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

// signedIn is a machine with a sign-in through the browser.
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

// plan runs provider processes in parallel. Each one must succeed in reading from the API.
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

// expectRejected requests a token as a new process does, and expects that SePay rejects the sign-in.
func (m signedIn) expectRejected() {
	m.Helper()

	source, err := newSource(m.URL, m.dir, clientSecret)
	if err != nil {
		m.Fatal(err)
	}

	_, err = source.Token(m.Context(), "")

	var failure *diagnostic.Error
	if !errors.As(err, &failure) || failure.Code != diagnostic.CodeRejected {
		m.Errorf("got %v, want an error of the kind %s", err, diagnostic.CodeRejected)
	}
}

// expect compares the number of token requests and of rejected ones.
func (m signedIn) expect(requests, rejected int32) {
	m.Helper()

	if gotRequests, gotRejected := m.requests.Load(), m.rejected.Load(); gotRequests != requests || gotRejected != rejected {
		m.Errorf("%d token requests, %d rejected; want %d and %d", gotRequests, gotRejected, requests, rejected)
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

// expire makes the stored access token expired.
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

// refreshToken returns the stored refresh token.
func (m signedIn) refreshToken() string {
	m.Helper()

	_, text := m.record()

	return current.FindStringSubmatch(text)[1]
}

func TestThirdPartyAuthorizationServers(t *testing.T) {
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
				"replay by an attacker":              replay,
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

// fiveCommands runs five commands with an expired access token. Each one refreshes once.
func fiveCommands(m signedIn) {
	m.plan(1)
	m.expect(1, 0)

	for command := range int32(5) {
		m.expire()
		m.plan(1)
		m.expect(command+2, 0)
	}

	if reads := m.reads.Load(); reads != 6 {
		m.Errorf("%d reads, want 6 without repeats", reads)
	}
}

// parallelPlans runs 20 processes with an expired access token. One of them refreshes.
func parallelPlans(m signedIn) {
	for expiry := range int32(3) {
		m.expire()
		m.plan(20)
		m.expect(expiry+2, 0)
	}

	if reads := m.reads.Load(); reads != 60 {
		m.Errorf("%d reads, want 60 without repeats", reads)
	}
}

// replay sends the spent token as an attacker would. If the server then revokes the token family, the next run reports it and the
// rejected token is not sent again; otherwise the sign-in continues to work.
func replay(m signedIn) {
	m.expire()
	m.plan(1)

	response, err := http.PostForm(m.token, url.Values{ //nolint:noctx // an attacker's request
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

	m.expectRejected()
	m.expectRejected()
	m.expect(3, 1)
}

func revocation(m signedIn) {
	m.plan(1)
	m.revokeToken(m.T, m.refreshToken())
	m.expire()
	m.expectRejected()
	m.expectRejected()
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
