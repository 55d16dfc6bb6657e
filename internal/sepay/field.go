package sepay

// Field is one key of an answer. SePay's forms differ in which keys they return, and "not returned" must never be read
// as "empty": a key is absent, null, or has a value. The zero Field is absent.
type Field[T any] struct {
	value   T
	present bool
	null    bool
}

// Of returns a field that has a value.
func Of[T any](value T) Field[T] { return Field[T]{value: value, present: true} }

// Null returns a field whose key stood in the answer with null.
func Null[T any]() Field[T] { return Field[T]{present: true, null: true} }

// Get returns the value, and false when the key was absent or null.
func (f Field[T]) Get() (T, bool) { return f.value, f.present && !f.null }

// Or returns the value, or fallback when the key was absent or null.
func (f Field[T]) Or(fallback T) T {
	if value, ok := f.Get(); ok {
		return value
	}

	return fallback
}

// Present tells whether the key stood in the answer at all, null or not.
func (f Field[T]) Present() bool { return f.present }

// IsNull tells whether the key stood in the answer with null.
func (f Field[T]) IsNull() bool { return f.null }
