package state

import (
	"encoding/json"
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

// Account finds a bank account; nil is none. The caller holds the lock.
func (s *Store) Account(id int64) *BankAccount {
	for i := range s.Accounts {
		if s.Accounts[i].ID == id {
			return &s.Accounts[i]
		}
	}

	return nil
}

// OwnerOfSubAccount returns the id of the bank account that has the sub-account, or 0. The caller holds the lock.
func (s *Store) OwnerOfSubAccount(id int64) int64 {
	for _, account := range s.Accounts {
		for _, sub := range account.SubAccounts {
			if sub.ID == id {
				return account.ID
			}
		}
	}

	return 0
}
