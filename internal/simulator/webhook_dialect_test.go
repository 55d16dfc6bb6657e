package simulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestWritesGetTheResponseOfEachDialect(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string][3]string{
		"": {
			`200 {"data":{"id":59325},"status":"success"}`, `200 {"data":{"id":59325},"status":"success"}`,
			`200 {"message":"Webhook deleted","status":"success"}`,
		},
		"U1=root,U2=201,U3=message,U4=204": {
			`201 {"id":59325,"message":"Webhook created","status":"success"}`,
			`200 {"message":"Webhook updated","status":"success"}`, `204 `,
		},
		"U1=root,U3=204,U6=strings": {
			`200 {"id":"59325","message":"Webhook created","status":"success"}`, `204 `,
			`200 {"message":"Webhook deleted","status":"success"}`,
		},
	} {
		c := start(t, dialect)

		got := [3]reply{
			c.do("POST", "webhooks", with(nil)),
			c.do("PATCH", "webhooks/59325", map[string]any{"name": "New"}),
			c.do("DELETE", "webhooks/59325", nil),
		}
		for i, resp := range got {
			if text := fmt.Sprintf("%d %s", resp.status, strings.TrimSpace(resp.body)); text != want[i] {
				t.Errorf("%q: %s, want %s", dialect, text, want[i])
			}
		}

		if again := c.do("DELETE", "webhooks/59325", nil); again.status != 404 {
			t.Errorf("%q: second delete: %d", dialect, again.status)
		}
	}
}

func TestTheObjectInAnUpdateResponseIsAsSentAndNotAsStored(t *testing.T) {
	t.Parallel()

	c := start(t, "U1=object,U3=object,U17=ignored")

	if resp := c.do("POST", "webhooks", with(nil)); resp.data()["name"] != "Shop" {
		t.Errorf("create: %s", resp.body)
	}

	resp := c.do("PATCH", "webhooks/59325", map[string]any{"retry_conditions": []string{}})
	if got := fmt.Sprint(resp.data()["retry_conditions"]); got != "map[non_2xx_status_code:0]" {
		t.Errorf("update returns %s", got)
	}

	if got := fmt.Sprint(c.do("GET", "webhooks/59325", nil).data()["retry_conditions"]); got != "map[non_2xx_status_code:1]" {
		t.Errorf("read returns %s", got)
	}
}

