package examples_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// signedOut returns a terminal of a reader who has nothing but the client that SePay registered, on a Terraform or an OpenTofu
// that has write-only arguments.
func signedOut(t *testing.T, options ...simulator.Option) (*simulator.Server, *acctest.CLI, *shell) {
	t.Helper()

	sepay := simulator.Start(t, options...)
	cli := acctest.NewCLI(t, sepay)
	cli.Needs(11, 11)

	return sepay, cli, signedOutShell(t, sepay, cli)
}

func signedOutShell(t *testing.T, sepay *simulator.Server, cli *acctest.CLI) *shell {
	t.Helper()
	setVariables(cli, sepay)

	terminal := newShell(t, cli)
	cli.Unsetenv("SEPAY_REFRESH_TOKEN")

	return terminal
}

// firstSteps follows a page for beginners: its configuration, then its commands in order.
func firstSteps(page string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()

		sepay, cli, terminal := signedOut(t)

		// One terminal: what a block exports is there in the next one.
		terminal.run(t, strings.Join(steps(t, cli, page), "\n"))
		hasPayments(t, sepay)
	}
}

// steps writes the configuration of a page and returns its commands, without those in a clone of the repository.
func steps(t *testing.T, cli *acctest.CLI, page string) []string {
	t.Helper()

	found := []string{}

	for _, b := range blocks(t, page) {
		switch {
		case b.isHCL():
			cli.Write("main.tf", used(b))
		case b.isShell() && !strings.Contains(b.text, "make "):
			found = append(found, used(b))
		}
	}

	return found
}

func hasPayments(t *testing.T, sepay *simulator.Server) {
	t.Helper()

	if webhooks := sepay.Webhooks(); len(webhooks) != 1 || !webhooks[0].Active || webhooks[0].SecretKey == "" {
		t.Errorf("the steps led to %d webhooks: %+v", len(webhooks), webhooks)
	}
}

// signingIn follows the front page and the guide: signing in, several sign-ins, and a token for a job.
func signingIn(t *testing.T) {
	t.Helper()

	sepay, cli, terminal := signedOut(t)
	front := blocks(t, "docs/index.md")
	guide := blocks(t, "docs/guides/authentication-and-ci.md")

	cli.Write("main.tf", mainConfiguration(t))
	terminal.run(t, "terraform init")
	terminal.block(t, find(t, front, `-name 'terraform-provider-sepay_v*'`))
	terminal.run(t, "terraform plan")
	terminal.block(t, find(t, guide, "login --store-key production"))

	token := terminal.mint(t)

	if printed := terminal.block(t, find(t, guide, "token --store-key ci")); strings.TrimSpace(printed) != strings.TrimSpace(token) {
		t.Error("the token for a job is not the one of the sign-in, which is valid for an hour")
	}

	// A job has the token, and none of the sign-ins.
	cli.Setenv("SEPAY_ACCESS_TOKEN="+strings.TrimSpace(token), "XDG_STATE_HOME="+filepath.Join(cli.Home, "job"))
	terminal.block(t, find(t, front, "SEPAY_ACCESS_TOKEN"))
	hasPayments(t, sepay)
}

// pastedAddress follows the guide where the redirect URL is not on the reader's machine.
func pastedAddress(t *testing.T) {
	t.Helper()

	_, cli, terminal := signedOut(t, simulator.WithRedirectURIs("https://shop.example.com/oauth/callback", "https://example.com/callback"))
	guide := blocks(t, "docs/guides/authentication-and-ci.md")

	if err := os.Remove(filepath.Join(terminal.bin, "xdg-open")); err != nil {
		t.Fatal(err)
	}

	cli.Setenv("DISPLAY=")

	for _, b := range []block{find(t, guide, "https://shop.example.com/oauth/callback"), find(t, guide, "--no-browser")} {
		page, finish := terminal.start(t, used(b), regexp.MustCompile(`(http://127\.0\.0\.1:\S+)\s`))

		redirect, err := simulator.Decide(t.Context(), page, true)
		if err != nil {
			t.Fatal(err)
		}

		if err := finish(redirect + "\n"); err != nil {
			t.Errorf("%s: %v", b, err)
		}
	}

	if status := terminal.run(t, "SEPAY_TOKEN_STORE_PATH="+storeDirectory+" terraform-provider-sepay status"); !strings.Contains(status, "production") {
		t.Errorf("no sign-in is stored in the directory that the guide names:\n%s", status)
	}
}

