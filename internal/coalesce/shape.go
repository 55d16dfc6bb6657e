package coalesce

// KeySet is a set of keys, one bit each.
type KeySet uint64

// Shape says which keys an object has, to decide whether rows of the list replace single reads.
type Shape[T any] struct {
	// Keys returns the keys that the response had.
	Keys func(T) KeySet
	// Kind returns the property that determines which secrets an object has.
	Kind func(T) string
	// Secrets returns the keys of the secrets of a kind.
	Secrets func(kind string) KeySet
	// Varying are the optional keys of objects.
	Varying KeySet
}

// shape records which keys single reads return.
type shape[T any] struct {
	Shape[T]

	// always are the keys that single reads have returned, except for the varying ones.
	always KeySet
	// observed has the keys that single reads have returned, by kind.
	observed map[string]KeySet
}

// known reports whether there was a single read.
func (s *shape[T]) known() bool { return len(s.observed) > 0 }

// learn records the keys of a single read.
func (s *shape[T]) learn(single T) {
	if s.observed == nil {
		s.observed = map[string]KeySet{}
	}

	keys := s.Keys(single)
	s.always |= keys &^ s.Varying
	s.observed[s.Kind(single)] |= keys
}

// covers reports whether the row of an object has all keys of its single read.
func (s *shape[T]) covers(row, single T) bool { return s.Keys(single)&^s.Keys(row) == 0 }

// lacking reports whether a row certainly lacks a key that a single read returns.
func (s *shape[T]) lacking(row T) bool {
	kind := s.Kind(row)
	expected := s.always | s.observed[kind]&s.Secrets(kind)

	return expected&^s.Keys(row) != 0
}

// replacesRead reports whether a row has all that a single read returns: the keys of its kind or, if no object of its kind
// was read, the secrets, which a list may omit.
func (s *shape[T]) replacesRead(row T) bool {
	if !s.known() || s.lacking(row) {
		return false
	}

	kind := s.Kind(row)
	_, observed := s.observed[kind]

	return observed || s.Secrets(kind)&^s.Keys(row) == 0
}
