package webhook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// way is one way of authentication with its secret.
type way struct {
	name   string
	config config
	secret string
	stored func(simulator.Webhook) string
}

func ways() []way {
	return []way{
		{
			"Api_Key",
			config{"authen_type": "Api_Key"},
			"api_key",
			func(w simulator.Webhook) string { return w.APIKey },
		},
		{
			"HMAC_SHA256",
			config{"authen_type": "HMAC_SHA256"},
			"secret_key",
			func(w simulator.Webhook) string { return w.SecretKey },
		},
		{
			"OAuth2.0",
			config{
				"authen_type": "OAuth2.0", "oauth2_access_token_url": "https://id.example.com/token", "oauth2_client_id": "shop",
			},
			"oauth2_client_secret",
			func(w simulator.Webhook) string { return w.OAuth2ClientSecret },
		},
	}
}

const (
	firstSecret  = "whsec_a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7"
	secondSecret = "whsec_b8d4c5f6a7b8c9d0e1f2a3b4c5d6e7f8"
)

// bare is a configuration of that way without its secret.
func (w way) bare() config { return shopConfig().with(config{"api_key": nil}).with(w.config) }

// forEachWay runs a test for each way of authentication, with a service that returns every key that it has.
func forEachWay(t *testing.T, test func(t *testing.T, way way, sim *simulator.Server, managed *acctest.Managed)) {
	t.Helper()

	for _, way := range ways() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Undocumented: dialects.UndocumentedReturned}))
			test(t, way, sim, connect(t, sim).Manage(webhookType))
		})
	}
}

// writes are the requests that changed a webhook since the log was reset, without those that a rate limit refused: how
// many these are depends on the time that a test takes.
func writes(sim interface{ Requests() []simulator.Request }) []simulator.Request {
	return slices.DeleteFunc(sim.Requests(), func(request simulator.Request) bool {
		return request.Method == http.MethodGet || !strings.HasPrefix(request.Path, "/api/v1/webhooks") ||
			request.Status == http.StatusTooManyRequests
	})
}

func TestASecretIsSentAgainAfterTheDashboardChangedTheAuthenType(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim).Manage(webhookType)
	managed.MustApply(shopConfig())

	if err := sim.ChangeWebhook(sim.Webhooks()[0].ID, map[string]any{"authen_type": "No_Authen"}); err != nil {
		t.Fatal(err)
	}

	managed.Refresh()

	if kept := managed.Value("api_key"); kept != nil {
		t.Errorf("the state has the api_key %v of a webhook without one", kept)
	}

	sim.ResetRequests()
	managed.MustApply(shopConfig())

	if sent := writes(sim); len(sent) != 1 || string(sent[0].Body["api_key"]) != fmt.Sprintf("%q", shopConfig()["api_key"]) {
		t.Errorf("the apply sent %v", sent)
	}

	managed.MustPlanEmpty(shopConfig())
}

func TestAnUnrelatedUpdateSendsNoSecret(t *testing.T) {
	t.Parallel()

	forEachWay(t, func(t *testing.T, way way, sim *simulator.Server, managed *acctest.Managed) {
		t.Helper()

		for _, attribute := range []string{way.secret, way.secret + "_wo"} {
			config := way.bare().with(config{attribute: firstSecret})
			managed.MustApply(config)
			sim.ResetRequests()
			managed.MustApply(config.with(map[string]any{"bank_account_id": 20}))

			sent := writes(sim)
			if len(sent) != 1 || !slices.Equal(sent[0].Keys(), []string{"bank_account_id"}) {
				t.Errorf("%s: an update of the bank account sent %v", attribute, sent)
			}
		}
	})
}

