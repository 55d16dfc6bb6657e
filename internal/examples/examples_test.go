package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// payments is what examples/resources/sepay_webhook/resource.tf declares.
func payments() simulator.Webhook {
	return simulator.Webhook{
		Name: "Shop payments", WebhookURL: "https://shop.example.com/sepay/payments", EventType: "In_only",
		AuthenType: "HMAC_SHA256", SecretKey: "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f0", BankAccountID: 19,
		IsVerifyPayment: true, SkipIfNoCode: true, RetryConditions: []string{"non_2xx_status_code"}, Active: true,
	}
}

func TestAccEveryExampleIsAppliedAndThenHasAnEmptyPlan(t *testing.T) {
	t.Parallel()

	everywhere := needs{terraform: 5, tofu: 6}

	for _, example := range []struct {
		directory string
		patterns  []string
		needs     needs
		webhooks  int
	}{
		{"provider", []string{"provider.tf"}, everywhere, 0},
		{"demo", nil, everywhere, 1},
		{"drift-check", nil, everywhere, 1},
		{"resources/sepay_webhook", []string{"resource*.tf"}, needs{terraform: 11, tofu: 11}, 6},
		{"data-sources/sepay_bank_account", nil, everywhere, 0},
		{"data-sources/sepay_bank_accounts", nil, everywhere, 0},
		{"data-sources/sepay_bank_sub_accounts", nil, everywhere, 0},
		{"data-sources/sepay_company", nil, everywhere, 0},
		{"data-sources/sepay_transactions", nil, everywhere, 0},
		{"data-sources/sepay_user", nil, everywhere, 0},
		{"data-sources/sepay_webhook", nil, everywhere, 0},
		{"data-sources/sepay_webhooks", nil, everywhere, 0},
		{"ephemeral-resources/sepay_access_token", nil, needs{terraform: 10, tofu: 11}, 0},
	} {
		t.Run(example.directory, func(t *testing.T) {
			t.Parallel()

			w := newWorkspace(t, example.directory, example.patterns...)
			if !example.needs.met() {
				t.Skip("this tool is too old for what the example shows")
			}

			before := 0
			if strings.HasPrefix(example.directory, "data-sources/sepay_webhook") {
				before = 1

				w.sepay.PutWebhook(payments())
			}

			w.run(0, "init", "-input=false")
			w.run(0, "validate")

			output := w.run(0, "apply", "-input=false", "-auto-approve")
			if strings.Contains(output, "Check block assertion failed") {
				t.Errorf("a check of the example does not hold:\n%s", output)
			}

			if got := len(w.sepay.Webhooks()) - before; got != example.webhooks {
				t.Errorf("SePay has %d webhooks of the example, want %d", got, example.webhooks)
			}

			w.run(0, "plan", "-input=false", "-detailed-exitcode")
			w.run(0, "destroy", "-input=false", "-auto-approve")

			if got := len(w.sepay.Webhooks()) - before; got != 0 {
				t.Errorf("%d webhooks are left after destroy", got)
			}
		})
	}
}

func TestAccImportExamplesEndInAnEmptyPlan(t *testing.T) {
	t.Parallel()

	for file, needed := range map[string]needs{
		"import-by-string-id.tf": {terraform: 11, tofu: 11}, // because of the write-only secret
		"import-by-identity.tf":  {terraform: 12, tofu: 12},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()

			w := newWorkspace(t, "resources/sepay_webhook", "resource.tf", file)
			if !needed.met() {
				t.Skip("this tool is too old for what the example shows")
			}

			if id := w.sepay.PutWebhook(payments()); id != 59325 {
				t.Fatalf("the webhook has the id %d, not the one of the example", id)
			}

			w.run(0, "init", "-input=false")

			output := w.run(2, "plan", "-input=false", "-detailed-exitcode")
			if !strings.Contains(output, "1 to import, 0 to add") {
				t.Errorf("the plan does not import one webhook alone:\n%s", output)
			}

			w.run(0, "apply", "-input=false", "-auto-approve")
			w.run(0, "plan", "-input=false", "-detailed-exitcode")

			if webhooks := w.sepay.Webhooks(); len(webhooks) != 1 || len(w.sepay.RequestsTo("POST", "/api/v1/webhooks")) != 0 {
				t.Errorf("the import left %d webhooks, or sent a create", len(webhooks))
			}
		})
	}
}

func TestAccTestsOfTheExamplesPass(t *testing.T) {
	t.Parallel()

	for _, example := range []string{"modules/shop-webhook", "drift-check"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()

			w := newWorkspace(t, example)
			if !(needs{terraform: 6, tofu: 6}).met() {
				t.Skip("this tool has no test command")
			}

			w.run(0, "init", "-input=false")

			if output := w.run(0, "test"); !strings.Contains(output, " passed, 0 failed.") {
				t.Errorf("got\n%s", output)
			}

			if calls := w.sepay.Counters().Tokens.Calls; calls != 1 {
				t.Errorf("the runs signed in %d times, want once", calls)
			}

			if got := len(w.sepay.Webhooks()); got != 0 {
				t.Errorf("%d webhooks are left", got)
			}
		})
	}
}

func TestAccDriftCheckFindsChangesAndIsQuietOtherwise(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t, "drift-check")
	report := filepath.Join(t.TempDir(), "drift.md")
	check := func(exitCode int) {
		t.Helper()
		w.start(exitCode, filepath.Join(w.directory, "drift-check.sh"), report)
	}

	w.run(0, "init", "-input=false")
	w.run(0, "apply", "-input=false", "-auto-approve")

	for i := range 20 {
		if err := w.sepay.SetBalance(19, fmt.Sprintf("%d.00", 1777283273+i*1000)); err != nil {
			t.Fatal(err)
		}

		w.sepay.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})
		check(0)
	}

	if _, err := os.Stat(report); !os.IsNotExist(err) {
		t.Errorf("a report was written although nothing differs: %v", err)
	}

	id := w.sepay.Webhooks()[0].ID
	if err := w.sepay.ChangeWebhook(id, map[string]any{"webhook_url": "https://elsewhere.example.net/"}); err != nil {
		t.Fatal(err)
	}

	check(2)

	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}

	if !strings.Contains(string(text), "https://elsewhere.example.net/") || strings.Contains(string(text), "whsec_") {
		t.Errorf("the report does not name the change, or shows the secret:\n%s", text)
	}

	w.sepay.Fail(simulator.Fault{Method: "GET", Status: 403})
	check(1)

	if got, _ := w.sepay.Webhook(id); got.WebhookURL != "https://elsewhere.example.net/" {
		t.Error("the check changed the webhook")
	}
}

func TestAccExamplesAreFormatted(t *testing.T) {
	t.Parallel()

	w := newWorkspace(t, "demo")
	w.directory = filepath.Join(root, "examples")
	w.run(0, "fmt", "-check", "-recursive", "-diff")
}
