package webhook_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// like is a webhook at SePay that equals shopConfig.
func like(change func(*simulator.Webhook)) simulator.Webhook {
	webhook := simulator.Webhook{
		Name: "Shop", WebhookURL: "https://shop.example.com/sepay", EventType: "In_only", AuthenType: "Api_Key",
		APIKey: "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7", RequestContentType: "Json", Active: true, BankMode: "single",
		BankAccountID: 19, VAMode: "all", AlertThreshold: 3,
	}
	if change != nil {
		change(&webhook)
	}

	return webhook
}

func TestAPlanThatWouldDuplicateAWebhookShowsItsImportBlock(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*simulator.Webhook){
		"equal":                            nil,
		"spaces, and the host in capitals": func(w *simulator.Webhook) { w.WebhookURL = " https://SHOP.example.com/sepay" },
		"all events":                       func(w *simulator.Webhook) { w.EventType = "All" },
		"all accounts":                     func(w *simulator.Webhook) { w.BankMode, w.BankAccountID = "all", 0 },
		"switched off":                     func(w *simulator.Webhook) { w.Active = false },
		"a mark, and switched on":          func(w *simulator.Webhook) { w.Name = "Shop [tf-abcdefgh23]" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t)
			id := sim.PutWebhook(like(change))
			managed := connect(t, sim).Manage(webhookType)

			_, said := managed.Plan(shopConfig())
			if len(said.Errors().At("name")) != 1 || !said.Mentions(
				fmt.Sprintf("as %d", id), "notify each payment twice", "import {", fmt.Sprintf("id = %q", fmt.Sprint(id)), "another name") {
				t.Errorf("the plan says:\n%s", said)
			}

			if diagnostics := managed.Import(fmt.Sprint(id)); diagnostics.HasErrors() {
				t.Fatalf("%s", diagnostics)
			}

			managed.MustApply(shopConfig())

			if all := sim.Webhooks(); len(all) != 1 || len(sim.RequestsTo(http.MethodPost, "/api/v1/webhooks")) != 0 {
				t.Errorf("the service has %v", all)
			}
		})
	}
}

func TestAWebhookOfAnotherNameAtTheSameURLIsAWarning(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	id := sim.PutWebhook(like(func(w *simulator.Webhook) { w.Name = "Books" }))

	plan, said := connect(t, sim).Manage(webhookType).Plan(shopConfig())
	if said.HasErrors() || plan.Action != acctest.Create || len(said.Warnings().At("webhook_url")) != 1 ||
		!said.Mentions(fmt.Sprint(id), "Books", "notify each payment twice", "import {") {
		t.Errorf("the plan says:\n%s", said)
	}
}

func TestWhatDoesNotNotifyTwiceIsPlannedWithoutAWarning(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*simulator.Webhook){
		"another URL":     func(w *simulator.Webhook) { w.WebhookURL += "/2" },
		"another account": func(w *simulator.Webhook) { w.BankAccountID = 20 },
		"other events":    func(w *simulator.Webhook) { w.EventType = "Out_only" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t)
			sim.PutWebhook(like(change))

			if plan, said := connect(t, sim).Manage(webhookType).Plan(shopConfig()); said.HasErrors() || plan.Action != acctest.Create ||
				said.Mentions("webhook_url") {
				t.Errorf("the plan says:\n%s", said)
			}
		})
	}
}

func TestALeftoverOfAnInterruptedCreateIsReported(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	id := sim.PutWebhook(like(func(w *simulator.Webhook) { w.Name, w.Active = "Shop [tf-abcdefgh23]", false }))

	said := connect(t, sim).Manage(webhookType).Apply(shopConfig())
	if said.HasErrors() || !said.Mentions(fmt.Sprintf("Webhook %d is left over from an interrupted create", id), "safe to delete") {
		t.Errorf("the apply says:\n%s", said)
	}
}

func TestAWebhookThatAnInterruptedCreateLeftSwitchedOnIsReportedWhateverItNotifiesOf(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	// SePay ignored that the create switches it off, and the configuration has changed since.
	id := sim.PutWebhook(like(func(w *simulator.Webhook) { w.Name, w.BankAccountID = "Shop [tf-abcdefgh23]", 20 }))

	plan, said := connect(t, sim).Manage(webhookType).Plan(shopConfig())
	if said.HasErrors() || plan.Action != acctest.Create || len(said.Warnings().At("webhook_url")) != 1 ||
		!said.Mentions(fmt.Sprintf("Webhook %d may be left over from an interrupted create", id), "switched on", "delete") {
		t.Errorf("the plan says:\n%s", said)
	}
}

