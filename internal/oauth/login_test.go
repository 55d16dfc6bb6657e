package oauth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// outputBuffer is a buffer for the user's output. It is safe for concurrent use.
type outputBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *outputBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.text.Write(p)
}

func (b *outputBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.text.String()
}

// freeRedirectURL returns a loopback redirect URL with a free port.
func freeRedirectURL(t *testing.T) string {
	t.Helper()

	// The ports are below the system's ephemeral range, so that no other program gets one before the test uses it.
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10000+rand.N(20000))

		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err == nil {
			_ = listener.Close()

			return "http://" + address + "/callback"
		}
	}

	t.Fatal("no port is free")

	return ""
}

// openBrowser requests an address and follows redirects in the background, as a browser does.
func openBrowser(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}

	go func() {
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()

	return nil
}

func (f *fixture) loginOptions() login.Options {
	f.t.Helper()

	return login.Options{
		AuthorizeURL: f.server.URL + "/oauth/authorize", TokenURL: f.server.tokenURL(),
		ClientID: testClient, ClientSecret: testSecret, RedirectURL: freeRedirectURL(f.t),
		Scopes: []string{"webhook:read", "webhook:write"}, Store: tokenstore.NewFile(f.dir),
		OpenBrowser: openBrowser, Out: &outputBuffer{},
	}
}

func (f *fixture) login(options login.Options) login.Result {
	f.t.Helper()

	result, err := login.RunIn(f.t.Context(), options, f.env)
	f.record(fmt.Sprint(result, err, options.Out))

	if err != nil {
		f.t.Fatalf("Login: %v", err)
	}

	return result
}

// loginFailure expects a failed sign-in whose error contains all of want.
func (f *fixture) loginFailure(options login.Options, want ...string) {
	f.t.Helper()

	_, err := login.RunIn(f.t.Context(), options, f.env)
	f.record(fmt.Sprint(err, options.Out))

	var failure *diagnostic.Error
	if !errors.As(err, &failure) {
		f.t.Fatalf("Login returned %v, want an *Error", err)
	}

	for _, text := range want {
		if !strings.Contains(failure.Error(), text) {
			f.t.Errorf("the error does not contain %q: %v", text, failure)
		}
	}
}

func TestAfterLoginTheClientCredentialsAreEnough(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	result := f.login(f.loginOptions())

	if result.Location == "" || result.RefreshExpiresAt.IsZero() || f.server.scopes != "webhook:read webhook:write" {
		t.Errorf("result %v, scopes %q", result, f.server.scopes)
	}

	f.token(f.source(""), "")
	f.server.expectRequests(t, 1, 0)

	f.advance(2 * time.Hour)
	f.token(f.source(""), "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestSecondLoginReplacesTheFirst(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.login(f.loginOptions())
	f.server.revoke()
	f.login(f.loginOptions())

	f.token(f.source(""), "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestLoginFixesARunWithASpentRefreshToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	seed := f.server.authorize()
	f.token(f.source(seed), "")
	f.server.revoke()
	f.advance(2 * time.Hour)
	f.fails(f.source(seed), "", diagnostic.CodeRejected)

	f.login(f.loginOptions())
	f.token(f.source(seed), "")
	f.token(f.source(""), "")
	f.server.expectRequests(t, 3, 0)
}

func TestLoginWithAKeyIgnoresTheOldRefreshToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.token(f.source(seed, withKey("production")), "")
	f.server.revoke()

	options := f.loginOptions()
	options.Key = "production"
	f.login(options)

	f.token(f.source(seed, withKey("production")), "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestSignInsWithTwoKeysRequireAKey(t *testing.T) {
	t.Parallel()

	f := newFixture(t)

	for _, key := range []string{"staging", "production"} {
		options := f.loginOptions()
		options.Key = key
		f.login(options)
	}

	failure := f.failure(f.source(""), "", diagnostic.CodeSeveralRecords)
	if !strings.Contains(failure.Detail, "staging") || !strings.Contains(failure.Detail, "production") {
		t.Errorf("the keys are not listed: %v", failure)
	}

	f.token(f.source("", withKey("staging")), "")
	f.server.expectRequests(t, 2, 0)
}

func TestLoginErrorNamesTheNextStep(t *testing.T) {
	t.Parallel()

	for code, want := range map[string]string{
		"access_denied":       "approve the access",
		"invalid_scope":       "--scope",
		"unauthorized_client": "--client-id",
		"server_error":        "again",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.server.consent = func(response url.Values) {
				response.Del("code")
				response.Set("error", code)
			}
			f.loginFailure(f.loginOptions(), code, want)
			f.server.expectRequests(t, 0, 0)
		})
	}
}

