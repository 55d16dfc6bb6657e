// Package tfclient takes the API client out of what the provider hands to each resource and data source.
package tfclient

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// Client returns the client that the provider's Configure handed over as providerData. It returns nil when there is
// none yet, because Terraform configures resources for validation before it configures the provider, and nil with an
// error in diags when providerData is of another type.
func Client(providerData any, diags *diag.Diagnostics) *sepay.Client {
	if providerData == nil {
		return nil
	}

	client, ok := providerData.(*sepay.Client)
	if !ok {
		diags.AddError("Could not set up the SePay client", fmt.Sprintf("The provider handed over a %T where a %T was "+
			"expected. This is a bug in the provider: please report it with this message.", providerData, client))

		return nil
	}

	return client
}
