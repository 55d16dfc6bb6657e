package webhook_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func TestQueryFindsEachWebhookOnce(t *testing.T) {
	t.Parallel()

	for _, paging := range []dialects.Paging{dialects.Paging100, dialects.Paging20, dialects.PagingNoMeta} {
		t.Run(string(paging), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Paging: paging}))
			sim.SeedWebhooks(250)

			found, diagnostics := connect(t, sim).List(webhookType, nil, true, 1000)
			if diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}

			seen := map[any]bool{}
			for _, listed := range found {
				seen[listed.Identity["id"]] = true

				if listed.Values["api_key"] != nil || listed.DisplayName == "" {
					t.Errorf("listed %q with api_key %v", listed.DisplayName, listed.Values["api_key"])
				}
			}

			if len(found) != 250 || len(seen) != 250 {
				t.Errorf("found %d, of which %d different; want 250", len(found), len(seen))
			}
		})
	}
}

func TestQueryStopsAtItsLimitAndRequestsNoFurtherPage(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Paging: dialects.Paging20}))
	sim.SeedWebhooks(250)

	found, diagnostics := connect(t, sim).List(webhookType, nil, false, 30)
	if diagnostics.HasErrors() || len(found) != 30 {
		t.Fatalf("found %d, want 30\n%s", len(found), diagnostics)
	}

	if pages := sim.RequestsTo(http.MethodGet, "/api/v1/webhooks"); len(pages) > 2 {
		t.Errorf("asked for %d pages of 20 for 30 results", len(pages))
	}
}

func TestAQueryWarnsWhenThereAreMoreWebhooksThanItsLimit(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		limit int64
		warns bool
		pages int
	}{
		{limit: 19, warns: true, pages: 1},
		{limit: 20, warns: true, pages: 2}, // the next row is on another page
		{limit: 30, warns: true, pages: 2},
		{limit: 50},
		{limit: 51},
	} {
		t.Run(fmt.Sprint(test.limit), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Paging: dialects.Paging20}))
			sim.SeedWebhooks(50)

			found, diagnostics := connect(t, sim).List(webhookType, nil, false, test.limit)
			if want := min(50, int(test.limit)); diagnostics.HasErrors() || len(found) != want {
				t.Fatalf("found %d, want %d\n%s", len(found), want, diagnostics)
			}

			if !test.warns {
				if len(diagnostics) > 0 {
					t.Errorf("all were found, and yet: %s", diagnostics)
				}

				return
			}

			if len(diagnostics) != 1 || !diagnostics.Mentions("stopped at its limit", fmt.Sprintf("limit of %d", test.limit), "Raise limit") {
				t.Errorf("got %v, want one warning", diagnostics)
			}

			if pages := len(sim.RequestsTo(http.MethodGet, "/api/v1/webhooks")); pages != test.pages {
				t.Errorf("requested %d pages, want %d", pages, test.pages)
			}
		})
	}
}

func TestAQueryKeepsItsResultsWhenThePageAfterItsLimitFails(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Paging: dialects.Paging20}))
	sim.SeedWebhooks(50)
	sim.Fail(simulator.Fault{Path: "/api/v1/webhooks", Skip: 1, Status: http.StatusForbidden})

	found, diagnostics := connect(t, sim).List(webhookType, nil, false, 20)
	if diagnostics.HasErrors() || len(found) != 20 || !diagnostics.Mentions("whether there are more webhooks", "403") {
		t.Errorf("found %d, want 20 and a warning\n%s", len(found), diagnostics)
	}
}

