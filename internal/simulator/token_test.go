package simulator_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/authserver"
)

func TestCodeIsRefused(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	code := func() string { return c.decide(nil, true).Get("code") }
	form := func(code, redirect string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}}
	}

	expired := code()

	c.server.AdvanceClock(5 * time.Minute)

	for name, test := range map[string]struct {
		form url.Values
		want string
	}{
		"expired":            {form(expired, callback), "invalid_grant"},
		"other redirect":     {form(code(), "https://shop.example.com/oauth/callback"), "invalid_request"},
		"unknown":            {form("def", callback), "invalid_request"},
		"no redirect":        {form(code(), ""), "invalid_request"},
		"no grant type":      {url.Values{}, "invalid_request"},
		"client credentials": {url.Values{"grant_type": {"client_credentials"}}, "unsupported_grant_type"},
		"wrong secret":       {url.Values{"grant_type": {"refresh_token"}, "client_secret": {"x"}}, "invalid_client"},
	} {
		if got := c.exchange(test.form); got.status < 400 || got.json["error"] != test.want {
			t.Errorf("%s: %d %v, want %s", name, got.status, got.json, test.want)
		}
	}
}

func TestCredentialsAreAcceptedInTheBodyOnly(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	credentials := c.server.Credentials()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {credentials.RefreshToken}}
	whole := url.Values{"client_id": {credentials.ClientID}, "client_secret": {credentials.ClientSecret}}

	for name, test := range map[string]struct {
		query string
		basic bool
	}{"Basic": {"", true}, "query": {"?" + whole.Encode(), false}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.server.URL+"/oauth/token"+test.query,
			strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}

		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

		if test.basic {
			request.SetBasicAuth(credentials.ClientID, credentials.ClientSecret)
		}

		if got, err := send(request); err != nil || got.status != 401 || got.json["error"] != "invalid_client" {
			t.Errorf("%s: %d %s %v", name, got.status, got.body, err)
		}
	}

	if !c.server.RefreshTokenAlive(credentials.RefreshToken) {
		t.Error("a rejected client must not use the token")
	}
}

func TestAccessTokenIsASignedJWT(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	resp := c.refresh(c.server.Credentials().RefreshToken)
	parts := strings.Split(fmt.Sprint(resp.json["access_token"]), ".")

	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}

	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}

	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(authserver.PublicKey(), crypto.SHA256, digest[:], signature); err != nil {
		t.Error(err)
	}

	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}

	var claims struct {
		Iss, Sub, Aud, Scope string
		Exp, Iat             int64
	}
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}

	if claims.Exp-claims.Iat != 3600 || claims.Aud != c.server.Credentials().ClientID || claims.Iss != "https://my.sepay.vn" ||
		!strings.Contains(claims.Scope, "webhook:write") {
		t.Errorf("claims %+v", claims)
	}
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		dialect                   string
		oldAccess                 int // status for the first access token after the second refresh
		replay                    int // status of the third refresh, with the spent token
		replayError               string
		newestAlive, rotatesToken bool
	}{
		"default":              {"", 401, 400, "invalid_grant", true, true},
		"U9 invalid_request":   {"U9=invalid_request", 401, 401, "invalid_request", true, true},
		"U10 family":           {"U10=family,U11=alive", 401, 400, "invalid_grant", false, true},
		"U10 alive":            {"U10=alive,U11=alive", 200, 200, "", true, true},
		"U11 alive":            {"U11=alive", 200, 400, "invalid_grant", true, true},
		"U12 keeps":            {"U12=keeps", 401, 200, "", true, false},
		"U12 keeps, U11 alive": {"U12=keeps,U11=alive", 200, 200, "", true, false},
		"U10 alive, U11":       {"U10=alive", 401, 200, "", true, true},
		"U9 and U10 are mixed": {"U9=invalid_request,U10=family", 401, 401, "invalid_request", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := start(t, test.dialect)
			seed := c.server.Credentials().RefreshToken

			first := c.refresh(seed)
			if _, has := first.json["refresh_token"]; first.status != 200 || has != test.rotatesToken {
				t.Fatalf("first refresh: %d, a new refresh token: %v", first.status, has)
			}

			next := seed
			if test.rotatesToken {
				next = fmt.Sprint(first.json["refresh_token"])
			}

			second := c.refresh(next)
			if second.status != 200 {
				t.Fatalf("second refresh: %d %v", second.status, second.json)
			}

			replay := c.refresh(seed)
			if replay.status != test.replay || (test.replayError != "" && replay.json["error"] != test.replayError) {
				t.Errorf("replay: %d %v", replay.status, replay.json["error"])
			}

			c.token = fmt.Sprint(first.json["access_token"])
			if got := c.do("GET", "me", nil); got.status != test.oldAccess {
				t.Errorf("old access token: %d", got.status)
			}

			if test.rotatesToken {
				newest := fmt.Sprint(second.json["refresh_token"])
				if got := c.server.RefreshTokenAlive(newest); got != test.newestAlive {
					t.Errorf("newest refresh token alive: %v", got)
				}
			}

			counters := c.server.TokenCounters()
			if wantReplays := map[bool]int{true: 1}[test.rotatesToken]; counters.Replays != wantReplays || counters.Calls != 3 {
				t.Errorf("counters %+v", counters)
			}
		})
	}
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	first := c.refresh(c.server.Credentials().RefreshToken)
	c.token = fmt.Sprint(first.json["access_token"])

	c.server.AdvanceClock(59 * time.Minute)

	if got := c.do("GET", "me", nil); got.status != 200 {
		t.Errorf("after 59 minutes: %d", got.status)
	}

	c.server.AdvanceClock(time.Minute)

	got := c.do("GET", "me", nil)
	if _, hasStatus := got.json["status"]; got.status != 401 || got.json["error"] != "access_denied" || hasStatus {
		t.Errorf("after an hour: %d %v", got.status, got.json)
	}

	c.server.AdvanceClock(31 * 24 * time.Hour)

	if got := c.refresh(fmt.Sprint(first.json["refresh_token"])); got.json["error"] != "invalid_grant" {
		t.Errorf("after a month: %v", got.json)
	}
}

