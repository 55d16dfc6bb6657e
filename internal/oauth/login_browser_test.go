package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// get requests an address without following redirects.
func get(ctx context.Context, t *testing.T, address string) (status int, header http.Header, text string) {
	t.Helper()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}

	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}

	response, err := client.Do(request)
	if err != nil {
		t.Errorf("open %s: %v", address, err)

		return 0, nil, ""
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Errorf("read %s: %v", address, err)
	}

	return response.StatusCode, response.Header, string(body)
}

// printedAddress returns the address that the terminal shows.
func printedAddress(t *testing.T, out io.Writer) string {
	t.Helper()

	for line := range strings.Lines(fmt.Sprint(out)) {
		if strings.Contains(line, "/oauth/authorize?") {
			return strings.TrimSpace(line)
		}
	}

	t.Errorf("no address was printed:\n%s", out)

	return ""
}

func TestLoginIgnoresCallbacksWithAWrongState(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.OpenBrowser = func(ctx context.Context, address string) error {
		go func() {
			for query, want := range map[string]string{
				"?state=forged&code=x":         "does not belong",
				"?code=x":                      "does not belong",
				"?error=access_denied&state=x": "does not belong",
				"?error=invalid_scope&hint=Check+the+%60webhook:write%60+scope": "(unverified)",
			} {
				status, _, text := get(ctx, t, options.RedirectURL+query)
				if status != http.StatusBadRequest || !strings.Contains(text, want) {
					t.Errorf("%s: %d\n%s", query, status, text)
				}
			}

			_ = openBrowser(ctx, address)
		}()

		return nil
	}

	f.login(options)
	f.server.expectRequests(t, 1, 0)
	f.expectValidChain()

	output := fmt.Sprint(options.Out)
	for _, words := range []string{
		"A response that does not belong to this sign-in was ignored", "Still waiting",
		"SePay does not grant the scope webhook:write (unverified)", "lacks the state", "--scope webhook:read\n",
	} {
		if !strings.Contains(output, words) {
			t.Errorf("the terminal does not show %q:\n%s", words, output)
		}
	}

	if n := strings.Count(output, "does not belong to this sign-in"); n != 1 {
		t.Errorf("callbacks with a wrong state are reported %d times:\n%s", n, output)
	}
}

func TestCodeInAnErrorWithoutAStateIsIgnored(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	ctx, stop := context.WithCancel(t.Context())
	options.OpenBrowser = func(ctx context.Context, _ string) error {
		go func() {
			get(ctx, t, options.RedirectURL+"?error=invalid_scope&code=attackers")
			stop()
		}()

		return nil
	}

	if _, err := login.RunIn(ctx, options, f.env); !errors.Is(err, context.Canceled) {
		t.Errorf("Login returned %v", err)
	}

	f.server.expectRequests(t, 0, 0)
}

func TestOtherUsersCannotUseTheBrowsersAddress(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.OpenBrowser = func(ctx context.Context, address string) error {
		if strings.Contains(address, "state") || !strings.HasPrefix(address, "http://127.0.0.1:") {
			t.Errorf("the browser is started with %s", address)
		}

		go func() {
			status, header, _ := get(ctx, t, address)

			first, err := url.Parse(header.Get("Location"))
			if err != nil || status != http.StatusFound || first.Query().Get("state") == "" {
				t.Errorf("the first request: %d, %v", status, err)

				return
			}

			if status, header, text := get(ctx, t, address); status != http.StatusBadRequest || header.Get("Location") != "" ||
				!strings.Contains(text, "opened twice") {
				t.Errorf("the second request: %d %v\n%s", status, header, text)
			}

			// The state of the first request is no longer accepted.
			stolen := options.RedirectURL + "?code=attackers&state=" + first.Query().Get("state")
			if status, _, text := get(ctx, t, stolen); status != http.StatusBadRequest || !strings.Contains(text, "does not belong") {
				t.Errorf("the stolen state is accepted: %d\n%s", status, text)
			}

			_ = openBrowser(ctx, printedAddress(t, options.Out))
		}()

		return nil
	}

	f.login(options)
	f.server.expectRequests(t, 1, 0)
	f.expectValidChain()

	if output := fmt.Sprint(options.Out); !strings.Contains(output, "The browser's address was opened twice") {
		t.Errorf("the terminal does not show it:\n%s", output)
	}
}

func TestLoginExplainsAMissingResponse(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	ctx, stop := context.WithCancel(t.Context())
	options.OpenBrowser = func(context.Context, string) error {
		if output := fmt.Sprint(options.Out); !strings.Contains(output, "the client id or the redirect URL is not the registered one") {
			t.Errorf("the possible cause is not shown before the browser opens:\n%s", output)
		}

		return nil
	}
	sleep := f.env.Sleep
	f.env.Sleep = func(ctx context.Context, d time.Duration) error {
		err := sleep(ctx, d)
		if d == 30*time.Second {
			// The hint is printed after this sleep. Cancel the sign-in once it is.
			go func() {
				for !strings.Contains(fmt.Sprint(options.Out), "No response for 30s") && t.Context().Err() == nil {
					time.Sleep(time.Millisecond)
				}

				stop()
			}()
		}

		return err
	}

	if _, err := login.RunIn(ctx, options, f.env); !errors.Is(err, context.Canceled) {
		t.Errorf("Login returned %v", err)
	}

	output := fmt.Sprint(options.Out)
	if !strings.Contains(output, "client id     "+testClient) || !strings.Contains(output, "redirect URL  "+options.RedirectURL) {
		t.Errorf("the possible causes are not named:\n%s", output)
	}
}

