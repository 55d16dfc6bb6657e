package acceptance_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// mistake is a block that has to fail at validation, with one message that names the attribute.
type mistake struct {
	body      string
	attribute string
}

func mistakes() []mistake {
	arguments := func(changes ...string) string {
		values := map[string]string{
			"name": `"Shop"`, "webhook_url": `"https://shop.example.com/"`, "event_type": `"All"`, "authen_type": `"No_Authen"`,
			"bank_account_id": "19",
		}

		for i := 0; i < len(changes); i += 2 {
			values[changes[i]] = changes[i+1]
		}

		var body strings.Builder
		for name, value := range values {
			if value != "" {
				fmt.Fprintf(&body, "  %s = %s\n", name, value)
			}
		}

		return body.String()
	}

	return []mistake{
		{arguments("name", `""`), "name"},
		{arguments("name", `"`+strings.Repeat("ă", 301)+`"`), "name"},
		{arguments("webhook_url", `"https:///sepay"`), "webhook_url"},
		{arguments("webhook_url", `"shop.example.com/sepay"`), "webhook_url"},
		{arguments("webhook_url", `"ftp://shop.example.com/sepay"`), "webhook_url"},
		{arguments("event_type", `"In"`), "event_type"},
		{arguments("authen_type", `"Basic"`), "authen_type"},
		{arguments("authen_type", `"Api_Key"`), "api_key"},
		{arguments("authen_type", `"HMAC_SHA256"`), "secret_key"},
		{arguments("authen_type", `"HMAC_SHA256"`, "api_key", `"a-key"`, "secret_key", `"a-secret"`), "api_key"},
		{arguments("api_key", `"a-key"`), "api_key"},
		{arguments("authen_type", `"OAuth2.0"`, "oauth2_client_id", `"c"`, "oauth2_client_secret", `"s"`), "oauth2_access_token_url"},
		{
			arguments("authen_type", `"OAuth2.0"`, "oauth2_access_token_url", `"https://a.example.com/"`, "oauth2_client_secret", `"s"`),
			"oauth2_client_id",
		},
		{
			arguments("authen_type", `"OAuth2.0"`, "oauth2_access_token_url", `"https://a.example.com/"`, "oauth2_client_id", `"c"`),
			"oauth2_client_secret",
		},
		{arguments("oauth2_client_id", `"c"`), "oauth2_client_id"},
		{arguments("api_key_wo_version", "1"), "api_key_wo_version"},
		{arguments("request_content_type", `"Xml"`), "request_content_type"},
		{arguments("bank_account_id", ""), "bank_account_id"},
		{arguments("bank_account_id", "0"), "bank_account_id"},
		{arguments("bank_account_id", "", "bank_mode", `"multi"`), "bank_account_ids"},
		{arguments("bank_account_id", "", "bank_mode", `"multi"`, "bank_account_ids", "[]"), "bank_account_ids"},
		{arguments("bank_mode", `"all"`), "bank_account_id"},
		{arguments("bank_account_ids", "[19]"), "bank_account_ids"},
		{arguments("bank_mode", `"some"`), "bank_mode"},
		{arguments("va_mode", `"list"`), "bank_sub_account_ids"},
		{arguments("va_mode", `"some"`), "va_mode"},
		{arguments("alert_threshold", "0"), "alert_threshold"},
		{arguments("alert_threshold", "21"), "alert_threshold"},
		{arguments("alert_event_types", `["success"]`), "alert_event_types"},
		{arguments("retry_conditions", `["always"]`), "retry_conditions"},
		{arguments("prefix_filters", `[""]`), "prefix_filters"},
	}
}

// report is what `validate -json` prints.
type report struct {
	Diagnostics []struct {
		Severity, Summary, Detail, Address string
	}
}

func TestAccMistakesFailAtValidationWithoutARequest(t *testing.T) {
	t.Parallel()

	var configuration strings.Builder

	expected := map[string]mistake{}

	for i, m := range mistakes() {
		expected[fmt.Sprintf("sepay_webhook.mistake%d", i)] = m
		fmt.Fprintf(&configuration, "resource \"sepay_webhook\" \"mistake%d\" {\n%s}\n", i, m.body)
	}

	for name, m := range map[string]mistake{
		"sepay_bank_account.both":    {`id = 19` + "\n" + `account_number = "0071000888888"`, "account_number"},
		"sepay_bank_account.neither": {"", "account_number"},
		"sepay_webhook.neither":      {"", "webhook_url"},
		"sepay_transactions.limit":   {"limit = 0", "limit"},
		"sepay_transactions.date":    {`from_date = "25.02.2025"`, "from_date"},
	} {
		expected["data."+name] = m
		kind, label, _ := strings.Cut(name, ".")
		fmt.Fprintf(&configuration, "data %q %q {\n%s\n}\n", kind, label, m.body)
	}

	sepay, cli := start(t, configuration.String())

	var found report
	if output := cli.MustExit(1, "validate", "-json"); json.Unmarshal([]byte(output), &found) != nil {
		t.Fatalf("not JSON:\n%s", output)
	}

	named := map[string]bool{}

	for _, diagnostic := range found.Diagnostics {
		if m, ok := expected[diagnostic.Address]; ok && diagnostic.Severity == "error" {
			named[diagnostic.Address] = named[diagnostic.Address] || strings.Contains(diagnostic.Summary+diagnostic.Detail, m.attribute)
		}
	}

	for address, m := range expected {
		if reported, ok := named[address]; !ok {
			t.Errorf("%s is not refused:\n%s", address, m.body)
		} else if !reported {
			t.Errorf("no error of %s names %s:\n%s", address, m.attribute, m.body)
		}
	}

	cli.MustExit(1, "plan")

	if requests := sepay.Requests(); len(requests) != 0 {
		t.Errorf("SePay was asked: %v", requests)
	}
}

