package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheDocumentedCommandsStartTheDownloadedProvider runs the commands of the documentation unchanged, in a directory like
// the one that `terraform init` leaves.
func TestTheDocumentedCommandsStartTheDownloadedProvider(t *testing.T) {
	t.Parallel()

	shells := map[string][]string{}

	if path, err := exec.LookPath("sh"); err == nil && filepath.Separator == '/' {
		shells["shell"] = []string{path, "-c"}
	}

	for _, name := range []string{"pwsh", "powershell"} {
		if path, err := exec.LookPath(name); err == nil && filepath.Separator == '/' {
			shells["powershell"] = []string{path, "-NoProfile", "-Command"}
		}
	}

	root := t.TempDir()
	cache := filepath.Join(root, "cache", "linux_amd64")
	work := filepath.Join(root, "with a space")
	below := filepath.Join(work, ".terraform", "providers", "registry.terraform.io", "terraform-provider-sepay", "sepay", "0.1.0")

	for _, directory := range []string{cache, below} {
		if err := os.MkdirAll(directory, 0o700); err != nil {
			t.Fatal(err)
		}
	}

	program := filepath.Join(cache, "terraform-provider-sepay_v0.1.0")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"ran $*\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}

	// A plugin cache makes a link of the last directory.
	if err := os.Symlink(cache, filepath.Join(below, "linux_amd64")); err != nil {
		t.Skipf("no links here: %v", err)
	}

	for _, page := range []string{"README.md", "docs/index.md", "docs/guides/authentication-and-ci.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}

		for kind, pattern := range map[string]string{
			"shell":      `(?m)^ *"\$\(find -L \.terraform/providers .*login$`,
			"powershell": `(?m)^ *& \(Get-ChildItem \.terraform/providers .*login$`,
		} {
			line := regexp.MustCompile(pattern).FindString(strings.ReplaceAll(string(text), "\r\n", "\n"))
			if line == "" {
				t.Errorf("%s has no line for %s", page, kind)

				continue
			}

			shell := shells[kind]
			if shell == nil {
				t.Logf("%s: no %s here to run %s", page, kind, line)

				continue
			}

			command := exec.CommandContext(t.Context(), shell[0], append(shell[1:], line)...)
			command.Dir = work

			if output, err := command.CombinedOutput(); err != nil || strings.TrimSpace(string(output)) != "ran login" {
				t.Errorf("%s: %s: %v\n%s", page, line, err, output)
			}
		}
	}
}
