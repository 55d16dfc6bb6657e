package bankaccount

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// subAccountsDataSource is the data source sepay_bank_sub_accounts.
type subAccountsDataSource struct{ tfclient.DataSource }

var _ datasource.DataSourceWithConfigure = (*subAccountsDataSource)(nil)

type subAccountsDataModel struct {
	BankAccountID types.Int64       `tfsdk:"bank_account_id"`
	SubAccounts   []subAccountModel `tfsdk:"sub_accounts"`
}

// NewSubAccountsDataSource returns the data source sepay_bank_sub_accounts.
func NewSubAccountsDataSource() datasource.DataSource { return &subAccountsDataSource{} }

// Metadata implements datasource.DataSource.
func (d *subAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest,
	resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_bank_sub_accounts"
}

// Schema implements datasource.DataSource.
func (d *subAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The [virtual accounts](" + sepay.DocsBankAccountsAPI + ") of a bank account, ordered by id. " +
			"Limit a webhook to them with `bank_sub_account_ids`.\n\nNeeds the scope `" + sepay.ScopeBankAccountRead + "`.",
		Attributes: map[string]schema.Attribute{
			"bank_account_id": schema.Int64Attribute{
				Required:            true,
				MarkdownDescription: "The id of the bank account, as `sepay_bank_account` returns it." + seeAPI,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"sub_accounts": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The virtual accounts.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id": schema.Int64Attribute{
						Computed: true, MarkdownDescription: "The id that SePay gave the virtual account.",
					},
					"account_number": text("The number of the virtual account, with its leading zeros."),
					"label":          text("The label that the virtual account has at SePay; null when it has none."),
				}},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *subAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config subAccountsDataModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	id := config.BankAccountID.ValueInt64()
	accounts, err := d.Client.SubAccounts(ctx, id)

	switch {
	case sepay.IsNotFound(err):
		resp.Diagnostics.AddAttributeError(path.Root("bank_account_id"), "Could not find the bank account", fmt.Sprintf(
			"SePay has no bank account with the id %d. Look the id up with the data source sepay_bank_account or "+
				"sepay_bank_accounts.", id))
	case err != nil:
		resp.Diagnostics.Append(apidiag.Error(fmt.Sprintf("list the virtual accounts of bank account %d", id), err))
	default:
		config.SubAccounts = newSubAccountModels(accounts)
		resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
	}
}
