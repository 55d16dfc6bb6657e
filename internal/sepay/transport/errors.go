package transport

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// APIError is a failure that SePay answered. No field and no text of it contains a token or a secret that was sent.
type APIError struct {
	Method string
	// Path is below /api/v1 and has no query.
	Path   string
	Status int
	// Message is SePay's own text, "" when it gave none.
	Message string
	// Fields has SePay's text for each field it objected to, by the field's name.
	Fields map[string]string
	// Scope is the OAuth2 scope that the request needs, and Role the role of the user, "" when any will do.
	Scope, Role string
	// RetryAfter is how long SePay asks to wait, 0 when it did not say.
	RetryAfter time.Duration
	// hint is SePay's reason for refusing an access token, "" when it gave none.
	hint string
	// unreadable says what is there instead of a text that can be read, "" when nothing is.
	unreadable string
}

// Error says what was asked, what SePay answered, and the next step. Like all errors of this package it ends without a
// full stop, so that it can be part of a sentence.
func (e *APIError) Error() string {
	text := answered(e.Method, e.Path, e.Status)

	switch {
	case e.Message != "":
		text += ": " + e.Message
	case e.unreadable != "":
		text += e.unreadable
	default:
		text += " without a text"
	}

	return sentences(text, e.NextStep())
}

func answered(method, path string, status int) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s: SePay answered %d %s", method, path, status, http.StatusText(status)))
}

// sentences joins texts, whatever they end with. The last one has no full stop.
func sentences(texts ...string) string {
	var all []string

	for _, text := range texts {
		if text = strings.TrimRight(text, ". "); text != "" {
			all = append(all, text)
		}
	}

	return strings.Join(all, ". ")
}

// Summary says what was asked and what SePay answered, without a next step and a full stop.
func (e *APIError) Summary() string {
	text := strings.TrimSpace(fmt.Sprintf("%s %s with %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status)))
	if e.Message != "" {
		text += ": " + e.Message
	}

	return strings.TrimRight(text, ". ")
}

// NextStep says what the user can do about the failure, "" when SePay's text has to do.
func (e *APIError) NextStep() string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return unauthorizedStep(e.hint)
	case e.Status == http.StatusForbidden && e.Role != "":
		return fmt.Sprintf("The authorization needs the scope %q, and its user the role %s at SePay.", e.Scope, e.Role)
	case e.Status == http.StatusForbidden && e.Scope != "":
		return fmt.Sprintf("The authorization needs the scope %q, and its user the matching permission at SePay: "+
			"authorize again with that scope, or ask an administrator of the company for the permission.", e.Scope)
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > retryBudget:
		return "SePay asks for a wait of " + formatWait(e.RetryAfter) + ": run the command again later, with a lower requests_per_second."
	case e.Status == http.StatusTooManyRequests:
		return "Lower requests_per_second, or wait for other users of this account to finish."
	case e.Status == http.StatusInternalServerError && e.Message == "" && e.Method != http.MethodGet:
		return "SePay responds this way when it cannot process a value: check the last change."
	case e.Status >= http.StatusInternalServerError:
		return "SePay, or a proxy in front of it, is unavailable: try again later."
	case e.Status >= http.StatusMultipleChoices && e.Status < http.StatusBadRequest:
		return "The API does not redirect: check base_url."
	default:
		return ""
	}
}

// RequestError is a request that got no answer, or a cut one.
type RequestError struct {
	Method string
	// Path is below /api/v1 and has no query.
	Path string
	// Sent tells whether SePay may have received the request, and acted on it.
	Sent bool
	Err  error
}

// Error says what was asked and what went wrong.
func (e *RequestError) Error() string {
	if e.Sent {
		return fmt.Sprintf("%s %s: no answer from SePay: %v", e.Method, e.Path, e.Err)
	}

	return fmt.Sprintf("%s %s: the request was not sent: %v", e.Method, e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *RequestError) Unwrap() error { return e.Err }

// NextStep says what the user can do about the failure.
func (e *RequestError) NextStep() string {
	if errors.Is(e.Err, ErrWaitTooLong) {
		return "SePay limits the number of requests: run the command again later, with a lower requests_per_second."
	}

	if authority, ok := errors.AsType[x509.UnknownAuthorityError](e.Err); ok {
		issuer := "an authority without a name"
		if authority.Cert != nil {
			issuer = fmt.Sprintf("%q", authority.Cert.Issuer.String())
		}

		return "This machine does not trust the certificate, which was issued by " + issuer + ". If a proxy of yours issues it, add its " +
			"authority to those of the system, or set SSL_CERT_FILE to a file that has it; if not, check base_url. Then run again."
	}

	return "Check the network between this machine and SePay and the provider's base_url, then run the command again."
}

// ResponseError is a response that reports a success but cannot be read.
type ResponseError struct {
	method, path string
	status       int
	// contentType is that of a response that is not JSON.
	contentType string
	err         error
}

// Error says what was asked, what is wrong with the response, and the next step.
func (e *ResponseError) Error() string {
	text := answered(e.method, e.path, e.status)
	if e.contentType != "" {
		return sentences(text+", but with "+e.contentType+" instead of JSON, perhaps from a proxy",
			"Check base_url, and the proxy if there is one")
	}

	return sentences(text+", but the answer cannot be read: "+e.err.Error(),
		"Check base_url; if it is right, look for a newer version of the provider")
}

// Unwrap returns what is wrong with the response.
func (e *ResponseError) Unwrap() error { return e.err }
