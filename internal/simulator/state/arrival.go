package state

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

// Payment is an incoming payment as a payer sends it.
type Payment struct {
	BankAccountID int64  `json:"bank_account_id"`
	Amount        int64  `json:"amount"` // VND
	Content       string `json:"content"`
	// SubAccountID is the virtual account that receives the payment; 0 is the bank account itself.
	SubAccountID int64 `json:"sub_account_id"`
}

// Book adds the transaction of a payment: it increases the balance of the account, and recognizes a payment code.
func (d Dashboard) Book(p Payment) (Transaction, error) {
	d.store.Lock()
	account := d.store.Account(p.BankAccountID)

	if account == nil || p.Amount <= 0 || (p.SubAccountID != 0 && d.store.OwnerOfSubAccount(p.SubAccountID) != p.BankAccountID) {
		d.store.Unlock()

		return Transaction{}, fmt.Errorf(
			"a payment needs a bank account of the company, its own virtual account or none, and an amount: %+v", p)
	}

	account.Accumulated = plus(account.Accumulated, p.Amount)
	t := Transaction{
		BankAccountID: p.BankAccountID, AmountIn: json.Number(strconv.FormatInt(p.Amount, 10) + ".00"),
		Accumulated: account.Accumulated, TransactionContent: p.Content, Code: d.store.paymentCode(p.Content),
		TransactionDate: d.store.now(),
	}

	if p.SubAccountID != 0 {
		t.SubAccount = new(d.store.SubAccountNumber(p.SubAccountID))
	}

	d.store.Unlock()

	return d.Add(t), nil
}

// plus adds whole VND to a balance with two decimals without a float, which would lose digits.
func plus(balance json.Number, amount int64) json.Number {
	whole, decimals := balance.String(), "00"
	if n := len(whole); n > 3 && whole[n-3] == '.' {
		whole, decimals = whole[:n-3], whole[n-2:]
	}

	number, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return balance // a test set it to something other than an amount
	}

	return json.Number(strconv.FormatInt(number+amount, 10) + "." + decimals)
}

// SubAccountNumber returns the number of a virtual account, or "". The caller holds the lock.
func (s *Store) SubAccountNumber(id int64) string {
	for _, account := range s.Accounts {
		for _, sub := range account.SubAccounts {
			if sub.ID == id {
				return sub.AccountNumber
			}
		}
	}

	return ""
}

// RecognizesCodes reports whether the company has payment code recognition on. The caller holds the lock.
func (s *Store) RecognizesCodes() bool {
	configurations, _ := s.Company["configurations"].(map[string]any)
	on, _ := configurations["paycode"].(bool)

	return on
}

// paymentCode finds the first payment code in the content of a transfer. The caller holds the lock.
func (s *Store) paymentCode(content string) *string {
	configurations, _ := s.Company["configurations"].(map[string]any)
	formats, _ := configurations["payment_code_formats"].([]any)

	if !s.RecognizesCodes() {
		return nil
	}

	for _, entry := range formats {
		format, _ := entry.(map[string]any)
		characters := "[0-9A-Za-z]"

		if format["character_type"] == "NumberOnly" {
			characters = "[0-9]"
		}

		code, err := regexp.Compile(fmt.Sprintf(`\b%s%s{%v,%v}\b`,
			regexp.QuoteMeta(fmt.Sprint(format["prefix"])), characters, format["suffix_from"], format["suffix_to"]))
		if err != nil || format["is_active"] != true {
			continue
		}

		if found := code.FindString(content); found != "" {
			return &found
		}
	}

	return nil
}
