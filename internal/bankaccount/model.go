package bankaccount

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// accountModel has Terraform's values of a bank account. Keys that SePay did not return are null.
type accountModel struct {
	ID                types.Int64       `tfsdk:"id"`
	Label             types.String      `tfsdk:"label"`
	AccountHolderName types.String      `tfsdk:"account_holder_name"`
	AccountNumber     types.String      `tfsdk:"account_number"`
	Active            types.Bool        `tfsdk:"active"`
	CreatedAt         timetypes.RFC3339 `tfsdk:"created_at"`
	Accumulated       types.Number      `tfsdk:"accumulated"`
	Bank              *bankModel        `tfsdk:"bank"`
}

type bankModel struct {
	ShortName types.String `tfsdk:"short_name"`
	FullName  types.String `tfsdk:"full_name"`
	Code      types.String `tfsdk:"code"`
	BIN       types.String `tfsdk:"bin"`
	IconURL   types.String `tfsdk:"icon_url"`
	LogoURL   types.String `tfsdk:"logo_url"`
}

type subAccountModel struct {
	ID            types.Int64  `tfsdk:"id"`
	AccountNumber types.String `tfsdk:"account_number"`
	Label         types.String `tfsdk:"label"`
}

// newAccountModel maps an account. The balance changes all day, and an output of a whole account would show a change at every
// plan: it is null unless it is included.
func newAccountModel(account sepay.BankAccount, includeAccumulated bool) accountModel {
	model := accountModel{
		ID:                types.Int64Value(account.ID),
		Label:             tfvalue.String(account.Label),
		AccountHolderName: tfvalue.String(account.AccountHolderName),
		AccountNumber:     types.StringValue(account.AccountNumber),
		Active:            tfvalue.Bool(account.Active),
		CreatedAt:         tfvalue.Time(account.CreatedAt),
		Accumulated:       types.NumberNull(),
		Bank: &bankModel{
			ShortName: tfvalue.String(account.Bank.ShortName),
			FullName:  tfvalue.String(account.Bank.FullName),
			Code:      tfvalue.String(account.Bank.Code),
			BIN:       tfvalue.String(account.Bank.BIN),
			IconURL:   tfvalue.String(account.Bank.IconURL),
			LogoURL:   tfvalue.String(account.Bank.LogoURL),
		},
	}

	if includeAccumulated {
		model.Accumulated = tfvalue.Number(account.Accumulated)
	}

	return model
}

// newAccountModels maps accounts, ordered by id.
func newAccountModels(accounts []sepay.BankAccount, includeAccumulated bool) []accountModel {
	models := make([]accountModel, 0, len(accounts))

	for _, account := range sortedByID(accounts) {
		models = append(models, newAccountModel(account, includeAccumulated))
	}

	return models
}

// newSubAccountModels maps virtual accounts, ordered by id.
func newSubAccountModels(accounts []sepay.SubAccount) []subAccountModel {
	models := make([]subAccountModel, 0, len(accounts))

	for _, account := range accounts {
		models = append(models, subAccountModel{
			ID:            types.Int64Value(account.ID),
			AccountNumber: types.StringValue(account.AccountNumber),
			Label:         tfvalue.String(account.Label),
		})
	}

	slices.SortFunc(models, func(a, b subAccountModel) int { return cmp.Compare(a.ID.ValueInt64(), b.ID.ValueInt64()) })

	return models
}

func sortedByID(accounts []sepay.BankAccount) []sepay.BankAccount {
	return slices.SortedFunc(slices.Values(accounts), func(a, b sepay.BankAccount) int { return cmp.Compare(a.ID, b.ID) })
}
