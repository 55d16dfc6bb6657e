package webhook_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// SePay may repeat a secret of an earlier run, which this one has not sent: it is known from the state, from the configuration,
// or from what SePay returned in this run.
func TestASecretThatThisRunDidNotSendIsNotShown(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		secret  config
		dialect dialects.Dialect
	}{
		"in the state":     {config{"secret_key": firstSecret}, dialects.Dialect{Secrets: dialects.SecretsAbsent}},
		"shown by SePay":   {config{"secret_key_wo": firstSecret}, dialects.Dialect{Undocumented: dialects.UndocumentedReturned}},
		"in configuration": {config{"secret_key_wo": firstSecret}, dialects.Dialect{Secrets: dialects.SecretsAbsent}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(test.dialect))
			config := shopConfig().with(config{"authen_type": "HMAC_SHA256", "api_key": nil}).with(test.secret)
			managed := connect(t, sim).Manage(webhookType)
			managed.MustApply(config)

			repeat := func(method string) {
				sim.ClearFaults()
				sim.Fail(simulator.Fault{
					Method: method, Path: "/api/v1/", Status: http.StatusUnprocessableEntity,
					Body: fmt.Sprintf(`{"status":422,"messages":{"error":"with %s","name":"%s"}}`, firstSecret, firstSecret[:20]),
				})
			}
			check := func(what string, said acctest.Diagnostics) {
				t.Helper()

				if !said.HasErrors() || !said.Mentions("(redacted)") || said.Mentions(firstSecret[:9]) {
					t.Errorf("%s:\n%s", what, said)
				}
			}

			// Each of them in a process of its own.
			repeat(http.MethodPatch)

			managed = managed.On(connect(t, sim))
			check("update", managed.Apply(config.with(map[string]any{"name": "Renamed"})))

			repeat(http.MethodDelete)

			managed = managed.On(connect(t, sim))
			if name == "shown by SePay" {
				managed.Refresh()
			}

			if name != "in configuration" {
				check("destroy", managed.Destroy())
			}

			repeat(http.MethodGet)

			managed = managed.On(connect(t, sim))

			switch name {
			case "in the state":
				check("refresh", managed.Refresh())
			case "in configuration":
				// The plan of a create warns that it could not look for similar webhooks.
				if _, said := connect(t, sim).Manage(webhookType).Plan(config); !said.Mentions("(redacted)") || said.Mentions(firstSecret[:9]) {
					t.Errorf("plan:\n%s", said)
				}
			}
		})
	}
}