func TestLoginWithAnExpiredCode(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.consent = func(url.Values) { clear(f.server.codes) }
	f.loginFailure(f.loginOptions(), "five minutes", "again")
	f.server.expectRequests(t, 1, 0)

	if records := f.files(tokenstore.RecordSuffix); len(records) != 0 {
		t.Errorf("records were stored: %v", records)
	}
}

func TestLoginDoesNotSendACodeTwice(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.script(fault{dropAfter: true})
	f.loginFailure(f.loginOptions(), "not sent again")
	f.server.expectRequests(t, 1, 0)
}

func TestLoginWithoutARefreshTokenInTheResponse(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.keepsRefresh = true
	f.loginFailure(f.loginOptions(), "refresh token")
}

func TestLoginWithThePortInUse(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	address := strings.TrimSuffix(strings.TrimPrefix(options.RedirectURL, "http://"), "/callback")

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()

	f.loginFailure(options, address, "in use", "--redirect-url")
}

func TestLoginWithARemoteRedirectURLAcceptsThePastedAddress(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.RedirectURL = "https://app.example.com/sepay/callback"
	in, keyboard := io.Pipe()
	options.In = in
	options.OpenBrowser = func(ctx context.Context, address string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}

		// The browser follows the start address and SePay's redirect, but not to the redirect URL, which is on another machine.
		client := &http.Client{CheckRedirect: func(next *http.Request, _ []*http.Request) error {
			if next.URL.Hostname() == "app.example.com" {
				return http.ErrUseLastResponse
			}

			return nil
		}}

		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()

		go fmt.Fprintf(keyboard, "what?\n %s \n", response.Header.Get("Location"))

		return nil
	}

	f.login(options)
	f.token(f.source(""), "")
	f.server.expectRequests(t, 1, 0)

	output := fmt.Sprint(options.Out)
	if !strings.Contains(output, "paste its whole address") || !strings.Contains(output, "contains no code") {
		t.Errorf("the output does not explain what to paste:\n%s", output)
	}
}

func TestLoginWithNothingPasted(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.RedirectURL = "https://app.example.com/sepay/callback"
	options.In = strings.NewReader("")
	f.loginFailure(options, "input ended")
}

func TestLoginEndsOnCtrlC(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	ctx, cancel := context.WithCancel(t.Context())
	options.OpenBrowser = func(context.Context, string) error {
		cancel()

		return nil
	}

	if _, err := login.RunIn(ctx, options, f.env); !errors.Is(err, context.Canceled) {
		t.Errorf("Login returned %v", err)
	}

	f.server.expectRequests(t, 0, 0)
}

func TestCtrlCDuringTheCodeExchangeStillStoresTheSignIn(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.server.script(fault{committed: cancel, after: 100 * time.Millisecond})

	if _, err := login.RunIn(ctx, f.loginOptions(), f.env); err != nil {
		t.Errorf("Login returned %v", err)
	}

	f.expectValidChain()
}

func TestLoginChecksTheStoreBeforeTheBrowserOpens(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.OpenBrowser = func(context.Context, string) error {
		t.Error("the browser was opened")

		return nil
	}

	if err := os.WriteFile(f.dir, nil, tokenstore.PrivateFile); err != nil {
		t.Fatal(err)
	}

	f.loginFailure(options, f.dir)
}

func TestStatusShowsNoTokens(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.Key = "production"
	f.login(options)

	corrupt := f.dir + "/" + strings.Repeat("0", 64) + tokenstore.RecordSuffix
	if err := os.WriteFile(corrupt, []byte(`{"refresh_token":"x`), tokenstore.PrivateFile); err != nil {
		t.Fatal(err)
	}

	found, _, err := tokenstore.Statuses(t.Context(), tokenstore.NewFile(f.dir), tokenstore.Query{})
	if err != nil || len(found) != 2 {
		t.Fatalf("%d statuses, %v", len(found), err)
	}

	f.record(fmt.Sprintf("%+v", found))

	if found[0].Err == nil || found[1].Key != "production" || found[1].Generation != 1 || len(found[1].RefreshFingerprint) != 12 {
		t.Errorf("unexpected: %+v", found)
	}
}
