package api

import (
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

func (a *API) listBankAccounts(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	if c.Dialect.BankAccountForm == dialects.BankAccountFormV1 {
		return paged(c, a.store.Accounts, renderAccount)
	}

	asked, found := pageOf(c.Request.URL.Query(), c.Dialect.Paging)
	if len(found) > 0 {
		return response.Invalid(found, c.Dialect)
	}

	rows := []any{}
	for _, account := range cut(asked, a.store.Accounts) {
		rows = append(rows, renderLegacyAccount(account, c.Dialect))
	}

	return legacyEnvelope("bankaccounts", rows)
}

func (a *API) readBankAccount(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	account := a.store.Account(c.ID)
	if account == nil {
		return response.NotFound()
	}

	if c.Dialect.BankAccountForm != dialects.BankAccountFormV1 {
		return legacyEnvelope("bankaccount", renderLegacyAccount(*account, c.Dialect))
	}

	return response.Success(http.StatusOK, renderAccount(*account), c.Dialect)
}

func (a *API) listSubAccounts(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	account := a.store.Account(c.ID)
	if account == nil {
		return response.NotFound()
	}

	return paged(c, account.SubAccounts, func(sub state.SubAccount) map[string]any {
		return map[string]any{"id": sub.ID, "account_number": sub.AccountNumber, "label": orNull(sub.Label)}
	})
}

func renderAccount(a state.BankAccount) map[string]any {
	return map[string]any{
		"id":                  a.ID,
		"label":               orNull(a.Label),
		"account_holder_name": a.AccountHolderName,
		"account_number":      a.AccountNumber,
		"accumulated":         a.Accumulated,
		"active":              a.Active,
		"created_at":          a.CreatedAt.In(state.Vietnam()).Format(state.DateTime),
		"bank": map[string]any{
			"short_name": a.Bank.ShortName,
			"full_name":  a.Bank.FullName,
			"code":       a.Bank.Code,
			"bin":        a.Bank.BIN,
			"icon_url":   "https://my.sepay.vn/assets/images/banklogo/" + a.Bank.Code + "-icon.png",
			"logo_url":   "https://my.sepay.vn/assets/images/banklogo/" + a.Bank.Code + ".png",
		},
	}
}

// legacyEnvelope is the envelope of the quick start page and of the legacy token API, which have no paging data.
func legacyEnvelope(key string, value any) response.Response {
	return response.JSON(http.StatusOK, map[string]any{"status": 200, "messages": []any{}, key: value})
}

func renderLegacyAccount(a state.BankAccount, d dialects.Dialect) any {
	if d.BankAccountForm == dialects.BankAccountFormLegacy {
		return response.Retype(map[string]any{
			"id":                  a.ID,
			"account_holder_name": a.AccountHolderName,
			"account_number":      a.AccountNumber,
			"accumulated":         a.Accumulated,
			"label":               orNull(a.Label),
			"active":              a.Active,
			"created_at":          a.CreatedAt.In(state.Vietnam()).Format(state.DateTime),
			"bank_short_name":     a.Bank.ShortName,
			"bank_full_name":      a.Bank.FullName,
			"bank_bin":            a.Bank.BIN,
			"bank_code":           a.Bank.Code,
		}, dialects.TypesStrings)
	}

	return response.Retype(map[string]any{
		"id":                  a.ID,
		"bank_account_number": a.AccountNumber,
		"bank_short_name":     a.Bank.ShortName,
		"bank_full_name":      a.Bank.FullName,
		"accumulated_balance": a.Accumulated,
	}, d.Types)
}

// orNull returns an untyped nil for a nil pointer: retype does not handle typed nils.
func orNull[T any](value *T) any {
	if value == nil {
		return nil
	}

	return *value
}
