package transaction

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

const (
	defaultLimit = 100
	// maxLimit keeps a state readable: 5,000 transactions are about 2 MB of it, and 50 requests.
	maxLimit = 5000

	seeAPI = " See [SePay: Transaction API](" + sepay.DocsTransactionsAPI + ")."
)

func listSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The newest [transactions](" + sepay.DocsTransactionsAPI + ") that pass the filters, the newest first.\n\n" +
			"**Results are stored in the state**, in clear: names, amounts and transfer texts of other people. Narrow the " +
			"filters and the `limit` to what you need, and restrict who can read the state.\n\n" +
			"To assert on it, refer to it from a `check` block, but declare it outside: Terraform reads a data source inside a " +
			"check at each apply, and `plan -detailed-exitcode` counts that as a change.\n\n" +
			"New transactions change the result. Outputs and other values derived from it change at the next plan. " +
			"Filters are combined: a transaction has to pass all of them.\n\nNeeds the scope `" + sepay.ScopeTransactionRead +
			"`.",
		Attributes: map[string]schema.Attribute{
			"bank_account_id": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Keeps the transactions of the bank account with this id." + seeAPI,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"account_number":   textFilter("Keeps the transactions of the bank account with this whole number, as a string."),
			"reference_number": textFilter("Keeps the transactions with this reference number of the bank."),
			"from_date":        dayFilter("Keeps the transactions of this day and later"),
			"to_date":          dayFilter("Keeps the transactions of this day and earlier"),
			"amount_in":        amountFilter("Keeps the transactions that brought in exactly this amount, in VND."),
			"amount_out":       amountFilter("Keeps the transactions that took out exactly this amount, in VND."),
			"limit": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("Maximum number of transactions, the newest ones; 1 to %d. "+
					"Default: `%d`. When there are exactly as many results as this, there may be more.", maxLimit, defaultLimit),
				Validators: []validator.Int64{int64validator.Between(1, maxLimit)},
			},
			"transactions": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The transactions, the newest first.",
				NestedObject:        schema.NestedAttributeObject{Attributes: transactionAttributes()},
			},
		},
	}
}

func transactionAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	money := func(description string) schema.NumberAttribute {
		return schema.NumberAttribute{Computed: true, MarkdownDescription: description}
	}

	return map[string]schema.Attribute{
		"id": schema.Int64Attribute{Computed: true, MarkdownDescription: "The id that SePay gave the transaction."},
		"bank_account_id": schema.Int64Attribute{
			Computed: true, MarkdownDescription: "The id of the bank account.",
		},
		"bank_brand_name": text("The short name of the bank, as in `Vietcombank`."),
		"account_number":  text("The number of the bank account, with its leading zeros."),
		"transaction_date": schema.StringAttribute{
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: "When the money moved, in RFC 3339 with the offset of Vietnam, `+07:00`.",
		},
		"amount_out":          money("The amount that went out, in VND; 0 when money came in."),
		"amount_in":           money("The amount that came in, in VND; 0 when money went out."),
		"accumulated":         money("The balance of the account after the transaction, in VND. It does not change later."),
		"transaction_content": text("The transfer text."),
		"reference_number":    text("The reference number of the bank."),
		"code":                text("The payment code that SePay found in the transfer text; null when it found none."),
		"sub_account":         text("The number of the virtual account that the money went through; null when there was none."),
	}
}

func textFilter(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, MarkdownDescription: description + seeAPI, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

func dayFilter(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, MarkdownDescription: description + ", `YYYY-MM-DD` in Vietnam's time." + seeAPI,
		Validators: []validator.String{dayValidator{}},
	}
}

func amountFilter(description string) schema.NumberAttribute {
	return schema.NumberAttribute{
		Optional: true, MarkdownDescription: description + seeAPI, Validators: []validator.Number{amountValidator{}},
	}
}
