package webhook_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// drift is a change of one attribute in the dashboard.
type drift struct {
	attribute string
	// base is what else the attribute needs, set is how a configuration sets it, and change what the dashboard makes of it.
	base, set config
	change    map[string]any
	// required marks an attribute that no configuration leaves out.
	required bool
	// hidden reports whether SePay returns the attribute in that dialect.
	hidden func(dialects.Dialect) bool
}

func drifts() []drift {
	undocumented := func(d dialects.Dialect) bool { return d.Undocumented != dialects.UndocumentedReturned }
	since2026 := func(d dialects.Dialect) bool { return d.Form == dialects.Form2025 }
	either := func(d dialects.Dialect) bool { return undocumented(d) || since2026(d) }

	account := config{"bank_account_id": 19}
	listed := config{"bank_account_id": 19, "only_va": true}
	several := config{"bank_mode": "multi"}
	oauth := config{
		"bank_account_id": 19, "authen_type": "OAuth2.0", "oauth2_client_secret_wo": firstSecret,
		"oauth2_access_token_url": "https://id.example.com/token", "oauth2_client_id": "shop",
	}

	found := []drift{
		{"name", account, config{"name": "Shop"}, map[string]any{"name": "Shops"}, true, nil},
		{"webhook_url", account, nil, map[string]any{"webhook_url": "https://shop.example.com/other"}, true, nil},
		{"event_type", account, nil, map[string]any{"event_type": "All"}, true, nil},
		{"authen_type", account, nil, map[string]any{"authen_type": "Api_Key", "api_key": firstSecret}, true, nil},
		{"oauth2_access_token_url", oauth, nil, map[string]any{"oauth2_access_token_url": "https://id.example.com/"}, true, undocumented},
		{"oauth2_client_id", oauth, nil, map[string]any{"oauth2_client_id": "other"}, true, undocumented},
		{"request_content_type", account, config{"request_content_type": "Json"}, map[string]any{"request_content_type": "multipart_form-data"}, false, nil},
		{"is_verify_payment", account, config{"is_verify_payment": false}, map[string]any{"is_verify_payment": true}, false, nil},
		{"skip_if_no_code", account, config{"skip_if_no_code": false}, map[string]any{"skip_if_no_code": true}, false, nil},
		{"active", account, config{"active": true}, map[string]any{"active": false}, false, nil},
		{"bank_mode", account, config{"bank_mode": "single"}, map[string]any{"bank_mode": "all", "bank_account_id": 0}, false, since2026},
		{"bank_account_id", account, nil, map[string]any{"bank_account_id": 20}, true, nil},
		{"bank_account_ids", several, config{"bank_account_ids": []int64{19, 20}}, map[string]any{"bank_account_ids": []int64{19}}, true, either},
		{"va_mode", account, config{"va_mode": "all"}, map[string]any{"va_mode": "none"}, false, since2026},
		{"only_va", account, config{"only_va": false}, map[string]any{"only_va": true}, false, nil},
		{"bank_sub_account_ids", listed, config{"bank_sub_account_ids": []int64{25}}, map[string]any{"bank_sub_account_ids": []int64{26}}, false, nil},
		{"prefix_filters", account, config{"prefix_filters": []string{"DH"}}, map[string]any{"prefix_filters": []string{"HD"}}, false, since2026},
		{"retry_conditions", account, config{"retry_conditions": []string{}}, map[string]any{"retry_conditions": []string{"non_2xx_status_code"}}, false, nil},
		{"alert_threshold", account, config{"alert_threshold": 3}, map[string]any{"alert_threshold": 20}, false, since2026},
		{"alert_event_types", account, config{"alert_event_types": []string{"failure"}}, map[string]any{"alert_event_types": []string{"recovery"}}, false, since2026},
		{"alert_channel_ids", account, config{"alert_channel_ids": []int64{501}}, map[string]any{"alert_channel_ids": []int64{502}}, false, either},
		// What silenced a shop: nothing is delivered any more.
		{"only_va", account, config{"only_va": false}, map[string]any{"only_va": true, "va_mode": "list", "bank_sub_account_ids": []int64{}}, false, since2026},
	}

	for _, way := range ways() {
		hidden := undocumented
		if way.name != "OAuth2.0" {
			hidden = func(d dialects.Dialect) bool { return way.name == "HMAC_SHA256" && since2026(d) }
		}

		for _, kind := range []string{"", "_wo"} {
			for _, other := range []string{secondSecret, firstSecret[30:], "*" + firstSecret[1:]} {
				found = append(found, drift{
					way.secret + kind, way.config.with(account), config{way.secret + kind: firstSecret}, map[string]any{way.secret: other}, true, hidden,
				})
			}
		}
	}

	return found
}

