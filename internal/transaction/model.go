package transaction

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// listModel is the data source sepay_transactions.
type listModel struct {
	BankAccountID   types.Int64        `tfsdk:"bank_account_id"`
	AccountNumber   types.String       `tfsdk:"account_number"`
	ReferenceNumber types.String       `tfsdk:"reference_number"`
	FromDate        types.String       `tfsdk:"from_date"`
	ToDate          types.String       `tfsdk:"to_date"`
	AmountIn        types.Number       `tfsdk:"amount_in"`
	AmountOut       types.Number       `tfsdk:"amount_out"`
	Limit           types.Int64        `tfsdk:"limit"`
	Transactions    []transactionModel `tfsdk:"transactions"`
}

// transactionModel has Terraform's values of one transaction. Keys that SePay did not return are null.
type transactionModel struct {
	ID                 types.Int64       `tfsdk:"id"`
	BankAccountID      types.Int64       `tfsdk:"bank_account_id"`
	BankBrandName      types.String      `tfsdk:"bank_brand_name"`
	AccountNumber      types.String      `tfsdk:"account_number"`
	TransactionDate    timetypes.RFC3339 `tfsdk:"transaction_date"`
	AmountOut          types.Number      `tfsdk:"amount_out"`
	AmountIn           types.Number      `tfsdk:"amount_in"`
	Accumulated        types.Number      `tfsdk:"accumulated"`
	TransactionContent types.String      `tfsdk:"transaction_content"`
	ReferenceNumber    types.String      `tfsdk:"reference_number"`
	Code               types.String      `tfsdk:"code"`
	SubAccount         types.String      `tfsdk:"sub_account"`
}

func newTransactionModel(transaction sepay.Transaction) transactionModel {
	return transactionModel{
		ID:                 types.Int64Value(transaction.ID),
		BankAccountID:      tfvalue.Int64(transaction.BankAccountID),
		BankBrandName:      tfvalue.String(transaction.BankBrandName),
		AccountNumber:      tfvalue.String(transaction.AccountNumber),
		TransactionDate:    tfvalue.Time(transaction.TransactionDate),
		AmountOut:          tfvalue.Number(transaction.AmountOut),
		AmountIn:           tfvalue.Number(transaction.AmountIn),
		Accumulated:        tfvalue.Number(transaction.Accumulated),
		TransactionContent: tfvalue.String(transaction.TransactionContent),
		ReferenceNumber:    tfvalue.String(transaction.ReferenceNumber),
		Code:               tfvalue.String(transaction.Code),
		SubAccount:         tfvalue.String(transaction.SubAccount),
	}
}

// filter maps the arguments to SePay's filters.
func (m listModel) filter() sepay.TransactionFilter {
	return sepay.TransactionFilter{
		BankAccountID:   m.BankAccountID.ValueInt64(),
		AccountNumber:   m.AccountNumber.ValueString(),
		ReferenceNumber: m.ReferenceNumber.ValueString(),
		FromDate:        m.FromDate.ValueString(),
		ToDate:          m.ToDate.ValueString(),
		AmountIn:        amount(m.AmountIn),
		AmountOut:       amount(m.AmountOut),
	}
}

// limit returns the maximum number of transactions.
func (m listModel) limit() int {
	if m.Limit.IsNull() {
		return defaultLimit
	}

	return int(m.Limit.ValueInt64())
}

func amount(value types.Number) *json.Number {
	if value.IsNull() || value.IsUnknown() {
		return nil
	}

	// The shortest decimal form that means the same number, without an exponent.
	number := json.Number(value.ValueBigFloat().Text('f', -1))

	return &number
}
