package webhook

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// decode reads a configuration, a plan or a state whole. Its Get would do the same with the model itself, and compile a
// regular expression for the tag of each field each time, a tenth of what a plan costs.
func decode(ctx context.Context, source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}, into *model,
) diag.Diagnostics {
	var object types.Object

	diags := source.Get(ctx, &object)
	if diags.HasError() {
		return diags
	}

	values := object.Attributes()
	for name, field := range fields(into) {
		field.Set(reflect.ValueOf(values[name]))
	}

	return diags
}

// encode writes a plan or a state whole, see decode.
func encode(ctx context.Context, target interface {
	Set(ctx context.Context, value any) diag.Diagnostics
}, from model,
) diag.Diagnostics {
	values, valueTypes := map[string]attr.Value{}, map[string]attr.Type{}

	for name, field := range fields(&from) {
		if value, ok := reflect.TypeAssert[attr.Value](field); ok {
			values[name], valueTypes[name] = value, value.Type(ctx)
		}
	}

	object, diags := types.ObjectValue(valueTypes, values)
	if diags.HasError() {
		return diags
	}

	return append(diags, target.Set(ctx, object)...)
}

// fields are the attributes of a model under their names.
func fields(m *model) map[string]reflect.Value {
	found := map[string]reflect.Value{}
	value := reflect.ValueOf(m).Elem()

	for _, field := range reflect.VisibleFields(value.Type()) {
		if name, ok := field.Tag.Lookup("tfsdk"); ok {
			found[name] = value.FieldByIndex(field.Index)
		}
	}

	return found
}

// equal reports whether two models have the same attributes.
func (m model) equal(other model) bool {
	others := fields(&other)

	for name, field := range fields(&m) {
		value, _ := reflect.TypeAssert[attr.Value](field)
		if same, _ := reflect.TypeAssert[attr.Value](others[name]); !value.Equal(same) {
			return false
		}
	}

	return true
}