func TestEveryChangeInTheDashboardShowsInThePlan(t *testing.T) {
	t.Parallel()

	table := newReport(t)

	// The first returns the most, and sees each case. Those of the others take turns.
	for layer, dialect := range []dialects.Dialect{{Undocumented: dialects.UndocumentedReturned}, {}, {Form: dialects.Form2025}} {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(dialect))
			server := connect(t, sim)

			for row, drift := range drifts() {
				forms := map[string]config{"set": drift.set}
				if !drift.required {
					forms["left out"] = nil
				}

				for column, form := range slices.Sorted(maps.Keys(forms)) {
					if layer > 0 && !proof.Turn(row+column+layer, 4) {
						continue
					}

					full := openConfig().with(drift.base).with(forms[form])

					if (drift.attribute == "secret_key" || drift.attribute == "secret_key_wo") && dialect.Form == dialects.Form2025 ||
						drift.hidden != nil && drift.hidden(dialect) {
						table.linef(0, "%s\t%s\t%s\tSePay does not return it", dialect, drift.attribute, form)

						continue
					}

					outcome := show(sim, server.Manage(webhookType), drift, full)
					if outcome != "seen, and put back" {
						t.Errorf("%s (%s) %v: %s", drift.attribute, form, drift.change, outcome)
					}

					table.linef(1, "%s\t%s\t%s\t%s", dialect, drift.attribute, form, outcome)
				}
			}
		})
	}
}

// show changes a webhook in the dashboard and returns the results of the next plan and apply.
func show(sim *simulator.Server, managed *acctest.Managed, drift drift, full config) string {
	managed.MustApply(full)

	all := sim.Webhooks()
	before := all[len(all)-1]

	if err := sim.ChangeWebhook(before.ID, drift.change); err != nil {
		return err.Error()
	}

	changed := drift.attribute
	if len(changed) > 3 && changed[len(changed)-3:] == "_wo" {
		changed += "_version"
	}

	plan, diagnostics := managed.Plan(full)
	if diagnostics.HasErrors() || plan.Action != acctest.Update || !slices.Contains(plan.Changes(), changed) {
		return "INVISIBLE"
	}

	managed.MustApply(full)
	managed.MustPlanEmpty(full)

	after, _ := sim.Webhook(before.ID)
	managed.MustDestroy()

	same := after.String() == before.String() && after.VAMode == before.VAMode && after.OnlyVA == before.OnlyVA &&
		after.AlertThreshold == before.AlertThreshold && len(after.RetryConditions) == len(before.RetryConditions) &&
		after.BankMode == before.BankMode && after.BankAccountID == before.BankAccountID && after.Active == before.Active &&
		after.APIKey == before.APIKey && after.SecretKey == before.SecretKey && after.OAuth2ClientSecret == before.OAuth2ClientSecret
	if !same {
		return "NOT PUT BACK"
	}

	return "seen, and put back"
}

// What an import finds is held as well, and what a state of an earlier version of the provider says.
func TestAttributesKeepTheirImportedValues(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	id := sim.PutWebhook(simulator.Webhook{
		Name: "Shop", WebhookURL: "https://shop.example.com/sepay", EventType: "In_only", AuthenType: "No_Authen", BankAccountID: 19,
		Active: true, OnlyVA: true, VAMode: "list", BankSubAccountIDs: []int64{25}, AlertThreshold: 7, AlertEventTypes: []string{"failure"},
	})
	full := openConfig().with(config{"bank_account_id": 19, "bank_sub_account_ids": []int64{25}})

	for _, forget := range []bool{false, true} {
		managed := connect(t, sim).Manage(webhookType)
		if diagnostics := managed.Import("59325"); diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}

		managed.MustPlanEmpty(full)

		if forget {
			managed.Instance.Private = nil
		}

		if err := sim.ChangeWebhook(id, map[string]any{"only_va": false, "va_mode": "none", "alert_threshold": 20, "alert_event_types": []string{}}); err != nil {
			t.Fatal(err)
		}

		plan, diagnostics := managed.Plan(full)
		if want := []string{"alert_event_types", "alert_threshold", "only_va", "va_mode"}; diagnostics.HasErrors() || !slices.Equal(plan.Changes(), want) {
			t.Errorf("the plan changes %v\n%s", plan.Changes(), diagnostics)
		}

		managed.MustApply(full)
		managed.MustPlanEmpty(full)

		if got, _ := sim.Webhook(id); !got.OnlyVA || got.VAMode != "list" || got.AlertThreshold != 7 || len(got.AlertEventTypes) != 1 {
			t.Errorf("SePay has %+v", got)
		}
	}
}
