package sequences_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// mostRequests bounds what one apply of one webhook sends, faults and retries included.
const mostRequests = 30

// recorder is a testing.TB that keeps what is wrong, so that a sequence that fails can be shortened.
type recorder struct {
	testing.TB

	mu    sync.Mutex
	wrong []string
}

// stop ends a sequence, or one of its processes.
type stop struct{}

func (*recorder) Helper()                  {}
func (*recorder) Context() context.Context { return context.Background() }
func (r *recorder) Errorf(format string, arguments ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.wrong = append(r.wrong, fmt.Sprintf(format, arguments...))
}

func (r *recorder) Error(arguments ...any) { r.Errorf("%s", fmt.Sprint(arguments...)) }

func (r *recorder) Fatalf(format string, arguments ...any) {
	r.Errorf(format, arguments...)
	panic(stop{})
}

func (r *recorder) Fatal(arguments ...any) { r.Fatalf("%s", fmt.Sprint(arguments...)) }

// guarded runs what a fatal error may end.
func guarded(do func()) {
	defer func() {
		if err := recover(); err != nil {
			if _, ok := err.(stop); !ok {
				panic(err)
			}
		}
	}()

	do()
}

// world is a simulated SePay, and what the person has: configurations and a state.
type world struct {
	*recorder

	sim  *simulator.Simulator
	dial acctest.Dial
	// ignoresActive is whether what a create leaves behind may be switched on.
	ignoresActive bool

	address  string
	declared [webhooks]map[string]any
	state    [webhooks]*acctest.Instance
	// stranger is a webhook that is not managed.
	stranger int64
	said     acctest.Diagnostics
	// lost are webhooks that a killed apply may have created: no state knows them.
	lost [webhooks]bool
	// What happens in the next apply; negative for nothing.
	killAt, expireAt time.Duration
}

func newWorld(dialect dialects.Dialect, address string) (*world, func()) {
	sim := simulator.New(simulator.WithDialect(dialect), simulator.WithAccessTokenLifetime(24*time.Hour))
	dial, end := simulator.Pipe(sim)
	w := &world{recorder: &recorder{}, sim: sim, dial: dial, address: address, killAt: -1, expireAt: -1}
	w.ignoresActive = dialect.CreateActive == dialects.CreateActiveIgnored

	for i := range w.declared {
		w.declared[i] = configuration(i, 0)
	}

	w.stranger = sim.PutWebhook(simulator.Webhook{
		Name: "Books", WebhookURL: "https://shop.example.com/0", EventType: "In_only", AuthenType: "No_Authen",
		RequestContentType: "Json", Active: true, BankMode: "single", BankAccountID: 21, VAMode: "all", AlertThreshold: 3,
	})
	sim.SetLatency(100 * time.Millisecond)

	return w, func() {
		end()
		// Idle connections end with their own timeout.
		time.Sleep(5 * time.Minute)
	}
}

func (w *world) take(s step) {
	switch s.Do {
	case configure:
		w.declared[s.Webhook] = configuration(s.Webhook, s.Which)
	case dashboard:
		w.dashboard(s)
	case fails:
		hit := faults()[s.Which].Fault
		hit.Path, hit.Skip, hit.Times = "/api/v1/", s.At, 1
		w.sim.Fail(hit)
	case kill:
		w.killAt = time.Duration(s.At) * time.Millisecond
	case expire:
		w.expireAt = time.Duration(s.At) * time.Millisecond
	case apply:
		w.process().run(w, 0, 1)
	case together:
		var processes sync.WaitGroup
		// What is to happen to the next process happens to the first.
		first := w.process()
		second := w.process()

		processes.Go(func() { guarded(func() { first.run(w, 0) }) })
		processes.Go(func() { guarded(func() { second.run(w, 1) }) })
		processes.Wait()
	}
}

func (w *world) dashboard(s step) {
	if w.state[s.Webhook] == nil {
		return
	}

	id, _ := w.state[s.Webhook].Values["id"].(int64)

	change := dashboardChanges()[s.Which]
	if change == nil {
		w.sim.DeleteWebhook(id)
	} else if _, exists := w.sim.Webhook(id); exists {
		if err := w.sim.ChangeWebhook(id, change); err != nil {
			w.Fatal(err)
		}
	}
}

