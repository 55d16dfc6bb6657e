package examples_test

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAccTheDriftCheckFindsChangesAndIsQuietOtherwise(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, "drift-check")
	cli.Apply()

	for i := range quietChecks() {
		if err := sepay.SetBalance(19, fmt.Sprintf("%d.00", 1777283273+i*1000)); err != nil {
			t.Fatal(err)
		}

		sepay.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})

		if code, output := checkDrift(t, cli); code != 0 {
			t.Fatalf("exit code %d although nothing differs:\n%s", code, output)
		}
	}

	id := sepay.Webhooks()[0].ID
	if err := sepay.ChangeWebhook(id, map[string]any{"webhook_url": "https://elsewhere.example.net/"}); err != nil {
		t.Fatal(err)
	}

	if code, output := checkDrift(t, cli); code != 2 {
		t.Fatalf("exit code %d although a webhook was changed:\n%s", code, output)
	}

	if report := cli.Read("report.md"); !strings.Contains(report, `"https://elsewhere.example.net/" -> "https://shop.example.com/`) {
		t.Errorf("the report does not show the change:\n%s", report)
	}

	sepay.Fail(simulator.Fault{Method: http.MethodGet, Status: http.StatusForbidden})

	if code, output := checkDrift(t, cli); code != 1 {
		t.Fatalf("exit code %d although SePay could not be read:\n%s", code, output)
	}

	if got, _ := sepay.Webhook(id); got.WebhookURL != "https://elsewhere.example.net/" {
		t.Error("the check changed the webhook")
	}
}

// quietChecks is how often the check is repeated while balances and transactions change.
func quietChecks() int {
	if proof.Full() {
		return 20
	}

	return 4
}

// checkDrift runs the script of the example as a job does.
func checkDrift(t *testing.T, cli *acctest.CLI) (exitCode int, output string) {
	t.Helper()

	tool := cli.Command(t.Context(), "version")
	check := exec.CommandContext(t.Context(), "bash", filepath.Join(cli.Dir, "drift-check.sh"), filepath.Join(cli.Dir, "report.md"))
	check.Env = slices.Concat(tool.Env, []string{"TF=" + tool.Path})

	printed, err := check.CombinedOutput()
	cli.Printed(printed)

	if check.ProcessState == nil {
		t.Fatal(err)
	}

	return check.ProcessState.ExitCode(), string(printed)
}
