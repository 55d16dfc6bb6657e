package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// A status of 200 makes no success: neither of a body that reports a failure, nor of the page of a proxy.
func TestAnErrorInASuccessfulResponseDestroysUpdatesAndReadsNothing(t *testing.T) {
	t.Parallel()

	for body, want := range map[string]string{
		`{"status":403,"error":403,"messages":{"error":"No permission"}}`: "403 Forbidden: No permission",
		`{"status":"403","message":"No permission."}`:                     "403 Forbidden: No permission",
		`{"success":false,"message":"No permission..."}`:                  "200 OK: No permission",
		`{"error":"access_denied"}`:                                       "200 OK: access_denied",
		`<html>Please sign in</html>`:                                     "200 OK, but with text/html instead of JSON",
	} {
		sim := simulator.Start(t)
		managed := connect(t, sim).Manage(webhookType)
		managed.MustApply(shopConfig())

		fault := simulator.Fault{Path: "/api/v1/webhooks/{id}", Status: http.StatusOK, Body: body, ContentType: "application/json"}
		if strings.HasPrefix(body, "<") {
			fault.ContentType = "text/html"
		}

		sim.Fail(fault)

		changed := shopConfig()
		changed["name"] = "Another name"

		for what, diagnostics := range map[string]acctest.Diagnostics{
			"destroy": managed.Destroy(),
			"plan":    failing(managed.On(connect(t, sim)).Plan(changed)),
		} {
			if !diagnostics.HasErrors() || !diagnostics.Mentions(want) || diagnostics.Mentions("..") {
				t.Errorf("%s, %s: %s", what, body, diagnostics)
			}
		}

		if len(sim.Webhooks()) != 1 {
			t.Errorf("%s: the service has %d webhooks", body, len(sim.Webhooks()))
		}

		sim.ClearFaults()
		managed.MustDestroy()
	}
}

func failing(_ *acctest.Plan, diagnostics acctest.Diagnostics) acctest.Diagnostics {
	return diagnostics
}

func TestAnErrorInASuccessfulResponseIsShownAsAnError(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Validation: dialects.Validation200}))
	managed := connect(t, sim).Manage(webhookType)

	config := shopConfig()
	config["bank_account_id"] = 99999

	diagnostics := managed.Apply(config)
	if !diagnostics.HasErrors() || !diagnostics.Mentions("400 Bad Request", "bank_account_id") || len(sim.Webhooks()) != 0 {
		t.Errorf("%d webhooks, %s", len(sim.Webhooks()), diagnostics)
	}

	// It certainly was not created, so that nothing is looked for.
	for _, request := range sim.RequestsTo(http.MethodGet, "/api/v1/webhooks") {
		if strings.Contains(request.Query.Encode(), "webhook_url") {
			t.Errorf("a webhook was looked for: %v", request)
		}
	}
}
