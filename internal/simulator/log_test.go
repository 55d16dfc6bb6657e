package simulator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestLogShowsWhatWasSent(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	c.create(nil)
	c.do("PATCH", "webhooks/59325", map[string]any{"bank_account_id": 20})
	c.do("GET", "webhooks?active=1", nil)
	c.token = c.server.NewAccessToken()
	c.do("DELETE", "webhooks/59325", nil)
	c.token = "not.our.token"
	c.do("GET", "me", nil)
	c.refresh("nothing")

	var got []string
	for _, r := range c.server.Requests() {
		got = append(got, fmt.Sprintf("%s %s %v %d %v %d", r.Method, strings.TrimPrefix(r.Path, "/api/v1/"), r.Query, r.Status,
			r.Committed, r.Generation))
	}

	want := []string{
		"POST webhooks map[] 200 true 1", "PATCH webhooks/59325 map[] 200 true 1", "GET webhooks map[active:[1]] 200 false 1",
		"DELETE webhooks/59325 map[] 200 true 2", "GET me map[] 401 false 0", "POST /oauth/token map[] 400 false 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}

	patch := c.server.RequestsTo("PATCH", "/api/v1/webhooks/{id}")[0]
	if !slices.Equal(patch.Keys(), []string{"bank_account_id"}) || string(patch.Body["bank_account_id"]) != "20" ||
		!patch.Has("bank_account_id") || patch.Has("name") {
		t.Errorf("patch had %v", patch.Body)
	}

	token := c.server.RequestsTo("", "/oauth/token")[0]
	if !slices.Equal(token.FormKeys, []string{"client_id", "client_secret", "grant_type", "refresh_token"}) ||
		token.GrantType != "refresh_token" || !strings.HasPrefix(token.UserAgent, "Go-http-client") {
		t.Errorf("token request %+v", token)
	}

	c.server.ResetRequests()

	if n := len(c.server.Requests()); n != 0 {
		t.Errorf("%d requests after a reset", n)
	}
}

func TestSecretsDoNotShowInPrintedValues(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(nil)
	webhook, _ := c.server.Webhook(id)

	for name, value := range map[string]any{
		"request": c.server.Requests()[0], "webhook": webhook, "credentials": c.server.Credentials(),
		"version": c.server.History(id)[0].Webhook,
	} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			text := fmt.Sprintf(format, value)
			for _, secret := range c.server.Secrets() {
				if strings.Contains(text, secret) {
					t.Errorf("%s as %s shows a secret", name, format)
				}
			}
		}
	}
}

func TestSecretsListsEverySecretEverIssuedOrStored(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(nil)
	c.do("PATCH", fmt.Sprint("webhooks/", id), map[string]any{"authen_type": "HMAC_SHA256", "secret_key": "whsec_2"})
	_, refresh, _ := c.server.RefreshElsewhere(c.server.Credentials().RefreshToken)

	for _, want := range []string{
		"a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7", "whsec_2", refresh, c.token, c.server.NewestAccessToken(),
		c.server.Credentials().ClientSecret, c.server.Credentials().RefreshToken,
	} {
		if !slices.Contains(c.server.Secrets(), want) {
			t.Errorf("%.12s… is not among the secrets", want)
		}
	}
}

func TestConnectionsAreCounted(t *testing.T) {
	t.Parallel()

	server := simulator.Start(t)
	c := client{T: t, server: server, token: server.NewAccessToken()}

	for range 5 {
		c.do("GET", "me", nil)
	}

	if got := server.Counters(); got.Connections != 1 || got.API != 5 || got.MaxInFlight != 1 {
		t.Errorf("%+v", got)
	}
}
