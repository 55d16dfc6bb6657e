package sepay

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxMessage bounds, in characters, how much of SePay's text is shown.
const maxMessage = 1000

// newAPIError returns nil when the answer is a success. SePay signals a failure by the HTTP status; an answer that has
// a good status and yet says "error" is taken at its word.
func newAPIError(call call, response *http.Response, body []byte, token string) *APIError {
	root := rootOf(body)
	if response.StatusCode < http.StatusMultipleChoices && !saysError(root) {
		return nil
	}

	clean := scrubber(append(slices.Clone(call.secrets), token))
	failure := &APIError{
		Method: call.method, Path: call.path, Status: response.StatusCode, Scope: call.scope,
		RetryAfter: retryAfter(response.Header, time.Now()),
	}

	if root == nil && len(bytes.TrimSpace(body)) > 0 {
		failure.notJSON = contentType(response.Header)
	}

	failure.Message = clean(messageOf(root))

	for field, text := range fieldsOf(root) {
		if failure.Fields == nil {
			failure.Fields = map[string]string{}
		}

		failure.Fields[clean(field)] = clean(text)
	}

	return failure
}

func rootOf(body []byte) map[string]json.RawMessage {
	var root map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimPrefix(body, []byte(byteOrderMark)), &root) != nil {
		return nil
	}

	return root
}

func saysError(root map[string]json.RawMessage) bool {
	status := scalarText(root["status"])

	return status == "error" || status == "fail" || status == "failed"
}

// messageOf finds SePay's text in the places where the services of SePay were seen to put it.
func messageOf(root map[string]json.RawMessage) string {
	if text := scalarText(root["message"]); text != "" {
		return text
	}

	var messages map[string]json.RawMessage
	if json.Unmarshal(root["messages"], &messages) == nil {
		if text := textOf(messages["error"]); text != "" {
			return text
		}
	}

	for _, key := range []string{"error_description", "messages", "errors", "error"} {
		if text := textOf(root[key]); text != "" {
			return text
		}
	}

	return ""
}

// fieldsOf finds the texts that belong to one field each: an object in messages, messages.error or errors.
func fieldsOf(root map[string]json.RawMessage) map[string]string {
	for _, key := range []string{"messages", "errors"} {
		var byField map[string]json.RawMessage
		if json.Unmarshal(root[key], &byField) != nil {
			continue
		}

		var inner map[string]json.RawMessage
		if json.Unmarshal(byField["error"], &inner) == nil && inner != nil {
			byField = inner
		}

		fields := map[string]string{}

		for field, raw := range byField {
			if text := textOf(raw); text != "" && field != "error" {
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
func textOf(raw json.RawMessage) string {
	if text := scalarText(raw); text != "" {
		return text
	}

	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		texts := make([]string, 0, len(list))

		for _, item := range list {
			if text := textOf(item); text != "" {
				texts = append(texts, text)
			}
		}

		return strings.Join(texts, "; ")
	}

	var byField map[string]json.RawMessage
	if json.Unmarshal(raw, &byField) != nil {
		return ""
	}

	texts := map[string]string{}

	for field, item := range byField {
		if text := textOf(item); text != "" {
			texts[field] = text
		}
	}

	return joinFields(texts)
}

func joinFields(fields map[string]string) string {
	texts := make([]string, 0, len(fields))
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		texts = append(texts, field+": "+fields[field])
	}

	return strings.Join(texts, "; ")
}

// scrubber returns a function that takes the secrets out of a text, and shortens it.
func scrubber(secrets []string) func(string) string {
	var pairs []string

	// The longest first: a secret may be part of another.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })

	for _, secret := range secrets {
		for _, form := range []string{secret, strings.TrimSpace(secret)} {
			if form != "" {
				pairs = append(pairs, form, "(redacted)")
			}
		}
	}

	replacer := strings.NewReplacer(pairs...)

	return func(text string) string {
		clean := []rune(replacer.Replace(text))
		if len(clean) > maxMessage {
			clean = append(clean[:maxMessage], '…')
		}

		return string(clean)
	}
}

func contentType(header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if kind = strings.TrimSpace(kind); kind == "" {
		return "a text"
	}

	return kind
}

// retryAfter reads how long SePay asks to wait: seconds or a date in Retry-After, else seconds in SePay's own header.
func retryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-Sepay-Userapi-Retry-After"} {
		value := strings.TrimSpace(header.Get(name))

		if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 && seconds < 1e9 {
			return time.Duration(seconds * float64(time.Second))
		}

		if date, err := http.ParseTime(value); err == nil && date.After(now) {
			// Dates have whole seconds: the moment itself may lie within the second that they name.
			return date.Sub(now)
		}
	}

	return 0
}
