// Package state is the state of the simulated SePay: webhooks with their history, bank accounts, transactions, the user and the
// company, with the published samples to begin with.
package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// DateTime is the layout of SePay's dates, in Vietnam's time and without an offset.
const DateTime = "2006-01-02 15:04:05"

// Vietnam is the time zone of SePay's dates.
func Vietnam() *time.Location { return time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60) }

// Store holds the state. Its mutex guards every field; callers hold it while they read a field or call a method that says so.
type Store struct {
	sync.Mutex

	Webhooks     VersionedWebhooks
	Accounts     []BankAccount // by ascending id
	Transactions []Transaction // oldest first
	User         map[string]any
	Company      map[string]any

	now func() time.Time
}

// New returns a store that holds the published samples: the bank accounts, sub-accounts, user, company and transactions, but
// no webhook. role is the one of the user in the company; now is the clock for the dates of webhooks.
func New(role string, now func() time.Time) *Store {
	return &Store{
		Webhooks: newVersionedWebhooks(), Accounts: sampleAccounts(), Transactions: sampleTransactions(),
		User: sampleUser(), Company: sampleCompany(role), now: now,
	}
}

// Now returns the time by the clock of the simulator.
func (s *Store) Now() time.Time { return s.now() }

// Secrets returns every secret that any webhook ever had.
func (s *Store) Secrets() []string {
	s.Lock()
	defer s.Unlock()

	return slices.Sorted(maps.Keys(s.Webhooks.secrets))
}

// Unmarshal decodes one JSON value of the control API: it keeps the digits of numbers and rejects unknown keys.
func Unmarshal(text []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()

	if err := decoder.Decode(target); err != nil {
		return fmt.Errorf("json: %w", err)
	}

	return nil
}
