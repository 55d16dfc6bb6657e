package bankaccount

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// candidatesShown limits the list of accounts in a message.
const candidatesShown = 20

// notFound explains that no account has the number, at the bank if bankCode is not empty. Account numbers are shortened in
// messages, so it describes how the number differs from one that looks the same when shortened.
func notFound(number, bankCode string, accounts []sepay.BankAccount) diag.Diagnostic {
	const summary = "Could not find the bank account"

	if elsewhere := withNumber(accounts, number); len(elsewhere) > 0 {
		return diag.NewAttributeErrorDiagnostic(path.Root("bank_code"), summary, fmt.Sprintf(
			"The account with the number %s is not at the bank %s. Correct bank_code or leave it out.\n\n%s",
			shortened(number), bankCode, candidates(elsewhere, "")))
	}

	next := "The number has to be complete, with its leading zeros."

	for _, account := range accounts {
		if difference := spelling(number, account.AccountNumber); difference != "" {
			next = fmt.Sprintf("The account with the id %d has this number %s", account.ID, difference)

			break
		}
	}

	return diag.NewAttributeErrorDiagnostic(path.Root("account_number"), summary, fmt.Sprintf(
		"SePay has no bank account with the number %s. %s\n\n%s", shortened(number), next, candidates(accounts, number)))
}

// spelling returns how the number of an account is written differently from the one that was given, when both mean the same, and
// what to do. It completes "The account has this number …".
func spelling(given, actual string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}

		return -1
	}, given)

	if plain == "" || strings.TrimLeft(plain, "0") != strings.TrimLeft(actual, "0") {
		return ""
	}

	switch zeros := len(actual) - len(plain); {
	case zeros > 0:
		return fmt.Sprintf("with %d more leading %s. Put the number in quotes: without quotes it loses its leading zeros.",
			zeros, plural("zero", zeros))
	case zeros < 0:
		return fmt.Sprintf("with %d leading %s less. Correct account_number.", -zeros, plural("zero", -zeros))
	default:
		return "without spaces or punctuation. Correct account_number."
	}
}

// candidates lists accounts for a message, ordered by id. Account numbers are shortened, because CI systems keep messages in
// their logs. number is the one that was not found, "" if there is none.
func candidates(accounts []sepay.BankAccount, number string) string {
	if len(accounts) == 0 {
		return "SePay returned no bank account. Connect one in SePay's dashboard, or check that the sign-in belongs to the right company."
	}

	var list strings.Builder

	list.WriteString("The bank accounts are:")

	for i, account := range sortedByID(accounts) {
		if i == candidatesShown {
			fmt.Fprintf(&list, "\n  and %d more", len(accounts)-i)

			break
		}

		fmt.Fprintf(&list, "\n  id %d: %s at %s%s", account.ID, shortened(account.AccountNumber), bankName(account.Bank),
			difference(number, account.AccountNumber))
	}

	return list.String()
}

// difference describes how two numbers differ that are equal when shortened.
func difference(given, actual string) string {
	if given == "" || given == actual || shortened(given) != shortened(actual) {
		return ""
	}

	a, b := []rune(given), []rune(actual)
	if len(a) != len(b) {
		return fmt.Sprintf(" (has %d characters, not %d)", len(b), len(a))
	}

	different := 0

	for i := range a {
		if a[i] != b[i] {
			different++
		}
	}

	return fmt.Sprintf(" (differs in %d %s before those shown)", different, plural("character", different))
}

func plural(noun string, count int) string {
	if count == 1 {
		return noun
	}

	return noun + "s"
}

func bankName(bank sepay.Bank) string {
	return bank.Code.Or(bank.ShortName.Or("an unnamed bank"))
}

// shortened keeps the last four characters of an account number, and never more than half of it.
func shortened(number string) string {
	runes := []rune(number)

	return "…" + string(runes[len(runes)-min(4, len(runes)/2):])
}
