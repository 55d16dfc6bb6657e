package cli

import (
	"context"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func (d *desk) speak(dialect string) {
	d.t.Helper()

	parsed, err := dialects.Parse(dialect)
	if err != nil {
		d.t.Fatal(err)
	}

	d.server.SetDialect(parsed)
}

func TestLoginWithPKCE(t *testing.T) {
	t.Parallel()

	d := newDesk(t)
	d.expect(d.login("--pkce"), exitOK, "Signed in to SePay")
	d.expectSignedIn("")

	// A consent page that loses the challenge: the refusal says what to leave out, and without it all is well.
	for _, texts := range []string{"hint_and_message", "hint", "message", "none"} {
		d := newDesk(t)
		d.speak("O8=lost,O1=" + texts)
		d.expect(d.login("--pkce"), exitFailure, "--pkce")
		d.expect(d.login(), exitOK, "Signed in to SePay")
	}
}

func TestLoginWithADeadCodeInEveryDialect(t *testing.T) {
	t.Parallel()

	for _, dialect := range []string{"O3=invalid_grant", "O3=invalid_request"} {
		for _, texts := range []string{"hint_and_message", "hint", "message", "none"} {
			d := newDesk(t, simulator.WithCodeLifetime(time.Nanosecond))
			d.speak(dialect + ",O1=" + texts)
			d.expect(d.login(), exitFailure, "does not accept the code", "five minutes", "redirect URL", "again")
			d.expectTokenCalls(1)
		}
	}
}

func TestLoginWithAScopeThatIsRefusedWithoutState(t *testing.T) {
	t.Parallel()

	d := newDesk(t)
	d.speak("O6=missing")

	ctx, interrupt := context.WithCancel(t.Context())
	refused := d.person(true, func(redirect string) string { return redirect })
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
	d.expectTokenCalls(0)
}

func TestARedirectURLThatIsNotRegisteredIsNamedBeforehand(t *testing.T) {
	t.Parallel()

	for _, dialect := range []string{"O4=invalid_client", "O4=page"} {
		d := newDesk(t)
		d.speak(dialect + ",O5=exact")
		d.redirect = freeRedirect(t)

		ctx, interrupt := context.WithCancel(t.Context())
		person := d.browse
		d.browse = func(ctx context.Context, address string) error {
			// The server shows its error in the browser, and nothing comes back.
			if person(ctx, address) == nil {
				t.Errorf("%s: the browser was sent back", dialect)
			}

			interrupt()

			return nil
		}

		d.expect(d.run(ctx, "login", "--redirect-url", d.redirect), exitInterrupted,
			"If SePay shows an error instead, nothing comes back here: the client id or the redirect URL is not the registered one.")
		d.expectTokenCalls(0)
	}
}

// waitFor waits until the terminal shows the words.
func (d *desk) waitFor(words string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if d.stderr.has(words) {
			return
		}
	}

	d.t.Errorf("the terminal does not show %q:\n%s", words, d.stderr)
}
