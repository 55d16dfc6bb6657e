package simulator_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAnInvalidRefreshTokenIsRejectedWithTheReason(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]struct {
		status int
		code   string
	}{
		"":                   {400, "invalid_grant"},
		"U9=invalid_request": {401, "invalid_request"},
	} {
		c := start(t, dialect)
		spent := c.server.Credentials().RefreshToken
		c.refresh(spent)

		expired := c.server.NewGrant()
		c.server.AdvanceClock(31 * 24 * time.Hour)

		for hint, token := range map[string]string{
			"Cannot decrypt the refresh token": "def50200",
			"Token is not linked to client":    c.server.NewForeignGrant(),
			"Token has expired":                expired,
			"Token has been revoked":           revoked(c),
		} {
			got := c.refresh(token)
			if got.status != want.status || got.json["error"] != want.code || got.json["hint"] != hint ||
				got.json["error_description"] != "The refresh token is invalid." || got.json["message"] != got.json["error_description"] {
				t.Errorf("%s: %d %v, want %d %s and the hint %q", dialect, got.status, got.json, want.status, want.code, hint)
			}
		}
	}
}

func revoked(c client) string {
	token := c.server.NewGrant()
	c.refresh(token)

	return token
}

func TestTextsOfOAuthErrors(t *testing.T) {
	t.Parallel()

	for dialect, keys := range map[string]map[string]bool{
		"":           {"hint": true, "message": true},
		"O1=hint":    {"hint": true},
		"O1=message": {"message": true},
		"O1=none":    {},
	} {
		c := start(t, dialect)
		got := c.refresh("def50200").json
		denied := c.decide(nil, false)

		for _, key := range []string{"hint", "message"} {
			if _, has := got[key]; has != keys[key] || denied.Has(key) != keys[key] {
				t.Errorf("%s: %s at the token endpoint: %v, at the authorization page: %v", dialect, key, got, denied)
			}
		}

		if denied.Get("error") != "access_denied" || keys["hint"] && denied.Get("hint") != "The user denied the request" {
			t.Errorf("%s: denied with %v", dialect, denied)
		}
	}
}

func TestBearerTokenIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()

	const verified, dead = "Access token could not be verified", "Access token has been revoked"

	for dialect, want := range map[string][]any{
		"":                {verified, verified, dead},
		"O2=not_verified": {verified, verified, verified},
		"O2=none":         {nil, nil, nil},
	} {
		c := start(t, dialect)
		expired := c.server.NewAccessToken()
		c.server.ExpireAccessTokens()

		for i, token := range []string{"made.up.token", expired} {
			c.token = token
			if got := c.do("GET", "me", nil); got.status != 401 || got.json["error"] != "access_denied" || got.json["hint"] != want[i] {
				t.Errorf("%s: token %d: %d %v", dialect, i, got.status, got.json)
			}
		}

		c = start(t, dialect)
		old := c.token
		c.server.RevokeAccessTokens()

		c.token = old
		if got := c.do("GET", "me", nil); got.json["hint"] != want[2] {
			t.Errorf("%s: revoked: %v, want the hint %v", dialect, got.json, want[2])
		}
	}

	c := start(t, "")

	response, err := http.Get(c.server.URL + "/api/v1/me") //nolint:noctx // without a header
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusUnauthorized ||
		!strings.Contains(string(body), `Missing \"Authorization\" header`) {
		t.Errorf("no token: %d %s %v", response.StatusCode, body, err)
	}
}

func TestCodeIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]string{"": "invalid_grant", "O3=invalid_request": "invalid_request"} {
		c := start(t, dialect)
		expired := c.decide(nil, true).Get("code")
		c.server.AdvanceClock(5 * time.Minute)

		used := c.decide(nil, true).Get("code")
		form := func(code string) url.Values {
			return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}}
		}
		c.exchange(form(used))

		for hint, code := range map[string]string{
			"Authorization code has expired": expired, "Authorization code has been revoked": used,
		} {
			if got := c.exchange(form(code)); got.status != 400 || got.json["error"] != want || got.json["hint"] != hint {
				t.Errorf("%s: %d %v, want %s and the hint %q", dialect, got.status, got.json, want, hint)
			}
		}
	}
}

func TestPortOfALoopbackRedirectIsIgnored(t *testing.T) {
	t.Parallel()

	registered := simulator.WithRedirectURIs("http://127.0.0.1:8765/callback", "http://[::1]:8765/callback", "http://localhost:8765/callback")

	for dialect, want := range map[string]map[string]bool{
		"": {
			"http://127.0.0.1:9000/callback": true, "http://127.0.0.1/callback": true, "http://[::1]:9000/callback": true,
			"http://localhost:9000/callback": false, "https://127.0.0.1:8765/callback": false, "http://127.0.0.1:8765/other": false,
			"http://127.0.0.2:8765/callback": false, "http://localhost:8765/callback": true,
		},
		"O5=exact": {"http://127.0.0.1:9000/callback": false, "http://[::1]:9000/callback": false, "http://[::1]:8765/callback": true},
	} {
		c := start(t, dialect, registered)

		for redirect, accepted := range want {
			_, err := simulator.Decide(t.Context(), c.authorizeURL(url.Values{"redirect_uri": {redirect}}), true)
			if (err == nil) != accepted {
				t.Errorf("%s: %s: %v", dialect, redirect, err)
			}
		}
	}
}

func TestUnknownRedirectIsAnInvalidClient(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]int{"": 401, "O4=page": 400} {
		c := start(t, dialect)

		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			c.authorizeURL(url.Values{"redirect_uri": {"https://shop.example.com/other"}}), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}

		got, err := send(request)
		if err != nil || got.status != want || got.header.Get("Location") != "" || want == 401 && got.json["error"] != "invalid_client" {
			t.Errorf("%s: %d %s %v", dialect, got.status, got.body, err)
		}
	}
}

func TestInvalidScopeMayBeReturnedWithoutState(t *testing.T) {
	t.Parallel()

	for dialect, state := range map[string]string{"": "s t&te", "O6=missing": ""} {
		got := start(t, dialect).decide(url.Values{"scope": {"webhook:read everything"}}, true)
		if got.Get("state") != state || got.Get("error") != "invalid_scope" || got.Get("hint") != "Check the `everything` scope" {
			t.Errorf("%s: %v", dialect, got)
		}
	}
}

func TestMonthOfARefreshTokenRestarts(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]int{"": 200, "O7=fixed": 400} {
		c := start(t, dialect)
		token := c.server.Credentials().RefreshToken

		c.server.AdvanceClock(20 * 24 * time.Hour)

		token = fmt.Sprint(c.refresh(token).json["refresh_token"])

		c.server.AdvanceClock(20 * 24 * time.Hour)

		if got := c.refresh(token); got.status != want {
			t.Errorf("%s: 20 days after a refresh: %d %v", dialect, got.status, got.json)
		}
	}
}

func TestOldTokensAreInvalidEvenIfTheResponseIsLost(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	seed := c.server.Credentials().RefreshToken
	first, next, _ := c.server.RefreshElsewhere(seed)

	c.server.Fail(simulator.Fault{Path: "/oauth/token", Status: http.StatusInternalServerError, Commit: true, Times: 1})
	c.refresh(next)

	if c.server.RefreshTokenAlive(next) || c.server.AccessTokenAlive(first) {
		t.Error("an old token is valid after the refresh whose response was lost")
	}
}
