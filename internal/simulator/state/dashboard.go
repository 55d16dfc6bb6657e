package state

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Dashboard has the actions of a user in SePay's dashboard, for tests. It does not apply the checks of the API.
type Dashboard struct{ store *Store }

// Dashboard returns the dashboard of a store.
func (s *Store) Dashboard() Dashboard { return Dashboard{store: s} }

// Webhooks returns every webhook, by ascending id.
func (d Dashboard) Webhooks() []Webhook {
	d.store.Lock()
	defer d.store.Unlock()

	webhooks := make([]Webhook, 0, len(d.store.Webhooks.ids))
	for _, id := range d.store.Webhooks.ids {
		webhooks = append(webhooks, d.store.Webhooks.current[id].Clone())
	}

	return webhooks
}

// Webhook returns one webhook, and whether it exists.
func (d Dashboard) Webhook(id int64) (Webhook, bool) {
	d.store.Lock()
	defer d.store.Unlock()

	w, found := d.store.Webhooks.current[id]

	return w.Clone(), found
}

// PutWebhook stores a webhook without the checks of the API, and returns its id: a new one when it has none. Empty
// required fields get the defaults of a create.
func (d Dashboard) PutWebhook(w Webhook) int64 {
	d.store.Lock()
	defer d.store.Unlock()

	usual := NewWebhook()
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
		w.CreatedAt = d.store.now()
	}

	return d.store.Webhooks.Put(w.Clone())
}

// ChangeWebhook changes keys of a webhook as a user would in the dashboard, without the checks of the API. The keys are
// those of the JSON form of Webhook: flags are true or false, retry_conditions a list, or nil for "never set".
func (d Dashboard) ChangeWebhook(id int64, changes map[string]any) error {
	d.store.Lock()
	defer d.store.Unlock()

	before, found := d.store.Webhooks.current[id]
	if !found {
		return fmt.Errorf("there is no webhook %d", id)
	}

	after, err := before.merge(changes)
	if err != nil {
		return err
	}

	d.store.Webhooks.Put(after)

	return nil
}

// DeleteWebhook deletes a webhook, and reports whether it existed.
func (d Dashboard) DeleteWebhook(id int64) bool {
	d.store.Lock()
	defer d.store.Unlock()

	if _, found := d.store.Webhooks.current[id]; !found {
		return false
	}

	d.store.Webhooks.Remove(id)

	return true
}

// BankAccounts returns every bank account with its sub-accounts.
func (d Dashboard) BankAccounts() []BankAccount {
	d.store.Lock()
	defer d.store.Unlock()

	return slices.Clone(d.store.Accounts)
}

// PutBankAccount adds a bank account, or replaces the one with its id.
func (d Dashboard) PutBankAccount(account BankAccount) {
	d.store.Lock()
	defer d.store.Unlock()

	if existing := d.store.Account(account.ID); existing != nil {
		*existing = account

		return
	}

	d.store.Accounts = append(d.store.Accounts, account)
	slices.SortFunc(d.store.Accounts, func(a, b BankAccount) int { return int(a.ID - b.ID) })
}

// ChangeBankAccount changes keys of a bank account; the keys are those of the JSON form of BankAccount.
func (d Dashboard) ChangeBankAccount(id int64, changes map[string]any) error {
	d.store.Lock()
	defer d.store.Unlock()

	account := d.store.Account(id)
	if account == nil {
		return fmt.Errorf("there is no bank account %d", id)
	}

	text, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("bank account changes: %w", err)
	}

	changed := *account
	changed.SubAccounts = slices.Clone(account.SubAccounts)

	if err := Unmarshal(text, &changed); err != nil {
		return fmt.Errorf("bank account changes: %w", err)
	}

	changed.ID = id
	*account = changed

	return nil
}

// SetBalance changes the balance of a bank account, in VND: "2525493.00".
func (d Dashboard) SetBalance(id int64, accumulated string) error {
	return d.ChangeBankAccount(id, map[string]any{"accumulated": json.Number(accumulated)})
}

// Add adds a transaction without delivering it to webhooks, and returns it. Without an id it gets a new one, without a date it
// happens a minute after the newest one, and without a reference number it gets a new one.
func (d Dashboard) Add(t Transaction) Transaction {
	d.store.Lock()
	defer d.store.Unlock()

	newest := d.store.Transactions[len(d.store.Transactions)-1]

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

	d.store.Transactions = append(d.store.Transactions, t)

	return t
}

// ChangeUser changes keys of the response of /me; nil is null.
func (d Dashboard) ChangeUser(changes map[string]any) {
	d.store.Lock()
	defer d.store.Unlock()

	maps.Copy(d.store.User, changes)
}

// ChangeCompany changes keys of the response of /company; nil is null. Only the roles "Admin" and "SuperAdmin" may read it.
func (d Dashboard) ChangeCompany(changes map[string]any) {
	d.store.Lock()
	defer d.store.Unlock()

	maps.Copy(d.store.Company, changes)
}