// process is one run of the tool, and what happens to it meanwhile; negative for nothing.
type process struct{ killAt, expireAt time.Duration }

func (w *world) process() process {
	p := process{w.killAt, w.expireAt}
	w.killAt, w.expireAt = -1, -1

	return p
}

// run applies some of the webhooks, sequentially, and reports whether there was no error.
func (p process) run(w *world, which ...int) bool {
	line := &line{dial: w.dial}

	if p.killAt >= 0 {
		defer time.AfterFunc(p.killAt, line.cut).Stop()
	}

	settings := map[string]any{"max_retries": 2, "base_url": w.address}
	if p.killAt >= 0 {
		settings["max_retries"] = 0
	}

	server := acctest.NewPipedServer(w, w.sim, line.connect, settings)

	if p.expireAt >= 0 {
		defer time.AfterFunc(p.expireAt, w.sim.ExpireAccessTokens).Stop()
	}

	good := true

	for _, i := range which {
		good = w.apply(server, i, line.isCut) && good
	}

	return good
}

// line is what connects a process. Once it is cut, no connection exists and none can be made.
type line struct {
	dial acctest.Dial

	mu          sync.Mutex
	connections []net.Conn
	gone        bool
}

func (l *line) connect(ctx context.Context, network, address string) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if l.gone {
		return nil, net.ErrClosed
	}

	connection, err := l.dial(ctx, network, address)
	if err == nil {
		l.connections = append(l.connections, connection)
	}

	return connection, err
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.gone = true

	for _, connection := range l.connections {
		_ = connection.Close()
	}
}

func (l *line) isCut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.gone
}

func (w *world) apply(server *acctest.Server, i int, killed func() bool) bool {
	managed := server.Manage("sepay_webhook")
	managed.Instance = w.state[i]

	before := len(w.sim.Requests())
	said := managed.Apply(w.declared[i])

	if sent := len(w.sim.Requests()) - before; sent > webhooks*mostRequests {
		w.Errorf("the apply of webhook %d sent %d requests", i, sent)
	}

	// Who is killed says nothing and writes no state.
	if killed() {
		w.mu.Lock()
		w.lost[i] = w.lost[i] || !w.manages(i)
		w.mu.Unlock()

		return false
	}

	w.mu.Lock()
	w.state[i], w.said = managed.Instance, append(w.said, said...)
	w.mu.Unlock()

	for _, diagnostic := range said.Errors() {
		if strings.TrimSpace(diagnostic.Detail) == "" {
			w.Errorf("an error without a next step: %s", diagnostic)
		}
	}

	return !said.HasErrors()
}

// manages reports whether the state has a webhook that exists. One that was deleted stays in the state of a plan that fails.
func (w *world) manages(i int) bool {
	if w.state[i] == nil {
		return false
	}

	id, _ := w.state[i].Values["id"].(int64)
	_, exists := w.sim.Webhook(id)

	return exists
}

// takeOver does what the error of a plan says: it removes a deleted webhook from the state, and imports the one that a killed
// apply left.
func (w *world) takeOver(i int) {
	url := fmt.Sprintf("https://shop.example.com/%d", i)

	for _, webhook := range w.sim.Webhooks() {
		if webhook.WebhookURL == url && webhook.ID != w.stranger {
			managed := acctest.NewPipedServer(w, w.sim, w.dial, map[string]any{"base_url": w.address}).Manage("sepay_webhook")
			w.said = append(w.said, managed.Import(fmt.Sprint(webhook.ID))...)
			w.state[i] = managed.Instance
		}
	}
}

// settle lets the faults end, and applies until there is no error, twice at most.
func (w *world) settle() {
	w.sim.ClearFaults()
	w.sim.SetLatency(0)

	w.killAt, w.expireAt = -1, -1

	// Whatever SePay was still working on.
	time.Sleep(3 * time.Minute)

	for attempt := range 2 {
		begin := len(w.said)
		good := w.process().run(w, 0, 1)

		if good {
			return
		}

		if attempt == 1 {
			w.Fatalf("the second apply fails too:\n%s", w.said[begin:])
		}

		for i := range webhooks {
			if w.declared[i] != nil && !w.manages(i) && w.said[begin:].Mentions("SePay already has this webhook", "import {") {
				w.takeOver(i)
			}
		}
	}
}

