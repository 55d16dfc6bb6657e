package examples_test

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block is a fenced block of a page.
type block struct {
	// page is the path of the page from the root of the repository, heading the last one above the block.
	page, heading string
	// language is what stands behind the fence.
	language string
	// text is what a reader copies.
	text string
}

func (b block) String() string { return b.page + ", " + b.heading }

// isHCL reports whether the block is a configuration.
func (b block) isHCL() bool { return b.language == "terraform" || b.language == "hcl" }

// isShell reports whether the block is for a POSIX shell.
func (b block) isShell() bool {
	return b.language == "shell" || b.language == "sh" || b.language == "bash"
}

var comment = regexp.MustCompile(`(?m)(^| +)# .*$`)

// code is the block without comments and empty lines.
func (b block) code() string {
	lines := strings.Split(comment.ReplaceAllString(b.text, ""), "\n")

	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" }), "\n")
}

// pages returns the pages that users read, as paths from the root of the repository.
func pages(t *testing.T) []string {
	t.Helper()

	found := []string{}

	for _, start := range []string{".", "docs", "examples"} {
		err := filepath.WalkDir(filepath.Join(root, start), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && start == "." && path != filepath.Join(root, start):
				return fs.SkipDir
			case strings.HasSuffix(path, ".md"):
				page, err := filepath.Rel(root, path)
				found = append(found, filepath.ToSlash(page))

				return err
			}

			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}

	return found
}

func readPage(t *testing.T, page string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

var fence = regexp.MustCompile("^( *)```([a-z]*) *$")

// blocks returns the fenced blocks of a page, in order. The indentation of a fence in a list is taken from its lines.
func blocks(t *testing.T, page string) []block {
	t.Helper()

	var (
		found   []block
		open    *block
		indent  string
		heading string
	)

	for lines := bufio.NewScanner(strings.NewReader(readPage(t, page))); lines.Scan(); {
		line := lines.Text()
		fenced := fence.FindStringSubmatch(line)

		switch {
		case open == nil && fenced != nil:
			indent, open = fenced[1], &block{page: page, heading: heading, language: fenced[2]}
		case open != nil && fenced != nil && fenced[1] == indent:
			found, open = append(found, *open), nil
		case open != nil:
			open.text += strings.TrimPrefix(line, indent) + "\n"
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
		}
	}

	if open != nil {
		t.Errorf("%s: a fence is not closed", *open)
	}

	return found
}
