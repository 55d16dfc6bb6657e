// Package tfclient passes the API client from the provider's Configure to resources and data sources.
package tfclient

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// DataSource is embedded in each data source. It implements Configure of datasource.DataSourceWithConfigure.
type DataSource struct {
	// Client is nil until the provider is configured.
	Client *sepay.Client
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Client = Client(req.ProviderData, &resp.Diagnostics)
}

// Client returns the client in providerData. It returns nil without an error when providerData is nil: for validation, Terraform
// configures resources before it configures the provider. It returns nil and adds an error for any other type.
func Client(providerData any, diags *diag.Diagnostics) *sepay.Client {
	if providerData == nil {
		return nil
	}

	client, ok := providerData.(*sepay.Client)
	if !ok {
		diags.AddError("Could not set up the SePay client", fmt.Sprintf("The provider passed a %T where a %T is "+
			"expected. This is a bug in the provider: please report it with this message.", providerData, client))

		return nil
	}

	return client
}
