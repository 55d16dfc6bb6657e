package docs_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()

	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}

	return string(content)
}

// TestTheDocumentsNameTheVersionOfGoThatIsNeeded compares them with go.mod.
func TestTheDocumentsNameTheVersionOfGoThatIsNeeded(t *testing.T) {
	t.Parallel()

	needed := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read(t, "go.mod"))
	if needed == nil {
		t.Fatal("go.mod names no version of Go")
	}

	for _, path := range []string{"README.md", "README.vi.md", "CONTRIBUTING.md", "docs/guides/trying-it-without-an-account.md"} {
		named := regexp.MustCompile(`Go (\d+\.\d+(\.\d+)?)`).FindAllStringSubmatch(read(t, path), -1)
		if len(named) == 0 {
			t.Errorf("%s does not name the version of Go that is needed", path)
		}

		for _, version := range named {
			if version[1] != needed[1] {
				t.Errorf("%s names Go %s, and go.mod needs %s", path, version[1], needed[1])
			}
		}
	}
}

// TestSentencesAboutFilesAreTrue checks sentences that a change elsewhere can make false.
func TestSentencesAboutFilesAreTrue(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ document, sentence, file, has string }{
		{"CONTRIBUTING.md", "builds and signs a **draft**", ".goreleaser.yml", "\n  draft: true\n"},
		{"SECURITY.md", "a software bill of materials for each archive", ".goreleaser.yml", "\nsboms:\n"},
		{"SECURITY.md", "binds each\narchive to the tag and the workflow", ".github/workflows/release.yml", "actions/attest-build-provenance@"},
		{"README.md", "Linux, macOS, Windows and FreeBSD", ".goreleaser.yml", "goos: [darwin, freebsd, linux, windows]"},
		{"examples/drift-check/README.md", "runs it every hour", "examples/drift-check/github-actions.yml", `cron: "17 * * * *"`},
	} {
		if !strings.Contains(read(t, test.document), test.sentence) {
			t.Errorf("%s no longer says %q", test.document, test.sentence)
		}

		if !strings.Contains(read(t, test.file), test.has) {
			t.Errorf("%s says %q, and %s has no %q", test.document, test.sentence, test.file, test.has)
		}
	}

	// GitLab notifies nobody of an allowed failure.
	if strings.Contains(read(t, "examples/drift-check/gitlab-ci.yml"), "allow_failure") {
		t.Error("the drift check of GitLab allows its failure, of which GitLab sends no mail")
	}

	// The command lists the dialects; a number in a document becomes wrong.
	counted := regexp.MustCompile(`\b\d+ dialects\b`)

	for _, path := range slices.Sorted(maps.Keys(parseAll(t))) {
		if found := counted.FindString(read(t, path)); found != "" && path != "CHANGELOG.md" {
			t.Errorf("%s counts %q", path, found)
		}
	}
}
