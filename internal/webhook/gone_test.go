package webhook_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestDeletionsInTheDashboardAddNoRequestsForTheOthers(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	deleted := proof.Times(100, 40)
	ids := sim.SeedWebhooks(3 * deleted)
	instances := refresh(t, command(t, sim), 10, managed(ids))

	gone := map[int64]bool{}

	for i, id := range ids {
		if i%3 == 0 {
			gone[id] = sim.DeleteWebhook(id)
		}
	}

	sim.ResetRequests()

	for _, parallelism := range []int{1, 10} {
		server := command(t, sim)

		together(len(ids), parallelism, func(i int) {
			if got, diagnostics := server.Read(webhookType, instances[i]); len(diagnostics) > 0 || (got == nil) != gone[ids[i]] {
				t.Errorf("read of %d: gone %t, %v", ids[i], got == nil, diagnostics)
			}
		})

		// Each of the deleted ones costs a read and a list that confirms it; the others fill at most two pages.
		atMost(t, sim, 2*deleted+6)
	}
}

func TestATransient404IsNoDeletion(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim).Manage(webhookType)
	managed.MustApply(shopConfig())

	sim.Fail(simulator.Fault{Method: http.MethodGet, Path: "/api/v1/webhooks/{id}", Status: http.StatusNotFound, Times: 1})

	if plan, diagnostics := managed.On(connect(t, sim)).Plan(shopConfig()); diagnostics.HasErrors() || plan.Action != acctest.NoOp {
		t.Errorf("the plan is %v\n%s", plan.Action, diagnostics)
	}
}

func TestADeletionCountsOnlyAfterAReadConfirmsIt(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	managed := connect(t, sim).Manage(webhookType)
	managed.MustApply(shopConfig())

	sim.Fail(simulator.Fault{Method: http.MethodDelete, Status: http.StatusNotFound, Times: 1})
	sim.Fail(simulator.Fault{Method: http.MethodGet, Path: "/api/v1/webhooks/{id}", Skip: 1, Status: http.StatusBadRequest})

	if diagnostics := managed.Destroy(); !diagnostics.HasErrors() {
		t.Error("a webhook left the state without a confirmed deletion")
	}

	sim.ClearFaults()
	managed.MustDestroy()

	if left := sim.Webhooks(); len(left) != 0 {
		t.Errorf("the service still has %v", left)
	}
}
