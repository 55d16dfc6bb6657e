package webhook

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// newReadable reads an answer for a data source: as the managed resource reads it for the first time, but that a data
// source has no configuration whose form of "empty" must be kept. Empty is empty, and null is "not returned".
func newReadable(got sepay.Webhook) readable {
	read := refreshed(model{}, got).readable
	read.PrefixFilters = returnedSet(got.PrefixFilters, types.StringType, tfvalue.StringSet)
	read.BankAccountIDs = returnedSet(got.BankAccountIDs, types.Int64Type, tfvalue.Int64Set)
	read.BankSubAccountIDs = returnedSet(got.BankSubAccountIDs, types.Int64Type, tfvalue.Int64Set)
	read.AlertChannelIDs = returnedSet(got.AlertChannelIDs, types.Int64Type, tfvalue.Int64Set)

	return read
}

func returnedSet[T any](field sepay.Field[[]T], of attr.Type, convert func([]T) types.Set) types.Set {
	return servedSet(types.SetNull(of), field, of, convert)
}
