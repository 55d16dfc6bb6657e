package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

const (
	// processes work at the same time, each with a state of its own, as several configurations on one machine.
	processes = 4
	webhooks  = 3
	// faultyOf is of how many requests one is faulty.
	faultyOf = 20
	// settled is how long whatever was begun takes to end: requests that are late, and idle connections.
	settled = 6 * time.Minute
)

func TestMain(m *testing.M) {
	remove := acctest.OwnCache()
	code := m.Run()

	remove()
	os.Exit(code)
}

// TestAnHourOfPlansAndAppliesEndsInWhatIsDeclared lets several processes plan and apply at the same time, with one sign-in whose
// tokens live for a minute, and with one faulty request in twenty.
func TestAnHourOfPlansAndAppliesEndsInWhatIsDeclared(t *testing.T) { //nolint:paralleltest // it counts goroutines
	// What os/signal starts once for a process must not belong to the simulated time.
	arriving := make(chan os.Signal, 1)
	signal.Notify(arriving, syscall.SIGHUP)
	signal.Stop(arriving)

	synctest.Test(t, soak)
}

func soak(t *testing.T) {
	sim := simulator.New(simulator.WithAccessTokenLifetime(time.Minute))
	dial, stop := simulator.Pipe(sim)

	defer func() {
		stop()
		time.Sleep(settled)
	}()

	sim.SetLatency(50 * time.Millisecond)

	w := &world{sim: sim, dial: dial, store: filepath.Join(t.TempDir(), "tokens")}

	var people [processes]*person
	for i := range people {
		people[i] = &person{world: w, number: i}
		for j := range webhooks {
			people[i].declared[j] = w.declare(i, j)
		}
	}

	var measured []measure

	parts := proof.Times(6, 2)
	length := time.Duration(proof.Times(600, 30)) * time.Second

	for range parts {
		end := time.Now().Add(length)

		var working sync.WaitGroup

		working.Go(func() { w.disturb(end) })

		for _, person := range people {
			working.Go(func() { person.work(t, end) })
		}

		working.Wait()
		sim.ClearFaults()
		time.Sleep(settled)
		sim.ResetRequests()
		w.forget()

		measured = append(measured, take())
	}

	for _, person := range people {
		person.settle(t)
	}

	w.judge(t, people[:])
	flat(t, measured)

	tokens := sim.TokenCounters()
	if tokens.Calls < max(1, parts*int(length/time.Minute)/2) || tokens.Replays != 0 || tokens.Revocations != 0 {
		t.Errorf("the token endpoint counts %+v", tokens)
	}

	// A few faults may all be overcome by retries.
	if w.faults == 0 || proof.Full() && w.failures == 0 {
		t.Errorf("%d faults and %d failures: nothing was disturbed", w.faults, w.failures)
	}

	proof.Cases(t, w.runs)
	t.Logf("%d runs, %d of them failed, %d faults, tokens %+v, measured %v", w.runs, w.failures, w.faults, tokens, measured)
}

// world is a simulated SePay, and what happened.
type world struct {
	sim   *simulator.Simulator
	dial  acctest.Dial
	store string

	mu                     sync.Mutex
	runs, failures, faults int
	said                   acctest.Diagnostics
}

// process is a provider that has just been started, with the sign-in of the machine, and what ends it.
func (w *world) process(t *testing.T) (*acctest.Server, context.CancelFunc) {
	t.Helper()

	credentials := w.sim.Credentials()
	ctx, end := context.WithCancel(t.Context())

	return acctest.NewPipedServer(t, w.sim, w.dial, map[string]any{
		"access_token": nil, "client_id": credentials.ClientID, "client_secret": credentials.ClientSecret,
		"refresh_token": credentials.RefreshToken, "token_store_path": w.store, "max_retries": 3,
	}, acctest.WithContext(ctx)), end
}

