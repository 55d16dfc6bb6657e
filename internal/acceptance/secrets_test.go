package acceptance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

const (
	firstKey  = "b7c9d5e2a48603f1b7c9d5e2a48603f1"
	secondKey = "e2a48603f1b7c9d5e2a48603f1b7c9d5"
	thirdKey  = "603f1b7c9d5e2a48603f1b7c9d5e2a48"
)

// keyed declares a webhook with the write-only key of the variable "key".
func keyed(name, more string) string {
	return fmt.Sprintf(`
variable "key" {
  type      = string
  ephemeral = true
}

resource "sepay_webhook" "shop" {
  name            = %q
  webhook_url     = "https://shop.example.com/sepay"
  event_type      = "In_only"
  authen_type     = "Api_Key"
  api_key_wo      = var.key
  bank_account_id = 19
  %s
}
`, name, more)
}

func startKeyed(t *testing.T, configuration string) (*simulator.Server, *acctest.CLI) {
	t.Helper()

	sepay, cli := start(t, configuration)
	cli.Needs(11, 11)
	cli.Setenv("TF_VAR_key=" + firstKey)

	return sepay, cli
}

func TestAccAWriteOnlySecretReachesSePayAndNothingElse(t *testing.T) {
	t.Parallel()

	sepay, cli := startKeyed(t, keyed("Shop", ""))

	cli.PlanChanges("-out=plan")
	cli.MustRun("apply", "plan")

	created := only(t, sepay)
	if created.APIKey != firstKey {
		t.Fatal("SePay did not get the key")
	}

	cli.PlanEmpty()
	writes(sepay)

	// An unrelated change leaves it alone.
	configure(cli, keyed("Boutique", ""))
	cli.Apply()
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d name", created.ID))

	// Another value is sent.
	cli.Setenv("TF_VAR_key=" + secondKey)
	mentions(t, cli.PlanChanges("-out=plan"), "api_key_wo_version = 1 -> 2", "0 to add, 1 to change, 0 to destroy")
	cli.MustRun("apply", "plan")
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d api_key", created.ID))
	cli.PlanEmpty()

	// A change in the dashboard is seen, and undone.
	change(t, sepay, created.ID, map[string]any{"api_key": thirdKey})
	mentions(t, cli.PlanChanges(), "api_key_wo_version")
	cli.Apply()
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d api_key", created.ID))
	cli.PlanEmpty()

	if got := only(t, sepay).APIKey; got != secondKey {
		t.Error("SePay does not have the configured key again")
	}

	cli.MustRun("show", "-json")

	for _, leak := range cli.FilesWith(firstKey, secondKey, thirdKey) {
		t.Error(leak)
	}
}

func TestAccAWriteOnlySecretIsSentWhenItsVersionChanges(t *testing.T) {
	t.Parallel()

	sepay, cli := startKeyed(t, keyed("Shop", "api_key_wo_version = 1"))

	cli.Apply()

	id := only(t, sepay).ID

	cli.Setenv("TF_VAR_key=" + secondKey)
	cli.PlanEmpty()
	writes(sepay)

	configure(cli, keyed("Shop", "api_key_wo_version = 2"))
	mentions(t, cli.Apply(), "api_key_wo_version = 1 -> 2")
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d api_key", id))
	cli.PlanEmpty()

	change(t, sepay, id, map[string]any{"api_key": thirdKey})
	mentions(t, cli.PlanChanges(), "api_key_wo_version")
	cli.Apply()

	if got := only(t, sepay).APIKey; got != secondKey {
		t.Error("SePay does not have the configured key again")
	}

	for _, leak := range cli.FilesWith(firstKey, secondKey, thirdKey) {
		t.Error(leak)
	}
}

