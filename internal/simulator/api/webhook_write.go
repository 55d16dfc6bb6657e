package api

import (
	"encoding/json"
	"mime"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// jsonObject reads the body, which must be a JSON object with the content type of JSON.
func jsonObject(c *route.Call) (map[string]json.RawMessage, *response.Response) {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		refused := response.BadRequest("The body must be sent as application/json.")

		return nil, &refused
	}

	if c.Object == nil {
		refused := response.BadRequest("The body must be a JSON object.")

		return nil, &refused
	}

	return c.Object, nil
}

// readBody applies the body to w, normalizes it as the service would store it, and checks it. The caller holds the lock.
func (a *API) readBody(c *route.Call, body map[string]json.RawMessage, w *state.Webhook) (response.Problems, *response.Response) {
	found, unknown, err := applyBody(body, c.Dialect.Form, w)
	if err != nil {
		refused := response.ServerError()

		return nil, &refused
	}

	if unknown != "" {
		refused := response.BadRequest("Unknown field " + unknown + ".")

		return nil, &refused
	}

	sent := func(key string) bool { _, ok := body[key]; return ok }

	if c.Dialect.VirtualAccounts == dialects.VirtualAccountsCoupled {
		coupleVirtualAccounts(w, sent)
	}

	if c.Dialect.Text == dialects.TextTrimmed {
		w.Name, w.WebhookURL = strings.TrimSpace(w.Name), strings.TrimSpace(w.WebhookURL)
	}

	if len(found) == 0 {
		found = a.checkWebhook(*w, sent, c.Dialect.Form)
	}

	state.DropForeign(w)

	return found, nil
}

// coupleVirtualAccounts derives va_mode from only_va, or only_va from va_mode, if only one of them was sent.
func coupleVirtualAccounts(w *state.Webhook, sent sentKeys) {
	switch {
	case sent("va_mode") && !sent("only_va"):
		w.OnlyVA = w.VAMode == sepay.VAModeList
	case sent("only_va") && !sent("va_mode") && !w.OnlyVA:
		w.VAMode = sepay.VAModeNone
	case sent("only_va") && !sent("va_mode") && len(w.BankSubAccountIDs) > 0:
		w.VAMode = sepay.VAModeList
	case sent("only_va") && !sent("va_mode"):
		w.VAMode = sepay.VAModeAll
	}
}

// revertIgnored reverts the changes in w that the service accepts in an update but ignores (U17).
func revertIgnored(w *state.Webhook, before state.Webhook, body map[string]json.RawMessage) {
	if w.AuthenType != before.AuthenType {
		w.AuthenType = before.AuthenType
		w.APIKey, w.SecretKey = before.APIKey, before.SecretKey
		w.OAuth2AccessTokenURL = before.OAuth2AccessTokenURL
		w.OAuth2ClientID, w.OAuth2ClientSecret = before.OAuth2ClientID, before.OAuth2ClientSecret
	}

	emptied := func(key string) bool { return strings.ReplaceAll(string(body[key]), " ", "") == "[]" }

	for key, list := range map[string]struct{ now, then *[]int64 }{
		"bank_account_ids":     {&w.BankAccountIDs, &before.BankAccountIDs},
		"bank_sub_account_ids": {&w.BankSubAccountIDs, &before.BankSubAccountIDs},
		"alert_channel_ids":    {&w.AlertChannelIDs, &before.AlertChannelIDs},
	} {
		if emptied(key) {
			*list.now = slices.Clone(*list.then)
		}
	}

	for key, list := range map[string]struct{ now, then *[]string }{
		"prefix_filters":    {&w.PrefixFilters, &before.PrefixFilters},
		"alert_event_types": {&w.AlertEventTypes, &before.AlertEventTypes},
		"retry_conditions":  {&w.RetryConditions, &before.RetryConditions},
	} {
		if emptied(key) {
			*list.now = slices.Clone(*list.then)
		}
	}
}

// missingKeys reports the missing required keys of a create.
func missingKeys(body map[string]json.RawMessage, authenType string, form dialects.Form) response.Problems {
	required := []string{"name", "webhook_url", "event_type", "authen_type"}
	if form == dialects.Form2025 || authenType != sepay.AuthenTypeOAuth2 {
		required = append(required, "request_content_type")
	}

	if form == dialects.Form2025 {
		required = append(required, "bank_account_id", "is_verify_payment", "skip_if_no_code", "active")
	}

	var missing response.Problems

	for _, key := range required {
		if _, sent := body[key]; !sent {
			missing.Add(key, "is required")
		}
	}

	return missing
}
