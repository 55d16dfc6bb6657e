package sepay

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxElements bounds a list within an object: the framework compares sets element by element with each other.
	maxElements = 2_000
	// maxNumber and maxExponent bound a number: the big numbers that Terraform makes of it take as much memory as its
	// exponent says.
	maxNumber   = 100
	maxExponent = 100
)

const errNotAnObject = sentinel("an object was expected")

// vietnamTime is the zone of all dates of SePay's, which carry no offset. The zone has had no daylight saving time
// since 1975, so that it needs no time zone database.
func vietnamTime() *time.Location { return time.FixedZone("+07:00", 7*60*60) }

// object reads the keys of one JSON object. SePay's forms differ in the types too: numbers and booleans may come as
// strings, booleans as 0 and 1. The first key that cannot be read is kept as the error.
type object struct {
	keys map[string]any
	err  error
}

func readObject(value any) *object {
	keys, ok := value.(map[string]any)
	if !ok {
		return &object{err: errNotAnObject}
	}

	return &object{keys: keys}
}

func (o *object) fail(key string, err error) {
	if o.err == nil {
		o.err = fmt.Errorf("%q: %w", key, err)
	}
}

// id reads the key that every object has to have.
func (o *object) id() int64 {
	id, ok := o.integer("id").Get()
	if !ok {
		o.fail("id", errors.New("it is missing"))
	} else if id <= 0 {
		o.fail("id", errors.New("it is not positive"))
	}

	return id
}

// field reads one of several names of a key with parse; the first that is present counts.
func field[T any](o *object, parse func(any) (T, bool, error), names ...string) Field[T] {
	for _, name := range names {
		written, present := o.keys[name]
		if !present {
			continue
		}

		if written == nil {
			return Null[T]()
		}

		value, some, err := parse(written)

		switch {
		case err != nil:
			o.fail(name, err)

			return Field[T]{}
		case !some:
			return Null[T]()
		default:
			return Of(value)
		}
	}

	return Field[T]{}
}

func (o *object) text(names ...string) Field[string]        { return field(o, parseText, names...) }
func (o *object) integer(names ...string) Field[int64]      { return field(o, parseInteger, names...) }
func (o *object) flag(names ...string) Field[bool]          { return field(o, parseFlag, names...) }
func (o *object) number(names ...string) Field[json.Number] { return field(o, parseNumber, names...) }
func (o *object) date(names ...string) Field[time.Time]     { return field(o, parseDate, names...) }
func (o *object) integers(names ...string) Field[[]int64] {
	return field(o, listOf(parseInteger), names...)
}

func (o *object) texts(names ...string) Field[[]string] { return field(o, listOf(parseText), names...) }

func (o *object) conditions(names ...string) Field[[]string] {
	return field(o, parseConditions, names...)
}

// scalarText returns a string's value, or a number or boolean as it is written; "" for everything else.
func scalarText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	default:
		return ""
	}
}

// isBlank tells whether a value is a text of nothing but spaces.
func isBlank(value any) bool {
	text, ok := value.(string)

	return ok && strings.TrimSpace(text) == ""
}

// The parsers return a value, whether there is one (a key may be there and mean null), and what is wrong with it.

func parseText(value any) (string, bool, error) {
	switch value.(type) {
	case []any, map[string]any:
		return "", false, fmt.Errorf("a text was expected, not %s", kindOf(value))
	default:
		return scalarText(value), true, nil
	}
}

func parseInteger(value any) (int64, bool, error) {
	if isBlank(value) {
		return 0, false, nil
	}

	text := strings.TrimSpace(scalarText(value))
	if number, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number, true, nil
	}

	// A database column of decimals shows as 25.00.
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0") == "" {
		if number, err := strconv.ParseInt(whole, 10, 64); err == nil {
			return number, true, nil
		}
	}

	return 0, false, fmt.Errorf("a whole number was expected, not %s", kindOf(value))
}

func parseFlag(value any) (bool, bool, error) {
	// A blank text is how PHP writes false where it writes every scalar as a string.
	if isBlank(value) {
		return false, true, nil
	}

	switch strings.ToLower(strings.TrimSpace(scalarText(value))) {
	case "true", "1":
		return true, true, nil
	case "false", "0":
		return false, true, nil
	}

	return false, false, fmt.Errorf("true or false was expected, not %s", kindOf(value))
}

// parseNumber keeps the digits as they came: a balance does not fit into a float64 with all its decimals.
func parseNumber(value any) (json.Number, bool, error) {
	if isBlank(value) {
		return "", false, nil
	}

	text := strings.TrimSpace(scalarText(value))

	_, err := strconv.ParseFloat(text, 64)
	_, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	power, _ := strconv.Atoi(exponent) // 0, or the nearest number that there is

	tooLong := len(text) > maxNumber || scientific && (power > maxExponent || power < -maxExponent)

	if err != nil || tooLong || strings.ContainsAny(text, "xXpP_nN") {
		return "", false, fmt.Errorf("a number was expected, not %s", kindOf(value))
	}

	return json.Number(text), true, nil
}

func parseDate(value any) (time.Time, bool, error) {
	text := strings.TrimSpace(scalarText(value))
	if isBlank(value) || strings.HasPrefix(text, "0000-00-00") {
		return time.Time{}, false, nil
	}

	zone := vietnamTime()

	for _, layout := range []string{time.DateTime, time.RFC3339, "2006-01-02T15:04:05"} {
		if date, err := time.ParseInLocation(layout, text, zone); err == nil {
			return date.In(zone), true, nil
		}
	}

	return time.Time{}, false, fmt.Errorf("a date was expected, not %s", kindOf(value))
}

// listOf reads a list.
func listOf[T any](parse func(any) (T, bool, error)) func(any) ([]T, bool, error) {
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

// elements returns what is in a list. PHP writes a list with gaps in its keys as an object, and an empty one perhaps as "".
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

	return nil, fmt.Errorf("a list was expected, not %s", kindOf(value))
}

func compareIndexes(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}

	return strings.Compare(a, b)
}

// parseConditions reads retry_conditions: a list of those that are on, or an object of flags.
func parseConditions(value any) ([]string, bool, error) {
	byName, ok := value.(map[string]any)
	if !ok {
		return listOf(parseText)(value)
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

// kindOf names what stands there without showing it: it may be a secret.
func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "another text"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case bool:
		return "a boolean"
	default:
		return "a number of another form"
	}
}
