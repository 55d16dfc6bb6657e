package transaction_test

import (
	"encoding/json"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

const path = "/api/v1/transactions"

func read(t *testing.T, server *acctest.Server, config map[string]any) []any {
	t.Helper()

	values, diagnostics := server.ReadDataSource("sepay_transactions", config)
	if len(diagnostics) != 0 {
		t.Fatal(diagnostics)
	}

	list, ok := values["transactions"].([]any)
	if !ok {
		t.Fatalf("transactions is %T", values["transactions"])
	}

	return list
}

func ids(t *testing.T, list []any) []int64 {
	t.Helper()

	found := make([]int64, len(list))

	for i, element := range list {
		transaction, ok := element.(map[string]any)
		if !ok {
			t.Fatalf("transactions[%d] is %T", i, element)
		}

		if found[i], ok = transaction["id"].(int64); !ok {
			t.Fatalf("transactions[%d] has the id %v", i, transaction["id"])
		}
	}

	return found
}

func TestTransactionsAreTheSameInEveryDialect(t *testing.T) {
	t.Parallel()

	acctest.SameInEveryDialect(t, "sepay_transactions", "transactions", acctest.Dialects(t, "U6", "U15")...)
}

func TestTheLimitAppliesToResultsAndRequests(t *testing.T) {
	t.Parallel()

	for _, dialect := range acctest.Dialects(t, "U15") {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			perPage := 100
			if dialect.Paging == dialects.Paging20 {
				perPage = 20
			}

			for _, test := range []struct {
				limit any
				want  int
			}{{nil, 100}, {1, 1}, {20, 20}, {120, 120}, {5000, 150}} {
				service, server := acctest.NewSimulated(t, simulator.WithDialect(dialect))
				seeded := service.SeedTransactions(148) // with the two samples: 150
				newest := seeded[len(seeded)-1]

				got := ids(t, read(t, server, map[string]any{"limit": test.limit}))
				if len(got) != test.want {
					t.Errorf("limit %v: got %d transactions, want %d", test.limit, len(got), test.want)
				}

				for i, id := range got {
					if id != newest-int64(i) {
						t.Errorf("limit %v: result %d has the id %d, want %d", test.limit, i, id, newest-int64(i))

						break
					}
				}

				pages := (test.want + perPage - 1) / perPage
				if test.limit == 5000 {
					pages *= 2 // a complete list is read until two passes agree
				}

				if sent := len(service.RequestsTo("GET", path)); sent != pages {
					t.Errorf("limit %v: sent %d requests, want %d", test.limit, sent, pages)
				}
			}
		})
	}
}

func TestEveryFilterReachesSePayAndNoOtherOne(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		value any
		sent  string
		want  int
	}{
		"bank_account_id":  {20, "20", 0},
		"account_number":   {"0071000888888", "0071000888888", 2},
		"reference_number": {"677760.250225.080001", "677760.250225.080001", 1},
		"from_date":        {"2025-02-26", "2025-02-26", 1},
		"to_date":          {"2025-02-25", "2025-02-25", 1},
		"amount_in":        {18067000, "18067000", 1},
		"amount_out":       {json.Number("150000.00"), "150000", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			service, server := acctest.NewSimulated(t)

			if got := read(t, server, map[string]any{name: test.value}); len(got) != test.want {
				t.Errorf("got %d transactions, want %d", len(got), test.want)
			}

			query := service.RequestsTo("GET", path)[0].Query
			if got := query.Get(name); got != test.sent {
				t.Errorf("sent %s=%q, want %q", name, got, test.sent)
			}

			query.Del("page")
			query.Del("limit")

			if len(query) != 1 {
				t.Errorf("sent the filters %v, want %s alone", query, name)
			}
		})
	}
}

func TestBadArgumentsFailAtValidateWithoutARequest(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)

	for _, test := range []struct {
		config    map[string]any
		attribute string
		text      string
	}{
		{map[string]any{"limit": 0}, "limit", "between 1 and 5000"},
		{map[string]any{"limit": 5001}, "limit", "between 1 and 5000"},
		{map[string]any{"from_date": "25/02/2025"}, "from_date", "YYYY-MM-DD"},
		{map[string]any{"to_date": "2025-02-30"}, "to_date", "a day that exists"},
		{map[string]any{"from_date": "2025-02-25T00:00:00Z"}, "from_date", "substr"},
		{map[string]any{"from_date": "2025-02-26", "to_date": "2025-02-25"}, "to_date", "is before from_date 2025-02-26"},
		{map[string]any{"amount_in": -1}, "amount_in", "must not be negative"},
		{map[string]any{"bank_account_id": 0}, "bank_account_id", "at least 1"},
		{map[string]any{"account_number": ""}, "account_number", "at least 1"},
		{map[string]any{"reference_number": ""}, "reference_number", "at least 1"},
	} {
		diagnostics := server.ValidateDataSource("sepay_transactions", test.config)
		if len(diagnostics) != 1 || !diagnostics.At(test.attribute).Mentions(test.text) {
			t.Errorf("%v: got %v, want one error at %s with %q", test.config, diagnostics, test.attribute, test.text)
		}
	}

	for _, config := range []map[string]any{
		{"from_date": acctest.Unknown, "to_date": "2025-02-25"},
		{"from_date": "2025-02-25", "to_date": acctest.Unknown},
		{"limit": acctest.Unknown, "amount_in": acctest.Unknown, "account_number": acctest.Unknown},
		{"from_date": "2025-02-25", "to_date": "2025-02-25"},
	} {
		if diagnostics := server.ValidateDataSource("sepay_transactions", config); len(diagnostics) != 0 {
			t.Errorf("%v: got %v, want nothing", config, diagnostics)
		}
	}

	if requests := service.Requests(); len(requests) != 0 {
		t.Errorf("validation sent %v", requests)
	}
}

func TestSePaysMessageAboutAFilterIsShownAtTheArgument(t *testing.T) {
	t.Parallel()

	service, server := acctest.NewSimulated(t)
	service.Fail(simulator.Fault{
		Path: path, Status: 422, ContentType: "application/json",
		Body: `{"status":422,"error":422,"messages":{"from_date":"The from_date lies too far back."}}`,
	})

	_, diagnostics := server.ReadDataSource("sepay_transactions", map[string]any{"from_date": "2001-01-01"})
	if len(diagnostics) != 1 ||
		!diagnostics.At("from_date").Mentions("Could not list the transactions", "lies too far back", "422") {
		t.Errorf("got %v, want one error at from_date", diagnostics)
	}
}

func TestAPageThatFailsIsNotAShorterResult(t *testing.T) {
	t.Parallel()

	service := simulator.Start(t)
	service.SeedTransactions(200)
	service.Fail(simulator.Fault{Path: path, Skip: 1, Status: 500})

	config := acctest.ProviderConfig(t, service)
	config["max_retries"] = 0

	values, diagnostics := acctest.NewServer(t, config).ReadDataSource("sepay_transactions", map[string]any{"limit": 150})
	if values != nil || !diagnostics.Mentions("Could not list the transactions", "500") {
		t.Errorf("got %v, %v, want an error and no result", values, diagnostics)
	}
}

func TestTheMissingScopeIsNamed(t *testing.T) {
	t.Parallel()

	_, server := acctest.NewSimulated(t, simulator.WithScopes(sepay.ScopeProfile))

	_, diagnostics := server.ReadDataSource("sepay_transactions", nil)
	if !diagnostics.Mentions("Could not list the transactions", "403", `"transaction:read"`) {
		t.Errorf("got %v", diagnostics)
	}
}
