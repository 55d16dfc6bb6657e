package simulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// control sends a request to the control API and returns its response.
func (c client) control(command, body string) (status int, text string) {
	c.Helper()

	method, path, _ := strings.Cut(command, " ")

	request, err := http.NewRequestWithContext(c.Context(), method, c.server.URL+"/_control/"+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()

	resp, err := io.ReadAll(response.Body)
	if err != nil {
		c.Fatal(err)
	}

	return response.StatusCode, strings.TrimSpace(string(resp))
}

func TestTheControlAPIChangesTheDashboard(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	c.create(map[string]any{"name": "First"})

	for _, step := range []struct {
		command, body string
		status        int
		want          string // part of the response
	}{
		{"POST seed/webhooks/2", "", 200, "[59326,59327]"},
		{"GET webhooks", "", 200, `"id":59327`},
		{"PATCH webhooks/59325", `{"active":false,"alert_threshold":7}`, 200, `"active":false`},
		{"GET webhooks/59325", "", 200, `"alert_threshold":7`},
		{"PATCH webhooks/59325", `{"actve":false}`, 400, "actve"},
		{"PATCH webhooks/7", `{"active":false}`, 400, "no webhook 7"},
		{"DELETE webhooks/59326", "", 204, ""},
		{"DELETE webhooks/59326", "", 404, ""},
		{"POST webhooks", `{"name":"By hand","webhook_url":"https://b.example.com","bank_account_id":19}`, 200, `{"id":59328}`},
		{"PATCH bank-accounts/19", `{"accumulated":123456789012345.60,"label":null}`, 204, ""},
		{"GET bank-accounts", "", 200, `"account_number":"0071000888888","accumulated":123456789012345.60`},
		{"POST bank-accounts", `{"id":30,"account_number":"01"}`, 200, `"id":30`},
		{"POST seed/bank-accounts/1", "", 200, "[1001]"},
		{"POST seed/transactions/2", "", 200, "[49684,49685]"},
		{"POST seed/nothing/2", "", 404, ""},
		{"POST transactions", `{"bank_account_id":20,"amount_in":1.50}`, 200, `{"id":49686}`},
		{"PUT dialect", "U1=root,U6=strings", 200, `"U1=root,U6=strings"`},
		{"PUT dialect", "U1=no", 400, "U1"},
		{"GET dialect", "", 200, `"U1=root,U6=strings"`},
		{"GET dialects", "", 200, `"id":"U16"`},
		{"PATCH company", `{"role":"User"}`, 204, ""},
		{"PATCH user", `{"avatar":null}`, 204, ""},
		{"POST faults", `{"path":"/api/v1/me","status":502,"times":1,"delay_before":"1ms"}`, 200, `{"id":1}`},
		{"POST faults", `{"pth":"/"}`, 400, "pth"},
		{"POST faults", `{"drop":"sometimes"}`, 400, "sometimes"},
		{"DELETE faults", "", 204, ""},
		{"PUT latency", "1ms", 204, ""},
		{"POST clock", "30m", 204, ""},
		{"GET counters", "", 200, `"calls":0`},
		{"GET requests", "", 200, `"api_key":"(secret)"`},
		{"DELETE requests", "", 204, ""},
		{"GET requests", "", 200, "[]"},
		{"GET nothing", "", 404, ""},
	} {
		if status, text := c.control(step.command, step.body); status != step.status || !strings.Contains(text, step.want) {
			t.Errorf("%s: %d %s, want %d %s", step.command, status, text, step.status, step.want)
		}
	}

	if got := c.do("GET", "company", nil); got.status != 403 {
		t.Errorf("company: %d", got.status)
	}

	if got := c.do("GET", "me", nil); !strings.Contains(got.body, `"avatar":null`) {
		t.Errorf("me: %s", got.body)
	}

	if got := c.do("GET", "webhooks/59328", nil); !strings.Contains(got.body, `"bank_mode":"single"`) {
		t.Errorf("a webhook made by hand: %s", got.body)
	}
}

func TestTheControlAPIManagesTokens(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	seed := c.server.Credentials().RefreshToken

	c.control("POST tokens/expire", "")

	if got := c.do("GET", "me", nil); got.status != 401 || !c.server.RefreshTokenAlive(seed) {
		t.Errorf("expired: %d", got.status)
	}

	c.control("POST tokens/revoke", "")

	if c.server.RefreshTokenAlive(seed) {
		t.Error("revoked, but the seed is valid")
	}
}

func TestControlAPIIsForLoopbackOnly(t *testing.T) {
	t.Parallel()

	service := simulator.New()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_control/webhooks", nil)
	request.RemoteAddr = "192.0.2.1:1234"

	recorder := httptest.NewRecorder()
	service.ServeHTTP(recorder, request)

	if recorder.Code != http.StatusForbidden {
		t.Errorf("%d", recorder.Code)
	}
}