func TestAccAMistakeInTheProviderBlockFailsAtValidation(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
provider "sepay" {
  base_url            = "http://my.sepay.example"
  token_store         = "vault"
  token_lock_timeout  = "soon"
  request_timeout     = "-1s"
  requests_per_second = -1
  max_retries         = 101
}
`+webhook("shop"))

	mentions(t, cli.MustExit(1, "validate"), "plain http would send the tokens over the network in clear text", "token_store", "token_lock_timeout",
		"request_timeout", "requests_per_second", "max_retries")

	configure(cli, webhook("shop"))
	cli.Setenv("SEPAY_MAX_RETRIES=many")
	mentions(t, cli.MustExit(1, "plan"), "Invalid max_retries", "environment variable SEPAY_MAX_RETRIES")

	if requests := sepay.Requests(); len(requests) != 0 {
		t.Errorf("SePay was asked: %v", requests)
	}
}

func TestAccUnknownValuesAreAcceptedUntilTheyAreKnown(t *testing.T) {
	t.Parallel()

	configuration := func(url string) string {
		return fmt.Sprintf(`
resource "terraform_data" "values" {
  input = {
    name    = "Shop"
    url     = %q
    event   = "All"
    authen  = "Api_Key"
    mode    = "multi"
    ids     = [20, 19]
    va_mode = "list"
    va_ids  = [26]
  }
}

locals {
  values = terraform_data.values.output
}

resource "sepay_webhook" "shop" {
  name                 = local.values.name
  webhook_url          = local.values.url
  event_type           = local.values.event
  authen_type          = local.values.authen
  api_key              = "${local.values.name}-2a48603f1b7c9d5e"
  bank_mode            = local.values.mode
  bank_account_ids     = local.values.ids
  va_mode              = local.values.va_mode
  bank_sub_account_ids = local.values.va_ids
}
`, url)
	}

	sepay, cli := start(t, configuration("ftp://shop.example.com/"))

	cli.MustRun("validate")
	cli.PlanChanges()
	mentions(t, cli.MustExit(1, "apply", "-auto-approve"), "webhook_url", "http")
	wrote(t, sepay)

	configure(cli, configuration("https://shop.example.com/sepay"))
	cli.Apply()
	cli.PlanEmpty()

	got := only(t, sepay)
	if got.WebhookURL != "https://shop.example.com/sepay" || got.BankMode != "multi" || len(got.BankAccountIDs) != 2 ||
		len(got.BankSubAccountIDs) != 1 || got.APIKey != "Shop-2a48603f1b7c9d5e" {
		t.Errorf("SePay stored %v", got)
	}

	// An update too is planned with values that only the apply knows.
	configure(cli, configuration("https://shop.example.com/sepay/v2"))
	writes(sepay)
	cli.Apply()
	wrote(t, sepay, fmt.Sprintf("PATCH /webhooks/%d webhook_url", got.ID))
	cli.PlanEmpty()
}

func TestAccAProviderWithUnknownValuesFailsOnlyAtItsFirstUse(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)
	_, cli := start(t, "")
	credentials := sepay.Credentials()

	// The secret is an input that the plan file would hold; it is the secret of another service than the one whose files
	// are searched.
	cli.Setenv("SEPAY_BASE_URL="+sepay.URL, "SEPAY_CLIENT_SECRET=", "SEPAY_REFRESH_TOKEN="+credentials.RefreshToken,
		"TF_VAR_secret="+credentials.ClientSecret)

	configuration := `
variable "secret" {}

resource "terraform_data" "secret" {
  input = var.secret
}

provider "sepay" {
  client_secret = terraform_data.secret.output
}
`
	configure(cli, configuration+`data "sepay_user" "current" {}`)
	mentions(t, cli.MustExit(1, "plan"), "The provider is configured with values that are not known yet",
		"client_secret", "-target")

	configure(cli, configuration+webhook("shop"))
	cli.Apply()
	cli.PlanEmpty()
	only(t, sepay)
}
