//go:build unix

package oauth

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic/diagnostictest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func TestRunWarnsThatTheSignInExpiresSoon(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		after   time.Duration
		server  func(s *tokenServer)
		summary string
	}{
		"in the middle of the month":                {14 * 24 * time.Hour, func(*tokenServer) {}, ""},
		"on the eighth day before":                  {-8 * 24 * time.Hour, func(*tokenServer) {}, ""},
		"refreshed in the last days":                {-6 * 24 * time.Hour, func(*tokenServer) {}, "The SePay sign-in was close to expiry"},
		"not refreshed in the last days":            {-6 * 24 * time.Hour, func(s *tokenServer) { s.script(status(503), status(503)) }, "The SePay sign-in expires soon"},
		"refreshed, but the new token expires soon": {2 * time.Hour, func(s *tokenServer) { s.script(fault{rewrite: refreshExpiresIn("518400")}) }, "The SePay sign-in expires soon"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			test.server(f.server)

			if test.after < 0 {
				test.after += time.Until(f.stored().RefreshExpiresAt) - time.Hour
			}

			f.advance(test.after)

			s := f.source(seed)
			_, _ = s.Token(t.Context(), "")

			var summaries []string

			for _, warning := range s.TakeWarnings() {
				summaries = append(summaries, warning.Summary)

				if !diagnostictest.NamesNextStep(warning.Detail) || !strings.Contains(warning.Detail, "202") {
					t.Errorf("no date or no next step: %s", warning.Detail)
				}
			}

			if want := slices.DeleteFunc([]string{test.summary}, func(s string) bool { return s == "" }); !slices.Equal(summaries, want) {
				t.Errorf("warnings %q, want %q", summaries, want)
			}
		})
	}
}

func refreshExpiresIn(seconds string) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, body []byte) {
		_, _ = w.Write([]byte(strings.Replace(string(body), "{", `{"refresh_token_expires_in":`+seconds+",", 1)))
	}
}

func TestAccessTokensThatExpireWithinSecondsWork(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.lifetime = 30 * time.Second
	seed := f.server.authorize()
	s := f.source(seed)
	first := f.token(s, "")

	f.advance(26 * time.Second)

	if f.token(s, "") != first || f.token(f.source(seed), "") != first {
		t.Error("a token was refreshed that had a tenth of its lifetime left")
	}

	f.server.expectRequests(t, 1, 0)
	f.advance(2 * time.Second)

	second := f.token(s, "")
	f.server.expectRequests(t, 2, 0)

	// The token expires before the request reaches the API.
	f.advance(31 * time.Second)

	if f.token(s, second) == second {
		t.Error("the rejected token was returned again")
	}

	f.server.expectRequests(t, 3, 0)
	f.expectValidChain()
}

func TestShortLivedConfiguredAccessTokenTakesPrecedenceOverTheStore(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	now := f.env.Now()
	claims := fmt.Sprintf(`{"exp":%d,"iat":%d}`, now.Add(30*time.Second).Unix(), now.Unix())
	configured := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	s := f.source(f.server.authorize(), withAccess(configured))

	if token, err := s.Token(t.Context(), ""); err != nil || token != configured {
		t.Errorf("another token, %v", err)
	}

	f.server.expectRequests(t, 0, 0)
	f.advance(29 * time.Second)
	f.token(s, "")
	f.server.expectRequests(t, 1, 0)
}

func TestConfiguredAccessTokenIsUsedUntilItExpires(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	claims := fmt.Sprintf(`{"exp":%d}`, f.env.Now().Add(time.Hour).Unix())
	configured := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	s := f.source("", withAccess(configured), withStore(tokenstore.None()))

	f.advance(time.Hour - 5*time.Second)

	if token, err := s.Token(t.Context(), ""); err != nil || token != configured {
		t.Errorf("5 seconds before the expiry: %v", err)
	}

	f.advance(6 * time.Second)

	failure := f.failure(s, "", diagnostic.CodeAccessToken)

	_, expiry, found := strings.Cut(failure.Detail, "expired on ")
	if !found {
		t.Fatalf("got %q", failure.Detail)
	}

	if at, err := time.Parse(diagnostic.TimeFormat, expiry[:len("2026-01-02 15:04:05 UTC")]); err != nil || at.After(f.env.Now()) {
		t.Errorf("the expiry is in the future: %q, %v", failure.Detail, err)
	}

	f.server.expectRequests(t, 0, 0)
}
