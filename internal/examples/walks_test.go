package examples_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// importGuide follows the guide to an empty plan: for one webhook, with each authentication that needs something by
// hand, and for all webhooks with older versions.
func importGuide(t *testing.T) {
	t.Helper()

	const page = "docs/guides/import-and-query.md"

	oauth2 := payments()
	oauth2.AuthenType, oauth2.SecretKey = "OAuth2.0", ""
	oauth2.OAuth2AccessTokenURL, oauth2.OAuth2ClientID, oauth2.OAuth2ClientSecret = "https://auth.example.com/token", "shop", signingSecret

	multi := payments()
	multi.AuthenType, multi.SecretKey = "No_Authen", ""
	multi.BankMode, multi.BankAccountID, multi.BankAccountIDs = "multi", 0, []int64{19, 20}

	for name, c := range map[string]struct {
		webhook simulator.Webhook
		// by what the nulls of the generated file are replaced
		replaced map[string]string
		// how many updates the apply sends: one for what SePay does not return
		updates int
	}{
		"HMAC":             {payments(), map[string]string{"secret_key": "var.webhook_secret"}, 0},
		"HMAC, write-only": {payments(), map[string]string{"secret_key_wo": "var.webhook_secret"}, 0},
		"OAuth2": {oauth2, map[string]string{
			"oauth2_client_secret": "var.webhook_secret", "oauth2_client_id": `"shop"`,
			"oauth2_access_token_url": `"https://auth.example.com/token"`,
		}, 1},
		"several accounts": {multi, map[string]string{"bank_account_ids": "[19, 20]"}, 1},
	} {
		if !proof.Full() && name != "HMAC, write-only" {
			continue
		}

		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := reader(t)
			cli.Needs(11, 11)

			terminal := newShell(t, cli)
			sepay.PutWebhook(c.webhook)

			before := sepay.Webhooks()
			one := under(blocks(t, page), "One webhook")

			cli.Write("main.tf", requirements+used(find(t, one, `variable "webhook_secret"`)))
			cli.Write("imports.tf", used(find(t, one, "import {")))
			terminal.run(t, "terraform init")
			terminal.mayFail(t, used(find(t, one, "generate-config-out")))
			complete(t, cli, "webhooks.tf", c.replaced)
			cli.Write("imports.tf", strings.Replace(cli.Read("imports.tf"), "  provider = sepay\n", "", 1))
			terminal.block(t, find(t, one, "terraform apply"))
			terminal.run(t, "rm imports.tf\nterraform plan -detailed-exitcode")
			unchanged(t, sepay, before, c.updates)
		})
	}

	t.Run("all, with older versions", func(t *testing.T) {
		t.Parallel()

		sepay, cli := reader(t)
		cli.Needs(5, 6)

		terminal := newShell(t, cli)
		sepay.SeedWebhooks(3)

		before := sepay.Webhooks()
		all := under(blocks(t, page), "All webhooks, with older versions")

		cli.Write("main.tf", used(find(t, all, "sepay_webhooks")))
		terminal.run(t, "terraform init")
		terminal.block(t, find(t, all, "generate-config-out"))
		terminal.run(t, "terraform apply\nrm imports.tf\nterraform plan -detailed-exitcode")
		unchanged(t, sepay, before, 0)
	})

	t.Run("with the command", func(t *testing.T) {
		t.Parallel()

		sepay, cli := reader(t)
		cli.Needs(11, 11)

		terminal := newShell(t, cli)
		sepay.PutWebhook(payments())

		before := sepay.Webhooks()

		cli.Write("main.tf", readPage(t, "examples/resources/sepay_webhook/resource.tf"))
		terminal.run(t, "terraform init")
		terminal.block(t, find(t, under(blocks(t, page), "With the command"), "terraform import"))
		terminal.run(t, "terraform apply\nterraform plan -detailed-exitcode")
		unchanged(t, sepay, before, 0)
	})
}

// mayFail runs a block whose exit code the guide leaves open.
func (s *shell) mayFail(t *testing.T, text string) {
	t.Helper()

	s.run(t, "{\n"+text+"} || true")
}

// complete replaces the nulls or empty lists of a generated file, as the guide asks.
func complete(t *testing.T, cli *acctest.CLI, file string, values map[string]string) {
	t.Helper()

	text := cli.Read(file)

	for attribute, value := range values {
		line := regexp.MustCompile(`(?m)^  ` + attribute + ` +=.*$`)
		if !line.MatchString(text) {
			t.Fatalf("the generated file has no %s to replace:\n%s", attribute, text)
		}

		text = line.ReplaceAllString(text, "  "+attribute+" = "+value)
	}

	cli.Write(file, text)
}

// unchanged fails the test when SePay has other webhooks than before, or got other requests to change them than so many
// updates.
func unchanged(t *testing.T, sepay *simulator.Server, before []simulator.Webhook, updates int) {
	t.Helper()

	for method, want := range map[string]int{http.MethodPost: 0, http.MethodPatch: updates, http.MethodDelete: 0} {
		sent := slices.Concat(sepay.RequestsTo(method, "/api/v1/webhooks"), sepay.RequestsTo(method, "/api/v1/webhooks/{id}"))
		if len(sent) != want {
			t.Errorf("%d requests with %s were sent, want %d", len(sent), method, want)
		}
	}

	// Nothing and an empty list are the same to the service.
	if got, want := fmt.Sprint(sepay.Webhooks()), fmt.Sprint(before); got != want {
		t.Errorf("the webhooks are now\n%s\nand were\n%s", got, want)
	}
}

// under returns the blocks below a heading.
func under(all []block, heading string) []block {
	return slices.DeleteFunc(slices.Clone(all), func(b block) bool { return b.heading != heading })
}

// find returns the first block that contains a text.
func find(t *testing.T, all []block, text string) block {
	t.Helper()

	at := slices.IndexFunc(all, func(b block) bool { return strings.Contains(b.text, text) })
	if at < 0 {
		t.Fatalf("no block contains %q", text)
	}

	return all[at]
}

func TestAccTheDriftCheckRefusesAnEmptyState(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, "drift-check")

	code, output := checkDrift(t, cli)
	if code != 1 || !strings.Contains(output, "The state is empty") {
		t.Errorf("exit code %d:\n%s", code, output)
	}

	if requests := sepay.Requests(); len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

func TestAccTheExampleOfTheCompanyStopsAPlanForAnotherCompany(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, "data-sources/sepay_company")
	cli.MustRun("plan")

	sepay.ChangeCompany(map[string]any{"short_name": "Other", "full_name": "Another Company"})

	if output := cli.MustExit(1, "plan"); !strings.Contains(output, "belongs to Another Company, not to ABC Corp") {
		t.Errorf("got\n%s", output)
	}
}

const requirements = `
terraform {
  required_providers {
    sepay = {
      source = "terraform-provider-sepay/sepay"
    }
  }
}
`
