package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// tooOpen returns a provider whose token store others may read, which the token source tightens and warns of as soon
// as it looks.
func tooOpen(t *testing.T, sepay *simulator.Server) *acctest.Server {
	t.Helper()

	config := acctest.ProviderConfig(t, sepay)
	config["refresh_token"] = sepay.NewGrant()

	directory := filepath.Join(t.TempDir(), "tokens")
	config["token_store_path"] = directory

	if err := os.Mkdir(directory, 0o755); err != nil {
		t.Fatal(err)
	}

	return acctest.NewServer(t, config)
}

func TestAWarningOfTheTokenSourceIsShownOnceWhateverAskedForTheToken(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)

	// elsewhere is the configuration of a webhook that no other one is like.
	var addresses atomic.Int64

	elsewhere := func() map[string]any {
		config := webhookConfig()
		config["webhook_url"] = fmt.Sprintf("https://shop.example.com/%d", addresses.Add(1))

		return config
	}

	existing := acctest.NewServer(t, acctest.ProviderConfig(t, sepay)).Manage("sepay_webhook")
	existing.MustApply(webhookConfig())

	for name, call := range map[string]func(*acctest.Server) acctest.Diagnostics{
		"a data source": func(server *acctest.Server) acctest.Diagnostics {
			_, diagnostics := server.ReadDataSource("sepay_user", nil)

			return diagnostics
		},
		"an ephemeral resource": func(server *acctest.Server) acctest.Diagnostics {
			_, diagnostics := server.OpenEphemeral("sepay_access_token", nil)

			return diagnostics
		},
		"a refresh": func(server *acctest.Server) acctest.Diagnostics {
			_, diagnostics := server.Read("sepay_webhook", existing.Instance)

			return diagnostics
		},
		"a plan": func(server *acctest.Server) acctest.Diagnostics {
			_, diagnostics := server.Plan("sepay_webhook", nil, elsewhere())

			return diagnostics
		},
		"an apply": func(server *acctest.Server) acctest.Diagnostics {
			// Nothing of this plan needs SePay before the apply does.
			known := elsewhere()
			delete(known, "bank_account_id")
			known["bank_mode"] = "all"

			unknown := maps.Clone(known)
			unknown["webhook_url"] = acctest.Unknown

			plan, diagnostics := server.Plan("sepay_webhook", nil, unknown)
			if len(diagnostics) > 0 {
				return diagnostics
			}

			_, diagnostics = server.Apply(plan, known)

			return diagnostics
		},
		"a query": func(server *acctest.Server) acctest.Diagnostics {
			_, diagnostics := server.List("sepay_webhook", nil, false, 0)

			return diagnostics
		},
		"a query that stops at its limit": func(server *acctest.Server) acctest.Diagnostics {
			_, diagnostics := server.List("sepay_webhook", map[string]any{"webhook_url": webhookConfig()["webhook_url"]}, false, 1)

			return diagnostics
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			server := tooOpen(t, sepay)

			first := call(server)
			if first.HasErrors() || len(first) != 1 || !first.Mentions("other users") {
				t.Errorf("the first response has %v, want one warning", first)
			}

			if second := call(server); len(second) > 0 {
				t.Errorf("the second response has %v", second)
			}
		})
	}
}

func TestAStoreThatForgetsIsWarnedOfAtConfigure(t *testing.T) {
	t.Parallel()

	config := acctest.ProviderConfig(t, simulator.Start(t))
	config["token_store"] = "none"

	server, diagnostics := acctest.TryServer(t, config)
	if diagnostics.HasErrors() || len(diagnostics) != 1 || !diagnostics.Mentions("refresh token") {
		t.Errorf("got %v, want one warning", diagnostics)
	}

	if _, diagnostics := server.ReadDataSource("sepay_user", nil); len(diagnostics) > 0 {
		t.Errorf("the warning came again: %v", diagnostics)
	}
}
