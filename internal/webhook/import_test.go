package webhook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func TestImportRefusesWhatIsNoID(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	server := connect(t, sim)

	for _, id := range []string{"shop", "-1", "0", "23a", "2.3", "99999999999999999999"} {
		if _, diagnostics := server.Import(webhookType, id); !diagnostics.Mentions("whole number", id, "sepay_webhooks") {
			t.Errorf("import of %q:\n%s", id, diagnostics)
		}
	}

	for written, id := range map[string]any{
		"0": 0, "-5": -5, "null": nil, "59325.5": json.Number("59325.5"), "100000000000000000000": json.Number("1e20"),
	} {
		_, diagnostics := server.ImportIdentity(webhookType, map[string]any{"id": id})
		if !diagnostics.Mentions("whole number from 1 on", " not by "+written+".") {
			t.Errorf("import of the identity %s:\n%s", written, diagnostics)
		}
	}

	if requests := sim.Requests(); len(requests) != 0 {
		t.Errorf("an id that is none was asked for: %v", requests)
	}
}

func TestImportOfAMissingWebhookFails(t *testing.T) {
	t.Parallel()

	if instance, diagnostics := connect(t, simulator.Start(t)).Import(webhookType, "23"); instance != nil || !diagnostics.HasErrors() {
		t.Errorf("imported %v\n%s", instance, diagnostics)
	}
}

func TestImportByIdentityLeadsToAnEmptyPlan(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	open := shopConfig().with(config{"authen_type": "No_Authen", "api_key": nil})
	connect(t, sim).Manage(webhookType).MustApply(open)

	server := connect(t, sim)

	instance, diagnostics := server.ImportIdentity(webhookType, map[string]any{"id": sim.Webhooks()[0].ID})
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}

	imported := server.Manage(webhookType)
	imported.Instance = instance
	imported.MustPlanEmpty(open)

	if fmt.Sprint(instance.Identity) != fmt.Sprint(map[string]any{"id": sim.Webhooks()[0].ID}) {
		t.Errorf("the identity is %v", instance.Identity)
	}
}

// holds fails the test when a plan, a state or its private part has one of the secrets.
func holds(t *testing.T, values map[string]any, private []byte, secrets ...string) {
	t.Helper()

	for _, secret := range secrets {
		if text := fmt.Sprint(values) + string(private); strings.Contains(text, secret) {
			t.Error("a secret that the configuration does not hold in plain reached the plan or the state")
		}
	}
}

