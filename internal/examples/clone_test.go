package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// repository is a repository with these sources, as they are in the working tree, and its directory.
var repository = sync.OnceValues(func() (string, error) {
	directory, err := os.MkdirTemp("", "sepay-repository-")
	if err != nil {
		return "", err
	}

	clone := filepath.Join(directory, "repository")

	listed, err := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return directory, err
	}

	for name := range strings.SplitSeq(strings.TrimRight(string(listed), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(root, name), filepath.Join(clone, name)); err != nil && !os.IsNotExist(err) {
			return directory, err
		}
	}

	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "--all"},
		{"-c", "user.name=A reader", "-c", "user.email=reader@example.com", "commit", "--quiet", "--message=Sources"},
	} {
		if _, err := exec.Command("git", append([]string{"-C", clone}, args...)...).Output(); err != nil {
			return directory, err
		}
	}

	return directory, os.Symlink(clone, clone+".git")
})

func copyFile(from, to string) error {
	information, err := os.Lstat(from)
	if err != nil || !information.Mode().IsRegular() {
		return err
	}

	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}

	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}

	return os.WriteFile(to, content, information.Mode().Perm())
}

// repositoryUsed is set when there is a repository to remove.
var repositoryUsed atomic.Bool

func removeRepository() {
	if repositoryUsed.Load() {
		directory, _ := repository()
		_ = os.RemoveAll(directory)
	}
}

// online gives a terminal the repository at its address, and Go's caches of this machine.
func (s *shell) online(t *testing.T) {
	t.Helper()

	repositoryUsed.Store(true)

	directory, err := repository()
	if err != nil {
		t.Fatal(err)
	}

	settings, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}

	caches := strings.Fields(string(settings))

	// With these, packages are compiled once for all clones.
	s.cli.Setenv("GOCACHE="+caches[0], "GOMODCACHE="+caches[1], "GOFLAGS=-trimpath", "CGO_ENABLED=0",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url.file://"+filepath.Join(directory, "repository")+".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/terraform-provider-sepay/terraform-provider-sepay")
}

// module applies the example of the module's own page, which downloads the module.
func module(t *testing.T) {
	t.Helper()

	sepay, cli := reader(t)
	cli.Needs(5, 6)

	terminal := newShell(t, cli)
	terminal.online(t)

	cli.Write("main.tf", used(find(t, blocks(t, "examples/modules/shop-webhook/README.md"), "module \"payments\"")))
	terminal.run(t, "terraform init\nterraform apply\nterraform plan -detailed-exitcode")
	hasPayments(t, sepay)
}

// newClone returns a terminal with a home for a clone, which is not made yet. No secret is searched for in that home, because
// the sources have those of the tests.
func newClone(t *testing.T) (sepay *simulator.Server, cli *acctest.CLI, terminal *shell, home string) {
	t.Helper()

	sepay = simulator.Start(t)
	cli = acctest.NewCLI(t, sepay)
	cli.Needs(6, 6)

	terminal = signedOutShell(t, sepay, cli)
	terminal.online(t)

	home = t.TempDir()
	cli.Setenv("HOME="+home, "TF_CLI_CONFIG_FILE="+os.DevNull)

	return sepay, cli, terminal, home
}

// readme follows README.md in all its steps.
func readme(t *testing.T) {
	t.Helper()

	sepay, cli, terminal, home := newClone(t)
	cli.Needs(11, 11)

	page := blocks(t, "README.md")

	terminal.dir = home
	if printed := terminal.block(t, find(t, page, "git clone")); !strings.Contains(printed, "That was the demo.") {
		t.Errorf("the demo has not ended:\n%s", printed)
	}

	terminal.dir = filepath.Join(home, "terraform-provider-sepay")
	terminal.block(t, find(t, page, "make install"))

	terminal.dir = cli.Dir
	terminal.run(t, strings.Join(steps(t, cli, "README.md"), "\n"))
	hasPayments(t, sepay)
}

// contributing follows the page for contributors in a clone.
func contributing(t *testing.T, terminal *shell) {
	t.Helper()

	if printed := terminal.block(t, find(t, blocks(t, "CONTRIBUTING.md"), "dev.tfrc")); !strings.Contains(printed, "1 to add") {
		t.Errorf("the plan of the demo is not there:\n%s", printed)
	}
}

// withoutAnAccount follows the guide after its tour, which is that of README.md, in the clone that the tour makes.
func withoutAnAccount(t *testing.T) {
	t.Helper()

	const page = "docs/guides/trying-it-without-an-account.md"

	_, _, terminal, home := newClone(t)

	terminal.dir = home
	terminal.run(t, "git clone https://github.com/terraform-provider-sepay/terraform-provider-sepay")

	terminal.dir = filepath.Join(home, "terraform-provider-sepay")
	contributing(t, terminal)

	all := blocks(t, page)
	own := under(all, "Your own configuration")
	started := regexp.MustCompile(`(?m)^export (SEPAY_REFRESH_TOKEN)=.*\n`)

	_, stop := terminal.serve(t, find(t, own, "-env-file"), started)

	terminal.dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(terminal.dir, "main.tf"), []byte(used(find(t, own, "resource"))), 0o600); err != nil {
		t.Fatal(err)
	}

	if printed := terminal.block(t, find(t, own, "terraform apply")); !strings.Contains(printed, "1 added") {
		t.Errorf("nothing was applied:\n%s", printed)
	}

	// The terminal has the variables from now on.
	terminal.before = ". ~/sepay-simulator.env"

	if printed := terminal.block(t, find(t, under(all, "Play the dashboard"), "PATCH")); !strings.Contains(printed, "1 to change") {
		t.Errorf("the plan does not show that the webhook was switched off:\n%s", printed)
	}

	terminal.block(t, find(t, under(all, "Play the dashboard"), "terraform apply"))

	commands := ""
	for _, line := range regexp.MustCompile("(?m)^\\| `(control [^`]+)` \\|").FindAllStringSubmatch(readPage(t, page), -1) {
		commands += "~/terraform-provider-sepay/bin/sepay-simulator " + line[1] + "\n"
	}

	terminal.run(t, commands)
	stop()

	address, stop := terminal.serve(t, find(t, all, "-ui"), regexp.MustCompile(`The page is at (http://\S+)\n`))
	if _, err := visit(t.Context(), address); err != nil {
		t.Error(err)
	}

	stop()

	_, stop = terminal.serve(t, find(t, all, "-receiver"), started)

	// It does not know the webhook yet.
	terminal.run(t, "terraform apply")

	if printed := terminal.block(t, find(t, all, "POST payments")); !strings.Contains(printed, `"webhook_id":59325`) {
		t.Errorf("the payment was not delivered:\n%s", printed)
	}

	if printed := terminal.block(t, find(t, all, "-dialect list")); !strings.Contains(printed, "U16") {
		t.Errorf("no dialects are listed:\n%s", printed)
	}

	if printed := terminal.block(t, find(t, all, "terraform test")); !strings.Contains(printed, " passed, 0 failed.") {
		t.Errorf("the tests of the module do not pass:\n%s", printed)
	}

	stop()
}
