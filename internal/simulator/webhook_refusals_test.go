package simulator_test

import (
	"fmt"
	"strings"
	"testing"
)

// refusal is a create that is rejected because of one field.
type refusal struct {
	name    string
	changes map[string]any
	field   string
}

func refusals() []refusal {
	return []refusal{
		{"no name", map[string]any{"name": nil}, "name"},
		{"empty name", map[string]any{"name": " "}, "name"},
		{"name of 301 characters", map[string]any{"name": strings.Repeat("ấ", 301)}, "name"},
		{"no URL", map[string]any{"webhook_url": nil}, "webhook_url"},
		{"relative URL", map[string]any{"webhook_url": "/hook"}, "webhook_url"},
		{"URL without host", map[string]any{"webhook_url": "https:///hook"}, "webhook_url"},
		{"ftp URL", map[string]any{"webhook_url": "ftp://shop.example.com/"}, "webhook_url"},
		{"localhost", map[string]any{"webhook_url": "https://localhost:8080/hook"}, "webhook_url"},
		{"loopback", map[string]any{"webhook_url": "https://127.1.2.3/hook"}, "webhook_url"},
		{"mapped loopback", map[string]any{"webhook_url": "https://[::ffff:127.0.0.1]/hook"}, "webhook_url"},
		{"private address", map[string]any{"webhook_url": "https://192.168.1.4/hook"}, "webhook_url"},
		{"local name", map[string]any{"webhook_url": "https://shop.local/hook"}, "webhook_url"},
		{"bare name", map[string]any{"webhook_url": "https://shop/hook"}, "webhook_url"},
		{
			"URL of 301 characters",
			map[string]any{"webhook_url": "https://shop.example.com/" + strings.Repeat("a", 276)},
			"webhook_url",
		},
		{"unknown event", map[string]any{"event_type": "in_only"}, "event_type"},
		{"unknown authentication", map[string]any{"authen_type": "Basic"}, "authen_type"},
		{"unknown content type", map[string]any{"request_content_type": "json"}, "request_content_type"},
		{"no content type", map[string]any{"request_content_type": nil}, "request_content_type"},
		{"flag as boolean", map[string]any{"active": true}, "active"},
		{"flag as string", map[string]any{"skip_if_no_code": "1"}, "skip_if_no_code"},
		{"flag of two", map[string]any{"is_verify_payment": 2}, "is_verify_payment"},
		{"flag of null", map[string]any{"only_va": new(any)}, "only_va"},
		{"id as string", map[string]any{"bank_account_id": "19"}, "bank_account_id"},
		{"no account", map[string]any{"bank_account_id": nil}, "bank_account_id"},
		{"account zero", map[string]any{"bank_account_id": 0}, "bank_account_id"},
		{"account of another company", map[string]any{"bank_account_id": 7}, "bank_account_id"},
		{"no API key", map[string]any{"api_key": nil}, "api_key"},
		{"empty API key", map[string]any{"api_key": ""}, "api_key"},
		{"API key without use", map[string]any{"authen_type": "No_Authen"}, "api_key"},
		{
			"OAuth2 without its URL",
			map[string]any{"authen_type": "OAuth2.0", "api_key": nil, "oauth2_client_id": "c", "oauth2_client_secret": "s"},
			"oauth2_access_token_url",
		},
		{"sub-accounts without use", map[string]any{"bank_sub_account_ids": []int{25}}, "bank_sub_account_ids"},
		{
			"sub-account of another account",
			map[string]any{"only_va": 1, "bank_sub_account_ids": []int{27}},
			"bank_sub_account_ids",
		},
		{"sub-account twice", map[string]any{"only_va": 1, "bank_sub_account_ids": []int{25, 25}}, "bank_sub_account_ids"},
		{"retry as text", map[string]any{"retry_conditions": "non_2xx_status_code"}, "retry_conditions"},
		{"unknown retry", map[string]any{"retry_conditions": []string{"always"}}, "retry_conditions"},
	}
}

func refusals2026() []refusal {
	return []refusal{
		{"no secret key", map[string]any{"authen_type": "HMAC_SHA256", "api_key": nil}, "secret_key"},
		{"unknown bank mode", map[string]any{"bank_mode": "some"}, "bank_mode"},
		{"multi without accounts", map[string]any{"bank_mode": "multi", "bank_account_id": nil}, "bank_account_ids"},
		{
			"multi with an unknown account",
			map[string]any{"bank_mode": "multi", "bank_account_id": nil, "bank_account_ids": []int{19, 7}},
			"bank_account_ids",
		},
		{"single with several accounts", map[string]any{"bank_account_ids": []int{19, 20}}, "bank_account_ids"},
		{"all with one account", map[string]any{"bank_mode": "all"}, "bank_account_id"},
		{"list without sub-accounts", map[string]any{"va_mode": "list"}, "bank_sub_account_ids"},
		{"threshold too high", map[string]any{"alert_threshold": 21}, "alert_threshold"},
		{"threshold of zero", map[string]any{"alert_threshold": 0}, "alert_threshold"},
		{"unknown alert", map[string]any{"alert_event_types": []string{"panic"}}, "alert_event_types"},
		{"unknown channel", map[string]any{"alert_channel_ids": []int{1}}, "alert_channel_ids"},
		{"empty prefix", map[string]any{"prefix_filters": []string{""}}, "prefix_filters"},
	}
}

