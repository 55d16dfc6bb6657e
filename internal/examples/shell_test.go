package examples_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// consentVariable makes this test's program a browser in which a person approves the address in it.
const consentVariable = "SEPAY_EXAMPLES_CONSENT"

func TestMain(m *testing.M) {
	if address := os.Getenv(consentVariable); address != "" {
		if err := approve(address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}

		os.Exit(0)
	}

	if name := os.Getenv(replacementVariable); name != "" {
		if err := serveReplacement(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}

		os.Exit(0)
	}

	acctest.Main(m)
}

func approve(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	// The provider's own page sends the browser on to SePay's.
	page, err := visit(ctx, address)
	if err != nil {
		return err
	}

	redirect, err := simulator.Decide(ctx, page, true)
	if err != nil {
		return err
	}

	_, err = visit(ctx, redirect)

	return err
}

// visit opens an address and returns where it leads to.
func visit(ctx context.Context, address string) (next string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}

	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

	response, err := client.Do(request)
	if err != nil {
		return "", err
	}

	return response.Header.Get("Location"), response.Body.Close()
}

// callback is the redirect URL of the documentation, which one sign-in at a time can listen on.
var callback sync.Mutex

// placeholder is a value that the reader fills in; here the environment has it.
var placeholder = regexp.MustCompile(`\b((?:SEPAY|TF_VAR)_[A-Za-z_]+)='…'`)

// shell is a terminal of a reader: with the provider installed for `terraform init`, its program and the simulator's on
// PATH, and a browser.
type shell struct {
	cli *acctest.CLI
	bin string
}

// newShell prepares a terminal. Commands run in the directory of the CLI.
func newShell(t *testing.T, cli *acctest.CLI) *shell {
	t.Helper()

	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("shell blocks are for a POSIX shell")
	}

	provider := cli.Provider(t.Context()).Path
	bin, plugins := filepath.Join(cli.Home, "bin"), filepath.Join(cli.Home, "plugins")
	tool := cli.Command(t.Context(), "version").Path

	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		directory := filepath.Join(plugins, host, "terraform-provider-sepay/sepay/0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		link(t, provider, filepath.Join(directory, "terraform-provider-sepay_v0.1.0"))
	}

	link(t, provider, filepath.Join(bin, "terraform-provider-sepay"))
	link(t, tool, filepath.Join(bin, "terraform"))

	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}

	browser := fmt.Sprintf("#!/bin/sh\nexec env %s=\"$1\" %q\n", consentVariable, program)
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(browser), 0o700); err != nil {
		t.Fatal(err)
	}

	if err := os.Symlink("xdg-open", filepath.Join(bin, "open")); err != nil {
		t.Fatal(err)
	}

	settings := filepath.Join(cli.Home, "installed.tfrc")
	mirror := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", plugins)

	if err := os.WriteFile(settings, []byte(mirror), 0o600); err != nil {
		t.Fatal(err)
	}

	cli.Setenv("TF_CLI_CONFIG_FILE="+settings, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "DISPLAY=:0",
		"TF_CLI_ARGS_apply=-auto-approve")

	return &shell{cli: cli, bin: bin}
}

func link(t *testing.T, from, to string) {
	t.Helper()

	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}

	if err := os.Symlink(from, to); err != nil {
		t.Fatal(err)
	}
}

// run runs a block as it is pasted and returns what it printed. The reader's values replace '…', and an apply is
// approved.
func (s *shell) run(t *testing.T, text string) string {
	t.Helper()

	text = placeholder.ReplaceAllString(text, `$1="$$$1"`)

	if strings.Contains(text, "login") {
		callback.Lock()
		defer callback.Unlock()
	}

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()

	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", text)
	command.WaitDelay = time.Second
	command.Dir = s.cli.Dir
	command.Env = slices.Clone(s.cli.Command(t.Context(), "version").Env)

	output, err := command.CombinedOutput()

	// This command prints a token for the program that asks for it.
	if !strings.Contains(text, "terraform-provider-sepay token") {
		s.cli.Printed(output)
	}

	if err != nil {
		t.Errorf("%v:\n%s\n%s", err, text, output)
	}

	return string(output)
}

// runShellBlock runs a block in the directory that the README sets up: its configuration, after `terraform init`.
func runShellBlock(t *testing.T, b block) {
	t.Helper()

	_, cli := reader(t)
	cli.Needs(11, 11)

	terminal := newShell(t, cli)
	cli.Write("main.tf", mainConfiguration(t))

	if !strings.Contains(b.text, "terraform init") {
		terminal.run(t, "terraform init")
	}

	if strings.Contains(b.text, "terraform-provider-sepay token") || strings.Contains(b.text, "terraform-provider-sepay status") {
		terminal.run(t, "terraform-provider-sepay login --store-key ci")
	}

	if strings.Contains(b.text, "SEPAY_ACCESS_TOKEN") {
		cli.Setenv("SEPAY_ACCESS_TOKEN=" + strings.TrimSpace(terminal.mint(t)))
	}

	if strings.Contains(b.text, "-detailed-exitcode") {
		terminal.run(t, "terraform apply")
	}

	terminal.run(t, b.text)
}

// mint signs in and returns an access token, which is printed for programs and not for eyes.
func (s *shell) mint(t *testing.T) string {
	t.Helper()
	s.run(t, "terraform-provider-sepay login --store-key ci")

	command := s.cli.Provider(t.Context(), "token", "--store-key", "ci")

	token, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}

	return string(token)
}

// mainConfiguration is the configuration of the README.
func mainConfiguration(t *testing.T) string {
	t.Helper()

	for _, b := range blocks(t, "README.md") {
		if b.isHCL() {
			return b.text
		}
	}

	t.Fatal("the README has no configuration")

	return ""
}
