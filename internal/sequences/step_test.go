package sequences_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

// What a step does.
const (
	configure = "configure" // the person edits the configuration of a webhook
	dashboard = "dashboard" // a user changes or deletes a webhook in SePay's dashboard
	fails     = "fail"      // a later request goes wrong
	expire    = "expire"    // the access token of the next apply expires while it runs
	kill      = "kill"      // the next apply is killed while it runs, and its state is lost
	apply     = "apply"
	together  = "together" // two processes apply one webhook each at the same time
)

// step is one step of a sequence. Which is the index of a choice, webhook the one that it is about, and at the instant of
// an apply in milliseconds, or the number of requests that pass before one fails.
type step struct {
	Do      string
	Webhook int
	Which   int
	At      int
}

func (s step) String() string {
	switch s.Do {
	case configure:
		return fmt.Sprintf("configure webhook %d: %v", s.Webhook, configuration(s.Webhook, s.Which))
	case dashboard:
		return fmt.Sprintf("dashboard changes webhook %d: %v", s.Webhook, dashboardChanges()[s.Which])
	case fails:
		return fmt.Sprintf("after %d requests one fails: %s", s.At, faults()[s.Which].name)
	case expire, kill:
		return fmt.Sprintf("%s %d ms after the start of the next apply", s.Do, s.At)
	}

	return s.Do
}

// sequence is a test case.
type sequence struct {
	Dialect string
	Steps   []step
}

func (s sequence) String() string {
	var text strings.Builder

	_, _ = fmt.Fprintf(&text, "dialect %s\n", s.Dialect)
	for i, step := range s.Steps {
		_, _ = fmt.Fprintf(&text, "%2d. %s\n", i+1, step)
	}

	again, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}

	_, _ = fmt.Fprintf(&text, "again: SEPAY_TEST_SEQUENCE='%s' go test -run TestAnySequence ./internal/sequences\n", again)

	return text.String()
}

func sequences() *rapid.Generator[sequence] {
	return rapid.Custom(func(t *rapid.T) sequence {
		var dialect dialects.Dialect

		for _, dimension := range dialects.Dimensions() {
			if !isRandom(dimension.ID) {
				continue
			}

			if err := dialect.Set(dimension.ID, rapid.SampledFrom(dimension.Variants).Draw(t, dimension.ID)); err != nil {
				t.Fatal(err)
			}
		}

		return sequence{Dialect: dialect.String(), Steps: rapid.SliceOfN(steps(), 1, 14).Draw(t, "steps")}
	})
}

// isRandom leaves out what is about tokens and accounts, the limit of requests, and a service that ignores changes: with it
// no apply converges, and the provider says so.
func isRandom(id string) bool {
	switch id {
	case "U9", "U10", "U11", "U12", "U14", "U16", "U17", "X5":
		return false
	}

	return !strings.HasPrefix(id, "O")
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		s := step{
			Do: rapid.SampledFrom([]string{apply, configure, dashboard, fails, together, kill, expire}).Draw(t, "do"),
			At: rapid.IntRange(0, 3).Draw(t, "requests"),
		}

		switch s.Do {
		case configure:
			s.Webhook, s.Which = rapid.IntRange(0, webhooks-1).Draw(t, "webhook"), rapid.IntRange(0, configurations-1).Draw(t, "which")
		case dashboard:
			s.Webhook = rapid.IntRange(0, webhooks-1).Draw(t, "webhook")
			s.Which = rapid.IntRange(0, len(dashboardChanges())-1).Draw(t, "which")
		case fails:
			s.Which = rapid.IntRange(0, len(faults())-1).Draw(t, "which")
		case kill, expire:
			s.At = rapid.IntRange(0, 1500).Draw(t, "at")
		}

		return s
	})
}

const (
	webhooks       = 2
	configurations = 9
)

// secret is one that webhook number i may have.
func secret(i, version int) string {
	return fmt.Sprintf("canary%d%d-c3b4e5f6a7b8c9d0e1f2a3b4", i, version)
}

// configuration is nil where the webhook is not declared. The first is the simplest.
func configuration(i, which int) map[string]any {
	c := map[string]any{
		"name": fmt.Sprintf("Shop %d", i), "webhook_url": fmt.Sprintf("https://shop.example.com/%d", i), "event_type": "In_only",
		"authen_type": "Api_Key", "api_key": secret(i, 1), "bank_account_id": 19,
	}

	switch which {
	case 1:
		return nil
	case 2:
		c["name"], c["is_verify_payment"] = fmt.Sprintf("Renamed %d", i), true
	case 3:
		c["api_key"] = secret(i, 2)
	case 4:
		delete(c, "api_key")
		c["api_key_wo"], c["api_key_wo_version"] = secret(i, 3), 1
	case 5:
		delete(c, "api_key")
		c["authen_type"] = "No_Authen"
	case 6:
		c["active"] = false
	case 7:
		c["bank_account_id"], c["event_type"] = 20, "All"
	case 8:
		c["only_va"], c["bank_sub_account_ids"] = true, []int64{25}
	}

	return c
}

// dashboardChanges has nil for a deletion.
func dashboardChanges() []map[string]any {
	return []map[string]any{
		nil,
		{"name": "Changed"},
		{"active": false},
		{"event_type": "Out_only", "skip_if_no_code": true},
		{"authen_type": "No_Authen", "api_key": ""},
		{"bank_account_id": 20},
		{"webhook_url": "https://elsewhere.example.com"},
	}
}

type namedFault struct {
	name string
	simulator.Fault
}

func faults() []namedFault {
	return []namedFault{
		{"500", simulator.Fault{Status: http.StatusInternalServerError}},
		{"502", simulator.Fault{Status: http.StatusBadGateway}},
		{"502, done", simulator.Fault{Status: http.StatusBadGateway, Commit: true}},
		{"cut before it is done", simulator.Fault{Drop: fault.DropBeforeCommit}},
		{"cut after it is done", simulator.Fault{Drop: fault.DropAfterCommit}},
		{"cut in the middle of the response", simulator.Fault{Drop: fault.DropHalfway}},
		{"late, and done", simulator.Fault{DelayAfter: 40 * time.Second}},
		{"done too late", simulator.Fault{DelayBefore: 40 * time.Second}},
		{"429", simulator.Fault{Status: http.StatusTooManyRequests}},
		{"401", simulator.Fault{Status: http.StatusUnauthorized}},
		{"403", simulator.Fault{Status: http.StatusForbidden}},
		{"404 of a proxy", simulator.Fault{Status: http.StatusNotFound, Body: "default backend - 404", ContentType: "text/html"}},
		{"422", simulator.Fault{Status: http.StatusUnprocessableEntity}},
	}
}
