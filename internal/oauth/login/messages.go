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

// messages writes what the user reads during a sign-in.
type messages struct{ tokenstore.Messages }

func signInError(summary, detail string, args ...any) *diagnostic.Error {
	return &diagnostic.Error{Code: diagnostic.CodeSignIn, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

// openThis is what the user reads before the browser opens.
func (m messages) openThis(address string, listening bool, o Options) string {
	text := "Open this address in a browser and approve the access:\n\n  " + address + "\n\n"

	if listening {
		text += "SePay then sends the browser back to " + o.RedirectURL + ", where this program waits.\n" +
			"If that page cannot be opened, because the browser is on another machine for example, paste its whole address\n" +
			"here and press Enter.\n"
	} else {
		text += "SePay then sends the browser to " + o.RedirectURL + ", which is not on this machine.\n" +
			"When it has arrived there, paste its whole address here and press Enter.\n"
	}

	return text + "If SePay shows an error instead, nothing comes back here: the client id or the redirect URL is not the registered one.\n"
}

// silence is what the user reads when nothing has come back for a while.
func (m messages) silence(waited time.Duration, o Options) string {
	return fmt.Sprintf("\nNothing has come back for %s. If the browser shows an error from SePay, such as \"Client authentication\n"+
		"failed\", one of these is not what SePay registered for you:\n\n"+
		"  client id     %s\n  redirect URL  %s\n\n"+
		"Then press Ctrl-C, and run the command again with --client-id or --redirect-url.\n", waited, o.ClientID, o.RedirectURL)
}

func (m messages) stillWaiting() string {
	return "Still waiting for the browser; Ctrl-C ends the sign-in."
}

func (m messages) startedTwice() *diagnostic.Error {
	return signInError("The browser's address was opened twice",
		"The address that the browser was started with leads to SePay once, and it was opened a second time. If that was not you, "+
			"another user of this machine may have read it; an approval that begins there is refused from now on. Open the "+
			"address that the terminal shows instead.")
}

func (m messages) loginNeedsStore() *diagnostic.Error {
	return signInError(diagnostic.CannotSignIn,
		"token_store is \"none\", so there is no place to keep a sign-in. Set SEPAY_TOKEN_STORE to "+
			"\"file\" or \"helper\", or unset it.")
}

func (m messages) badRedirect(address string) *diagnostic.Error {
	return signInError(diagnostic.CannotSignIn, "%q is not a redirect URL. Give the one that is registered for the client in SePay, for "+
		"example --redirect-url http://127.0.0.1:8765/callback.", address)
}

func (m messages) cannotListen(address string, cause error) *diagnostic.Error {
	e := signInError("Cannot listen for the browser's return",
		"The redirect URL leads to %s, and this program cannot listen there (%v). If the port is in use, end the program "+
			"that uses it; another login may be waiting. Or give another redirect URL that is registered for the client in "+
			"SePay, with --redirect-url.", address, cause)
	e.Err = cause

	return e
}

func (m messages) nobodyCameBack(waited time.Duration) *diagnostic.Error {
	return signInError("No approval came back from the browser",
		"SePay did not send the browser back within %s. Run %s again and approve the access in the browser. If SePay showed an "+
			"error there, check the client id (--client-id) and the redirect URL (--redirect-url) against what SePay "+
			"registered for you. If the browser runs on another machine, paste the address that it arrived at.",
		minutes(waited), m.QuotedLoginCommand())
}

func minutes(d time.Duration) string { return fmt.Sprintf("%d minutes", int(d.Minutes())) }

func (m messages) nothingPasted(cause error) *diagnostic.Error {
	if cause != nil {
		e := signInError(diagnostic.CannotSignIn,
			"The pasted address could not be read (%v). Run %s again, and paste the address that the "+
				"browser arrived at.", cause, m.QuotedLoginCommand())
		e.Err = cause

		return e
	}

	return signInError(diagnostic.CannotSignIn, "The input ended before an address was pasted. Run %s again in a terminal, and paste the "+
		"address that the browser arrived at.", m.QuotedLoginCommand())
}

func (m messages) foreignResponse() *diagnostic.Error {
	return signInError("A response that does not belong to this sign-in was ignored",
		"The state in its address is not the one that this program sent, so it comes from another attempt, or from "+
			"somebody else. Use the address that the terminal shows now.")
}

// unverified introduces an error that came without the state.
func (m messages) unverified() string {
	return "This came without proof that SePay sent it: some servers leave the proof out of errors, and any program of this " +
		"machine can send such an address. If the browser shows the same, press Ctrl-C."
}

func (m messages) noCode() *diagnostic.Error {
	return signInError(diagnostic.CannotSignIn, "SePay sent the browser back without a code and without an error. Run %s "+
		"again.", m.QuotedLoginCommand())
}

// denial is what SePay said at the authorization page. It is somebody else's text, made readable.
type denial struct{ code, description, hint string }

func (r denial) said() string {
	said := r.code

	for i, text := range []string{r.description, r.hint} {
		text = strings.TrimRight(text, ". ")
		if text == "" || strings.Contains(said, text) {
			continue
		}

		said += []string{": ", ". "}[i] + text
	}

	return "\"" + said + "\""
}

func (m messages) notAuthorized(r denial, o Options) *diagnostic.Error {
	switch r.code {
	case "access_denied":
		return signInError("The access was refused in the browser",
			"SePay says %s. Nothing was stored. Run %s again and approve the access, signed in to SePay as the user whose "+
				"webhooks are to be managed.", r.said(), m.QuotedLoginCommand())
	case "invalid_scope":
		return m.scopeRefused(r, o.Scopes)
	case "unauthorized_client", "invalid_client":
		return signInError("SePay does not know this client",
			"SePay says %s. Check --client-id (SEPAY_CLIENT_ID) and --redirect-url against what SePay registered for you.", r.said())
	case "invalid_request":
		if o.PKCE {
			return signInError(diagnostic.CannotSignIn, "SePay says %s. If it does not support PKCE, run %s again without --pkce.",
				r.said(), m.QuotedLoginCommand())
		}
	case "server_error", "temporarily_unavailable":
		return signInError("SePay cannot sign anybody in at the moment",
			"SePay says %s. Nothing was stored. Run %s again later.", r.said(), m.QuotedLoginCommand())
	}

	return signInError(diagnostic.CannotSignIn, "SePay says %s. Check --client-id and --redirect-url against what SePay "+
		"registered for you, and run %s again.", r.said(), m.QuotedLoginCommand())
}

// scopeRefused names the scope that SePay names, and the command without it.
func (m messages) scopeRefused(r denial, asked []string) *diagnostic.Error {
	refused := slices.IndexFunc(asked, func(scope string) bool {
		return strings.Contains(r.hint, "`"+scope+"`") || strings.Contains(r.hint, "'"+scope+"'") ||
			strings.Contains(r.hint, `"`+scope+`"`)
	})
	if refused < 0 {
		return signInError("SePay does not grant these scopes",
			"SePay says %s. Asked for: %s. Run %s again with the scopes that your client was registered for only: --scope "+
				"may be given several times.", r.said(), strings.Join(asked, " "), m.QuotedLoginCommand())
	}

	name := asked[refused]

	rest := slices.Delete(slices.Clone(asked), refused, refused+1)
	if len(rest) == 0 {
		return signInError("SePay does not grant the scope "+name,
			"SePay says %s. Give scopes that your client was registered for, with --scope, or ask SePay to add %s to client %s.",
			r.said(), name, m.ClientID)
	}

	return signInError("SePay does not grant the scope "+name,
		"SePay says %s. Ask SePay to add it to client %s, or sign in without it:\n\n  %s --scope %s", r.said(), m.ClientID,
		m.LoginCommand(), strings.Join(rest, ","))
}

func (m messages) clientRejected(a tokenendpoint.Response) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeClientRejected, Summary: "SePay rejects the client credentials",
		Detail: fmt.Sprintf("SePay responded with %s. Nothing was stored. Check three things against what SePay registered for you: the "+
			"client id %s (--client-id, SEPAY_CLIENT_ID), the client secret (SEPAY_CLIENT_SECRET) and the redirect URL "+
			"(--redirect-url).", a.Quote(), m.ClientID),
		Err: a.Err,
	}
}

