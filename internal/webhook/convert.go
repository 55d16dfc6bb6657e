package webhook

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// decode reads a configuration, a plan or a state whole, in the time that GetAttribute takes for three attributes. The
// framework's Get takes three times as long for an object. With the model itself it takes much longer: it compiles a regular
// expression for the tag of each field each time.
func decode(ctx context.Context, schema interface{ Type() attr.Type }, raw tftypes.Value, into *model) diag.Diagnostics {
	var (
		diags  diag.Diagnostics
		values map[string]tftypes.Value
	)

	object, ok := schema.Type().(types.ObjectType)
	if err := raw.As(&values); err != nil || !ok {
		diags.AddError("Cannot read a webhook's attributes", fmt.Sprintf("They are a %s: %v", raw.Type(), err))

		return diags
	}

	for _, attribute := range attributes(into) {
		value, err := object.AttrTypes[attribute.name].ValueFromTerraform(ctx, values[attribute.name])
		if err != nil {
			diags.AddAttributeError(path.Root(attribute.name), "Cannot read "+attribute.name, err.Error())

			continue
		}

		attribute.field.Set(reflect.ValueOf(value))
	}

	return diags
}

// encode writes a plan or a state whole, see decode.
func encode(ctx context.Context, raw *tftypes.Value, from model) diag.Diagnostics {
	var diags diag.Diagnostics

	values := map[string]tftypes.Value{}

	for _, attribute := range attributes(&from) {
		value, err := attribute.value().ToTerraformValue(ctx)
		if err != nil {
			diags.AddAttributeError(path.Root(attribute.name), "Cannot write "+attribute.name, err.Error())
		}

		values[attribute.name] = value
	}

	if err := tftypes.ValidateValue(raw.Type(), values); err != nil {
		diags.AddError("Cannot write a webhook's attributes", err.Error())
	}

	if !diags.HasError() {
		*raw = tftypes.NewValue(raw.Type(), values)
	}

	return diags
}

// attribute is a field of a model under the name that it has in a configuration.
type attribute struct {
	name  string
	field reflect.Value
}

func (a attribute) value() attr.Value {
	value, _ := reflect.TypeAssert[attr.Value](a.field)

	return value
}

// attributes returns those of a model, always in the same order.
func attributes(m *model) []attribute {
	parts := []reflect.Value{reflect.ValueOf(&m.readable).Elem(), reflect.ValueOf(m).Elem()}
	found := make([]attribute, 0, parts[0].NumField()+parts[1].NumField())

	for _, part := range parts {
		for i := range part.NumField() {
			if name, ok := part.Type().Field(i).Tag.Lookup("tfsdk"); ok {
				found = append(found, attribute{name, part.Field(i)})
			}
		}
	}

	return found
}

// equal reports whether two models have the same attributes.
func (m model) equal(other model) bool {
	return slices.EqualFunc(attributes(&m), attributes(&other), func(a, b attribute) bool { return a.value().Equal(b.value()) })
}
