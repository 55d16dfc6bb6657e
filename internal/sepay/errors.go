package sepay

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

var (
	errAnswerTooLarge = fmt.Errorf("the answer has more than %d MB", maxAnswer>>20)
	errNoData         = errors.New("there is no data in it")
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
	// Scope is the OAuth2 scope that the call needs.
	Scope string
	// RetryAfter is how long SePay asks to wait, 0 when it did not say.
	RetryAfter time.Duration
	// notJSON is the content type of an answer that was not JSON, from a proxy for example.
	notJSON string
}

// Error says what was asked, what SePay answered, and the next step.
func (e *APIError) Error() string {
	var text strings.Builder

	fmt.Fprintf(&text, "%s %s: SePay answered %d", e.Method, e.Path, e.Status)

	if name := http.StatusText(e.Status); name != "" {
		fmt.Fprintf(&text, " %s", name)
	}

	switch {
	case e.Message != "":
		fmt.Fprintf(&text, ": %s", strings.TrimRight(e.Message, ". \n"))
	case len(e.Fields) > 0:
		fmt.Fprintf(&text, ": %s", joinFields(e.Fields))
	case e.notJSON != "":
		fmt.Fprintf(&text, " with %s instead of JSON, perhaps from a proxy", e.notJSON)
	default:
		text.WriteString(" without a text")
	}

	if next := e.NextStep(); next != "" {
		fmt.Fprintf(&text, ". %s", next)
	}

	return text.String()
}

// NextStep says what the user can do about the failure, "" when SePay's text has to do.
func (e *APIError) NextStep() string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return "The access token is expired or was revoked, and no other one could be had: authorize again."
	case e.Status == http.StatusForbidden && e.Scope == ScopeCompany:
		return "The authorization needs the scope \"company\", and its user the role Admin or SuperAdmin at SePay."
	case e.Status == http.StatusForbidden && e.Scope != "":
		return fmt.Sprintf("The authorization needs the scope %q, and its user the matching permission at SePay: "+
			"authorize again with that scope, or ask an administrator of the company for the permission.", e.Scope)
	case e.Status == http.StatusTooManyRequests:
		return "Too many requests: lower requests_per_second, or wait for other users of this account to finish."
	case e.Status == http.StatusInternalServerError && e.Message == "" && e.Method != http.MethodGet:
		return "SePay answers so when it cannot make sense of a value that was sent: check what was last changed."
	case e.Status >= http.StatusInternalServerError:
		return "SePay or a proxy before it is out of order: try again later."
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

// IsNotFound tells whether SePay answered that the object does not exist.
func IsNotFound(err error) bool {
	var failure *APIError

	return errors.As(err, &failure) && failure.Status == http.StatusNotFound
}

// answerError is an answer that was a success but could not be understood.
type answerError struct {
	method, path string
	err          error
}

func unreadable(call call, err error) error {
	return &answerError{method: call.method, path: call.path, err: err}
}

func (e *answerError) Error() string {
	return fmt.Sprintf("%s %s: SePay's answer cannot be read: %v", e.method, e.path, e.err)
}

func (e *answerError) Unwrap() error { return e.err }
