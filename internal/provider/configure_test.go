package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// webhookConfig is a webhook with a bank account.
func webhookConfig() map[string]any {
	return map[string]any{
		"name": "Shop", "webhook_url": "https://shop.example.com/sepay", "event_type": "All", "authen_type": "No_Authen",
		"bank_account_id": 19,
	}
}

func TestConfigureMakesNoRequestAndWritesNoFile(t *testing.T) {
	t.Parallel()

	for _, store := range []string{"file", "helper", "none"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()

			sepay := simulator.Start(t)
			directory := filepath.Join(t.TempDir(), "tokens")

			config := acctest.ProviderConfig(t, sepay)
			config["token_store"], config["token_store_path"] = store, directory
			// The helper does not exist, so starting it would be an error.
			config["token_helper"] = []string{filepath.Join(directory, "helper")}

			server := acctest.NewServer(t, config)
			server.Stop()

			if requests, connections := sepay.Requests(), sepay.Counters().Connections; len(requests) > 0 || connections > 0 {
				t.Errorf("Configure opened %d connections and sent %v", connections, requests)
			}

			if _, err := os.Stat(directory); !os.IsNotExist(err) {
				t.Errorf("Configure touched the token store: %v", err)
			}
		})
	}
}

func TestTheProviderCanBeConfiguredByTheEnvironmentAlone(t *testing.T) {
	sepay := simulator.Start(t)

	for _, variable := range sepay.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}

	t.Setenv("SEPAY_TOKEN_STORE_PATH", filepath.Join(t.TempDir(), "tokens"))
	t.Setenv("SEPAY_REQUESTS_PER_SECOND", "0")

	server := acctest.NewServer(t, nil)
	if values, diagnostics := server.ReadDataSource("sepay_user", nil); values["id"] != int64(1234) {
		t.Errorf("got %v, %v", values, diagnostics)
	}
}

func TestEveryRequestHasTheVersionsOfProviderAndTerraform(t *testing.T) {
	t.Parallel()

	sepay, server := acctest.NewSimulated(t)
	if _, diagnostics := server.ReadDataSource("sepay_user", nil); len(diagnostics) > 0 {
		t.Fatal(diagnostics)
	}

	requests := sepay.Requests()
	if len(requests) != 2 {
		t.Fatalf("got %v, want one for a token and one for the user", requests)
	}

	for _, request := range requests {
		if request.UserAgent != "terraform-provider-sepay/test Terraform/1.14.0" {
			t.Errorf("%s came from %q", request.Path, request.UserAgent)
		}
	}
}

func TestABadProviderBlockFailsAtValidationAndNamesTheAttribute(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)

	for _, test := range []struct {
		attribute string
		value     any
	}{
		{"client_id", ""},
		{"client_secret", ""},
		{"refresh_token", ""},
		{"access_token", ""},
		{"base_url", "http://my.sepay.vn"},
		{"base_url", "https://"},
		{"base_url", "https://my.sepay.vn/oauth"},
		{"token_store", "keychain"},
		{"token_store_path", ""},
		{"token_store_key", ""},
		{"token_helper", []string{}},
		{"token_helper", []string{""}},
		{"token_lock_timeout", "90"},
		{"requests_per_second", -1},
		{"max_retries", -1},
		{"max_retries", 101},
		{"request_timeout", "0s"},
	} {
		config := acctest.ProviderConfig(t, sepay)
		config[test.attribute] = test.value

		if _, diagnostics := acctest.TryServer(t, config); len(diagnostics.At(test.attribute).Errors()) == 0 {
			t.Errorf("%s = %#v gives %v", test.attribute, test.value, diagnostics)
		}
	}

	if requests := sepay.Requests(); len(requests) > 0 {
		t.Errorf("sent %v", requests)
	}
}

func TestARelativeTokenStorePathIsRefusedWithWhatToSet(t *testing.T) {
	t.Parallel()

	config := acctest.ProviderConfig(t, simulator.Start(t))
	config["token_store_path"] = "tokens"

	_, diagnostics := acctest.TryServer(t, config)
	if !diagnostics.HasErrors() || !diagnostics.Mentions("token_store_path", "absolute") {
		t.Errorf("got %v", diagnostics)
	}
}

func TestUnknownSettingsFailAtTheFirstRequest(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)

	names := slices.Sorted(maps.Keys(acctest.ProviderConfig(t, sepay)))
	names = append(names, "access_token", "token_store", "token_helper", "max_retries", "request_timeout", "token_lock_timeout")

	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			config := acctest.ProviderConfig(t, sepay)
			config[name] = acctest.Unknown

			// The webhook is planned without a request to SePay. What needs one reports the next step.
			server := acctest.NewServer(t, config)
			if plan, diagnostics := server.Plan("sepay_webhook", nil, webhookConfig()); plan == nil || len(diagnostics) > 0 {
				t.Errorf("the plan gives %v", diagnostics)
			}

			_, user := server.ReadDataSource("sepay_user", nil)
			_, token := server.OpenEphemeral("sepay_access_token", nil)

			for _, diagnostics := range []acctest.Diagnostics{user, token} {
				if len(diagnostics) != 1 || !diagnostics.HasErrors() ||
					!diagnostics.Mentions("not known yet", "value of "+name, "a variable or the environment", "-target") {
					t.Errorf("got %v", diagnostics)
				}
			}
		})
	}

	t.Cleanup(func() {
		if requests := sepay.Requests(); len(requests) > 0 {
			t.Errorf("sent %v", requests)
		}
	})
}

func TestSeveralUnknownSettingsAreNamedTogether(t *testing.T) {
	t.Parallel()

	config := acctest.ProviderConfig(t, simulator.Start(t))
	config["client_secret"], config["base_url"] = acctest.Unknown, acctest.Unknown

	_, diagnostics := acctest.NewServer(t, config).ReadDataSource("sepay_user", nil)
	if len(diagnostics) != 1 || !diagnostics.Mentions("client_secret, base_url") {
		t.Errorf("got %v", diagnostics)
	}
}
