package transport

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

const (
	// maxMessage, maxFieldText and maxName limit, in characters, how much of SePay's texts is shown.
	maxMessage   = 1000
	maxFieldText = 300
	maxName      = 100
	// maxWait limits the wait that SePay requests, so that it can be added to a time.
	maxWait = 1e9 * time.Second
)

// Response is a successful response: a 2xx status, and a body without an error.
type Response struct {
	wire.Envelope

	unreadable ResponseError
}

// Unreadable returns the error of a response that an endpoint cannot read.
func (r Response) Unreadable(err error) error {
	r.unreadable.err = err

	return &r.unreadable
}

// checkResponse returns nil for a success. SePay reports a failure by the HTTP status, or in the body of a response with a
// success status. parseErr is why the body could not be parsed, or nil.
func (c *Client) checkResponse(request Request, response *http.Response, body wire.Envelope, parseErr error) error {
	status := response.StatusCode
	if status < http.StatusMultipleChoices {
		if parseErr != nil {
			failure := &ResponseError{Method: request.Method, Path: request.Path, Status: status, err: parseErr}
			if errors.Is(parseErr, wire.ErrNotJSON) {
				failure.contentType = c.contentType(response.Header)
			}

			return failure
		}

		var failed bool
		if status, failed = body.Failure(status); !failed {
			return nil
		}
	}

	failure := &APIError{
		Method: request.Method, Path: request.Path, Status: status, Scope: request.Scope, Role: request.Role,
		Message:    c.redact.Text(body.Message(), maxMessage),
		RetryAfter: retryAfter(response.Header, time.Now()),
	}

	switch {
	case errors.Is(parseErr, wire.ErrNotJSON):
		failure.unreadable = ", with " + c.contentType(response.Header) + " instead of JSON, perhaps from a proxy"
	case parseErr != nil:
		failure.unreadable = ", but the response cannot be read: " + parseErr.Error()
	}

	if status == http.StatusUnauthorized {
		failure.hint = c.redact.Text(body.Hint(), maxFieldText)
		failure.Message = withHint(failure.Message, failure.hint)
	}

	for field, text := range body.Fields() {
		if failure.Fields == nil {
			failure.Fields = map[string]string{}
		}

		failure.Fields[c.redact.Text(field, maxName)] = c.redact.Text(text, maxFieldText)
	}

	return failure
}

// withHint appends the hint, which has the reason, to the text, which only says that the request was denied.
func withHint(message, hint string) string {
	switch {
	case hint == "" || strings.Contains(message, hint):
		return message
	case message == "":
		return hint
	}

	return strings.TrimRight(message, ". ") + " (" + hint + ")"
}

// contentType returns the content type of a response.
func (c *Client) contentType(header http.Header) string {
	value, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if value = strings.TrimSpace(value); value == "" {
		return "a text"
	}

	return c.redact.Text(value, maxName)
}

// retryAfter returns the wait that SePay requests: seconds or a date in Retry-After, else seconds in SePay's own header.
func retryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-Sepay-Userapi-Retry-After"} {
		value := strings.TrimSpace(header.Get(name))

		// ParseFloat returns infinity and an error for a number that is too large.
		if seconds, _ := strconv.ParseFloat(value, 64); seconds > 0 {
			return time.Duration(math.Min(seconds, maxWait.Seconds()) * float64(time.Second))
		}

		if date, err := http.ParseTime(value); err == nil && date.After(now) {
			// Dates have whole seconds: the exact time may be within the second that they name.
			return min(date.Sub(now), maxWait)
		}
	}

	return 0
}
