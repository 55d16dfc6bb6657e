package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// ids reads the ids of a list.
func ids(resp reply) string {
	var found []string

	for _, row := range resp.rows() {
		object, _ := row.(map[string]any)
		found = append(found, fmt.Sprint(object["id"]))
	}

	return strings.Join(found, " ")
}

func TestListsArePaginated(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ dialect, query, want string }{
		{"", "", "20 map[current_page:1 last_page:13 per_page:20 total:250]"},
		{"", "?limit=100&page=3", "50 map[current_page:3 last_page:3 per_page:100 total:250]"},
		{"", "?limit=500", "100 map[current_page:1 last_page:3 per_page:100 total:250]"},
		{"", "?limit=100&page=4", "0 map[current_page:4 last_page:3 per_page:100 total:250]"},
		{"", "?webhook_url=none.example", "0 map[current_page:1 last_page:1 per_page:20 total:0]"},
		{"U15=20", "?limit=100", "20 map[current_page:1 last_page:13 per_page:20 total:250]"},
		{"U15=no_meta", "?limit=100", "100 <nil>"},
		{"U6=strings", "?limit=100", `100 map[current_page:1 last_page:3 per_page:100 total:250]`},
	} {
		c := start(t, test.dialect)
		c.server.SeedWebhooks(250)

		resp := c.do("GET", "webhooks"+test.query, nil)
		meta, _ := resp.json["meta"].(map[string]any)

		got := fmt.Sprint(len(resp.rows()), " ", meta["pagination"])
		if got != test.want {
			t.Errorf("%s %s: %s, want %s", test.dialect, test.query, got, test.want)
		}
	}

	c := start(t, "")
	for _, query := range []string{"?limit=0", "?page=0", "?limit=x", "?active=true"} {
		if resp := c.do("GET", "webhooks"+query, nil); resp.status != 400 {
			t.Errorf("%s: %d", query, resp.status)
		}
	}
}

func TestPagesHaveEveryWebhookOnce(t *testing.T) {
	t.Parallel()

	for _, dialect := range []string{"", "X3=descending"} {
		c := start(t, dialect)
		want := c.server.SeedWebhooks(45)

		var got []string

		for page := range 3 {
			got = append(got, strings.Fields(ids(c.do("GET", fmt.Sprintf("webhooks?page=%d", page+1), nil)))...)
		}

		if len(got) != len(want) {
			t.Fatalf("%s: %d webhooks", dialect, len(got))
		}

		for i, id := range got {
			at := i
			if dialect != "" {
				at = len(want) - 1 - i
			}

			if id != fmt.Sprint(want[at]) {
				t.Errorf("%s: place %d has %s", dialect, i, id)
			}
		}
	}
}

