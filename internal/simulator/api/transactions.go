package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// listTransactions lists the newest first.
func (a *API) listTransactions(c *route.Call) response.Response {
	query := c.Request.URL.Query()

	if found := checkTransactionQuery(query); len(found) > 0 {
		return response.Invalid(found, c.Dialect)
	}

	a.store.Lock()
	defer a.store.Unlock()

	var matching []state.Transaction

	for _, transaction := range slices.Backward(a.store.Transactions) {
		if a.matches(transaction, query) {
			matching = append(matching, transaction)
		}
	}

	return paged(c, matching, a.renderTransaction)
}

func (a *API) readTransaction(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	for _, transaction := range a.store.Transactions {
		if transaction.ID == c.ID {
			return response.Success(http.StatusOK, a.renderTransaction(transaction), c.Dialect)
		}
	}

	return response.NotFound()
}

func checkTransactionQuery(query url.Values) response.Problems {
	var found response.Problems

	for _, key := range []string{"from_date", "to_date"} {
		if _, err := time.Parse(time.DateOnly, query.Get(key)); query.Has(key) && err != nil {
			found.Add(key, "must be a date, YYYY-MM-DD")
		}
	}

	for _, key := range []string{"amount_in", "amount_out"} {
		if _, err := strconv.ParseFloat(query.Get(key), 64); query.Has(key) && err != nil {
			found.Add(key, "must be a number")
		}
	}

	if _, err := strconv.ParseInt(query.Get("bank_account_id"), 10, 64); query.Has("bank_account_id") && err != nil {
		found.Add("bank_account_id", "must be an integer")
	}

	return found
}

// matches reports whether a transaction passes the filters of a query, which is well formed. The caller holds the lock.
func (a *API) matches(t state.Transaction, query url.Values) bool {
	day := t.TransactionDate.In(state.Vietnam()).Format(time.DateOnly)

	return same(query, "bank_account_id", strconv.FormatInt(t.BankAccountID, 10)) &&
		same(query, "account_number", a.numberOf(t.BankAccountID)) &&
		same(query, "reference_number", t.ReferenceNumber) &&
		(!query.Has("from_date") || day >= query.Get("from_date")) &&
		(!query.Has("to_date") || day <= query.Get("to_date")) &&
		sameAmount(query, "amount_in", t.AmountIn) &&
		sameAmount(query, "amount_out", t.AmountOut)
}

func same(query url.Values, key, value string) bool {
	return !query.Has(key) || query.Get(key) == value
}

func sameAmount(query url.Values, key string, amount json.Number) bool {
	if !query.Has(key) {
		return true
	}

	asked, _ := strconv.ParseFloat(query.Get(key), 64)
	stored, _ := amount.Float64()

	return asked == stored
}

func (a *API) numberOf(bankAccountID int64) string {
	if account := a.store.Account(bankAccountID); account != nil {
		return account.AccountNumber
	}

	return ""
}

// renderTransaction writes a transaction. The caller holds the lock.
func (a *API) renderTransaction(t state.Transaction) map[string]any {
	row := map[string]any{
		"id":                  t.ID,
		"bank_account_id":     t.BankAccountID,
		"bank_brand_name":     "",
		"account_number":      a.numberOf(t.BankAccountID),
		"transaction_date":    t.TransactionDate.In(state.Vietnam()).Format(state.DateTime),
		"amount_out":          t.AmountOut,
		"amount_in":           t.AmountIn,
		"accumulated":         t.Accumulated,
		"transaction_content": t.TransactionContent,
		"reference_number":    t.ReferenceNumber,
		"code":                orNull(t.Code),
		"sub_account":         orNull(t.SubAccount),
	}
	if account := a.store.Account(t.BankAccountID); account != nil {
		row["bank_brand_name"] = account.Bank.ShortName
	}

	return row
}
