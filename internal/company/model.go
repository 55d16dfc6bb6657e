package company

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// companyModel has Terraform's values of the company. Keys that SePay did not return are null.
type companyModel struct {
	ID             types.Int64          `tfsdk:"id"`
	FullName       types.String         `tfsdk:"full_name"`
	ShortName      types.String         `tfsdk:"short_name"`
	Role           types.String         `tfsdk:"role"`
	Status         types.String         `tfsdk:"status"`
	Subscription   types.String         `tfsdk:"subscription"`
	BeginDate      types.String         `tfsdk:"begin_date"`
	EndDate        types.String         `tfsdk:"end_date"`
	Configurations *configurationsModel `tfsdk:"configurations"`
}

type configurationsModel struct {
	BankSubAccount     types.Bool        `tfsdk:"bank_sub_account"`
	Paycode            types.Bool        `tfsdk:"paycode"`
	DataStorageTime    types.String      `tfsdk:"data_storage_time"`
	PaymentCodeFormats []codeFormatModel `tfsdk:"payment_code_formats"`
}

type codeFormatModel struct {
	Prefix        types.String `tfsdk:"prefix"`
	SuffixFrom    types.Int64  `tfsdk:"suffix_from"`
	SuffixTo      types.Int64  `tfsdk:"suffix_to"`
	CharacterType types.String `tfsdk:"character_type"`
	IsActive      types.Bool   `tfsdk:"is_active"`
}

func newModel(company sepay.Company) companyModel {
	model := companyModel{
		ID:           types.Int64Value(company.ID),
		FullName:     tfvalue.String(company.FullName),
		ShortName:    tfvalue.String(company.ShortName),
		Role:         tfvalue.String(company.Role),
		Status:       tfvalue.String(company.Status),
		Subscription: tfvalue.String(company.Subscription),
		BeginDate:    tfvalue.String(company.BeginDate),
		EndDate:      tfvalue.String(company.EndDate),
	}

	if configurations, ok := company.Configurations.Get(); ok {
		model.Configurations = newConfigurationsModel(configurations)
	}

	return model
}

func newConfigurationsModel(configurations sepay.CompanyConfigurations) *configurationsModel {
	model := &configurationsModel{
		BankSubAccount:  tfvalue.Bool(configurations.BankSubAccount),
		Paycode:         tfvalue.Bool(configurations.Paycode),
		DataStorageTime: tfvalue.String(configurations.DataStorageTime),
	}

	// A nil slice is null, an empty one is an empty list: SePay distinguishes them.
	if formats, ok := configurations.PaymentCodeFormats.Get(); ok {
		model.PaymentCodeFormats = make([]codeFormatModel, 0, len(formats))

		for _, format := range formats {
			model.PaymentCodeFormats = append(model.PaymentCodeFormats, codeFormatModel{
				Prefix:        tfvalue.String(format.Prefix),
				SuffixFrom:    tfvalue.Int64(format.SuffixFrom),
				SuffixTo:      tfvalue.Int64(format.SuffixTo),
				CharacterType: tfvalue.String(format.CharacterType),
				IsActive:      tfvalue.Bool(format.IsActive),
			})
		}
	}

	return model
}