func TestAReplacementIgnoresTheWebhookThatItReplaces(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim).Manage(webhookType)
	managed.MustApply(shopConfig())

	// As -replace and a taint do: the webhook is refreshed, and its successor planned as a create.
	server := connect(t, sim)
	tainted := managed.On(server)
	tainted.Instance.Tainted = true

	plan, said := tainted.Plan(shopConfig())
	if said.HasErrors() || plan.Action != acctest.Replace {
		t.Fatalf("%v\n%s", plan, said)
	}

	// create_before_destroy: the apply plans the create anew, in a process that never heard of the old webhook.
	if _, said := connect(t, sim).Plan(webhookType, nil, shopConfig()); said.HasErrors() {
		t.Errorf("the apply of a replacement trips over the webhook that it replaces:\n%s", said)
	}
}

func TestAPlanSaysThatItCouldNotLookForTheSameWebhook(t *testing.T) {
	t.Parallel()

	for _, status := range []int{http.StatusForbidden, http.StatusInternalServerError} {
		sim := simulator.Start(t)
		sim.PutWebhook(like(nil))
		sim.Fail(simulator.Fault{Method: http.MethodGet, Path: "/api/v1/webhooks", Status: status})

		plan, said := connect(t, sim).Manage(webhookType).Plan(shopConfig())
		if said.HasErrors() || plan.Action != acctest.Create || !said.Mentions("Could not check whether SePay already has this webhook") {
			t.Errorf("%d: the plan says:\n%s", status, said)
		}
	}
}

func TestTheComparisonOfAHundredPlannedCreatesCostsThreeRequests(t *testing.T) {
	t.Parallel()

	for _, size := range []struct{ webhooks, most int }{{100, 3}, {1000, 101}} {
		sim := simulator.Start(t)
		sim.SeedWebhooks(size.webhooks)

		planned(t, sim, make([]*acctest.Instance, 100), func(i int) config { return numbered(i, nil) })

		if lists := len(sim.RequestsTo(http.MethodGet, "/api/v1/webhooks")); lists > size.most {
			t.Errorf("%d webhooks: %d requests, want at most %d", size.webhooks, lists, size.most)
		}
	}
}

func TestAWebhookThatIsMissingForAnotherCompanyStaysInTheState(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim).Manage(webhookType)
	managed.MustApply(shopConfig())

	other := simulator.Start(t, simulator.WithCredentials(simulator.Credentials{
		ClientID: "another-company", ClientSecret: "secret-of-another", RefreshToken: "rt-of-another-company-0123456789",
	}))

	elsewhere := managed.On(connect(t, other))

	_, said := elsewhere.Plan(shopConfig())
	if !said.HasErrors() || !said.Mentions("belongs to another sign-in", "token_store_key", "terraform state rm") {
		t.Errorf("the plan says:\n%s", said)
	}

	if len(other.RequestsTo(http.MethodPost, "/api/v1/webhooks")) != 0 {
		t.Error("the webhook was created in another company")
	}

	managed.On(connect(t, sim)).MustPlanEmpty(shopConfig())
}

func TestA404OfAProxyRemovesNothingFromTheState(t *testing.T) {
	t.Parallel()

	for _, dialect := range []dialects.Dialect{{}, {Missing: dialects.MissingHTML}} {
		sim := simulator.Start(t, simulator.WithDialect(dialect))
		managed := connect(t, sim).Manage(webhookType)
		managed.MustApply(shopConfig())

		sim.Fail(foreign404(simulator.Fault{}))

		if _, said := managed.On(connect(t, sim)).Plan(shopConfig()); !said.HasErrors() || !said.Mentions("404", "Nothing was changed") {
			t.Errorf("the plan says:\n%s", said)
		}

		if said := managed.On(connect(t, sim)).Destroy(); !said.HasErrors() || len(sim.Webhooks()) != 1 {
			t.Errorf("the destroy says:\n%s", said)
		}

		// Only single webhooks are missing, the list has them.
		sim.ClearFaults()
		sim.Fail(func() simulator.Fault { f := foreign404(simulator.Fault{}); f.Path = "/api/v1/webhooks/{id}"; return f }())

		if _, said := managed.On(connect(t, sim)).Plan(shopConfig()); !said.HasErrors() || !said.Mentions("still has the webhook") {
			t.Errorf("the plan says:\n%s", said)
		}

		sim.ClearFaults()
		sim.DeleteWebhook(sim.Webhooks()[0].ID)

		if plan, said := managed.On(connect(t, sim)).Plan(shopConfig()); said.HasErrors() || plan.Action != acctest.Create {
			t.Errorf("a deleted webhook is planned as %v\n%s", plan, said)
		}
	}
}

func TestTheImportOfAMissingWebhookSaysThatSePayDoesNotShowIt(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)

	managed := connect(t, sim).Manage(webhookType)
	if said := append(managed.Import("99999"), managed.Refresh()...); !said.HasErrors() || !said.Mentions("import webhook 99999", "does not show",
		"404 Not Found", "sepay_webhooks lists", "token_store_key") || said.Mentions("objects to") {
		t.Errorf("the import says:\n%s", said)
	}
}
