package simulator_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// reply is a response that was read completely.
type reply struct {
	status int
	header http.Header
	body   string
	json   map[string]any // nil when the body is not a JSON object
}

func (r reply) data() map[string]any {
	data, _ := r.json["data"].(map[string]any)

	return data
}

func (r reply) rows() []any {
	rows, _ := r.json["data"].([]any)

	return rows
}

// client is a client of a simulator, with an access token.
type client struct {
	*testing.T

	server *simulator.Server
	token  string
}

// start starts a simulator with a dialect, and signs in.
func start(t *testing.T, dialect string, options ...simulator.Option) client {
	t.Helper()

	parsed, err := dialects.Parse(dialect)
	if err != nil {
		t.Fatal(err)
	}

	server := simulator.Start(t, append(options, simulator.WithDialect(parsed))...)

	return client{T: t, server: server, token: server.NewAccessToken()}
}

func (c client) do(method, path string, body any) reply {
	c.Helper()

	text := ""

	switch body := body.(type) {
	case nil:
	case string:
		text = body
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			c.Fatal(err)
		}

		text = string(encoded)
	}

	request, err := http.NewRequestWithContext(c.Context(), method, c.server.URL+"/api/v1/"+path, strings.NewReader(text))
	if err != nil {
		c.Fatal(err)
	}

	request.Header.Set("Authorization", "Bearer "+c.token)

	if text != "" {
		request.Header.Set("Content-Type", "application/json")
	}

	resp, err := send(request)
	if err != nil {
		c.Fatal(err)
	}

	return resp
}

// exchange sends a form to the token endpoint, with the client's credentials unless the form has its own.
func (c client) exchange(form url.Values) reply {
	c.Helper()

	credentials := c.server.Credentials()
	whole := url.Values{"client_id": {credentials.ClientID}, "client_secret": {credentials.ClientSecret}}
	maps.Copy(whole, form)

	request, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.server.URL+"/oauth/token",
		strings.NewReader(whole.Encode()))
	if err != nil {
		c.Fatal(err)
	}

	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	resp, err := send(request)
	if err != nil {
		c.Fatal(err)
	}

	return resp
}

func (c client) refresh(token string) reply {
	c.Helper()

	return c.exchange(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}})
}

func send(request *http.Request) (reply, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()

	text, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, err
	}

	resp := reply{status: response.StatusCode, header: response.Header, body: string(text)}

	decoder := json.NewDecoder(strings.NewReader(resp.body))
	decoder.UseNumber()

	if decoder.Decode(&resp.json) != nil {
		resp.json = nil
	}

	return resp, nil
}

// with returns a valid body with changes: nil deletes a key.
func with(changes map[string]any) map[string]any {
	body := map[string]any{
		"bank_account_id": 19, "event_type": "In_only", "authen_type": "Api_Key", "request_content_type": "Json",
		"api_key": "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7", "webhook_url": "https://shop.example.com/hook", "name": "Shop",
		"is_verify_payment": 1, "skip_if_no_code": 1, "only_va": 0, "active": 1,
		"retry_conditions": []string{"non_2xx_status_code"},
	}
	maps.Copy(body, changes)
	maps.DeleteFunc(body, func(_ string, value any) bool { return value == nil })

	return body
}

func (c client) create(changes map[string]any) int64 {
	c.Helper()

	before := len(c.server.Webhooks())
	if resp := c.do("POST", "webhooks", with(changes)); resp.status >= 300 {
		c.Fatalf("create: %d %s", resp.status, resp.body)
	}

	webhooks := c.server.Webhooks()
	if len(webhooks) != before+1 {
		c.Fatalf("create made %d webhooks", len(webhooks)-before)
	}

	return webhooks[len(webhooks)-1].ID
}
