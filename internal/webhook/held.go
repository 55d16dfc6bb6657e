package webhook

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

const heldKey = "held"

// held is what SePay had, after the last apply or import, of the attributes that it fills in, and of the virtual accounts
// that they go with. The state follows SePay at each read, so that it shows what the dashboard changed; held, in private
// state, is what the plan leads back to. nil is what SePay has never returned.
type held struct {
	VAMode            *string   `json:"va_mode,omitempty"`
	OnlyVA            *bool     `json:"only_va,omitempty"`
	BankSubAccountIDs *[]int64  `json:"bank_sub_account_ids,omitempty"`
	RetryConditions   *[]string `json:"retry_conditions,omitempty"`
	AlertThreshold    *int64    `json:"alert_threshold,omitempty"`
	AlertEventTypes   *[]string `json:"alert_event_types,omitempty"`
}

func heldOf(m model) held {
	return held{
		VAMode:            m.VAMode.ValueStringPointer(),
		OnlyVA:            m.OnlyVA.ValueBoolPointer(),
		BankSubAccountIDs: elements(m.BankSubAccountIDs, tfvalue.Int64s),
		RetryConditions:   elements(m.RetryConditions, tfvalue.Strings),
		AlertThreshold:    m.AlertThreshold.ValueInt64Pointer(),
		AlertEventTypes:   elements(m.AlertEventTypes, tfvalue.Strings),
	}
}

// or fills in what h lacks.
func (h held) or(other held) held {
	return held{
		VAMode:            cmp.Or(h.VAMode, other.VAMode),
		OnlyVA:            cmp.Or(h.OnlyVA, other.OnlyVA),
		BankSubAccountIDs: cmp.Or(h.BankSubAccountIDs, other.BankSubAccountIDs),
		RetryConditions:   cmp.Or(h.RetryConditions, other.RetryConditions),
		AlertThreshold:    cmp.Or(h.AlertThreshold, other.AlertThreshold),
		AlertEventTypes:   cmp.Or(h.AlertEventTypes, other.AlertEventTypes),
	}
}

// refreshHeld begins with what an older state or an import has, and adds what SePay has begun to return.
func refreshHeld(ctx context.Context, prior, next model, private privateState) diag.Diagnostics {
	h, diags := loadPrivate[held](ctx, private, heldKey)
	diags.Append(storePrivate(ctx, private, heldKey, h.or(heldOf(prior)).or(heldOf(next)))...)

	return diags
}

// planHeld plans what the configuration of an existing webhook leaves to SePay.
func planHeld(ctx context.Context, config model, plan *model, prior model, private privateState) diag.Diagnostics {
	h, diags := loadPrivate[held](ctx, private, heldKey)
	h = h.or(heldOf(prior))

	// One bank account is configured, so that a mode of several, set earlier or in the dashboard, has to go.
	if config.BankMode.IsNull() {
		if plan.BankMode = types.StringNull(); !prior.BankMode.IsNull() {
			plan.BankMode = types.StringValue(sepay.BankModeSingle)
		}
	}

	if config.RetryConditions.IsNull() {
		plan.RetryConditions = heldSet(h.RetryConditions)
	}

	if config.AlertThreshold.IsNull() {
		plan.AlertThreshold = types.Int64PointerValue(h.AlertThreshold)
	}

	if config.AlertEventTypes.IsNull() {
		plan.AlertEventTypes = heldSet(h.AlertEventTypes)
	}

	planVirtualAccounts(config, plan, prior, h)

	return diags
}

// planVirtualAccounts plans va_mode and only_va. SePay's forms of 2025 and 2026 say the same thing with only_va and with
// va_mode: where the configuration changes one of them, or the list, SePay chooses what becomes of the other.
func planVirtualAccounts(config model, plan *model, prior model, h held) {
	vaMode, onlyVA := types.StringPointerValue(h.VAMode), types.BoolPointerValue(h.OnlyVA)

	moved := !config.VAMode.IsNull() && !config.VAMode.Equal(vaMode) || !config.OnlyVA.IsNull() && !config.OnlyVA.Equal(onlyVA) ||
		plan.BankSubAccountIDs.IsUnknown() || h.BankSubAccountIDs != nil &&
		!slices.Equal(tfvalue.Int64s(plan.BankSubAccountIDs), *h.BankSubAccountIDs)

	// What the dashboard changed goes back to what is held.
	left := func(held, prior attr.Value) bool { return moved && held.Equal(prior) }
	listed := vaMode.ValueString() == sepay.VAModeList

	if config.VAMode.IsNull() {
		switch plan.VAMode = vaMode; {
		case listed && empty(plan.BankSubAccountIDs):
			// A list of none covers nothing, and SePay refuses it.
			plan.VAMode = types.StringValue(sepay.VAModeAll)
		case listed && plan.BankSubAccountIDs.IsUnknown(), left(vaMode, prior.VAMode):
			plan.VAMode = types.StringUnknown()
		}
	}

	if config.OnlyVA.IsNull() {
		// Without a va_mode that it could follow, only_va is sent as it was: a list alone may be refused.
		if plan.OnlyVA = onlyVA; left(onlyVA, prior.OnlyVA) && !vaMode.IsNull() {
			plan.OnlyVA = types.BoolUnknown()
		}
	}
}

func heldSet(values *[]string) types.Set {
	if values == nil {
		return types.SetNull(types.StringType)
	}

	return tfvalue.StringSet(*values)
}

func elements[T any](value types.Set, values func(types.Set) []T) *[]T {
	if value.IsNull() || value.IsUnknown() {
		return nil
	}

	known := values(value)

	return &known
}
