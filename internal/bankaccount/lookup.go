package bankaccount

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// candidatesShown bounds the list of accounts in a message.
const candidatesShown = 20

// filter narrows accounts. A nil active and an empty bankCode keep all.
type filter struct {
	active   *bool
	bankCode string
}

// apply returns the accounts that pass, in their order. SePay's older form leaves out both keys that are filtered by:
// an account of which they are not known is neither a match nor none, and the error says so.
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

// unknownKeyError says that SePay does not return what a filter needs.
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

// candidates lists accounts for a message, ordered by id. Account numbers are shortened, because messages end up in the
// logs of CI systems.
func candidates(accounts []sepay.BankAccount) string {
	if len(accounts) == 0 {
		return "SePay returned no bank account at all. Connect one in SePay's dashboard, or check that the authorization " +
			"belongs to the right company."
	}

	var list strings.Builder

	list.WriteString("The bank accounts are:")

	for i, account := range sortedByID(accounts) {
		if i == candidatesShown {
			fmt.Fprintf(&list, "\n  and %d more", len(accounts)-i)

			break
		}

		fmt.Fprintf(&list, "\n  id %d: %s at %s", account.ID, shortened(account.AccountNumber), bankName(account.Bank))
	}

	return list.String()
}

func bankName(bank sepay.Bank) string {
	return bank.Code.Or(bank.ShortName.Or("an unnamed bank"))
}

// shortened keeps the last four characters of an account number, and never more than half of it.
func shortened(number string) string {
	runes := []rune(number)

	return "…" + string(runes[len(runes)-min(4, len(runes)/2):])
}
