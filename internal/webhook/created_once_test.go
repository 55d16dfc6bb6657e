package webhook_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

// shopFaults are what happens to one request of a create, or to all of its kind.
func shopFaults() map[string]simulator.Fault {
	return map[string]simulator.Fault{
		"response lost, done":            {Drop: fault.DropAfterCommit, Times: 1},
		"response lost, not done":        {Drop: fault.DropBeforeCommit, Times: 1},
		"response cut in the middle":     {Drop: fault.DropHalfway, Times: 1},
		"502, done":                      {Status: http.StatusBadGateway, Commit: true, Times: 1},
		"502, not done":                  {Status: http.StatusBadGateway, Times: 1},
		"502, each time":                 {Status: http.StatusBadGateway},
		"500 without a text, done":       {Status: http.StatusInternalServerError, Commit: true, Times: 1},
		"response after 40 s":            {DelayAfter: 40 * time.Second, Times: 1},
		"done after 31 s, too late":      {DelayBefore: 31 * time.Second, Times: 1},
		"done after 60 s, too late":      {DelayBefore: time.Minute, Times: 1},
		"404 of a proxy, not done":       foreign404(simulator.Fault{Times: 1}),
		"404 of a proxy, done":           foreign404(simulator.Fault{Times: 1, Commit: true}),
		"404 of a proxy, each time":      foreign404(simulator.Fault{}),
		"504 of a proxy, done after 60s": {DelayBefore: time.Minute, Status: http.StatusGatewayTimeout, Commit: true, Times: 1},
	}
}

func foreign404(fault simulator.Fault) simulator.Fault {
	fault.Status, fault.Body, fault.ContentType = http.StatusNotFound, "default backend - 404", "text/html"

	return fault
}

// shop is a simulated SePay under simulated time, with the runs of Terraform that follow each other.
type shop struct {
	t    *testing.T
	sim  *simulator.Simulator
	dial acctest.Dial
	// token is from before the service's clock is moved: what the provider makes of its life is no matter here.
	token string
	// address is the base URL.
	address string
}

// inShop runs a test under simulated time.
func inShop(t *testing.T, dialect dialects.Dialect, test func(s shop)) {
	t.Helper()

	synctest.Test(t, func(t *testing.T) {
		sim := simulator.New(simulator.WithDialect(dialect), simulator.WithAccessTokenLifetime(24*time.Hour))
		dial, stop := simulator.Pipe(sim)

		defer func() {
			stop()
			// Idle connections end with their own timeout.
			time.Sleep(5 * time.Minute)
		}()

		test(shop{t, sim, dial, sim.NewAccessToken(), acctest.NextAddress()})
	})
}

// run is a process of its own, with the state of the one before.
func (s shop) run(managed *acctest.Managed) *acctest.Managed {
	s.t.Helper()

	server := acctest.NewPipedServer(s.t, s.sim, s.dial, map[string]any{
		"max_retries": 2, "access_token": s.token, "base_url": s.address,
	})
	if managed == nil {
		return server.Manage(webhookType)
	}

	return managed.On(server)
}

// census counts the webhooks that deliver, and those that an interrupted create left behind.
func (s shop) census() (active int, leftovers []simulator.Webhook) {
	for _, webhook := range s.sim.Webhooks() {
		if webhook.Active {
			active++
		} else {
			leftovers = append(leftovers, webhook)
		}
	}

	return active, leftovers
}

// mustName fails the test when what was said names a leftover neither by its id nor by its mark.
func (s shop) mustName(leftovers []simulator.Webhook, said acctest.Diagnostics) {
	s.t.Helper()

	for _, leftover := range leftovers {
		_, mark, marked := strings.Cut(leftover.Name, "[tf-")
		if text := said.String(); !marked || !strings.Contains(text, mark) && !strings.Contains(text, fmt.Sprint(leftover.ID)) {
			s.t.Errorf("%v was left behind, and nothing named it:\n%s", leftover, text)
		}
	}
}

func TestExactlyOneWebhookDeliversAfterAnyFaultOfACreate(t *testing.T) {
	t.Parallel()

	table := newReport(t)

	for _, dialect := range []dialects.Dialect{
		{},
		{CreateActive: dialects.CreateActiveIgnored},
		{Zone: dialects.ZoneUTC, Missing: dialects.MissingHTML},
		{Secrets: dialects.SecretsMasked, CreateResponse: dialects.CreateResponseRoot},
	} {
		for _, method := range []string{http.MethodPost, http.MethodPatch} {
			for name, fault := range shopFaults() {
				for _, clock := range []time.Duration{0, -7 * time.Hour, 7 * time.Hour} {
					for _, pause := range []time.Duration{0, 2 * time.Minute} {
						// The clock and the pause have nothing to do with how SePay responds.
						if dialect != (dialects.Dialect{}) && (clock != 0 || pause == 0) {
							continue
						}

						title := fmt.Sprintf("%s/%s/%s/clock %s/again after %s", dialect, method, name, clock, pause)
						if !proof.Try(title, 3) {
							continue
						}

						t.Run(title, func(t *testing.T) {
							t.Parallel()

							hit := fault
							if hit.Method, hit.Path = method, "/api/v1/webhooks/"; method == http.MethodPost {
								hit.Path = "/api/v1/webhooks"
							}

							inShop(t, dialect, func(s shop) { s.survive(hit, clock, pause) })
							table.rowf(t, "%s\t%s\t%s", dialect, method, name)
						})
					}
				}
			}
		}
	}
}

