package acceptance_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// watcher is a token helper that writes down the arguments of all processes, its own environment, and the provider's limits.
const watcher = `#!/bin/sh
set -eu
{
	for process in /proc/[0-9]*; do
		tr '\0' ' ' <"$process/cmdline" || true
		echo
	done
} 2>/dev/null >>"$WATCHED/arguments"
tr '\0' '\n' </proc/$$/environ >>"$WATCHED/environment"
cat "/proc/$PPID/limits" >>"$WATCHED/limits"
case $1 in
get) if [ -f "$VAULT/$2" ]; then cat "$VAULT/$2"; else echo '{}'; fi ;;
store) cat >"$VAULT/$2.new" && mv "$VAULT/$2.new" "$VAULT/$2" ;;
*) echo '{}' ;;
esac
`

func TestAccNoSecretIsInArgumentsOrGoesToChildren(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, secretive(false))
	watched, vault := filepath.Join(cli.Home, "watched"), t.TempDir()

	if err := os.Mkdir(watched, 0o700); err != nil {
		t.Fatal(err)
	}

	helper := filepath.Join(cli.Home, "helper.sh")
	if err := os.WriteFile(helper, []byte(watcher), 0o700); err != nil {
		t.Fatal(err)
	}

	cli.Setenv("TF_VAR_key="+hiddenKey, "TF_VAR_secret="+hiddenSecret, "TF_VAR_oauth="+hiddenOAuth,
		"WATCHED="+watched, "VAULT="+vault,
		"SEPAY_TOKEN_STORE=helper", "SEPAY_TOKEN_HELPER="+helper, "SEPAY_TOKEN_STORE_KEY=shop")
	allowCore(t)

	// A run that fails, and those that do not.
	sepay.Fail(simulator.Fault{Method: http.MethodPost, Path: "/api/v1/webhooks", Status: http.StatusUnprocessableEntity})
	cli.MustExit(1, "apply", "-auto-approve")
	sepay.ClearFaults()
	cli.Apply()
	cli.PlanEmpty()
	cli.Destroy()

	seen := func(name string) string {
		t.Helper()

		content, err := os.ReadFile(filepath.Join(watched, name))
		if err != nil {
			t.Fatal(err)
		}

		return string(content)
	}

	arguments := seen("arguments")
	if !strings.Contains(arguments, " apply ") || !strings.Contains(arguments, "terraform-provider-sepay") ||
		!strings.Contains(arguments, "helper.sh store") {
		t.Errorf("the helper saw neither the tool nor the provider nor itself, so its silence means nothing:\n%s", arguments)
	}

	// Tokens are searched for in all files when the test ends. The environment has the user's own variables.
	for _, leak := range acctest.Search(arguments, hiddenKey, hiddenSecret, hiddenOAuth) {
		t.Error("the arguments have ", leak)
	}

	environment := seen("environment")
	if !strings.Contains(environment, "SEPAY_TOKEN_STORE_KEY=shop\n") || strings.Contains(environment, "SEPAY_CLIENT_SECRET") {
		t.Errorf("the helper has the environment\n%s", environment)
	}

	limits := 0

	for line := range strings.Lines(seen("limits")) {
		if limit, found := strings.CutPrefix(line, "Max core file size"); found {
			if limits++; !strings.HasPrefix(strings.TrimSpace(limit), "0 ") {
				t.Errorf("a crash of the provider leaves a core dump: %s", line)
			}
		}
	}

	if limits == 0 {
		t.Error("the helper saw no limits of the provider")
	}

	if _, err := os.Stat(filepath.Join(vault, "shop")); err != nil {
		t.Errorf("the helper stored nothing: %v", err)
	}
}

// allowCore lets what the test starts write core dumps, as some machines do, unless it may not raise the limit.
func allowCore(t *testing.T) {
	t.Helper()

	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &before); err != nil {
		t.Fatal(err)
	}

	if before.Max == 0 {
		t.Log("no process may write a core dump here, so that the provider's own limit shows nothing")
	}

	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{Cur: before.Max, Max: before.Max}); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &before); err != nil {
			t.Error(err)
		}
	})
}
