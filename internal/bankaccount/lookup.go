package bankaccount

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// filter narrows accounts. A nil active and an empty bankCode keep all.
type filter struct {
	active   *bool
	bankCode string
}

// apply returns the accounts that pass, in their order. SePay's legacy form lacks both filtered
// keys: whether such an account matches is unknown, and is an error.
func (f filter) apply(accounts []sepay.BankAccount) ([]sepay.BankAccount, error) {
	var passed []sepay.BankAccount

	for _, account := range accounts {
		if f.active != nil {
			active, known := account.Active.Get()
			if !known {
				return nil, unknownKey("active", account.ID)
			}

			if active != *f.active {
				continue
			}
		}

		if f.bankCode != "" {
			code, known := account.Bank.Code.Get()
			if !known {
				return nil, unknownKey("bank_code", account.ID)
			}

			if !strings.EqualFold(code, f.bankCode) {
				continue
			}
		}

		passed = append(passed, account)
	}

	return passed, nil
}

// unknownKeyError reports that SePay does not return the key of a filter.
type unknownKeyError struct {
	attribute string
	id        int64
}

func unknownKey(attribute string, id int64) error {
	return &unknownKeyError{attribute: attribute, id: id}
}

// Error implements error.
func (e *unknownKeyError) Error() string {
	return fmt.Sprintf("SePay did not return what %s is compared with for the bank account with the id %d. Leave %s out, "+
		"and choose the account by its id.", e.attribute, e.id, e.attribute)
}

// withNumber returns the accounts that have exactly that number.
func withNumber(accounts []sepay.BankAccount, number string) []sepay.BankAccount {
	return slices.DeleteFunc(slices.Clone(accounts), func(account sepay.BankAccount) bool {
		return account.AccountNumber != number
	})
}
