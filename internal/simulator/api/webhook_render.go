package api

import (
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

func location(z dialects.Zone) *time.Location {
	if z == dialects.ZoneUTC {
		return time.UTC
	}

	return state.Vietnam()
}

// renderWebhook returns a webhook as the dialect reads it, except for the types of its scalars (see retype).
func renderWebhook(w state.Webhook, d dialects.Dialect) map[string]any {
	row := map[string]any{}

	for _, field := range state.Fields(&w) {
		if known(field, d.Form) {
			row[field.Key] = renderValue(field.Value)
		}
	}

	row["created_at"] = w.CreatedAt.In(location(d.Zone)).Format(state.DateTime)
	row["retry_conditions"] = renderRetry(w.RetryConditions, d.RetryDefault)

	renderAuthentication(row, w, d)

	// The documentation shows these keys in requests only.
	if d.Undocumented != dialects.UndocumentedReturned {
		delete(row, "bank_account_ids")
		delete(row, "alert_channel_ids")
	}

	return row
}

// renderAuthentication removes the keys for the authentication that do not belong to the webhook's authen_type.
func renderAuthentication(row map[string]any, w state.Webhook, d dialects.Dialect) {
	for _, key := range []string{"api_key", "secret_key", "oauth2_access_token_url", "oauth2_client_id", "oauth2_client_secret"} {
		delete(row, key)
	}

	switch w.AuthenType {
	case sepay.AuthenTypeAPIKey:
		renderSecret(row, "api_key", w.APIKey, d.Secrets)
	case sepay.AuthenTypeHMAC:
		if d.Form == dialects.Form2026 {
			renderSecret(row, "secret_key", w.SecretKey, d.Secrets)
		}
	case sepay.AuthenTypeOAuth2:
		if d.Undocumented == dialects.UndocumentedReturned {
			row["oauth2_access_token_url"] = w.OAuth2AccessTokenURL
			row["oauth2_client_id"] = w.OAuth2ClientID
			renderSecret(row, "oauth2_client_secret", w.OAuth2ClientSecret, d.Secrets)
		}
	}
}

func renderValue(value any) any {
	switch value := value.(type) {
	case *[]int64:
		return list(*value)
	case *[]string:
		return list(*value)
	default:
		return reflect.ValueOf(value).Elem().Interface()
	}
}

// renderRow writes a webhook as a row of the list.
func renderRow(w state.Webhook, d dialects.Dialect) map[string]any {
	row := renderWebhook(w, d)
	if d.ListRows == dialects.ListRowsBrief {
		maps.DeleteFunc(row, func(key string, _ any) bool {
			switch key {
			case "id", "bank_account_id", "name", "event_type", "authen_type", "webhook_url", "active", "created_at":
				return false
			default:
				return true
			}
		})
	}

	return row
}

func renderRetry(conditions []string, unset dialects.RetryDefault) any {
	if conditions != nil {
		return map[string]any{sepay.RetryNon2xx: response.Bit(len(conditions) > 0)}
	}

	switch unset {
	case dialects.RetryDefaultOn:
		return map[string]any{sepay.RetryNon2xx: response.Bit(true)}
	case dialects.RetryDefaultNull:
		return nil
	case dialects.RetryDefaultEmpty:
		return []any{}
	case dialects.RetryDefaultOff:
	}

	return map[string]any{sepay.RetryNon2xx: response.Bit(false)}
}

func renderSecret(row map[string]any, key, secret string, form dialects.Secrets) {
	// A secret that is not longer than the visible part of a mask is masked completely.
	hidden, tail := secret, ""
	if len(secret) > 4 {
		hidden, tail = secret[:len(secret)-4], secret[len(secret)-4:]
	}

	switch form {
	case dialects.SecretsMasked:
		row[key] = strings.Repeat("*", len(hidden)) + tail
	case dialects.SecretsDotted:
		row[key] = strings.Repeat("•", len(hidden)) + tail
	case dialects.SecretsSuffix:
		row[key] = tail
	case dialects.SecretsEdges:
		// The mask has a fixed length, and the first characters are shown as well.
		row[key] = hidden[:min(4, len(hidden)/2)] + "****" + tail
	case dialects.SecretsNull:
		row[key] = nil
	case dialects.SecretsAbsent:
	case dialects.SecretsClear:
		row[key] = secret
	}
}

// list makes sure that an empty list is written [], not null.
func list[T any](values []T) []any {
	items := make([]any, len(values))
	for i, value := range values {
		items[i] = value
	}

	return items
}
