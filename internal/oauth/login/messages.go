package login

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// messages builds the messages of a sign-in.
type messages struct{ tokenstore.Messages }

func signInError(summary, detail string, args ...any) *diagnostic.Error {
	return &diagnostic.Error{Code: diagnostic.CodeSignIn, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

// openAddress is printed before the browser opens.
func (m messages) openAddress(address string, listening bool, o Options) string {
	text := "Open this address in a browser and approve the access:\n\n  " + address + "\n\n"

	if listening {
		text += "SePay then sends the browser back to " + o.RedirectURL + ", where this program waits.\n" +
			"If that page cannot be opened, because the browser is on another machine for example, paste its whole address\n" +
			"here and press Enter.\n"
	} else {
		text += "SePay then sends the browser to " + o.RedirectURL + ", which is not on this machine.\n" +
			"When it has opened that page, paste its whole address here and press Enter.\n"
	}

	return text + "If SePay shows an error instead, this program gets no response: the client id or the redirect URL is not the " +
		"registered one.\n"
}

// noCallbackYet is printed after a wait without a response.
func (m messages) noCallbackYet(waited time.Duration, o Options) string {
	return fmt.Sprintf("\nNo response for %s. If the browser shows an error from SePay, such as \"Client authentication failed\",\n"+
		"one of these is not what SePay registered for you:\n\n"+
		"  client id     %s\n  redirect URL  %s\n\n"+
		"Then press Ctrl-C, and run the command again with --client-id or --redirect-url.\n", waited, o.ClientID, o.RedirectURL)
}

func (m messages) stillWaiting() string {
	return "Still waiting for the browser; Ctrl-C ends the sign-in."
}

func (m messages) startedTwice() *diagnostic.Error {
	return signInError("The browser's address was opened twice",
		"The address that the browser was started with redirects to SePay once, and it was opened a second time. If that was not "+
			"you, another user of this machine may have read it, so this program no longer accepts approvals that start there. Open "+
			"the address that the terminal shows instead.")
}

func (m messages) loginNeedsStore() *diagnostic.Error {
	return signInError(diagnostic.CannotSignIn,
		"token_store is \"none\", so the sign-in cannot be stored. Set SEPAY_TOKEN_STORE to "+
			"\"file\" or \"helper\", or unset it.")
}

func (m messages) badRedirect(address string) *diagnostic.Error {
	return signInError(diagnostic.CannotSignIn, "%q is not a redirect URL. Use the one that is registered for the client in SePay, for "+
		"example --redirect-url http://127.0.0.1:8765/callback.", address)
}

func (m messages) cannotListen(address string, cause error) *diagnostic.Error {
	e := signInError("Cannot listen on the redirect URL",
		"The redirect URL points to %s, and this program cannot listen there (%v). If the port is in use, end the program "+
			"that uses it; another login may be running. Or use another redirect URL that is registered for the client in "+
			"SePay, with --redirect-url.", address, cause)
	e.Err = cause

	return e
}

func (m messages) noCallback(waited time.Duration) *diagnostic.Error {
	return signInError("No response from the browser",
		"SePay did not redirect the browser to this program within %s. Run %s again and approve the access in the browser. If "+
			"SePay showed an error there, check the client id (--client-id) and the redirect URL (--redirect-url) against what SePay "+
			"registered for you. If the browser runs on another machine, paste the address that it shows at the end.",
		minutes(waited), m.QuotedLoginCommand())
}

func minutes(d time.Duration) string { return fmt.Sprintf("%d minutes", int(d.Minutes())) }

func (m messages) nothingPasted(cause error) *diagnostic.Error {
	if cause != nil {
		e := signInError(diagnostic.CannotSignIn,
			"The pasted address could not be read (%v). Run %s again, and paste the address that the "+
				"browser shows at the end.", cause, m.QuotedLoginCommand())
		e.Err = cause

		return e
	}

	return signInError(diagnostic.CannotSignIn, "The input ended before an address was pasted. Run %s again in a terminal, and paste the "+
		"address that the browser shows at the end.", m.QuotedLoginCommand())
}

func (m messages) foreignResponse() *diagnostic.Error {
	return signInError("A response that does not belong to this sign-in was ignored",
		"The state in its address is not the one that this program sent, so it belongs to another attempt, or another "+
			"program sent it. Use the address that the terminal shows now.")
}

// unverified introduces an error without the state.
func (m messages) unverified() string {
	return "This response lacks the state, which proves that it is from SePay: some servers omit it in errors, and any program on " +
		"this machine can send such a response. If the browser shows the same error, press Ctrl-C."
}

func (m messages) noCode() *diagnostic.Error {
	return signInError(diagnostic.CannotSignIn, "SePay redirected the browser without a code and without an error. Run %s "+
		"again.", m.QuotedLoginCommand())
}

// denial is the error in an authorization response. Its texts are untrusted, and redacted.
type denial struct{ code, description, hint string }

func (r denial) quote() string {
	quote := r.code

	for i, text := range []string{r.description, r.hint} {
		text = strings.TrimRight(text, ". ")
		if text == "" || strings.Contains(quote, text) {
			continue
		}

		quote += []string{": ", ". "}[i] + text
	}

	return "\"" + quote + "\""
}

func (m messages) notAuthorized(r denial, o Options) *diagnostic.Error {
	switch r.code {
	case "access_denied":
		return signInError("The access was refused in the browser",
			"SePay says %s. Nothing was stored. Run %s again and approve the access, signed in to SePay as the user whose "+
				"webhooks Terraform manages.", r.quote(), m.QuotedLoginCommand())
	case "invalid_scope":
		return m.scopeRejected(r, o.Scopes)
	case "unauthorized_client", "invalid_client":
		return signInError("SePay does not know this client",
			"SePay says %s. Check --client-id (SEPAY_CLIENT_ID) and --redirect-url against what SePay registered for you.", r.quote())
	case "invalid_request":
		if o.PKCE {
			return signInError(diagnostic.CannotSignIn, "SePay says %s. If it does not support PKCE, run %s again without --pkce.",
				r.quote(), m.QuotedLoginCommand())
		}
	case "server_error", "temporarily_unavailable":
		return signInError("SePay cannot process sign-ins right now",
			"SePay says %s. Nothing was stored. Run %s again later.", r.quote(), m.QuotedLoginCommand())
	}

	return signInError(diagnostic.CannotSignIn, "SePay says %s. Check --client-id and --redirect-url against what SePay "+
		"registered for you, and run %s again.", r.quote(), m.QuotedLoginCommand())
}

// scopeRejected names the scope in SePay's hint, and the command without it.
func (m messages) scopeRejected(r denial, requested []string) *diagnostic.Error {
	rejected := slices.IndexFunc(requested, func(scope string) bool {
		return strings.Contains(r.hint, "`"+scope+"`") || strings.Contains(r.hint, "'"+scope+"'") ||
			strings.Contains(r.hint, `"`+scope+`"`)
	})
	if rejected < 0 {
		return signInError("SePay does not grant these scopes",
			"SePay says %s. Requested scopes: %s. Run %s again with only the scopes that your client is registered for: --scope "+
				"can be used several times.", r.quote(), strings.Join(requested, " "), m.QuotedLoginCommand())
	}

	name := requested[rejected]

	rest := slices.Delete(slices.Clone(requested), rejected, rejected+1)
	if len(rest) == 0 {
		return signInError("SePay does not grant the scope "+name,
			"SePay says %s. Set scopes that your client is registered for with --scope, or ask SePay to add %s to client %s.",
			r.quote(), name, m.ClientID)
	}

	return signInError("SePay does not grant the scope "+name,
		"SePay says %s. Ask SePay to add it to client %s, or sign in without it:\n\n  %s --scope %s", r.quote(), m.ClientID,
		m.LoginCommand(), strings.Join(rest, ","))
}

func (m messages) clientRejected(r tokenendpoint.Response) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeClientRejected, Summary: "SePay rejects the client credentials",
		Detail: fmt.Sprintf("SePay responded with %s. Nothing was stored. Check these against what SePay registered for you: the "+
			"client id %s (--client-id, SEPAY_CLIENT_ID), the client secret (SEPAY_CLIENT_SECRET) and the redirect URL "+
			"(--redirect-url).", r.Quote(), m.ClientID),
		Err: r.Err,
	}
}

