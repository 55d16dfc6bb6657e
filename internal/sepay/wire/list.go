package wire

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxElements bounds a list within an object: the framework compares sets element by element with each other.
const maxElements = 2_000

// ObjectOf returns the parser of an object.
func ObjectOf[T any](decode func(*Object) T) Parser[T] {
	return func(value any) (T, bool, error) {
		// PHP writes an object without keys as [].
		if _, ok := value.([]any); ok {
			var zero T

			return zero, false, nil
		}

		o := readObject(value)
		decoded := decode(o)

		return decoded, true, o.err
	}
}

// ListOf returns the parser of a list.
func ListOf[T any](parse Parser[T]) Parser[[]T] {
	return func(value any) ([]T, bool, error) {
		items, err := elements(value)
		if err != nil {
			return nil, false, err
		}

		if len(items) > maxElements {
			return nil, false, fmt.Errorf("a list of more than %d elements is not read", maxElements)
		}

		values := make([]T, 0, len(items))

		for _, item := range items {
			if item == nil {
				continue
			}

			value, some, err := parse(item)
			if err != nil {
				return nil, false, err
			}

			if some {
				values = append(values, value)
			}
		}

		return values, true, nil
	}
}

// elements returns the elements of a list. PHP writes a list with gaps in its keys as an object, and an empty one possibly as "".
func elements(value any) ([]any, error) {
	switch list := value.(type) {
	case []any:
		return list, nil
	case map[string]any:
		items := make([]any, 0, len(list))
		for _, key := range slices.SortedFunc(maps.Keys(list), compareIndexes) {
			items = append(items, list[key])
		}

		return items, nil
	}

	if isBlank(value) {
		return nil, nil
	}

	return nil, fmt.Errorf("a list was expected, not %s", describe(value))
}

func compareIndexes(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}

	return strings.Compare(a, b)
}

// parseConditions reads retry_conditions: a list of enabled conditions, or an object of flags.
func parseConditions(value any) ([]string, bool, error) {
	byName, ok := value.(map[string]any)
	if !ok {
		return ListOf(parseText)(value)
	}

	if len(byName) > maxElements {
		return nil, false, fmt.Errorf("an object of more than %d flags is not read", maxElements)
	}

	on := []string{}

	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if flag, _, err := parseFlag(byName[name]); err != nil && byName[name] != nil {
			return nil, false, err
		} else if flag {
			on = append(on, name)
		}
	}

	return on, true, nil
}
