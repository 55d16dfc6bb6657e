package webhook_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// coverage is a valid configuration of which payments a webhook covers. Each of them leads to each other.
type coverage struct {
	name   string
	config config
}

// openConfig needs no secret and leaves out all that may be left out.
func openConfig() config {
	return config{"name": "Shop", "webhook_url": "https://shop.example.com/sepay", "event_type": "In_only", "authen_type": "No_Authen"}
}

func coverages(form dialects.Form) []coverage {
	if form == dialects.Form2025 {
		return []coverage{
			{"19", config{"bank_account_id": 19}},
			{"20", config{"bank_account_id": 20}},
			{"21", config{"bank_account_id": 21}},
			{"19, not only", config{"bank_account_id": 19, "only_va": false}},
			{"20, not only", config{"bank_account_id": 20, "only_va": false}},
			{"19, only", config{"bank_account_id": 19, "only_va": true}},
			{"20, only", config{"bank_account_id": 20, "only_va": true}},
			{"19, only 25", config{"bank_account_id": 19, "only_va": true, "bank_sub_account_ids": []int64{25}}},
			{"19, only 26", config{"bank_account_id": 19, "only_va": true, "bank_sub_account_ids": []int64{26}}},
			{"19, only 25 26", config{"bank_account_id": 19, "only_va": true, "bank_sub_account_ids": []int64{25, 26}}},
			{"20, only 27", config{"bank_account_id": 20, "only_va": true, "bank_sub_account_ids": []int64{27}}},
			{"19, []", config{"bank_account_id": 19, "bank_sub_account_ids": []int64{}}},
			{"20, []", config{"bank_account_id": 20, "bank_sub_account_ids": []int64{}}},
			{"19, not only, []", config{"bank_account_id": 19, "only_va": false, "bank_sub_account_ids": []int64{}}},
			{"19, only, []", config{"bank_account_id": 19, "only_va": true, "bank_sub_account_ids": []int64{}}},
		}
	}

	several := []int64{19, 20}

	return []coverage{
		{"19", config{"bank_account_id": 19}},
		{"20", config{"bank_account_id": 20}},
		{"multi 19 20", config{"bank_mode": "multi", "bank_account_ids": several}},
		{"all", config{"bank_mode": "all"}},
		{"19, VA all", config{"bank_account_id": 19, "va_mode": "all"}},
		{"19, VA none", config{"bank_account_id": 19, "va_mode": "none"}},
		{"19, VA 25", config{"bank_account_id": 19, "va_mode": "list", "bank_sub_account_ids": []int64{25}}},
		{"20, VA 27", config{"bank_account_id": 20, "va_mode": "list", "bank_sub_account_ids": []int64{27}}},
		{"19, only 25", config{"bank_account_id": 19, "only_va": true, "bank_sub_account_ids": []int64{25}}},
		{"20, only 27", config{"bank_account_id": 20, "only_va": true, "bank_sub_account_ids": []int64{27}}},
		{"19, only VA 26", config{"bank_account_id": 19, "only_va": true, "va_mode": "list", "bank_sub_account_ids": []int64{26}}},
		{"19, only VA all", config{"bank_account_id": 19, "only_va": true, "va_mode": "all"}},
		{"19, not only", config{"bank_account_id": 19, "only_va": false}},
		{"19, not only, VA none", config{"bank_account_id": 19, "only_va": false, "va_mode": "none"}},
		{"multi, VA 25 27", config{"bank_mode": "multi", "bank_account_ids": several, "va_mode": "list", "bank_sub_account_ids": []int64{25, 27}}},
		{"all, VA 27", config{"bank_mode": "all", "va_mode": "list", "bank_sub_account_ids": []int64{27}}},
		{"all, only 25", config{"bank_mode": "all", "only_va": true, "bank_sub_account_ids": []int64{25}}},
	}
}

// touches are what a person does to the coverage in the dashboard, where SePay checks nothing.
func touches(form dialects.Form) map[string]map[string]any {
	found := map[string]map[string]any{
		"":             nil,
		"account":      {"bank_mode": "single", "bank_account_id": 20, "bank_account_ids": nil},
		"only VA":      {"only_va": true, "bank_sub_account_ids": []int64{}},
		"only VA 26":   {"only_va": true, "bank_sub_account_ids": []int64{26}},
		"not only VA":  {"only_va": false, "bank_sub_account_ids": []int64{}},
		"forgotten VA": {"only_va": false},
	}
	if form == dialects.Form2025 {
		return found
	}

	maps.Copy(found, map[string]map[string]any{
		"list of none": {"only_va": true, "va_mode": "list", "bank_sub_account_ids": []int64{}},
		"VA 26":        {"va_mode": "list", "bank_sub_account_ids": []int64{26}},
		"VA none":      {"va_mode": "none", "only_va": false, "bank_sub_account_ids": []int64{}},
		"all":          {"bank_mode": "all", "bank_account_id": 0, "bank_account_ids": nil},
		"multi":        {"bank_mode": "multi", "bank_account_id": 0, "bank_account_ids": []int64{19, 21}},
	})

	return found
}

