package webhook_test

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/webhook"
)

// process is a provider process that counts its slow digests.
type process struct {
	*acctest.Server

	digests *webhook.Digests
}

func start(t *testing.T, sim *simulator.Server) process {
	t.Helper()

	settings := acctest.ProviderConfig(t, sim)
	settings["access_token"] = sim.NewAccessToken()
	digests := webhook.NewDigests()

	return process{acctest.NewServerWith(t, settings, provider.WithDigests(digests)), digests}
}

// twoProcesses applies a configuration as Terraform does: one process refreshes and plans, a second one plans again and
// applies. It returns the slow digests of each.
func twoProcesses(t *testing.T, sim *simulator.Server, managed *acctest.Managed, config config) (planning, applying int64) {
	t.Helper()

	first, second := start(t, sim), start(t, sim)

	plan, diagnostics := managed.On(first.Server).Plan(config)
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}

	if plan.Action != acctest.NoOp {
		if _, diagnostics := second.Plan(webhookType, plan.Prior, config); diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
	}

	applied := managed.On(second.Server)
	if diagnostics := applied.ApplyPlan(plan, config); diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}

	managed.Instance = applied.Instance

	return first.digests.Slow(), second.digests.Slow()
}

func TestAWriteOnlySecretCostsAtMostOneSlowDigestInAProcess(t *testing.T) {
	t.Parallel()

	type cost struct{ planning, applying int64 }

	for row, dialect := range []dialects.Dialect{
		{Undocumented: dialects.UndocumentedReturned},
		{Undocumented: dialects.UndocumentedReturned, Secrets: dialects.SecretsMasked},
		{Undocumented: dialects.UndocumentedReturned, Secrets: dialects.SecretsSuffix},
		{Undocumented: dialects.UndocumentedReturned, Secrets: dialects.SecretsEdges},
		{Undocumented: dialects.UndocumentedReturned, Secrets: dialects.SecretsAbsent},
	} {
		for column, way := range ways() {
			for layer, strength := range []struct {
				name          string
				first, second string
				// slow is what each slow digest below is for a secret of this strength.
				slow int64
			}{
				{"generated", firstSecret, secondSecret, 0},
				{"made up", "hunter2 of the shop", "hunter3 of the shop", 1},
			} {
				if !proof.Turn(row+column+layer, 4) {
					continue
				}

				t.Run(fmt.Sprintf("%s/%s/%s", dialect, way.name, strength.name), func(t *testing.T) {
					t.Parallel()

					sim := simulator.Start(t, simulator.WithDialect(dialect))
					managed := start(t, sim).Manage(webhookType)
					first, second := way.bare().with(config{way.secret + "_wo": strength.first}), way.bare().with(config{way.secret + "_wo": strength.second})

					check := func(what string, config config, want cost) {
						t.Helper()

						planning, applying := twoProcesses(t, sim, managed, config)
						if planning != want.planning*strength.slow || applying != want.applying*strength.slow {
							t.Errorf("%s: %d slow digests in the process that plans and %d in the one that applies, want %d and %d",
								what, planning, applying, want.planning*strength.slow, want.applying*strength.slow)
						}
					}

					check("create", first, cost{0, 1})
					check("no change", first, cost{1, 0})
					check("an update of another attribute", first.with(config{"name": "Renamed"}), cost{1, 1})
					check("another secret", second, cost{1, 1})
					check("no change", second, cost{1, 0})

					if got := way.stored(sim.Webhooks()[0]); got != strength.second {
						t.Error("SePay has another secret")
					}

					if dialect.Secrets != "" {
						return
					}

					if err := sim.ChangeWebhook(sim.Webhooks()[0].ID, map[string]any{way.secret: strength.first}); err != nil {
						t.Fatal(err)
					}

					check("a change in the dashboard", second, cost{1, 1})
					check("no change", second, cost{1, 0})

					process := start(t, sim)
					imported := process.Manage(webhookType)
					imported.Import(fmt.Sprint(sim.Webhooks()[0].ID))

					managed = imported
					if got := process.digests.Slow(); got != strength.slow {
						t.Errorf("the import costs %d slow digests, want %d", got, strength.slow)
					}

					sim.ResetRequests()
					check("the first apply after an import", second, cost{1, 1})

					if sent := writes(sim); len(sent) > 0 {
						t.Errorf("SePay has the secret, and was sent %v", sent)
					}
				})
			}
		}
	}
}

// digestIn returns the digest of api_key_wo in the private state, and puts another in its place.
func digestIn(t *testing.T, instance *acctest.Instance, replacement []byte) (before string) {
	t.Helper()

	private := map[string][]byte{}
	if err := json.Unmarshal(instance.Private, &private); err != nil {
		t.Fatal(err)
	}

	before = string(private["api_key_wo"])

	if replacement != nil {
		private["api_key_wo"] = replacement

		data, err := json.Marshal(private)
		if err != nil {
			t.Fatal(err)
		}

		instance.Private = data
	}

	return before
}

