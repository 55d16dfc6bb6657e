package company

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func companySchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The [company](" + sepay.DocsCompanyAPI + ") of the user who authorized the provider at " +
			"SePay. Read-only.\n\n" +
			"Needs the scope `" + sepay.ScopeCompany + "`, and the user must be `Admin` or `SuperAdmin` in the company.",
		Attributes: map[string]schema.Attribute{
			"id":           number("The id that SePay gave the company."),
			"full_name":    text("The full name."),
			"short_name":   text("The short name."),
			"role":         text("The role of the user in the company, `Admin` or `SuperAdmin`."),
			"status":       text("The status of the company at SePay, as in `active`."),
			"subscription": text("The plan that the company has at SePay; null when it has none."),
			"begin_date":   text("The first day of the subscription, `YYYY-MM-DD`; null when there is none."),
			"end_date":     text("The last day of the subscription, `YYYY-MM-DD`; null when there is none."),
			"configurations": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The company's settings; null when SePay does not return them.",
				Attributes: map[string]schema.Attribute{
					"bank_sub_account":  flag("Whether the company uses virtual accounts."),
					"paycode":           flag("Whether SePay looks for payment codes in transfer texts."),
					"data_storage_time": text("For how many days SePay keeps transactions. A string, as SePay sends it."),
					"payment_code_formats": schema.ListNestedAttribute{
						Computed: true,
						MarkdownDescription: "The forms in which SePay looks for payment codes, in SePay's order: " +
							"a prefix and then a suffix.",
						NestedObject: schema.NestedAttributeObject{Attributes: codeFormatAttributes()},
					},
				},
			},
		},
	}
}

func codeFormatAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"prefix":      text("The letters that a payment code begins with."),
		"suffix_from": number("The least number of characters after the prefix."),
		"suffix_to":   number("The greatest number of characters after the prefix."),
		"character_type": text("What the characters after the prefix are: `NumberOnly` (digits) or `NumberAndLetter` (digits " +
			"and letters)."),
		"is_active": flag("Whether SePay uses this form."),
	}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func flag(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}
