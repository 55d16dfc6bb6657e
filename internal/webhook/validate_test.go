package webhook_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestBadConfigurationsNameTheAttributeAndSendNoRequest(t *testing.T) {
	t.Parallel()

	hmac := config{"authen_type": "HMAC_SHA256", "api_key": nil, "secret_key": "whsec_1234"}
	oauth := config{
		"authen_type": "OAuth2.0", "api_key": nil, "oauth2_access_token_url": "https://id.example.com/token",
		"oauth2_client_id": "shop", "oauth2_client_secret": "secret",
	}

	cases := map[string]struct {
		base, change config
		attribute    string
		next         string // What the message says to do.
	}{
		"no name":                          {nil, config{"name": ""}, "name", "between"},
		"a name of 301 characters":         {nil, config{"name": strings.Repeat("ệ", 301)}, "name", "300"},
		"a URL without a host":             {nil, config{"webhook_url": "https:///sepay"}, "webhook_url", "host"},
		"a relative URL":                   {nil, config{"webhook_url": "/sepay"}, "webhook_url", "absolute"},
		"another scheme":                   {nil, config{"webhook_url": "ftp://shop.example.com/"}, "webhook_url", "https"},
		"a URL of 301 characters":          {nil, config{"webhook_url": "https://a.example/" + strings.Repeat("x", 283)}, "webhook_url", "300"},
		"an unknown event_type":            {nil, config{"event_type": "in_only"}, "event_type", "In_only"},
		"an unknown authen_type":           {nil, config{"authen_type": "Basic"}, "authen_type", "Api_Key"},
		"an unknown request_content_type":  {nil, config{"request_content_type": "json"}, "request_content_type", "Json"},
		"no secret":                        {nil, config{"api_key": nil}, "api_key", "Add api_key"},
		"an empty secret":                  {nil, config{"api_key": ""}, "api_key", "at least 1"},
		"two secrets":                      {nil, config{"api_key_wo": "x"}, "api_key_wo", "Remove one"},
		"a version without its secret":     {nil, config{"api_key_wo_version": 1}, "api_key_wo_version", "Add api_key_wo or remove"},
		"a secret of another type":         {nil, config{"secret_key": "whsec"}, "secret_key", "Remove secret_key"},
		"a write-only secret without use":  {nil, config{"authen_type": "No_Authen", "api_key": nil, "api_key_wo": "x"}, "api_key_wo", "Remove api_key_wo"},
		"HMAC without a key":               {hmac, config{"secret_key": nil}, "secret_key", "Add secret_key"},
		"HMAC with an api_key":             {hmac, config{"api_key": "x"}, "api_key", "Remove api_key"},
		"OAuth2 without its URL":           {oauth, config{"oauth2_access_token_url": nil}, "oauth2_access_token_url", "Add it"},
		"OAuth2 without its client":        {oauth, config{"oauth2_client_id": nil}, "oauth2_client_id", "Add it"},
		"OAuth2 without its secret":        {oauth, config{"oauth2_client_secret": nil}, "oauth2_client_secret", "Add oauth2_client_secret"},
		"OAuth2 with a URL without a host": {oauth, config{"oauth2_access_token_url": "token"}, "oauth2_access_token_url", "absolute"},
		"no bank account":                  {nil, config{"bank_account_id": nil}, "bank_account_id", "Add bank_account_id"},
		"bank account 0":                   {nil, config{"bank_account_id": 0}, "bank_account_id", "at least 1"},
		"no bank account in single":        {nil, config{"bank_mode": "single", "bank_account_id": nil}, "bank_account_id", "Add bank_account_id"},
		"multi without ids":                {nil, config{"bank_mode": "multi", "bank_account_id": nil}, "bank_account_ids", "Add their ids"},
		"multi with no ids":                {nil, config{"bank_mode": "multi", "bank_account_id": nil, "bank_account_ids": []int64{}}, "bank_account_ids", "Add their ids"},
		"multi with one id too":            {nil, config{"bank_mode": "multi", "bank_account_ids": []int64{19}}, "bank_account_id", "Remove bank_account_id"},
		"ids without multi":                {nil, config{"bank_account_ids": []int64{19}}, "bank_account_ids", "Remove bank_account_ids"},
		"all with an account":              {nil, config{"bank_mode": "all"}, "bank_account_id", "Remove bank_account_id"},
		"an unknown bank_mode":             {nil, config{"bank_mode": "some"}, "bank_mode", "multi"},
		"a list of no virtual accounts":    {nil, config{"va_mode": "list"}, "bank_sub_account_ids", "Add their ids"},
		"an unknown va_mode":               {nil, config{"va_mode": "some"}, "va_mode", "list"},
		"an unknown retry condition":       {nil, config{"retry_conditions": []string{"always"}}, "retry_conditions", "non_2xx_status_code"},
		"a threshold of 21":                {nil, config{"alert_threshold": 21}, "alert_threshold", "20"},
		"an unknown alert":                 {nil, config{"alert_event_types": []string{"success"}}, "alert_event_types", "recovery"},
		"an empty prefix":                  {nil, config{"prefix_filters": []string{""}}, "prefix_filters", "at least 1"},
	}

	// Terraform quotes the line that a message points at, and in these cases it holds a secret.
	quoted := []string{"two secrets", "a secret of another type", "a write-only secret without use", "HMAC with an api_key"}

	sim := simulator.Start(t)
	server := connect(t, sim)

	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			diagnostics := server.ValidateResource(webhookType, shopConfig().with(test.base).with(test.change)).Errors()
			if !diagnostics.HasErrors() {
				t.Fatal("it is valid")
			}

			at := diagnostics.At(test.attribute)
			if slices.Contains(quoted, name) {
				if at = diagnostics.At("authen_type"); len(diagnostics.At(test.attribute)) != 0 {
					t.Errorf("an error points at %s, and Terraform quotes the line of the secret:\n%s", test.attribute, diagnostics)
				}
			}

			if !at.Mentions(test.attribute, test.next) {
				t.Errorf("no error at %s says %q:\n%s", test.attribute, test.next, diagnostics)
			}
		})
	}

	t.Cleanup(func() {
		if requests := sim.Requests(); len(requests) != 0 {
			t.Errorf("validation sent requests: %v", requests)
		}
	})
}

