package bankaccount

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// accountsDataSource is the data source sepay_bank_accounts.
type accountsDataSource struct{ tfclient.DataSource }

var _ datasource.DataSourceWithConfigure = (*accountsDataSource)(nil)

type accountsDataModel struct {
	Active             types.Bool     `tfsdk:"active"`
	BankCode           types.String   `tfsdk:"bank_code"`
	IncludeAccumulated types.Bool     `tfsdk:"include_accumulated"`
	BankAccounts       []accountModel `tfsdk:"bank_accounts"`
}

// NewDataSources returns the data source sepay_bank_accounts.
func NewDataSources() datasource.DataSource { return &accountsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *accountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bank_accounts"
}

// Schema implements datasource.DataSource.
func (d *accountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The [bank accounts](" + sepay.DocsBankAccountsAPI + ") of the company, ordered by id. SePay " +
			"returns all of them; the provider applies the filters.\n\nNeeds the scope `" + sepay.ScopeBankAccountRead + "`.",
		Attributes: map[string]schema.Attribute{
			"active": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Keeps the accounts that SePay monitors, or those that it does not. Unset keeps both." + seeAPI,
			},
			"bank_code": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Keeps the accounts at the bank with this code, as in `VCB`, in upper or lower case." + seeAPI,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"include_accumulated": schema.BoolAttribute{
				Optional: true, MarkdownDescription: includeAccumulatedDescription,
			},
			"bank_accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The accounts that pass the filters.",
				NestedObject:        schema.NestedAttributeObject{Attributes: accountAttributes()},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *accountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config accountsDataModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	accounts, err := d.Client.BankAccounts(ctx)
	if err != nil {
		resp.Diagnostics.Append(apidiag.Error("list the bank accounts", err))

		return
	}

	passed, err := filter{active: config.Active.ValueBoolPointer(), bankCode: config.BankCode.ValueString()}.apply(accounts)
	if unknown, ok := errors.AsType[*unknownKeyError](err); ok {
		resp.Diagnostics.AddAttributeError(path.Root(unknown.attribute), "Could not filter the bank accounts", unknown.Error())

		return
	}

	config.BankAccounts = newAccountModels(passed, config.IncludeAccumulated.ValueBool())
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
