package webhook_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// command is a provider process of its own, as each phase of a command of Terraform's has.
func command(t *testing.T, sim *simulator.Server) *acctest.Server {
	t.Helper()

	config := acctest.ProviderConfig(t, sim)
	config["access_token"] = sim.NewAccessToken()

	return acctest.NewServer(t, config)
}

// together calls do for every index below n, with that many parallel calls, as -parallelism does.
func together(n, parallelism int, do func(i int)) {
	var group errgroup.Group

	group.SetLimit(parallelism)

	for i := range n {
		group.Go(func() error {
			do(i)

			return nil
		})
	}

	_ = group.Wait()
}

// refresh reads every instance, and fails the test when one is not what was read before.
func refresh(t *testing.T, server *acctest.Server, parallelism int, instances []*acctest.Instance) []*acctest.Instance {
	t.Helper()

	got := make([]*acctest.Instance, len(instances))

	together(len(instances), parallelism, func(i int) {
		var diagnostics acctest.Diagnostics

		got[i], diagnostics = server.Read(webhookType, instances[i])

		if len(diagnostics) > 0 || got[i] == nil || got[i].Values["id"] != instances[i].Values["id"] {
			t.Errorf("read of %v: %v, %v", instances[i].Values["id"], got[i], diagnostics)
		}
	})

	return got
}

// managed returns the states of webhooks of which only the ids are known, as a plan finds them after an import.
func managed(ids []int64) []*acctest.Instance {
	instances := make([]*acctest.Instance, len(ids))
	for i, id := range ids {
		instances[i] = &acctest.Instance{Values: map[string]any{"id": id}, Identity: map[string]any{"id": id}}
	}

	return instances
}

// atMost fails the test when more requests to the API were logged, and empties the log.
func atMost(t *testing.T, sim *simulator.Server, most int) {
	t.Helper()

	counters := sim.Counters()
	if counters.API > most {
		t.Errorf("%d requests, want at most %d: %v", counters.API, most, summary(sim.Requests()))
	}

	if counters.TooManyRequests > 0 {
		t.Errorf("%d of %d requests were refused for the rate", counters.TooManyRequests, counters.API)
	}

	t.Logf("%d requests", counters.API)
	sim.ResetRequests()
}

// summary counts requests by method and kind of path.
func summary(requests []simulator.Request) map[string]int {
	counts := map[string]int{}

	for _, request := range requests {
		kind := request.Path

		for _, pattern := range []string{"/api/v1/webhooks/{id}", "/api/v1/bank-accounts/{id}"} {
			if request.Is("", pattern) {
				kind = pattern
			}
		}

		counts[request.Method+" "+kind]++
	}

	return counts
}

func TestARefreshCostsAPageOfTheListForEveryHundredWebhooks(t *testing.T) {
	t.Parallel()

	for row, size := range []struct {
		webhooks, requests int
		parallelism        []int
	}{
		{1, 1, []int{10}},
		{2, 2, []int{1, 10}},
		{100, 3, []int{1, 10, 50}},
		{300, 4, []int{1, 10, 50}},
		{1000, 11, []int{1, 50}},
	} {
		if size.webhooks > 300 && !proof.Full() {
			continue
		}

		t.Run(fmt.Sprint(size.webhooks), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t)
			instances := managed(sim.SeedWebhooks(size.webhooks))

			for column, parallelism := range size.parallelism {
				if !proof.Turn(row+column, 2) {
					continue
				}

				instances = refresh(t, command(t, sim), parallelism, instances)
				atMost(t, sim, size.requests)
			}

			for i, instance := range instances {
				if want := fmt.Sprintf("Seeded %05d", i+1); instance.Values["name"] != want {
					t.Errorf("webhook %d was read as %v, want %s", i, instance.Values["name"], want)
				}
			}
		})
	}
}

func TestAFewWebhooksOfAnAccountWithThousandsCostAtMostTwiceTheirNumber(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	all := sim.SeedWebhooks(3000)

	for _, size := range []struct{ webhooks, requests int }{{2, 4}, {20, 40}} {
		for _, parallelism := range []int{1, 10, 50} {
			var ids []int64
			for _, i := range rand.Perm(len(all))[:size.webhooks] {
				ids = append(ids, all[i])
			}

			refresh(t, command(t, sim), parallelism, managed(ids))
			atMost(t, sim, size.requests)
		}
	}
}