// forget drops what was said of webhooks that are in a state or gone. It would be most of what the test keeps.
func (w *world) forget() {
	var left []string

	for _, webhook := range w.sim.Webhooks() {
		if strings.Contains(webhook.Name, "[tf-") {
			left = append(left, fmt.Sprint(webhook.ID), webhook.Name)
		}
	}

	w.said = slices.Clip(slices.DeleteFunc(w.said, func(said acctest.Diagnostic) bool {
		return !slices.ContainsFunc(left, func(text string) bool { return strings.Contains(said.Summary+said.Detail, text) })
	}))
}

// declare returns a configuration of a webhook, one of many.
func (*world) declare(person, webhook int) map[string]any {
	c := map[string]any{
		"name": fmt.Sprintf("Shop %d.%d", person, webhook), "webhook_url": fmt.Sprintf("https://shop.example.com/%d/%d", person, webhook),
		"event_type": []string{"All", "In_only", "Out_only"}[rand.IntN(3)], "bank_account_id": 19 + rand.IntN(2), "authen_type": "No_Authen",
		"is_verify_payment": rand.IntN(2) == 0,
	}

	switch rand.IntN(3) {
	case 0:
		c["authen_type"], c["api_key"] = "Api_Key", fmt.Sprintf("key-of-the-shop-%d", rand.IntN(5))
	case 1:
		c["authen_type"], c["secret_key_wo"] = "HMAC_SHA256", fmt.Sprintf("whsec_of_the_shop_%d", rand.IntN(5))
	}

	return c
}

// disturb lets one of twenty requests go wrong until the end. Of the faults of the token endpoint, only those are among them
// that leave the sign-in as it is: SePay accepts a refresh token once.
func (w *world) disturb(end time.Time) {
	for time.Now().Before(end) {
		w.sim.ClearFaults()

		before := w.sim.Counters().Requests

		var ids []fault.ID

		for i := range 20 {
			hit := kinds()[rand.IntN(len(kinds()))]
			hit.Path, hit.Times, hit.Skip = "/api/v1/", 1, i*faultyOf+rand.IntN(faultyOf)
			ids = append(ids, w.sim.Fail(hit))

			hit = simulator.Fault{
				Path: "/oauth/token", Times: 1, Skip: i*faultyOf + rand.IntN(faultyOf),
				Status: []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}[rand.IntN(2)],
			}
			ids = append(ids, w.sim.Fail(hit))
		}

		// Before the faults are used up.
		for time.Now().Before(end) && w.sim.Counters().Requests-before < 20*faultyOf/2 {
			time.Sleep(time.Second)
		}

		for _, id := range ids {
			w.faults += w.sim.FaultHits(id)
		}
	}
}

func kinds() []simulator.Fault {
	return []simulator.Fault{
		{Status: http.StatusInternalServerError},
		{Status: http.StatusBadGateway},
		{Status: http.StatusBadGateway, Commit: true},
		{Status: http.StatusTooManyRequests},
		{Status: http.StatusUnauthorized},
		{Drop: fault.DropBeforeCommit},
		{Drop: fault.DropAfterCommit},
		{Drop: fault.DropHalfway},
		{DelayAfter: 20 * time.Second},
		{DelayAfter: 40 * time.Second},
		{Status: http.StatusNotFound, Body: "default backend - 404", ContentType: "text/html"},
	}
}

// person has a configuration and its state.
type person struct {
	*world

	number   int
	declared [webhooks]map[string]any
	state    [webhooks]*acctest.Managed
}

// work changes the configuration, plans and applies until the end.
func (p *person) work(t *testing.T, end time.Time) {
	t.Helper()

	for time.Now().Before(end) {
		if rand.IntN(2) == 0 {
			which := rand.IntN(webhooks)
			p.declared[which] = p.declare(p.number, which)
		}

		p.run(t, rand.IntN(3) > 0)
		time.Sleep(time.Duration(rand.Int64N(int64(15 * time.Second))))
	}
}

