package acceptance_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// They have characters that each encoding writes in another way.
const (
	hiddenKey    = `d5e2a486&<03f1>"b7c9'd5/e2+a4%86=`
	hiddenSecret = `whsec_48603 f1b7c9$d5e2a\`
	hiddenOAuth  = "oauth-1b7c9d5é2a48603f"
)

// secretive declares a webhook for each way of authentication. With writeOnly the secrets stay out of plan and state.
func secretive(writeOnly bool) string {
	suffix, ephemeral := "", ""
	if writeOnly {
		suffix, ephemeral = "_wo", "\n  ephemeral = true"
	}

	return strings.NewReplacer("SUFFIX", suffix, "EPHEMERAL", ephemeral).Replace(`
variable "key" {
  sensitive = trueEPHEMERAL
}

variable "secret" {
  sensitive = trueEPHEMERAL
}

variable "oauth" {
  sensitive = trueEPHEMERAL
}

data "sepay_user" "current" {}

data "sepay_company" "current" {}

data "sepay_bank_accounts" "all" {}

data "sepay_webhooks" "all" {
  depends_on = [sepay_webhook.key]
}

resource "sepay_webhook" "key" {
  name            = "Shop"
  webhook_url     = "https://shop.example.com/key"
  event_type      = "All"
  authen_type     = "Api_Key"
  api_keySUFFIX   = var.key
  bank_account_id = 19
}

resource "sepay_webhook" "secret" {
  name             = "Shop"
  webhook_url      = "https://shop.example.com/secret"
  event_type       = "All"
  authen_type      = "HMAC_SHA256"
  secret_keySUFFIX = var.secret
  bank_account_id  = 19
}

resource "sepay_webhook" "oauth" {
  name                       = "Shop"
  webhook_url                = "https://shop.example.com/oauth"
  event_type                 = "All"
  authen_type                = "OAuth2.0"
  oauth2_access_token_url    = "https://auth.example.com/token"
  oauth2_client_id           = "deliveries"
  oauth2_client_secretSUFFIX = var.oauth
  bank_account_id            = 19
}

output "webhooks" {
  value = { for webhook in data.sepay_webhooks.all.webhooks : webhook.id => webhook.name }
}
`)
}

func TestAccNoTraceOfASecretIsLeftAnywhere(t *testing.T) {
	t.Parallel()

	for name, writeOnly := range map[string]bool{"write-only secrets": true, "secrets in the state": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, secretive(writeOnly))
			if writeOnly {
				cli.Needs(11, 11)
			}

			log := filepath.Join(cli.Home, "trace.log")
			cli.Setenv("TF_VAR_key="+hiddenKey, "TF_VAR_secret="+hiddenSecret, "TF_VAR_oauth="+hiddenOAuth,
				"TF_LOG=TRACE", "TF_LOG_PATH="+log)

			lead(t, sepay, cli, writeOnly)

			content, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}

			if !strings.Contains(string(content), "SePay responded") {
				t.Error("the log has nothing of the provider's, so its silence means nothing")
			}

			// Tokens are searched for in all that is left when the test ends.
			for _, leak := range acctest.Search(string(content), hiddenKey, hiddenSecret, hiddenOAuth, "Authorization", "Bearer ") {
				t.Error("the log has ", leak)
			}

			if tokens := sepay.IssuedTokens(); len(tokens) < 5 || !stored(t, cli.StateHome, sepay.NewestAccessToken()) {
				t.Errorf("%d tokens were issued, or the search does not find the stored one where it has to be", len(tokens))
			}
		})
	}
}

// lead runs everything that needs a secret, and failures that the provider reports.
func lead(t *testing.T, sepay *simulator.Server, cli *acctest.CLI, writeOnly bool) {
	t.Helper()

	cli.PlanChanges("-out=plan")
	cli.MustRun("apply", "plan")

	if writeOnly {
		cli.MustRun("show", "-json", "plan")
		cli.MustRun("show", "-json")

		noneOf(t, cli, hiddenKey, hiddenSecret, hiddenOAuth)
	}

	// The token is renewed after a 401, by an exchange that fails at first.
	age(t, cli, time.Hour)
	sepay.RevokeAccessTokens()
	sepay.Fail(simulator.Fault{Method: http.MethodPost, Path: "/oauth/token", Status: http.StatusTooManyRequests, Times: 1})
	cli.PlanEmpty()
	sepay.ClearFaults()

	// SePay refuses a change in words that quote what it was sent.
	for _, webhook := range sepay.Webhooks() {
		secret := webhook.APIKey + webhook.SecretKey + webhook.OAuth2ClientSecret
		change(t, sepay, webhook.ID, map[string]any{"api_key": "", "secret_key": "", "oauth2_client_secret": "", "authen_type": "No_Authen"})

		body, err := json.Marshal(map[string]any{
			"status": http.StatusUnprocessableEntity, "messages": map[string]string{
				"authen_type": "not with " + secret, "error": secret + " is refused",
				"webhook_url": "not with " + url.QueryEscape(secret), "name": "not with " + html.EscapeString(secret),
			},
		})
		if err != nil {
			t.Fatal(err)
		}

		sepay.Fail(simulator.Fault{
			Method: http.MethodPatch, Path: fmt.Sprintf("/api/v1/webhooks/%d", webhook.ID), Status: http.StatusUnprocessableEntity,
			Body: string(body),
		})
	}

	mentions(t, cli.MustExit(1, "apply", "-auto-approve"), "422")
	sepay.ClearFaults()
	cli.Apply()

	for _, webhook := range sepay.Webhooks() {
		if webhook.APIKey+webhook.SecretKey+webhook.OAuth2ClientSecret == "" {
			t.Errorf("%s has no secret again", webhook.WebhookURL)
		}
	}

	if _, err := os.Stat(filepath.Join(cli.Dir, "terraform.tfstate.backup")); err != nil {
		t.Errorf("there is no backup of a state, so its silence means nothing: %v", err)
	}

	if writeOnly {
		noneOf(t, cli, hiddenKey, hiddenSecret, hiddenOAuth)
	}

	cli.Destroy()
}

// noneOf fails the test if a secret is in what the commands printed, or in a file that is not of the token store: a state, a
// backup, a plan, a log or a temporary file.
func noneOf(t *testing.T, cli *acctest.CLI, secrets ...string) {
	t.Helper()

	for _, leak := range append(cli.FilesWith(secrets...), cli.PrintedWith(secrets...)...) {
		t.Error(leak)
	}
}

// stored reports whether a file of the token store contains a text.
func stored(t *testing.T, stateHome, text string) bool {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(stateHome, "terraform-provider-sepay", "*"))
	if err != nil {
		t.Fatal(err)
	}

	return slices.ContainsFunc(files, func(name string) bool {
		content, err := os.ReadFile(name)

		return err == nil && strings.Contains(string(content), text)
	})
}
