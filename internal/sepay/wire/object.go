package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const errNotAnObject = constError("an object was expected")

// Object reads the keys of one JSON object. Each method takes the names of a key in the order of preference: the first
// one that is present is used. The first key that cannot be read is kept as the error, see Decode.
type Object struct {
	keys map[string]any
	err  error
	// parent and key are those of a nested object, see Nested.
	parent *Object
	key    string
}

// Decode reads an object with decode. name is the name of the object in errors.
func Decode[T any](value any, name string, decode func(*Object) T) (T, error) {
	o := readObject(value)

	decoded := decode(o)
	if o.err != nil {
		var zero T

		return zero, fmt.Errorf("%s: %w", name, o.err)
	}

	return decoded, nil
}

func readObject(value any) *Object {
	keys, ok := value.(map[string]any)
	if !ok {
		return &Object{err: errNotAnObject}
	}

	return &Object{keys: keys}
}

func (o *Object) fail(key string, err error) {
	err = fmt.Errorf("%q: %w", key, err)

	switch {
	case o.parent != nil:
		o.parent.fail(o.key, err)
	case o.err == nil:
		o.err = err
	}
}

// lookup returns the value of a key.
func (o *Object) lookup(name string) (any, bool) {
	if value, ok := o.keys[name]; ok || o.parent == nil {
		return value, ok
	}

	value, ok := o.parent.keys[o.key+"_"+name]

	return value, ok
}

// Nested reads the object of a key. In the legacy envelope its keys are those of the outer object, with the key as
// prefix: bank.code is bank_code there.
func (o *Object) Nested(key string) *Object {
	nested := &Object{parent: o, key: key}

	if value := o.keys[key]; value != nil {
		inner := readObject(value)
		if nested.keys = inner.keys; inner.err != nil && o.err == nil {
			o.fail(key, inner.err)
		}
	}

	return nested
}

// ID reads the required key id.
func (o *Object) ID() int64 {
	id, ok := o.Integer("id").Get()
	if !ok {
		o.fail("id", errors.New("it is missing"))
	} else if id <= 0 {
		o.fail("id", errors.New("it is not positive"))
	}

	return id
}

// Parser returns a value, whether there is one (a key may be present and mean null), and what is wrong with it.
type Parser[T any] = func(value any) (parsed T, some bool, err error)

// Parse reads a key with a parser.
func Parse[T any](o *Object, parse Parser[T], names ...string) Field[T] {
	for _, name := range names {
		value, present := o.lookup(name)
		if !present {
			continue
		}

		if value == nil {
			return Null[T]()
		}

		parsed, some, err := parse(value)

		switch {
		case err != nil:
			o.fail(name, err)

			return Field[T]{}
		case !some:
			return Null[T]()
		default:
			return Of(parsed)
		}
	}

	return Field[T]{}
}

// Text reads a string.
func (o *Object) Text(names ...string) Field[string] { return Parse(o, parseText, names...) }

// Integer reads a whole number.
func (o *Object) Integer(names ...string) Field[int64] { return Parse(o, parseInteger, names...) }

// Flag reads a boolean.
func (o *Object) Flag(names ...string) Field[bool] { return Parse(o, parseFlag, names...) }

// Number reads a number and keeps its digits.
func (o *Object) Number(names ...string) Field[json.Number] { return Parse(o, parseNumber, names...) }

// Date reads a time. A time without an offset is in Vietnam's time zone.
func (o *Object) Date(names ...string) Field[time.Time] { return Parse(o, parseDate, names...) }

// Integers reads a list of whole numbers.
func (o *Object) Integers(names ...string) Field[[]int64] {
	return Parse(o, ListOf(parseInteger), names...)
}

// Texts reads a list of strings.
func (o *Object) Texts(names ...string) Field[[]string] { return Parse(o, ListOf(parseText), names...) }

// Conditions reads a list of enabled conditions, or an object of flags.
func (o *Object) Conditions(names ...string) Field[[]string] {
	return Parse(o, parseConditions, names...)
}