func TestExpiredCodeIsRecognizedInAnInvalidRequestError(t *testing.T) {
	t.Parallel()

	for _, hint := range []string{"Authorization code has expired", "Authorization code has been revoked", "Cannot decrypt the authorization code"} {
		f := newFixture(t)
		f.server.script(fault{status: 400, body: `{"error":"invalid_request","error_description":"The request is missing a ` +
			`required parameter","hint":"` + hint + `"}`})
		f.loginFailure(f.loginOptions(), hint, "works once, for five minutes", "redirect URL", "again")
		f.server.expectRequests(t, 1, 0)
	}
}

func TestLoginWithPKCESendsChallengeAndVerifier(t *testing.T) {
	t.Parallel()

	for _, pkce := range []bool{true, false} {
		f := newFixture(t)
		options := f.loginOptions()
		options.PKCE = pkce
		f.login(options)

		page, err := url.Parse(printedAddress(t, options.Out))
		if err != nil {
			t.Fatal(err)
		}

		form, err := url.ParseQuery(f.server.forms[0])
		if err != nil {
			t.Fatal(err)
		}

		verifier, sent := form.Get("code_verifier"), page.Query().Get("code_challenge")
		if pkce != (verifier != "") || pkce != (sent != "") || pkce && (sent != s256(verifier) || len(verifier) < 43 ||
			page.Query().Get("code_challenge_method") != "S256") {
			t.Errorf("PKCE %t: challenge %q, verifier of %d characters", pkce, sent, len(verifier))
		}
	}
}

func TestLoginErrorSuggestsOmittingPKCEIfTheServerLosesTheChallenge(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.PKCE = true
	f.server.script(fault{status: 400, body: `{"error":"invalid_request","error_description":"The request is malformed.",` +
		`"hint":"code_verifier received when no code_challenge is present"}`})
	f.loginFailure(options, "code_verifier", "without --pkce")
	f.server.expectRequests(t, 1, 0)
}

func TestPageAfterTheSignInNamesTheAccount(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		account         login.Account
		err             error
		want, forbidden []string
	}{
		"known": {
			login.Account{User: "Nguyễn <An>", Email: "a…@example.com", Company: "Shop & Co"},
			nil,
			[]string{
				"Signed in to SePay", "Account: Nguyễn &lt;An&gt; (a…@example.com), Shop &amp; Co", "logout",
				"return to the terminal",
			},
			[]string{"<An>"},
		},
		"unknown": {login.Account{}, errors.New("no scope"), []string{"Signed in to SePay", "close this page"}, []string{"Account"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			options := f.loginOptions()
			options.Identify = func(_ context.Context, token string) (login.Account, error) {
				if !f.server.accessValid(token) {
					t.Error("the account is requested with an invalid token")
				}

				return test.account, test.err
			}
			pages := make(chan string, 1)
			options.OpenBrowser = func(_ context.Context, address string) error {
				go func() { //nolint:contextcheck // the browser continues after the sign-in ends
					_, header, _ := get(t.Context(), t, address)
					_, header, _ = get(t.Context(), t, header.Get("Location"))
					status, header, text := get(t.Context(), t, header.Get("Location"))

					if policy := header.Get("Content-Security-Policy"); status != http.StatusOK ||
						!strings.Contains(policy, "default-src 'none'") || !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
						t.Errorf("%d %v", status, header)
					}

					pages <- text
				}()

				return nil
			}

			result := f.login(options)
			if result.Account != test.account || !errors.Is(result.AccountErr, test.err) {
				t.Errorf("%v, %v", result.Account, result.AccountErr)
			}

			text := <-pages
			f.record(text)

			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("the page does not contain %q:\n%s", want, text)
				}
			}

			for _, forbidden := range append(test.forbidden, "<script", "http:", "https:", "src=", "url(") {
				if strings.Contains(text, forbidden) {
					t.Errorf("the page contains %q:\n%s", forbidden, text)
				}
			}
		})
	}
}

func TestLoginChecksForAFullDiskBeforeTheBrowserOpens(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	store := tokenstore.NewFile(f.dir)
	// A full disk accepts the empty lock file, but no record.
	store.Sync = func(*os.File) error { return errors.New("no space left on device") }
	options := f.loginOptions()
	options.Store = store
	options.OpenBrowser = func(context.Context, string) error {
		t.Error("the browser was opened")

		return nil
	}
	f.loginFailure(options, "Cannot write the SePay token store", "no space left on device")
	f.server.expectRequests(t, 0, 0)

	if left := f.files(tokenstore.TempSuffix); len(left) != 0 {
		t.Errorf("temporary files remain: %v", left)
	}
}

