package simulator_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// browse sends a request to the page and returns its status and text.
func (c client) browse(method, path string, form url.Values, header map[string]string) (status int, text string) {
	c.Helper()

	request, err := http.NewRequestWithContext(c.Context(), method, c.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.Fatal(err)
	}

	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	for key, value := range header {
		request.Header.Set(key, value)
	}

	if host := header["Host"]; host != "" {
		request.Host = host
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.Fatal(err)
	}

	return response.StatusCode, string(body)
}

func TestThePageIsOptional(t *testing.T) {
	t.Parallel()

	if status, _ := start(t, "").browse("GET", "/_ui/en/", nil, nil); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}
}

func TestOtherPagesCannotUseThePageOrTheControlAPI(t *testing.T) {
	t.Parallel()

	c := start(t, "", simulator.WithPage())
	id := c.create(nil)
	_, page := c.browse("GET", "/_ui/en/", nil, nil)

	if strings.Contains(page, "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7") {
		t.Error("the page shows a secret")
	}

	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(page)
	if token == nil {
		t.Fatal("the forms have no token")
	}

	good, forged := url.Values{"token": {token[1]}}, url.Values{"token": {"forged"}}

	for name, test := range map[string]struct {
		method, path string
		form         url.Values
		header       map[string]string
		want         int
	}{
		"the page under a foreign host":    {"GET", "/_ui/en/", nil, map[string]string{"Host": "evil.example"}, 403},
		"a form under a foreign host":      {"POST", "/_ui/en/webhooks/59325/off", good, map[string]string{"Host": "evil.example"}, 403},
		"a form without a token":           {"POST", "/_ui/en/webhooks/59325/off", nil, nil, 403},
		"a form with a forged token":       {"POST", "/_ui/en/webhooks/59325/off", forged, nil, 403},
		"a form of another page":           {"POST", "/_ui/en/webhooks/59325/off", good, map[string]string{"Origin": "https://evil.example"}, 403},
		"a form of another site":           {"POST", "/_ui/en/webhooks/59325/off", good, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"control of another page":          {"DELETE", "/_control/webhooks/59325", nil, map[string]string{"Origin": "https://evil.example"}, 403},
		"control under a foreign host":     {"DELETE", "/_control/webhooks/59325", nil, map[string]string{"Host": "evil.example"}, 403},
		"reading control from other pages": {"GET", "/_control/webhooks", nil, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		"a link of another page":           {"GET", "/_ui/en/", nil, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200},
		"an unknown action":                {"POST", "/_ui/en/webhooks/59325/explode", good, nil, 400},
		"an unknown webhook":               {"POST", "/_ui/en/webhooks/7/delete", good, nil, 400},
		"a form with a bad URL":            {"POST", "/_ui/en/webhooks/59325/change", url.Values{"token": {token[1]}, "name": {"n"}, "webhook_url": {"x"}}, nil, 400},
		"a payment without an amount":      {"POST", "/_ui/en/payments", url.Values{"token": {token[1]}, "bank_account_id": {"19"}}, nil, 400},
		"a language that it lacks":         {"GET", "/_ui/fr/", nil, nil, 404},
	} {
		if status, text := c.browse(test.method, test.path, test.form, test.header); status != test.want {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}

	if w, found := c.server.Webhook(id); !found || !w.Active || w.Name != "Shop" {
		t.Errorf("the webhook was changed: %s, active %t", w, w.Active)
	}
}

func TestPageSpeaksBothLanguagesCompletely(t *testing.T) {
	t.Parallel()

	c := start(t, "", simulator.WithPage())
	c.create(nil)
	c.server.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1.00", Code: new("DH123456")})

	word := regexp.MustCompile(`>\s*([^<>{}]+?)\s*<`)
	texts := map[string]map[string]bool{}

	for _, language := range []string{"en", "vi"} {
		_, page := c.browse("GET", "/_ui/"+language+"/", nil, nil)
		texts[language] = map[string]bool{}

		for _, found := range word.FindAllStringSubmatch(page, -1) {
			texts[language][found[1]] = true
		}
	}

	for _, english := range []string{"Bank accounts", "Deliveries", "Money arrives", "Switch off", "Change", "Delete", "Save", "not sent", "Time"} {
		if !texts["en"][english] || texts["vi"][english] {
			t.Errorf("%q: in English %t, in Vietnamese %t", english, texts["en"][english], texts["vi"][english])
		}
	}
}
