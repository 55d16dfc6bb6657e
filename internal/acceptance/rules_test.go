package acceptance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAccARefreshOnlyRunRecordsAChangeAndMakesNone(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()

	id := only(t, sepay).ID
	change(t, sepay, id, map[string]any{"name": "Boutique"})
	writes(sepay)

	mentions(t, cli.MustExit(2, "plan", "-refresh-only", "-detailed-exitcode"), `name = "Shop" -> "Boutique"`)
	cli.Apply("-refresh-only")
	wrote(t, sepay)

	if got := managed(t, cli, "shop")["name"]; got != "Boutique" {
		t.Errorf("the state has the name %v", got)
	}

	mentions(t, cli.PlanChanges("-refresh=false"), `name = "Boutique" -> "Shop"`)

	sepay.DeleteWebhook(id)
	cli.Apply("-refresh-only")

	if got := managed(t, cli, "shop"); got != nil {
		t.Errorf("the state still has %v", got)
	}
}

func TestAccAReplacementFollowsTheConfiguredOrder(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()

	first := only(t, sepay).ID
	created := "POST /webhooks active,authen_type,bank_account_id,event_type,is_verify_payment,name," +
		"request_content_type,skip_if_no_code,webhook_url"

	writes(sepay)
	mentions(t, cli.Apply("-replace=sepay_webhook.shop"), "1 added, 0 changed, 1 destroyed")

	second := only(t, sepay).ID
	wrote(t, sepay, fmt.Sprintf("DELETE /webhooks/%d", first), created, fmt.Sprintf("PATCH /webhooks/%d active,name", second))

	// Both exist at the same time, with the same URL.
	configure(cli, webhook("shop", "lifecycle {\n    create_before_destroy = true\n  }"))
	cli.Apply("-replace=sepay_webhook.shop")

	third := only(t, sepay).ID
	wrote(t, sepay, created, fmt.Sprintf("PATCH /webhooks/%d active,name", third), fmt.Sprintf("DELETE /webhooks/%d", second))
	cli.PlanEmpty()

	if third == second || fmt.Sprint(managed(t, cli, "shop")["id"]) != fmt.Sprint(third) {
		t.Errorf("SePay has webhook %d, and the state %v", third, managed(t, cli, "shop"))
	}
}

func TestAccAnUnattendedApplyAfterALostStateCreatesNoSecondWebhook(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()

	id := only(t, sepay).ID

	// What a killed runner leaves: the webhook at SePay, and nothing in the state.
	cli.MustRun("state", "rm", "sepay_webhook.shop")
	writes(sepay)

	for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}} {
		mentions(t, cli.MustExit(1, command...), fmt.Sprintf("SePay already has this webhook, as %d", id), "notify each payment twice",
			"import {", fmt.Sprintf("id = %q", fmt.Sprint(id)))
	}

	wrote(t, sepay)

	configure(cli, webhook("shop")+fmt.Sprintf("import {\n  to = sepay_webhook.shop\n  id = %q\n}\n", fmt.Sprint(id)))
	cli.Apply()
	cli.PlanEmpty()

	if only(t, sepay).ID != id {
		t.Errorf("SePay has %v", sepay.Webhooks())
	}
}

// The state still has the webhook that was deleted, and Terraform ignores an import block for what is in the state.
func TestAccAWebhookThatAKilledApplyCreatedAgainIsTakenOver(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()

	again := only(t, sepay)
	sepay.DeleteWebhook(again.ID)

	again.ID = 0
	id := sepay.PutWebhook(again)

	writes(sepay)
	mentions(t, cli.MustExit(1, "plan"), fmt.Sprintf("SePay already has this webhook, as %d", id), "import {", "apply -refresh-only")

	configure(cli, webhook("shop")+fmt.Sprintf("import {\n  to = sepay_webhook.shop\n  id = %q\n}\n", fmt.Sprint(id)))
	mentions(t, cli.MustExit(1, "plan"), "apply -refresh-only")

	cli.MustRun("apply", "-refresh-only", "-auto-approve")
	cli.Apply()
	cli.PlanEmpty()
	wrote(t, sepay)

	if only(t, sepay).ID != id {
		t.Errorf("SePay has %v", sepay.Webhooks())
	}
}

