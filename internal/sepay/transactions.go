package sepay

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strconv"
)

// Transactions yields the transactions that pass the filter, each once, in SePay's order. Pages are asked for as the
// loop goes on; the sequence ends after the first error.
func (c *Client) Transactions(ctx context.Context, filter TransactionFilter) iter.Seq2[Transaction, error] {
	transactions := list[Transaction]{
		path: "/transactions", scope: ScopeTransactionRead, older: []string{"transactions"}, decode: decodeTransaction,
		id: func(t Transaction) int64 { return t.ID },
	}

	return transactions.all(ctx, c, filter.query())
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

func decodeTransaction(value any) (Transaction, error) {
	o := readObject(value)
	transaction := Transaction{
		ID:                 o.id(),
		BankAccountID:      o.integer("bank_account_id"),
		BankBrandName:      o.text("bank_brand_name"),
		AccountNumber:      o.text("account_number"),
		TransactionDate:    o.date("transaction_date"),
		AmountOut:          o.number("amount_out"),
		AmountIn:           o.number("amount_in"),
		Accumulated:        o.number("accumulated"),
		TransactionContent: o.text("transaction_content"),
		ReferenceNumber:    o.text("reference_number"),
		Code:               o.text("code"),
		SubAccount:         o.text("sub_account"),
	}

	if o.err != nil {
		return Transaction{}, fmt.Errorf("transaction: %w", o.err)
	}

	return transaction, nil
}
