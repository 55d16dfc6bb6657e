package sepay

import (
	"context"
	"fmt"
	"slices"
)

const bankAccountsPath = "/bank-accounts"

func bankAccountList() list[BankAccount] {
	return list[BankAccount]{
		path: bankAccountsPath, scope: ScopeBankAccountRead, older: []string{"bankaccounts"}, decode: decodeBankAccount,
		id: func(a BankAccount) int64 { return a.ID },
	}
}

// BankAccounts returns all bank accounts of the company, in SePay's order. Calls that follow each other within 5 s, and
// no longer than 2 min in all, share one reading of the list, balances included.
func (c *Client) BankAccounts(ctx context.Context) ([]BankAccount, error) {
	if c.disableCoalescing {
		return c.readBankAccounts(ctx)
	}

	accounts, err := c.accountsList.Get(ctx)

	return slices.Clone(accounts), err
}

func (c *Client) readBankAccounts(ctx context.Context) ([]BankAccount, error) {
	begun := c.accounts.Now()

	accounts, err := collect(bankAccountList().all(ctx, c, nil))
	if err == nil {
		c.accounts.Fill(begun, accounts)
	}

	return accounts, err
}

// BankAccount returns one bank account. IsNotFound tells whether the error says that it does not exist. Calls share
// requests as those of Webhook do, and like those of BankAccounts an account that was read answers for a while.
func (c *Client) BankAccount(ctx context.Context, id int64) (BankAccount, error) {
	return c.accounts.Get(ctx, id)
}

// SubAccounts returns the virtual accounts of a bank account, in SePay's order.
func (c *Client) SubAccounts(ctx context.Context, bankAccountID int64) ([]SubAccount, error) {
	subAccounts := list[SubAccount]{
		path:   objectPath(bankAccountsPath, bankAccountID) + "/sub-accounts",
		scope:  ScopeBankAccountRead,
		older:  []string{"subaccounts", "sub_accounts", "bankaccounts"},
		decode: decodeSubAccount,
		id:     func(a SubAccount) int64 { return a.ID },
	}

	return collect(subAccounts.all(ctx, c, nil))
}

// decodeBankAccount reads a bank account of any form: the older ones have other names, and the bank's keys beside the
// account's own.
func decodeBankAccount(value any) (BankAccount, error) {
	// An older envelope has a list even around a single account.
	if list, ok := value.([]any); ok && len(list) == 1 {
		value = list[0]
	}

	o := readObject(value)

	bank := &object{keys: map[string]any{}}
	if nested, ok := o.keys["bank"]; ok && nested != nil {
		bank = readObject(nested)
	}

	inBankOr := func(inside string, beside ...string) Field[string] {
		if value := bank.text(inside); value.Present() {
			return value
		}

		return o.text(beside...)
	}

	account := BankAccount{
		ID:                o.id(),
		Label:             o.text("label"),
		AccountHolderName: o.text("account_holder_name"),
		AccountNumber:     o.text("account_number", "bank_account_number").Or(""),
		Accumulated:       o.number("accumulated", "accumulated_balance"),
		Active:            o.flag("active"),
		CreatedAt:         o.date("created_at"),
		Bank: Bank{
			ShortName: inBankOr("short_name", "bank_short_name"),
			FullName:  inBankOr("full_name", "bank_full_name"),
			Code:      inBankOr("code", "bank_code"),
			BIN:       inBankOr("bin", "bank_bin"),
			IconURL:   inBankOr("icon_url", "bank_icon_url"),
			LogoURL:   inBankOr("logo_url", "bank_logo_url"),
		},
	}

	if o.err == nil && bank.err != nil {
		o.fail("bank", bank.err)
	}

	if o.err != nil {
		return BankAccount{}, fmt.Errorf("bank account: %w", o.err)
	}

	return account, nil
}

func decodeSubAccount(value any) (SubAccount, error) {
	o := readObject(value)
	account := SubAccount{
		ID:            o.id(),
		AccountNumber: o.text("account_number", "sub_account", "bank_account_number").Or(""),
		Label:         o.text("label"),
	}

	if o.err != nil {
		return SubAccount{}, fmt.Errorf("sub-account: %w", o.err)
	}

	return account, nil
}