// earlierDigest is what an earlier version of the provider stored of a secret, as private state has it.
func earlierDigest(t *testing.T, secret string, rounds int) []byte {
	t.Helper()

	salt := []byte("salt-of-16-bytes")

	sum, err := pbkdf2.Key(sha256.New, secret, salt, min(rounds, 20_000), sha256.Size)
	if err != nil {
		t.Fatal(err)
	}

	data, err := json.Marshal(map[string]any{"rounds": rounds, "salt": salt, "sum": sum, "shown": true})
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func TestASecretWithADigestOfAnEarlierVersionCostsAtMostOneSlowDigestInAProcess(t *testing.T) {
	t.Parallel()

	const weak, otherWeak = "hunter2 of the shop", "hunter3 of the shop"

	type costs struct{ planning, applying, together int64 }

	for _, test := range []struct {
		name, before, after, dashboard string

		want costs
	}{
		{"generated, the same", firstSecret, firstSecret, "", costs{1, 0, 1}},
		{"generated, another one", firstSecret, secondSecret, "", costs{1, 0, 1}},
		{"made up, the same", weak, weak, "", costs{1, 0, 1}},
		// A process that reads one made-up secret and sends another has two of them. Terraform reads and sends in two processes.
		{"made up, another one", weak, otherWeak, "", costs{1, 1, 2}},
		{"made up, another one in the dashboard", weak, weak, otherWeak, costs{1, 1, 2}},
		{"made up, then generated", weak, secondSecret, "", costs{1, 1, 1}},
		{"generated, then made up", firstSecret, weak, "", costs{1, 1, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t)

			// A state as an earlier version has left it.
			earlier := func() *acctest.Managed {
				managed := start(t, sim).Manage(webhookType)
				managed.MustApply(shopConfig().with(config{"api_key": nil, "api_key_wo": test.before, "webhook_url": fmt.Sprintf("https://shop.example.com/%d", len(sim.Webhooks()))}))
				digestIn(t, managed.Instance, earlierDigest(t, test.before, 20_000))

				if test.dashboard != "" {
					if err := sim.ChangeWebhook(managed.Value("id").(int64), map[string]any{"api_key": test.dashboard}); err != nil { //nolint:forcetypeassert // an id
						t.Fatal(err)
					}
				}

				return managed
			}
			after := func(managed *acctest.Managed) config {
				return shopConfig().with(config{"api_key": nil, "api_key_wo": test.after, "webhook_url": managed.Value("webhook_url")})
			}

			var got costs

			managed := earlier()
			got.planning, got.applying = twoProcesses(t, sim, managed, after(managed))

			process := start(t, sim)
			managed = earlier().On(process.Server)
			managed.MustApply(after(managed))
			got.together = process.digests.Slow()

			if got != test.want {
				t.Errorf("slow digests are %+v, want %+v", got, test.want)
			}

			for _, webhook := range sim.Webhooks() {
				if webhook.APIKey != test.after {
					t.Error("SePay has another secret")
				}
			}
		})
	}
}

func TestADigestThatWouldTakeHoursIsIgnored(t *testing.T) {
	t.Parallel()

	for _, secret := range []string{firstSecret, "hunter2 of the shop"} {
		sim := simulator.Start(t)
		managed := start(t, sim).Manage(webhookType)
		config := shopConfig().with(config{"api_key": nil, "api_key_wo": secret})
		managed.MustApply(config)
		digestIn(t, managed.Instance, earlierDigest(t, secret, math.MaxInt))
		sim.ResetRequests()

		// Nothing is known of the secret then: SePay's response shows that it is the configured one.
		process := start(t, sim)
		managed = managed.On(process.Server)
		managed.MustApply(config)
		managed.MustPlanEmpty(config)

		if sent := writes(sim); len(sent) > 0 {
			t.Errorf("SePay has the secret, and was sent %v", sent)
		}

		if got := process.digests.Slow(); got > 1 {
			t.Errorf("%d slow digests, want at most one", got)
		}
	}
}

// The digest that a state has from an earlier version of the provider is 20,000 rounds of PBKDF2.
func TestAStateOfAnEarlierVersionPlansNothing(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name, secret, digest string
		// afterwards is the number of slow digests of the second plan.
		afterwards int64
	}{
		{
			"generated", firstSecret,
			`{"rounds":20000,"salt":"c2FsdC1vZi0xNi1ieXRlcw==","sum":"llEXtkpnRRvp5A+6W7STsWjqIxBi0h3LA4vE+5qd7zQ=","shown":true}`, 0,
		},
		{
			"made up", "hunter2 of the shop",
			`{"rounds":20000,"salt":"c2FsdC1vZi0xNi1ieXRlcw==","sum":"v4pgcCd+DHtCE2k0EZjlhSb0czcvyHPS4tACLlP4LsA=","shown":true}`, 1,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t)
			managed := start(t, sim).Manage(webhookType)
			full := shopConfig().with(config{"api_key": nil, "api_key_wo": test.secret})
			managed.MustApply(full)
			digestIn(t, managed.Instance, []byte(test.digest))
			sim.ResetRequests()

			for i, want := range []int64{1, test.afterwards} {
				process := start(t, sim)
				managed = managed.On(process.Server)
				managed.MustPlanEmpty(full)
				managed.Refresh()

				if got := process.digests.Slow(); got != want {
					t.Errorf("plan %d costs %d slow digests, want %d", i+1, got, want)
				}
			}

			if sent := writes(sim); len(sent) > 0 || managed.Value("api_key_wo_version") != int64(1) {
				t.Errorf("sent were %v", sent)
			}

			managed.MustApply(full)

			if digestIn(t, managed.Instance, nil) == test.digest {
				t.Error("the digest is kept")
			}
		})
	}
}