func TestAWriteOnlySecretIsSentWhenItsValueOrItsVersionChanges(t *testing.T) {
	t.Parallel()

	forEachWay(t, func(t *testing.T, way way, sim *simulator.Server, managed *acctest.Managed) {
		t.Helper()

		writeOnly, version := way.secret+"_wo", way.secret+"_wo_version"

		// The provider counts: another value is seen, the same one is not sent again.
		managed.MustApply(way.bare().with(config{writeOnly: firstSecret}))
		managed.MustPlanEmpty(way.bare().with(config{writeOnly: firstSecret}))
		sim.ResetRequests()
		managed.MustApply(way.bare().with(config{writeOnly: secondSecret}))

		if sent := writes(sim); len(sent) != 1 || !slices.Equal(sent[0].Keys(), []string{way.secret}) {
			t.Errorf("another value sent %v", sent)
		}

		if got := managed.Value(version); got != int64(2) {
			t.Errorf("the version is %v after the second value, want 2", got)
		}

		// The configuration counts: the value alone says nothing, as with a value that differs at each run.
		managed.MustApply(way.bare().with(config{writeOnly: firstSecret, version: 7}))
		managed.MustPlanEmpty(way.bare().with(config{writeOnly: secondSecret, version: 7}))
		managed.MustApply(way.bare().with(config{writeOnly: secondSecret, version: 8}))

		if got := way.stored(sim.Webhooks()[0]); got != secondSecret {
			t.Error("the version changed and the secret did not")
		}

		state, err := json.Marshal(managed.Instance.Values)
		if err != nil {
			t.Fatal(err)
		}

		for _, secret := range []string{firstSecret, secondSecret} {
			if strings.Contains(string(state), secret) || strings.Contains(string(managed.Instance.Private), secret) {
				t.Error("the state contains a write-only secret")
			}
		}
	})
}

func TestASecretThatIsChangedInTheDashboardShowsInThePlan(t *testing.T) {
	t.Parallel()

	forEachWay(t, func(t *testing.T, way way, sim *simulator.Server, managed *acctest.Managed) {
		t.Helper()

		cases := map[string]struct {
			config config
			shows  string
		}{
			"plain":                   {config{way.secret: firstSecret}, way.secret},
			"write-only":              {config{way.secret + "_wo": firstSecret}, way.secret + "_wo_version"},
			"write-only with version": {config{way.secret + "_wo": firstSecret, way.secret + "_wo_version": 3}, way.secret + "_wo_version"},
		}

		// Where SePay returns secrets in clear, what looks like a mask of the configured secret is another one.
		others := []string{secondSecret, firstSecret[20:], firstSecret[34:], strings.Repeat("*", 34) + firstSecret[34:], "•••" + firstSecret}

		for row, name := range slices.Sorted(maps.Keys(cases)) {
			test := cases[name]

			for column, other := range others {
				if !proof.Turn(row+column, 3) {
					continue
				}

				config := way.bare().with(test.config)
				managed.MustApply(config)
				managed.MustPlanEmpty(config)

				if err := sim.ChangeWebhook(sim.Webhooks()[0].ID, map[string]any{way.secret: other}); err != nil {
					t.Fatal(err)
				}

				plan, diagnostics := managed.Plan(config)
				if diagnostics.HasErrors() || plan.Action != acctest.Update || !slices.Equal(plan.Changes(), []string{test.shows}) {
					t.Fatalf("%s: the plan is %v %v, want an update of %s\n%s", name, plan.Action, plan.Changes(), test.shows, diagnostics)
				}

				if !diagnostics.Mentions("changes the "+way.secret+" at SePay") || plan.Prior.Values[way.secret] != nil {
					t.Errorf("%s: the plan does not warn, or holds SePay's secret\n%s", name, diagnostics)
				}

				managed.MustApply(config)
				managed.MustPlanEmpty(config)

				if got := way.stored(sim.Webhooks()[0]); got != firstSecret {
					t.Errorf("%s: the apply did not bring the secret back", name)
				}
			}
		}
	})
}

func TestAWriteOnlySecretThatIsUnknownAtPlanIsSentAtApply(t *testing.T) {
	t.Parallel()

	forEachWay(t, func(t *testing.T, way way, sim *simulator.Server, managed *acctest.Managed) {
		t.Helper()

		writeOnly := way.secret + "_wo"
		unknown, known := way.bare().with(config{writeOnly: acctest.Unknown}), way.bare().with(config{writeOnly: firstSecret})

		for range 2 {
			plan, diagnostics := managed.Plan(unknown)
			if diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}

			if diagnostics := managed.ApplyPlan(plan, known); diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}

			managed.MustPlanEmpty(known)
		}

		if got := way.stored(sim.Webhooks()[0]); got != firstSecret {
			t.Error("the secret was not sent")
		}

		if sent := writes(sim); len(sent) != 2 || !sent[0].Has(way.secret) || sent[1].Has(way.secret) {
			t.Errorf("the same secret was sent again: %v", sent)
		}
	})
}

