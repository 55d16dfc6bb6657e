// Package promise reads PROMISES.md, finds the tests that it names, and judges what `go test` says of them.
package promise

import (
	"fmt"
	"regexp"
	"strings"
)

// Promise is a section of PROMISES.md.
type Promise struct {
	// Title is the heading, what is promised in short.
	Title string
	// Tests are the names in the paragraph that begins with "Proof:".
	Tests []string
}

// Parse reads the promises of PROMISES.md: each heading of the second level that has a paragraph "Proof:" with the names
// of tests in backticks, up to an empty line. It is an error if a promise has no test or a test is named twice within
// one promise.
func Parse(text string) ([]Promise, error) {
	names := regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)`")

	var promises []Promise

	for section := range strings.SplitSeq("\n"+text, "\n## ") {
		title, body, _ := strings.Cut(section, "\n")

		_, proof, found := strings.Cut(body, "\nProof:")
		if !found {
			continue
		}

		proof, _, _ = strings.Cut(proof, "\n\n")
		promise := Promise{Title: strings.TrimSpace(title)}
		seen := map[string]bool{}

		for _, match := range names.FindAllStringSubmatch(proof, -1) {
			if seen[match[1]] {
				return nil, fmt.Errorf("%q names %s twice", promise.Title, match[1])
			}

			seen[match[1]] = true
			promise.Tests = append(promise.Tests, match[1])
		}

		if len(promise.Tests) == 0 {
			return nil, fmt.Errorf("%q names no test", promise.Title)
		}

		promises = append(promises, promise)
	}

	if len(promises) == 0 {
		return nil, fmt.Errorf("there is no promise with a proof")
	}

	return promises, nil
}
