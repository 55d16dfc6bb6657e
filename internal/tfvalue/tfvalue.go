// Package tfvalue maps fields of SePay's responses to Terraform's values. An absent key and null become null: each concept
// package decides whether that means "empty" or "not returned".
package tfvalue

import (
	"cmp"
	"encoding/json"
	"math/big"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// String maps a text.
func String(field sepay.Field[string]) types.String {
	if value, ok := field.Get(); ok {
		return types.StringValue(value)
	}

	return types.StringNull()
}

// Bool maps a flag.
func Bool(field sepay.Field[bool]) types.Bool {
	if value, ok := field.Get(); ok {
		return types.BoolValue(value)
	}

	return types.BoolNull()
}

// Int64 maps an integer.
func Int64(field sepay.Field[int64]) types.Int64 {
	if value, ok := field.Get(); ok {
		return types.Int64Value(value)
	}

	return types.Int64Null()
}

// Number maps an amount of money without a loss of digits. Anything but a number becomes null.
func Number(field sepay.Field[json.Number]) types.Number {
	value, ok := field.Get()
	if !ok {
		return types.NumberNull()
	}

	// 512 bits is the precision in which Terraform itself keeps numbers.
	number, _, err := big.ParseFloat(value.String(), 10, 512, big.ToNearestEven)
	if err != nil {
		return types.NumberNull()
	}

	return types.NumberValue(number)
}

// Time maps a time to RFC 3339.
func Time(field sepay.Field[time.Time]) timetypes.RFC3339 {
	if value, ok := field.Get(); ok {
		return timetypes.NewRFC3339TimeValue(value)
	}

	return timetypes.NewRFC3339Null()
}

// StringSet maps texts to a set that is never null.
func StringSet(values []string) types.Set {
	return set(values, types.StringType, func(value string) attr.Value { return types.StringValue(value) })
}

// Int64Set maps ids to a set that is never null.
func Int64Set(values []int64) types.Set {
	return set(values, types.Int64Type, func(value int64) attr.Value { return types.Int64Value(value) })
}

// set drops repeated values, which a Terraform set refuses.
func set[T cmp.Ordered](values []T, of attr.Type, wrap func(T) attr.Value) types.Set {
	distinct := slices.Compact(slices.Sorted(slices.Values(values)))
	elements := make([]attr.Value, len(distinct))

	for i, value := range distinct {
		elements[i] = wrap(value)
	}

	return types.SetValueMust(of, elements)
}

// Strings returns the known texts of a set, sorted.
func Strings(value types.Set) []string {
	texts := make([]string, 0, len(value.Elements()))

	for _, element := range value.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() && !text.IsNull() {
			texts = append(texts, text.ValueString())
		}
	}

	slices.Sort(texts)

	return texts
}

// Int64s returns the known integers of a set, sorted.
func Int64s(value types.Set) []int64 {
	numbers := make([]int64, 0, len(value.Elements()))

	for _, element := range value.Elements() {
		if number, ok := element.(types.Int64); ok && !number.IsUnknown() && !number.IsNull() {
			numbers = append(numbers, number.ValueInt64())
		}
	}

	slices.Sort(numbers)

	return numbers
}
