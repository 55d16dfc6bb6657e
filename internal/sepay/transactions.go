package sepay

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

func transactions() endpoint[Transaction] {
	return endpoint[Transaction]{
		path: "/transactions", scope: ScopeTransactionRead, name: "transaction",
		legacyKeys: []string{"transactions"}, decode: decodeTransaction,
		id: func(t Transaction) int64 { return t.ID },
	}
}

// Transaction is one transaction of a bank account. Source: GET /api/v1/transactions.
type Transaction struct {
	ID                 int64
	BankAccountID      Field[int64]
	BankBrandName      Field[string]
	AccountNumber      Field[string]
	TransactionDate    Field[time.Time]
	AmountOut          Field[json.Number]
	AmountIn           Field[json.Number]
	Accumulated        Field[json.Number]
	TransactionContent Field[string]
	ReferenceNumber    Field[string]
	Code               Field[string]
	SubAccount         Field[string]
}

// TransactionFilter filters a list of transactions: zero values do not filter.
type TransactionFilter struct {
	BankAccountID   int64
	AccountNumber   string
	ReferenceNumber string
	// FromDate and ToDate are days, YYYY-MM-DD, in Vietnam time.
	FromDate, ToDate string
	// AmountIn and AmountOut are exact amounts in VND; nil does not filter.
	AmountIn, AmountOut *json.Number
}

func (f TransactionFilter) query() url.Values {
	query := url.Values{}

	set := func(key, value string) {
		if value != "" {
			query.Set(key, value)
		}
	}

	if f.BankAccountID != 0 {
		set("bank_account_id", strconv.FormatInt(f.BankAccountID, 10))
	}

	set("account_number", f.AccountNumber)
	set("reference_number", f.ReferenceNumber)
	set("from_date", f.FromDate)
	set("to_date", f.ToDate)

	if f.AmountIn != nil {
		set("amount_in", f.AmountIn.String())
	}

	if f.AmountOut != nil {
		set("amount_out", f.AmountOut.String())
	}

	return query
}

// Transactions yields the transactions that pass the filter, each once, in SePay's order. Pages are requested as the
// loop needs them; the sequence ends after the first error.
func (c *Client) Transactions(ctx context.Context, filter TransactionFilter) iter.Seq2[Transaction, error] {
	return transactions().all(ctx, c, filter.query())
}

func decodeTransaction(o *wire.Object) Transaction {
	return Transaction{
		ID:                 o.ID(),
		BankAccountID:      o.Integer("bank_account_id"),
		BankBrandName:      o.Text("bank_brand_name"),
		AccountNumber:      o.Text("account_number"),
		TransactionDate:    o.Date("transaction_date"),
		AmountOut:          o.Number("amount_out"),
		AmountIn:           o.Number("amount_in"),
		Accumulated:        o.Number("accumulated"),
		TransactionContent: o.Text("transaction_content"),
		ReferenceNumber:    o.Text("reference_number"),
		Code:               o.Text("code"),
		SubAccount:         o.Text("sub_account"),
	}
}
