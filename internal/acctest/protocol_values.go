package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Unknown is a value of a configuration that is unknown before apply. In plans it is a value that the provider knows only
// after apply.
const Unknown = unknown("(known after apply)")

type unknown string

// terraformPrecision is the number of bits in which Terraform itself keeps numbers.
const terraformPrecision = 512

// toValue builds the Terraform value of a plain Go one: nil, Unknown, string, bool, int, int64, json.Number, slices, and
// map[string]any for objects and maps. Attributes that an object does not mention are null, as in HCL.
func toValue(typ tftypes.Type, plain any) (tftypes.Value, error) {
	switch plain {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	}

	switch typed := typ.(type) {
	case tftypes.Object:
		return toObject(typed, plain)
	case tftypes.Map:
		members, ok := plain.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%T cannot be a map", plain)
		}

		values, err := toMembers(members, func(string) (tftypes.Type, bool) { return typed.ElementType, true })

		return newValue(typ, values, err)
	case tftypes.List:
		values, err := toElements(typed.ElementType, plain)

		return newValue(typ, values, err)
	case tftypes.Set:
		values, err := toElements(typed.ElementType, plain)

		return newValue(typ, values, err)
	default:
		return toScalar(typ, plain)
	}
}

func toObject(typ tftypes.Object, plain any) (tftypes.Value, error) {
	members, ok := plain.(map[string]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%T cannot be an object", plain)
	}

	values, err := toMembers(members, func(name string) (tftypes.Type, bool) {
		attribute, ok := typ.AttributeTypes[name]

		return attribute, ok
	})
	if err != nil {
		return tftypes.Value{}, err
	}

	for name, attribute := range typ.AttributeTypes {
		if _, ok := values[name]; !ok {
			values[name] = tftypes.NewValue(attribute, nil)
		}
	}

	return newValue(typ, values, nil)
}

func toMembers(members map[string]any, typeOf func(string) (tftypes.Type, bool)) (map[string]tftypes.Value, error) {
	values := make(map[string]tftypes.Value, len(members))

	for name, member := range members {
		typ, ok := typeOf(name)
		if !ok {
			return nil, fmt.Errorf("there is no attribute %q", name)
		}

		value, err := toValue(typ, member)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}

		values[name] = value
	}

	return values, nil
}

func toElements(typ tftypes.Type, plain any) ([]tftypes.Value, error) {
	slice := reflect.ValueOf(plain)
	if slice.Kind() != reflect.Slice {
		return nil, fmt.Errorf("%T cannot be a list or set", plain)
	}

	values := make([]tftypes.Value, slice.Len())

	for i := range values {
		value, err := toValue(typ, slice.Index(i).Interface())
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}

		values[i] = value
	}

	return values, nil
}

func toScalar(typ tftypes.Type, plain any) (tftypes.Value, error) {
	switch number := plain.(type) {
	case int:
		plain = int64(number)
	case json.Number:
		parsed, _, err := big.ParseFloat(number.String(), 10, terraformPrecision, big.ToNearestEven)
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("%q is no number: %w", number, err)
		}

		plain = parsed
	}

	return newValue(typ, plain, nil)
}

func newValue(typ tftypes.Type, content any, err error) (tftypes.Value, error) {
	if err != nil {
		return tftypes.Value{}, err
	}

	if err := tftypes.ValidateValue(typ, content); err != nil {
		return tftypes.Value{}, fmt.Errorf("%v does not fit: %w", content, err)
	}

	return tftypes.NewValue(typ, content), nil
}

// fromValue is the inverse of toValue. Whole numbers become int64, others json.Number with all their digits. The
// elements of a set are in an order that depends only on themselves, so that sets can be compared.
func fromValue(value tftypes.Value) (any, error) {
	if !value.IsKnown() {
		return Unknown, nil
	}

	// nil is how null is written here.
	if value.IsNull() {
		return nil, nil
	}

	switch typ := value.Type(); {
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		return fromMembers(value)
	case typ.Is(tftypes.List{}), typ.Is(tftypes.Set{}), typ.Is(tftypes.Tuple{}):
		return fromElements(value, typ.Is(tftypes.Set{}))
	case typ.Is(tftypes.Number):
		return fromNumber(value)
	case typ.Is(tftypes.Bool):
		var flag bool

		err := value.As(&flag)

		return flag, err
	default:
		var text string

		err := value.As(&text)

		return text, err
	}
}

func fromMembers(value tftypes.Value) (map[string]any, error) {
	var members map[string]tftypes.Value
	if err := value.As(&members); err != nil {
		return nil, err
	}

	plain := make(map[string]any, len(members))

	for name, member := range members {
		converted, err := fromValue(member)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}

		plain[name] = converted
	}

	return plain, nil
}

func fromElements(value tftypes.Value, sorted bool) ([]any, error) {
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}

	plain := make([]any, len(elements))

	for i, element := range elements {
		converted, err := fromValue(element)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}

		plain[i] = converted
	}

	if sorted {
		slices.SortFunc(plain, func(a, b any) int { return strings.Compare(orderKey(a), orderKey(b)) })
	}

	return plain, nil
}

// orderKey sorts integers by value and everything else by its text.
func orderKey(plain any) string {
	if number, ok := plain.(int64); ok {
		return fmt.Sprintf("%020d", number)
	}

	return fmt.Sprint(plain)
}

func fromNumber(value tftypes.Value) (any, error) {
	var number big.Float
	if err := value.As(&number); err != nil {
		return nil, err
	}

	if whole, accuracy := number.Int64(); accuracy == big.Exact {
		return whole, nil
	}

	return json.Number(number.Text('f', -1)), nil
}

// dynamic encodes a value for the protocol.
func dynamic(value tftypes.Value) (*tfprotov6.DynamicValue, error) {
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		return nil, fmt.Errorf("encode for the protocol: %w", err)
	}

	return &encoded, nil
}

// decode is the inverse of dynamic; missing values are null.
func decode(typ tftypes.Type, encoded *tfprotov6.DynamicValue) (tftypes.Value, error) {
	if encoded == nil {
		return tftypes.NewValue(typ, nil), nil
	}

	value, err := encoded.Unmarshal(typ)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("decode from the protocol: %w", err)
	}

	return value, nil
}

// decodeObject decodes an object to a plain map, nil when it is null.
func decodeObject(typ tftypes.Type, encoded *tfprotov6.DynamicValue) (map[string]any, error) {
	value, err := decode(typ, encoded)
	if err != nil || value.IsNull() {
		return nil, err
	}

	return fromMembers(value)
}

// isNull reports whether a plain value is null, also when it is a nil map or slice.
func isNull(plain any) bool {
	if plain == nil {
		return true
	}

	value := reflect.ValueOf(plain)

	return (value.Kind() == reflect.Map || value.Kind() == reflect.Slice) && value.IsNil()
}

// hasUnknown reports whether anything in a plain value is unknown.
func hasUnknown(plain any) bool {
	switch typed := plain.(type) {
	case unknown:
		return true
	case []any:
		return slices.ContainsFunc(typed, hasUnknown)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(typed)), hasUnknown)
	default:
		return false
	}
}