func TestTheSecretOfAnImportedWebhookIsRecordedOrAnnounced(t *testing.T) {
	t.Parallel()

	starred := "whsec_*7c3b4e5f6a7b8c9d0e1f2a3b4c5*6e7"

	tests := map[string]struct {
		secrets            dialects.Secrets
		stored, configured string
		// warning is what the plan says, and "" when the apply sends nothing.
		warning string
	}{
		"the same":           {dialects.SecretsClear, firstSecret, firstSecret, ""},
		"the same with a *":  {dialects.SecretsClear, starred, starred, ""},
		"another one":        {dialects.SecretsClear, secondSecret, firstSecret, "is not the configured one"},
		"another with a *":   {dialects.SecretsClear, starred, firstSecret, "cannot be compared"},
		"a mask":             {dialects.SecretsMasked, firstSecret, firstSecret, "cannot be compared"},
		"dots":               {dialects.SecretsDotted, firstSecret, firstSecret, "cannot be compared"},
		"a mask with edges":  {dialects.SecretsEdges, firstSecret, firstSecret, "cannot be compared"},
		"the last of it":     {dialects.SecretsSuffix, firstSecret, firstSecret, "cannot be compared"},
		"nothing of it":      {dialects.SecretsAbsent, firstSecret, firstSecret, "cannot be compared"},
		"null":               {dialects.SecretsNull, firstSecret, firstSecret, "cannot be compared"},
		"its own last ones":  {dialects.SecretsClear, firstSecret[20:], firstSecret, "is not the configured one"},
		"one that is longer": {dialects.SecretsClear, firstSecret + "0", firstSecret, "is not the configured one"},
	}

	for row, name := range slices.Sorted(maps.Keys(tests)) {
		test := tests[name]

		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for column, way := range ways() {
				for layer, suffix := range []string{"", "_wo"} {
					if !proof.Turn(row+2*column+layer, 6) {
						continue
					}

					sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{
						Secrets: test.secrets, Undocumented: dialects.UndocumentedReturned,
					}))
					connect(t, sim).Manage(webhookType).MustApply(way.bare().with(config{way.secret + "_wo": test.stored}))

					imported := connect(t, sim).Manage(webhookType)
					if diagnostics := imported.Import(fmt.Sprint(sim.Webhooks()[0].ID)); len(diagnostics) != 0 {
						t.Errorf("the import says\n%s", diagnostics)
					}

					holds(t, imported.Instance.Values, imported.Instance.Private, test.stored)
					sim.ResetRequests()

					config := way.bare().with(config{way.secret + suffix: test.configured})

					plan, diagnostics := imported.Plan(config)
					if diagnostics.HasErrors() || plan.Action != acctest.Update {
						t.Fatalf("%s%s: the plan is %v\n%s", way.secret, suffix, plan, diagnostics)
					}

					warnings := diagnostics.Warnings().At("authen_type")
					if warned := warnings.Mentions("changes the " + way.secret + " at SePay"); warned != (test.warning != "") {
						t.Errorf("%s%s: the plan says\n%s", way.secret, suffix, diagnostics)
					}

					if test.warning != "" && !warnings.Mentions(test.warning, "The apply sends the configured", "replaces") {
						t.Errorf("%s%s: the plan does not say %q:\n%s", way.secret, suffix, test.warning, diagnostics)
					}

					imported.MustApply(config)
					imported.MustPlanEmpty(config)

					sent := writes(sim)
					if test.warning == "" && len(sent) != 0 ||
						test.warning != "" && (len(sent) != 1 || strings.Join(sent[0].Keys(), " ") != way.secret) {
						t.Errorf("%s%s: the apply after the import sent %v", way.secret, suffix, sent)
					}

					if way.stored(sim.Webhooks()[0]) != test.configured {
						t.Errorf("%s%s: SePay does not have the configured secret", way.secret, suffix)
					}

					if suffix != "" {
						holds(t, plan.Values, imported.Instance.Private, test.stored, test.configured)
						holds(t, imported.Instance.Values, nil, test.stored, test.configured)
					}

					if again := imported.Refresh(); len(again) != 0 {
						t.Errorf("%s%s: the warning comes again:\n%s", way.secret, suffix, again)
					}
				}
			}
		})
	}
}

func TestToolsWithoutIdentityUpdateAndSeeDeletions(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim, acctest.WithoutIdentity(), acctest.WithoutWriteOnly()).Manage(webhookType)

	managed.MustApply(shopConfig())
	managed.MustApply(shopConfig().with(config{"name": "Renamed"}))
	sim.DeleteWebhook(sim.Webhooks()[0].ID)

	plan, diagnostics := managed.Plan(shopConfig())
	if diagnostics.HasErrors() || plan.Action != acctest.Create {
		t.Fatalf("after a deletion in the dashboard the plan is %v\n%s", plan.Action, diagnostics)
	}

	managed.MustApply(shopConfig())
	managed.MustDestroy()
}

func TestAStateOfTheFirstSchemaIsRead(t *testing.T) {
	t.Parallel()

	stored := `{"id":23,"name":"Shop","webhook_url":"https://shop.example.com/sepay","event_type":"All","authen_type":"No_Authen"}`

	values, diagnostics := connect(t, simulator.Start(t)).UpgradeState(webhookType, 0, []byte(stored))
	if diagnostics.HasErrors() || values["name"] != "Shop" {
		t.Errorf("read %v\n%s", values, diagnostics)
	}
}