func (m messages) codeRejected(r tokenendpoint.Response, pkce bool) *diagnostic.Error {
	quote := r.Quote()

	if pkce && (strings.Contains(quote, "code_verifier") || strings.Contains(quote, "code_challenge") ||
		strings.Contains(quote, "PKCE")) {
		return signInError("SePay does not accept the PKCE code verifier",
			"SePay responded with %s. Its consent page may not pass the code challenge on. Run %s again without --pkce.",
			quote, m.QuotedLoginCommand())
	}

	next := fmt.Sprintf("Run %s again and approve within that time.", m.QuotedLoginCommand())
	if pkce {
		next += " If it fails again, omit --pkce."
	}

	return signInError("SePay does not accept the code",
		"SePay responded with %s. A code works once, for five minutes, and only with the redirect URL that it was issued for. %s",
		quote, next)
}

func (m messages) codeNotExchanged(r tokenendpoint.Response) *diagnostic.Error {
	return signInError("The code could not be exchanged for a token",
		"SePay's token endpoint returned no usable response (%s). A code works once, so it is not sent again. Nothing was stored. "+
			"Run %s again.", r.Quote(), m.QuotedLoginCommand())
}

func (m messages) noRefreshToken() *diagnostic.Error {
	return signInError("SePay issued no refresh token",
		"The provider could not renew the access without one, so nothing was stored. Ask SePay to allow the refresh_token grant "+
			"for client %s, and run %s again.", m.ClientID, m.QuotedLoginCommand())
}
