package docs_test

import (
	"slices"
	"strings"
	"testing"
)

func TestEachPageLinksToTheDocumentationOfSePay(t *testing.T) {
	t.Parallel()

	checked := 0

	for path, document := range parseAll(t) {
		if !strings.HasPrefix(path, "docs/") {
			continue
		}

		checked++

		if !slices.ContainsFunc(document.links, isDocumentationOfSePay) {
			t.Errorf("%s has no link to the page of SePay's documentation that it concerns", path)
		}
	}

	// The front page, a resource, eight data sources, an ephemeral and a list resource, and twelve guides.
	if checked < 24 {
		t.Errorf("only %d pages were found", checked)
	}
}

func isDocumentationOfSePay(link string) bool {
	return strings.HasPrefix(link, "https://developer.sepay.vn/en/") || strings.HasPrefix(link, "https://developer.sepay.vn/vi/")
}
