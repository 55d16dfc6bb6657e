package sepay

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is a key that SePay did not store as it was sent.
type Difference struct {
	// Key is the API's name of the field.
	Key string
	// Sent and Stored are for messages. They are empty where Secret is true.
	Sent, Stored string
	Secret       bool
}

// Masked reports whether a response masks the known secret: it has the characters of a mask, or is only the
// end of known. A masked secret must never replace the known one.
func Masked(returned, known string) bool {
	return strings.ContainsAny(returned, "*•") || len(returned) < len(known) && strings.HasSuffix(known, returned)
}

type differences struct{ found []Difference }

func (d *differences) add(key, sent, stored string) {
	d.found = append(d.found, Difference{Key: key, Sent: sent, Stored: stored})
}

func compareValue[T comparable](d *differences, key string, sent *T, got Field[T], format func(T) string) {
	var zero T

	stored, known := got.Get()

	switch {
	case sent == nil || !got.Present() || known && stored == *sent:
	case !known && *sent == zero:
		// SePay may write an empty value as null.
	case !known:
		d.add(key, format(*sent), "null")
	default:
		d.add(key, format(*sent), format(stored))
	}
}

func compareTrimmed(d *differences, key string, sent *string, got Field[string]) {
	if stored, ok := got.Get(); ok && sent != nil && strings.TrimSpace(stored) == strings.TrimSpace(*sent) {
		return
	}

	compareValue(d, key, sent, got, strconv.Quote)
}

func compareFlag(d *differences, key string, sent *Flag, got Field[bool]) {
	if sent != nil {
		compareValue(d, key, (*bool)(sent), got, strconv.FormatBool)
	}
}

func compareSecret(d *differences, key string, sent *string, got Field[string]) {
	stored, ok := got.Get()
	if sent == nil || !ok || stored == *sent || Masked(stored, *sent) {
		return
	}

	d.found = append(d.found, Difference{Key: key, Secret: true})
}

func compareSet[T cmp.Ordered](d *differences, key string, sent *[]T, got Field[[]T]) {
	if sent == nil || !got.Present() {
		return
	}

	want, have := sorted(*sent), sorted(got.Or(nil))
	if !slices.Equal(want, have) {
		d.add(key, formatSet(want), formatSet(have))
	}
}

func sorted[T cmp.Ordered](values []T) []T {
	values = slices.Clone(values)
	slices.Sort(values)

	return slices.Compact(values)
}

func formatInteger(value int64) string { return strconv.FormatInt(value, 10) }

func formatSet[T any](values []T) string {
	texts := make([]string, len(values))

	for i, value := range values {
		texts[i] = fmt.Sprintf("%#v", value)
	}

	return "[" + strings.Join(texts, ", ") + "]"
}