func TestQueryFilters(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	for index, url := range []string{"https://a.example.com/sepay", "https://b.example.com/sepay", "https://a.example.com/old"} {
		sim.PutWebhook(simulator.Webhook{
			Name: fmt.Sprint(index), WebhookURL: url, EventType: "All", AuthenType: "No_Authen", RequestContentType: "Json",
			Active: index != 2, BankMode: "all", VAMode: "all",
		})
	}

	server := connect(t, sim)

	for _, test := range []struct {
		config map[string]any
		want   int
	}{
		{nil, 3},
		{map[string]any{"webhook_url": "a.example.com"}, 2},
		{map[string]any{"active": true}, 2},
		{map[string]any{"active": false}, 1},
		{map[string]any{"webhook_url": "a.example.com", "active": true}, 1},
	} {
		found, diagnostics := server.List(webhookType, test.config, false, 100)
		if diagnostics.HasErrors() || len(found) != test.want {
			t.Errorf("%v: found %d, want %d\n%s", test.config, len(found), test.want, diagnostics)
		}

		read, diagnostics := server.ReadDataSource("sepay_webhooks", test.config)
		if webhooks, ok := read["webhooks"].([]any); diagnostics.HasErrors() || !ok || len(webhooks) != test.want {
			t.Errorf("sepay_webhooks %v: read %v, want %d\n%s", test.config, read["webhooks"], test.want, diagnostics)
		}
	}
}

func TestAnErrorOnALaterPageOfAQueryIsSeen(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Paging: dialects.Paging20}))
	sim.SeedWebhooks(50)
	sim.Fail(simulator.Fault{Path: "/api/v1/webhooks", Skip: 1, Status: http.StatusForbidden})

	found, diagnostics := connect(t, sim).List(webhookType, nil, false, 100)
	if !diagnostics.Mentions("list the webhooks", "webhook:read") {
		t.Errorf("found %d and no error:\n%s", len(found), diagnostics)
	}
}

func TestFromQueryToImportToAnEmptyPlan(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	connect(t, sim).Manage(webhookType).MustApply(shopConfig().with(config{"authen_type": "No_Authen", "api_key": nil}))

	server := connect(t, sim)

	found, diagnostics := server.List(webhookType, nil, true, 10)
	if diagnostics.HasErrors() || len(found) != 1 {
		t.Fatalf("found %v\n%s", found, diagnostics)
	}

	instance, diagnostics := server.ImportIdentity(webhookType, found[0].Identity)
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}

	// What the query generates as configuration.
	generated := config{}

	for name, value := range found[0].Values {
		if name != "id" && name != "created_at" && value != nil {
			generated[name] = value
		}
	}

	imported := server.Manage(webhookType)
	imported.Instance = instance
	imported.MustPlanEmpty(generated)
}

func TestQueryAndGeneratedConfigurationAreTheSameWhateverRowsLack(t *testing.T) {
	t.Parallel()

	rich := shopConfig().with(config{
		"api_key": nil, "authen_type": "No_Authen", "is_verify_payment": true, "skip_if_no_code": true,
		"request_content_type": "multipart_form-data", "prefix_filters": []string{"DH"}, "va_mode": "list", "only_va": true,
		"bank_sub_account_ids": []int64{25}, "alert_threshold": 7, "retry_conditions": []string{"non_2xx_status_code"},
	})

	for _, rows := range []dialects.ListRows{dialects.ListRowsWhole, dialects.ListRowsBrief} {
		t.Run(string(rows), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{ListRows: rows}))
			connect(t, sim).Manage(webhookType).MustApply(rich)
			sim.SeedWebhooks(249)
			sim.ResetRequests()

			server := connect(t, sim)

			found, diagnostics := server.List(webhookType, nil, true, 1000)
			if diagnostics.HasErrors() || len(found) != 250 {
				t.Fatalf("found %d\n%s", len(found), diagnostics)
			}

			single := len(sim.Requests()) - len(sim.RequestsTo(http.MethodGet, "/api/v1/webhooks"))
			if rows == dialects.ListRowsWhole && len(sim.Requests()) > 10 || rows == dialects.ListRowsBrief && single != 250 {
				t.Errorf("%d requests, %d of them for one webhook", len(sim.Requests()), single)
			}

			generated, diagnostics := server.GenerateConfig(webhookType, &acctest.Instance{Values: found[0].Values})
			if diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}

			imported := server.Manage(webhookType)
			if diagnostics := imported.Import(fmt.Sprint(found[0].Identity["id"])); diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}

			imported.MustPlanEmpty(generated)
			imported.MustPlanEmpty(rich)

			byURL, diagnostics := server.ReadDataSource(webhookType, map[string]any{"webhook_url": rich["webhook_url"]})
			if diagnostics.HasErrors() || byURL["alert_threshold"] != int64(7) {
				t.Errorf("the data source found %v by the URL\n%s", byURL, diagnostics)
			}
		})
	}
}

