package bankaccount_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func read(t *testing.T, server *acctest.Server, name string, config map[string]any) map[string]any {
	t.Helper()

	values, diagnostics := server.ReadDataSource(name, config)
	if len(diagnostics) != 0 {
		t.Fatalf("reading %s:\n%s", name, diagnostics)
	}

	return values
}

// accountsIn returns the accounts of a result by id, in their order.
func accountsIn(t *testing.T, values map[string]any) []map[string]any {
	t.Helper()

	list, ok := values["bank_accounts"].([]any)
	if !ok {
		t.Fatalf("bank_accounts is %T", values["bank_accounts"])
	}

	accounts := make([]map[string]any, len(list))
	for i, element := range list {
		if accounts[i], ok = element.(map[string]any); !ok {
			t.Fatalf("bank_accounts[%d] is %T", i, element)
		}
	}

	return accounts
}

func TestResultsAreTheSameInEveryDialect(t *testing.T) {
	t.Parallel()

	for _, dialect := range acctest.Dialects(t, "U6", "U14", "U15") {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			service, server := acctest.NewSimulated(t, simulator.WithDialect(dialect))

			// The legacy forms lack keys, whose attributes are then null.
			form := ""
			if dialect.BankAccountForm != "" && dialect.BankAccountForm != dialects.BankAccountFormV1 {
				form = "_" + string(dialect.BankAccountForm)
			}

			acctest.Golden(t, "bank_accounts"+form,
				read(t, server, "sepay_bank_accounts", map[string]any{"include_accumulated": true}))
			acctest.Golden(t, "bank_account"+form,
				read(t, server, "sepay_bank_account", map[string]any{"id": 19}))
			acctest.Golden(t, "bank_sub_accounts",
				read(t, server, "sepay_bank_sub_accounts", map[string]any{"bank_account_id": 19}))

			if got := len(service.RequestsTo("", "/api/v1/")); got > 3 {
				t.Errorf("sent %d requests for three data sources", got)
			}
		})
	}
}

func TestManyAccountsAreCompleteAndInOrderWithAnyPaging(t *testing.T) {
	t.Parallel()

	spoken := append(acctest.Dialects(t, "U15"),
		dialects.Dialect{BankAccountForm: dialects.BankAccountFormQuickStart},
		dialects.Dialect{BankAccountForm: dialects.BankAccountFormLegacy})

	for _, dialect := range spoken {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			service, server := acctest.NewSimulated(t, simulator.WithDialect(dialect))
			service.SeedBankAccounts(250 - len(service.BankAccounts()))

			accounts := accountsIn(t, read(t, server, "sepay_bank_accounts", nil))
			if len(accounts) != 250 {
				t.Fatalf("got %d accounts, want 250", len(accounts))
			}

			for i, account := range service.BankAccounts() {
				if accounts[i]["id"] != account.ID || accounts[i]["account_number"] != account.AccountNumber {
					t.Fatalf("account %d is %v, want %d, %s", i, accounts[i], account.ID, account.AccountNumber)
				}
			}

			// The list is read until two passes agree.
			pages := 2 * 3
			if dialect.Paging == dialects.Paging20 {
				pages = 2 * 13
			}

			if got := len(service.RequestsTo("", "/api/v1/")); got != pages {
				t.Errorf("sent %d requests for 250 accounts, want %d", got, pages)
			}
		})
	}
}

func TestAChangedBalanceChangesNothingUnlessItIsIncluded(t *testing.T) {
	t.Parallel()

	for name, config := range map[string]map[string]any{
		"sepay_bank_accounts": {},
		"sepay_bank_account":  {"account_number": "0071000888888"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			service := simulator.Start(t)
			provider := acctest.ProviderConfig(t, service)
			withBalance := maps.Clone(config)
			withBalance["include_accumulated"] = true

			// Each command has its own provider.
			plan := func() (without, with map[string]any) {
				server := acctest.NewServer(t, provider)

				return read(t, server, name, config), read(t, server, name, withBalance)
			}

			before, balance := plan()

			if err := service.SetBalance(19, "12345678901234.56"); err != nil {
				t.Fatal(err)
			}

			service.SeedTransactions(3)

			after, changed := plan()
			if !reflect.DeepEqual(after, before) {
				t.Errorf("the result changed with the balance:\n%v\n%v", before, after)
			}

			if reflect.DeepEqual(changed, balance) {
				t.Error("the new balance is not shown although it is included")
			}
		})
	}
}

