// Package docs_test checks the documents of the repository: README, guides, and the generated pages.
package docs_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const root = "../.."

// document is a Markdown file of the repository, parsed.
type document struct {
	path     string // relative to the root of the repository
	links    []string
	headings map[string]bool
}

func TestEveryInternalLinkHasATarget(t *testing.T) {
	t.Parallel()

	documents := parseAll(t)
	checked := 0

	for _, from := range documents {
		for _, link := range from.links {
			target, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %q is no URL: %v", from.path, link, err)

				continue
			}

			if target.IsAbs() {
				continue
			}

			checked++

			path := from.path
			if target.Path != "" {
				path = resolve(from.path, target.Path)
			}

			if path == "" {
				t.Errorf("%s: nothing is at %q", from.path, link)

				continue
			}

			if to, parsed := documents[path]; target.Fragment != "" && parsed && !to.headings[target.Fragment] {
				t.Errorf("%s: %s has no heading %q", from.path, path, target.Fragment)
			}
		}
	}

	if checked < 10 {
		t.Errorf("only %d links were found: the test does not see the documents", checked)
	}
}

// TestNoPageLinksToAPageThatARegistryDoesNotShow follows the rule that pages in docs/ link to the file in the repository where
// search.opentofu.org has no page: for ephemeral resources and list resources.
func TestNoPageLinksToAPageThatARegistryDoesNotShow(t *testing.T) {
	t.Parallel()

	const repository = "https://github.com/terraform-provider-sepay/terraform-provider-sepay/"

	links, inRepository := 0, 0

	for _, from := range parseAll(t) {
		for _, link := range from.links {
			links++

			address, _, _ := strings.Cut(link, "#")

			file, found := strings.CutPrefix(address, repository+"blob/main/")
			if !found {
				file, found = strings.CutPrefix(address, repository+"tree/main/")
			}

			if found {
				inRepository++

				if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil {
					t.Errorf("%s: the repository has no %q", from.path, file)
				}

				continue
			}

			// README is shown at GitHub only.
			onRegistry := strings.HasPrefix(from.path, "docs/") || strings.HasPrefix(address, "https://registry.")
			if onRegistry && (strings.Contains(address, "ephemeral-resources/") || strings.Contains(address, "list-resources/")) {
				t.Errorf("%s: %q leads to no page at search.opentofu.org: link to the file with %sblob/main/docs/…", from.path, link, repository)
			}
		}
	}

	if links < 100 || inRepository < 3 {
		t.Errorf("only %d links, and %d into the repository, were found: the test does not see the documents", links, inRepository)
	}
}

// TestEveryExternalLinkResponds needs the network: `make links-external` runs it.
func TestEveryExternalLinkResponds(t *testing.T) {
	t.Parallel()

	if os.Getenv("SEPAY_TEST_EXTERNAL_LINKS") == "" {
		t.Skip("SEPAY_TEST_EXTERNAL_LINKS is not set: no link is requested")
	}

	client := http.Client{Timeout: time.Minute}
	seen := map[string]bool{}

	for _, from := range parseAll(t) {
		for _, link := range from.links {
			link, _, _ = strings.Cut(link, "#")
			if !strings.HasPrefix(link, "https://") || seen[link] || isPlaceholder(link) {
				continue
			}

			seen[link] = true

			t.Run(link, func(t *testing.T) {
				t.Parallel()

				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}

				response, err := client.Do(request)
				if err != nil {
					t.Fatalf("%s links to it: %v", from.path, err)
				}
				defer response.Body.Close()

				// Robots get 403 and 429 for pages that exist.
				switch response.StatusCode {
				case http.StatusOK, http.StatusForbidden, http.StatusTooManyRequests:
				default:
					t.Errorf("%s links to it: %s", from.path, response.Status)
				}
			})
		}
	}
}

// isPlaceholder reports whether a link is a loopback address, or one that RFC 2606 reserves.
func isPlaceholder(link string) bool {
	at, err := url.Parse(link)
	if err != nil {
		return false
	}

	host := at.Hostname()

	return strings.HasSuffix(host, ".example") || strings.HasSuffix(host, "example.com") ||
		strings.HasSuffix(host, "example.net") || strings.HasSuffix(host, "example.org")
}

// resolve returns the path of the target of a link, relative to the root, or "" if it does not exist. Pages in docs/ link
// to each other without the file extension, as the registries serve them.
func resolve(from, target string) string {
	path := filepath.Join(filepath.Dir(from), filepath.FromSlash(target))

	for _, candidate := range []string{path, path + ".md"} {
		if strings.HasPrefix(candidate, "..") {
			return ""
		}

		if _, err := os.Stat(filepath.Join(root, candidate)); err == nil {
			return filepath.ToSlash(candidate)
		}
	}

	return ""
}

func parseAll(t *testing.T) map[string]document {
	t.Helper()

	listed, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--", "*.md").Output()
	if err != nil {
		t.Fatalf("list the documents: %v", err)
	}

	documents := map[string]document{}

	for path := range strings.SplitSeq(strings.TrimRight(string(listed), "\x00"), "\x00") {
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}

		if err != nil {
			t.Fatal(err)
		}

		documents[path] = parse(t, path, source)
	}

	return documents
}

func parse(t *testing.T, path string, source []byte) document {
	t.Helper()

	parsed := document{path: path, headings: map[string]bool{}}
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	tree := markdown.Parser().Parse(text.NewReader(source))

	err := ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}

		switch node := node.(type) {
		case *ast.Link:
			parsed.links = append(parsed.links, string(node.Destination))
		case *ast.Image:
			parsed.links = append(parsed.links, string(node.Destination))
		case *ast.AutoLink:
			parsed.links = append(parsed.links, string(node.URL(source)))
		case *ast.Heading:
			if id, ok := node.AttributeString("id"); ok {
				if id, ok := id.([]byte); ok {
					parsed.headings[string(id)] = true
				}
			}
		case *ast.RawHTML:
			// tfplugindocs gives nested schemas an anchor of this form.
			if _, rest, ok := strings.Cut(string(node.Segments.Value(source)), `<a id="`); ok {
				id, _, _ := strings.Cut(rest, `"`)
				parsed.headings[id] = true
			}
		}

		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}

	return parsed
}
