package acceptance_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// many declares so many webhooks, all with one argument that can change.
func many(count int, active bool) string {
	return fmt.Sprintf(`
resource "sepay_webhook" "many" {
  count = %d

  name            = "Shop ${count.index}"
  webhook_url     = "https://shop.example.com/${count.index}"
  event_type      = "All"
  authen_type     = "No_Authen"
  bank_account_id = 19
  active          = %t
}
`, count, active)
}

// within fails the test when more requests were made to the API since the last look.
func within(t *testing.T, sepay *simulator.Server, what string, limit int) {
	t.Helper()

	kinds := map[string]int{}
	total := 0

	for _, request := range sepay.Requests() {
		if path, found := strings.CutPrefix(request.Path, simulator.APIPath); found {
			kinds[request.Method+" "+strings.TrimRight(path, "0123456789")]++
			total++
		}
	}

	sepay.ResetRequests()

	if total > limit {
		t.Errorf("%s cost %d requests, want at most %d: %v", what, total, limit, kinds)
	} else {
		t.Logf("%s: %d requests, %v", what, total, kinds)
	}
}

func TestAccHundredWritesShareTheReadsThatFollowThem(t *testing.T) {
	t.Parallel()

	writes := proof.Times(100, 40)
	sepay, cli := start(t, many(writes, true))

	cli.Apply()
	within(t, sepay, fmt.Sprint(writes, " creates"), writes*23/10)

	configure(cli, many(writes, false))
	cli.Apply("-refresh=false")
	within(t, sepay, fmt.Sprint(writes, " updates"), writes*13/10)

	configure(cli, "")
	cli.Apply("-refresh=false")
	within(t, sepay, fmt.Sprint(writes, " deletes"), writes)
	signedIn(t, sepay, 1)

	if left := sepay.Webhooks(); len(left) != 0 {
		t.Errorf("SePay still has %v", left)
	}
}

func TestAccAPlanOfHundredsOfWebhooksCostsAHandfulOfRequests(t *testing.T) {
	t.Parallel()

	webhooks := proof.Times(300, 150)
	pages := (webhooks + 99) / 100
	sepay, cli := start(t, fmt.Sprintf(`
resource "sepay_webhook" "seeded" {
  count = %d

  name             = format("Seeded %%05d", count.index + 1)
  webhook_url      = format("https://shop.example.com/hooks/%%05d", count.index + 1)
  event_type       = "All"
  authen_type      = "No_Authen"
  bank_account_id  = 19
  retry_conditions = ["non_2xx_status_code"]
}
`, webhooks))
	cli.Write("terraform.tfstate", stateOf(t, cli, "seeded", sepay.SeedWebhooks(webhooks)))

	cli.Apply("-refresh-only")
	within(t, sepay, fmt.Sprint("the first refresh of ", webhooks), pages+1)

	// What comes after the refresh asks nothing of SePay, and of the processor three times as much as the refresh.
	for row, parallelism := range []string{"50", "1"} {
		if !proof.Turn(row, 2) {
			continue
		}

		mentions(t, cli.MustRun("plan", "-refresh-only", "-parallelism="+parallelism), "No changes.")
		within(t, sepay, fmt.Sprint("a refresh of ", webhooks, " with -parallelism=", parallelism), pages+1)
	}

	// The provider's default limit keeps within SePay's; what a busy machine delays may meet it, and is made again.
	sepay.SetDialect(dialects.Dialect{RateLimit: dialects.RateLimitThree})
	cli.Setenv("SEPAY_REQUESTS_PER_SECOND=3")
	cli.PlanEmpty()

	within(t, sepay, fmt.Sprint("a plan of ", webhooks), pages+1+sepay.Counters().TooManyRequests)
}