// transition takes a webhook to another configuration, perhaps after a change in the dashboard. SePay has to
// accept it at the first apply, and afterwards nothing is left to do. It returns what went wrong.
func transition(sim *simulator.Server, managed *acctest.Managed, touch map[string]any, to config) string {
	id, ok := managed.Value("id").(int64)
	if !ok {
		return "there is no webhook"
	}

	if touch != nil {
		if err := sim.ChangeWebhook(id, touch); err != nil {
			return err.Error()
		}
	}

	sim.ResetRequests()

	if diagnostics := managed.Apply(to); diagnostics.HasErrors() {
		return diagnostics.Errors().String()
	}

	if sent := writes(sim); len(sent) > 1 {
		return fmt.Sprintf("it took %d requests", len(sent))
	}

	plan, diagnostics := managed.Plan(to)
	if diagnostics.HasErrors() || plan.Action != acctest.NoOp {
		return fmt.Sprintf("not empty afterwards: %v %s", plan, diagnostics)
	}

	return ""
}

func TestEachCoverageLeadsToEachOther(t *testing.T) {
	t.Parallel()

	table := newReport(t)

	for _, dialect := range []dialects.Dialect{
		{},
		{VirtualAccounts: dialects.VirtualAccountsCoupled},
		{Form: dialects.Form2025},
		{Form: dialects.Form2025, VirtualAccounts: dialects.VirtualAccountsCoupled},
	} {
		all, touched := coverages(dialect.Form), touches(dialect.Form)

		names := slices.Sorted(maps.Keys(touched))[1:]

		for row, from := range all {
			t.Run(dialect.String()+"/"+from.name, func(t *testing.T) {
				t.Parallel()

				sim := simulator.Start(t, simulator.WithDialect(dialect))
				managed := connect(t, sim).Manage(webhookType)
				managed.MustApply(openConfig().with(from.config))

				tried, wrong := 0, 0
				lead := func(to coverage, touch string) {
					tried++

					if text := transition(sim, managed, touched[touch], openConfig().with(to.config)); text != "" {
						wrong++

						t.Errorf("to %q after %q in the dashboard: %s", to.name, touch, text)
					}
				}

				for index, name := range names {
					if proof.Turn(row+index, 6) {
						lead(from, name)
					}
				}

				// There and back, so that each subtest adds the pairs with the configurations after its own. Each change in the
				// dashboard meets each configuration.
				for index, to := range all[row+1:] {
					if !proof.Try(fmt.Sprint(t.Name(), to.name), 30) {
						continue
					}

					lead(to, "")
					lead(from, "")

					if dialect.VirtualAccounts != dialects.VirtualAccountsCoupled {
						lead(to, names[(row+index)%len(names)])
						lead(from, names[(row+index)%len(names)])
					}
				}

				table.linef(tried, "%s\t%s\tto itself and %d others and back\t%d tried\t%d wrong", dialect, from.name, len(all)-1-row, tried, wrong)
			})
		}
	}
}

func TestEachAuthenTypeLeadsToEachOther(t *testing.T) {
	t.Parallel()

	table := newReport(t)

	for _, dialect := range []dialects.Dialect{
		{}, {Undocumented: dialects.UndocumentedReturned}, {Secrets: dialects.SecretsMasked}, {Form: dialects.Form2025},
	} {
		types := append(ways(), way{name: "No_Authen", config: config{"authen_type": "No_Authen"}})
		if dialect.Form == dialects.Form2025 {
			types = slices.DeleteFunc(types, func(w way) bool { return w.name == "HMAC_SHA256" })
		}

		for _, from := range types {
			for _, to := range types {
				if from.name == to.name {
					continue
				}

				t.Run(fmt.Sprintf("%s/%s to %s", dialect, from.name, to.name), func(t *testing.T) {
					t.Parallel()

					sim := simulator.Start(t, simulator.WithDialect(dialect))
					server := connect(t, sim)
					wrong, tried := 0, 0

					for _, kinds := range [][2]string{{"", ""}, {"", "_wo"}, {"_wo", ""}, {"_wo", "_wo"}} {
						for name, touch := range map[string]map[string]any{
							"":                    nil,
							"No_Authen":           {"authen_type": "No_Authen", "api_key": "", "secret_key": ""},
							"another Api_Key":     {"authen_type": "Api_Key", "api_key": secondSecret, "secret_key": ""},
							"the target's secret": {"authen_type": "Api_Key", "api_key": firstSecret, "secret_key": ""},
							"the name":            {"name": "Changed"},
						} {
							if !proof.Try(fmt.Sprint(t.Name(), kinds, name), 30) {
								continue
							}

							managed := server.Manage(webhookType)
							source, target := from.bare(), to.bare()

							if from.secret != "" {
								source[from.secret+kinds[0]] = secondSecret
							}

							if to.secret != "" {
								target[to.secret+kinds[1]] = firstSecret
							}

							tried++

							managed.MustApply(source)

							text := transition(sim, managed, touch, target)
							if all := sim.Webhooks(); text == "" && to.secret != "" && to.stored(all[len(all)-1]) != firstSecret {
								text = "SePay has another secret"
							}

							if text != "" {
								wrong++

								t.Errorf("%v after %q in the dashboard: %s", kinds, name, text)
							}

							managed.MustDestroy()
						}
					}

					table.linef(tried, "%s\t%s to %s\t%d with plain and write-only secrets and dashboard changes\t%d wrong", dialect, from.name, to.name, tried, wrong)
				})
			}
		}
	}
}
