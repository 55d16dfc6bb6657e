package webhook_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

const webhookType = "sepay_webhook"

// connect returns a provider that is configured for sim, with an access token of its own and no limit of requests.
func connect(tb testing.TB, sim *simulator.Server, options ...acctest.Option) *acctest.Server {
	tb.Helper()

	settings := acctest.ProviderConfig(tb, sim)
	settings["access_token"] = sim.NewAccessToken()

	return acctest.NewServer(tb, settings, options...)
}

// config is a configuration that one step of a life changes.
type config map[string]any

// with returns a copy with some attributes changed; nil removes one.
func (c config) with(changes config) config {
	changed := maps.Clone(c)

	for name, value := range changes {
		if value == nil {
			delete(changed, name)
		} else {
			changed[name] = value
		}
	}

	return changed
}

func shopConfig() config {
	return config{
		"name":            "Shop",
		"webhook_url":     "https://shop.example.com/sepay",
		"event_type":      "In_only",
		"authen_type":     "Api_Key",
		"api_key":         "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7",
		"bank_account_id": 19,
	}
}

// step is one change in the life of a webhook. After it the plan must be empty.
type step struct {
	name   string
	change config
	// since2026 marks a change that the 2025 form of the API does not know.
	since2026 bool
	// ignored names the attribute of which SePay may ignore the change (U17).
	ignored string
	// stored is what the attribute must be at the service afterwards.
	stored func(simulator.Webhook) bool
}

