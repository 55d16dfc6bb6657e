package bankaccount

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

// accountDataSource is the data source sepay_bank_account.
type accountDataSource struct{ tfclient.DataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*accountDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*accountDataSource)(nil)
)

type accountDataModel struct {
	accountModel

	BankCode           types.String `tfsdk:"bank_code"`
	IncludeAccumulated types.Bool   `tfsdk:"include_accumulated"`
}

// NewDataSource returns the data source sepay_bank_account.
func NewDataSource() datasource.DataSource { return &accountDataSource{} }

// Metadata implements datasource.DataSource.
func (d *accountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bank_account"
}

// Schema implements datasource.DataSource.
func (d *accountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := accountAttributes()
	attributes["id"] = schema.Int64Attribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "The id that SePay gave the account. Exactly one of `account_number` and `id` must be set." + seeAPI,
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
	}
	attributes["account_number"] = schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "The whole account number, with its leading zeros: write it as a string. Exactly one of " +
			"`account_number` and `id` must be set." + seeAPI,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["bank_code"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "SePay's code of the bank, as in `VCB`, in upper or lower case. It distinguishes accounts that " +
			"share a number at different banks, and is allowed only with `account_number`." + seeAPI,
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.AlsoRequires(path.MatchRoot("account_number")),
		},
	}
	attributes["include_accumulated"] = schema.BoolAttribute{
		Optional: true, MarkdownDescription: includeAccumulatedDescription,
	}

	resp.Schema = schema.Schema{
		MarkdownDescription: "One [bank account](" + sepay.DocsBankAccountsAPI + ") of the company, by its id or by its number.\n\n" +
			"Needs the scope `" + sepay.ScopeBankAccountRead + "`.",
		Attributes: attributes,
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *accountDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("account_number")),
	}
}

// Read implements datasource.DataSource.
func (d *accountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config accountDataModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	var (
		account sepay.BankAccount
		problem diag.Diagnostic
	)

	if config.ID.IsNull() {
		account, problem = d.byNumber(ctx, config.AccountNumber.ValueString(), config.BankCode.ValueString())
	} else {
		account, problem = d.byID(ctx, config.ID.ValueInt64())
	}

	if problem != nil {
		resp.Diagnostics.Append(problem)

		return
	}

	config.accountModel = newAccountModel(account, config.IncludeAccumulated.ValueBool())
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

func (d *accountDataSource) byID(ctx context.Context, id int64) (sepay.BankAccount, diag.Diagnostic) {
	account, err := d.Client.BankAccount(ctx, id)
	if err == nil {
		return account, nil
	}

	if !sepay.IsNotFound(err) {
		return sepay.BankAccount{}, apidiag.Error(fmt.Sprintf("read bank account %d", id), err)
	}

	accounts, err := d.Client.BankAccounts(ctx)
	if err != nil {
		return sepay.BankAccount{}, apidiag.Error("list the bank accounts", err)
	}

	return sepay.BankAccount{}, diag.NewAttributeErrorDiagnostic(path.Root("id"), "Could not find the bank account",
		fmt.Sprintf("SePay has no bank account with the id %d.\n\n%s", id, candidates(accounts, "")))
}

func (d *accountDataSource) byNumber(ctx context.Context, number, bankCode string) (sepay.BankAccount, diag.Diagnostic) {
	accounts, err := d.Client.BankAccounts(ctx)
	if err != nil {
		return sepay.BankAccount{}, apidiag.Error("list the bank accounts", err)
	}

	found, err := filter{bankCode: bankCode}.apply(withNumber(accounts, number))
	if unknown, ok := errors.AsType[*unknownKeyError](err); ok {
		return sepay.BankAccount{}, diag.NewAttributeErrorDiagnostic(path.Root(unknown.attribute),
			"Could not find the bank account", unknown.Error())
	}

	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return sepay.BankAccount{}, notFound(number, bankCode, accounts)
	default:
		narrowing := "bank_code, or choose one by its id instead"
		if bankCode != "" {
			narrowing = "id instead of account_number and bank_code"
		}

		return sepay.BankAccount{}, diag.NewAttributeErrorDiagnostic(path.Root("account_number"),
			"Several bank accounts have this number", fmt.Sprintf("SePay has %d bank accounts with the number %s: set %s."+
				"\n\n%s", len(found), shortened(number), narrowing, candidates(found, "")))
	}
}
