package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Webhooks returns every webhook, by ascending id.
func (s *Simulator) Webhooks() []Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()

	webhooks := make([]Webhook, 0, len(s.book.ids))
	for _, id := range s.book.ids {
		webhooks = append(webhooks, s.book.current[id].clone())
	}

	return webhooks
}

// Webhook returns one webhook, and whether it exists.
func (s *Simulator) Webhook(id int64) (Webhook, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	w, found := s.book.current[id]

	return w.clone(), found
}

// PutWebhook stores a webhook as it is, without the checks of the API, and returns its id: a new one when it has none. The
// fields that every webhook has are given the value of a create when they are empty.
func (s *Simulator) PutWebhook(w Webhook) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()

	usual := newWebhook()
	for _, field := range []struct{ value, usual *string }{
		{&w.RequestContentType, &usual.RequestContentType},
		{&w.BankMode, &usual.BankMode},
		{&w.VAMode, &usual.VAMode},
	} {
		if *field.value == "" {
			*field.value = *field.usual
		}
	}

	if w.AlertThreshold == 0 {
		w.AlertThreshold = usual.AlertThreshold
	}

	if w.CreatedAt.IsZero() {
		w.CreatedAt = s.clock()
	}

	return s.book.put(w.clone())
}

// ChangeWebhook changes keys of a webhook as a person would in the dashboard, without the checks of the API. The keys are
// those of the JSON form of Webhook: flags are true or false, retry_conditions a list, or nil for "never set".
func (s *Simulator) ChangeWebhook(id int64, changes map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()

	before, found := s.book.current[id]
	if !found {
		return fmt.Errorf("there is no webhook %d", id)
	}

	after, err := before.merge(changes)
	if err != nil {
		return err
	}

	s.book.put(after)

	return nil
}

// DeleteWebhook deletes a webhook, and tells whether it existed.
func (s *Simulator) DeleteWebhook(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	if _, found := s.book.current[id]; !found {
		return false
	}

	s.book.remove(id)

	return true
}

// BankAccounts returns every bank account with its sub-accounts.
func (s *Simulator) BankAccounts() []BankAccount {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.accounts)
}

// PutBankAccount adds a bank account, or replaces the one with its id.
func (s *Simulator) PutBankAccount(account BankAccount) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if existing := s.account(account.ID); existing != nil {
		*existing = account

		return
	}

	s.accounts = append(s.accounts, account)
	slices.SortFunc(s.accounts, func(a, b BankAccount) int { return int(a.ID - b.ID) })
}

// ChangeBankAccount changes keys of a bank account; the keys are those of the JSON form of BankAccount.
func (s *Simulator) ChangeBankAccount(id int64, changes map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()

	account := s.account(id)
	if account == nil {
		return fmt.Errorf("there is no bank account %d", id)
	}

	text, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("bank account changes: %w", err)
	}

	changed := *account
	changed.SubAccounts = slices.Clone(account.SubAccounts)

	if err := decodeStrictly(text, &changed); err != nil {
		return fmt.Errorf("bank account changes: %w", err)
	}

	changed.ID = id
	*account = changed

	return nil
}

// SetBalance changes the balance of a bank account, in VND: "2525493.00".
func (s *Simulator) SetBalance(id int64, accumulated string) error {
	return s.ChangeBankAccount(id, map[string]any{"accumulated": json.Number(accumulated)})
}

// AddTransaction adds a transaction and returns its id, a new one when it has none. Without a date it happens a minute after
// the newest one, and without a reference number it gets one of its own.
func (s *Simulator) AddTransaction(t Transaction) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()

	newest := s.transactions[len(s.transactions)-1]

	if t.ID == 0 {
		t.ID = newest.ID + 1
	}

	if t.TransactionDate.IsZero() {
		t.TransactionDate = newest.TransactionDate.Add(time.Minute)
	}

	if t.ReferenceNumber == "" {
		t.ReferenceNumber = fmt.Sprintf("%06d.%s", t.ID, t.TransactionDate.Format("020106.150405"))
	}

	for _, amount := range []*json.Number{&t.AmountIn, &t.AmountOut, &t.Accumulated} {
		if *amount == "" {
			*amount = "0.00"
		}
	}

	s.transactions = append(s.transactions, t)

	return t.ID
}