func TestUnknownValuesAreAcceptedUntilTheyAreKnown(t *testing.T) {
	t.Parallel()

	server := connect(t, simulator.Start(t))

	for _, attribute := range []string{
		"name", "webhook_url", "event_type", "authen_type", "api_key", "request_content_type", "active", "bank_mode",
		"bank_account_id", "bank_account_ids", "va_mode", "only_va", "bank_sub_account_ids", "prefix_filters", "retry_conditions",
		"alert_threshold", "alert_event_types", "alert_channel_ids",
	} {
		if diagnostics := server.ValidateResource(webhookType, shopConfig().with(config{attribute: acctest.Unknown})); diagnostics.HasErrors() {
			t.Errorf("%s unknown:\n%s", attribute, diagnostics)
		}
	}

	// An unknown write-only secret may turn out to be null, and the plain one is missing.
	unknown := shopConfig().with(config{"api_key": nil, "api_key_wo": acctest.Unknown})
	if diagnostics := server.ValidateResource(webhookType, unknown); diagnostics.HasErrors() {
		t.Errorf("api_key_wo unknown:\n%s", diagnostics)
	}

	wrongOnceKnown := shopConfig().with(config{"authen_type": acctest.Unknown, "api_key": nil})
	if diagnostics := server.ValidateResource(webhookType, wrongOnceKnown); diagnostics.HasErrors() {
		t.Errorf("authen_type unknown without a secret:\n%s", diagnostics)
	}
}

