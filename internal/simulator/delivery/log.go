package delivery

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// State is the state of a delivery.
type State string

// The states of a delivery.
const (
	Sending   State = "sending"
	Waiting   State = "waiting" // for a retry
	Delivered State = "delivered"
	Failed    State = "failed"
	NotSent   State = "not_sent"
	Canceled  State = "canceled"
)

// Delivery is the delivery of one transaction to one webhook.
type Delivery struct {
	ID            int        `json:"id"`
	WebhookID     int64      `json:"webhook_id"`
	Webhook       string     `json:"webhook"`
	URL           string     `json:"url"`
	TransactionID int64      `json:"transaction_id"`
	At            time.Time  `json:"at"`
	State         State      `json:"state"`
	Problem       string     `json:"problem,omitempty"`
	NextAttempt   *time.Time `json:"next_attempt,omitempty"`
	Attempts      []Attempt  `json:"attempts"`
}

// Attempt is one request to a receiver. Status is 0 when there was no response.
type Attempt struct {
	Number       int       `json:"number"`
	At           time.Time `json:"at"`
	Status       int       `json:"status"`
	Milliseconds int64     `json:"milliseconds"`
	Delivered    bool      `json:"delivered"`
	Problem      string    `json:"problem,omitempty"`
}

// Alert is a message that SePay sends to the alert channels of a webhook.
type Alert struct {
	WebhookID  int64     `json:"webhook_id"`
	Event      string    `json:"event"` // failure or recovery
	At         time.Time `json:"at"`
	Failures   int       `json:"failures"`
	ChannelIDs []int64   `json:"channel_ids"`
}

// log holds deliveries and alerts. changed is closed at each change and replaced.
type log struct {
	mu         sync.Mutex
	changed    chan struct{}
	last       int
	open       int
	deliveries []*Delivery
	alerts     []Alert
	failures   map[int64]int // consecutive failed attempts of each webhook
	alerted    map[int64]bool
}

// change edits the log and wakes up the goroutines that wait for a change.
func (l *log) change(edit func()) {
	l.mu.Lock()
	defer l.mu.Unlock()

	edit()
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *log) add(w state.Webhook, transaction int64, at time.Time) *Delivery {
	entry := &Delivery{
		WebhookID: w.ID, Webhook: w.Name, URL: w.WebhookURL, TransactionID: transaction, At: at, State: Sending, Attempts: []Attempt{},
	}

	l.change(func() {
		l.last++
		l.open++
		entry.ID = l.last
		l.deliveries = append(l.deliveries, entry)
	})

	return entry
}

func (l *log) attempted(entry *Delivery, made Attempt) {
	l.change(func() { entry.Attempts = append(entry.Attempts, made) })
}

func (l *log) wait(entry *Delivery, due time.Time) {
	l.change(func() { entry.State, entry.NextAttempt = Waiting, &due })
}

func (l *log) finish(entry *Delivery, how State, problem string) {
	l.change(func() {
		l.open--
		entry.State, entry.Problem, entry.NextAttempt = how, problem, nil
	})
}

// alert counts an attempt and sends the alerts that are due: failure once alert_threshold attempts in a row have failed, and
// recovery at the first that succeeds after that. Whether SePay counts attempts or deliveries is not documented.
func (l *log) alert(w state.Webhook, made Attempt) {
	l.change(func() {
		if !made.Delivered {
			l.failures[w.ID]++
		}

		event := ""

		switch failures := l.failures[w.ID]; {
		case made.Delivered && l.alerted[w.ID]:
			event = sepay.AlertRecovery
		case !made.Delivered && int64(failures) >= w.AlertThreshold && !l.alerted[w.ID]:
			event = sepay.AlertFailure
		}

		if event != "" {
			l.alerted[w.ID] = event == sepay.AlertFailure

			if slices.Contains(w.AlertEventTypes, event) {
				l.alerts = append(l.alerts, Alert{
					WebhookID: w.ID, Event: event, At: made.At, Failures: l.failures[w.ID], ChannelIDs: w.AlertChannelIDs,
				})
			}
		}

		if made.Delivered {
			l.failures[w.ID] = 0
		}
	})
}

// Deliveries returns every delivery since the last reset, oldest first.
func (s *Sender) Deliveries() []Delivery {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()

	deliveries := make([]Delivery, len(s.log.deliveries))
	for i, entry := range s.log.deliveries {
		deliveries[i] = *entry
		deliveries[i].Attempts = slices.Clone(entry.Attempts)
	}

	return deliveries
}

// Alerts returns every alert since the last reset, oldest first.
func (s *Sender) Alerts() []Alert {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()

	return append([]Alert{}, s.log.alerts...)
}

// ResetDeliveries empties the log of deliveries and alerts; deliveries in progress continue, but do not appear.
func (s *Sender) ResetDeliveries() {
	s.log.change(func() { s.log.deliveries, s.log.alerts = nil, nil })
}

// Settle waits until no delivery is in progress.
func (s *Sender) Settle(ctx context.Context) error {
	for {
		s.log.mu.Lock()
		open, changed := s.log.open, s.log.changed
		s.log.mu.Unlock()

		if open == 0 {
			return nil
		}

		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