func TestABalanceKeepsAllDigits(t *testing.T) {
	t.Parallel()

	for _, dialect := range acctest.Dialects(t, "U6", "U14") {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			_, server := acctest.NewSimulated(t, simulator.WithDialect(dialect))

			values := read(t, server, "sepay_bank_account", map[string]any{"id": 22, "include_accumulated": true})
			if got := values["accumulated"]; got != json.Number("999999999999999.99") {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTheListKeepsAccountsThatPassTheFilters(t *testing.T) {
	t.Parallel()

	_, server := acctest.NewSimulated(t)

	for _, test := range []struct {
		config map[string]any
		want   []int64
	}{
		{map[string]any{"active": true}, []int64{19, 20, 22}},
		{map[string]any{"active": false}, []int64{21}},
		{map[string]any{"bank_code": "acb"}, []int64{21}},
		{map[string]any{"bank_code": "ACB", "active": true}, nil},
	} {
		var ids []int64

		for _, account := range accountsIn(t, read(t, server, "sepay_bank_accounts", test.config)) {
			id, _ := account["id"].(int64)
			ids = append(ids, id)
		}

		if !reflect.DeepEqual(ids, test.want) {
			t.Errorf("%v: got %v, want %v", test.config, ids, test.want)
		}
	}

	_, server = acctest.NewSimulated(t, simulator.WithDialect(
		dialects.Dialect{BankAccountForm: dialects.BankAccountFormQuickStart}))

	_, diagnostics := server.ReadDataSource("sepay_bank_accounts", map[string]any{"active": true})
	if !diagnostics.At("active").Mentions("Could not filter", "the id 19") {
		t.Errorf("got %v, want an error at active for a form that does not return it", diagnostics)
	}
}

func TestAnAccountIsFoundByIDOrByNumber(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name   string
		config map[string]any
		want   int64
	}{
		{"by id", map[string]any{"id": 21}, 21},
		{"by number", map[string]any{"account_number": "0071000888888"}, 19},
		{"by number and bank", map[string]any{"account_number": "0000123456789", "bank_code": "bidv"}, 22},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			service, server := acctest.NewSimulated(t)

			if got := read(t, server, "sepay_bank_account", test.config)["id"]; got != test.want {
				t.Errorf("got the id %v, want %d", got, test.want)
			}

			if got := len(service.RequestsTo("", "/api/v1/")); got != 1 {
				t.Errorf("sent %d requests, want 1", got)
			}
		})
	}
}

func TestLookupsOfOnePlanShareOneRequest(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	service.SeedBankAccounts(20)

	for _, account := range service.BankAccounts()[4:] {
		config := map[string]any{"account_number": account.AccountNumber}
		if got := read(t, server, "sepay_bank_account", config)["id"]; got != account.ID {
			t.Errorf("got the id %v, want %d", got, account.ID)
		}
	}

	if got := len(service.RequestsTo("", "/api/v1/")); got != 1 {
		t.Errorf("sent %d requests for 20 lookups, want 1", got)
	}
}

func TestFailedLookupsHaveANextStep(t *testing.T) {
	t.Parallel()

	const list = "\n  id 19: …8888 at VCB\n  id 20: …6789 at MB\n  id 21: …8877 at ACB\n  id 22: …6789 at BIDV"

	number := func(number string) map[string]any { return map[string]any{"account_number": number} }

	for _, test := range []struct {
		name      string
		config    map[string]any
		attribute string
		texts     []string
	}{
		{"no such id", map[string]any{"id": 99}, "id", []string{"Could not find", "no bank account with the id 99", list}},
		{"no such number", number("555500001111"), "account_number", []string{"Could not find", "the number …1111", "leading zeros", list}},
		{
			"leading zeros lost", number("71000888888"), "account_number",
			[]string{"Could not find", "The account with the id 19 has this number with 2 more leading zeros", "Put the number in quotes"},
		},
		{
			"leading zeros added", number("00071000888888"), "account_number",
			[]string{"The account with the id 19 has this number with 1 leading zero less"},
		},
		{
			"spaces", number("0071 000 888888"), "account_number",
			[]string{"The account with the id 19 has this number without spaces or punctuation"},
		},
		{
			"a wrong digit before those shown", number("0071900888888"), "account_number",
			[]string{"the number …8888", "id 19: …8888 at VCB (differs in 1 character before those shown)\n  id 20: …6789 at MB\n"},
		},
		{
			"a digit too many", number("00710008888888"), "account_number",
			[]string{"the number …8888", "id 19: …8888 at VCB (has 13 characters, not 14)\n  id 20: …6789 at MB\n"},
		},
		{
			"not at that bank",
			map[string]any{"account_number": "0071000888888", "bank_code": "MB"},
			"bank_code",
			[]string{"The account with the number …8888 is not at the bank MB", "id 19: …8888 at VCB", "Correct bank_code or leave it out"},
		},
		{
			"several",
			number("0000123456789"),
			"account_number",
			[]string{"2 bank accounts", "set bank_code", "\n  id 20: …6789 at MB\n  id 22: …6789 at BIDV"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			_, server := acctest.NewSimulated(t)

			_, diagnostics := server.ReadDataSource("sepay_bank_account", test.config)
			if len(diagnostics) != 1 || !diagnostics.At(test.attribute).Mentions(test.texts...) {
				t.Errorf("got %v, want one error at %s with %q", diagnostics, test.attribute, test.texts)
			}

			if diagnostics.Mentions("71000") || diagnostics.Mentions("0000123") {
				t.Errorf("a whole account number is shown: %v", diagnostics)
			}
		})
	}
}