func TestSampleIsReadAsPublished(t *testing.T) {
	t.Parallel()

	c := start(t, "", simulator.WithSampleWebhook())

	const want = `{"data":{"active":true,"alert_event_types":["failure","recovery"],"alert_threshold":3,` +
		`"authen_type":"HMAC_SHA256","bank_account_id":19,"bank_mode":"single","bank_sub_account_ids":[25,26],` +
		`"created_at":"2025-02-15 14:23:56","event_type":"In_only","id":23,"is_verify_payment":true,` +
		`"name":"Online shop integration","only_va":true,"prefix_filters":[],"request_content_type":"Json",` +
		`"retry_conditions":{"non_2xx_status_code":0},"secret_key":"whsec_a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7",` +
		`"skip_if_no_code":true,"va_mode":"list","webhook_url":"https://example.com/webhook/payment"},"status":"success"}`

	if got := strings.TrimSpace(c.do("GET", "webhooks/23", nil).body); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReadInEachDialect(t *testing.T) {
	t.Parallel()

	masked := map[string]string{"secret_key": `"` + strings.Repeat("*", 34) + `d6e7"`}

	// JSON by key; "" is a missing key.
	for dialect, want := range map[string]map[string]string{
		"U5=masked":   masked,
		"U5=dotted":   {"secret_key": `"` + strings.Repeat("•", 34) + `d6e7"`},
		"U5=suffix":   {"secret_key": `"d6e7"`},
		"U5=edges":    {"secret_key": `"whse****d6e7"`},
		"U5=null":     {"secret_key": "null"},
		"U5=absent":   {"secret_key": ""},
		"U6=zero_one": {"active": "1", "id": "23", "bank_sub_account_ids": "[25,26]", "name": `"Online shop integration"`},
		"U6=strings": {
			"active": `"1"`, "id": `"23"`, "bank_sub_account_ids": `["25","26"]`, "alert_threshold": `"3"`,
			"retry_conditions": `{"non_2xx_status_code":"0"}`,
		},
		"U7=2025": {
			"bank_mode": "", "va_mode": "", "secret_key": "", "prefix_filters": "", "alert_threshold": "",
			"alert_event_types": "", "bank_sub_account_ids": "[25,26]", "only_va": "true",
		},
		"U8=on":                    {"retry_conditions": `{"non_2xx_status_code":0}`}, // it was set, to off
		"X1=absent":                {"bank_account_ids": "", "alert_channel_ids": ""},
		"X1=returned":              {"bank_account_ids": "[]", "alert_channel_ids": "[]"},
		"X1=returned,U7=2025":      {"bank_account_ids": "", "alert_channel_ids": ""},
		"X2=brief":                 {"va_mode": `"list"`}, // only the rows of the list are brief
		"U5=masked,U6=strings":     masked,
		"U5=masked,U13=500,U15=20": masked,
	} {
		c := start(t, dialect, simulator.WithSampleWebhook())
		data := c.do("GET", "webhooks/23", nil).data()

		for key, value := range want {
			got := ""

			if actual, present := data[key]; present {
				text, err := json.Marshal(actual)
				if err != nil {
					t.Fatal(err)
				}

				got = string(text)
			}

			if got != value {
				t.Errorf("%s: %s is %s, want %s", dialect, key, got, value)
			}
		}
	}
}

func TestRetryConditionsThatWereNeverSent(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]string{
		"":         "map[non_2xx_status_code:0]",
		"U8=on":    "map[non_2xx_status_code:1]",
		"U8=null":  "<nil>",
		"U8=empty": "[]",
	} {
		c := start(t, dialect)
		path := fmt.Sprint("webhooks/", c.create(map[string]any{"retry_conditions": nil}))

		if got := fmt.Sprint(c.do("GET", path, nil).data()["retry_conditions"]); got != want {
			t.Errorf("%s: %s, want %s", dialect, got, want)
		}

		c.do("PATCH", path, map[string]any{"retry_conditions": []string{}})

		if got := fmt.Sprint(c.do("GET", path, nil).data()["retry_conditions"]); got != "map[non_2xx_status_code:0]" {
			t.Errorf("%s: turned off: %s", dialect, got)
		}
	}
}

func TestUpdatesThatAreIgnored(t *testing.T) {
	t.Parallel()

	full := map[string]any{
		"only_va": 1, "bank_sub_account_ids": []int{25}, "prefix_filters": []string{"DH"}, "alert_channel_ids": []int{501},
	}
	changes := map[string]any{
		"authen_type": "HMAC_SHA256", "secret_key": "whsec_1", "bank_sub_account_ids": []int{}, "prefix_filters": []string{},
		"alert_channel_ids": []int{}, "alert_event_types": []string{}, "retry_conditions": []string{}, "name": "New",
	}

	for dialect, want := range map[string]string{
		"":            "New HMAC_SHA256 whsec_1 [] [] [] [] []",
		"U17=ignored": "New Api_Key a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7 [25] [DH] [501] [failure recovery] [non_2xx_status_code]",
	} {
		c := start(t, dialect)
		id := c.create(full)

		if resp := c.do("PATCH", fmt.Sprint("webhooks/", id), changes); resp.status != 200 {
			t.Fatalf("%s: %d %s", dialect, resp.status, resp.body)
		}

		w, _ := c.server.Webhook(id)

		got := fmt.Sprintf("%s %s %s%s %v %v %v %v %v", w.Name, w.AuthenType, w.APIKey, w.SecretKey, w.BankSubAccountIDs,
			w.PrefixFilters, w.AlertChannelIDs, w.AlertEventTypes, w.RetryConditions)
		if got != want {
			t.Errorf("%s: %s, want %s", dialect, got, want)
		}
	}
}

