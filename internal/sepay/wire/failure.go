package wire

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

const (
	// maxFields bounds the fields that have a text.
	maxFields = 50
	// maxTexts bounds the texts that a message is made of. maxLabelBytes bounds, in bytes, the names before a text.
	maxTexts      = 50
	maxLabelBytes = 1000
)

// Failure reports whether a body has an error, and its status, by default the HTTP status.
func (e Envelope) Failure(status int) (int, bool) {
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

	return status, known && err == nil && !success || isError(e["error"])
}

// isError reports whether the value of error is an error: PHP writes none as null, false, 0, a blank text, or an empty list.
func isError(value any) bool {
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

// Message returns SePay's text, which can be under several keys.
func (e Envelope) Message() string {
	messages, _ := e["messages"].(map[string]any)

	for _, place := range []any{
		scalarText(e["message"]), messages["error"], e["error_description"], e["messages"], e["errors"], e["error"],
		e["message"],
	} {
		if text := textOf(place); text != "" {
			return text
		}
	}

	return ""
}

// Fields returns the texts by field: an object in messages, messages.error or errors.
func (e Envelope) Fields() map[string]string {
	for _, key := range []string{"messages", "errors"} {
		byField, _ := e[key].(map[string]any)
		if inner, ok := byField["error"].(map[string]any); ok {
			byField = inner
		}

		fields := map[string]string{}

		for _, field := range slices.Sorted(maps.Keys(byField)) {
			if len(fields) == maxFields {
				break
			}

			if text := textOf(byField[field]); text != "" && field != "error" {
				fields[field] = text
			}
		}

		if len(fields) > 0 {
			return fields
		}
	}

	return nil
}

// Hint returns SePay's reason for rejecting an access token, "" if there is none.
func (e Envelope) Hint() string { return scalarText(e["hint"]) }

// textOf returns one text for a scalar, a list of texts, or an object of texts by field.
func textOf(value any) string {
	var texts []string

	collectTexts(&texts, nil, value)

	return strings.Join(texts, "; ")
}

// collectTexts adds the texts in a value, each with the names of its keys as prefix.
func collectTexts(texts *[]string, names []string, value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			if len(*texts) >= maxTexts {
				return
			}

			collectTexts(texts, names, item)
		}
	case map[string]any:
		for _, field := range slices.Sorted(maps.Keys(value)) {
			if len(*texts) >= maxTexts {
				return
			}

			collectTexts(texts, append(names, field), value[field])
		}
	default:
		label := 0
		for _, name := range names {
			label += len(name) + len(": ")
		}

		text := strings.TrimRight(scalarText(value), ". \n")
		if text != "" && label <= maxLabelBytes {
			*texts = append(*texts, strings.Join(append(slices.Clip(names), text), ": "))
		}
	}
}
