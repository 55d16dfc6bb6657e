package acceptance_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func TestAccFiveCommandsInARowSignInOnce(t *testing.T) {
	t.Parallel()

	for row, dialect := range []dialects.Dialect{
		// A mistake costs most here: the whole authorization.
		{SpentRefresh: dialects.SpentRefreshFamily, OldAccess: dialects.OldAccessRevoked},
		{},
	} {
		if !proof.Turn(row, 2) {
			continue
		}

		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, shop(""), simulator.WithDialect(dialect))

			cli.PlanChanges()
			cli.Apply()
			cli.PlanEmpty()
			configure(cli, shop(`is_verify_payment = true`))
			cli.Apply()
			cli.Destroy()

			signedIn(t, sepay, 1)

			if seed := sepay.Credentials().RefreshToken; sepay.RefreshTokenAlive(seed) {
				t.Error("the token did not die at its first use, so nothing was proven")
			}

			if webhooks := sepay.Webhooks(); len(webhooks) != 0 {
				t.Errorf("SePay has %v", webhooks)
			}
		})
	}
}

func TestAccAnExpiredTokenIsRenewedOnceInTheMiddleOfAnApply(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("first")+webhook("second")+webhook("third"))

	cli.PlanChanges("-out=plan")
	age(t, cli, 10*time.Minute)
	sepay.ExpireAccessTokens()
	cli.MustRun("apply", "plan")

	signedIn(t, sepay, 2)

	if got := len(sepay.Webhooks()); got != 3 {
		t.Errorf("SePay has %d webhooks, want 3: a create was lost or repeated", got)
	}
}