// numbered is the configuration of one of many webhooks.
func numbered(i int, change config) config {
	return shopConfig().with(config{
		"name": fmt.Sprintf("Shop %d", i), "webhook_url": fmt.Sprintf("https://shop.example.com/%d", i),
	}).with(change)
}

// planned plans every instance, in a process of its own, and returns the plans.
func planned(t *testing.T, sim *simulator.Server, instances []*acctest.Instance, configure func(i int) config) []*acctest.Plan {
	t.Helper()

	server := command(t, sim)
	plans := make([]*acctest.Plan, len(instances))

	together(len(instances), 10, func(i int) {
		prior := instances[i]
		if prior != nil {
			var diagnostics acctest.Diagnostics
			if prior, diagnostics = server.Read(webhookType, prior); diagnostics.HasErrors() {
				t.Errorf("read: %v", diagnostics)
			}
		}

		var (
			after       map[string]any
			diagnostics acctest.Diagnostics
		)

		if configure != nil {
			after = configure(i)
		}

		if plans[i], diagnostics = server.Plan(webhookType, prior, after); diagnostics.HasErrors() {
			t.Errorf("plan: %v", diagnostics)
		}
	})

	return plans
}

// applied applies every plan, in a process of its own, and returns the new states.
func applied(t *testing.T, sim *simulator.Server, plans []*acctest.Plan) []*acctest.Instance {
	t.Helper()

	server := command(t, sim)
	instances := make([]*acctest.Instance, len(plans))

	together(len(plans), 10, func(i int) {
		var diagnostics acctest.Diagnostics
		if instances[i], diagnostics = server.Apply(plans[i], nil); len(diagnostics) > 0 {
			t.Errorf("apply: %v", diagnostics)
		}
	})

	return instances
}

func TestAHundredWritesShareTheReadsThatFollowThem(t *testing.T) {
	t.Parallel()

	for _, service := range []struct {
		latency time.Duration
		// strangers are webhooks that are not managed here, on the pages of those that are.
		strangers int
	}{{0, 0}, {20 * time.Millisecond, 50}} {
		t.Run(fmt.Sprintf("%s and %d others", service.latency, service.strangers), func(t *testing.T) {
			t.Parallel()

			sim := simulator.Start(t, simulator.WithLatency(service.latency))
			sim.SeedWebhooks(service.strangers)

			writes := proof.Times(100, 40)

			create := func(i int) config { return numbered(i, nil) }
			update := func(i int) config { return numbered(i, config{"is_verify_payment": true}) }

			instances := applied(t, sim, planned(t, sim, make([]*acctest.Instance, writes), create))
			atMost(t, sim, writes*23/10)

			instances = applied(t, sim, planned(t, sim, instances, update))
			atMost(t, sim, writes*13/10)

			plans := planned(t, sim, instances, nil)
			atMost(t, sim, 4)

			applied(t, sim, plans)

			if deletes := len(sim.RequestsTo(http.MethodDelete, "")); deletes != writes {
				t.Errorf("%d deletes, want %d", deletes, writes)
			}

			atMost(t, sim, writes)

			if left := len(sim.Webhooks()); left != service.strangers {
				t.Errorf("%d webhooks are left, want the %d of others", left, service.strangers)
			}
		})
	}
}

func TestAPlanOfHundredsStaysBelowTheLimitOfRequests(t *testing.T) {
	t.Parallel()

	inShop(t, dialects.Dialect{RateLimit: dialects.RateLimitThree}, func(s shop) {
		instances := managed(s.sim.SeedWebhooks(300))
		server := acctest.NewPipedServer(s.t, s.sim, s.dial, map[string]any{
			"requests_per_second": 3, "access_token": s.token, "base_url": s.address,
		})
		started := time.Now()

		refresh(s.t, server, 10, instances)

		took, counters := time.Since(started), s.sim.Counters()
		if counters.API > 4 || counters.TooManyRequests > 0 || took < time.Second || took > 2*time.Second {
			s.t.Errorf("%d requests, of which %d were refused, in %s", counters.API, counters.TooManyRequests, took)
		}
	})
}
