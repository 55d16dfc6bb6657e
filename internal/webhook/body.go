package webhook

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func inMode(mode types.String, value string) bool { return mode.ValueString() == value }

// changed reports whether a planned value is known, set, and not what it was.
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