// lifeSteps change each attribute, and unset each optional one, in an order in which each step is possible.
func lifeSteps() []step {
	return []step{
		{
			name: "name with spaces", change: config{"name": "  Cửa hàng "},
			stored: func(w simulator.Webhook) bool { return strings.TrimSpace(w.Name) == "Cửa hàng" },
		},
		{
			name: "webhook_url", change: config{"webhook_url": "https://shop.example.com/v2"},
			stored: func(w simulator.Webhook) bool { return w.WebhookURL == "https://shop.example.com/v2" },
		},
		{
			name: "event_type", change: config{"event_type": "All"},
			stored: func(w simulator.Webhook) bool { return w.EventType == "All" },
		},
		{
			name: "flags", change: config{"is_verify_payment": true, "skip_if_no_code": true, "active": false},
			stored: func(w simulator.Webhook) bool { return w.IsVerifyPayment && w.SkipIfNoCode && !w.Active },
		},
		{
			name: "unset flags", change: config{"is_verify_payment": nil, "skip_if_no_code": nil, "active": nil},
			stored: func(w simulator.Webhook) bool { return !w.IsVerifyPayment && !w.SkipIfNoCode && w.Active },
		},
		{
			name: "request_content_type", change: config{"request_content_type": "multipart_form-data"},
			stored: func(w simulator.Webhook) bool { return w.RequestContentType == "multipart_form-data" },
		},
		{
			name: "unset request_content_type", change: config{"request_content_type": nil},
			stored: func(w simulator.Webhook) bool { return w.RequestContentType == "Json" },
		},
		{
			name: "bank_account_id", change: config{"bank_account_id": 20},
			stored: func(w simulator.Webhook) bool { return w.BankAccountID == 20 },
		},
		{
			name: "bank_account_id back", change: config{"bank_account_id": 19},
			stored: func(w simulator.Webhook) bool { return w.BankAccountID == 19 },
		},
		{
			name: "retry on", change: config{"retry_conditions": []string{"non_2xx_status_code"}},
			// Nothing needs to be sent where the service has retry on without being asked.
			stored: func(w simulator.Webhook) bool { return len(w.RetryConditions) == 1 || w.RetryConditions == nil },
		},
		{
			name: "retry off", change: config{"retry_conditions": []string{}}, ignored: "retry_conditions",
			stored: func(w simulator.Webhook) bool { return len(w.RetryConditions) == 0 },
		},
		{name: "unset retry_conditions", change: config{"retry_conditions": nil}},
		{
			name: "only_va with virtual accounts", change: config{"only_va": true, "bank_sub_account_ids": []int64{25, 26}},
			stored: func(w simulator.Webhook) bool { return w.OnlyVA && same(w.BankSubAccountIDs, []int64{25, 26}) },
		},
		{
			name: "fewer virtual accounts", change: config{"bank_sub_account_ids": []int64{26}},
			stored: func(w simulator.Webhook) bool { return same(w.BankSubAccountIDs, []int64{26}) },
		},
		{
			name: "unset virtual accounts", change: config{"only_va": false, "bank_sub_account_ids": nil}, ignored: "bank_sub_account_ids",
			stored: func(w simulator.Webhook) bool { return !w.OnlyVA && len(w.BankSubAccountIDs) == 0 },
		},
		{name: "empty virtual accounts", change: config{"bank_sub_account_ids": []int64{}}, ignored: "bank_sub_account_ids"},
		{name: "unset only_va", change: config{"only_va": nil, "bank_sub_account_ids": nil}, ignored: "bank_sub_account_ids"},
		{
			name: "va_mode", since2026: true, change: config{"va_mode": "list", "bank_sub_account_ids": []int64{25}},
			stored: func(w simulator.Webhook) bool {
				return w.VAMode == "list" && same(w.BankSubAccountIDs, []int64{25})
			},
		},
		{
			name: "va_mode none", since2026: true, change: config{"va_mode": "none", "bank_sub_account_ids": nil},
			ignored: "bank_sub_account_ids",
			stored:  func(w simulator.Webhook) bool { return w.VAMode == "none" },
		},
		{name: "unset va_mode", since2026: true, change: config{"va_mode": nil}},
		{
			name: "prefix_filters", since2026: true, change: config{"prefix_filters": []string{"DH", "HD"}},
			stored: func(w simulator.Webhook) bool { return same(w.PrefixFilters, []string{"DH", "HD"}) },
		},
		{
			name: "unset prefix_filters", since2026: true, change: config{"prefix_filters": nil}, ignored: "prefix_filters",
			stored: func(w simulator.Webhook) bool { return len(w.PrefixFilters) == 0 },
		},
		{
			name: "alerts", since2026: true,
			change: config{"alert_threshold": 7, "alert_event_types": []string{"failure"}, "alert_channel_ids": []int64{501}},
			stored: func(w simulator.Webhook) bool {
				return w.AlertThreshold == 7 && same(w.AlertEventTypes, []string{"failure"}) &&
					same(w.AlertChannelIDs, []int64{501})
			},
		},
		{name: "unset alert_threshold", since2026: true, change: config{"alert_threshold": nil}},
		{
			name: "no alerts", since2026: true, change: config{"alert_event_types": []string{}}, ignored: "alert_event_types",
			stored: func(w simulator.Webhook) bool { return len(w.AlertEventTypes) == 0 },
		},
		{name: "unset alert_event_types", since2026: true, change: config{"alert_event_types": nil}},
		{
			name: "several bank accounts", since2026: true,
			change: config{"bank_mode": "multi", "bank_account_ids": []int64{19, 20}, "bank_account_id": nil},
			stored: func(w simulator.Webhook) bool {
				return w.BankMode == "multi" && same(w.BankAccountIDs, []int64{19, 20})
			},
		},
		{
			name: "every bank account", since2026: true, change: config{"bank_mode": "all", "bank_account_ids": nil},
			stored: func(w simulator.Webhook) bool { return w.BankMode == "all" },
		},
		{
			name: "unset bank_mode", since2026: true, change: config{"bank_mode": nil, "bank_account_id": 19},
			stored: func(w simulator.Webhook) bool { return w.BankMode == "single" && w.BankAccountID == 19 },
		},
		{
			name: "another api_key", change: config{"api_key": "b7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e8"},
			stored: func(w simulator.Webhook) bool { return w.APIKey == "b7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e8" },
		},
		{
			name: "api_key_wo", change: config{"api_key": nil, "api_key_wo": "c7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e9"},
			stored: func(w simulator.Webhook) bool { return w.APIKey == "c7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e9" },
		},
		{
			name: "another api_key_wo", change: config{"api_key_wo": "d7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e0"},
			stored: func(w simulator.Webhook) bool { return w.APIKey == "d7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e0" },
		},
		{
			name: "authen_type No_Authen", ignored: "authen_type", change: config{"authen_type": "No_Authen", "api_key_wo": nil},
			stored: func(w simulator.Webhook) bool { return w.AuthenType == "No_Authen" },
		},
		{
			name: "authen_type OAuth2.0", ignored: "authen_type",
			change: config{
				"authen_type": "OAuth2.0", "api_key_wo": nil, "oauth2_access_token_url": "https://id.example.com/token",
				"oauth2_client_id": "shop", "oauth2_client_secret": "oauth2-client-secret-1",
			},
			stored: func(w simulator.Webhook) bool {
				return w.AuthenType == "OAuth2.0" && w.OAuth2ClientSecret == "oauth2-client-secret-1"
			},
		},
		{
			name: "authen_type HMAC_SHA256", since2026: true, ignored: "authen_type",
			change: config{
				"authen_type": "HMAC_SHA256", "api_key_wo": nil, "oauth2_access_token_url": nil, "oauth2_client_id": nil,
				"oauth2_client_secret": nil, "secret_key_wo": "whsec_a7c3b4e5f6a7b8c9", "secret_key_wo_version": 1,
			},
			stored: func(w simulator.Webhook) bool { return w.SecretKey == "whsec_a7c3b4e5f6a7b8c9" },
		},
		{
			name: "secret_key_wo_version", since2026: true, ignored: "authen_type",
			change: config{"secret_key_wo": "whsec_b7c3b4e5f6a7b8c0", "secret_key_wo_version": 2},
			stored: func(w simulator.Webhook) bool { return w.SecretKey == "whsec_b7c3b4e5f6a7b8c0" },
		},
	}
}