// run is a plan or an apply of all webhooks by a process of its own. It reports whether there was no error.
func (p *person) run(t *testing.T, apply bool) bool {
	t.Helper()

	server, end := p.process(t)
	defer end()

	good := make([]bool, webhooks)

	var together sync.WaitGroup

	for i := range webhooks {
		if p.state[i] == nil {
			p.state[i] = server.Manage("sepay_webhook")
		}

		p.state[i] = p.state[i].On(server)

		together.Go(func() {
			_, said := p.state[i].Plan(p.declared[i])
			if apply {
				said = p.state[i].Apply(p.declared[i])
			}

			good[i] = !said.HasErrors()

			p.mu.Lock()
			defer p.mu.Unlock()

			for _, diagnostic := range said {
				// These come with each run, and would be most of what the test keeps.
				if !strings.Contains(diagnostic.Summary, "is stored in the state") {
					p.said = append(p.said, diagnostic)
				}
			}
		})
	}

	together.Wait()

	all := good[0] && good[1] && good[2]

	p.mu.Lock()
	defer p.mu.Unlock()

	p.runs++
	if !all {
		p.failures++
	}

	return all
}

// settle applies without faults until there is no error, twice at most.
func (p *person) settle(t *testing.T) {
	t.Helper()

	begin := len(p.said)

	for applies := 1; !p.run(t, true); applies++ {
		if applies == 2 {
			t.Fatalf("the second apply fails too:\n%s", p.said[begin:])
		}
	}

	server, end := p.process(t)
	defer end()

	for i := range webhooks {
		p.state[i] = p.state[i].On(server)
		p.state[i].MustPlanEmpty(p.declared[i])
	}
}

// judge compares what SePay has with what is declared.
func (w *world) judge(t *testing.T, people []*person) {
	t.Helper()

	declared := map[int64]map[string]any{}

	for _, person := range people {
		for i := range webhooks {
			id, _ := person.state[i].Value("id").(int64)
			declared[id] = person.declared[i]
		}
	}

	if len(declared) != processes*webhooks {
		t.Errorf("the states have %d webhooks", len(declared))
	}

	for _, webhook := range w.sim.Webhooks() {
		config, known := declared[webhook.ID]
		delete(declared, webhook.ID)

		switch {
		case !known && webhook.Active:
			t.Errorf("%v is active, and no state has it", webhook)
		case !known && !w.said.Mentions(fmt.Sprint(webhook.ID)) && !w.said.Mentions(webhook.Name):
			t.Errorf("%v was left behind, and nothing named it", webhook)
		case known && (!webhook.Active || webhook.Name != config["name"] || webhook.WebhookURL != config["webhook_url"] ||
			webhook.EventType != config["event_type"] || webhook.AuthenType != config["authen_type"] ||
			fmt.Sprint(webhook.BankAccountID) != fmt.Sprint(config["bank_account_id"]) ||
			webhook.IsVerifyPayment != config["is_verify_payment"] ||
			config["api_key"] != nil && webhook.APIKey != config["api_key"] ||
			config["secret_key_wo"] != nil && webhook.SecretKey != config["secret_key_wo"]):
			t.Errorf("SePay has %v, declared as %v", webhook, config)
		}
	}

	for id := range declared {
		t.Errorf("webhook %d is declared, and SePay does not have it", id)
	}
}

// measure returns the resources of the idle process.
type measure struct {
	goroutines int
	heap       uint64
}

func take() measure {
	// What finalizers free is freed by the second one.
	runtime.GC()
	runtime.GC()

	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)

	return measure{runtime.NumGoroutine(), memory.HeapAlloc}
}

// flat fails the test when the last measure is above the first by more than half: the simulator keeps each token.
func flat(t *testing.T, measured []measure) {
	t.Helper()

	first, last := measured[0], measured[len(measured)-1]
	if last.goroutines > first.goroutines || last.heap > first.heap*3/2 {
		t.Errorf("goroutines and heap grow: %v", measured)
	}
}
