package webhook

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// readable is what SePay returns of a webhook, secrets aside. It is the whole of a data source.
type readable struct {
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

// model is the managed resource as configuration, plan or state.
type model struct {
	readable

	APIKey                      types.String `tfsdk:"api_key"`
	APIKeyWO                    types.String `tfsdk:"api_key_wo"`
	APIKeyWOVersion             types.Int64  `tfsdk:"api_key_wo_version"`
	SecretKey                   types.String `tfsdk:"secret_key"`
	SecretKeyWO                 types.String `tfsdk:"secret_key_wo"`
	SecretKeyWOVersion          types.Int64  `tfsdk:"secret_key_wo_version"`
	OAuth2ClientSecret          types.String `tfsdk:"oauth2_client_secret"`
	OAuth2ClientSecretWO        types.String `tfsdk:"oauth2_client_secret_wo"`
	OAuth2ClientSecretWOVersion types.Int64  `tfsdk:"oauth2_client_secret_wo_version"`
}

// refreshed returns the model for a response of SePay. What SePay did not return, masked, or normalised harmlessly stays
// as it was in prior; what has no meaning under the response's modes is null or empty, whatever SePay still keeps there.
func refreshed(prior model, got sepay.Webhook) model {
	next := model{readable: readable{
		ID:                 types.Int64Value(got.ID),
		CreatedAt:          keep(prior.CreatedAt, got.CreatedAt, tfvalue.Time),
		Name:               text(prior.Name, got.Name),
		WebhookURL:         text(prior.WebhookURL, got.WebhookURL),
		EventType:          keep(prior.EventType, got.EventType, tfvalue.String),
		RequestContentType: keep(prior.RequestContentType, got.RequestContentType, tfvalue.String),
		IsVerifyPayment:    keep(prior.IsVerifyPayment, got.IsVerifyPayment, tfvalue.Bool),
		SkipIfNoCode:       keep(prior.SkipIfNoCode, got.SkipIfNoCode, tfvalue.Bool),
		Active:             keep(prior.Active, got.Active, tfvalue.Bool),
		PrefixFilters:      ownedSet(prior.PrefixFilters, got.PrefixFilters, tfvalue.StringSet),
		RetryConditions:    servedSet(prior.RetryConditions, got.RetryConditions),
		BankMode:           keep(prior.BankMode, got.BankMode, tfvalue.String),
		VAMode:             keep(prior.VAMode, got.VAMode, tfvalue.String),
		OnlyVA:             keep(prior.OnlyVA, got.OnlyVA, tfvalue.Bool),
		BankSubAccountIDs:  ownedSet(prior.BankSubAccountIDs, got.BankSubAccountIDs, tfvalue.Int64Set),
		AlertThreshold:     keep(prior.AlertThreshold, got.AlertThreshold, tfvalue.Int64),
		AlertEventTypes:    servedSet(prior.AlertEventTypes, got.AlertEventTypes),
		AlertChannelIDs:    ownedSet(prior.AlertChannelIDs, got.AlertChannelIDs, tfvalue.Int64Set),
		AuthenType:         keep(prior.AuthenType, got.AuthenType, tfvalue.String),
		BankAccountIDs:     tfvalue.Int64Set(nil),
	}}

	switch next.BankMode.ValueString() {
	case sepay.BankModeMulti:
		next.BankAccountIDs = ownedSet(prior.BankAccountIDs, got.BankAccountIDs, tfvalue.Int64Set)
	case sepay.BankModeAll:
	default:
		next.BankAccountID = keep(prior.BankAccountID, got.BankAccountID, tfvalue.Int64)
		if next.BankAccountID.ValueInt64() == 0 {
			next.BankAccountID = types.Int64Null()
		}
	}

	if next.AuthenType.ValueString() == sepay.AuthenTypeOAuth2 {
		next.OAuth2AccessTokenURL = text(prior.OAuth2AccessTokenURL, got.OAuth2AccessTokenURL)
		next.OAuth2ClientID = text(prior.OAuth2ClientID, got.OAuth2ClientID)
	}

	return next
}

// changes returns the body that leads from prior to plan, without secrets. For a create, prior is the zero model. A key
// is in it only where the values differ, so that an unrelated change is never undone and a form of the API that does not
// know a key never sees it; or where it goes with one that differs, so that the result is valid whatever SePay has.
func changes(plan, prior model) sepay.WebhookBody {
	if changed(plan.AuthenType, prior.AuthenType) {
		// SePay forgets what belongs to another way of authentication.
		prior.OAuth2AccessTokenURL, prior.OAuth2ClientID = types.StringNull(), types.StringNull()
	}

	if changed(plan.BankMode, prior.BankMode) {
		prior.BankAccountID, prior.BankAccountIDs = types.Int64Null(), types.SetNull(types.Int64Type)
	}

	listed := tfvalue.Int64s(plan.BankSubAccountIDs)
	inUse := len(listed) > 0 && (plan.OnlyVA.ValueBool() || inMode(plan.VAMode, sepay.VAModeList))

	// SePay lets va_mode and only_va follow each other where one of them comes alone.
	if changed(plan.VAMode, prior.VAMode) || changed(plan.OnlyVA, prior.OnlyVA) ||
		!slices.Equal(listed, tfvalue.Int64s(prior.BankSubAccountIDs)) {
		if prior.VAMode, prior.OnlyVA = types.StringNull(), types.BoolNull(); inUse {
			// The virtual accounts have to be of these bank accounts, which SePay may not return.
			prior.BankSubAccountIDs, prior.BankAccountIDs = types.SetNull(types.Int64Type), types.SetNull(types.Int64Type)
		}
	}

	return sepay.WebhookBody{
		Name:               stringKey(plan.Name, prior.Name),
		WebhookURL:         stringKey(plan.WebhookURL, prior.WebhookURL),
		EventType:          stringKey(plan.EventType, prior.EventType),
		AuthenType:         stringKey(plan.AuthenType, prior.AuthenType),
		RequestContentType: stringKey(plan.RequestContentType, prior.RequestContentType),
		IsVerifyPayment:    flagKey(plan.IsVerifyPayment, prior.IsVerifyPayment),
		SkipIfNoCode:       flagKey(plan.SkipIfNoCode, prior.SkipIfNoCode),
		Active:             flagKey(plan.Active, prior.Active),
		OnlyVA:             flagKey(plan.OnlyVA, prior.OnlyVA),
		BankMode:           stringKey(plan.BankMode, prior.BankMode),
		BankAccountID:      intKey(plan.BankAccountID, prior.BankAccountID),
		BankAccountIDs:     ownedKey(plan.BankAccountIDs, prior.BankAccountIDs, tfvalue.Int64s, inMode(plan.BankMode, sepay.BankModeMulti)),
		VAMode:             stringKey(plan.VAMode, prior.VAMode),
		BankSubAccountIDs:  ownedKey(plan.BankSubAccountIDs, prior.BankSubAccountIDs, tfvalue.Int64s, true),
		PrefixFilters:      ownedKey(plan.PrefixFilters, prior.PrefixFilters, tfvalue.Strings, true),
		RetryConditions:    servedKey(plan.RetryConditions, prior.RetryConditions, tfvalue.Strings),
		AlertThreshold:     intKey(plan.AlertThreshold, prior.AlertThreshold),
		AlertEventTypes:    servedKey(plan.AlertEventTypes, prior.AlertEventTypes, tfvalue.Strings),
		AlertChannelIDs:    ownedKey(plan.AlertChannelIDs, prior.AlertChannelIDs, tfvalue.Int64s, true),

		OAuth2AccessTokenURL: stringKey(plan.OAuth2AccessTokenURL, prior.OAuth2AccessTokenURL),
		OAuth2ClientID:       stringKey(plan.OAuth2ClientID, prior.OAuth2ClientID),
	}
}

// concluded returns the state after a write: the plan, with what it left open taken from what was read back.
func concluded(plan, read model) model {
	conclude(&plan.ID, read.ID)
	conclude(&plan.CreatedAt, read.CreatedAt)
	conclude(&plan.RetryConditions, read.RetryConditions)
	conclude(&plan.BankMode, read.BankMode)
	conclude(&plan.VAMode, read.VAMode)
	conclude(&plan.OnlyVA, read.OnlyVA)
	conclude(&plan.AlertThreshold, read.AlertThreshold)
	conclude(&plan.AlertEventTypes, read.AlertEventTypes)

	for _, secret := range secrets() {
		conclude(secret.of(&plan).version, *secret.of(&read).version)
		*secret.of(&plan).writeOnly = types.StringNull()
	}

	return plan
}

func conclude[V attr.Value](planned *V, read V) {
	if (*planned).IsUnknown() {
		*planned = read
	}
}

// keep maps a field that SePay returned, and keeps the prior value of one that it did not.
func keep[T any, V attr.Value](prior V, field sepay.Field[T], convert func(sepay.Field[T]) V) V {
	if _, ok := field.Get(); ok || prior.IsUnknown() {
		return convert(field)
	}

	return prior
}

// text keeps a prior value that SePay stored without its surrounding spaces.
func text(prior types.String, field sepay.Field[string]) types.String {
	value, ok := field.Get()
	if ok && !prior.IsNull() && !prior.IsUnknown() && strings.TrimSpace(prior.ValueString()) == strings.TrimSpace(value) {
		return prior
	}

	return keep(prior, field, tfvalue.String)
}

// ownedSet maps a set that is empty where the configuration leaves it out.
func ownedSet[T any](prior types.Set, field sepay.Field[[]T], convert func([]T) types.Set) types.Set {
	return returnedSet(prior, field, convert, convert(nil))
}

// servedSet maps a set that SePay fills in: null while SePay has never returned it.
func servedSet(prior types.Set, field sepay.Field[[]string]) types.Set {
	return returnedSet(prior, field, tfvalue.StringSet, types.SetNull(types.StringType))
}

// returnedSet maps a set of SePay's, where null means empty. What SePay does not return stays what it was, or is absent.
func returnedSet[T any](prior types.Set, field sepay.Field[[]T], convert func([]T) types.Set, absent types.Set) types.Set {
	switch {
	case field.Present():
		return convert(field.Or(nil))
	case prior.IsNull() || prior.IsUnknown():
		return absent
	default:
		return prior
	}
}
