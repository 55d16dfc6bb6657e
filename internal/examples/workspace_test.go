package examples_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

const requiredProviders = `terraform {
  required_providers {
    sepay = { source = "terraform-provider-sepay/sepay" }
  }
}
`

// workspace is a copy of an example with a SePay of its own.
type workspace struct {
	t           *testing.T
	sepay       *simulator.Server
	directory   string
	environment []string
}

// needs names the first minor version of version 1 that an example works with; 0 for none of that tool's.
type needs struct{ terraform, tofu int }

func (n needs) met() bool {
	if cli.tofu {
		return n.tofu > 0 && cli.minor >= n.tofu
	}

	return n.terraform > 0 && cli.minor >= n.terraform
}

// newWorkspace copies the files of an example that match any of the patterns, all of them when there is none.
func newWorkspace(t *testing.T, example string, patterns ...string) *workspace {
	t.Helper()

	if cli == nil {
		t.Skip("set TF_ACC=1 to run acceptance tests")
	}

	w := &workspace{t: t, sepay: simulator.Start(t), directory: filepath.Join(t.TempDir(), "example")}

	if err := os.CopyFS(w.directory, os.DirFS(filepath.Join(root, "examples", example))); err != nil {
		t.Fatal(err)
	}

	pinned := false

	for _, name := range w.files() {
		kept := len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
			matches, err := filepath.Match(pattern, name)

			return err == nil && matches
		})
		if !kept {
			w.remove(name)

			continue
		}

		content, err := os.ReadFile(filepath.Join(w.directory, name))
		pinned = pinned || err == nil && strings.Contains(string(content), "required_providers")
	}

	if !pinned {
		w.write("providers.tf", requiredProviders)
	}

	w.environment = append(os.Environ(), w.sepay.Environment()...)
	w.environment = append(w.environment,
		"SEPAY_TOKEN_STORE_PATH="+filepath.Join(t.TempDir(), "tokens"),
		"SEPAY_REQUESTS_PER_SECOND=0",
		"TF_CLI_CONFIG_FILE="+cli.config,
		"TF_VAR_webhook_secret=whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f0",
		"TF_VAR_api_key=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
		"TF_VAR_delivery_client_secret=a-client-secret-of-the-shop",
		"TF_VAR_sepay_url="+w.sepay.URL,
		"TF="+cli.path,
	)

	return w
}

func (w *workspace) files() []string {
	w.t.Helper()

	entries, err := os.ReadDir(w.directory)
	if err != nil {
		w.t.Fatal(err)
	}

	var names []string

	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}

	return names
}

func (w *workspace) write(name, content string) {
	w.t.Helper()

	if err := os.WriteFile(filepath.Join(w.directory, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workspace) remove(name string) {
	w.t.Helper()

	if err := os.Remove(filepath.Join(w.directory, name)); err != nil {
		w.t.Fatal(err)
	}
}

// run runs the tool and returns what it printed; any exit code but the expected one fails the test.
func (w *workspace) run(exitCode int, arguments ...string) string {
	w.t.Helper()

	return w.start(exitCode, cli.path, append(arguments, "-no-color")...)
}

func (w *workspace) start(exitCode int, program string, arguments ...string) string {
	w.t.Helper()

	command := exec.CommandContext(w.t.Context(), program, arguments...)
	command.Dir = w.directory
	command.Env = w.environment

	output, err := command.CombinedOutput()

	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		w.t.Fatal(err)
	}

	if got := command.ProcessState.ExitCode(); got != exitCode {
		w.t.Fatalf("%s %s: exit code %d, want %d\n%s", filepath.Base(program), strings.Join(arguments, " "), got, exitCode,
			output)
	}

	return string(output)
}
