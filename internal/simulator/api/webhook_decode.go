package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// errServerError reports a body to which the real service responds with HTTP 500 and an empty body.
var errServerError = errors.New("the service fails on this body")

// applyBody sets the keys of a body in a webhook. unknown is a key that the form does not have, or "".
func applyBody(
	body map[string]json.RawMessage, form dialects.Form, onto *state.Webhook,
) (found response.Problems, unknown string, err error) {
	if strings.HasPrefix(string(body["retry_conditions"]), "{") {
		return nil, "", errServerError
	}

	writable := map[string]any{}

	for _, field := range state.Fields(onto) {
		if field.Key != "id" && field.Key != "created_at" && known(field, form) {
			writable[field.Key] = field.Value
		}
	}

	for _, key := range slices.Sorted(maps.Keys(body)) {
		value, ok := writable[key]
		if !ok {
			return nil, key, nil
		}

		if wrong := decode(body[key], value); wrong != "" {
			found.Add(key, wrong)
		}
	}

	return found, "", nil
}

// known reports whether a form of the API has a key.
func known(field state.Field, form dialects.Form) bool {
	return field.Since == "" || form == dialects.Form2026
}

// decode decodes the raw JSON of one key and returns its error, or "".
func decode(raw json.RawMessage, value any) string {
	switch value := value.(type) {
	case *string:
		return decodeText(raw, value)
	case *bool:
		return decodeFlag(raw, value)
	case *int64:
		return decodeInteger(raw, value)
	case *[]int64:
		return decodeIntegers(raw, value)
	case *[]string:
		return decodeTexts(raw, value)
	default:
		panic(fmt.Sprintf("webhooks have a key of the type %T, which no body can set", value))
	}
}

func decodeText(raw json.RawMessage, into *string) string {
	if !strings.HasPrefix(string(raw), `"`) || json.Unmarshal(raw, into) != nil {
		return "must be a string"
	}

	return ""
}

func decodeFlag(raw json.RawMessage, into *bool) string {
	switch string(raw) {
	case "0":
		*into = false
	case "1":
		*into = true
	default:
		return "must be 0 or 1"
	}

	return ""
}

func decodeInteger(raw json.RawMessage, into *int64) string {
	value, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return "must be an integer"
	}

	*into = value

	return ""
}

// Both lists are stored in reverse order: SePay does not document an order, and tests detect a client that relies on it.

func decodeIntegers(raw json.RawMessage, into *[]int64) string {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return "must be a list of integers"
	}

	values := make([]int64, 0, len(items))

	for _, item := range slices.Backward(items) {
		value, err := strconv.ParseInt(string(item), 10, 64)
		if err != nil {
			return "must be a list of integers"
		}

		if slices.Contains(values, value) {
			return "must not repeat " + string(item)
		}

		values = append(values, value)
	}

	*into = values

	return ""
}

func decodeTexts(raw json.RawMessage, into *[]string) string {
	var items []*string
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return "must be a list of strings"
	}

	values := make([]string, 0, len(items))

	for _, item := range slices.Backward(items) {
		switch {
		case item == nil || *item == "":
			return "must be a list of strings that are not empty"
		case slices.Contains(values, *item):
			return "must not repeat " + strconv.Quote(*item)
		}

		values = append(values, *item)
	}

	*into = values

	return ""
}
