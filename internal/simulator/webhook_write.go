package simulator

import (
	"encoding/json"
	"mime"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// jsonObject reads the body as one JSON object that was announced as one.
func (c *call) jsonObject() (map[string]json.RawMessage, *answer) {
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		refused := badRequest("The body must be sent as application/json.")

		return nil, &refused
	}

	if c.record.Body == nil {
		refused := badRequest("The body must be a JSON object.")

		return nil, &refused
	}

	return c.record.Body, nil
}

// readBody writes the body over w, makes it what would be stored, and checks it. The caller holds s.mu.
func (s *Simulator) readBody(c *call, body map[string]json.RawMessage, w *Webhook) (problems, *answer) {
	found, unknown, err := applyBody(body, c.dialect.Form, w)
	if err != nil {
		refused := serverError()

		return nil, &refused
	}

	if unknown != "" {
		refused := badRequest("Unknown field " + unknown + ".")

		return nil, &refused
	}

	sent := func(key string) bool { _, ok := body[key]; return ok }

	if c.dialect.VirtualAccounts == VirtualAccountsCoupled {
		coupleVirtualAccounts(w, sent)
	}

	if c.dialect.Text == TextTrimmed {
		w.Name, w.WebhookURL = strings.TrimSpace(w.Name), strings.TrimSpace(w.WebhookURL)
	}

	if len(found) == 0 {
		found = s.checkWebhook(*w, sent, c.dialect.Form)
	}

	dropForeignSecrets(w)
	dropForeignAccounts(w)

	return found, nil
}

// coupleVirtualAccounts lets va_mode follow only_va and the other way round when only one of them was sent.
func coupleVirtualAccounts(w *Webhook, sent sentKeys) {
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

// takeBack undoes in w what the service accepts in an update without doing it (U17).
func takeBack(w *Webhook, before Webhook, body map[string]json.RawMessage) {
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

// missingKeys answers the keys that a create must have whatever their values.
func missingKeys(body map[string]json.RawMessage, authenType string, form Form) problems {
	required := []string{"name", "webhook_url", "event_type", "authen_type"}
	if form == Form2025 || authenType != sepay.AuthenTypeOAuth2 {
		required = append(required, "request_content_type")
	}

	if form == Form2025 {
		required = append(required, "bank_account_id", "is_verify_payment", "skip_if_no_code", "active")
	}

	var missing problems

	for _, key := range required {
		if _, sent := body[key]; !sent {
			missing.add(key, "is required")
		}
	}

	return missing
}
