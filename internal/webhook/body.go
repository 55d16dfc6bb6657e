package webhook

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

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

func inMode(mode types.String, value string) bool { return mode.ValueString() == value }

// changed tells whether a planned value is known, set, and not what it was.
func changed(plan, prior attr.Value) bool {
	return !plan.IsNull() && !plan.IsUnknown() && !plan.Equal(prior)
}

func stringKey(plan, prior types.String) *string {
	if !changed(plan, prior) {
		return nil
	}

	return plan.ValueStringPointer()
}

func intKey(plan, prior types.Int64) *int64 {
	if !changed(plan, prior) {
		return nil
	}

	return plan.ValueInt64Pointer()
}

func flagKey(plan, prior types.Bool) *sepay.Flag {
	if !changed(plan, prior) {
		return nil
	}

	flag := sepay.Flag(plan.ValueBool())

	return &flag
}

// ownedKey sends a set for which empty means the same as unset: an empty one is sent only to clear a list, and only
// where the list has a meaning.
func ownedKey[T comparable](plan, prior types.Set, values func(types.Set) []T, meaningful bool) *[]T {
	if plan.IsUnknown() || !meaningful {
		return nil
	}

	next := values(plan)
	if slices.Equal(next, values(prior)) {
		return nil
	}

	return &next
}

// servedKey sends a set that SePay fills in, where empty is a value of its own.
func servedKey[T comparable](plan, prior types.Set, values func(types.Set) []T) *[]T {
	if plan.IsNull() || plan.IsUnknown() {
		return nil
	}

	next := values(plan)
	if !prior.IsNull() && slices.Equal(next, values(prior)) {
		return nil
	}

	return &next
}
