// Package company implements the data source for the company that the provider works for.
package company

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// companyDataSource is the data source sepay_company.
type companyDataSource struct{ tfclient.DataSource }

var _ datasource.DataSourceWithConfigure = (*companyDataSource)(nil)

// NewDataSource returns the data source sepay_company.
func NewDataSource() datasource.DataSource { return &companyDataSource{} }

// Metadata implements datasource.DataSource.
func (d *companyDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_company"
}

// Schema implements datasource.DataSource.
func (d *companyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = companySchema()
}

// Read implements datasource.DataSource.
func (d *companyDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	company, err := d.Client.Company(ctx)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the company", err))

		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, newModel(company))...)
}
