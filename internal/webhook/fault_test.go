package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

func faultKinds() map[string]simulator.Fault {
	kinds := map[string]simulator.Fault{
		"a delay before the commit beyond the time-out": {DelayBefore: 40 * time.Second},
		"a delay after the commit beyond the time-out":  {DelayAfter: 40 * time.Second},
		"a cut before the commit":                       {Drop: fault.DropBeforeCommit},
		"a cut after the commit":                        {Drop: fault.DropAfterCommit},
		"a cut in the middle of the response":           {Drop: fault.DropHalfway},
		"500 after the commit":                          {Status: http.StatusInternalServerError, Commit: true},
		"502 after the commit":                          {Status: http.StatusBadGateway, Commit: true},
	}

	for _, status := range []int{400, 401, 403, 404, 409, 422, 429, 500, 502} {
		kinds[fmt.Sprint(status)] = simulator.Fault{Status: status}
	}

	return kinds
}

// operation is what a fault interrupts: from one configuration to the next, nil for none.
type operation struct {
	name          string
	before, after config
	// asked names the secrets that the operation may send.
	asked []string
}

func operations() []operation {
	return []operation{
		{name: "create", after: shopConfig(), asked: []string{"api_key"}},
		{name: "update", before: shopConfig(), after: shopConfig().with(config{"name": "Renamed", "is_verify_payment": true})},
		{name: "delete", before: shopConfig()},
	}
}

func TestAFaultOnAnyRequestLeavesExactlyTheDeclaredWebhooks(t *testing.T) {
	t.Parallel()

	for _, operation := range operations() {
		for name, fault := range faultKinds() {
			// Each request in turn is the one that fails, until the operation makes no request that far.
			for request := range 4 {
				title := fmt.Sprintf("%s/%s/request %d", operation.name, name, request+1)
				if !proof.Try(title, 3) {
					continue
				}

				t.Run(title, func(t *testing.T) {
					t.Parallel()
					inShop(t, dialects.Dialect{}, func(s shop) { s.interrupted(operation, fault, request) })
				})
			}
		}
	}
}

func (s shop) interrupted(operation operation, fault simulator.Fault, request int) {
	t, sim := s.t, s.sim
	t.Helper()

	// Another webhook with the same URL must never be mistaken for ours.
	stranger := sim.PutWebhook(simulator.Webhook{
		Name: "Books", WebhookURL: "https://shop.example.com/sepay", EventType: "In_only", AuthenType: "No_Authen",
		RequestContentType: "Json", Active: true, BankMode: "single", BankAccountID: 19, VAMode: "all", AlertThreshold: 3,
	})

	managed := s.run(nil)
	if operation.before != nil {
		managed.MustApply(operation.before)
	}

	fault.Path, fault.Skip, fault.Times = "/api/v1/", request, 1
	id := sim.Fail(fault)

	sim.ResetRequests()

	// A separate command: a new process has no data of the last one.
	managed = s.run(managed)

	first := apply(managed, operation.after)
	if sim.FaultHits(id) == 0 {
		return
	}

	if managed.Instance != nil && managed.Instance.Tainted {
		id, _ := managed.Instance.Values["id"].(int64)
		if webhook, _ := sim.Webhook(id); webhook.Active {
			t.Errorf("the webhook is tainted, so that the next apply replaces it, and delivers:\n%s", first)
		}
	}

	said := first

	if first.HasErrors() || first.Mentions("SePay stored another name") {
		for _, diagnostic := range first.Errors() {
			if strings.TrimSpace(diagnostic.Detail) == "" {
				t.Errorf("an error without a next step: %s", diagnostic)
			}
		}

		managed = s.run(managed)

		second := apply(managed, operation.after)
		if said = append(said, second...); second.HasErrors() {
			t.Fatalf("the second apply fails too:\n%s\nafter\n%s", second, first)
		}
	}

	// Whatever SePay was still working on.
	time.Sleep(2 * time.Minute)

	declared := 0
	if operation.after != nil {
		declared = 1
	}

	active, leftovers := s.census()
	if active != declared+1 {
		t.Fatalf("the service has %v, want the stranger %d and %d declared\n%s\n%v", sim.Webhooks(), stranger, declared, said, sim.Requests())
	}

	s.mustName(leftovers, said)

	if untouched, ok := sim.Webhook(stranger); !ok || untouched.Name != "Books" || untouched.AuthenType != "No_Authen" {
		t.Errorf("the other webhook with that URL was touched: %v", untouched)
	}

	if declared == 1 {
		managed = s.run(managed)
		managed.MustPlanEmpty(operation.after)
	}

	for _, request := range sim.Requests() {
		for _, secret := range []string{"api_key", "secret_key", "oauth2_client_secret"} {
			if request.Method != http.MethodGet && request.Has(secret) && !strings.Contains(strings.Join(operation.asked, " "), secret) {
				t.Errorf("%s %s sent %s, which was not requested", request.Method, request.Path, secret)
			}
		}
	}
}

func apply(managed *acctest.Managed, config config) acctest.Diagnostics {
	if config == nil {
		return managed.Destroy()
	}

	return managed.Apply(config)
}
