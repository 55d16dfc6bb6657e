package sepay

import (
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxMessage, maxFieldText and maxName bound, in characters, how much of SePay's texts is shown.
	maxMessage   = 1000
	maxFieldText = 300
	maxName      = 100
	// maxTexts bounds the texts that a message is made of, and the fields that have one. maxLabel bounds, in bytes, the
	// names before a text.
	maxTexts = 50
	maxLabel = 1000
	// maxWait bounds what SePay asks to wait, so that it can be added to a time.
	maxWait = 1e9 * time.Second
)

// judge returns nil when an answer is a success. SePay signals a failure by the HTTP status; an answer that has a good
// status and a body that says otherwise is taken at the word of its body.
func (c *Client) judge(call call, response *http.Response, body envelope, unread error) error {
	status := response.StatusCode
	if status < http.StatusMultipleChoices {
		if unread != nil {
			failure := &answerError{method: call.method, path: call.path, status: status, err: unread}
			if errors.Is(unread, errNotJSON) {
				failure.kind = c.contentType(response.Header)
			}

			return failure
		}

		var failed bool
		if status, failed = body.failure(status); !failed {
			return nil
		}
	}

	failure := &APIError{
		Method: call.method, Path: call.path, Status: status, Scope: call.scope,
		Message:    c.redact.Text(messageOf(body), maxMessage),
		RetryAfter: retryAfter(response.Header, time.Now()),
	}

	switch {
	case errors.Is(unread, errNotJSON):
		failure.unreadable = " with " + c.contentType(response.Header) + " instead of JSON, perhaps from a proxy"
	case unread != nil:
		failure.unreadable = ", but the answer cannot be read: " + unread.Error()
	}

	if status == http.StatusUnauthorized {
		failure.hint = c.redact.Text(scalarText(body["hint"]), maxFieldText)
		failure.Message = withHint(failure.Message, failure.hint)
	}

	fields := fieldsOf(body)
	for _, field := range slices.Sorted(maps.Keys(fields))[:min(len(fields), maxTexts)] {
		if failure.Fields == nil {
			failure.Fields = map[string]string{}
		}

		failure.Fields[c.redact.Text(field, maxName)] = c.redact.Text(fields[field], maxFieldText)
	}

	return failure
}

// failure tells whether a body says that the request failed, and with which status; that of HTTP where it has none.
func (e envelope) failure(status int) (int, bool) {
	for _, key := range []string{"status", "error"} {
		if code, some, err := parseInteger(e[key]); some && err == nil && code >= http.StatusBadRequest {
			if code < 600 {
				status = int(code)
			}

			return status, true
		}
	}

	switch strings.ToLower(scalarText(e["status"])) {
	case "error", "fail", "failed", "failure", "false":
		return status, true
	}

	success, known, err := parseFlag(e["success"])

	return status, known && err == nil && !success || holdsError(e["error"])
}

// holdsError tells whether an error is one: PHP writes none as null, false, 0, a blank text, or an empty list.
func holdsError(value any) bool {
	switch value := value.(type) {
	case nil:
		return false
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	}

	flag, _, err := parseFlag(value)

	return flag || err != nil
}

// messageOf finds SePay's text in the places where the services of SePay were seen to put it.
func messageOf(body envelope) string {
	messages, _ := body["messages"].(map[string]any)

	for _, place := range []any{
		scalarText(body["message"]), messages["error"], body["error_description"], body["messages"], body["errors"], body["error"],
		body["message"],
	} {
		if text := textOf(place); text != "" {
			return text
		}
	}

	return ""
}

// fieldsOf finds the texts that belong to one field each: an object in messages, messages.error or errors.
func fieldsOf(body envelope) map[string]string {
	for _, key := range []string{"messages", "errors"} {
		byField, _ := body[key].(map[string]any)
		if inner, ok := byField["error"].(map[string]any); ok {
			byField = inner
		}

		fields := map[string]string{}

		for field, value := range byField {
			if text := textOf(value); text != "" && field != "error" {
				fields[field] = text
			}
		}

		if len(fields) > 0 {
			return fields
		}
	}

	return nil
}

// textOf makes one text of a scalar, of a list of texts, or of an object of texts by field.
func textOf(value any) string {
	var texts []string

	collectTexts(&texts, "", value)

	return strings.Join(texts, "; ")
}

func collectTexts(texts *[]string, label string, value any) {
	if len(*texts) >= maxTexts || len(label) > maxLabel {
		return
	}

	switch value := value.(type) {
	case []any:
		for _, item := range value {
			collectTexts(texts, label, item)
		}
	case map[string]any:
		for _, field := range slices.Sorted(maps.Keys(value)) {
			collectTexts(texts, label+field+": ", value[field])
		}
	default:
		if text := strings.TrimRight(scalarText(value), ". \n"); text != "" {
			*texts = append(*texts, label+text)
		}
	}
}

// contentType returns what an answer says that it is.
func (c *Client) contentType(header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if kind = strings.TrimSpace(kind); kind == "" {
		return "a text"
	}

	return c.redact.Text(kind, maxName)
}

// retryAfter reads how long SePay asks to wait: seconds or a date in Retry-After, else seconds in SePay's own header.
func retryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-Sepay-Userapi-Retry-After"} {
		value := strings.TrimSpace(header.Get(name))

		// A number that is too large is an error, and infinite.
		if seconds, _ := strconv.ParseFloat(value, 64); seconds > 0 {
			return time.Duration(math.Min(seconds, maxWait.Seconds()) * float64(time.Second))
		}

		if date, err := http.ParseTime(value); err == nil && date.After(now) {
			// Dates have whole seconds: the moment itself may lie within the second that they name.
			return min(date.Sub(now), maxWait)
		}
	}

	return 0
}

// formatWait shows a wait as people say it.
func formatWait(wait time.Duration) string {
	if days := wait / (24 * time.Hour); days > 1 {
		return strconv.Itoa(int(days)) + " days"
	}

	return wait.Round(time.Second).String()
}