func TestLoginRemovesTheFormerChain(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.Key = "production"
	f.login(options)

	// A new refresh token replaces the chain under the key, and the former chain is kept.
	second := f.server.authorize()
	f.advance(2 * time.Hour)
	f.token(f.source(second, withKey("production")), "")

	f.login(options)

	if records := f.files(tokenstore.RecordSuffix); len(records) != 1 {
		t.Errorf("%d records after the login: %v", len(records), records)
	}

	requests, _ := f.server.counts()
	f.token(f.source(second, withKey("production")), "")
	f.server.expectRequests(t, requests, 0)
}

func TestSignInWithoutAKeyIsTheDefault(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.login(f.loginOptions())
	first := f.token(f.source(""), "")

	options := f.loginOptions()
	options.Key = "drift-check"
	f.login(options)

	if got := f.token(f.source(""), ""); got != first {
		t.Error("a sign-in with a key replaced the one without")
	}

	// It remains the default even if it is rejected: the other one may be another account.
	f.server.revoke()
	f.advance(2 * time.Hour)
	f.fails(f.source(""), "", diagnostic.CodeRejected)
	f.login(options)

	if failure := f.failure(f.source(""), "", diagnostic.CodeRejected); strings.Contains(failure.Detail, "--store-key") {
		t.Errorf("the next step names the wrong sign-in: %v", failure)
	}

	f.login(f.loginOptions())
	f.token(f.source(""), "")
}

func TestChainWithoutAKeyIsTheDefault(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	first := f.token(f.source(f.server.authorize()), "")

	for _, key := range []string{"a", "b"} {
		options := f.loginOptions()
		options.Key = key
		f.login(options)
	}

	if got := f.token(f.source(""), ""); got != first {
		t.Error("a sign-in with a key replaced the one without")
	}
}

func TestStatusChangesNothingOnDisk(t *testing.T) {
	t.Parallel()

	if os.Getuid() < 0 {
		t.Skip("this system has no file modes")
	}

	f := newFixture(t)
	f.login(f.loginOptions())

	path := f.files(tokenstore.RecordSuffix)[0]
	for name, mode := range map[string]os.FileMode{f.dir: 0o755, path: 0o644} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}

	found, warnings, err := tokenstore.Statuses(t.Context(), tokenstore.NewFile(f.dir), tokenstore.Query{})
	if err != nil || len(found) != 1 || len(warnings) != 2 {
		t.Fatalf("%v, %v, %v", found, warnings, err)
	}

	for _, w := range warnings {
		if !strings.Contains(w.Summary, "is readable by other users") {
			t.Errorf("%v", w)
		}
	}

	for name, want := range map[string]os.FileMode{f.dir: 0o755, path: 0o644} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
}

func TestStatusShowsTheScopes(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.login(f.loginOptions())

	found, _, err := tokenstore.Statuses(t.Context(), tokenstore.NewFile(f.dir), tokenstore.Query{})
	if err != nil || !slices.Equal(found[0].Scopes, []string{"webhook:read", "webhook:write"}) {
		t.Errorf("%v, %v", found, err)
	}
}

func TestLogoutDeletesOneSignIn(t *testing.T) {
	t.Parallel()

	f := newFixture(t)

	for _, key := range []string{"staging", ""} {
		options := f.loginOptions()
		options.Key = key
		f.login(options)
	}

	store := tokenstore.NewFile(f.dir)

	found, _, err := tokenstore.Statuses(t.Context(), store, tokenstore.Query{
		TokenURL: f.server.tokenURL(), ClientID: testClient, Key: "staging",
	})
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}

	if err := login.Logout(t.Context(), store, found[0]); err != nil {
		t.Fatal(err)
	}

	f.fails(f.source("", withKey("staging")), "", diagnostic.CodeNotSignedIn)
	f.token(f.source(""), "")
}

func TestTokenIsValidForTheRequestedMinimum(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.login(f.loginOptions())

	first := f.token(f.source(""), "")
	f.advance(40 * time.Minute)

	atLeast := func(d time.Duration) func(*Config) { return func(c *Config) { c.MinTTL = d } }
	if got := f.token(f.source("", atLeast(15*time.Minute)), ""); got != first {
		t.Error("a token with a sufficient lifetime was refreshed")
	}

	f.server.expectRequests(t, 1, 0)

	if got := f.token(f.source("", atLeast(30*time.Minute)), ""); got == first {
		t.Error("a token with an insufficient lifetime was not refreshed")
	}

	f.server.expectRequests(t, 2, 0)

	// A lifetime that no token has causes no refresh.
	f.fails(f.source("", atLeast(2*time.Hour)), "", diagnostic.CodeConfiguration)
	f.server.expectRequests(t, 2, 0)
}

// s256 returns the S256 code challenge (RFC 7636) for a verifier.
func s256(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))

	return base64.RawURLEncoding.EncodeToString(sum[:])
}