func TestAnExplicitlyEmptySetIsNoDifferenceAfterAnImport(t *testing.T) {
	t.Parallel()

	base := shopConfig().with(config{"api_key": nil, "authen_type": "No_Authen"})

	for _, dialect := range []dialects.Dialect{{}, {Form: dialects.Form2025}, {Undocumented: dialects.UndocumentedReturned}} {
		sim := simulator.Start(t, simulator.WithDialect(dialect))
		connect(t, sim).Manage(webhookType).MustApply(base)

		for _, attribute := range []string{
			"prefix_filters", "bank_account_ids", "bank_sub_account_ids", "alert_channel_ids", "retry_conditions",
		} {
			imported := connect(t, sim).Manage(webhookType)
			if diagnostics := imported.Import(fmt.Sprint(sim.Webhooks()[0].ID)); diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}

			imported.MustPlanEmpty(base)
			imported.MustPlanEmpty(base.with(config{attribute: []int64{}}))
		}
	}
}

func TestOneWebhookIsReadByItsIDOrItsExactURL(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	server := connect(t, sim)
	server.Manage(webhookType).MustApply(shopConfig())
	server.Manage(webhookType).MustApply(shopConfig().with(config{"webhook_url": "https://shop.example.com/sepay/2"}))

	first, second := sim.Webhooks()[0], sim.Webhooks()[1]

	for _, test := range []struct {
		config map[string]any
		want   int64
	}{
		{map[string]any{"id": first.ID}, first.ID},
		{map[string]any{"webhook_url": first.WebhookURL}, first.ID},
		{map[string]any{"webhook_url": second.WebhookURL}, second.ID},
	} {
		read, diagnostics := server.ReadDataSource(webhookType, test.config)
		if diagnostics.HasErrors() || read["id"] != test.want || read["name"] != "Shop" {
			t.Errorf("%v: read %v\n%s", test.config, read["id"], diagnostics)
		}

		if _, ok := read["api_key"]; ok {
			t.Error("the data source shows a secret")
		}
	}
}

func TestALookUpThatFindsNoneOrSeveralSaysWhatToDo(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	server := connect(t, sim)
	server.Manage(webhookType).MustApply(shopConfig())
	server.Manage(webhookType).MustApply(shopConfig())

	for name, test := range map[string]struct {
		config map[string]any
		texts  []string
	}{
		"no such id":   {map[string]any{"id": 7}, []string{"No webhook 7", "sepay_webhooks"}},
		"no such URL":  {map[string]any{"webhook_url": "https://shop.example.com/"}, []string{"exactly this URL", "sepay_webhooks"}},
		"a shared URL": {map[string]any{"webhook_url": "https://shop.example.com/sepay"}, []string{"59325", "59326", "Choose one of them with id"}},
		"id and URL":   {map[string]any{"id": 7, "webhook_url": "https://shop.example.com/"}, []string{"id", "webhook_url"}},
		"neither":      {nil, []string{"id", "webhook_url"}},
	} {
		diagnostics := server.ValidateDataSource(webhookType, test.config)
		if !diagnostics.HasErrors() {
			_, diagnostics = server.ReadDataSource(webhookType, test.config)
		}

		if !diagnostics.HasErrors() || !diagnostics.Mentions(test.texts...) {
			t.Errorf("%s:\n%s", name, diagnostics)
		}
	}
}
