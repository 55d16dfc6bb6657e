package cli

import (
	"context"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func (d *testEnv) setDialect(dialect string) {
	d.t.Helper()

	parsed, err := dialects.Parse(dialect)
	if err != nil {
		d.t.Fatal(err)
	}

	d.server.SetDialect(parsed)
}

func TestLoginWithPKCE(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login("--pkce"), exitOK, "Signed in to SePay")
	d.expectSignedIn("")

	// The consent page drops the challenge: the error says to omit --pkce, and login works without it.
	for _, texts := range []string{"hint_and_message", "hint", "message", "none"} {
		d := newTestEnv(t)
		d.setDialect("O8=lost,O1=" + texts)
		d.expect(d.login("--pkce"), exitFailure, "--pkce")
		d.expect(d.login(), exitOK, "Signed in to SePay")
	}
}

func TestLoginWithAnExpiredCodeInEveryDialect(t *testing.T) {
	t.Parallel()

	for _, dialect := range []string{"O3=invalid_grant", "O3=invalid_request"} {
		for _, texts := range []string{"hint_and_message", "hint", "message", "none"} {
			d := newTestEnv(t, simulator.WithCodeLifetime(time.Nanosecond))
			d.setDialect(dialect + ",O1=" + texts)
			d.expect(d.login(), exitFailure, "does not accept the code", "five minutes", "redirect URL", "again")
			d.expectTokenRequests(1)
		}
	}
}

func TestLoginWithAScopeThatIsRefusedWithoutState(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.setDialect("O6=missing")

	ctx, interrupt := context.WithCancel(t.Context())
	refused := d.userBrowser(true, func(redirect string) string { return redirect })
	d.browse = func(ctx context.Context, address string) error {
		err := refused(ctx, address)

		go func() {
			d.waitFor("Still waiting for the browser")
			interrupt()
		}()

		return err
	}

	d.expect(d.run(ctx, "login", "--redirect-url", d.redirect, "--scope", "webhook:read,everything"), exitInterrupted,
		"SePay does not grant the scope everything (unverified)", "--scope webhook:read")
	d.expectTokenRequests(0)
}

func TestLoginExplainsAnUnregisteredRedirectURLBeforehand(t *testing.T) {
	t.Parallel()

	for _, dialect := range []string{"O4=invalid_client", "O4=page"} {
		d := newTestEnv(t)
		d.setDialect(dialect + ",O5=exact")
		d.redirect = freeRedirect(t)

		ctx, interrupt := context.WithCancel(t.Context())
		browse := d.browse
		d.browse = func(ctx context.Context, address string) error {
			// The server shows its error in the browser, and does not redirect.
			if browse(ctx, address) == nil {
				t.Errorf("%s: the browser was redirected", dialect)
			}

			interrupt()

			return nil
		}

		d.expect(d.run(ctx, "login", "--redirect-url", d.redirect), exitInterrupted,
			"If SePay shows an error instead, this program gets no response: the client id or the redirect URL is not the registered one.")
		d.expectTokenRequests(0)
	}
}

// waitFor waits until the terminal shows the text.
func (d *testEnv) waitFor(words string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if d.stderr.has(words) {
			return
		}
	}

	d.t.Errorf("the terminal does not show %q:\n%s", words, d.stderr)
}
