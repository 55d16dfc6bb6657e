package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// exceptions are blocks that do not run alone in an empty directory, by a text in them, each with the reason. The test
// prints those that it met.
var exceptions = []struct{ text, reason string }{
	{"~/sepay-simulator.env", "starts or reads a simulator of the reader; TestAccTheGuideWithoutAnAccountWorks follows it"},
	{"make ", "runs in a clone of the repository, where CI runs its targets"},
	{"gpg --verify", "verifies a release, and none is published"},
	{"terraform init -upgrade", "asks the registries for a newer release, and none is published"},
	{"terraform import sepay_webhook.payments", "TestAccTheImportGuideEndsInAnEmptyPlan runs it with its resource"},
	{"terraform query", "needs Terraform 1.14; the list resource is tested over the protocol"},
	{`list "sepay_webhook"`, "needs Terraform 1.14; the list resource is tested over the protocol"},
	{"--redirect-url 'https://", "waits for an address that a person pastes; tested in internal/acceptance"},
	{`provider "aws"`, "needs an account of AWS"},
	{"sepay-token-helper", "needs a token helper of the reader; the samples are tested in internal/oauth"},
	{"/opt/sepay/vault-kv2.sh", "needs a Vault; the samples are tested in internal/oauth"},
	{"hashicorp/aws", "needs other providers; TestAccARotationGivesStoreAndSePayTheSameNewSecret applies it with replacements for them"},
	{"github.com/terraform-provider-sepay/terraform-provider-sepay//", "downloads a module from the network; its tests run in TestAccTestsOfTheExamplesPass"},
	{"generate-config-out", "TestAccTheImportGuideEndsInAnEmptyPlan follows it"},
	{"import {", "goes with a resource; TestAccImportExamplesEndInAnEmptyPlan and the test of the import guide run it"},
	{"~/terraform-provider-sepay", "runs in a clone of the repository; TestAccTheGuideWithoutAnAccountWorks follows it"},
	{"SEPAY_TOKEN_STORE_KEY='production'", "needs a token helper or a sign-in of the reader; both are tested in internal/acceptance"},
	{"-var secret_version=2", "TestAccARotationGivesStoreAndSePayTheSameNewSecret runs it"},
}

func exceptionFor(b block) string {
	for _, exception := range exceptions {
		if strings.Contains(b.text, exception.text) {
			return exception.reason
		}
	}

	return ""
}

// TestAccEveryBlockOfTheDocumentationRuns runs each configuration alone in an empty directory, and each shell block in the
// directory that the README sets up, all against a simulated SePay. Blocks with the same text run once.
func TestAccEveryBlockOfTheDocumentationRuns(t *testing.T) {
	t.Parallel()

	var (
		once     = map[string]bool{}
		skipped  = []string{}
		examples = exampleFiles(t)
		ran      = 0
	)

	for _, page := range pages(t) {
		for _, b := range blocks(t, page) {
			if once[b.text] || (!b.isHCL() && !b.isShell()) {
				continue
			}

			once[b.text] = true

			if reason := exceptionFor(b); reason != "" {
				skipped = append(skipped, fmt.Sprintf("%s: %s", b, reason))

				continue
			}

			ran++

			switch {
			case b.isShell():
				t.Run("shell/"+b.String(), func(t *testing.T) { t.Parallel(); runShellBlock(t, b) })
			case !examples[strings.TrimSpace(b.text)]:
				t.Run("hcl/"+b.String(), func(t *testing.T) { t.Parallel(); applyBlock(t, b) })
			}
		}
	}

	report(t, "documentation-blocks.txt", fmt.Sprintf("Blocks of the documentation: %d run, %d do not run alone:\n  %s\n",
		ran, len(skipped), strings.Join(skipped, "\n  ")))

	if ran < 20 || len(skipped) > 40 {
		t.Errorf("%d blocks run and %d do not: blocks are not found, or the list of exceptions is long", ran, len(skipped))
	}
}

// report logs a text, and leaves it for scripts/test to print.
func report(t *testing.T, name, text string) {
	t.Helper()
	t.Log(text)

	if directory := os.Getenv("SEPAY_TEST_REPORTS"); directory != "" {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// exampleFiles returns the texts of the files that TestAccEveryExampleIsAppliedAndThenHasAnEmptyPlan applies alone.
func exampleFiles(t *testing.T) map[string]bool {
	t.Helper()

	texts := map[string]bool{}

	for _, example := range appliedExamples() {
		for _, pattern := range example.patterns {
			texts[strings.TrimSpace(readPage(t, "examples/"+example.directory+"/"+pattern))] = true
		}
	}

	return texts
}

// applyBlock applies a configuration as it stands on its page, and expects an empty plan afterwards.
func applyBlock(t *testing.T, b block) {
	t.Helper()

	_, cli := reader(t)
	cli.Needs(11, 11)
	cli.Write("main.tf", b.text)
	cli.Apply()
	cli.PlanEmpty()
}

// reader returns a SePay and an empty directory, with values for the variables that the documentation uses.
func reader(t *testing.T) (*simulator.Server, *acctest.CLI) {
	t.Helper()

	sepay := simulator.Start(t)
	cli := acctest.NewCLI(t, sepay)
	setVariables(cli, sepay)

	return sepay, cli
}

func setVariables(cli *acctest.CLI, sepay *simulator.Server) {
	cli.Setenv(
		"TF_VAR_webhook_secret="+signingSecret,
		"TF_VAR_api_key=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
		"TF_VAR_delivery_client_secret=a-client-secret-of-the-shop",
		"TF_VAR_sepay_url="+sepay.URL,
	)
}