// refreshToken follows the front page with a refresh token in the environment.
func refreshToken(t *testing.T) {
	t.Helper()

	_, cli := reader(t)
	cli.Needs(11, 11)

	terminal := newShell(t, cli)

	cli.Write("main.tf", mainConfiguration(t))
	terminal.run(t, "terraform init")
	terminal.block(t, find(t, blocks(t, "docs/index.md"), "SEPAY_REFRESH_TOKEN"))
}

// helpers follows the pages about token helpers, with a sample and files in place of Vault.
func helpers(t *testing.T) {
	t.Helper()

	_, cli, terminal := signedOut(t)
	readme := blocks(t, "examples/token-helpers/README.md")

	vault, err := filepath.Abs(filepath.Join(root, "internal/oauth/testdata/fakes/vault"))
	if err != nil {
		t.Fatal(err)
	}

	link(t, vault, filepath.Join(terminal.bin, "vault"))

	script := readPage(t, "examples/token-helpers/vault-kv2.sh")
	if err := os.WriteFile(filepath.Join(terminal.bin, "vault-kv2.sh"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}

	// Vault keeps its files where no secret is searched for: they have to have them.
	cli.Setenv("FAKE_DIR=" + t.TempDir())

	cli.Write("main.tf", terminal.local(used(find(t, readme, "vault-kv2.sh"))))
	terminal.run(t, "terraform init")
	terminal.block(t, find(t, readme, "SEPAY_TOKEN_STORE=helper"))

	if printed := terminal.run(t, "terraform apply"); !strings.Contains(printed, "data.sepay_user.current: Read complete") {
		t.Errorf("the sign-in of the helper was not used:\n%s", printed)
	}

	cli.Setenv("FAKE_DIR=" + t.TempDir())
	cli.Remove("main.tf")
	cli.Write("shop.tf", mainConfiguration(t))
	terminal.block(t, find(t, blocks(t, "docs/guides/authentication-and-ci.md"), tokenHelper))
	terminal.block(t, find(t, blocks(t, "docs/index.md"), tokenHelper))
}

// driftDetection follows the guide: repair, detection, and the sign-in of the job.
func driftDetection(t *testing.T) {
	t.Helper()

	sepay, cli, terminal := signedOut(t)
	guide := blocks(t, "docs/guides/drift-detection.md")

	cli.Write("main.tf", mainConfiguration(t))
	terminal.run(t, "terraform init\nterraform-provider-sepay login")
	terminal.run(t, "terraform apply")

	// The job only reads.
	terminal.block(t, find(t, guide, "--scope webhook:read"))
	cli.Setenv("SEPAY_TOKEN_STORE_KEY=drift-check")
	terminal.block(t, find(t, guide, "-detailed-exitcode"))

	id := sepay.Webhooks()[0].ID
	if err := sepay.ChangeWebhook(id, map[string]any{"active": false}); err != nil {
		t.Fatal(err)
	}

	if printed := terminal.run(t, "{\n"+find(t, guide, "-detailed-exitcode").text+"} || echo \"exit code $?\""); !strings.Contains(printed, "exit code 2") {
		t.Errorf("the check has not found the webhook that was switched off:\n%s", printed)
	}

	cli.Unsetenv("SEPAY_TOKEN_STORE_KEY")
	terminal.run(t, "terraform-provider-sepay logout --store-key drift-check --yes")
	terminal.block(t, find(t, guide, "terraform apply"))
	hasPayments(t, sepay)

	if sent := sepay.RequestsTo(http.MethodPatch, "/api/v1/webhooks/{id}"); len(sent) == 0 {
		t.Error("the repair sent no update")
	}
}

// upgrading follows the guide from one release to the next, and asks for a log as the guide about troubles does.
func upgrading(t *testing.T) {
	t.Helper()

	_, cli := reader(t)
	cli.Needs(11, 11)

	terminal := newShell(t, cli)

	cli.Write("main.tf", mainConfiguration(t))
	terminal.run(t, "terraform init")

	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		directory := filepath.Join(cli.Home, "plugins", host, "terraform-provider-sepay/sepay/0.2.0", runtime.GOOS+"_"+runtime.GOARCH)
		link(t, cli.Provider(t.Context()).Path, filepath.Join(directory, "terraform-provider-sepay_v0.2.0"))
	}

	terminal.block(t, find(t, blocks(t, "docs/guides/upgrading.md"), "init -upgrade"))

	if locked := cli.Read(".terraform.lock.hcl"); !strings.Contains(locked, `"0.2.0"`) {
		t.Errorf("the newer release is not installed:\n%s", locked)
	}

	if printed := terminal.block(t, find(t, blocks(t, "docs/guides/troubleshooting.md"), "TF_LOG_PROVIDER")); !strings.Contains(printed, "SePay responded") {
		t.Errorf("the log shows no request:\n%s", printed)
	}
}
