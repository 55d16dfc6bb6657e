package oauth

import (
	"fmt"
	"strings"
	"time"
)

func signInError(summary, detail string, args ...any) *Error {
	return &Error{Code: CodeSignIn, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

func (m messages) loginNeedsStore() *Error {
	return signInError(cannotSignIn, "token_store is \"none\", so there is no place to keep a sign-in. Set SEPAY_TOKEN_STORE to "+
		"\"file\" or \"helper\", or unset it.")
}

func (m messages) badRedirect(address string) *Error {
	return signInError(cannotSignIn, "%q is not a redirect URL. Give the one that is registered for the client in SePay, for "+
		"example --redirect-url http://127.0.0.1:8765/callback.", address)
}

func (m messages) cannotListen(address string, cause error) *Error {
	e := signInError("Cannot listen for the browser's return",
		"The redirect URL leads to %s, and this program cannot listen there (%v). If the port is in use, end the "+
			"program that uses "+
			"it; another login may be waiting. Or give another redirect URL that is registered for the client in SePay, with "+
			"--redirect-url.", address, cause)
	e.Err = cause

	return e
}

func (m messages) nobodyCameBack(waited time.Duration) *Error {
	return signInError("Nobody came back from the browser",
		"SePay did not send the browser back within %s. Run %s again, approve the access in the browser, and check that the "+
			"redirect URL equals the one registered in SePay. If the browser runs on another machine, paste the address that "+
			"it arrived at.", waited, m.loginCommand())
}

func (m messages) nothingPasted() *Error {
	return signInError(cannotSignIn, "The input ended before an address was pasted. Run %s again in a terminal, and paste the "+
		"address that the browser arrived at.", m.loginCommand())
}

func (m messages) wrongState() *Error {
	return signInError("The answer does not belong to this sign-in",
		"The state in the address is not the one that this program sent, so the answer comes from another attempt, or from "+
			"somebody else; it was not used. Run %s again, and use the address that it prints.", m.loginCommand())
}

func (m messages) noCode() *Error {
	return signInError(cannotSignIn, "SePay sent the browser back without a code and without an error. Run %s "+
		"again.", m.loginCommand())
}

func (m messages) notAuthorized(code, description string, scopes []string) *Error {
	said := code
	if description != "" {
		said += ": " + description
	}

	switch code {
	case "access_denied":
		return signInError("The access was refused in the browser",
			"SePay says %s. Nothing was stored. Run %s again and approve the access, signed in to SePay as the user "+
				"whose webhooks "+
				"are to be managed.", said, m.loginCommand())
	case "invalid_scope":
		return signInError("SePay does not grant these scopes",
			"SePay says %s. Asked for: %s. Run %s again with only the scopes that your client was registered for: "+
				"--scope may be "+
				"given several times.", said, strings.Join(scopes, " "), m.loginCommand())
	case "unauthorized_client", "invalid_client":
		return signInError("SePay does not know this client",
			"SePay says %s. Check --client-id (SEPAY_CLIENT_ID) and --redirect-url against what SePay registered for you.", said)
	}

	return signInError(cannotSignIn, "SePay says %s. Check --client-id and --redirect-url against what SePay "+
		"registered for you, and run "+
		"%s again.", said, m.loginCommand())
}

func (m messages) codeRefused(a answer) *Error {
	return signInError("SePay does not accept the code",
		"SePay answered %s. A code works once, for five minutes, and only with the redirect URL that it was issued for. Run %s "+
			"again and approve within that time.", a.said(), m.loginCommand())
}

func (m messages) codeNotExchanged(a answer) *Error {
	return signInError("The code could not be exchanged for a token",
		"SePay's token address gave no usable answer (%s). A code works once, so it is not sent again. Nothing was "+
			"stored. Run %s "+
			"again.", a.said(), m.loginCommand())
}

func (m messages) noRefreshToken() *Error {
	return signInError("SePay issued no refresh token",
		"There is nothing to renew the access from, so nothing was stored. Ask SePay to allow the refresh_token grant "+
			"for client "+
			"%s, and run %s again.", m.clientID, m.loginCommand())
}
