package api

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// errServerError reports a shape to which the real service responds with HTTP 500 and an empty body.
var errServerError = errors.New("the service fails on this body")

// setter reads the raw JSON of one key into a webhook and returns what is wrong with it, or "".
type setter func(raw json.RawMessage, w *state.Webhook) string

func webhookKeys(form dialects.Form) map[string]setter {
	keys := map[string]setter{
		"name":                    text(func(w *state.Webhook) *string { return &w.Name }),
		"webhook_url":             text(func(w *state.Webhook) *string { return &w.WebhookURL }),
		"event_type":              text(func(w *state.Webhook) *string { return &w.EventType }),
		"authen_type":             text(func(w *state.Webhook) *string { return &w.AuthenType }),
		"api_key":                 text(func(w *state.Webhook) *string { return &w.APIKey }),
		"oauth2_access_token_url": text(func(w *state.Webhook) *string { return &w.OAuth2AccessTokenURL }),
		"oauth2_client_id":        text(func(w *state.Webhook) *string { return &w.OAuth2ClientID }),
		"oauth2_client_secret":    text(func(w *state.Webhook) *string { return &w.OAuth2ClientSecret }),
		"request_content_type":    text(func(w *state.Webhook) *string { return &w.RequestContentType }),
		"is_verify_payment":       flag(func(w *state.Webhook) *bool { return &w.IsVerifyPayment }),
		"skip_if_no_code":         flag(func(w *state.Webhook) *bool { return &w.SkipIfNoCode }),
		"active":                  flag(func(w *state.Webhook) *bool { return &w.Active }),
		"only_va":                 flag(func(w *state.Webhook) *bool { return &w.OnlyVA }),
		"bank_account_id":         integer(func(w *state.Webhook) *int64 { return &w.BankAccountID }),
		"bank_sub_account_ids":    integers(func(w *state.Webhook) *[]int64 { return &w.BankSubAccountIDs }),
		"retry_conditions":        texts(func(w *state.Webhook) *[]string { return &w.RetryConditions }),
	}
	if form == dialects.Form2025 {
		return keys
	}

	keys["secret_key"] = text(func(w *state.Webhook) *string { return &w.SecretKey })
	keys["bank_mode"] = text(func(w *state.Webhook) *string { return &w.BankMode })
	keys["bank_account_ids"] = integers(func(w *state.Webhook) *[]int64 { return &w.BankAccountIDs })
	keys["va_mode"] = text(func(w *state.Webhook) *string { return &w.VAMode })
	keys["prefix_filters"] = texts(func(w *state.Webhook) *[]string { return &w.PrefixFilters })
	keys["alert_threshold"] = integer(func(w *state.Webhook) *int64 { return &w.AlertThreshold })
	keys["alert_event_types"] = texts(func(w *state.Webhook) *[]string { return &w.AlertEventTypes })
	keys["alert_channel_ids"] = integers(func(w *state.Webhook) *[]int64 { return &w.AlertChannelIDs })

	return keys
}

// applyBody writes the keys of a body over a webhook. unknown is a key that the form does not have, or "".
func applyBody(
	body map[string]json.RawMessage, form dialects.Form, onto *state.Webhook,
) (found response.Problems, unknown string, err error) {
	if strings.HasPrefix(string(body["retry_conditions"]), "{") {
		return nil, "", errServerError
	}

	keys := webhookKeys(form)
	for _, key := range slices.Sorted(maps.Keys(body)) {
		set, known := keys[key]
		if !known {
			return nil, key, nil
		}

		if wrong := set(body[key], onto); wrong != "" {
			found.Add(key, wrong)
		}
	}

	return found, "", nil
}

func text(field func(*state.Webhook) *string) setter {
	return func(raw json.RawMessage, w *state.Webhook) string {
		if !strings.HasPrefix(string(raw), `"`) || json.Unmarshal(raw, field(w)) != nil {
			return "must be a string"
		}

		return ""
	}
}

func flag(field func(*state.Webhook) *bool) setter {
	return func(raw json.RawMessage, w *state.Webhook) string {
		switch string(raw) {
		case "0":
			*field(w) = false
		case "1":
			*field(w) = true
		default:
			return "must be 0 or 1"
		}

		return ""
	}
}

func integer(field func(*state.Webhook) *int64) setter {
	return func(raw json.RawMessage, w *state.Webhook) string {
		value, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return "must be an integer"
		}

		*field(w) = value

		return ""
	}
}

// The two list setters store what they read from the last to the first: nothing promises that SePay keeps an order, and a
// client that relies on it is found out.

func integers(field func(*state.Webhook) *[]int64) setter {
	return func(raw json.RawMessage, w *state.Webhook) string {
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

		*field(w) = values

		return ""
	}
}

func texts(field func(*state.Webhook) *[]string) setter {
	return func(raw json.RawMessage, w *state.Webhook) string {
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

		*field(w) = values

		return ""
	}
}
