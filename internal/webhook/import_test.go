package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
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

	if requests := sim.Requests(); len(requests) != 0 {
		t.Errorf("an id that is none was asked for: %v", requests)
	}
}

func TestImportOfAWebhookThatIsNotThereFails(t *testing.T) {
	t.Parallel()

	if instance, diagnostics := connect(t, simulator.Start(t)).Import(webhookType, "23"); instance != nil || !diagnostics.HasErrors() {
		t.Errorf("imported %v\n%s", instance, diagnostics)
	}
}

func TestImportByIdentityLeadsToAnEmptyPlan(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim).Manage(webhookType)
	managed.MustApply(shopConfig())

	server := connect(t, sim)

	instance, diagnostics := server.ImportIdentity(webhookType, map[string]any{"id": sim.Webhooks()[0].ID})
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}

	imported := server.Manage(webhookType)
	imported.Instance = instance
	imported.MustPlanEmpty(shopConfig())

	if fmt.Sprint(instance.Identity) != fmt.Sprint(map[string]any{"id": sim.Webhooks()[0].ID}) {
		t.Errorf("the identity is %v", instance.Identity)
	}
}

func TestOneUpdateInPlaceFollowsTheImportOfAHiddenSecret(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t, simulator.WithDialect(simulator.Dialect{Secrets: simulator.SecretsMasked}))
	connect(t, sim).Manage(webhookType).MustApply(shopConfig())

	for _, secret := range []string{"api_key", "api_key_wo"} {
		config := shopConfig().with(config{"api_key": nil}).with(map[string]any{secret: shopConfig()["api_key"]})
		imported := connect(t, sim).Manage(webhookType)

		diagnostics := imported.Import(fmt.Sprint(sim.Webhooks()[0].ID))
		if !diagnostics.Warnings().Mentions("api_key", "updates the webhook in place") {
			t.Errorf("no warning of the update that follows:\n%s", diagnostics)
		}

		sim.ResetRequests()
		imported.MustApply(config)
		imported.MustPlanEmpty(config)

		if sent := writes(sim); len(sent) != 1 || sent[0].Method != http.MethodPatch || strings.Join(sent[0].Keys(), " ") != "api_key" {
			t.Errorf("%s: the apply after the import sent %v", secret, sent)
		}

		if again := imported.Refresh(); len(again.Warnings()) != 0 {
			t.Errorf("the warning of the import comes again:\n%s", again)
		}
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