func TestAccAProxysNotFoundRemovesNothing(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()
	writes(sepay)

	sepay.Fail(simulator.Fault{
		Path: "/api/v1/", Status: http.StatusNotFound, Body: "default backend - 404", ContentType: "text/html",
	})

	mentions(t, cli.MustExit(1, "plan", "-detailed-exitcode"), "404", "Nothing was changed")
	mentions(t, cli.MustExit(1, "destroy", "-auto-approve"), "404", "Nothing was changed")

	sepay.ClearFaults()
	cli.PlanEmpty()
	wrote(t, sepay)
}

func TestAccATargetLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("first")+webhook("second"))

	cli.Apply("-target=sepay_webhook.first")

	if got := only(t, sepay).WebhookURL; got != "https://shop.example.com/first" {
		t.Errorf("SePay has %s", got)
	}

	cli.Apply()
	change(t, sepay, sepay.Webhooks()[0].ID, map[string]any{"active": false})
	sepay.ResetRequests()
	cli.PlanEmpty("-target=sepay_webhook.second")

	if got := len(sepay.Requests()); got != 1 {
		t.Errorf("%d requests were made for one webhook: %v", got, sepay.Requests())
	}

	cli.Destroy("-target=sepay_webhook.first")

	if got := only(t, sepay).WebhookURL; got != "https://shop.example.com/second" {
		t.Errorf("SePay has %s", got)
	}
}

func TestAccAMovedWebhookStaysTheSame(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()
	writes(sepay)

	moved := strings.ReplaceAll(webhook("boutique"), "example.com/boutique", "example.com/shop")
	configure(cli, moved+`
moved {
  from = sepay_webhook.shop
  to   = sepay_webhook.boutique
}
`)
	mentions(t, cli.Apply(), "0 added, 0 changed, 0 destroyed")
	wrote(t, sepay)

	if got := managed(t, cli, "boutique"); got == nil {
		t.Error("the state does not have the webhook under its new name")
	}

	configure(cli, moved)
	cli.PlanEmpty()
}