// same compares two lists that have no order.
func same[T cmp.Ordered](a, b []T) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// life is a webhook under one dialect.
type life struct {
	shop

	managed *acctest.Managed
	config  config
	steps   int
}

// live leads a webhook through its whole life, under simulated time, and returns how many steps it took.
func live(t *testing.T, dialect dialects.Dialect) (steps int) {
	t.Helper()

	inShop(t, dialect, func(s shop) {
		l := &life{shop: s, config: shopConfig()}
		defer func() { steps = l.steps }()

		l.managed = l.connect().Manage(webhookType)
		l.managed.MustApply(l.config)
		l.settled("create")

		for _, step := range lifeSteps() {
			if step.since2026 && dialect.Form == dialects.Form2025 {
				continue
			}

			l.take(step, dialect)
		}

		l.drift()
		l.recreate()
		l.reimport(dialect)

		l.managed.MustDestroy()
		l.steps++

		if left := l.sim.Webhooks(); len(left) != 0 {
			l.t.Errorf("after destroy, the service still has %v", left)
		}
	})

	return steps
}

// connect returns the provider with its defaults, but for the limit of requests.
func (l *life) connect() *acctest.Server {
	l.t.Helper()

	return acctest.NewPipedServer(l.t, l.sim, l.dial, map[string]any{"access_token": l.token, "base_url": l.address})
}

func (l *life) stored() simulator.Webhook {
	l.t.Helper()

	all := l.sim.Webhooks()
	if len(all) != 1 {
		l.t.Fatalf("the service has %d webhooks, want 1: %v", len(all), all)
	}

	return all[0]
}

func (l *life) settled(step string) {
	l.t.Helper()

	l.steps++

	if plan, diagnostics := l.managed.Plan(l.config); diagnostics.HasErrors() || plan.Action != acctest.NoOp {
		l.t.Fatalf("%s: the plan afterwards is not empty: %v\n%s", step, plan.Changes(), diagnostics)
	}
}

