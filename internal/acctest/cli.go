package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// CLI is a working directory of Terraform or OpenTofu, with the provider's own binary in a process of its own, as a user
// has it. Home, state directory and token store are the test's.
type CLI struct {
	// Dir is where the configuration lies and the commands run.
	Dir string
	// StateHome is the directory below which the token store lies.
	StateHome string

	tb   testing.TB
	tool string
	env  []string
}

// Result is how a command ended.
type Result struct {
	Code int
	// Output is standard output and standard error together.
	Output string
}

// NewCLI returns an empty working directory whose environment points the provider to sepay. It skips the test unless
// TF_ACC is set: `make test` sets it, together with TF_ACC_TERRAFORM_PATH.
func NewCLI(tb testing.TB, sepay *simulator.Server) *CLI {
	tb.Helper()

	if os.Getenv("TF_ACC") == "" {
		tb.Skip("acceptance tests run with TF_ACC=1; `make test` sets what they need")
	}

	binary, err := providerBinary()
	if err != nil {
		tb.Fatalf("build the provider: %v", err)
	}

	home := tb.TempDir()
	c := &CLI{tb: tb, Dir: tb.TempDir(), StateHome: filepath.Join(home, "state"), tool: tool(tb)}

	settings := filepath.Join(home, "cli.tfrc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
		"terraform-provider-sepay/sepay", filepath.Dir(binary))

	if err := os.WriteFile(settings, []byte(overrides), 0o600); err != nil {
		tb.Fatal(err)
	}

	c.env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_STATE_HOME=" + c.StateHome, "TMPDIR=" + tb.TempDir(),
		"TF_CLI_CONFIG_FILE=" + settings, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "NO_COLOR=1",
		"SEPAY_REQUESTS_PER_SECOND=0",
	}, sepay.Environment()...)

	return c
}

// Setenv sets variables, as NAME=value; a later one wins.
func (c *CLI) Setenv(variables ...string) { c.env = append(c.env, variables...) }

// Write puts a file into the working directory.
func (c *CLI) Write(name, content string) {
	c.tb.Helper()

	path := filepath.Join(c.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		c.tb.Fatal(err)
	}

	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		c.tb.Fatal(err)
	}
}

// Remove takes a file away.
func (c *CLI) Remove(name string) {
	c.tb.Helper()

	if err := os.Remove(filepath.Join(c.Dir, name)); err != nil {
		c.tb.Fatal(err)
	}
}

// Command prepares a command, for tests that signal or race it. It must be run with RunCommand or started by the caller.
func (c *CLI) Command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, c.tool, args...)
	command.Dir, command.Env = c.Dir, c.env

	return command
}

// Run runs a command to its end.
func (c *CLI) Run(args ...string) Result {
	c.tb.Helper()

	release := takeTurn()
	defer release()

	output, err := c.Command(c.tb.Context(), args...).CombinedOutput()

	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.tb.Fatalf("%s: %v", strings.Join(args, " "), err)
	}

	code := 0
	if exit != nil {
		code = exit.ExitCode()
	}

	return Result{Code: code, Output: string(output)}
}

// MustRun runs a command that has to succeed, and returns its output.
func (c *CLI) MustRun(args ...string) string {
	c.tb.Helper()

	return c.MustExit(0, args...)
}

// MustExit runs a command that has to end with that exit code, and returns its output.
func (c *CLI) MustExit(code int, args ...string) string {
	c.tb.Helper()

	result := c.Run(args...)
	if result.Code != code {
		c.tb.Fatalf("%s ended with %d, want %d:\n%s", strings.Join(args, " "), result.Code, code, result.Output)
	}

	return result.Output
}

// Apply applies without asking.
func (c *CLI) Apply(args ...string) string {
	c.tb.Helper()

	return c.MustRun(append([]string{"apply", "-auto-approve"}, args...)...)
}

// PlanEmpty fails the test unless the plan is empty.
func (c *CLI) PlanEmpty(args ...string) {
	c.tb.Helper()
	c.MustRun(append([]string{"plan", "-detailed-exitcode"}, args...)...)
}

// PlanChanges fails the test unless the plan has changes, and returns what it shows.
func (c *CLI) PlanChanges(args ...string) string {
	c.tb.Helper()

	return c.MustExit(2, append([]string{"plan", "-detailed-exitcode"}, args...)...)
}

// AtLeast tells whether the tool is Terraform of that minor version of 1 or newer. Numbers of OpenTofu mean other things.
func (c *CLI) AtLeast(minor int) bool {
	c.tb.Helper()

	var found int

	line, _, _ := strings.Cut(c.MustRun("version"), "\n")
	if _, err := fmt.Sscanf(line, "Terraform v1.%d.", &found); err != nil {
		return false
	}

	return found >= minor
}

func tool(tb testing.TB) string {
	tb.Helper()

	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}

	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}

	tb.Fatal("neither TF_ACC_TERRAFORM_PATH nor a terraform or tofu on PATH: run `make test`, which finds or builds one")

	return ""
}

// turns keeps the number of tools that run at once to the number of processors: each of them is busy all the time.
var turns = sync.OnceValue(func() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) })

func takeTurn() (release func()) {
	turns() <- struct{}{}

	return func() { <-turns() }
}