// age makes the stored tokens look older than they are.
func age(t *testing.T, cli *acctest.CLI, by time.Duration) {
	t.Helper()

	records, err := filepath.Glob(filepath.Join(cli.StateHome, "terraform-provider-sepay", "*.json"))
	if err != nil || len(records) != 1 {
		t.Fatalf("the store has the records %v, %v", records, err)
	}

	content, err := os.ReadFile(records[0])
	if err != nil {
		t.Fatal(err)
	}

	var record map[string]any
	if err := json.Unmarshal(content, &record); err != nil {
		t.Fatal(err)
	}

	obtained, err := time.Parse(time.RFC3339Nano, fmt.Sprint(record["obtained_at"]))
	if err != nil {
		t.Fatal(err)
	}

	record["obtained_at"] = obtained.Add(-by)

	if content, err = json.Marshal(record); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(records[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAccTwoProviderBlocksOfOneAuthorizationSignInOnce(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
provider "sepay" {}

provider "sepay" {
  alias = "second"
}
`+webhook("first")+webhook("second", "provider = sepay.second"))

	cli.Apply()
	cli.PlanEmpty()
	signedIn(t, sepay, 1)

	if got := len(sepay.Webhooks()); got != 2 {
		t.Errorf("SePay has %d webhooks, want 2", got)
	}
}

func TestAccTwoProviderBlocksWithTwoKeysAndOneRefreshTokenSignInOnce(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
provider "sepay" {
  token_store_key = "shop"
}

provider "sepay" {
  alias           = "second"
  token_store_key = "wholesale"
}
`+webhook("first")+webhook("second", "provider = sepay.second"),
		simulator.WithDialect(dialects.Dialect{SpentRefresh: dialects.SpentRefreshFamily}))

	cli.PlanChanges()
	cli.Apply()
	cli.PlanEmpty()
	signedIn(t, sepay, 1)
}

func TestAccKeysSeparateTwoAuthorizationsOfOneClient(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)
	cli := acctest.NewCLI(t, sepay)

	cli.Setenv("TF_VAR_wholesale="+sepay.NewGrant("webhook:read"), "TF_VAR_shop="+sepay.Credentials().RefreshToken)
	cli.Unsetenv("SEPAY_REFRESH_TOKEN")

	companies := func(shop, wholesale string) string {
		return fmt.Sprintf(`
variable "shop" {}
variable "wholesale" {}

provider "sepay" {
  alias           = "shop"
  token_store_key = "shop"
  refresh_token   = %s
}

provider "sepay" {
  alias           = "wholesale"
  token_store_key = "wholesale"
  refresh_token   = %s
}

data "sepay_webhooks" "wholesale" {
  provider = sepay.wholesale
}
`, shop, wholesale) + webhook("first", "provider = sepay.shop")
	}

	configure(cli, companies("var.shop", "var.wholesale"))
	cli.Apply()
	signedIn(t, sepay, 2)

	// Each has its own rights, and is found by its key alone.
	configure(cli, companies("null", "null")+webhook("second", "provider = sepay.wholesale"))
	mentions(t, cli.MustExit(1, "apply", "-auto-approve"), "403", "webhook:write")
	signedIn(t, sepay, 2)
	only(t, sepay)
}

func TestAccTwoCompaniesInOneApply(t *testing.T) {
	t.Parallel()

	client := simulator.WithCredentials(simulator.Credentials{ClientID: "wholesale-client"})
	shop, wholesale := simulator.Start(t), simulator.Start(t, client)
	cli := acctest.NewCLI(t, shop, wholesale)

	credentials := wholesale.Credentials()
	cli.Setenv("TF_VAR_secret="+credentials.ClientSecret, "TF_VAR_token="+credentials.RefreshToken)

	configure(cli, fmt.Sprintf(`
variable "secret" {}
variable "token" {}

provider "sepay" {}

provider "sepay" {
  alias         = "wholesale"
  base_url      = %q
  client_id     = %q
  client_secret = var.secret
  refresh_token = var.token
}
`, wholesale.URL, credentials.ClientID)+webhook("shop")+webhook("wholesale", "provider = sepay.wholesale"))

	cli.Apply()
	cli.PlanEmpty()

	for sepay, url := range map[*simulator.Server]string{
		shop: "https://shop.example.com/shop", wholesale: "https://shop.example.com/wholesale",
	} {
		if got := only(t, sepay); got.WebhookURL != url {
			t.Errorf("%s reached the other company", got.WebhookURL)
		}

		signedIn(t, sepay, 1)
	}
}

func TestAccATestOfThreeRunsSignsInOnce(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
variable "active" {
  default = true
}
`+webhook("shop", "active = var.active"))
	cli.Needs(6, 6)

	cli.Write("tests/shop.tftest.hcl", `
run "create" {
  assert {
    condition     = sepay_webhook.shop.active
    error_message = "It is not active."
  }
}

run "switch_off" {
  variables {
    active = false
  }

  assert {
    condition     = !sepay_webhook.shop.active
    error_message = "It is still active."
  }
}

run "plan" {
  command = plan

  assert {
    condition     = sepay_webhook.shop.active
    error_message = "It would not be active again."
  }
}
`)

	mentions(t, cli.MustRun("test"), "3 passed, 0 failed")
	signedIn(t, sepay, 1)

	if webhooks := sepay.Webhooks(); len(webhooks) != 0 {
		t.Errorf("SePay has %v", webhooks)
	}
}

func TestAccAnEndedSignInSaysHowToSignInAgain(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, shop(""))

	cli.Apply()
	sepay.RevokeGrants()

	// Another token would not help against a service that rejects one that it has just issued.
	mentions(t, cli.MustExit(1, "plan"), "SePay rejects an access token that it has just issued", "run again in a minute")

	if calls := sepay.TokenCounters().Calls; calls != 1 {
		t.Errorf("another token was asked for: %d calls", calls)
	}

	age(t, cli, 10*time.Minute)

	output := cli.MustExit(1, "plan")
	mentions(t, output, "SePay sign-in has to be renewed", "Authorize again", "SEPAY_REFRESH_TOKEN",
		"terraform-provider-sepay login --client-id sepay-simulator-client")

	// The spent token is not tried again, and the words stay the same.
	calls := sepay.TokenCounters().Calls
	mentions(t, cli.MustExit(1, "plan"), "SePay sign-in has to be renewed")

	if again := sepay.TokenCounters().Calls; again != calls {
		t.Errorf("%d more calls for a token that SePay has refused", again-calls)
	}

	// A new authorization takes effect immediately.
	cli.Setenv("SEPAY_REFRESH_TOKEN=" + sepay.NewGrant())
	cli.PlanEmpty()
}

func TestAccAMissingSignInSaysWhatToSet(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, shop(""))

	cli.Unsetenv("SEPAY_REFRESH_TOKEN")
	mentions(t, cli.MustExit(1, "plan"), "Not signed in to SePay", "terraform-provider-sepay login", "SEPAY_REFRESH_TOKEN")

	cli.Unsetenv("SEPAY_CLIENT_SECRET")
	mentions(t, cli.MustExit(1, "plan"), "Missing client_secret", "SEPAY_CLIENT_SECRET")

	if requests := sepay.Requests(); len(requests) != 0 {
		t.Errorf("SePay was asked: %v", requests)
	}

	// An access token alone is enough while it lives.
	cli.Unsetenv("SEPAY_CLIENT_ID")
	cli.Setenv("SEPAY_ACCESS_TOKEN=" + sepay.NewAccessToken())
	cli.PlanChanges()

	sepay.ExpireAccessTokens()
	mentions(t, cli.MustExit(1, "plan"), "access_token")

	if requests := sepay.RequestsTo("POST", "/oauth/token"); len(requests) != 0 {
		t.Errorf("there was nothing to exchange, and SePay was asked: %v", requests)
	}
}

func TestAccAMissingScopeIsNamed(t *testing.T) {
	t.Parallel()

	configuration := webhook("shop") + `
data "sepay_company" "current" {}
data "sepay_user" "current" {}
data "sepay_bank_accounts" "all" {}
data "sepay_transactions" "newest" {
  limit = 1
}
data "sepay_webhooks" "all" {}
`
	_, cli := start(t, configuration, simulator.WithScopes("webhook:write"))

	output := cli.MustExit(1, "plan")
	mentions(t, output, "Could not read the company", "The user needs the role Admin or SuperAdmin at SePay, too")

	for _, scope := range []string{"company", "profile", "bank-account:read", "transaction:read", "webhook:read"} {
		mentions(t, output, fmt.Sprintf("The sign-in lacks the scope %q", scope),
			"terraform-provider-sepay login --scope "+scope+",webhook:write")
	}

	// The message distinguishes an insufficient role from a missing scope.
	_, other := start(t, `data "sepay_company" "current" {}`, simulator.WithUserRole("Staff"))
	mentions(t, other.MustExit(1, "plan"), "the role Admin or SuperAdmin")
}

func TestAccAnUnavailableServiceIsNotReportedAsAMistake(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, webhook("shop"))

	cli.Apply()
	cli.Setenv("SEPAY_MAX_RETRIES=0")
	sepay.Fail(simulator.Fault{Method: "GET", Path: "/api/v1/", Status: 502})
	mentions(t, cli.MustExit(1, "plan"), fmt.Sprintf("Could not read webhook %d", only(t, sepay).ID), "502 Bad Gateway", "try again later")

	sepay.ClearFaults()
	sepay.Close()
	mentions(t, cli.MustExit(1, "plan"), "Check the network", "base_url")

	only(t, sepay)
}
