package webhook_test

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// FuzzPlan plans random configurations, with null, unknown and known values, for no webhook or for a random one. Terraform's own
// rules for a plan hold (acctest checks them); a plan that is made again is the same; one that could be applied as it is leads to
// an empty plan; no update replaces the webhook; and no plan has a write-only secret.
func FuzzPlan(f *testing.F) {
	for i := range 12 {
		data := make([]byte, 90)
		for at := range data {
			data[at] = byte((at + 3) * i)
		}

		f.Add(data)
	}

	sim := simulator.Start(f)

	// To start a provider takes longer than all else. What is planned for one webhook does not depend on other plans, but for
	// that of a create, which is compared with those before it.
	shared := connect(f, sim)

	f.Fuzz(func(t *testing.T, data []byte) {
		server := shared.For(t)
		c := &choices{data}
		prior := c.instance()
		planned := c.config(true)

		if prior == nil {
			server = connect(t, sim)
		}

		plan, diagnostics := server.Plan(webhookType, prior, planned)
		if strings.Contains(fmt.Sprint(diagnostics), "canary") {
			t.Errorf("a message has a secret:\n%s", diagnostics)
		}

		if plan == nil {
			return
		}

		if len(plan.ReplacedBy) > 0 || prior != nil && plan.Action != acctest.Update && plan.Action != acctest.NoOp {
			t.Errorf("the plan is to %s, because of %v", plan.Action, plan.ReplacedBy)
		}

		if strings.Contains(fmt.Sprint(plan.Values), "canary-write-only") {
			t.Error("the plan has a write-only secret")
		}

		if again, _ := server.Plan(webhookType, prior, planned); again == nil || !reflect.DeepEqual(again.Values, plan.Values) {
			t.Errorf("planned\n%v\nand then\n%v", plan.Values, again)
		}

		// A write-only secret is recognized by what an apply remembers in the private state, which there is none of here.
		for name := range planned {
			if strings.HasSuffix(name, "_wo") {
				return
			}
		}

		for _, value := range plan.Values {
			if value == acctest.Unknown {
				return
			}
		}

		applied := &acctest.Instance{Values: plan.Values, Identity: map[string]any{"id": plan.Values["id"]}}
		if next, diagnostics := server.Plan(webhookType, applied, planned); next == nil || next.Action != acctest.NoOp {
			t.Errorf("after\n%v\nthe plan changes %v: %s", plan.Values, next.Changes(), diagnostics)
		}
	})

	if sent := writes(sim); len(sent) > 0 {
		f.Errorf("a plan sent %v", sent)
	}
}

// choices takes values from an input, and the first of them when it has ended.
type choices struct{ data []byte }

func (c *choices) below(n int) int {
	if len(c.data) == 0 {
		return 0
	}

	first := c.data[0]
	c.data = c.data[1:]

	return int(first) % n
}

// config is a configuration that is valid as far as one attribute does not depend on another. Without unknown, all is known.
func (c *choices) config(unknown bool) config {
	chosen := config{}

	set := func(name string, required bool, values ...any) {
		at := c.below(len(values) + 2)

		switch {
		case at < len(values):
			chosen[name] = values[at]
		case at == len(values) && unknown && c.below(3) == 0:
			chosen[name] = acctest.Unknown
		case required:
			chosen[name] = values[0]
		}
	}

	set("name", true, "Shop", " Shop ")
	set("webhook_url", true, "https://shop.example.com/sepay", "http://shop.example.com/")
	set("event_type", true, "All", "In_only")
	set("authen_type", true, "Api_Key", "No_Authen", "HMAC_SHA256", "OAuth2.0")
	set("request_content_type", false, "Json", "multipart_form-data")
	set("active", false, true, false)
	set("is_verify_payment", false, true)
	set("skip_if_no_code", false, true)
	set("prefix_filters", false, []string{"DH"}, []string{}, []any{"DH", acctest.Unknown}[:1+c.below(2)])
	set("retry_conditions", false, []string{"non_2xx_status_code"}, []string{})
	set("va_mode", false, "all", "none", "list")
	set("only_va", false, true, false)
	set("bank_sub_account_ids", false, []int64{25, 26}, []int64{})
	set("alert_threshold", false, 5)
	set("alert_event_types", false, []string{"failure"}, []string{})
	set("alert_channel_ids", false, []int64{3}, []int64{})

	switch set("bank_mode", false, "single", "multi", "all"); chosen["bank_mode"] {
	case "multi":
		set("bank_account_ids", true, []int64{19, 20})
	case "all":
	default:
		set("bank_account_id", true, 19, 20)
	}

	secret, ok := map[any]string{"Api_Key": "api_key", "HMAC_SHA256": "secret_key", "OAuth2.0": "oauth2_client_secret"}[chosen["authen_type"]]
	if ok && unknown && c.below(3) == 0 {
		set(secret+"_wo", true, "canary-write-only", "canary-write-only-2")
		set(secret+"_wo_version", false, 1, 2)
	} else if ok {
		set(secret, true, "canary-plain", "canary-plain-2")
	}

	if secret == "oauth2_client_secret" {
		set("oauth2_access_token_url", true, "https://id.example.com/token")
		set("oauth2_client_id", true, "shop")
	}

	if !unknown {
		maps.DeleteFunc(chosen, func(_ string, value any) bool { return value == acctest.Unknown })
	}

	return chosen
}

// instance is a webhook as a state may have it, or nil.
func (c *choices) instance() *acctest.Instance {
	if c.below(4) == 0 {
		return nil
	}

	values := c.config(false)
	for name, fallback := range map[string]any{
		"request_content_type": "Json", "active": true, "is_verify_payment": false, "skip_if_no_code": false, "prefix_filters": []string{},
		"bank_account_ids": []int64{}, "bank_sub_account_ids": []int64{}, "alert_channel_ids": []int64{}, "id": int64(23),
		"created_at": "2026-09-01T12:00:00+07:00",
	} {
		if _, ok := values[name]; !ok {
			values[name] = fallback
		}
	}

	if filters, ok := values["prefix_filters"].([]any); ok {
		values["prefix_filters"] = filters[:1]
	}

	return &acctest.Instance{Values: values, Identity: map[string]any{"id": int64(23)}}
}
