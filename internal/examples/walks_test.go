package examples_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// TestAccTheFirstStepsLeadToAnAppliedWebhook follows the README and both guides for beginners with nothing but the client
// that SePay registered: their configuration, then their commands in order.
func TestAccTheFirstStepsLeadToAnAppliedWebhook(t *testing.T) {
	t.Parallel()

	for _, page := range []string{"README.md", "README.vi.md", "docs/guides/getting-started.md", "docs/guides/bat-dau-nhanh.md"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()

			sepay, cli := reader(t)
			cli.Needs(11, 11)

			terminal := newShell(t, cli)

			// The reader comes with a client, and without a token.
			cli.Unsetenv("SEPAY_REFRESH_TOKEN")

			script := []string{}

			for _, b := range blocks(t, page) {
				switch {
				case b.isHCL():
					cli.Write("main.tf", b.text)
				case b.isShell() && !strings.Contains(b.text, "make "):
					script = append(script, b.text)
				}
			}

			// One terminal: what a block exports is there in the next one.
			terminal.run(t, strings.Join(script, "\n"))

			if webhooks := sepay.Webhooks(); len(webhooks) != 1 || !webhooks[0].Active || webhooks[0].SecretKey == "" {
				t.Errorf("the steps led to %d webhooks: %+v", len(webhooks), webhooks)
			}
		})
	}
}

// TestAccTheImportGuideEndsInAnEmptyPlan follows the guide for one webhook, with each authentication that needs something by
// hand, and for all webhooks with older versions.
func TestAccTheImportGuideEndsInAnEmptyPlan(t *testing.T) {
	t.Parallel()

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
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := reader(t)
			cli.Needs(11, 11)

			terminal := newShell(t, cli)
			sepay.PutWebhook(c.webhook)

			before := sepay.Webhooks()
			one := under(blocks(t, page), "One webhook")

			cli.Write("main.tf", requirements+find(t, one, `variable "webhook_secret"`).text)
			cli.Write("imports.tf", find(t, one, "import {").text)
			terminal.run(t, "terraform init")
			terminal.mayFail(t, find(t, one, "generate-config-out").text)
			complete(t, cli, "webhooks.tf", c.replaced)
			cli.Write("imports.tf", strings.Replace(cli.Read("imports.tf"), "  provider = sepay\n", "", 1))
			terminal.run(t, find(t, one, "terraform apply").text)
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

		cli.Write("main.tf", find(t, all, "sepay_webhooks").text)
		terminal.run(t, "terraform init")
		terminal.run(t, find(t, all, "generate-config-out").text)
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
		terminal.run(t, find(t, under(blocks(t, page), "With the command"), "terraform import").text)
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

// TestAccTheGuideWithoutAnAccountWorks follows the guide with its own simulator, in place of the clone in the reader's home.
func TestAccTheGuideWithoutAnAccountWorks(t *testing.T) {
	t.Parallel()

	const page = "docs/guides/trying-it-without-an-account.md"

	sepay, cli := reader(t)
	cli.Needs(6, 6)

	terminal := newShell(t, cli)
	clone := filepath.Join(cli.Home, "terraform-provider-sepay")

	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(clone, "bin", "sepay-simulator"), "./cmd/sepay-simulator")
	build.Dir = root

	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	if err := os.CopyFS(filepath.Join(clone, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}

	// The variables of the simulator are in the environment already, so that its file may be empty.
	here := func(text string) string { return strings.ReplaceAll(text, "~/sepay-simulator.env", "/dev/null") }
	all := blocks(t, page)

	cli.Write("main.tf", find(t, under(all, "Your own configuration"), "resource").text)
	terminal.run(t, here(find(t, under(all, "Your own configuration"), "terraform apply").text))

	if webhooks := sepay.Webhooks(); len(webhooks) != 1 || webhooks[0].ID != 59325 {
		t.Fatalf("got the webhooks %+v", webhooks)
	}

	if printed := terminal.run(t, find(t, under(all, "Play the dashboard"), "PATCH").text); !strings.Contains(printed, "1 to change") {
		t.Errorf("the plan does not show that the webhook was switched off:\n%s", printed)
	}

	terminal.run(t, find(t, under(all, "Play the dashboard"), "terraform apply").text)

	printed := terminal.run(t, find(t, under(all, "Deliveries to your receiver"), "POST payments").text)
	if !strings.Contains(printed, `"webhook_id":59325`) {
		t.Errorf("the payment was not delivered:\n%s", printed)
	}

	for _, line := range regexp.MustCompile("(?m)^\\| `(control [^`]+)` \\|").FindAllStringSubmatch(readPage(t, page), -1) {
		terminal.run(t, "~/terraform-provider-sepay/bin/sepay-simulator "+line[1])
	}

	if printed := terminal.run(t, find(t, all, "-dialect list").text); !strings.Contains(printed, "U16") {
		t.Errorf("no dialects are listed:\n%s", printed)
	}

	fresh, cli := reader(t)
	terminal = newShell(t, cli)
	terminal.run(t, "cp -R "+clone+" ~/\n"+here(find(t, all, "terraform test").text))

	if got := len(fresh.Webhooks()); got != 0 {
		t.Errorf("the tests of the module left %d webhooks", got)
	}
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
