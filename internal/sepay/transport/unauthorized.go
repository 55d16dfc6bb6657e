package transport

import (
	"fmt"
	"net/http"
	"strings"
)

// withHint adds the hint, in which SePay gives the reason, to the text that says no more than that it denied the request.
func withHint(message, hint string) string {
	switch {
	case hint == "" || strings.Contains(message, hint):
		return message
	case message == "":
		return hint
	}

	return strings.TrimRight(message, ". ") + " (" + hint + ")"
}

// unauthorizedStep is the next step after a request that SePay answered twice with 401: once with the token at hand, and once
// with the token that took its place. hint is the reason that SePay gives, "" when it gives none.
func unauthorizedStep(hint string) string {
	const again = "run the command again, and if that does not help, sign in again with `terraform-provider-sepay login`."

	switch hint = strings.ToLower(hint); {
	case strings.Contains(hint, "revoked"):
		return "SePay revoked the new access token at once. Most likely the same sign-in is renewed somewhere else, on another machine " +
			"or from a copy of the token store: each renewal revokes the access tokens issued before. Use one authorization for each " +
			"machine, or a token helper that they share; then " + again
	case strings.Contains(hint, "header"):
		return "The access token did not reach SePay: a proxy between this machine and SePay removes the Authorization header. Check " +
			"the proxy (HTTPS_PROXY) and base_url, then run the command again."
	case strings.Contains(hint, "verified"):
		return "SePay does not recognize the access token, although it is new: check that base_url is the service that issued it, and " +
			"the clock of this machine; then " + again
	}

	return "SePay refused two access tokens one after the other. Check that the user who signed in is still active at SePay and that " +
		"the client may use the API; then " + again
}

// noTokenError is a request that cannot go on for want of an access token.
type noTokenError struct {
	method, path string
	refused      *APIError // SePay's answer to the token at hand, or nil when there was none
	err          error
}

func (e *noTokenError) Error() string {
	if e.refused == nil {
		return fmt.Sprintf("no access token for %s %s: %v", e.method, e.path, e.err)
	}

	return fmt.Sprintf("no other access token for %s %s, which SePay answered with %d %s: %v",
		e.method, e.path, e.refused.Status, http.StatusText(e.refused.Status), e.err)
}

// Unwrap returns the causes.
func (e *noTokenError) Unwrap() []error {
	if e.refused == nil {
		return []error{e.err}
	}

	return []error{e.err, e.refused}
}
