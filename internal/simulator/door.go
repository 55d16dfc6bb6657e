package simulator

import (
	"slices"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/authserver"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// APIPath is the prefix of the API below the base URL.
const APIPath = route.APIPath

// Types of the parts, under the name of the simulator.
type (
	// Webhook is a webhook as the simulator stores it.
	Webhook = state.Webhook
	// Version is one state that a webhook had.
	Version = state.Version
	// BankAccount is a bank account of the company.
	BankAccount = state.BankAccount
	// Transaction is one transaction of a bank account.
	Transaction = state.Transaction
	// Payment is an incoming payment.
	Payment = state.Payment
	// Credentials are the credentials of a client of the simulator.
	Credentials = authserver.Credentials
	// Request is one request that reached the simulator.
	Request = journal.Request
	// Fault is a fault on a route.
	Fault = fault.Fault
)

// Counters count everything since the simulator was made or ResetRequests was called; connections and tokens are never reset.
type Counters struct {
	journal.Counters

	Tokens authserver.Counters `json:"tokens"`
}

// AddTransaction adds a transaction, a new one when it has no id, and delivers it to the webhooks that cover it.
func (s *Simulator) AddTransaction(t Transaction) int64 {
	t = s.Add(t)
	s.Deliver(t)

	return t.ID
}

// Receive books an incoming payment, and delivers it to the webhooks that cover it.
func (s *Simulator) Receive(p Payment) (Transaction, error) {
	t, err := s.Book(p)
	if err != nil {
		return t, err
	}

	s.Deliver(t)

	return t, nil
}

// Fail adds a fault and returns its id.
func (s *Simulator) Fail(added Fault) fault.ID { return s.faults.Fail(added) }

// FaultHits returns how many requests a fault has hit.
func (s *Simulator) FaultHits(id fault.ID) int { return s.faults.Hits(id) }

// ClearFaults removes every fault.
func (s *Simulator) ClearFaults() { s.faults.Clear() }

// Requests returns the requests since the last reset in the order of their arrival, but not those to the control API.
func (s *Simulator) Requests() []Request { return s.journal.Requests() }

// RequestsTo returns the requests to a method and path pattern; an empty one matches all.
func (s *Simulator) RequestsTo(method, pattern string) []Request {
	return s.journal.RequestsTo(method, pattern)
}

// ResetRequests empties the log.
func (s *Simulator) ResetRequests() { s.journal.Reset() }

// Counters returns the counters.
func (s *Simulator) Counters() Counters {
	return Counters{Counters: s.journal.Counters(), Tokens: s.TokenCounters()}
}

// Secrets returns every secret that any webhook ever held, the client's secret, and every token and code ever issued: the
// strings to search for in logs, plans and states.
func (s *Simulator) Secrets() []string {
	return slices.Concat(s.store.Secrets(), []string{s.Credentials().ClientSecret}, s.IssuedTokens())
}
