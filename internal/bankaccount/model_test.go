package bankaccount

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func TestBalanceIsNullUnlessIncluded(t *testing.T) {
	t.Parallel()

	account := sepay.BankAccount{ID: 1, Accumulated: sepay.Of(json.Number("999999999999999.99"))}

	if got := newAccountModel(account, false).Accumulated; !got.IsNull() {
		t.Errorf("got %s without asking, want null", got)
	}

	if got := newAccountModel(account, true).Accumulated.ValueBigFloat().Text('f', -1); got != "999999999999999.99" {
		t.Errorf("got %s, want every digit", got)
	}
}

func TestMissingKeysAreNull(t *testing.T) {
	t.Parallel()

	model := newAccountModel(sepay.BankAccount{ID: 1, AccountNumber: "0071", Label: sepay.Null[string]()}, true)

	for name, null := range map[string]bool{
		"label": model.Label.IsNull(), "active": model.Active.IsNull(), "created_at": model.CreatedAt.IsNull(),
		"accumulated": model.Accumulated.IsNull(), "bank.code": model.Bank.Code.IsNull(),
	} {
		if !null {
			t.Errorf("%s is not null", name)
		}
	}

	if got := model.AccountNumber.ValueString(); got != "0071" {
		t.Errorf("account_number %q, want the leading zeros", got)
	}
}

func TestTimesKeepTheOffsetOfVietnam(t *testing.T) {
	t.Parallel()

	instant := time.Date(2025, 2, 12, 21, 9, 49, 0, time.FixedZone("", 7*3600))

	got := newAccountModel(sepay.BankAccount{CreatedAt: sepay.Of(instant)}, false).CreatedAt.ValueString()
	if got != "2025-02-12T21:09:49+07:00" {
		t.Errorf("got %s", got)
	}
}

func TestListsAreOrderedByIDInAnyOrderOfTheResponse(t *testing.T) {
	t.Parallel()

	accounts := newAccountModels([]sepay.BankAccount{{ID: 30}, {ID: 4}, {ID: 21}}, false)
	for i, want := range []int64{4, 21, 30} {
		if got := accounts[i].ID.ValueInt64(); got != want {
			t.Errorf("account %d has the id %d, want %d", i, got, want)
		}
	}

	subAccounts := newSubAccountModels([]sepay.SubAccount{{ID: 9, Label: sepay.Of("b")}, {ID: 3}})
	if subAccounts[0].ID.ValueInt64() != 3 || !subAccounts[0].Label.IsNull() || subAccounts[1].Label.ValueString() != "b" {
		t.Errorf("got %v, want the ids 3 and 9", subAccounts)
	}

	if none := newSubAccountModels(nil); none == nil {
		t.Error("no virtual account is null, want an empty list")
	}
}