func TestEachWayOfAuthenticationLeadsToEachOther(t *testing.T) {
	t.Parallel()

	for _, from := range ways() {
		for _, to := range ways() {
			for _, suffix := range []string{"", "_wo"} {
				t.Run(from.name+" to "+to.name+suffix, func(t *testing.T) {
					t.Parallel()

					sim := simulator.Start(t)
					managed := connect(t, sim).Manage(webhookType)
					managed.MustApply(from.bare().with(config{from.secret + suffix: firstSecret}))
					id := sim.Webhooks()[0].ID

					target := to.bare().with(config{to.secret + suffix: secondSecret})
					managed.MustApply(target)
					managed.MustPlanEmpty(target)

					after := sim.Webhooks()[0]
					if after.ID != id || to.stored(after) != secondSecret {
						t.Errorf("after the switch the service has %v with another secret", after)
					}

					if from.name != to.name && (managed.Value(from.secret) != nil || managed.Value(from.secret+"_wo_version") != nil) {
						t.Error("the state keeps what the former way needed")
					}
				})
			}
		}
	}
}

func TestAMaskNeverBecomesTheSecret(t *testing.T) {
	t.Parallel()

	for _, form := range []dialects.Secrets{dialects.SecretsMasked, dialects.SecretsDotted, dialects.SecretsSuffix, dialects.SecretsEdges} {
		t.Run(string(form), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Secrets: form}))
			managed := connect(t, sim).Manage(webhookType)
			config := shopConfig()
			managed.MustApply(config)
			managed.Refresh()

			if got := managed.Value("api_key"); got != config["api_key"] {
				t.Fatalf("after a refresh the state has %q", got)
			}

			if err := sim.ChangeWebhook(sim.Webhooks()[0].ID, map[string]any{"api_key": "0123456789abcdef0123456789ab9999"}); err != nil {
				t.Fatal(err)
			}

			managed.Refresh()

			if got := managed.Value("api_key"); got != nil && got != config["api_key"] {
				t.Errorf("the mask of another secret reached the state: %q", got)
			}
		})
	}
}

// A message of the provider that points at an attribute makes Terraform quote its line of the configuration, and with it
// a secret that is written there.
func TestNoMessagePointsAtALineThatHoldsASecret(t *testing.T) {
	t.Parallel()

	check := func(t *testing.T, diagnostics acctest.Diagnostics) {
		t.Helper()

		if !diagnostics.Mentions("api_key") {
			t.Errorf("no message names api_key:\n%s", diagnostics)
		}

		for _, attribute := range []string{"api_key", "api_key_wo"} {
			if at := diagnostics.At(attribute); len(at) != 0 {
				t.Errorf("a message points at %s:\n%s", attribute, at)
			}
		}
	}

	t.Run("SePay refuses it", func(t *testing.T) {
		t.Parallel()

		sim := simulator.Start(t)
		sim.Fail(simulator.Fault{
			Method: http.MethodPost, Path: "/api/v1/webhooks", Status: http.StatusUnprocessableEntity,
			Body: `{"status":"error","messages":{"api_key":"is too simple"}}`,
		})
		check(t, connect(t, sim).Manage(webhookType).Apply(shopConfig()))
	})

	t.Run("SePay keeps another one", func(t *testing.T) {
		t.Parallel()

		sim := simulator.Start(t)
		managed := connect(t, sim).Manage(webhookType)
		managed.MustApply(shopConfig())

		changed := shopConfig().with(config{"api_key": firstSecret})

		plan, diagnostics := managed.Plan(changed)
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}

		sim.Fail(simulator.Fault{Method: http.MethodGet, Rewrite: func(body []byte) []byte {
			return bytes.ReplaceAll(body, []byte(firstSecret), []byte(secondSecret))
		}})
		check(t, managed.ApplyPlan(plan, changed))
	})

	t.Run("SePay does not show it after an import", func(t *testing.T) {
		t.Parallel()

		sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Secrets: dialects.SecretsMasked}))
		connect(t, sim).Manage(webhookType).MustApply(shopConfig())

		imported := connect(t, sim).Manage(webhookType)
		imported.Import(fmt.Sprint(sim.Webhooks()[0].ID))

		_, diagnostics := imported.Plan(shopConfig())
		check(t, diagnostics.Warnings()[1:])
	})
}
