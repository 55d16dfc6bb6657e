package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// exceptions are blocks that cannot run here, by a text in them, each with the reason. The test prints those that it met.
var exceptions = []struct{ text, reason string }{
	{"gpg --verify", "verifies a release at GitHub, and none is published"},
	{"terraform query", "needs Terraform 1.14; TestFromQueryToImportToAnEmptyPlan does the same over the protocol"},
	{`list "sepay_webhook"`, "needs Terraform 1.14; TestFromQueryToImportToAnEmptyPlan does the same over the protocol"},
	{"  identity = {", "needs Terraform 1.12; TestAccImportExamplesEndInAnEmptyPlan applies it there"},
	{"$env:", "is for PowerShell on Windows"},
}

func exceptionFor(b block) string {
	for _, exception := range exceptions {
		if strings.Contains(b.text, exception.text) {
			return exception.reason
		}
	}

	return ""
}

// ran has the blocks that a test has run as they stand, by what a tool sees of them.
var ran sync.Map

// used records that a test runs a block, and returns its text.
func used(b block) string {
	ran.Store(b.code(), true)

	return b.text
}

func (b block) ran() bool {
	_, found := ran.Load(b.code())

	return found
}

// walk follows pages as a reader does, in terminals of its own. What it runs need not run alone.
type walk struct {
	name   string
	follow func(*testing.T)
	// full leaves the walk to full runs: another one takes the same steps on another page, or it is dominated by builds.
	full bool
}

// walks returns the walks, the longest first.
func walks() []walk {
	return []walk{
		{name: "without an account", follow: withoutAnAccount, full: true},
		{name: "first steps in README.md", follow: readme, full: true},
		{name: "import and query", follow: importGuide},
		{name: "signing in", follow: signingIn},
		{name: "drift detection", follow: driftDetection},
		{name: "rotating a secret", follow: rotation},
		{name: "signing in with a token helper", follow: helpers},
		{name: "first steps in README.vi.md", follow: firstSteps("README.vi.md"), full: true},
		{name: "first steps, English guide", follow: firstSteps("docs/guides/getting-started.md")},
		{name: "first steps, Vietnamese guide", follow: firstSteps("docs/guides/bat-dau-nhanh.md"), full: true},
		{name: "the module", follow: module},
		{name: "upgrading", follow: upgrading},
		{name: "signing in with a refresh token", follow: refreshToken},
		{name: "signing in with a pasted address", follow: pastedAddress},
	}
}

// TestAccEveryBlockOfTheDocumentationRuns follows the walks, then applies each configuration that they and the tests of the
// examples have left, alone in an empty directory. A block that then has not run is an exception, or fails the test. Blocks
// that differ only in comments run once. A short run follows some of the walks, after which nothing is known of what is left.
func TestAccEveryBlockOfTheDocumentationRuns(t *testing.T) { //nolint:tparallel // its two parts follow each other
	t.Parallel()

	var started, skipped atomic.Int32

	t.Run("walk", func(t *testing.T) {
		for _, walk := range walks() {
			if walk.full && !proof.Full() {
				continue
			}

			t.Run(walk.name, func(t *testing.T) {
				t.Parallel()
				started.Add(1)
				t.Cleanup(func() {
					if t.Skipped() {
						skipped.Add(1)
					}
				})
				walk.follow(t)
			})
		}
	})

	if !proof.Full() {
		return
	}

	var (
		all      = distinctBlocks(t)
		examples = exampleFiles(t)
		alone    = 0
	)

	t.Run("alone", func(t *testing.T) {
		for _, b := range all {
			if b.isHCL() && !b.ran() && !examples[b.code()] && exceptionFor(b) == "" {
				alone++

				t.Run(b.String(), func(t *testing.T) { t.Parallel(); applyBlock(t, b) })
			}
		}
	})

	if int(started.Load()) < len(walks()) || skipped.Load() > 0 {
		t.Logf("%d of %d walks started, and %d were skipped: which blocks run is not known", started.Load(), len(walks()), skipped.Load())

		return
	}

	left, inWalks, inExamples := []string{}, 0, 0

	for _, b := range all {
		switch reason := exceptionFor(b); {
		case b.ran():
			inWalks++
		case examples[b.code()]:
			inExamples++
		case reason == "":
			t.Errorf("%s: no test runs this block, and no exception names the reason:\n%s", b, b.text)
		default:
			left = append(left, fmt.Sprintf("%s: %s", b, reason))
		}
	}

	report(t, "documentation-blocks.txt", fmt.Sprintf("Blocks of the documentation: %d run (%d of them alone, %d as the reader of "+
		"a page runs them, %d as examples), %d do not:\n  %s\nSubstitutions: %s.\n", inWalks+inExamples, alone, inWalks-alone, inExamples,
		len(left), strings.Join(left, "\n  "), substitutions))

	if len(all) < 60 || len(left) > 8 {
		t.Errorf("of %d blocks %d do not run: blocks are not found, or the list of exceptions is long", len(all), len(left))
	}
}

// distinctBlocks returns the configurations and the commands of all pages.
func distinctBlocks(t *testing.T) []block {
	t.Helper()

	found, seen := []block{}, map[string]bool{}

	for _, page := range pages(t) {
		for _, b := range blocks(t, page) {
			if code := b.code(); !seen[code] && (b.isHCL() || b.isShell() || b.language == "powershell") {
				seen[code] = true
				found = append(found, b)
			}
		}
	}

	return found
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

// exampleFiles returns the code of the files that TestAccEveryExampleIsAppliedAndThenHasAnEmptyPlan applies alone, and of
// the import block that TestAccImportExamplesEndInAnEmptyPlan applies with its resource.
func exampleFiles(t *testing.T) map[string]bool {
	t.Helper()

	imported := block{text: readPage(t, "examples/resources/sepay_webhook/import-by-string-id.tf")}
	texts := map[string]bool{imported.code(): true}

	for _, example := range appliedExamples() {
		for _, pattern := range example.patterns {
			texts[block{text: readPage(t, "examples/"+example.directory+"/"+pattern)}.code()] = true
		}
	}

	return texts
}

// applyBlock applies a configuration as it stands on its page, and expects an empty plan afterwards.
func applyBlock(t *testing.T, b block) {
	t.Helper()

	_, cli := reader(t)
	cli.Needs(11, 11)
	cli.Write("main.tf", used(b))
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
