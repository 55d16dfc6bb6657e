package sepay

import (
	"context"
	"encoding/json"
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
	if c.apart {
		return c.readBankAccounts(ctx)
	}

	accounts, err := c.accountsList.get(ctx)

	return slices.Clone(accounts), err
}

func (c *Client) readBankAccounts(ctx context.Context) ([]BankAccount, error) {
	begun := c.accounts.now()

	accounts, err := collect(bankAccountList().all(ctx, c, nil))
	if err == nil {
		c.accounts.fill(begun, accounts)
	}

	return accounts, err
}

// BankAccount returns one bank account. IsNotFound tells whether the error says that it does not exist. Calls share
// requests as those of Webhook do, and like those of BankAccounts an account that was read answers for a while.
func (c *Client) BankAccount(ctx context.Context, id int64) (BankAccount, error) {
	return c.accounts.get(ctx, id)
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
func decodeBankAccount(raw json.RawMessage) (BankAccount, error) {
	o := readObject(raw)
	if single, ok := firstOf(raw); ok {
		o = readObject(single)
	}

	bank := &object{keys: map[string]json.RawMessage{}}
	if nested, ok := o.keys["bank"]; ok && !isNull(nested) {
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

// firstOf returns the only element of a list: an older envelope has one even around a single account.
func firstOf(raw json.RawMessage) (json.RawMessage, bool) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || len(list) != 1 {
		return nil, false
	}

	return list[0], true
}

func decodeSubAccount(raw json.RawMessage) (SubAccount, error) {
	o := readObject(raw)
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
