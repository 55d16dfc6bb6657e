package acceptance_test

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAccAfterALoginTheClientIsAllThatTerraformNeeds(t *testing.T) {
	t.Parallel()

	redirect := freeAddress(t)
	sepay := simulator.Start(t, simulator.WithRedirectURIs(redirect))
	cli := acctest.NewCLI(t, sepay)

	cli.Unsetenv("SEPAY_REFRESH_TOKEN")
	login(t, cli, redirect)
	configure(cli, shop(""))
	cli.Apply()
	cli.PlanEmpty()

	// The token of the login itself served both commands.
	signedIn(t, sepay, 1)

	status, err := cli.Provider(t.Context(), "status").CombinedOutput()
	cli.Printed(status)

	if err != nil || !strings.Contains(string(status), sepay.Credentials().ClientID) {
		t.Errorf("status ended with %v:\n%s", err, status)
	}
}

func TestAccTheExampleOfTwoCompaniesWorksAfterTwoLogins(t *testing.T) {
	t.Parallel()

	redirect := freeAddress(t)
	sepay := simulator.Start(t, simulator.WithRedirectURIs(redirect))
	cli := acctest.NewCLI(t, sepay)

	cli.Unsetenv("SEPAY_REFRESH_TOKEN")
	login(t, cli, redirect, "--store-key", "shop")
	login(t, cli, redirect, "--store-key", "wholesale", "--scope", "webhook:read")

	example, err := os.ReadFile(filepath.Join("..", "..", "examples", "provider", "provider_two_companies.tf"))
	if err != nil {
		t.Fatal(err)
	}

	cli.Write("main.tf", string(example)+webhook("first", "provider = sepay.shop"))
	cli.Apply()
	cli.Write("main.tf", string(example)+webhook("first", "provider = sepay.shop")+webhook("second", "provider = sepay.wholesale"))
	mentions(t, cli.MustExit(1, "apply", "-auto-approve"), "webhook:write")
	signedIn(t, sepay, 2)
	only(t, sepay)
}

// login signs in as a person would: it starts the command, opens the address that is printed, and approves.
func login(t *testing.T, cli *acctest.CLI, redirect string, more ...string) {
	t.Helper()

	command := cli.Provider(t.Context(), append([]string{"login", "--no-browser", "--redirect-url", redirect}, more...)...)

	output, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	var printed strings.Builder

	for lines := bufio.NewScanner(output); lines.Scan(); {
		printed.WriteString(lines.Text() + "\n")

		if at := strings.Index(lines.Text(), "http"); at >= 0 && strings.Contains(lines.Text(), "/oauth/authorize") {
			approve(t, lines.Text()[at:])
		}
	}

	cli.Printed([]byte(printed.String()))

	if err := command.Wait(); err != nil {
		t.Fatalf("login: %v\n%s", err, printed.String())
	}
}

func approve(t *testing.T, address string) {
	t.Helper()

	redirect, err := simulator.Decide(t.Context(), address, true)
	if err != nil {
		t.Fatal(err)
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, redirect, nil)
	if err != nil {
		t.Fatal(err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
}

// freeAddress is a redirect address on a free port.
func freeAddress(t *testing.T) string {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()

	return "http://" + listener.Addr().String() + "/callback"
}

func TestAccTheMessageThatAsksForALoginCanBePasted(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, shop(""))
	cli.Unsetenv("SEPAY_REFRESH_TOKEN")

	for line := range strings.Lines(cli.MustExit(1, "plan")) {
		command := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "│"))
		if !strings.HasPrefix(command, "/") || !strings.HasSuffix(command, " login --client-id "+sepay.Credentials().ClientID) {
			continue
		}

		if output, err := exec.CommandContext(t.Context(), "sh", "-c", command+" --help").CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, output)
		}

		return
	}

	t.Error("the message has no line with the path of the running program")
}
