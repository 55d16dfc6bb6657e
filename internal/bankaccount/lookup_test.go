package bankaccount

import (
	"errors"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func TestFilters(t *testing.T) {
	t.Parallel()

	accounts := []sepay.BankAccount{
		{ID: 1, Active: sepay.Of(true), Bank: sepay.Bank{Code: sepay.Of("VCB")}},
		{ID: 2, Active: sepay.Of(false), Bank: sepay.Bank{Code: sepay.Of("VCB")}},
		{ID: 3, Active: sepay.Of(true), Bank: sepay.Bank{Code: sepay.Of("MB")}},
	}

	for _, test := range []struct {
		name   string
		filter filter
		want   []int64
	}{
		{"none", filter{}, []int64{1, 2, 3}},
		{"active", filter{active: new(true)}, []int64{1, 3}},
		{"inactive", filter{active: new(false)}, []int64{2}},
		{"bank in lower case", filter{bankCode: "vcb"}, []int64{1, 2}},
		{"both", filter{active: new(true), bankCode: "VCB"}, []int64{1}},
		{"a part of a code", filter{bankCode: "VC"}, nil},
	} {
		passed, err := test.filter.apply(accounts)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}

		var ids []int64
		for _, account := range passed {
			ids = append(ids, account.ID)
		}

		if len(ids) != len(test.want) {
			t.Errorf("%s: got %v, want %v", test.name, ids, test.want)

			continue
		}

		for i, id := range test.want {
			if ids[i] != id {
				t.Errorf("%s: got %v, want %v", test.name, ids, test.want)
			}
		}
	}
}

func TestAFilterOnAMissingKeyIsAnErrorAndNotAnEmptyList(t *testing.T) {
	t.Parallel()

	for attribute, filter := range map[string]filter{"active": {active: new(true)}, "bank_code": {bankCode: "VCB"}} {
		_, err := filter.apply([]sepay.BankAccount{{ID: 7}})

		var unknown *unknownKeyError
		if !errors.As(err, &unknown) || unknown.attribute != attribute || !strings.Contains(err.Error(), "the id 7") {
			t.Errorf("%s: got %v", attribute, err)
		}
	}
}

func TestAccountNumbersAreShortenedInMessages(t *testing.T) {
	t.Parallel()

	for number, want := range map[string]string{
		"0071000888888": "…8888", "12345678": "…5678", "12345": "…45", "1": "…", "": "…",
	} {
		if got := shortened(number); got != want {
			t.Errorf("%q: got %q, want %q", number, got, want)
		}
	}
}

func TestCandidatesAreListedUpToABound(t *testing.T) {
	t.Parallel()

	if got := candidates(nil, ""); !strings.Contains(got, "returned no bank account") {
		t.Errorf("got %q", got)
	}

	accounts := make([]sepay.BankAccount, 25)
	for i := range accounts {
		accounts[i] = sepay.BankAccount{
			ID: int64(25 - i), AccountNumber: "0071000888888", Bank: sepay.Bank{ShortName: sepay.Of("Vietcombank")},
		}
	}

	got := candidates(accounts, "")
	if strings.Contains(got, "0071000") {
		t.Errorf("a whole account number is shown: %s", got)
	}

	if !strings.Contains(got, "\n  id 1: …8888 at Vietcombank\n  id 2:") || !strings.HasSuffix(got, "\n  and 5 more") {
		t.Errorf("got %q, want 20 accounts from id 1 on and the number of the rest", got)
	}
}