// stateOf is a state with so many instances of sepay_webhook.NAME, of which nothing but the id is known.
func stateOf(t *testing.T, cli *acctest.CLI, name string, ids []int64) string {
	t.Helper()

	instances := make([]map[string]any, len(ids))
	for i, id := range ids {
		instances[i] = map[string]any{"index_key": i, "schema_version": 0, "attributes": map[string]any{"id": id}}
	}

	state, err := json.Marshal(map[string]any{
		"version": 4, "serial": 1, "lineage": "3f1b7c9d", "terraform_version": "1.5.0",
		"resources": []any{map[string]any{
			"mode": "managed", "type": "sepay_webhook", "name": name, "instances": instances,
			"provider": `provider["` + cli.ProviderAddress() + `"]`,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}

	return string(state)
}

func TestAccAFewWebhooksOfThousandsDoNotReadTheWholeList(t *testing.T) {
	t.Parallel()

	for managed, limit := range map[int]int{2: 4, 20: 40} {
		t.Run(fmt.Sprintf("%d of 3000", managed), func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, "")
			seed := sepay.SeedWebhooks(3000)

			var configuration strings.Builder

			for i, chosen := range rand.New(rand.NewPCG(1, uint64(managed))).Perm(3000)[:managed] {
				fmt.Fprintf(&configuration, `
import {
  to = sepay_webhook.chosen%[1]d
  id = "%[2]d"
}

resource "sepay_webhook" "chosen%[1]d" {
  name             = "Seeded %05[3]d"
  webhook_url      = "https://shop.example.com/hooks/%05[3]d"
  event_type       = "All"
  authen_type      = "No_Authen"
  bank_account_id  = 19
  retry_conditions = ["non_2xx_status_code"]
}
`, i, seed[chosen], chosen+1)
			}

			configure(cli, configuration.String())
			mentions(t, cli.Apply(), fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", managed))
			sepay.ResetRequests()

			cli.PlanEmpty()

			within(t, sepay, fmt.Sprintf("a plan of %d webhooks among 3000", managed), limit)
		})
	}
}

func TestAccLookupsOfOneKindShareTheirRequests(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
data "sepay_bank_account" "by_number" {
  for_each       = toset(["0071000888888", "00998877"])
  account_number = each.key
}

data "sepay_bank_account" "by_id" {
  for_each = toset(["19", "20", "21", "22"])
  id       = each.key
}

data "sepay_bank_accounts" "all" {}

data "sepay_user" "current" {
  count = 5
}

data "sepay_company" "current" {
  count = 5
}
`)

	cli.PlanEmpty()

	for _, path := range []string{"/api/v1/me", "/api/v1/company"} {
		if got := len(sepay.RequestsTo(http.MethodGet, path)); got != 1 {
			t.Errorf("%d requests to %s, want 1", got, path)
		}
	}

	// One page for those who look by an id, with a single read before it, and one list for the others.
	within(t, sepay, "7 lookups of bank accounts, 5 of the user and 5 of the company", 5)
}

func TestAccARateLimitOnlyDelaysARun(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, many(8, true), simulator.WithDialect(dialects.Dialect{RateLimit: dialects.RateLimitTwo}))

	cli.Apply()

	if got := sepay.Counters(); got.TooManyRequests == 0 {
		t.Errorf("SePay refused nothing, so nothing was proven: %+v", got)
	}

	cli.PlanEmpty()

	if got := len(sepay.Webhooks()); got != 8 {
		t.Errorf("SePay has %d webhooks, want 8", got)
	}
}

func TestAccOneConnectionPoolServesARun(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, many(6, true))

	// One caller after the other, so that the speed of the machine has no say: a connection is free again before the next
	// request begins.
	cli.Apply("-parallelism=1")

	requests := sepay.Requests()

	// One process plans, and one applies. The sign-in has a connection of its own.
	if got := sepay.Counters().Connections; got > 3 || len(requests) < 4*got {
		t.Errorf("%d connections were opened for %d requests of two processes and a sign-in, want 3", got, len(requests))
	}

	agents := map[string]bool{}

	for _, request := range requests {
		agents[request.UserAgent] = true
	}

	if len(agents) != 1 || !slices.ContainsFunc(requests, func(r simulator.Request) bool {
		return strings.HasPrefix(r.UserAgent, "terraform-provider-sepay/") && strings.Contains(r.UserAgent, "Terraform/1.")
	}) {
		t.Errorf("the requests named themselves %v", agents)
	}
}
