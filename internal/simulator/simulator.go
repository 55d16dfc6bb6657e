package simulator

import (
	"html/template"
	"net/http"
	"sync"
	"time"
)

// Simulator is a SePay with its state. It is an http.Handler and safe for concurrent use. Make one with New.
type Simulator struct {
	settings settings
	routes   []route
	pages    *template.Template
	control  http.Handler
	grants   *grants
	journal  journal
	faults   faults
	window   window

	closeOnce sync.Once
	closing   chan struct{} // closed by Close; ends all delays

	mu           sync.Mutex
	dialect      Dialect
	latency      time.Duration
	offset       time.Duration
	book         webhookBook
	accounts     []BankAccount
	transactions []Transaction
	user         map[string]any
	company      map[string]any
}

// New returns a simulator that holds the published samples: the bank accounts, sub-accounts, user, company and transaction,
// but no webhook unless an option asks for one.
func New(options ...Option) *Simulator {
	s := &Simulator{
		settings:     defaultSettings(),
		routes:       routes(),
		pages:        newPages(),
		closing:      make(chan struct{}),
		book:         newWebhookBook(),
		accounts:     sampleAccounts(),
		transactions: sampleTransactions(),
		user:         sampleUser(),
	}
	for _, option := range options {
		option(&s.settings)
	}

	s.dialect = s.settings.dialect.complete()
	s.latency = s.settings.latency
	s.company = sampleCompany(s.settings.role)
	s.grants = newGrants(s.settings, s.now)
	s.control = s.controlHandler()

	if s.settings.sampleWebhook {
		s.PutWebhook(sampleWebhook())
	}

	return s
}

// Close ends all delays that faults and latency have under way, so that a server in front of the simulator can stop.
func (s *Simulator) Close() { s.closeOnce.Do(func() { close(s.closing) }) }

// Dialect returns the dialect that is spoken now, every question answered.
func (s *Simulator) Dialect() Dialect {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.dialect
}

// SetDialect changes the dialect for all requests that begin after it.
func (s *Simulator) SetDialect(dialect Dialect) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.dialect = dialect.complete()
}

// SetLatency delays every answer, those of the OAuth pages too.
func (s *Simulator) SetLatency(latency time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.latency = latency
}

// AdvanceClock moves the simulator's clock, by which tokens and codes expire and webhooks are dated.
func (s *Simulator) AdvanceClock(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.offset += by
}

func (s *Simulator) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.clock()
}

// clock is now for callers that hold s.mu.
func (s *Simulator) clock() time.Time { return time.Now().Add(s.offset) }
