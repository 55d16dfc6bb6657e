package webhook

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// newReadable reads a response for a data source: as the managed resource reads it for the first time, but that a data
// source distinguishes null, which SePay does not return, from empty.
func newReadable(got sepay.Webhook) readable {
	texts, ids := types.SetNull(types.StringType), types.SetNull(types.Int64Type)

	read := refreshed(model{}, got).readable
	read.PrefixFilters = returnedSet(texts, got.PrefixFilters, tfvalue.StringSet, texts)
	read.BankAccountIDs = returnedSet(ids, got.BankAccountIDs, tfvalue.Int64Set, ids)
	read.BankSubAccountIDs = returnedSet(ids, got.BankSubAccountIDs, tfvalue.Int64Set, ids)
	read.AlertChannelIDs = returnedSet(ids, got.AlertChannelIDs, tfvalue.Int64Set, ids)

	return read
}