func TestHelpfulWarnings(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		change    config
		attribute string
		texts     []string
	}{
		"plain http": {
			config{"webhook_url": "http://shop.example.com/"},
			"webhook_url",
			[]string{"anyone on the network path can read the payments", "Use an https URL"},
		},
		"few banks report outgoing money":    {config{"event_type": "Out_only"}, "event_type", nil},
		"only_va without virtual accounts":   {config{"only_va": true}, "only_va", []string{"Add bank_sub_account_ids"}},
		"virtual accounts without only_va":   {config{"bank_sub_account_ids": []int64{25}}, "bank_sub_account_ids", nil},
		"virtual accounts with another mode": {config{"bank_sub_account_ids": []int64{25}, "va_mode": "all"}, "bank_sub_account_ids", nil},
		"a secret in the state": {
			config{}, "authen_type", []string{"api_key is stored in the state", "Use api_key_wo instead", "shown at authen_type because"},
		},
	}

	server := connect(t, simulator.Start(t))

	quiet := server.ValidateResource(webhookType, shopConfig().with(config{"api_key": nil, "api_key_wo": "k"}))
	if len(quiet) != 0 {
		t.Errorf("a good configuration is not quiet:\n%s", quiet)
	}

	for name, test := range cases {
		diagnostics := server.ValidateResource(webhookType, shopConfig().with(test.change))
		if found := diagnostics.Warnings().At(test.attribute); diagnostics.HasErrors() || len(found) == 0 || !found.Mentions(test.texts...) {
			t.Errorf("%s: no warning at %s with %q:\n%s", name, test.attribute, test.texts, diagnostics)
		}
	}
}

func TestAPlanWarnsOfABankAccountThatIsInactiveOrMissing(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	server := connect(t, sim)

	if err := sim.ChangeBankAccount(20, map[string]any{"active": false}); err != nil {
		t.Fatal(err)
	}

	for id, want := range map[int]string{19: "", 20: "not active", 999: "no bank account 999"} {
		_, diagnostics := server.Plan(webhookType, nil, shopConfig().with(config{"bank_account_id": id}))
		found := diagnostics.At("bank_account_id").String()

		if diagnostics.HasErrors() || (want == "") != (found == "") || !strings.Contains(found, want) {
			t.Errorf("bank account %d: got %q, want %q", id, found, want)
		}
	}
}

func TestAnUnknownBankAccountIsAnErrorAtItsAttributeAtApply(t *testing.T) {
	t.Parallel()

	diagnostics := connect(t, simulator.Start(t)).Manage(webhookType).Apply(shopConfig().with(config{"bank_account_id": 999}))
	if !diagnostics.At("bank_account_id").Mentions("POST /webhooks", "400 Bad Request", "must be the id of a bank account", "Correct") {
		t.Errorf("got %s", diagnostics)
	}
}

func TestAClientThatMayNotReadBankAccountsGetsNoWarning(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t, simulator.WithScopes("webhook:read", "webhook:write", "webhook:delete"))

	managed := connect(t, sim).Manage(webhookType)
	if diagnostics := managed.MustApply(shopConfig()); len(diagnostics.At("bank_account_id")) != 0 {
		t.Errorf("warned of what it cannot know:\n%s", diagnostics)
	}
}

func TestAPlanWithoutASignInWarnsThatTheApplyWillFail(t *testing.T) {
	t.Parallel()

	sim := simulator.Start(t)
	settings := acctest.ProviderConfig(t, sim)
	delete(settings, "refresh_token")

	for name, test := range map[string]struct {
		change map[string]any
		warned bool
	}{
		"not signed in":          {map[string]any{}, true},
		"settings not yet known": {map[string]any{"client_secret": acctest.Unknown}, false},
	} {
		changed := maps.Clone(settings)
		maps.Copy(changed, test.change)

		plan, diagnostics := acctest.NewServer(t, changed).Plan(webhookType, nil, shopConfig())
		if diagnostics.HasErrors() || plan.Action != acctest.Create {
			t.Fatalf("%s:\n%s", name, diagnostics)
		}

		if warned := diagnostics.Mentions("apply of this plan is going to fail", "login"); warned != test.warned {
			t.Errorf("%s: warned is %v, want %v:\n%s", name, warned, test.warned, diagnostics)
		}
	}
}
