package webhook

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// changes returns the body that leads from prior to plan, without secrets. For a create, prior is the zero model. A key
// stands in it only where the values differ, so that an unrelated change is never undone and a form of the API that does
// not know a key never sees it.
func changes(plan, prior model) sepay.WebhookBody {
	authenType := changed(plan.AuthenType, prior.AuthenType)
	vaMode := changed(plan.VAMode, prior.VAMode)

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
		BankSubAccountIDs:  subAccountsKey(plan, prior, vaMode),
		PrefixFilters:      ownedKey(plan.PrefixFilters, prior.PrefixFilters, tfvalue.Strings, true),
		RetryConditions:    servedKey(plan.RetryConditions, prior.RetryConditions, tfvalue.Strings),
		AlertThreshold:     intKey(plan.AlertThreshold, prior.AlertThreshold),
		AlertEventTypes:    servedKey(plan.AlertEventTypes, prior.AlertEventTypes, tfvalue.Strings),
		AlertChannelIDs:    ownedKey(plan.AlertChannelIDs, prior.AlertChannelIDs, tfvalue.Int64s, true),
		// SePay forgets what belongs to another way of authentication, so that a switch sends all that the new one needs.
		OAuth2AccessTokenURL: stringKey(plan.OAuth2AccessTokenURL, unless(authenType, prior.OAuth2AccessTokenURL)),
		OAuth2ClientID:       stringKey(plan.OAuth2ClientID, unless(authenType, prior.OAuth2ClientID)),
	}
}

// subAccountsKey sends the list again with a switch to the mode that needs it, even where the list did not change.
func subAccountsKey(plan, prior model, vaMode bool) *[]int64 {
	if vaMode && inMode(plan.VAMode, sepay.VAModeList) && len(plan.BankSubAccountIDs.Elements()) > 0 {
		ids := tfvalue.Int64s(plan.BankSubAccountIDs)

		return &ids
	}

	return ownedKey(plan.BankSubAccountIDs, prior.BankSubAccountIDs, tfvalue.Int64s, true)
}

// unless returns null in place of value when condition holds.
func unless(condition bool, value types.String) types.String {
	if condition {
		return types.StringNull()
	}

	return value
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
