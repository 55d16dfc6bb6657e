package sepay

import (
	"fmt"
)

func decodeWebhook(value any) (Webhook, error) {
	o := readObject(value)
	webhook := Webhook{
		ID: o.id(),

		Name:               o.text("name"),
		WebhookURL:         o.text("webhook_url"),
		EventType:          o.text("event_type"),
		AuthenType:         o.text("authen_type"),
		RequestContentType: o.text("request_content_type"),

		APIKey:               o.text("api_key"),
		SecretKey:            o.text("secret_key"),
		OAuth2AccessTokenURL: o.text("oauth2_access_token_url"),
		OAuth2ClientID:       o.text("oauth2_client_id"),
		OAuth2ClientSecret:   o.text("oauth2_client_secret"),

		IsVerifyPayment: o.flag("is_verify_payment"),
		SkipIfNoCode:    o.flag("skip_if_no_code"),
		Active:          o.flag("active"),
		OnlyVA:          o.flag("only_va"),

		BankMode:          o.text("bank_mode"),
		BankAccountID:     o.integer("bank_account_id"),
		BankAccountIDs:    o.integers("bank_account_ids"),
		VAMode:            o.text("va_mode"),
		BankSubAccountIDs: o.integers("bank_sub_account_ids"),
		PrefixFilters:     o.texts("prefix_filters"),

		RetryConditions: o.conditions("retry_conditions"),
		AlertThreshold:  o.integer("alert_threshold"),
		AlertEventTypes: o.texts("alert_event_types"),
		AlertChannelIDs: o.integers("alert_channel_ids"),

		CreatedAt: o.date("created_at"),
	}

	if o.err != nil {
		return Webhook{}, fmt.Errorf("webhook: %w", o.err)
	}

	return webhook, nil
}
