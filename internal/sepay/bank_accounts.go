package sepay

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

func bankAccounts() endpoint[BankAccount] {
	return endpoint[BankAccount]{
		path: "/bank-accounts", scope: ScopeBankAccountRead, name: "bank account",
		legacyKeys: []string{"bankaccount", "bankaccounts"}, decode: decodeBankAccount,
		id: func(a BankAccount) int64 { return a.ID },
	}
}

func subAccounts(bankAccountID int64) endpoint[SubAccount] {
	return endpoint[SubAccount]{
		path: objectPath(bankAccounts().path, bankAccountID) + "/sub-accounts", scope: ScopeBankAccountRead, name: "sub-account",
		legacyKeys: []string{"subaccounts", "sub_accounts", "bankaccounts"}, decode: decodeSubAccount,
		id: func(a SubAccount) int64 { return a.ID },
	}
}

// BankAccount is a bank account that SePay monitors. Source: GET /api/v1/bank-accounts.
type BankAccount struct {
	ID                int64
	Label             Field[string]
	AccountHolderName Field[string]
	// AccountNumber may begin with significant zeros.
	AccountNumber string
	// Accumulated is the balance in VND, with the digits that SePay sent.
	Accumulated Field[json.Number]
	Active      Field[bool]
	CreatedAt   Field[time.Time]
	Bank        Bank
}

// Bank describes the bank of a bank account.
type Bank struct {
	ShortName Field[string]
	FullName  Field[string]
	Code      Field[string]
	BIN       Field[string]
	IconURL   Field[string]
	LogoURL   Field[string]
}

// SubAccount is a virtual account of a bank account. Source: GET /api/v1/bank-accounts/{id}/sub-accounts.
type SubAccount struct {
	ID            int64
	AccountNumber string
	Label         Field[string]
}

// BankAccounts returns all bank accounts of the company, in SePay's order. Calls within 5 s of each other, and within
// 2 min in all, share one read of the list, balances included.
func (c *Client) BankAccounts(ctx context.Context) ([]BankAccount, error) {
	if c.disableCoalescing {
		return c.readBankAccounts(ctx)
	}

	accounts, err := c.accountsList.Get(ctx)

	return slices.Clone(accounts), err
}

func (c *Client) readBankAccounts(ctx context.Context) ([]BankAccount, error) {
	started := c.accounts.Now()

	accounts, err := paging.Collect(bankAccounts().all(ctx, c, nil))
	if err == nil {
		c.accounts.Fill(started, accounts)
	}

	return accounts, err
}

// BankAccount returns one bank account. Reads share requests as those of Webhook do. As with BankAccounts, an
// account that was read is returned again for a while.
func (c *Client) BankAccount(ctx context.Context, id int64) (BankAccount, error) {
	return c.accounts.Get(ctx, id)
}

// SubAccounts returns the virtual accounts of a bank account, in SePay's order.
func (c *Client) SubAccounts(ctx context.Context, bankAccountID int64) ([]SubAccount, error) {
	return paging.Collect(subAccounts(bankAccountID).all(ctx, c, nil))
}

func decodeBankAccount(o *wire.Object) BankAccount {
	bank := o.Nested("bank")

	return BankAccount{
		ID:                o.ID(),
		Label:             o.Text("label"),
		AccountHolderName: o.Text("account_holder_name"),
		AccountNumber:     o.Text("account_number", "bank_account_number").Or(""),
		Accumulated:       o.Number("accumulated", "accumulated_balance"),
		Active:            o.Flag("active"),
		CreatedAt:         o.Date("created_at"),
		Bank: Bank{
			ShortName: bank.Text("short_name"),
			FullName:  bank.Text("full_name"),
			Code:      bank.Text("code"),
			BIN:       bank.Text("bin"),
			IconURL:   bank.Text("icon_url"),
			LogoURL:   bank.Text("logo_url"),
		},
	}
}

func decodeSubAccount(o *wire.Object) SubAccount {
	return SubAccount{
		ID:            o.ID(),
		AccountNumber: o.Text("account_number", "sub_account", "bank_account_number").Or(""),
		Label:         o.Text("label"),
	}
}

func bankAccountShape() coalesce.Shape[BankAccount] {
	return coalesce.Shape[BankAccount]{
		Keys:    presentKeys[BankAccount](),
		Kind:    func(BankAccount) string { return "" },
		Secrets: func(string) coalesce.KeySet { return 0 },
	}
}