// survive applies until there is no error, at most twice, and looks at what delivers then.
func (s shop) survive(fault simulator.Fault, clock, pause time.Duration) {
	s.t.Helper()

	s.sim.AdvanceClock(clock)
	id := s.sim.Fail(fault)

	managed := s.run(nil)
	said := managed.Apply(shopConfig())

	if s.sim.FaultHits(id) == 0 {
		s.t.Fatal("the fault hit no request")
	}

	s.sim.ClearFaults()

	if said.HasErrors() {
		time.Sleep(pause)

		managed = s.run(managed)

		again := managed.Apply(shopConfig())
		if again.HasErrors() && again.Mentions("SePay already has this webhook", "import {") {
			// Only where SePay ignored that the webhook is to be created switched off.
			again = s.takeOver(managed)
		}

		if said = append(said, again...); again.HasErrors() {
			s.t.Fatalf("the second apply fails too:\n%s", said)
		}
	}

	// Whatever SePay was still working on.
	time.Sleep(2 * time.Minute)

	active, leftovers := s.census()
	if active != 1 {
		s.t.Errorf("%d webhooks deliver, want 1: %v\n%s\n%v", active, s.sim.Webhooks(), said, s.sim.Requests())
	}

	s.mustName(leftovers, said)

	managed = s.run(managed)
	managed.MustPlanEmpty(shopConfig())
}

// takeOver does what the error of a plan says: it imports the webhook, and applies.
func (s shop) takeOver(managed *acctest.Managed) acctest.Diagnostics {
	s.t.Helper()

	for _, webhook := range s.sim.Webhooks() {
		if webhook.Active {
			*managed = *s.run(nil)
			managed.Import(fmt.Sprint(webhook.ID))
		}
	}

	return managed.Apply(shopConfig())
}

// A provider that is killed leaves its requests cut, and no state.
func TestAKillAtAnyTimeOfACreateAddsNoSecondWebhookSilently(t *testing.T) {
	t.Parallel()

	outcomes := map[string]int{}

	var mu sync.Mutex

	t.Run("instants", func(t *testing.T) {
		t.Parallel()

		kills := proof.Times(200, 50)
		interval := 1500 * time.Millisecond / time.Duration(kills)

		for i := range kills {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()

				inShop(t, dialects.Dialect{}, func(s shop) {
					// At random, but spread over the whole create, so that no part of it goes without a kill.
					outcome := s.kill(time.Duration(i)*interval + time.Duration(rand.Int64N(int64(interval))))

					mu.Lock()
					defer mu.Unlock()

					outcomes[outcome]++
				})
			})
		}
	})

	t.Cleanup(func() {
		if len(outcomes) < 3 {
			t.Errorf("the kills had only these outcomes: %v", outcomes)
		}

		t.Logf("%v", outcomes)
	})
}

// kill cuts every connection of a create at an instant, forgets its state, and plans anew.
func (s shop) kill(at time.Duration) string {
	s.t.Helper()

	// Requests take their time, so that the instant may be before, in and after each of them.
	s.sim.SetLatency(200 * time.Millisecond)

	ctx, cancel := context.WithCancel(s.t.Context())

	var connections sync.Map

	time.AfterFunc(at, func() {
		cancel()
		connections.Range(func(connection, _ any) bool {
			if closer, ok := connection.(net.Conn); ok {
				_ = closer.Close()
			}

			return true
		})
	})

	victim := acctest.NewPipedServer(s.t, s.sim, func(_ context.Context, network, address string) (net.Conn, error) {
		connection, err := s.dial(ctx, network, address)
		if err == nil {
			connections.Store(connection, true)
		}

		return connection, err
	}, map[string]any{"max_retries": 0, "base_url": s.address})

	victim.Manage(webhookType).Apply(shopConfig())
	time.Sleep(time.Minute)
	s.sim.SetLatency(0)

	activeBefore, leftoversBefore := s.census()

	managed := s.run(nil)
	said := managed.Apply(shopConfig())

	outcome := "nothing was created"

	switch {
	case activeBefore == 1:
		outcome = "it delivers, and the plan shows the import"

		if !said.HasErrors() || !said.Mentions("SePay already has this webhook", "import {") {
			s.t.Fatalf("a second webhook was planned in silence:\n%s", said)
		}

		if more := s.takeOver(managed); more.HasErrors() {
			s.t.Fatalf("the import that the error shows does not work:\n%s", more)
		}
	case len(leftoversBefore) > 0:
		outcome = "a leftover was named"

		if said.HasErrors() {
			s.t.Fatalf("%s", said)
		}
	case said.HasErrors():
		s.t.Fatalf("%s", said)
	}

	active, leftovers := s.census()
	if active != 1 {
		s.t.Errorf("%d webhooks deliver, want 1: %v", active, s.sim.Webhooks())
	}

	s.mustName(leftovers, said)

	return outcome
}
