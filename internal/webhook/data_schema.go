package webhook

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// dataAttributes are the readable attributes of a webhook, all of them computed.
func dataAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	flag := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	number := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	ids := func(description string) schema.SetAttribute {
		return schema.SetAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: description}
	}
	texts := func(description string) schema.SetAttribute {
		return schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}

	return map[string]schema.Attribute{
		"id": number("The id that SePay gave the webhook."),
		"created_at": schema.StringAttribute{
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: "When the webhook was created, in RFC 3339 with the offset of Vietnam, `+07:00`.",
		},
		"name":        text("The name of the webhook."),
		"webhook_url": text("The URL that SePay calls."),
		"event_type":  text("Which transactions are delivered: " + choices(sepay.EventTypes())),
		"authen_type": text("How deliveries are authenticated: " + choices(sepay.AuthenTypes())),
		"oauth2_access_token_url": text("The URL that SePay asks for a token before each delivery; null where SePay does not " +
			"return it."),
		"oauth2_client_id":     text("The client id that SePay uses at that URL; null where SePay does not return it."),
		"request_content_type": text("The form of a delivery: " + choices(sepay.RequestContentTypes())),
		"is_verify_payment":    flag("Whether SePay counts a delivery as a verification of the payment."),
		"skip_if_no_code":      flag("Whether transactions without a payment code are skipped."),
		"active":               flag("Whether SePay sends deliveries."),
		"prefix_filters":       texts("Payment code prefixes to which deliveries are limited; null where SePay does not return it."),
		"retry_conditions": texts("When SePay retries a delivery: " + choices(sepay.RetryConditions()) +
			" Empty when retries are off."),
		"bank_mode": text("Which bank accounts the webhook covers: " + choices(sepay.BankModes()) +
			" Null where SePay does not return it."),
		"bank_account_id":  number("The id of the bank account that the webhook covers; null when it covers several."),
		"bank_account_ids": ids("The ids of the bank accounts that the webhook covers; null where SePay does not return it."),
		"va_mode": text("Which virtual accounts the webhook covers: " + choices(sepay.VAModes()) +
			" Null where SePay does not return it."),
		"only_va":              flag("Whether only transactions on virtual accounts are delivered."),
		"bank_sub_account_ids": ids("The ids of the virtual accounts that the webhook covers."),
		"alert_threshold": number("The number of failed deliveries in a row after which SePay sends an alert. Null where SePay does not " +
			"return it."),
		"alert_event_types": texts("What SePay sends an alert for: " + choices(sepay.AlertEventTypes()) +
			" Null where SePay does not return it."),
		"alert_channel_ids": ids("The ids of the channels that alerts go to; null where SePay does not return it."),
	}
}
