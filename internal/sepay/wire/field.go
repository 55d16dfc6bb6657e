// Package wire reads the forms of SePay's JSON. SePay is not consistent: keys are absent or null, numbers and booleans
// come as strings, lists as objects, and a legacy envelope has other names. This package handles all these
// differences, so that the endpoints only name their keys.
//
// It limits everything in a response: its size, its depth, the number of its values, and the length of lists, numbers and
// texts. No error quotes a value, because it may be a secret.
package wire

// Field is one key of a response. SePay's forms differ in which keys they return, and "not returned" must never be read
// as "empty": a key is absent, null, or has a value. The zero Field is absent.
type Field[T any] struct {
	value   T
	present bool
	null    bool
}

// Of returns a field that has a value.
func Of[T any](value T) Field[T] { return Field[T]{value: value, present: true} }

// Null returns a field whose key is null in the response.
func Null[T any]() Field[T] { return Field[T]{present: true, null: true} }

// Get returns the value, and false when the key is absent or null.
func (f Field[T]) Get() (T, bool) { return f.value, f.present && !f.null }

// Or returns the value, or fallback when the key is absent or null.
func (f Field[T]) Or(fallback T) T {
	if value, ok := f.Get(); ok {
		return value
	}

	return fallback
}

// Present reports whether the response has the key, null or not.
func (f Field[T]) Present() bool { return f.present }

// IsNull reports whether the key is null in the response.
func (f Field[T]) IsNull() bool { return f.null }
