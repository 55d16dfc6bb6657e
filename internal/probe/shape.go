package probe

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// The types of scalars in a shape.
const (
	typeNull    = "null"
	typeBoolean = "boolean"
	typeInteger = "integer"
	typeNumber  = "number"
	typeString  = "string"
	typeEmpty   = "string (empty)"
	typeDigits  = "string (digits)"
	typeDate    = "string (date)"
	typeTime    = "string (date and time)"

	// otherKey replaces a key that may have data of the account.
	otherKey = "(another key)"
	// alternative separates the types that the elements of one list have.
	alternative = " | "
)

// dateTime is SePay's format of dates.
const dateTime = "2006-01-02 15:04:05"

// shape returns a value with a type for each scalar: it has no value of the account. Elements of a list are merged.
func (n *names) shape(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := map[string]any{}

		for _, key := range slices.Sorted(maps.Keys(value)) {
			shown := n.key(key)
			object[shown] = merged(object[shown], n.shape(value[key]))
		}

		return object
	case []any:
		var element any
		for _, item := range value {
			element = merged(element, n.shape(item))
		}

		if element == nil {
			return []any{}
		}

		return []any{element}
	default:
		return scalarType(value)
	}
}

func scalarType(value any) string {
	switch value := value.(type) {
	case nil:
		return typeNull
	case bool:
		return typeBoolean
	case json.Number:
		if _, err := value.Int64(); err == nil {
			return typeInteger
		}

		return typeNumber
	case string:
		return stringType(value)
	default:
		return typeString
	}
}

func stringType(value string) string {
	if value == "" {
		return typeEmpty
	}

	if strings.Trim(value, "0123456789") == "" {
		return typeDigits
	}

	if _, err := time.Parse(dateTime, value); err == nil {
		return typeTime
	}

	if _, err := time.Parse(time.DateOnly, value); err == nil {
		return typeDate
	}

	return typeString
}

// merged returns the union of two shapes; nil is no value.
func merged(a, b any) any {
	if a == nil || b == nil {
		if a == nil {
			return b
		}

		return a
	}

	switch left := a.(type) {
	case map[string]any:
		if right, ok := b.(map[string]any); ok {
			both := maps.Clone(left)
			for key, value := range right {
				both[key] = merged(both[key], value)
			}

			return both
		}
	case []any:
		if right, ok := b.([]any); ok {
			if len(left) == 0 || len(right) == 0 {
				return append(slices.Clone(left), right...)
			}

			return []any{merged(left[0], right[0])}
		}
	}

	types := append(alternatives(a), alternatives(b)...)
	slices.Sort(types)

	return strings.Join(slices.Compact(types), alternative)
}

func alternatives(shape any) []string {
	switch shape := shape.(type) {
	case string:
		return strings.Split(shape, alternative)
	case []any:
		return []string{"list"}
	default:
		return []string{"object"}
	}
}
