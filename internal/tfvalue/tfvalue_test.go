package tfvalue_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

func TestAbsentAndNullKeysBecomeNull(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]attr.Value{
		"absent text": tfvalue.String(sepay.Field[string]{}), "null text": tfvalue.String(sepay.Null[string]()),
		"absent flag": tfvalue.Bool(sepay.Field[bool]{}), "null flag": tfvalue.Bool(sepay.Null[bool]()),
		"absent id": tfvalue.Int64(sepay.Field[int64]{}), "null id": tfvalue.Int64(sepay.Null[int64]()),
		"absent money": tfvalue.Number(sepay.Field[json.Number]{}), "null money": tfvalue.Number(sepay.Null[json.Number]()),
		"money that is none": tfvalue.Number(sepay.Of(json.Number("much"))),
		"absent time":        tfvalue.Time(sepay.Field[time.Time]{}), "null time": tfvalue.Time(sepay.Null[time.Time]()),
	} {
		if !value.IsNull() {
			t.Errorf("%s: got %s", name, value)
		}
	}
}

func TestEmptyIsNotNull(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]attr.Value{
		"text": tfvalue.String(sepay.Of("")), "flag": tfvalue.Bool(sepay.Of(false)), "id": tfvalue.Int64(sepay.Of(int64(0))),
		"money": tfvalue.Number(sepay.Of(json.Number("0.00"))),
		"texts": tfvalue.StringSet(nil), "ids": tfvalue.Int64Set(nil),
	} {
		if value.IsNull() || value.IsUnknown() {
			t.Errorf("%s: got %s", name, value)
		}
	}
}

func TestMoneyKeepsItsDigits(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"999999999999999.99", "0.01", "-12.5", "123456789012345678901234567890.12"} {
		if got := tfvalue.Number(sepay.Of(json.Number(text))).ValueBigFloat().Text('f', -1); got != text {
			t.Errorf("got %s, want %s", got, text)
		}
	}
}

func TestTimesAreRFC3339InTheirOwnOffset(t *testing.T) {
	t.Parallel()

	instant := time.Date(2025, 2, 15, 14, 23, 56, 0, time.FixedZone("", 7*3600))
	if got := tfvalue.Time(sepay.Of(instant)).ValueString(); got != "2025-02-15T14:23:56+07:00" {
		t.Errorf("got %s", got)
	}
}

func TestSetsDropRepeatedValues(t *testing.T) {
	t.Parallel()

	given := []int64{26, 25, 26}
	if got := tfvalue.Int64s(tfvalue.Int64Set(given)); !slices.Equal(got, []int64{25, 26}) {
		t.Errorf("got %v", got)
	}

	if !slices.Equal(given, []int64{26, 25, 26}) {
		t.Errorf("the argument was changed to %v", given)
	}

	if got := tfvalue.Strings(tfvalue.StringSet([]string{"b", "a", "b"})); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %v", got)
	}
}

func TestUnknownAndNullElementsAreLeftOut(t *testing.T) {
	t.Parallel()

	texts := types.SetValueMust(types.StringType, []attr.Value{
		types.StringUnknown(), types.StringValue("a"), types.StringNull(),
	})
	if got := tfvalue.Strings(texts); !slices.Equal(got, []string{"a"}) {
		t.Errorf("got %v", got)
	}

	ids := types.SetValueMust(types.Int64Type, []attr.Value{types.Int64Value(7), types.Int64Unknown(), types.Int64Null()})
	if got := tfvalue.Int64s(ids); !slices.Equal(got, []int64{7}) {
		t.Errorf("got %v", got)
	}

	if got := tfvalue.Strings(types.SetUnknown(types.StringType)); got == nil || len(got) != 0 {
		t.Errorf("got %v of an unknown set, want an empty slice", got)
	}
}
