// Package diagnostictest compares messages with golden files.
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

// Text returns an error as a user reads it.
func Text(e *diagnostic.Error) string { return e.Summary + "\n\n" + e.Detail + "\n" }

// WarningText returns a warning as a user reads it.
func WarningText(w diagnostic.Warning) string {
	return "Warning: " + w.Summary + "\n\n" + w.Detail + "\n"
}

// ExpectGolden compares a message with its golden file in testdata/messages, and fails if the message has no next step.
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
		t.Errorf("the message is:\n%s\nwant:\n%s", text, want)
	}

	if !NamesNextStep(text) {
		t.Errorf("the message names no next step:\n%s", text)
	}
}

// NamesNextStep reports whether a sentence or clause of a message starts with an imperative.
func NamesNextStep(text string) bool { return nextStep.MatchString(text) }

var nextStep = regexp.MustCompile(
	`(?im)(^|[.:;,] |or |and )(run|set|check|wait|make|use|authorize|restore|move|give|sign in|open|end|ask|press|paste) `)
