package simulator_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

const callback = "http://127.0.0.1:8765/callback"

func (c client) authorizeURL(changes url.Values) string {
	query := url.Values{
		"response_type": {"code"}, "client_id": {c.server.Credentials().ClientID}, "redirect_uri": {callback},
		"scope": {"webhook:read profile"}, "state": {"s t&te"},
	}
	maps.Copy(query, changes)

	return c.server.URL + "/oauth/authorize?" + query.Encode()
}

// decide returns the consent page and returns the parameters of the redirect.
func (c client) decide(changes url.Values, approve bool) url.Values {
	c.Helper()

	redirect, err := simulator.Decide(c.Context(), c.authorizeURL(changes), approve)
	if err != nil {
		c.Fatal(err)
	}

	target, err := url.Parse(redirect)
	if err != nil {
		c.Fatal(err)
	}

	if got := "http://" + target.Host + target.Path; got != callback {
		c.Fatalf("redirected to %s", got)
	}

	return target.Query()
}

func TestAnApprovedConsentGivesACodeForTokens(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	got := c.decide(nil, true)

	if got.Get("state") != "s t&te" || got.Get("error") != "" {
		t.Fatalf("redirect parameters %v", got)
	}

	form := url.Values{"grant_type": {"authorization_code"}, "code": got["code"], "redirect_uri": {callback}}

	tokens := c.exchange(form)
	if tokens.status != 200 || tokens.json["token_type"] != "Bearer" || fmt.Sprint(tokens.json["expires_in"]) != "3600" {
		t.Fatalf("code exchange: %d %v", tokens.status, tokens.json)
	}

	c.token = fmt.Sprint(tokens.json["access_token"])
	if resp := c.do("GET", "me", nil); resp.status != 200 {
		t.Errorf("a granted scope: %d", resp.status)
	}

	if resp := c.do("GET", "bank-accounts", nil); resp.status != 403 {
		t.Errorf("a scope that was not requested: %d", resp.status)
	}

	if again := c.exchange(form); again.json["error"] != "invalid_grant" {
		t.Errorf("second exchange: %v", again.json)
	}

	if resp := c.do("GET", "me", nil); resp.status != 200 {
		t.Errorf("a code that is used twice is rejected, and its tokens stay valid: %d", resp.status)
	}

	c.server.SetDialect(dialects.Dialect{SpentRefresh: dialects.SpentRefreshFamily})
	c.exchange(form)

	if resp := c.do("GET", "me", nil); resp.status != 401 {
		t.Errorf("where reuse revokes the family, a code that is used twice must revoke its tokens: %d", resp.status)
	}
}

func TestConsentRefused(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	for name, test := range map[string]struct {
		changes url.Values
		approve bool
		want    string
	}{
		"denied":        {nil, false, "access_denied"},
		"unknown scope": {url.Values{"scope": {"webhook:read everything"}}, true, "invalid_scope"},
		"no scope":      {url.Values{"scope": {""}}, true, "invalid_scope"},
		"response type": {url.Values{"response_type": {"token"}}, true, "unsupported_response_type"},
	} {
		got := c.decide(test.changes, test.approve)
		if got.Get("error") != test.want || got.Get("state") != "s t&te" || got.Has("code") {
			t.Errorf("%s: %v", name, got)
		}
	}

	for name, changes := range map[string]url.Values{
		"unknown client":             {"client_id": {"another-client"}},
		"redirect to localhost":      {"redirect_uri": {"http://localhost:8765/callback"}},
		"redirect to another host":   {"redirect_uri": {"https://evil.example.com/"}},
		"redirect longer than known": {"redirect_uri": {callback + "/x"}},
	} {
		if redirect, err := simulator.Decide(t.Context(), c.authorizeURL(changes), true); err == nil {
			t.Errorf("%s: redirected to %q", name, redirect)
		}
	}
}

func TestConsentPageCanBeSubmittedOnce(t *testing.T) {
	t.Parallel()

	c := start(t, "")

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.server.URL+"/oauth/authorize",
		strings.NewReader("request=made-up&decision=approve"))
	if err != nil {
		t.Fatal(err)
	}

	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	if resp, err := send(request); err != nil || resp.status != 400 {
		t.Errorf("an unrequested consent: %d %v", resp.status, err)
	}
}
