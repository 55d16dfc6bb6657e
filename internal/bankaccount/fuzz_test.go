package bankaccount

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// FuzzLookup looks up accounts, one per line as number|code|active, where ? is a missing key. The result has all accounts
// with exactly that number, and the list, which other lookups share, does not change.
func FuzzLookup(f *testing.F) {
	f.Add("0071000888888|VCB|1\n71000888888|VCB|0\n0071000888888|vcb|1", "0071000888888", "vcb", uint8(1))
	f.Add("0071|?|?", "0071", "VCB", uint8(2))
	f.Add("|K|1\n 0071|\u212a|0", "", "k", uint8(0))
	f.Add("", "0071", "", uint8(0))

	f.Fuzz(func(t *testing.T, list, number, code string, active uint8) {
		var accounts []sepay.BankAccount

		for i, line := range strings.Split(list, "\n") {
			accounts = append(accounts, account(int64(i+1), line))
		}

		given := slices.Clone(accounts)
		found := withNumber(accounts, number)

		wanted := filter{bankCode: code}
		if active%3 > 0 {
			wanted.active = new(active%3 == 1)
		}

		passed, err := wanted.apply(accounts)
		if !slices.Equal(accounts, given) {
			t.Error("the list was changed")
		}

		for _, a := range accounts {
			if slices.Contains(found, a) != (a.AccountNumber == number) {
				t.Errorf("%q: account %d with the number %q", number, a.ID, a.AccountNumber)
			}
		}

		var unknown *unknownKeyError
		if err != nil {
			if !errors.As(err, &unknown) || len(passed) > 0 {
				t.Errorf("%d accounts and %v", len(passed), err)
			}

			return
		}

		// Filtering the result again changes nothing, and the case of the code does not matter.
		wanted.bankCode = strings.ToUpper(code)
		if again, err := wanted.apply(passed); strings.EqualFold(wanted.bankCode, code) && (err != nil || !slices.Equal(again, passed)) {
			t.Errorf("%d of %d accounts pass again, %v", len(again), len(passed), err)
		}

		if !slices.IsSortedFunc(passed, func(a, b sepay.BankAccount) int { return int(a.ID - b.ID) }) {
			t.Error("the order was changed")
		}

		for _, a := range accounts {
			is := slices.Contains(passed, a)
			if a.Active.Present() && wanted.active != nil && a.Active.Or(false) != *wanted.active && is || wanted == (filter{}) && !is {
				t.Errorf("account %d passes: %t", a.ID, is)
			}
		}
	})
}

func account(id int64, line string) sepay.BankAccount {
	parts := append(strings.SplitN(line, "|", 3), "?", "?")
	a := sepay.BankAccount{ID: id, AccountNumber: parts[0]}

	if parts[1] != "?" {
		a.Bank.Code = sepay.Of(parts[1])
	}

	if parts[2] != "?" {
		a.Active = sepay.Of(parts[2] == "1")
	}

	return a
}