func TestWebhookFilters(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	one := c.create(map[string]any{"webhook_url": "https://a.example.com/hook?x=1"})
	two := c.create(map[string]any{"webhook_url": "https://b.example.com/hook", "active": 0, "api_key": "another"})

	for query, want := range map[string]string{
		"webhook_url=example.com":                    fmt.Sprint(one, " ", two),
		"webhook_url=" + url.QueryEscape("hook?x=1"): fmt.Sprint(one),
		"active=0":              fmt.Sprint(two),
		"active=1":              fmt.Sprint(one),
		"api_key=another":       fmt.Sprint(two),
		"active=1&api_key=anot": "",
	} {
		if got := ids(c.do("GET", "webhooks?"+query, nil)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

func TestListRowsAreBriefInThatDialect(t *testing.T) {
	t.Parallel()

	c := start(t, "X2=brief", simulator.WithSampleWebhook())

	row, _ := c.do("GET", "webhooks", nil).rows()[0].(map[string]any)
	if _, has := row["secret_key"]; has || row["name"] == nil {
		t.Errorf("row %v", row)
	}
}

func TestBankAccountsInEachDialect(t *testing.T) {
	t.Parallel()

	for dialect, want := range map[string][]string{
		"": {
			`"accumulated":1777283273.00`, `"label":null`, `"accumulated":999999999999999.99`, `"active":false`,
			`"created_at":"2025-02-12 21:09:49"`, `"bank":{"bin":"970436","code":"VCB"`,
			`"meta":{"pagination":{"current_page":1,"last_page":1,"per_page":20,"total":4}}`,
		},
		"U6=strings": {`"accumulated":"999999999999999.99"`, `"active":"0"`, `"id":"19"`, `"label":null`, `"total":"4"`},
		"U14=quickstart": {
			`{"bankaccounts":[{"accumulated_balance":1777283273.00,"bank_account_number":"0071000888888",` +
				`"bank_full_name":"Ngân hàng TMCP Ngoại Thương Việt Nam","bank_short_name":"Vietcombank","id":19},`,
			`"messages":[],"status":200}`,
		},
		"U14=legacy": {
			`"accumulated":"1777283273.00"`, `"active":"1"`, `"bank_bin":"970436"`, `"bank_code":"VCB"`, `"id":"19"`,
			`"bankaccounts":[`,
		},
	} {
		c := start(t, dialect)
		body := c.do("GET", "bank-accounts", nil).body

		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%s: %s is not in %s", dialect, part, body)
			}
		}

		single := c.do("GET", "bank-accounts/19", nil)
		if single.status != 200 || !strings.Contains(single.body, "0071000888888") || strings.Contains(single.body, "970422") {
			t.Errorf("%s: single: %d %s", dialect, single.status, single.body)
		}

		if missing := c.do("GET", "bank-accounts/7", nil); missing.status != 404 {
			t.Errorf("%s: missing: %d", dialect, missing.status)
		}

		if got := ids(c.do("GET", "bank-accounts/19/sub-accounts", nil)); got != "25 26" {
			t.Errorf("%s: sub-accounts %s", dialect, got)
		}
	}
}

func TestBalanceKeepsItsDigits(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	c.server.SeedBankAccounts(250)

	if err := c.server.SetBalance(19, "123456789012345.60"); err != nil {
		t.Fatal(err)
	}

	if body := c.do("GET", "bank-accounts/19", nil).body; !strings.Contains(body, `"accumulated":123456789012345.60`) {
		t.Error(body)
	}

	if err := c.server.SetBalance(7, "1"); err == nil {
		t.Error("a balance of no account")
	}

	if got := len(c.do("GET", "bank-accounts?limit=100&page=3", nil).rows()); got != 54 {
		t.Errorf("last page has %d", got)
	}
}

func TestCompanyIsForAdministrators(t *testing.T) {
	t.Parallel()

	c := start(t, "U6=strings", simulator.WithUserRole("User"))
	if got := c.do("GET", "company", nil); got.status != 403 {
		t.Errorf("User: %d", got.status)
	}

	c.server.ChangeCompany(map[string]any{"role": "SuperAdmin", "subscription": nil})

	got := c.do("GET", "company", nil)
	if !strings.Contains(got.body, `"subscription":null`) || !strings.Contains(got.body, `"suffix_from":"6"`) ||
		!strings.Contains(got.body, `"data_storage_time":"90"`) {
		t.Errorf("%d %s", got.status, got.body)
	}

	c.server.SetDialect(dialects.Dialect{})

	if got := c.do("GET", "company", nil); !strings.Contains(got.body, `"suffix_from":6`) {
		t.Errorf("a response in one dialect must not change what is stored: %s", got.body)
	}
}

func TestTransactionFilters(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	c.server.AddTransaction(simulator.Transaction{
		ID: 50000, BankAccountID: 20, AmountIn: json.Number("5000.50"), ReferenceNumber: "R1",
	})

	for query, want := range map[string]string{
		"":                             "50000 49683 49682",
		"limit=2":                      "50000 49683",
		"bank_account_id=20":           "50000",
		"account_number=0071000888888": "49683 49682",
		"reference_number=R1":          "50000",
		"from_date=2025-02-26&to_date=2025-02-26": "50000 49683",
		"to_date=2025-02-25":                      "49682",
		"amount_in=5000.5":                        "50000",
		"amount_out=150000":                       "49683",
		"bank_account_id=20&amount_in=1":          "",
	} {
		if got := ids(c.do("GET", "transactions?"+query, nil)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}

	for _, query := range []string{"from_date=26/02/2025", "amount_in=much", "bank_account_id=x"} {
		if got := c.do("GET", "transactions?"+query, nil); got.status != 400 {
			t.Errorf("%s: %d", query, got.status)
		}
	}

	const sample = `{"data":{"account_number":"0071000888888","accumulated":1200541768.00,"amount_in":18067000.00,` +
		`"amount_out":0.00,"bank_account_id":19,"bank_brand_name":"Vietcombank","code":"DH123456","id":49682,`
	if got := c.do("GET", "transactions/49682", nil).body; !strings.HasPrefix(got, sample) {
		t.Error(got)
	}

	newest := c.server.SeedTransactions(30)[29]
	if got := ids(c.do("GET", "transactions?limit=1", nil)); got != fmt.Sprint(newest) {
		t.Errorf("newest is %s, want %d", got, newest)
	}
}