func TestGrantsAreIndependent(t *testing.T) {
	t.Parallel()

	c := start(t, "U10=family")
	seed, other := c.server.Credentials().RefreshToken, c.server.NewGrant("profile")
	_, next, ok := c.server.RefreshElsewhere(seed)

	if !ok {
		t.Fatal("the seed is invalid")
	}

	if _, _, ok := c.server.RefreshElsewhere(seed); ok || c.server.RefreshTokenAlive(next) {
		t.Error("a replay must revoke the family")
	}

	if !c.server.RefreshTokenAlive(other) {
		t.Error("a replay must not touch another grant")
	}

	c.token, _, _ = c.server.RefreshElsewhere(other)
	if got := c.do("GET", "webhooks", nil); got.status != 403 {
		t.Errorf("scope of the other grant: %d", got.status)
	}
}

func TestEveryRouteRequiresItsScope(t *testing.T) {
	t.Parallel()

	c := start(t, "", simulator.WithSampleWebhook())

	for route, scope := range map[string]string{
		"GET webhooks": "webhook:read", "POST webhooks": "webhook:write",
		"PATCH webhooks/23": "webhook:write", "DELETE webhooks/23": "webhook:delete",
		"GET bank-accounts":    "bank-account:read",
		"GET bank-accounts/19": "bank-account:read", "GET bank-accounts/19/sub-accounts": "bank-account:read",
		"GET me": "profile", "GET company": "company", "GET transactions": "transaction:read",
		"GET transactions/49682": "transaction:read",
	} {
		method, path, _ := strings.Cut(route, " ")

		var without []string

		for _, other := range []string{
			"bank-account:read", "transaction:read", "webhook:read", "webhook:write", "webhook:delete", "profile", "company",
		} {
			if other != scope {
				without = append(without, other)
			}
		}

		c.token = c.server.NewAccessToken(without...)
		if got := c.do(method, path, nil); got.status != 403 {
			t.Errorf("%s without %s: %d", route, scope, got.status)
		}

		c.token = c.server.NewAccessToken(scope)
		if got := c.do(method, path, nil); got.status == 403 || got.status == 401 || got.status == 404 {
			t.Errorf("%s with %s: %d", route, scope, got.status)
		}

		c.token = "made.up.token"
		if got := c.do(method, path, nil); got.status != 401 {
			t.Errorf("%s with an unknown token: %d", route, got.status)
		}
	}
}
