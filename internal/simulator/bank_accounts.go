package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// BankAccount is a bank account of the company. The JSON form is that of the control API.
type BankAccount struct {
	ID                int64        `json:"id"`
	Label             *string      `json:"label"`
	AccountHolderName string       `json:"account_holder_name"`
	AccountNumber     string       `json:"account_number"`
	Accumulated       json.Number  `json:"accumulated"`
	Active            bool         `json:"active"`
	CreatedAt         time.Time    `json:"created_at"`
	Bank              Bank         `json:"bank"`
	SubAccounts       []SubAccount `json:"sub_accounts"`
}

// Bank describes the bank of a bank account.
type Bank struct {
	ShortName string `json:"short_name"`
	FullName  string `json:"full_name"`
	Code      string `json:"code"`
	BIN       string `json:"bin"`
}

// SubAccount is a virtual account of a bank account.
type SubAccount struct {
	ID            int64   `json:"id"`
	AccountNumber string  `json:"account_number"`
	Label         *string `json:"label"`
}

func listBankAccounts(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	if c.dialect.BankAccountForm == BankAccountFormV1 {
		return paged(c, s.accounts, renderAccount)
	}

	asked, found := pageOf(c.request.URL.Query(), c.dialect.Paging)
	if len(found) > 0 {
		return invalid(found, c.dialect)
	}

	rows := []any{}
	for _, account := range cut(asked, s.accounts) {
		rows = append(rows, renderOldAccount(account, c.dialect))
	}

	return oldEnvelope("bankaccounts", rows)
}

func readBankAccount(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	account := s.account(c.id)
	if account == nil {
		return notFound()
	}

	if c.dialect.BankAccountForm != BankAccountFormV1 {
		return oldEnvelope("bankaccount", renderOldAccount(*account, c.dialect))
	}

	return success(http.StatusOK, renderAccount(*account), c.dialect)
}

func listSubAccounts(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	account := s.account(c.id)
	if account == nil {
		return notFound()
	}

	return paged(c, account.SubAccounts, func(sub SubAccount) map[string]any {
		return map[string]any{"id": sub.ID, "account_number": sub.AccountNumber, "label": orNull(sub.Label)}
	})
}

func renderAccount(a BankAccount) map[string]any {
	return map[string]any{
		"id":                  a.ID,
		"label":               orNull(a.Label),
		"account_holder_name": a.AccountHolderName,
		"account_number":      a.AccountNumber,
		"accumulated":         a.Accumulated,
		"active":              a.Active,
		"created_at":          a.CreatedAt.In(vietnam()).Format(dateTime),
		"bank": map[string]any{
			"short_name": a.Bank.ShortName,
			"full_name":  a.Bank.FullName,
			"code":       a.Bank.Code,
			"bin":        a.Bank.BIN,
			"icon_url":   "https://my.sepay.vn/assets/images/banklogo/" + a.Bank.Code + "-icon.png",
			"logo_url":   "https://my.sepay.vn/assets/images/banklogo/" + a.Bank.Code + ".png",
		},
	}
}

// oldEnvelope is the one of the quick start page and of the older token API, which have no paging data.
func oldEnvelope(key string, value any) answer {
	return jsonAnswer(http.StatusOK, map[string]any{"status": 200, "messages": []any{}, key: value})
}

func renderOldAccount(a BankAccount, d Dialect) any {
	if d.BankAccountForm == BankAccountFormLegacy {
		return retype(map[string]any{
			"id":                  a.ID,
			"account_holder_name": a.AccountHolderName,
			"account_number":      a.AccountNumber,
			"accumulated":         a.Accumulated,
			"label":               orNull(a.Label),
			"active":              a.Active,
			"created_at":          a.CreatedAt.In(vietnam()).Format(dateTime),
			"bank_short_name":     a.Bank.ShortName,
			"bank_full_name":      a.Bank.FullName,
			"bank_bin":            a.Bank.BIN,
			"bank_code":           a.Bank.Code,
		}, TypesStrings)
	}

	return retype(map[string]any{
		"id":                  a.ID,
		"bank_account_number": a.AccountNumber,
		"bank_short_name":     a.Bank.ShortName,
		"bank_full_name":      a.Bank.FullName,
		"accumulated_balance": a.Accumulated,
	}, d.Types)
}

// account finds a bank account. The caller holds s.mu.
func (s *Simulator) account(id int64) *BankAccount {
	for i := range s.accounts {
		if s.accounts[i].ID == id {
			return &s.accounts[i]
		}
	}

	return nil
}

// ownerOfSubAccount returns the id of the bank account that has the sub-account, or 0. The caller holds s.mu.
func (s *Simulator) ownerOfSubAccount(id int64) int64 {
	for _, account := range s.accounts {
		for _, sub := range account.SubAccounts {
			if sub.ID == id {
				return account.ID
			}
		}
	}

	return 0
}

// orNull keeps a nil pointer from becoming a typed nil, which retype would not know.
func orNull[T any](value *T) any {
	if value == nil {
		return nil
	}

	return *value
}
