package coalesce

// KeySet is a set of keys, one bit each.
type KeySet uint64

// Shape says which keys an object has, to decide whether rows of the list replace single reads.
type Shape[T any] struct {
	// Keys returns the keys that the response had.
	Keys func(T) KeySet
	// Kind is what decides which secrets an object has.
	Kind func(T) string
	// Secrets returns the keys of the secrets of a kind.
	Secrets func(kind string) KeySet
	// Varying are the keys that each object has or not.
	Varying KeySet
}

// shape records which keys single reads return.
type shape[T any] struct {
	Shape[T]

	// always are the keys that single reads have returned, except for the varying ones.
	always KeySet
	// seen has the keys that single reads have returned, by kind.
	seen map[string]KeySet
}

// known reports whether there was a single read.
func (s *shape[T]) known() bool { return len(s.seen) > 0 }

// learn records the keys of a single read.
func (s *shape[T]) learn(single T) {
	if s.seen == nil {
		s.seen = map[string]KeySet{}
	}

	keys := s.Keys(single)
	s.always |= keys &^ s.Varying
	s.seen[s.Kind(single)] |= keys
}

// covers reports whether the row of an object has all keys of its single read.
func (s *shape[T]) covers(row, single T) bool { return s.Keys(single)&^s.Keys(row) == 0 }

// lacking reports whether a row certainly lacks a key that a single read returns.
func (s *shape[T]) lacking(row T) bool {
	kind := s.Kind(row)
	expected := s.always | s.seen[kind]&s.Secrets(kind)

	return expected&^s.Keys(row) != 0
}

// replacesRead reports whether a row has all that a single read returns: the keys of its kind or, if no object of its kind was
// read, the secret that a list may leave out.
func (s *shape[T]) replacesRead(row T) bool {
	if !s.known() || s.lacking(row) {
		return false
	}

	kind := s.Kind(row)
	_, seen := s.seen[kind]

	return seen || s.Secrets(kind)&^s.Keys(row) == 0
}
