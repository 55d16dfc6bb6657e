package acceptance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// shop declares a webhook with a secret that tools of any age know.
func shop(more string) string {
	return fmt.Sprintf(`
variable "key" {
  default = "3f1b7c9d5e2a48603f1b7c9d5e2a4860"
}

data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

resource "sepay_webhook" "shop" {
  name            = "Shop"
  webhook_url     = "https://shop.example.com/sepay"
  event_type      = "In_only"
  authen_type     = "Api_Key"
  api_key         = var.key
  bank_account_id = data.sepay_bank_account.shop.id
  %s
}

output "account" {
  value = data.sepay_bank_account.shop
}
`, more)
}

func TestAccAWebhookLivesFromItsCreationToItsEnd(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, shop(""))

	cli.Apply()
	wrote(t, sepay, "POST /webhooks active,api_key,authen_type,bank_account_id,event_type,is_verify_payment,name,"+
		"request_content_type,skip_if_no_code,webhook_url",
		fmt.Sprintf("PATCH /webhooks/%d active,name", only(t, sepay).ID))

	created := only(t, sepay)
	if created.Name != "Shop" || len(created.APIKey) != 32 || created.BankAccountID != 19 || !created.Active {
		t.Errorf("SePay stored %+v", created)
	}

	if err := sepay.SetBalance(19, "1.00"); err != nil {
		t.Fatal(err)
	}

	cli.PlanEmpty()

	// An update.
	configure(cli, shop(`name_is_kept = true`))

	if result := cli.Run("apply", "-auto-approve"); result.Code != 1 {
		t.Fatalf("an argument that does not exist is taken:\n%s", result.Output)
	}

	configure(cli, shop(`skip_if_no_code = true`))
	cli.Apply()
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d skip_if_no_code", created.ID))
	cli.PlanEmpty()

	// Someone changes it in the dashboard.
	change(t, sepay, created.ID, map[string]any{"active": false, "webhook_url": "https://elsewhere.example.net/"})
	mentions(t, cli.PlanChanges(), "https://elsewhere.example.net/", "active = false -> true", "0 to add, 1 to change, 0 to destroy")
	wrote(t, sepay)
	cli.Apply()
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d active,webhook_url", created.ID))

	// Someone deletes it in the dashboard.
	sepay.DeleteWebhook(created.ID)
	mentions(t, cli.PlanChanges(), "1 to add, 0 to change, 0 to destroy")
	cli.Apply()

	anew := only(t, sepay)
	if anew.ID == created.ID || !anew.SkipIfNoCode || anew.WebhookURL != "https://shop.example.com/sepay" {
		t.Errorf("SePay has %+v in its place", anew)
	}

	// The state forgets it, and it is imported.
	cli.MustRun("state", "rm", "sepay_webhook.shop")
	writes(sepay)
	mentions(t, cli.MustExit(1, "import", "sepay_webhook.shop", "Shop"), "Not the id of a webhook", "a whole number")
	mentions(t, cli.MustExit(1, "import", "sepay_webhook.shop", "1"), "import webhook 1", "does not show")
	cli.MustRun("import", "sepay_webhook.shop", fmt.Sprint(anew.ID))
	// The secret is recorded, and not sent.
	cli.Apply()
	cli.PlanEmpty()
	wrote(t, sepay)

	cli.Destroy()
	wrote(t, sepay, fmt.Sprintf("DELETE /webhooks/%d", anew.ID))

	if left := sepay.Webhooks(); len(left) != 0 {
		t.Errorf("SePay still has %v", left)
	}

	signedIn(t, sepay, 1)
}

func TestAccAWebhookThatWasDeletedIsDestroyedWithoutAnError(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()
	sepay.DeleteWebhook(only(t, sepay).ID)
	cli.Destroy("-refresh=false")
	cli.PlanChanges()
}

func TestAccAnImportBlockEndsInAnEmptyPlan(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, "", simulator.WithSampleWebhook())

	// A variable, for Terraform quotes lines of the configuration in what it prints.
	configure(cli, `
variable "key" {
  default = "whsec_a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7"
}

import {
  to = sepay_webhook.sample
  id = "23"
}

resource "sepay_webhook" "sample" {
  name                 = "Online shop integration"
  webhook_url          = "https://example.com/webhook/payment"
  event_type           = "In_only"
  authen_type          = "HMAC_SHA256"
  secret_key           = var.key
  bank_account_id      = 19
  is_verify_payment    = true
  skip_if_no_code      = true
  va_mode              = "list"
  bank_sub_account_ids = [26, 25]
}
`)

	mentions(t, cli.PlanChanges(), "1 to import, 0 to add, 1 to change, 0 to destroy")
	cli.Apply()
	cli.PlanEmpty()
	wrote(t, sepay)
}

func TestAccAWebhookLivesWhateverSePaysDialect(t *testing.T) {
	t.Parallel()

	for row, text := range []string{
		"U1=object,U2=201,U3=object,U4=204,U5=masked,U6=strings,U8=on,U13=422,U15=20,U18=trimmed,X3=descending",
		"U1=root,U3=204,U5=absent,U6=zero_one,U7=2025,U8=null,U9=invalid_request,U13=500,U14=quickstart,U15=no_meta",
		"U3=message,U5=null,U8=empty,U11=revoked,U12=keeps,U14=legacy,X1=returned,X2=brief,X4=coupled",
	} {
		// A webhook lives under each variant without a tool too.
		if !proof.Turn(row, 3) {
			continue
		}

		t.Run(text, func(t *testing.T) {
			t.Parallel()

			dialect, err := dialects.Parse(text)
			if err != nil {
				t.Fatal(err)
			}

			sepay, cli := start(t, shop(`prefix_filters = []`), simulator.WithDialect(dialect))

			cli.Apply()
			cli.PlanEmpty()

			created := only(t, sepay)

			configure(cli, strings.ReplaceAll(shop(`retry_conditions = ["non_2xx_status_code"]`), `"Shop"`, `"Boutique"`))
			writes(sepay)
			cli.Apply()
			wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d %s", created.ID, updated(dialect)))
			cli.PlanEmpty()

			sepay.DeleteWebhook(created.ID)
			cli.Apply()

			if anew := only(t, sepay); anew.Name != "Boutique" || anew.APIKey != created.APIKey {
				t.Errorf("SePay has %+v in its place", anew)
			}

			cli.Destroy()
			signedIn(t, sepay, 1)
		})
	}
}

// updated are the keys of the update: where SePay turns retry on by itself, there is nothing to turn on.
func updated(dialect dialects.Dialect) string {
	if dialect.RetryDefault == dialects.RetryDefaultOn {
		return "name"
	}

	return "name,retry_conditions"
}
