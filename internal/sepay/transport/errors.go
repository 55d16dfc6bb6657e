package transport

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// APIError is a failure that SePay reports. No field and no text of it contains a token or a secret that was sent.
type APIError struct {
	Method string
	// Path is below /api/v1 and has no query.
	Path   string
	Status int
	// Message is SePay's own text, "" if there is none.
	Message string
	// Fields has SePay's text for each rejected field, by the field's name.
	Fields map[string]string
	// Scope is the OAuth2 scope that the request needs, and Role the role of the user, "" if any role is enough.
	Scope, Role string
	// Granted are the scopes of the access token, if it names them.
	Granted []string
	// RetryAfter is the wait that SePay requests, 0 if none.
	RetryAfter time.Duration
	// hint is SePay's reason for rejecting an access token, "" if there is none.
	hint string
	// unreadable describes a body that cannot be read, "" if there is none.
	unreadable string
}

// Error says what was requested, what SePay responded, and the next step. Like all errors of this package it ends
// without a full stop, so that it can be part of a sentence.
func (e *APIError) Error() string {
	text := responded(e.Method, e.Path, e.Status)

	switch {
	case e.Message != "":
		text += e.message()
	case e.unreadable != "":
		text += e.unreadable
	default:
		text += " without a message"
	}

	return sentences(text, e.NextStep())
}

// Summary says what was requested and what SePay responded, without a next step and a full stop.
func (e *APIError) Summary() string {
	text := strings.TrimSpace(fmt.Sprintf("%s %s with %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status)))

	return strings.TrimRight(text+e.message(), ". ")
}

// message returns SePay's text, unless it only repeats what the status says.
func (e *APIError) message() string {
	if text := strings.TrimRight(e.Message, ". "); text == "" || strings.EqualFold(text, http.StatusText(e.Status)) {
		return ""
	}

	return ": " + e.Message
}

func responded(method, path string, status int) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s: SePay responded with %d %s", method, path, status, http.StatusText(status)))
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

// RequestError is a request without a complete response.
type RequestError struct {
	Method string
	// Path is below /api/v1 and has no query.
	Path string
	// Sent reports whether SePay may have received the request, and acted on it.
	Sent bool
	Err  error
}

// Error says what was requested and what went wrong.
func (e *RequestError) Error() string {
	if e.Sent {
		return fmt.Sprintf("%s %s: no response from SePay: %v", e.Method, e.Path, e.Err)
	}

	return fmt.Sprintf("%s %s: the request was not sent: %v", e.Method, e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *RequestError) Unwrap() error { return e.Err }

// ResponseError is a response that reports a success but cannot be read.
type ResponseError struct {
	Method, Path string
	Status       int
	// contentType is that of a response that is not JSON.
	contentType string
	err         error
}

// Error says what was requested, what is wrong with the response, and the next step.
func (e *ResponseError) Error() string {
	text := responded(e.Method, e.Path, e.Status)
	if e.contentType != "" {
		return sentences(text+", but with "+e.contentType+" instead of JSON, perhaps from a proxy",
			"Check base_url, and the proxy if there is one")
	}

	return sentences(text+", but the response cannot be read: "+e.err.Error(),
		"Check base_url; if it is right, look for a newer version of the provider")
}

// Unwrap returns what is wrong with the response.
func (e *ResponseError) Unwrap() error { return e.err }

// noTokenError is a request that was not sent because there is no access token.
type noTokenError struct {
	method, path string
	rejection    *APIError // SePay's response to the first token, or nil
	err          error
}

func (e *noTokenError) Error() string {
	if e.rejection == nil {
		return fmt.Sprintf("no access token for %s %s: %v", e.method, e.path, e.err)
	}

	return fmt.Sprintf("no other access token for %s %s, which SePay rejected with %d %s: %v",
		e.method, e.path, e.rejection.Status, http.StatusText(e.rejection.Status), e.err)
}

// Unwrap returns the causes.
func (e *noTokenError) Unwrap() []error {
	if e.rejection == nil {
		return []error{e.err}
	}

	return []error{e.err, e.rejection}
}

// redactedError is an error with a redacted text.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.err }