func refusals2025() []refusal {
	return []refusal{
		{"no active", map[string]any{"active": nil}, "active"},
		{"no is_verify_payment", map[string]any{"is_verify_payment": nil}, "is_verify_payment"},
		{"HMAC", map[string]any{"authen_type": "HMAC_SHA256", "api_key": nil}, "authen_type"},
		{"form", map[string]any{"request_content_type": "application_x-www-form-urlencoded"}, "request_content_type"},
	}
}

func TestBadWebhooksAreRefusedByField(t *testing.T) {
	t.Parallel()

	for form, cases := range map[string][]refusal{
		"2026": append(refusals(), refusals2026()...),
		"2025": append(refusals(), refusals2025()...),
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()

			c := start(t, "U13=422,U7="+form)
			for _, test := range cases {
				resp := c.do("POST", "webhooks", with(test.changes))

				fields, _ := resp.json["messages"].(map[string]any)
				if _, named := fields[test.field]; resp.status != 422 || !named {
					t.Errorf("%s: %d %s, want %s", test.name, resp.status, resp.body, test.field)
				}
			}

			if n := len(c.server.Webhooks()); n != 0 {
				t.Errorf("%d webhooks were made", n)
			}
		})
	}
}

func TestValidationFailureFollowsTheDialect(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]string{
		"":           "400 map[message:The active must be 0 or 1. status:error]",
		"U13=422":    "422 map[error:422 messages:map[active:The active must be 0 or 1.] status:422]",
		"U13=500":    "500 map[]",
		"U13=in_200": "200 map[error:400 messages:map[error:The active must be 0 or 1.] status:400]",
		"U6=strings": "400 map[message:The active must be 0 or 1. status:error]",
	} {
		c := start(t, dialect)

		resp := c.do("POST", "webhooks", with(map[string]any{"active": true}))
		if got := fmt.Sprintf("%d %v", resp.status, resp.json); got != want {
			t.Errorf("%s: %s, want %s", dialect, got, want)
		}
	}
}

func TestBodiesOtherThanJSONObjectsAreRejected(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(nil)

	for name, test := range map[string]struct {
		method, path string
		body         any
		want         int
	}{
		"object for retry_conditions": {
			"POST", "webhooks", with(map[string]any{"retry_conditions": map[string]int{"non_2xx_status_code": 1}}), 500,
		},
		"unknown key":     {"POST", "webhooks", with(map[string]any{"id": 3}), 400},
		"list":            {"POST", "webhooks", "[]", 400},
		"null":            {"POST", "webhooks", "null", 400},
		"not JSON":        {"POST", "webhooks", "name=Shop", 400},
		"empty update":    {"PATCH", fmt.Sprint("webhooks/", id), "{}", 400},
		"unknown webhook": {"PATCH", "webhooks/1", `{"name":"x"}`, 404},
	} {
		resp := c.do(test.method, test.path, test.body)
		if resp.status != test.want || (test.want == 500 && resp.body != "") {
			t.Errorf("%s: %d %q", name, resp.status, resp.body)
		}
	}
}

func TestThe2025ServiceRefusesTheKeysOf2026(t *testing.T) {
	t.Parallel()

	c := start(t, "U7=2025,U13=422")

	for key, value := range map[string]any{
		"secret_key": "s", "bank_mode": "single", "bank_account_ids": []int{}, "va_mode": "all", "prefix_filters": []string{},
		"alert_threshold": 3, "alert_event_types": []string{}, "alert_channel_ids": []int{},
	} {
		resp := c.do("POST", "webhooks", with(map[string]any{key: value}))
		if resp.status != 400 || !strings.Contains(resp.body, key) {
			t.Errorf("%s: %d %s", key, resp.status, resp.body)
		}
	}

	c.create(nil)
}

func TestUpdateChecksTheWholeWebhook(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	path := fmt.Sprint("webhooks/", c.create(map[string]any{"only_va": 1, "bank_sub_account_ids": []int{25, 26}}))

	for _, test := range []struct {
		name string
		body any
		want int
	}{
		{"other secret missing", map[string]any{"authen_type": "HMAC_SHA256"}, 400},
		{"sub-accounts of the account left", map[string]any{"bank_account_id": 20}, 400},
		{"multi without accounts", map[string]any{"bank_mode": "multi"}, 400},
		{"secret of another type", map[string]any{"secret_key": "whsec_1"}, 400},
		{"empty secret", map[string]any{"api_key": ""}, 400},
		{"one key", map[string]any{"name": "New"}, 200},
		{"account with its sub-accounts", map[string]any{"bank_account_id": 20, "bank_sub_account_ids": []int{27}}, 200},
	} {
		if resp := c.do("PATCH", path, test.body); resp.status != test.want {
			t.Errorf("%s: %d %s", test.name, resp.status, resp.body)
		}
	}
}

func TestChangingAuthenTypeRemovesTheOldSecret(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(nil)
	path := fmt.Sprint("webhooks/", id)

	resp := c.do("PATCH", path, map[string]any{"authen_type": "HMAC_SHA256", "secret_key": "whsec_1"})
	if resp.status != 200 {
		t.Fatalf("%d %s", resp.status, resp.body)
	}

	if w, _ := c.server.Webhook(id); w.APIKey != "" || w.SecretKey != "whsec_1" {
		t.Errorf("secrets kept: api_key %q, secret_key %q", w.APIKey, w.SecretKey)
	}

	if resp := c.do("PATCH", path, map[string]any{"authen_type": "Api_Key"}); resp.status != 400 {
		t.Errorf("back without a key: %d", resp.status)
	}
}
