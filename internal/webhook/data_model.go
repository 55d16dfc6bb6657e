package webhook

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// dataModel is a webhook as the data sources show it: what SePay returns, without secrets.
type dataModel struct {
	ID                   types.Int64       `tfsdk:"id"`
	CreatedAt            timetypes.RFC3339 `tfsdk:"created_at"`
	Name                 types.String      `tfsdk:"name"`
	WebhookURL           types.String      `tfsdk:"webhook_url"`
	EventType            types.String      `tfsdk:"event_type"`
	AuthenType           types.String      `tfsdk:"authen_type"`
	OAuth2AccessTokenURL types.String      `tfsdk:"oauth2_access_token_url"`
	OAuth2ClientID       types.String      `tfsdk:"oauth2_client_id"`
	RequestContentType   types.String      `tfsdk:"request_content_type"`
	IsVerifyPayment      types.Bool        `tfsdk:"is_verify_payment"`
	SkipIfNoCode         types.Bool        `tfsdk:"skip_if_no_code"`
	Active               types.Bool        `tfsdk:"active"`
	PrefixFilters        types.Set         `tfsdk:"prefix_filters"`
	RetryConditions      types.Set         `tfsdk:"retry_conditions"`
	BankMode             types.String      `tfsdk:"bank_mode"`
	BankAccountID        types.Int64       `tfsdk:"bank_account_id"`
	BankAccountIDs       types.Set         `tfsdk:"bank_account_ids"`
	VAMode               types.String      `tfsdk:"va_mode"`
	OnlyVA               types.Bool        `tfsdk:"only_va"`
	BankSubAccountIDs    types.Set         `tfsdk:"bank_sub_account_ids"`
	AlertThreshold       types.Int64       `tfsdk:"alert_threshold"`
	AlertEventTypes      types.Set         `tfsdk:"alert_event_types"`
	AlertChannelIDs      types.Set         `tfsdk:"alert_channel_ids"`
}

func newDataModel(got sepay.Webhook) dataModel {
	// The managed resource and the data sources must read an answer alike; a resource without a past is that reading.
	fresh := refreshed(model{}, got)

	return dataModel{
		ID:                   fresh.ID,
		CreatedAt:            fresh.CreatedAt,
		Name:                 fresh.Name,
		WebhookURL:           fresh.WebhookURL,
		EventType:            fresh.EventType,
		AuthenType:           fresh.AuthenType,
		OAuth2AccessTokenURL: fresh.OAuth2AccessTokenURL,
		OAuth2ClientID:       fresh.OAuth2ClientID,
		RequestContentType:   fresh.RequestContentType,
		IsVerifyPayment:      fresh.IsVerifyPayment,
		SkipIfNoCode:         fresh.SkipIfNoCode,
		Active:               fresh.Active,
		RetryConditions:      fresh.RetryConditions,
		BankMode:             fresh.BankMode,
		BankAccountID:        fresh.BankAccountID,
		VAMode:               fresh.VAMode,
		OnlyVA:               fresh.OnlyVA,
		AlertThreshold:       fresh.AlertThreshold,
		AlertEventTypes:      fresh.AlertEventTypes,
		// A data source has no configuration whose form of "empty" must be kept: empty is empty, and null is "not returned".
		PrefixFilters:     returnedSet(got.PrefixFilters, types.StringType, tfvalue.StringSet),
		BankAccountIDs:    returnedSet(got.BankAccountIDs, types.Int64Type, tfvalue.Int64Set),
		BankSubAccountIDs: returnedSet(got.BankSubAccountIDs, types.Int64Type, tfvalue.Int64Set),
		AlertChannelIDs:   returnedSet(got.AlertChannelIDs, types.Int64Type, tfvalue.Int64Set),
	}
}

func returnedSet[T any](field sepay.Field[[]T], of attr.Type, convert func([]T) types.Set) types.Set {
	return servedSet(types.SetNull(of), field, of, convert)
}
