// Package diagnostictest compares what users read with golden files.
package diagnostictest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

//nolint:gochecknoglobals // the flag of the test binary
var update = flag.Bool("update", false, "rewrite the golden files")

// Text is an error as a user reads it.
func Text(e *diagnostic.Error) string { return e.Summary + "\n\n" + e.Detail + "\n" }

// WarningText is a warning as a user reads it.
func WarningText(w diagnostic.Warning) string {
	return "Warning: " + w.Summary + "\n\n" + w.Detail + "\n"
}

// ExpectGolden compares a message with the file of that name in testdata/messages, and looks for a next step in it.
func ExpectGolden(t *testing.T, name, text string) {
	t.Helper()

	path := filepath.Join("testdata", "messages", strings.ReplaceAll(strings.ReplaceAll(name, ",", ""), " ", "_")+".golden")

	if *update {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with the flag -update", err)
	}

	if text != string(want) {
		t.Errorf("the message is now:\n%s\nand was:\n%s", text, want)
	}

	if !NamesNextStep(text) {
		t.Errorf("the message names no next step:\n%s", text)
	}
}

// NamesNextStep tells whether a message has an imperative at the start of a sentence or clause.
func NamesNextStep(text string) bool { return nextStep.MatchString(text) }

var nextStep = regexp.MustCompile(
	`(?im)(^|[.:;,] |or |and )(run|set|check|wait|make|use|authorize|restore|move|give|sign in|open|end|ask|press|paste) `)
