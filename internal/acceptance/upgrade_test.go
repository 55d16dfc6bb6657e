package acceptance_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// office declares ten webhooks of every kind. With writeOnly their secrets stay out of plan and state.
func office(name string, writeOnly bool) string {
	// They cover accounts in another way.
	others := strings.ReplaceAll(webhook("everywhere", `bank_mode = "all"`)+
		webhook("several", `bank_mode = "multi"`, `bank_account_ids = [20, 19]`), "bank_account_id = 19\n", "\n")

	// Data that is read before all of them exist is a difference in the next plan.
	secretive := strings.ReplaceAll(secretive(writeOnly), "depends_on = [sepay_webhook.key]", `depends_on = [
    sepay_webhook.key, sepay_webhook.secret, sepay_webhook.oauth, sepay_webhook.bare, sepay_webhook.named, sepay_webhook.listed,
    sepay_webhook.virtual, sepay_webhook.everywhere, sepay_webhook.several, sepay_webhook.renamed
  ]`)

	return secretive + others + webhook("bare") +
		webhook("named", `request_content_type = "multipart_form-data"`, `active = false`, `skip_if_no_code = true`,
			`prefix_filters = ["DH", "HD"]`, `retry_conditions = ["non_2xx_status_code"]`, `alert_threshold = 5`,
			`alert_event_types = ["failure"]`) +
		webhook("listed", `va_mode = "list"`, `bank_sub_account_ids = [26, 25]`) +
		webhook("virtual", `only_va = true`, `bank_sub_account_ids = [25]`) +
		strings.ReplaceAll(webhook("renamed"), `"Shop"`, fmt.Sprintf("%q", name))
}

func TestAccAnUpgradeOfTheProviderPlansNothing(t *testing.T) {
	t.Parallel()

	for name, writeOnly := range map[string]bool{"write-only secrets": true, "secrets in the state": false} {
		for _, text := range []string{"", "U3=message,U5=null,U8=empty,U12=keeps,X2=brief", "U5=masked,U6=strings,U14=legacy,U15=no_meta"} {
			if !proof.Full() && text != "" {
				continue
			}

			t.Run(name+"/"+text, func(t *testing.T) {
				t.Parallel()

				dialect, err := dialects.Parse(text)
				if err != nil {
					t.Fatal(err)
				}

				upgrade(t, dialect, writeOnly)
			})
		}
	}
}

func upgrade(t *testing.T, dialect dialects.Dialect, writeOnly bool) {
	t.Helper()

	sepay, cli := start(t, office("Old", writeOnly), simulator.WithDialect(dialect))
	if writeOnly {
		cli.Needs(11, 11)
	}

	cli.Setenv("TF_VAR_key="+hiddenKey, "TF_VAR_secret="+hiddenSecret, "TF_VAR_oauth="+hiddenOAuth)

	released, tagged := acctest.LastRelease(t)
	cli.UseProvider(released)
	cli.Apply()
	cli.PlanEmpty()

	before := sepay.Webhooks()
	if len(before) != 10 {
		t.Fatalf("SePay has %d webhooks, want 10: %v", len(before), before)
	}

	writes(sepay)

	cli.UseProvider(acctest.ThisProvider(t))

	if !tagged {
		// CHANGELOG: oauth2_access_token_url is no longer sensitive.
		applyMarks(t, cli)
	}

	cli.PlanEmpty()
	wrote(t, sepay)

	// A change of one attribute, and of one secret.
	configure(cli, office("New", writeOnly))
	cli.Setenv("TF_VAR_key=" + secondKey)
	mentions(t, cli.Apply(), "0 added, 2 changed, 0 destroyed")

	want := []string{patch(sepay, "/key", "api_key"), patch(sepay, "/renamed", "name")}
	got := writes(sepay)

	slices.Sort(got)
	slices.Sort(want)

	if !slices.Equal(got, want) {
		t.Errorf("SePay was asked to write %v, want %v", got, want)
	}

	cli.PlanEmpty()

	// Both builds work with the same token.
	signedIn(t, sepay, 1)

	if writeOnly {
		for _, leak := range cli.FilesWith(hiddenKey, hiddenSecret, hiddenOAuth, secondKey) {
			t.Error(leak)
		}
	}

	cli.Destroy()

	if left := sepay.Webhooks(); len(left) != 0 {
		t.Errorf("SePay still has %v", left)
	}
}

// applyMarks applies a plan that changes no value of any webhook: some tools plan an update when only the list of what is
// sensitive differs from the one in the state.
func applyMarks(t *testing.T, cli *acctest.CLI) {
	t.Helper()

	switch result := cli.Run("plan", "-detailed-exitcode", "-out=plan"); result.Code {
	case 0:
		return
	case 2:
	default:
		t.Fatal(result.Output)
	}

	// It has the variables, whose values nothing else may print.
	content, err := cli.Command(t.Context(), "show", "-json", "plan").Output()
	if err != nil {
		t.Fatal(err)
	}

	var plan struct {
		Changes []struct {
			Address string `json:"address"`
			Change  struct {
				Actions []string       `json:"actions"`
				Before  map[string]any `json:"before"`
				After   map[string]any `json:"after"`
			} `json:"change"`
		} `json:"resource_changes"`
	}

	if err := json.Unmarshal(content, &plan); err != nil {
		t.Fatal(err)
	}

	webhooks := 0

	for _, change := range plan.Changes {
		if !strings.HasPrefix(change.Address, "sepay_webhook.") {
			continue
		}

		webhooks++

		if !slices.Equal(change.Change.Actions, []string{"update"}) || !reflect.DeepEqual(change.Change.Before, change.Change.After) {
			t.Errorf("%s is planned to %v", change.Address, change.Change.Actions)
		}
	}

	if webhooks != 10 {
		t.Errorf("the plan names %d webhooks, want 10", webhooks)
	}

	cli.MustRun("apply", "plan")
}

// patch is the request that updates the webhook with that end of its URL, as writes lists it.
func patch(sepay *simulator.Server, end, keys string) string {
	for _, webhook := range sepay.Webhooks() {
		if strings.HasSuffix(webhook.WebhookURL, end) {
			return fmt.Sprintf("PATCH /webhooks/%d %s", webhook.ID, keys)
		}
	}

	return "no webhook for " + end
}

func TestAccAStateGoesFromTerraformToOpenTofuAndBack(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, office("First", false))
	cli.Setenv("TF_VAR_key="+hiddenKey, "TF_VAR_secret="+hiddenSecret, "TF_VAR_oauth="+hiddenOAuth)

	cli.Apply()

	first := cli.ProviderAddress()

	move := func(name string) {
		t.Helper()

		from := cli.ProviderAddress()

		cli.UseOtherTool()
		// Both tools write the address of their own registry, and each has this command to change it.
		cli.MustRun("state", "replace-provider", "-auto-approve", from, cli.ProviderAddress())
		writes(sepay)

		if cli.IsOpenTofu() {
			// Terraform lists in the state what the schema says is sensitive, and OpenTofu 1.6 what the configuration says.
			applyMarks(t, cli)
		}

		cli.PlanEmpty()
		wrote(t, sepay)

		configure(cli, office(name, false))
		mentions(t, cli.Apply(), "0 added, 1 changed, 0 destroyed")
		wrote(t, sepay, patch(sepay, "/renamed", "name"))
		cli.PlanEmpty()
	}

	move("Second")

	if cli.ProviderAddress() == first {
		t.Fatalf("both tools call the provider %s", first)
	}

	move("Third")
	signedIn(t, sepay, 1)
	cli.Destroy()
}
