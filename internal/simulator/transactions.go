package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Transaction is one movement of money. The JSON form is that of the control API.
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

// listTransactions lists the newest first.
func listTransactions(s *Simulator, c *call) answer {
	query := c.request.URL.Query()

	if found := checkTransactionQuery(query); len(found) > 0 {
		return invalid(found, c.dialect)
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	var matching []Transaction

	for _, transaction := range slices.Backward(s.transactions) {
		if s.matches(transaction, query) {
			matching = append(matching, transaction)
		}
	}

	return paged(c, matching, s.renderTransaction)
}

func readTransaction(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, transaction := range s.transactions {
		if transaction.ID == c.id {
			return success(http.StatusOK, s.renderTransaction(transaction), c.dialect)
		}
	}

	return notFound()
}

func checkTransactionQuery(query url.Values) problems {
	var found problems

	for _, key := range []string{"from_date", "to_date"} {
		if _, err := time.Parse(time.DateOnly, query.Get(key)); query.Has(key) && err != nil {
			found.add(key, "must be a date, YYYY-MM-DD")
		}
	}

	for _, key := range []string{"amount_in", "amount_out"} {
		if _, err := strconv.ParseFloat(query.Get(key), 64); query.Has(key) && err != nil {
			found.add(key, "must be a number")
		}
	}

	if _, err := strconv.ParseInt(query.Get("bank_account_id"), 10, 64); query.Has("bank_account_id") && err != nil {
		found.add("bank_account_id", "must be an integer")
	}

	return found
}

// matches tells whether a transaction passes the filters of a query, which is well formed. The caller holds s.mu.
func (s *Simulator) matches(t Transaction, query url.Values) bool {
	day := t.TransactionDate.In(vietnam()).Format(time.DateOnly)

	return same(query, "bank_account_id", strconv.FormatInt(t.BankAccountID, 10)) &&
		same(query, "account_number", s.numberOf(t.BankAccountID)) &&
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

func (s *Simulator) numberOf(bankAccountID int64) string {
	if account := s.account(bankAccountID); account != nil {
		return account.AccountNumber
	}

	return ""
}

// renderTransaction writes a transaction. The caller holds s.mu.
func (s *Simulator) renderTransaction(t Transaction) map[string]any {
	row := map[string]any{
		"id":                  t.ID,
		"bank_account_id":     t.BankAccountID,
		"bank_brand_name":     "",
		"account_number":      s.numberOf(t.BankAccountID),
		"transaction_date":    t.TransactionDate.In(vietnam()).Format(dateTime),
		"amount_out":          t.AmountOut,
		"amount_in":           t.AmountIn,
		"accumulated":         t.Accumulated,
		"transaction_content": t.TransactionContent,
		"reference_number":    t.ReferenceNumber,
		"code":                orNull(t.Code),
		"sub_account":         orNull(t.SubAccount),
	}
	if account := s.account(t.BankAccountID); account != nil {
		row["bank_brand_name"] = account.Bank.ShortName
	}

	return row
}