func TestRenamingFollowsTheDialect(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]string{
		"": "200 New true", "X5=ignored": "200 Shop true", "X5=refused": "400 Shop false",
	} {
		c := start(t, dialect)
		id := c.create(map[string]any{"active": 0})
		resp := c.do("PATCH", fmt.Sprint("webhooks/", id), map[string]any{"name": "New", "active": 1})

		w, _ := c.server.Webhook(id)
		if got := fmt.Sprintf("%d %s %t", resp.status, w.Name, w.Active); got != want {
			t.Errorf("%q: %s, want %s", dialect, got, want)
		}

		if again := c.do("PATCH", fmt.Sprint("webhooks/", id), map[string]any{"name": w.Name, "active": 1}); again.status != 200 {
			t.Errorf("%q: the name that it has already: %d %s", dialect, again.status, again.body)
		}
	}
}

func TestSpacesFollowTheDialect(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]string{
		"":            `" Shop " "https://shop.example.com/hook "`,
		"U18=trimmed": `"Shop" "https://shop.example.com/hook"`,
	} {
		c := start(t, dialect)

		w, _ := c.server.Webhook(c.create(map[string]any{"name": " Shop ", "webhook_url": "https://shop.example.com/hook "}))
		if got := fmt.Sprintf("%q %q", w.Name, w.WebhookURL); got != want {
			t.Errorf("%s: %s", dialect, got)
		}
	}
}

func TestOrderOfListsIsNotKept(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(map[string]any{"only_va": 1, "bank_sub_account_ids": []int{25, 26}, "prefix_filters": []string{"A", "B"}})

	data := c.do("GET", fmt.Sprint("webhooks/", id), nil).data()
	if got := fmt.Sprint(data["bank_sub_account_ids"], data["prefix_filters"]); got != "[26 25] [B A]" {
		t.Errorf("read %s", got)
	}
}

func TestBankModeDecidesWhichAccountsAreKept(t *testing.T) {
	t.Parallel()

	c := start(t, "X1=returned")
	path := fmt.Sprint("webhooks/", c.create(nil))

	for _, step := range []struct {
		change map[string]any
		want   string
	}{
		{map[string]any{"bank_mode": "multi", "bank_account_ids": []int{19, 20}}, "multi 0 [20 19]"},
		{map[string]any{"bank_mode": "all"}, "all 0 []"},
		{map[string]any{"bank_mode": "single", "bank_account_id": 20}, "single 20 []"},
		{map[string]any{"bank_account_id": 19}, "single 19 []"},
	} {
		if resp := c.do("PATCH", path, step.change); resp.status != 200 {
			t.Fatalf("%v: %d %s", step.change, resp.status, resp.body)
		}

		data := c.do("GET", path, nil).data()

		got := fmt.Sprintf("%v %v %v", data["bank_mode"], data["bank_account_id"], data["bank_account_ids"])
		if got != step.want {
			t.Errorf("%v: %s, want %s", step.change, got, step.want)
		}
	}
}

func TestVirtualAccountKeysFollowTheDialect(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string]string{"": "false list", "X4=coupled": "true list"} {
		c := start(t, dialect)
		changes := map[string]any{"only_va": nil, "va_mode": "list", "bank_sub_account_ids": []int{25}}

		w, _ := c.server.Webhook(c.create(changes))
		if got := fmt.Sprint(w.OnlyVA, " ", w.VAMode); got != want {
			t.Errorf("%s: %s, want %s", dialect, got, want)
		}
	}
}

func TestOmittedFieldsGetTheDefaultsOfTheServer(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(map[string]any{
		"is_verify_payment": nil, "skip_if_no_code": nil, "active": nil, "only_va": nil, "authen_type": "OAuth2.0",
		"request_content_type": nil, "api_key": nil, "oauth2_client_id": "c", "oauth2_client_secret": "s",
		"oauth2_access_token_url": "https://shop.example.com/token",
	})
	data := c.do("GET", fmt.Sprint("webhooks/", id), nil).data()

	want := map[string]string{
		"is_verify_payment": "true", "skip_if_no_code": "true", "active": "true", "only_va": "false", "bank_mode": "single",
		"va_mode": "all", "alert_threshold": "3", "alert_event_types": "[failure recovery]", "request_content_type": "Json",
	}
	for key, value := range want {
		if got := fmt.Sprint(data[key]); got != value {
			t.Errorf("%s is %s, want %s", key, got, value)
		}
	}

	for key := range maps.Keys(data) {
		if strings.HasPrefix(key, "oauth2_") {
			t.Errorf("%s is read", key)
		}
	}
}
