package acctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// CLI is a working directory of Terraform or OpenTofu, with the provider's own binary in its own process, as for a
// user. The test has its own home directory, state directory and token store. At the end of the test, all output and all
// files are searched for secrets; see Leaks.
type CLI struct {
	// Dir has the configuration, and is the working directory of the commands.
	Dir string
	// Home is the home directory, and StateHome the directory in it that has the token store.
	Home, StateHome string

	tb     testing.TB
	tool   cliTool
	binary string
	root   string
	env    []string
	sepay  []*simulator.Server

	mu      sync.Mutex
	printed bytes.Buffer
}

// Result is the result of a command.
type Result struct {
	Code int
	// Output is standard output and standard error together.
	Output string
}

// NewCLI returns an empty working directory whose environment points the provider to sepay; others are further services
// whose secrets must not leak either. It skips the test unless TF_ACC is set: `make test` sets it, together with
// TF_ACC_TERRAFORM_PATH.
func NewCLI(tb testing.TB, sepay *simulator.Server, others ...*simulator.Server) *CLI {
	tb.Helper()

	if os.Getenv("TF_ACC") == "" {
		tb.Skip("acceptance tests run with TF_ACC=1; `make test` sets what they need")
	}

	tool, err := installedTool()
	if err != nil {
		tb.Fatal(err)
	}

	root := shortTempDir(tb)
	home := filepath.Join(root, "home")
	c := &CLI{
		Dir: filepath.Join(root, "work"), Home: home, StateHome: filepath.Join(home, "state"),
		tb: tb, tool: tool, root: root, sepay: append([]*simulator.Server{sepay}, others...),
	}

	temporary := filepath.Join(root, "tmp")
	for _, directory := range []string{c.Dir, c.Home, temporary} {
		if err := os.Mkdir(directory, 0o700); err != nil {
			tb.Fatal(err)
		}
	}

	c.UseProvider(ThisProvider(tb))

	c.env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_STATE_HOME=" + c.StateHome, "TMPDIR=" + temporary,
		"TF_CLI_CONFIG_FILE=" + c.settings(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"SEPAY_REQUESTS_PER_SECOND=0",
	}, sepay.Environment()...)

	tb.Cleanup(func() {
		for _, leak := range c.Leaks() {
			tb.Error(leak)
		}
	})

	return c
}

// shortTempDir returns a temporary directory with a short path: plugins listen on sockets below it, whose paths are limited
// to about a hundred characters, and t.TempDir includes the name of the test.
func shortTempDir(tb testing.TB) string {
	tb.Helper()

	directory, err := os.MkdirTemp("", "sepay-") //nolint:usetesting // too long a path for a socket
	if err != nil {
		tb.Fatal(err)
	}

	tb.Cleanup(func() {
		if err := os.RemoveAll(directory); err != nil {
			tb.Error(err)
		}
	})

	return directory
}

// UseProvider makes later commands start that program as the provider. The default is built from these sources.
func (c *CLI) UseProvider(binary string) {
	c.tb.Helper()

	c.binary = binary
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
		"terraform-provider-sepay/sepay", filepath.Dir(binary))

	if err := os.WriteFile(c.settings(), []byte(overrides), 0o600); err != nil {
		c.tb.Fatal(err)
	}
}

func (c *CLI) settings() string { return filepath.Join(c.Home, "cli.tfrc") }

// Setenv sets variables, as NAME=value; a later one takes precedence.
func (c *CLI) Setenv(variables ...string) { c.env = append(c.env, variables...) }

// Unsetenv removes variables.
func (c *CLI) Unsetenv(names ...string) {
	for _, name := range names {
		c.env = append(c.env, name+"=")
	}
}

// Write writes a file in the working directory.
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

// Read returns the content of a file of the working directory.
func (c *CLI) Read(name string) string {
	c.tb.Helper()

	content, err := os.ReadFile(filepath.Join(c.Dir, name))
	if err != nil {
		c.tb.Fatal(err)
	}

	return string(content)
}

// Remove deletes a file.
func (c *CLI) Remove(name string) {
	c.tb.Helper()

	if err := os.Remove(filepath.Join(c.Dir, name)); err != nil {
		c.tb.Fatal(err)
	}
}

// Command prepares a command, for tests that interrupt it or run it in parallel. The caller starts it, and passes its output
// to Printed.
func (c *CLI) Command(ctx context.Context, args ...string) *exec.Cmd {
	if slices.Contains([]string{"apply", "destroy", "import", "plan", "show", "test", "validate"}, args[0]) {
		args = slices.Insert(slices.Clone(args), 1, "-no-color")
	}

	command := exec.CommandContext(ctx, c.tool.path, args...)
	command.Dir, command.Env = c.Dir, c.env

	return command
}

// Provider prepares a command of the provider's own program, such as login, with the same environment.
func (c *CLI) Provider(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, c.binary, args...)
	command.Dir, command.Env = c.Dir, c.env

	return command
}

// Printed adds output to the texts that Leaks searches.
func (c *CLI) Printed(output []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.printed.Write(output)
}

// Run runs a command to its end.
func (c *CLI) Run(args ...string) Result {
	c.tb.Helper()

	release := takeTurn()
	defer release()

	output, err := c.Command(c.tb.Context(), args...).CombinedOutput()
	c.Printed(output)

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

// Destroy destroys without asking.
func (c *CLI) Destroy(args ...string) string {
	c.tb.Helper()

	return c.MustRun(append([]string{"destroy", "-auto-approve"}, args...)...)
}

// PlanEmpty fails the test unless the plan is empty.
func (c *CLI) PlanEmpty(args ...string) string {
	c.tb.Helper()

	return c.MustRun(append([]string{"plan", "-detailed-exitcode"}, args...)...)
}

// PlanChanges fails the test unless the plan has changes, and returns what it shows.
func (c *CLI) PlanChanges(args ...string) string {
	c.tb.Helper()

	return c.MustExit(2, append([]string{"plan", "-detailed-exitcode"}, args...)...)
}

// Needs skips the test on a Terraform before 1.terraform and on an OpenTofu before 1.tofu: the versions of
// the two are independent. 0 skips it on every version.
func (c *CLI) Needs(terraform, tofu int) {
	c.tb.Helper()

	needed := terraform
	if c.tool.tofu {
		needed = tofu
	}

	if needed == 0 || c.tool.minor < needed {
		c.tb.Skipf("%s lacks the feature of this test", c.tool.version)
	}
}

// IsOpenTofu reports whether the commands run with OpenTofu, and not with Terraform.
func (c *CLI) IsOpenTofu() bool { return c.tool.tofu }

// ProviderAddress returns the provider's address in the tool's states.
func (c *CLI) ProviderAddress() string {
	if c.tool.tofu {
		return "registry.opentofu.org/terraform-provider-sepay/sepay"
	}

	return "registry.terraform.io/terraform-provider-sepay/sepay"
}

// turns limits the number of concurrent tools to the number of processors, because each tool uses one completely.
var turns = sync.OnceValue(func() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) })

func takeTurn() (release func()) {
	turns() <- struct{}{}

	return func() { <-turns() }
}