func TestAccOneWebhookForEachBankAccount(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
data "sepay_bank_accounts" "watched" {
  active = true
}

resource "sepay_webhook" "ledger" {
  for_each = { for account in data.sepay_bank_accounts.watched.bank_accounts : account.id => account }

  name            = "${each.value.bank.short_name} ${each.value.account_number}"
  webhook_url     = "https://ledger.example.com/${each.key}"
  event_type      = "All"
  authen_type     = "No_Authen"
  bank_account_id = each.value.id
}

output "webhooks" {
  value = { for key, webhook in sepay_webhook.ledger : key => webhook.name }
}
`)

	mentions(t, cli.Apply(), "3 added", `"20" = "MBBank 0000123456789"`)

	for _, balance := range []string{"1.00", "2.00"} {
		if err := sepay.SetBalance(19, balance); err != nil {
			t.Fatal(err)
		}
	}

	cli.PlanEmpty()

	if err := sepay.ChangeBankAccount(20, map[string]any{"active": false}); err != nil {
		t.Fatal(err)
	}

	sepay.SeedBankAccounts(1)
	mentions(t, cli.Apply(), "1 added, 0 changed, 1 destroyed")

	var accounts []int64
	for _, webhook := range sepay.Webhooks() {
		accounts = append(accounts, webhook.BankAccountID)
	}

	slices.Sort(accounts)

	if want := []int64{19, 22, 1001}; !slices.Equal(accounts, want) {
		t.Errorf("there are webhooks for the accounts %v, want %v", accounts, want)
	}
}

func TestAccAStateOfAnotherVersionIsRead(t *testing.T) {
	t.Parallel()

	for name, edit := range map[string]func(instance map[string]any){
		"of a tool that keeps no identity": func(instance map[string]any) {
			delete(instance, "identity")
			delete(instance, "identity_schema_version")
		},
		"of a tool that keeps one": func(instance map[string]any) {
			attributes, _ := instance["attributes"].(map[string]any)
			instance["identity"], instance["identity_schema_version"] = map[string]any{"id": attributes["id"]}, 0
		},
		"of a provider that knew less and more": func(instance map[string]any) {
			delete(instance, "private")

			attributes, _ := instance["attributes"].(map[string]any)
			for _, later := range []string{"alert_channel_ids", "alert_threshold", "va_mode", "oauth2_client_id", "api_key_wo_version"} {
				delete(attributes, later)
			}

			attributes["retired"] = []any{"gone"}
		},
	} {
		if !proof.Full() && name != "of a provider that knew less and more" {
			continue
		}

		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, shop(""))

			cli.Apply()
			editState(t, cli, edit)
			writes(sepay)
			cli.PlanEmpty()
			wrote(t, sepay)

			id := only(t, sepay).ID

			// An identity in the state can break an update, and a read of a deleted webhook.
			configure(cli, shop(`is_verify_payment = true`))
			cli.Apply()
			wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d is_verify_payment", id))

			editState(t, cli, edit)
			sepay.DeleteWebhook(id)
			mentions(t, cli.PlanChanges(), "1 to add, 0 to change, 0 to destroy")
		})
	}
}

func TestAccAConfigurationIsGeneratedFromWhatExists(t *testing.T) {
	t.Parallel()

	imports := func(ids ...int64) string {
		var blocks strings.Builder
		for i, id := range ids {
			fmt.Fprintf(&blocks, "import {\n  to = sepay_webhook.found%d\n  id = \"%d\"\n}\n", i, id)
		}

		return blocks.String()
	}

	t.Run("of webhooks without a secret", func(t *testing.T) {
		t.Parallel()

		sepay, cli := start(t, "")
		configure(cli, imports(append(sepay.SeedWebhooks(1),
			sepay.PutWebhook(simulator.Webhook{
				Name: "Every account", WebhookURL: "https://a.example.com/", EventType: "In_only", AuthenType: "No_Authen",
				BankMode: "all", PrefixFilters: []string{"DH"}, RetryConditions: []string{"non_2xx_status_code"},
			}),
			sepay.PutWebhook(simulator.Webhook{
				Name: "A branch", WebhookURL: "https://b.example.com/", EventType: "All", AuthenType: "No_Authen", BankAccountID: 19,
				VAMode: "list", OnlyVA: true, BankSubAccountIDs: []int64{25}, AlertEventTypes: []string{},
			}))...))

		mentions(t, cli.PlanChanges("-generate-config-out=found.tf"), "3 to import, 0 to add, 0 to change, 0 to destroy")
		cli.Apply()
		cli.PlanEmpty()
		wrote(t, sepay)
	})

	t.Run("of a webhook with a secret", func(t *testing.T) {
		t.Parallel()

		sepay, cli := start(t, "", simulator.WithSampleWebhook())
		configure(cli, imports(23))

		// The tool leaves sensitive values out of what it generates, so that the secret is for the user to add.
		secret := only(t, sepay).SecretKey
		mentions(t, cli.MustExit(1, "plan", "-generate-config-out=found.tf"), "Missing secret_key")

		generated := cli.Read("found.tf")
		if strings.Contains(generated, secret) {
			t.Error("the generated configuration contains the secret")
		}

		cli.Setenv("TF_VAR_secret=" + secret)
		cli.Write("secret.tf", "variable \"secret\" {}\n")

		lines := strings.Split(generated, "\n")
		for i, line := range lines {
			if fields := strings.Fields(line); len(fields) > 0 && fields[0] == "secret_key" {
				lines[i] = "secret_key = var.secret"
			}
		}

		cli.Write("found.tf", strings.Join(lines, "\n"))
		mentions(t, cli.Apply(), "1 imported, 0 added, 1 changed, 0 destroyed")
		cli.PlanEmpty()
		wrote(t, sepay)
	})
}

// managed returns the attributes of sepay_webhook.NAME in the state, nil when it has none.
func managed(t *testing.T, cli *acctest.CLI, name string) map[string]any {
	t.Helper()

	var found map[string]any

	eachInstance(t, cli, func(resource string, instance map[string]any) {
		if resource == name {
			found, _ = instance["attributes"].(map[string]any)
		}
	})

	return found
}

// editState changes each managed webhook of the state file, as another version would have written it.
func editState(t *testing.T, cli *acctest.CLI, edit func(instance map[string]any)) {
	t.Helper()

	state := eachInstance(t, cli, func(_ string, instance map[string]any) { edit(instance) })

	content, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}

	cli.Write("terraform.tfstate", string(content))
}

func eachInstance(t *testing.T, cli *acctest.CLI, visit func(resource string, instance map[string]any)) map[string]any {
	t.Helper()

	decoder := json.NewDecoder(strings.NewReader(cli.Read("terraform.tfstate")))
	decoder.UseNumber()

	var state map[string]any
	if err := decoder.Decode(&state); err != nil {
		t.Fatal(err)
	}

	resources, _ := state["resources"].([]any)
	for _, entry := range resources {
		resource, _ := entry.(map[string]any)
		if resource["mode"] != "managed" {
			continue
		}

		instances, _ := resource["instances"].([]any)
		for _, each := range instances {
			instance, _ := each.(map[string]any)
			visit(fmt.Sprint(resource["name"]), instance)
		}
	}

	return state
}
