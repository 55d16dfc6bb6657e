package examples_test

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// exitAtOnce lets a program of the race detector end without a wait of a second.
const exitAtOnce = "GORACE=atexit_sleep_ms=0"

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
	removeRepository()
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

// The paths of the documentation that this machine has elsewhere.
const (
	tokenHelper    = "/usr/local/bin/sepay-token-helper"
	vaultHelper    = "/opt/sepay/vault-kv2.sh"
	storeDirectory = "/var/lib/terraform-provider-sepay"
)

// substitutions is what the tests write in place of a text of the documentation. The report lists it.
const substitutions = "'…' is a value of the reader, in the environment; " + tokenHelper + " and " + vaultHelper +
	" are sample helpers with files in place of Vault; " + storeDirectory + " is a directory of the test; " +
	"the network addresses of the repository lead to a copy of these sources"

// shell is a terminal of a reader: with the provider installed for `terraform init`, its program and the simulator's on
// PATH, and a browser.
type shell struct {
	cli *acctest.CLI
	bin string
	// dir is where the commands run.
	dir string
	// before runs at the start of each block: what the terminal has from earlier ones.
	before string
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

	browser := fmt.Sprintf("#!/bin/sh\nexec env %s %s=\"$1\" %q\n", exitAtOnce, consentVariable, program)
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

	return &shell{cli: cli, bin: bin, dir: cli.Dir}
}

// block runs a block as it is pasted and returns what it printed.
func (s *shell) block(t *testing.T, b block) string {
	t.Helper()

	return s.run(t, used(b))
}

// local replaces what is elsewhere on this machine.
func (s *shell) local(text string) string {
	helper := filepath.Join(s.bin, "vault-kv2.sh")
	places := strings.NewReplacer(vaultHelper, helper, tokenHelper, helper+" secret terraform/sepay", storeDirectory, filepath.Join(s.cli.StateHome, "terraform-provider-sepay"))

	return places.Replace(placeholder.ReplaceAllString(text, `$1="$$$1"`))
}

func (s *shell) command(ctx context.Context, text string) *exec.Cmd {
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", s.before+"\n"+text)
	command.WaitDelay = time.Second
	command.Dir = s.dir
	command.Env = slices.Clone(s.cli.Command(ctx, "version").Env)

	return command
}

func link(t *testing.T, from, to string) {
	t.Helper()

	if _, err := os.Stat(from); err != nil {
		t.Fatal(err)
	}

	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}

	if err := os.Symlink(from, to); err != nil {
		t.Fatal(err)
	}
}

// run runs commands, and returns what they printed. The reader's values replace '…', an apply is approved, and what is
// left in the background ends.
func (s *shell) run(t *testing.T, text string) string {
	t.Helper()

	if strings.Contains(text, "login") {
		callback.Lock()
		defer callback.Unlock()
	}

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()

	const ending = `trap 'for job in $(jobs -p); do kill "$job" || true; done' EXIT` + "\n"

	output, err := s.command(ctx, ending+s.local(text)).CombinedOutput()

	// This command prints a token for the program that asks for it.
	if !strings.Contains(text, "terraform-provider-sepay token") {
		s.cli.Printed(output)
	}

	if err != nil {
		t.Errorf("%v:\n%s\n%s", err, text, output)
	}

	return string(output)
}

// start runs commands until they have printed what is wanted, and returns its first group. What is typed goes to their
// standard input; after finish, that has ended.
func (s *shell) start(t *testing.T, text string, wanted *regexp.Regexp) (found string, finish func(typed string) error) {
	t.Helper()

	command := s.command(t.Context(), s.local(text))

	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}

	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}

	command.Stdout, command.Stderr = writer, writer
	if err := errors.Join(command.Start(), writer.Close()); err != nil {
		t.Fatal(err)
	}

	printed := ""

	for part := make([]byte, 4096); !wanted.MatchString(printed); {
		n, err := reader.Read(part)
		printed += string(part[:n])

		if err != nil {
			t.Fatalf("%v: it has not printed %s:\n%s\n%s", err, wanted, text, printed)
		}
	}

	drained := make(chan struct{})

	go func() {
		defer close(drained)

		_, _ = io.Copy(io.Discard, reader)
	}()

	return wanted.FindStringSubmatch(printed)[1], func(typed string) error {
		_, err := io.WriteString(input, typed)
		err = errors.Join(err, input.Close(), command.Wait())
		<-drained

		return errors.Join(err, reader.Close())
	}
}

// serve runs a block that serves until a person stops it, which the returned function does.
func (s *shell) serve(t *testing.T, b block, wanted *regexp.Regexp) (found string, stop func()) {
	t.Helper()

	// In a process group of its own, which ends with standard input.
	script := "set -m\n(\n" + used(b) + ") &\nread -r _ || true\nkill -- -$!\nwait || true"

	found, finish := s.start(t, script, wanted)

	return found, func() {
		if err := finish(""); err != nil {
			t.Errorf("%s: %v", b, err)
		}
	}
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
