package webhook_test

import (
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// A form without va_mode may still couple the list with only_va: the list goes only together with it.
func TestVirtualAccountsAreRemovedInEachForm(t *testing.T) {
	t.Parallel()

	for _, form := range []dialects.Form{dialects.Form2025, dialects.Form2026} {
		for _, coupling := range []dialects.VirtualAccounts{dialects.VirtualAccountsCoupled, dialects.VirtualAccountsIndependent} {
			sim := simulator.Start(t, simulator.WithDialect(dialects.Dialect{Form: form, VirtualAccounts: coupling}))
			managed := connect(t, sim).Manage(webhookType)

			managed.MustApply(shopConfig().with(config{"only_va": true, "bank_sub_account_ids": []int64{25}}))
			managed.MustApply(shopConfig())
			managed.MustPlanEmpty(shopConfig())
		}
	}
}