func TestSeveralAccountsAtOneBankNeedTheID(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	twin := service.BankAccounts()[0]
	twin.ID = 30
	service.PutBankAccount(twin)

	_, diagnostics := server.ReadDataSource("sepay_bank_account",
		map[string]any{"account_number": "0071000888888", "bank_code": "VCB"})
	if !diagnostics.Mentions("2 bank accounts", "set id instead", "id 19:", "id 30:") {
		t.Errorf("got %v", diagnostics)
	}
}

func TestABankCodeThatSePayDoesNotReturnIsNoMatch(t *testing.T) {
	t.Parallel()

	_, server := acctest.NewSimulated(t, simulator.WithDialect(
		dialects.Dialect{BankAccountForm: dialects.BankAccountFormQuickStart}))

	_, diagnostics := server.ReadDataSource("sepay_bank_account",
		map[string]any{"account_number": "0071000888888", "bank_code": "VCB"})
	if !diagnostics.At("bank_code").Mentions("did not return", "Leave bank_code out") {
		t.Errorf("got %v, want an error at bank_code", diagnostics)
	}

	values := read(t, server, "sepay_bank_account", map[string]any{"account_number": "0071000888888"})
	if values["id"] != int64(19) {
		t.Errorf("got %v, want account 19", values)
	}
}

func TestVirtualAccountsOfAMissingAccountAreAnError(t *testing.T) {
	t.Parallel()

	_, server := acctest.NewSimulated(t)

	_, diagnostics := server.ReadDataSource("sepay_bank_sub_accounts", map[string]any{"bank_account_id": 99})
	if !diagnostics.At("bank_account_id").Mentions("no bank account with the id 99", "sepay_bank_accounts") {
		t.Errorf("got %v", diagnostics)
	}

	values := read(t, server, "sepay_bank_sub_accounts", map[string]any{"bank_account_id": 21})
	if !reflect.DeepEqual(values["sub_accounts"], []any{}) {
		t.Errorf("got %v for an account without virtual accounts, want an empty list", values["sub_accounts"])
	}
}

func TestBadArgumentsFailAtValidateWithoutARequest(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)

	for _, test := range []struct {
		name, dataSource string
		config           map[string]any
		attribute        string
	}{
		{"neither id nor number", "sepay_bank_account", map[string]any{}, ""},
		{"both", "sepay_bank_account", map[string]any{"id": 1, "account_number": "1"}, ""},
		{"bank without number", "sepay_bank_account", map[string]any{"id": 1, "bank_code": "VCB"}, "bank_code"},
		{"empty number", "sepay_bank_account", map[string]any{"account_number": ""}, "account_number"},
		{"id 0", "sepay_bank_account", map[string]any{"id": 0}, "id"},
		{"empty bank", "sepay_bank_accounts", map[string]any{"bank_code": ""}, "bank_code"},
		{"no account", "sepay_bank_sub_accounts", map[string]any{}, "bank_account_id"},
		{"negative account", "sepay_bank_sub_accounts", map[string]any{"bank_account_id": -1}, "bank_account_id"},
	} {
		diagnostics := server.ValidateDataSource(test.dataSource, test.config)
		if !diagnostics.HasErrors() || test.attribute != "" && len(diagnostics.At(test.attribute)) == 0 {
			t.Errorf("%s: got %v, want an error at %q", test.name, diagnostics, test.attribute)
		}
	}

	for name, config := range map[string]map[string]any{
		"sepay_bank_account":      {"account_number": acctest.Unknown, "bank_code": acctest.Unknown},
		"sepay_bank_accounts":     {"active": acctest.Unknown, "bank_code": acctest.Unknown},
		"sepay_bank_sub_accounts": {"bank_account_id": acctest.Unknown},
	} {
		if diagnostics := server.ValidateDataSource(name, config); len(diagnostics) != 0 {
			t.Errorf("%s with unknown arguments: %v", name, diagnostics)
		}
	}

	if requests := service.Requests(); len(requests) != 0 {
		t.Errorf("validation sent %v", requests)
	}
}

func TestAMissingScopeIsNamed(t *testing.T) {
	t.Parallel()

	_, server := acctest.NewSimulated(t, simulator.WithScopes(sepay.ScopeProfile))

	for _, test := range []struct {
		name   string
		config map[string]any
	}{
		{"sepay_bank_account", map[string]any{"id": 19}},
		{"sepay_bank_account", map[string]any{"account_number": "0071000888888"}},
		{"sepay_bank_accounts", nil},
		{"sepay_bank_sub_accounts", map[string]any{"bank_account_id": 19}},
	} {
		_, diagnostics := server.ReadDataSource(test.name, test.config)
		if len(diagnostics) != 1 || !diagnostics.Mentions("Could not", "403", `"bank-account:read"`, "authorize again") {
			t.Errorf("%s %v: got %v, want the scope and the next step", test.name, test.config, diagnostics)
		}
	}
}
