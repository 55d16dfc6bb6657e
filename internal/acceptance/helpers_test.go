package acceptance_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// await returns when the condition holds, and false when that takes longer than any machine needs, however busy it is.
func await(condition func() bool) bool {
	for begin := time.Now(); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 10*time.Minute {
			return false
		}
	}

	return true
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

// start returns a SePay and a working directory with that configuration, to which the required providers are added.
func start(t *testing.T, configuration string, options ...simulator.Option) (*simulator.Server, *acctest.CLI) {
	t.Helper()

	sepay := simulator.Start(t, options...)
	cli := acctest.NewCLI(t, sepay)
	configure(cli, configuration)

	return sepay, cli
}

// configure replaces the configuration.
func configure(cli *acctest.CLI, configuration string) {
	cli.Write("main.tf", requirements+configuration)
}

// webhook declares sepay_webhook.NAME, which needs no secret, with some more arguments.
func webhook(name string, more ...string) string {
	return fmt.Sprintf(`
resource "sepay_webhook" %q {
  name            = "Shop"
  webhook_url     = "https://shop.example.com/%s"
  event_type      = "In_only"
  authen_type     = "No_Authen"
  bank_account_id = 19
  %s
}
`, name, name, strings.Join(more, "\n  "))
}

// only returns the one webhook that SePay is expected to have.
func only(t *testing.T, sepay *simulator.Server) simulator.Webhook {
	t.Helper()

	webhooks := sepay.Webhooks()
	if len(webhooks) != 1 {
		t.Fatalf("SePay has %d webhooks, want 1: %v", len(webhooks), webhooks)
	}

	return webhooks[0]
}

// change does what a person does in SePay's dashboard.
func change(t *testing.T, sepay *simulator.Server, id int64, changes map[string]any) {
	t.Helper()

	if err := sepay.ChangeWebhook(id, changes); err != nil {
		t.Fatal(err)
	}
}

// writes returns the requests that were not reads, as "PATCH /api/v1/webhooks/1 name,active", and forgets all requests.
func writes(sepay *simulator.Server) []string {
	var found []string

	for _, request := range sepay.Requests() {
		if request.Method != http.MethodGet && strings.HasPrefix(request.Path, simulator.APIPath) {
			line := request.Method + " " + strings.TrimPrefix(request.Path, simulator.APIPath)
			if keys := request.Keys(); len(keys) > 0 {
				line += " " + strings.Join(keys, ",")
			}

			found = append(found, line)
		}
	}

	sepay.ResetRequests()

	return found
}

// wrote fails the test unless exactly these writes were made since the last look.
func wrote(t *testing.T, sepay *simulator.Server, want ...string) {
	t.Helper()

	if got := writes(sepay); !slices.Equal(got, want) {
		t.Errorf("SePay was asked to write\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// signedIn fails the test unless the token endpoint was called so often, and no spent token was presented.
func signedIn(t *testing.T, sepay *simulator.Server, calls int) {
	t.Helper()

	if tokens := sepay.TokenCounters(); tokens.Calls != calls || tokens.Replays != 0 || tokens.Revocations != 0 {
		t.Errorf("the token endpoint counts %+v, want %d calls, no replay, no revocation", tokens, calls)
	}
}

// mentions fails the test unless an output has every text, however its lines were wrapped.
func mentions(t *testing.T, output string, texts ...string) {
	t.Helper()

	plain := unwrapped(output)
	for _, text := range texts {
		if !strings.Contains(plain, text) {
			t.Errorf("the output lacks %q:\n%s", text, output)
		}
	}
}

// unwrapped puts what a diagnostic wrapped and framed back into one line.
func unwrapped(output string) string {
	return strings.Join(strings.FieldsFunc(output, func(r rune) bool {
		return r == ' ' || r == '\n' || r == '│' || r == '╷' || r == '╵'
	}), " ")
}
