package cli

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAfterLoginTheProviderNeedsOnlyTheClient(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login(), exitOK, "Signed in", "no refresh_token is needed", d.directory)
	d.expectSignedIn("")
	d.expectTokenRequests(1)

	d.expect(d.run(t.Context(), "status"), exitOK, "key default", "generation 1", "webhook:write", "client "+d.server.Credentials().ClientID)
}

func TestLoginUnderAKey(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login("--store-key", "staging"), exitOK, `token_store_key = "staging"`)
	d.expectSignedIn("staging")
	d.expectTokenRequests(1)
}

func TestLoginRequestsAllScopesByDefault(t *testing.T) {
	t.Parallel()

	for want, args := range map[string][]string{
		"bank-account:read transaction:read webhook:read webhook:write webhook:delete profile company": nil,
		"webhook:read webhook:write profile": {"--scope", "webhook:read,webhook:write", "--scope", "profile"},
	} {
		d := newTestEnv(t)
		approve := d.browse
		asked := ""
		d.browse = func(ctx context.Context, address string) error {
			asked = d.printedAddress()

			return approve(ctx, address)
		}
		d.expect(d.login(args...), exitOK)

		if !strings.Contains(asked, "scope="+strings.ReplaceAll(strings.ReplaceAll(want, ":", "%3A"), " ", "%20")) {
			t.Errorf("asked for %s", asked)
		}
	}
}

func TestLoginThatTheUserDenies(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.browse = d.userBrowser(false, func(redirect string) string { return redirect })
	d.expect(d.login(), exitFailure, "refused in the browser", "access_denied", "approve the access")
	d.expectTokenRequests(0)
}

func TestLoginWithAScopeThatIsNotGranted(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login("--scope", "everything"), exitFailure, "Check the `everything` scope", "does not grant the scope everything")
	d.expectTokenRequests(0)
}

func TestLoginIgnoresAForgedState(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	approve := d.browse
	d.browse = func(ctx context.Context, address string) error {
		forged := d.userBrowser(true, func(string) string { return d.redirect + "?code=attackers&state=x" })
		if err := forged(ctx, address); err != nil {
			return err
		}

		// The start address redirects only once; the printed address still works.
		go func() { //nolint:contextcheck // a browser outlives the wait for it
			d.waitFor("A response that does not belong to this sign-in was ignored")

			if err := approve(t.Context(), d.printedAddress()); err != nil {
				t.Error(err)
			}
		}()

		return nil
	}
	d.expect(d.login(), exitOK, "A response that does not belong to this sign-in was ignored", "Signed in")
	d.expectTokenRequests(1)
}

func TestLoginWithACodeThatExpired(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t, simulator.WithCodeLifetime(time.Nanosecond))
	d.expect(d.login(), exitFailure, "does not accept the code", "five minutes", "again")
}

func TestLoginWithAWrongSecret(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.variables["SEPAY_CLIENT_SECRET"] = "wrong"
	d.expect(d.login(), exitFailure, "rejects the client credentials", "SEPAY_CLIENT_SECRET", "redirect URL")
}

func TestLoginWhenThePortIsInUse(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	address := strings.TrimSuffix(strings.TrimPrefix(d.redirect, "http://"), "/callback")

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()

	d.expect(d.login(), exitFailure, "Cannot listen", address, "in use", "--redirect-url")
}

func TestLoginWithARemoteRedirectURLAndAPastedAddress(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.redirect = "https://app.example.com/back"
	in, keyboard := io.Pipe()
	d.stdin = in
	d.browse = func(ctx context.Context, address string) error {
		redirect, err := decide(ctx, address, true)
		go func() { _, _ = io.WriteString(keyboard, redirect+"\n") }()

		return err
	}
	d.expect(d.login(), exitOK, "paste its whole address here", "Signed in")
	d.expectSignedIn("")
	d.expectTokenRequests(1)
}

func TestLoginWithoutABrowserPrintsTheAddress(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()

	go func() {
		for !d.stderr.has(d.server.URL+"/oauth/authorize?client_id=") && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}

		stop()
	}()

	d.browse = func(context.Context, string) error {
		t.Error("a browser was opened")

		return nil
	}
	code := d.run(ctx, "login", "--no-browser", "--redirect-url", d.redirect)
	d.expect(code, exitInterrupted, d.server.URL+"/oauth/authorize?client_id=", "Interrupted")
	d.expectTokenRequests(0)
}

func TestLoginEndsOnCtrlC(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	ctx, interrupt := context.WithCancel(t.Context())
	d.browse = func(context.Context, string) error {
		interrupt()

		return nil
	}
	d.expect(d.run(ctx, "login", "--redirect-url", d.redirect), exitInterrupted, "Nothing was changed")

	if records, err := filepath.Glob(d.directory + "/*.json"); err != nil || len(records) != 0 {
		t.Errorf("stored: %v, %v", records, err)
	}

	d.expectTokenRequests(0)
}

func TestLoginPrintsTheRefreshTokenOnlyWhenAsked(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login("--print-refresh-token"), exitOK, "one place only")

	printed := strings.TrimSpace(d.stdout.String())
	if !d.server.RefreshTokenAlive(printed) || strings.Contains(d.stderr.String(), printed) {
		t.Error("standard output is not only the refresh token")
	}

	d.stdout = &output{}
}

func TestSecretsAreRejectedAsArguments(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login("--client-secret", "s3cr3t-on-the-line"), exitUsage, "unknown option --client-secret")
	d.expect(d.login("s3cr3t-on-the-line"), exitUsage, "unexpected argument")

	if strings.Contains(d.stderr.String(), "s3cr3t") {
		t.Errorf("the secret is repeated:\n%s", d.stderr)
	}

	delete(d.variables, "SEPAY_CLIENT_SECRET")
	d.expect(d.login(), exitUsage, "set SEPAY_CLIENT_SECRET")
	d.expectTokenRequests(0)
}

func TestStatusNamesARecordThatCannotBeRead(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login(), exitOK)

	path := d.directory + "/" + strings.Repeat("a", 64) + ".json"
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}

	d.expect(d.run(t.Context(), "status"), exitFailure, "key default", path, "cannot be used")

	d.stdout = &output{}
	d.expect(d.run(t.Context(), "status", "--json"), exitFailure, `"state": "unreadable"`, `"state": "stored"`)
}

func TestBrowserOfEachSystem(t *testing.T) {
	t.Parallel()

	for system, want := range map[string]string{"linux": "xdg-open", "darwin": "open", "windows": "rundll32"} {
		name, args := browserCommand(system, "https://my.sepay.vn/?a=1&b=2")
		if name != want || args[len(args)-1] != "https://my.sepay.vn/?a=1&b=2" {
			t.Errorf("%s: %s %q", system, name, args)
		}
	}
}
