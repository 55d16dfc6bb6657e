package wire_test

import (
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

type bank struct {
	Code wire.Field[string]
}

type account struct {
	ID      int64
	Label   wire.Field[string]
	Created wire.Field[time.Time]
	Bank    bank
	Number  string
	Numbers wire.Field[[]int64]
}

func TestEachFieldOfAStructHasABit(t *testing.T) {
	t.Parallel()

	keys := wire.Keys[account]()

	for want, object := range map[uint64]account{
		0:        {ID: 1, Number: "x"},
		1:        {Label: wire.Of("")},
		1 << 1:   {Created: wire.Null[time.Time]()},
		1 << 2:   {Bank: bank{Code: wire.Of("VCB")}},
		1 << 3:   {Numbers: wire.Of([]int64{})},
		1 | 1<<3: {Label: wire.Null[string](), Numbers: wire.Null[[]int64]()},
	} {
		if got := keys(object); got != want {
			t.Errorf("%+v: %b, want %b", object, got, want)
		}
	}
}