// judge compares what is left with the model: exactly what is declared, the stranger as it was, and nothing more to do.
func (w *world) judge() {
	known := map[int64]bool{w.stranger: true}

	for i, config := range w.declared {
		if config == nil {
			if w.state[i] != nil {
				w.Errorf("webhook %d is not declared, and in the state", i)
			}

			continue
		}

		if w.state[i] == nil {
			w.Fatalf("webhook %d is declared, and not in the state", i)
		}

		id, _ := w.state[i].Values["id"].(int64)
		known[id] = true

		got, exists := w.sim.Webhook(id)
		active := config["active"] != false

		if !exists || got.Name != config["name"] || got.WebhookURL != config["webhook_url"] || got.EventType != config["event_type"] ||
			got.AuthenType != config["authen_type"] || got.Active != active || fmt.Sprint(got.BankAccountID) != fmt.Sprint(config["bank_account_id"]) ||
			config["only_va"] != nil && !got.OnlyVA {
			w.Errorf("webhook %d is %v at SePay, declared as %v", i, got, config)
		}
	}

	for _, webhook := range w.sim.Webhooks() {
		if known[webhook.ID] {
			continue
		}

		_, mark, _ := strings.Cut(webhook.Name, "[tf-")
		text := w.said.String()

		switch {
		case w.isForgotten(webhook):
		case webhook.Active && strings.Contains(text, "Could not check whether SePay already has this webhook"):
			// The plan said that there may be two then.
		case webhook.Active && w.ignoresActive && mark != "" && strings.Contains(text, mark) && strings.Contains(text, fmt.Sprint(webhook.ID)):
			// The error of its create named it, and the plans after it, which a changed configuration did not let fail.
		case webhook.Active:
			w.Errorf("%v is active and not declared:\n%s\n%v", webhook, text, w.sim.Requests())
		case !strings.Contains(text, fmt.Sprint(webhook.ID)) && (mark == "" || !strings.Contains(text, mark)):
			w.Errorf("%v was left behind, and nothing named it:\n%s", webhook, text)
		}
	}

	if got, ok := w.sim.Webhook(w.stranger); !ok || got.Name != "Books" || !got.Active || got.AuthenType != "No_Authen" {
		w.Errorf("the stranger is %v", got)
	}

	w.sim.ResetRequests()

	server := acctest.NewPipedServer(w, w.sim, w.dial, map[string]any{"base_url": w.address})

	for i, config := range w.declared {
		managed := server.Manage("sepay_webhook")
		managed.Instance = w.state[i]
		managed.MustPlanEmpty(config)
	}

	if sent := w.sim.Requests(); len(sent) > 2*webhooks {
		w.Errorf("an empty plan of %d webhooks sent %v", webhooks, sent)
	}
}

// isForgotten reports whether a killed apply created a webhook that the configuration has changed away from since: nobody can
// know of it. What is declared now may have another bank account, and then notifies of other payments. Under another name it is
// a second webhook on purpose, which a warning reports.
func (w *world) isForgotten(webhook simulator.Webhook) bool {
	for i, config := range w.declared {
		if w.lost[i] && webhook.WebhookURL == fmt.Sprintf("https://shop.example.com/%d", i) {
			return config == nil || fmt.Sprint(config["bank_account_id"]) != fmt.Sprint(webhook.BankAccountID) ||
				config["name"] != webhook.Name && w.said.Mentions(fmt.Sprint(webhook.ID))
		}
	}

	return false
}

// secrets finds those that were sent without being asked for: each webhook has its own.
func (w *world) secrets() {
	for _, request := range w.sim.Requests() {
		for key, value := range request.Body {
			if request.Method == http.MethodGet || !strings.Contains(key, "secret") && key != "api_key" || string(value) == `""` || string(value) == "null" {
				continue
			}

			url := string(request.Body["webhook_url"])
			for i := range webhooks {
				if strings.HasSuffix(url, fmt.Sprintf(`/%d"`, i)) && !strings.Contains(string(value), fmt.Sprintf("canary%d", i)) {
					w.Errorf("%s %s sent an unrequested secret in %s", request.Method, request.Path, key)
				}
			}

			if !strings.Contains(string(value), "canary") {
				w.Errorf("%s %s sent an unknown secret in %s", request.Method, request.Path, key)
			}
		}
	}
}
