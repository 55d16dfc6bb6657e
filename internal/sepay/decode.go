package sepay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// byteOrderMark is put before JSON by some proxies and refused by encoding/json.
const byteOrderMark = "\ufeff"

var errNotAnObject = errors.New("an object was expected")

// vietnamTime is the zone of all dates of SePay's, which carry no offset. The zone has had no daylight saving time
// since 1975, so that it needs no time zone database.
func vietnamTime() *time.Location { return time.FixedZone("+07:00", 7*60*60) }

// object reads the keys of one JSON object. SePay's forms differ in the types too: numbers and booleans may come as
// strings, booleans as 0 and 1. The first key that cannot be read is kept as the error.
type object struct {
	keys map[string]json.RawMessage
	err  error
}

func readObject(raw json.RawMessage) *object {
	o := &object{}
	if err := json.Unmarshal(raw, &o.keys); err != nil || o.keys == nil {
		o.err = errNotAnObject
	}

	return o
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
	}

	return id
}

// field reads one of several names of a key with parse; the first that is present counts.
func field[T any](o *object, parse func(json.RawMessage) (T, bool, error), names ...string) Field[T] {
	for _, name := range names {
		raw, present := o.keys[name]
		if !present {
			continue
		}

		if isNull(raw) {
			return Null[T]()
		}

		value, some, err := parse(raw)

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

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || bytes.Equal(raw, []byte("null")) }

// scalarText returns a string's value, or a number or boolean as it is written; "" for everything else.
func scalarText(raw json.RawMessage) string {
	if isNull(raw) {
		return ""
	}

	switch raw[0] {
	case '"':
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return ""
		}

		return text
	case '{', '[':
		return ""
	default:
		return string(raw)
	}
}

// The parsers return a value, whether there is one (a key may be there and mean null), and what is wrong with it.

func parseText(raw json.RawMessage) (string, bool, error) {
	if raw[0] == '{' || raw[0] == '[' {
		return "", false, fmt.Errorf("a text was expected, not %s", kindOf(raw))
	}

	return scalarText(raw), true, nil
}

func parseInteger(raw json.RawMessage) (int64, bool, error) {
	text := strings.TrimSpace(scalarText(raw))
	if raw[0] == '"' && text == "" {
		return 0, false, nil
	}

	if value, err := strconv.ParseInt(text, 10, 64); err == nil {
		return value, true, nil
	}

	// A database column of decimals shows as 25.00.
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0") == "" {
		if value, err := strconv.ParseInt(whole, 10, 64); err == nil {
			return value, true, nil
		}
	}

	return 0, false, fmt.Errorf("a whole number was expected, not %s", kindOf(raw))
}

func parseFlag(raw json.RawMessage) (bool, bool, error) {
	switch strings.ToLower(strings.TrimSpace(scalarText(raw))) {
	case "true", "1":
		return true, true, nil
	case "false", "0":
		return false, true, nil
	case "":
		// "" is how PHP writes false where it writes every scalar as a string.
		if raw[0] == '"' {
			return false, true, nil
		}
	}

	return false, false, fmt.Errorf("true or false was expected, not %s", kindOf(raw))
}

// parseNumber keeps the digits as they came: a balance does not fit into a float64 with all its decimals.
func parseNumber(raw json.RawMessage) (json.Number, bool, error) {
	text := strings.TrimSpace(scalarText(raw))
	if raw[0] == '"' && text == "" {
		return "", false, nil
	}

	if _, err := strconv.ParseFloat(text, 64); err != nil || strings.ContainsAny(text, "xXpP_nN") {
		return "", false, fmt.Errorf("a number was expected, not %s", kindOf(raw))
	}

	return json.Number(text), true, nil
}

func parseDate(raw json.RawMessage) (time.Time, bool, error) {
	text := strings.TrimSpace(scalarText(raw))
	if text == "" && raw[0] == '"' || strings.HasPrefix(text, "0000-00-00") {
		return time.Time{}, false, nil
	}

	zone := vietnamTime()

	for _, layout := range []string{time.DateTime, time.RFC3339, "2006-01-02T15:04:05"} {
		if date, err := time.ParseInLocation(layout, text, zone); err == nil {
			return date.In(zone), true, nil
		}
	}

	return time.Time{}, false, fmt.Errorf("a date was expected, not %s", kindOf(raw))
}

// listOf reads a list. PHP writes a list with gaps in its keys as an object, and an empty one perhaps as "".
func listOf[T any](parse func(json.RawMessage) (T, bool, error)) func(json.RawMessage) ([]T, bool, error) {
	return func(raw json.RawMessage) ([]T, bool, error) {
		items, err := elements(raw)
		if err != nil {
			return nil, false, err
		}

		values := make([]T, 0, len(items))

		for _, item := range items {
			if isNull(item) {
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

func elements(raw json.RawMessage) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return list, nil
	}

	var byKey map[string]json.RawMessage
	if json.Unmarshal(raw, &byKey) == nil {
		for _, key := range slices.SortedFunc(maps.Keys(byKey), compareIndexes) {
			list = append(list, byKey[key])
		}

		return list, nil
	}

	if raw[0] == '"' && strings.TrimSpace(scalarText(raw)) == "" {
		return nil, nil
	}

	return nil, fmt.Errorf("a list was expected, not %s", kindOf(raw))
}

func compareIndexes(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}

	return strings.Compare(a, b)
}

// parseConditions reads retry_conditions: a list of those that are on, or an object of flags.
func parseConditions(raw json.RawMessage) ([]string, bool, error) {
	if raw[0] != '{' {
		return listOf(parseText)(raw)
	}

	flags := readObject(raw)
	on := []string{}

	for _, name := range slices.Sorted(maps.Keys(flags.keys)) {
		if flags.flag(name).Or(false) {
			on = append(on, name)
		}
	}

	return on, true, flags.err
}

// kindOf names what stands there without showing it: it may be a secret.
func kindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		return "another text"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "a boolean"
	default:
		return "a number of another form"
	}
}
