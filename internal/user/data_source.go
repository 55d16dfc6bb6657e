// Package user implements the data source for the user who authorized the provider.
package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// userDataSource is the data source sepay_user.
type userDataSource struct{ tfclient.DataSource }

var _ datasource.DataSourceWithConfigure = (*userDataSource)(nil)

// NewDataSource returns the data source sepay_user.
func NewDataSource() datasource.DataSource { return &userDataSource{} }

// Metadata implements datasource.DataSource.
func (d *userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

// Schema implements datasource.DataSource.
func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}

	resp.Schema = schema.Schema{
		MarkdownDescription: "The [user](" + sepay.DocsUserAPI + ") who authorized the provider at SePay. " +
			"Read-only.\n\nNeeds the scope `" + sepay.ScopeProfile + "`.",
		Attributes: map[string]schema.Attribute{
			"id":         schema.Int64Attribute{Computed: true, MarkdownDescription: "The id that SePay gave the user."},
			"first_name": text("The first name."),
			"last_name":  text("The last name."),
			"email":      text("The e-mail address."),
			"phone":      text("The telephone number, with its leading zero."),
			"avatar":     text("The address of the user's picture; null when there is none."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *userDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	user, err := d.Client.Me(ctx)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("read the user", err))

		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, newModel(user))...)
}
