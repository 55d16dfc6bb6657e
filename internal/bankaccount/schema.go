// Package bankaccount implements the data sources for bank accounts and their virtual accounts.
package bankaccount

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

const (
	seeAPI = " See [SePay: Bank Account API](" + sepay.DocsBankAccountsAPI + ")."

	accumulatedDescription = "The balance in VND, with the digits that SePay sends. Null unless `include_accumulated` is " +
		"`true`."
	includeAccumulatedDescription = "Whether to read the balance into `accumulated`. Default: `false`, because balances " +
		"change all day: anything derived from one shows a change at every plan."
)

// accountAttributes are the attributes of one bank account, all of them computed.
func accountAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  schema.Int64Attribute{Computed: true, MarkdownDescription: "The id that SePay gave the account."},
		"label":               text("The label that the account has at SePay; null when it has none."),
		"account_holder_name": text("The name of the account holder at the bank."),
		"account_number":      text("The account number, with its leading zeros."),
		"active":              schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether SePay monitors the account."},
		"created_at": schema.StringAttribute{
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: "When the account was added to SePay, in RFC 3339 with the offset of Vietnam, `+07:00`.",
		},
		"accumulated": schema.NumberAttribute{Computed: true, MarkdownDescription: accumulatedDescription},
		"bank": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The bank that holds the account.",
			Attributes: map[string]schema.Attribute{
				"short_name": text("The short name of the bank, as in `Vietcombank`."),
				"full_name":  text("The full name of the bank."),
				"code":       text("SePay's code of the bank, as in `VCB`."),
				"bin":        text("The bank identification number, as in `970436`."),
				"icon_url":   text("The address of the bank's icon."),
				"logo_url":   text("The address of the bank's logo."),
			},
		},
	}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
