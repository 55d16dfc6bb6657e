package examples_test

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
)

// example is a set of files that is applied as it stands.
type example struct {
	directory string
	// patterns choose files of the directory; empty chooses all.
	patterns []string
	// The first minor version of version 1 that knows what the example shows.
	terraform, tofu int
	webhooks        int
}

func (e example) String() string { return path.Join(e.directory, strings.Join(e.patterns, "+")) }

func appliedExamples() []example {
	return []example{
		{"provider", []string{"provider.tf"}, 5, 6, 0},
		{"demo", nil, 5, 6, 1},
		{"drift-check", nil, 5, 6, 1},
		{"resources/sepay_webhook", []string{"resource.tf"}, 11, 11, 1},
		{"resources/sepay_webhook", []string{"resource_each_account.tf"}, 5, 6, 3},
		{"resources/sepay_webhook", []string{"resource_oauth2.tf"}, 11, 11, 1},
		{"resources/sepay_webhook", []string{"resource_virtual_accounts.tf"}, 11, 11, 1},
		{"data-sources/sepay_bank_account", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_bank_accounts", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_bank_sub_accounts", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_company", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_transactions", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_user", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_webhook", []string{"data-source.tf"}, 5, 6, 0},
		{"data-sources/sepay_webhooks", []string{"data-source.tf"}, 5, 6, 0},
		{"ephemeral-resources/sepay_access_token", []string{"ephemeral-resource.tf"}, 10, 11, 0},
	}
}

func TestAccEveryExampleIsAppliedAndThenHasAnEmptyPlan(t *testing.T) {
	t.Parallel()

	for row, example := range appliedExamples() {
		if !proof.Turn(row, 2) {
			continue
		}

		t.Run(example.String(), func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, example.directory, example.patterns...)
			cli.Needs(example.terraform, example.tofu)

			before := 0
			if strings.HasPrefix(example.directory, "data-sources/sepay_webhook") {
				before = 1

				sepay.PutWebhook(payments())
			}

			// An apply validates too.
			if proof.Full() {
				cli.MustRun("validate")
			}

			if output := cli.Apply(); strings.Contains(output, "Check block assertion failed") {
				t.Errorf("a check of the example does not hold:\n%s", output)
			}

			if got := len(sepay.Webhooks()) - before; got != example.webhooks {
				t.Errorf("SePay has %d webhooks of the example, want %d", got, example.webhooks)
			}

			cli.PlanEmpty()

			if example.webhooks == 0 {
				return
			}

			cli.Destroy()

			if got := len(sepay.Webhooks()) - before; got != 0 {
				t.Errorf("%d webhooks are left after destroy", got)
			}
		})
	}
}

func TestAccImportExamplesEndInAnEmptyPlan(t *testing.T) {
	t.Parallel()

	for _, example := range []struct {
		file            string
		terraform, tofu int
	}{
		{"import-by-string-id.tf", 11, 11}, // because of the write-only secret next to it
		{"import-by-identity.tf", 12, 12},
	} {
		t.Run(example.file, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, "resources/sepay_webhook", "resource.tf", example.file)
			cli.Needs(example.terraform, example.tofu)

			if id := sepay.PutWebhook(payments()); id != 59325 {
				t.Fatalf("the webhook has the id %d, not the one of the example", id)
			}

			if output := cli.PlanChanges(); !strings.Contains(output, "1 to import, 0 to add") {
				t.Errorf("the plan does not import one webhook alone:\n%s", output)
			}

			cli.Apply()
			cli.PlanEmpty()

			if creates := sepay.RequestsTo(http.MethodPost, "/api/v1/webhooks"); len(sepay.Webhooks()) != 1 || len(creates) != 0 {
				t.Errorf("the import left %d webhooks and sent %d creates", len(sepay.Webhooks()), len(creates))
			}
		})
	}
}

func TestAccTestsOfTheExamplesPass(t *testing.T) {
	t.Parallel()

	for _, example := range []string{"modules/shop-webhook", "drift-check"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, example)
			cli.Needs(6, 6)

			if output := cli.MustRun("test"); !strings.Contains(output, " passed, 0 failed.") {
				t.Errorf("got\n%s", output)
			}

			if calls := sepay.Counters().Tokens.Calls; calls != 1 {
				t.Errorf("the runs signed in %d times, want once", calls)
			}

			if got := len(sepay.Webhooks()); got != 0 {
				t.Errorf("%d webhooks are left", got)
			}
		})
	}
}

func TestAccTheExamplesAreFormatted(t *testing.T) {
	t.Parallel()

	_, cli := start(t, ".")
	cli.MustRun("fmt", "-check", "-recursive", "-diff")
}
