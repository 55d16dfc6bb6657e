package state

import (
	"encoding/json"
	"time"
)

// Transaction is one transaction of a bank account. The JSON form is that of the control API.
type Transaction struct {
	ID                 int64       `json:"id"`
	BankAccountID      int64       `json:"bank_account_id"`
	TransactionDate    time.Time   `json:"transaction_date"`
	AmountOut          json.Number `json:"amount_out"`
	AmountIn           json.Number `json:"amount_in"`
	Accumulated        json.Number `json:"accumulated"`
	TransactionContent string      `json:"transaction_content"`
	ReferenceNumber    string      `json:"reference_number"`
	Code               *string     `json:"code"`
	SubAccount         *string     `json:"sub_account"`
}

// Incoming reports whether money came in.
func (t Transaction) Incoming() bool {
	amount, err := t.AmountIn.Float64()

	return err == nil && amount > 0
}
