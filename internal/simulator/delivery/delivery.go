// Package delivery sends transactions to the webhooks that cover them, as SePay does: it signs or authorizes each request,
// retries on SePay's schedule, sends alerts, and keeps a log. It sends to receivers on loopback only, and to those only where
// the settings allow it, so that a simulator never calls a server on the network.
package delivery

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// Settings are the receivers and the timing of deliveries.
type Settings struct {
	// Receivers are addresses on loopback by the host of a webhook_url: requests to https://HOST/path are sent
	// to http://ADDRESS/path, as by a tunnel.
	Receivers map[string]string
	// Loopback allows webhooks whose URL itself is on loopback.
	Loopback bool
	// Minute is the length of a minute of the retry schedule; 0 is a real minute.
	Minute time.Duration
	// Transport replaces the connection to the receivers, for tests.
	Transport http.RoundTripper
}

// Clock determines when retries are due.
type Clock interface {
	Now() time.Time
	// Advanced returns a channel that is closed when the time is next advanced by hand.
	Advanced() <-chan struct{}
}

// Sender delivers the transactions of a store. It is safe for concurrent use.
type Sender struct {
	store    *state.Store
	clock    Clock
	settings Settings
	client   *http.Client
	running  sync.WaitGroup
	context  context.Context //nolint:containedctx // deliveries outlive the request that causes them, and end with Close
	cancel   context.CancelFunc

	log log
}

// New returns a sender.
func New(store *state.Store, clock Clock, settings Settings) *Sender {
	if settings.Minute <= 0 {
		settings.Minute = time.Minute
	}

	ctx, cancel := context.WithCancel(context.Background())

	return &Sender{
		store: store, clock: clock, settings: settings, client: newClient(settings.Transport), context: ctx, cancel: cancel,
		log: log{changed: make(chan struct{}), failures: map[int64]int{}, alerted: map[int64]bool{}},
	}
}

// Deliver starts the delivery of a transaction to every webhook that covers it, in the order of their ids.
func (s *Sender) Deliver(t state.Transaction) {
	s.store.Lock()
	payload := newPayload(t, s.store.Account(t.BankAccountID))

	var covering []state.Webhook

	for _, id := range s.store.Webhooks.IDs() {
		if w, _ := s.store.Webhooks.Get(id); Covers(w, t, s.store) {
			covering = append(covering, w.Clone())
		}
	}
	s.store.Unlock()

	for _, w := range covering {
		entry := s.log.add(w, t.ID, s.clock.Now())

		if _, err := s.target(w.WebhookURL); err != nil {
			s.log.finish(entry, NotSent, err.Error())

			continue
		}

		s.running.Go(func() { s.run(entry, w.ID, payload) })
	}
}

// Close ends all deliveries that are in progress and waits for their end.
func (s *Sender) Close() {
	s.cancel()
	s.running.Wait()
	s.client.CloseIdleConnections()
}

// schedule returns the waits before each retry, in minutes: SePay makes 8 attempts over about 33 minutes.
func schedule() []int { return []int{1, 1, 2, 3, 5, 8, 13} }

// run makes the attempts of one delivery. Each attempt reads the webhook again: a delivery ends when the webhook is
// deleted or switched off. Whether SePay does the same is not documented.
func (s *Sender) run(entry *Delivery, webhook int64, payload payload) {
	waits := schedule()

	for number := 1; ; number++ {
		w, found := s.webhook(webhook)
		if !found || !w.Active {
			s.log.finish(entry, Canceled, "the webhook is deleted or switched off")

			return
		}

		attempt := s.attempt(w, payload, number)
		if s.context.Err() != nil {
			s.log.finish(entry, Canceled, "the simulator was stopped")

			return
		}

		s.log.attempted(entry, attempt)
		s.log.alert(w, attempt)

		switch {
		case attempt.Delivered:
			s.log.finish(entry, Delivered, "")

			return
		case !retries(w, attempt) || number > len(waits):
			s.log.finish(entry, Failed, attempt.Problem)

			return
		}

		due := s.clock.Now().Add(time.Duration(waits[number-1]) * s.settings.Minute)
		s.log.wait(entry, due)

		if !s.sleepUntil(due) {
			s.log.finish(entry, Canceled, "the simulator was stopped")

			return
		}
	}
}

// webhook returns the current version of a webhook.
func (s *Sender) webhook(id int64) (state.Webhook, bool) {
	s.store.Lock()
	defer s.store.Unlock()

	w, found := s.store.Webhooks.Get(id)

	return w.Clone(), found
}

// sleepUntil waits until a time by the clock, and returns false when the sender is closed before.
func (s *Sender) sleepUntil(due time.Time) bool {
	for {
		advanced := s.clock.Advanced()

		left := due.Sub(s.clock.Now())
		if left <= 0 {
			return s.context.Err() == nil
		}

		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-advanced:
		case <-s.context.Done():
		}

		timer.Stop()

		if s.context.Err() != nil {
			return false
		}
	}
}
