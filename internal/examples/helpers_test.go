// Package examples_test applies what is in examples/ with the real Terraform or OpenTofu against a simulated SePay, and
// compares the guides with the code.
package examples_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

const root = "../.."

// signingSecret is the value of every variable webhook_secret.
const signingSecret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f0"

// start returns a SePay and a working directory with the files of an example that match any of the patterns, all of them
// when there is none.
func start(t *testing.T, example string, patterns ...string) (*simulator.Server, *acctest.CLI) {
	t.Helper()

	sepay := simulator.Start(t)
	cli := acctest.NewCLI(t, sepay)
	files := os.DirFS(filepath.Join(root, "examples", example))

	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, ".terraform") || !matches(patterns, name) {
			return err
		}

		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}

		cli.Write(name, string(content))

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	setVariables(cli, sepay)

	return sepay, cli
}

func matches(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
		fits, err := path.Match(pattern, name)

		return err == nil && fits
	})
}

// payments is what examples/resources/sepay_webhook/resource.tf declares.
func payments() simulator.Webhook {
	return simulator.Webhook{
		Name: "Shop payments", WebhookURL: "https://shop.example.com/sepay/payments", EventType: "In_only",
		AuthenType: "HMAC_SHA256", SecretKey: signingSecret, BankAccountID: 19,
		IsVerifyPayment: true, SkipIfNoCode: true, RetryConditions: []string{"non_2xx_status_code"}, Active: true,
	}
}