func (m messages) codeRefused(a tokenendpoint.Response, pkce bool) *diagnostic.Error {
	said := a.Quote()

	if pkce && (strings.Contains(said, "code_verifier") || strings.Contains(said, "code_challenge") ||
		strings.Contains(said, "PKCE")) {
		return signInError("SePay does not accept the proof of PKCE",
			"SePay responded with %s. Its consent page may not hand the challenge on. Run %s again without --pkce.",
			said, m.QuotedLoginCommand())
	}

	next := fmt.Sprintf("Run %s again and approve within that time.", m.QuotedLoginCommand())
	if pkce {
		next += " If it fails again, leave out --pkce."
	}

	return signInError("SePay does not accept the code",
		"SePay responded with %s. A code works once, for five minutes, and only with the redirect URL that it was issued for. %s",
		said, next)
}

func (m messages) codeNotExchanged(a tokenendpoint.Response) *diagnostic.Error {
	return signInError("The code could not be exchanged for a token",
		"SePay's token address gave no usable response (%s). A code works once, so it is not sent again. Nothing was stored. "+
			"Run %s again.", a.Quote(), m.QuotedLoginCommand())
}

func (m messages) noRefreshToken() *diagnostic.Error {
	return signInError("SePay issued no refresh token",
		"There is nothing to renew the access from, so nothing was stored. Ask SePay to allow the refresh_token grant "+
			"for client %s, and run %s again.", m.ClientID, m.QuotedLoginCommand())
}
