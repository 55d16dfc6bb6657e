package transaction

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func TestAmountsAreRequestedWithAllDigitsAndNoExponent(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"18067000", "999999999999999.99", "0.1", "0"} {
		// The precision of Terraform's numbers.
		number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}

		if got := amount(types.NumberValue(number)); got == nil || got.String() != text {
			t.Errorf("got %v, want %s", got, text)
		}
	}

	if got := amount(types.NumberNull()); got != nil {
		t.Errorf("got %v for an amount that is not set", got)
	}
}

func TestLimitHasADefault(t *testing.T) {
	t.Parallel()

	if got := (listModel{}).limit(); got != 100 {
		t.Errorf("got %d", got)
	}

	if got := (listModel{Limit: types.Int64Value(7)}).limit(); got != 7 {
		t.Errorf("got %d", got)
	}
}

func TestMissingKeysAreNull(t *testing.T) {
	t.Parallel()

	model := newTransactionModel(sepay.Transaction{
		ID: 5, AmountIn: sepay.Of(json.Number("0.00")), Code: sepay.Null[string](),
	})

	if !model.Code.IsNull() || !model.SubAccount.IsNull() || !model.TransactionDate.IsNull() || !model.AmountOut.IsNull() {
		t.Errorf("got %+v, want nulls", model)
	}

	if model.AmountIn.IsNull() || model.AmountIn.ValueBigFloat().Sign() != 0 {
		t.Errorf("amount_in is %s, want 0 and not null", model.AmountIn)
	}
}