func TestAccAnImportWritesNoSecretToPlanOrState(t *testing.T) {
	t.Parallel()

	for stored, warning := range map[string]string{firstKey: "", secondKey: "This apply changes the api_key at SePay"} {
		sepay, cli := startKeyed(t, keyed("Shop", ""))
		id := sepay.PutWebhook(simulator.Webhook{
			Name: "Shop", WebhookURL: "https://shop.example.com/sepay", EventType: "In_only", AuthenType: "Api_Key", APIKey: stored,
			BankAccountID: 19, Active: true,
		})

		cli.Write("import.tf", fmt.Sprintf("import {\n  to = sepay_webhook.shop\n  id = \"%d\"\n}\n", id))

		output := cli.PlanChanges("-out=plan")
		mentions(t, output, "1 to import, 0 to add, 1 to change, 0 to destroy", "api_key_wo_version", warning)

		if warning == "" && strings.Contains(output, "changes the api_key") {
			t.Errorf("the plan warns of a change that does not come:\n%s", output)
		}

		cli.MustRun("apply", "plan")
		cli.PlanEmpty()
		cli.MustRun("show", "-json")

		if warning == "" {
			wrote(t, sepay)
		} else {
			wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d api_key", id))
		}

		for _, leak := range cli.FilesWith(firstKey, secondKey) {
			t.Error(leak)
		}
	}
}

func TestAccAWriteOnlySecretMayBeUnknownAtPlan(t *testing.T) {
	t.Parallel()

	// The secret ends in a part that only the apply knows.
	configuration := func(generation int) string {
		return fmt.Sprintf(`
resource "terraform_data" "generation" {
  input = "%d-of-the-key"
}

resource "sepay_webhook" "shop" {
  name            = "Shop"
  webhook_url     = "https://shop.example.com/sepay"
  event_type      = "In_only"
  authen_type     = "HMAC_SHA256"
  secret_key_wo   = "whsec_2a48603f1b7c9d5e-${terraform_data.generation.output}"
  bank_account_id = 19
}
`, generation)
	}

	sepay, cli := start(t, configuration(1))
	cli.Needs(11, 11)

	cli.Apply()
	cli.PlanEmpty()

	created := only(t, sepay)
	if created.SecretKey != "whsec_2a48603f1b7c9d5e-1-of-the-key" {
		t.Errorf("SePay got another secret")
	}

	writes(sepay)
	configure(cli, configuration(2))
	mentions(t, cli.Apply(), "secret_key_wo_version = 1 -> (known after apply)")
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d secret_key", created.ID))
	cli.PlanEmpty()

	if got := only(t, sepay).SecretKey; got != "whsec_2a48603f1b7c9d5e-2-of-the-key" {
		t.Error("SePay does not have the new secret")
	}

	for _, leak := range cli.FilesWith("whsec_2a48603f1b7c9d5e-1-of-the-key", "whsec_2a48603f1b7c9d5e-2-of-the-key") {
		t.Error(leak)
	}
}

func TestAccAWriteOnlySecretReplacesOneInTheState(t *testing.T) {
	t.Parallel()

	plain := `
variable "key" {
  type      = string
  ephemeral = true
}

variable "kept" {
  default = "` + thirdKey + `"
}

resource "sepay_webhook" "shop" {
  name            = "Shop"
  webhook_url     = "https://shop.example.com/sepay"
  event_type      = "In_only"
  authen_type     = "Api_Key"
  api_key         = var.kept
  bank_account_id = 19
}
`

	sepay, cli := startKeyed(t, plain)

	cli.Apply()

	id := only(t, sepay).ID

	if len(cli.FilesWith(thirdKey)) < 2 {
		t.Error("the search for secrets does not find the one that the state has to keep, so its silence means nothing")
	}

	configure(cli, keyed("Shop", ""))
	writes(sepay)
	cli.Apply()
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d api_key", id))
	cli.PlanEmpty()
	cli.Remove("terraform.tfstate.backup")

	for _, leak := range cli.FilesWith(firstKey, thirdKey) {
		t.Error(leak)
	}
}