func (l *life) take(step step, dialect dialects.Dialect) {
	l.t.Helper()

	next := l.config.with(step.change)
	diagnostics := l.managed.Apply(next)

	if step.ignored != "" && dialect.Patch == dialects.PatchIgnored && diagnostics.HasErrors() {
		if !strings.Contains(diagnostics.String(), step.ignored) {
			l.t.Fatalf("%s: SePay ignored it, and the error does not name %s:\n%s", step.name, step.ignored, diagnostics)
		}

		if l.managed.Instance.Tainted {
			l.t.Fatalf("%s: an ignored change taints the webhook", step.name)
		}

		// What SePay kept is what the state says, so that the former configuration leads back to an empty plan.
		l.managed.MustApply(l.config)
		l.settled(step.name + " (ignored)")

		return
	}

	if diagnostics.HasErrors() {
		l.t.Fatalf("%s:\n%s", step.name, diagnostics)
	}

	l.config = next

	if step.stored != nil && !step.stored(l.stored()) {
		stored, err := json.Marshal(l.stored())
		l.t.Fatalf("%s: the service has %s (%v)", step.name, stored, err)
	}

	l.settled(step.name)
}

// drift changes the webhook in the dashboard: the next plan shows it, and the apply repairs it.
func (l *life) drift() {
	l.t.Helper()

	before := l.stored()
	id := before.ID

	if err := l.sim.ChangeWebhook(id, map[string]any{"name": "Changed", "active": !before.Active, "event_type": "Out_only"}); err != nil {
		l.t.Fatal(err)
	}

	plan, diagnostics := l.managed.Plan(l.config)
	if diagnostics.HasErrors() || plan.Action != acctest.Update {
		l.t.Fatalf("a change in the dashboard plans %v:\n%s", plan.Action, diagnostics)
	}

	for _, attribute := range []string{"name", "active", "event_type"} {
		if !slices.Contains(plan.Changes(), attribute) {
			l.t.Errorf("the plan does not show the drift of %s: %v", attribute, plan.Changes())
		}
	}

	l.managed.MustApply(l.config)
	l.settled("drift")

	if got := l.stored(); got.ID != id || got.Name != before.Name || got.Active != before.Active || got.EventType != before.EventType {
		l.t.Errorf("after the repair the service has %v", got)
	}
}

// recreate deletes the webhook in the dashboard: the next plan creates it anew.
func (l *life) recreate() {
	l.t.Helper()

	gone := l.stored().ID
	l.sim.DeleteWebhook(gone)

	plan, diagnostics := l.managed.Plan(l.config)
	if diagnostics.HasErrors() || plan.Action != acctest.Create {
		l.t.Fatalf("a deletion in the dashboard plans %v:\n%s", plan.Action, diagnostics)
	}

	l.managed.MustApply(l.config)
	l.settled("recreate")

	if l.stored().ID == gone {
		l.t.Error("the webhook was not created anew")
	}
}

// reimport imports the webhook into an empty state. Where SePay returns the secret in clear, and it is the configured one, the
// apply records that and sends nothing; else it is one update in place, announced by a warning.
func (l *life) reimport(dialect dialects.Dialect) {
	l.t.Helper()

	// A plain secret: of a write-only one no import can know.
	l.config = shopConfig()
	id := l.stored().ID
	l.sim.DeleteWebhook(id)
	l.managed.MustApply(l.config)

	id = l.stored().ID
	imported := l.managed.On(l.connect())
	imported.Instance = nil

	diagnostics := imported.Import(fmt.Sprint(id))
	if diagnostics.HasErrors() {
		l.t.Fatalf("import:\n%s", diagnostics)
	}

	l.managed = imported

	plan, planned := imported.Plan(l.config)
	if planned.HasErrors() {
		l.t.Fatalf("plan after import:\n%s", planned)
	}

	shown := dialect.Secrets == "" || dialect.Secrets == dialects.SecretsClear

	if warned := planned.Mentions("changes the api_key at SePay"); plan.Action != acctest.Update || warned == shown {
		l.t.Errorf("after an import the plan is %v %v, warned %t", plan.Action, plan.Changes(), warned)
	}

	l.sim.ResetRequests()
	l.managed.MustApply(l.config)

	if sent := writes(l.sim); shown && len(sent) != 0 || !shown && len(sent) != 1 {
		l.t.Errorf("the apply after an import sent %v", sent)
	}

	l.settled("import")

	if l.stored().ID != id {
		l.t.Error("the import replaced the webhook")
	}
}
