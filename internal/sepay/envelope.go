package sepay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// byteOrderMark is put before JSON by some proxies and refused by encoding/json.
	byteOrderMark = "\ufeff"
	// maxAnswer caps what is read of one answer. A page of 100 webhooks has about 100 kB.
	maxAnswer = 8 << 20
	// maxDepth and maxValues bound the work and the memory for one answer. SePay's answers are about five levels deep.
	maxDepth  = 32
	maxValues = 250_000
	// maxPageRows bounds a page. It is asked for 100 rows; a service without pages returns all that it has.
	maxPageRows = 10_000
	// maxCount bounds what a service says about the length of a list.
	maxCount = 1_000_000_000
)

// sentinel is an error that costs nothing before main: a provider process starts several times a command.
type sentinel string

func (s sentinel) Error() string { return string(s) }

// The texts name the limits above.
const (
	errAnswerTooLarge = sentinel("it has more than 8 MB")
	errNotJSON        = sentinel("it is not a JSON object")
	errTooDeep        = sentinel("it is nested more than 32 levels deep")
	errTooMany        = sentinel("it has more than 250000 values")
	errNoData         = sentinel("there is no data in it")
)

// envelope is what SePay puts around data: {"status":"success","data":…,"meta":{"pagination":…}}, or the older
// {"status":200,"messages":[],"bankaccounts":[…]}. It is nil for an empty answer.
type envelope map[string]any

// openEnvelope parses an answer, once for all who read it.
func openEnvelope(body []byte) (envelope, error) {
	if len(body) > maxAnswer {
		return nil, errAnswerTooLarge
	}

	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte(byteOrderMark)))

	switch {
	case len(body) == 0:
		return nil, nil
	case string(body) == "[]":
		// PHP writes an object without keys as a list.
		return envelope{}, nil
	case body[0] != '{':
		return nil, errNotJSON
	}

	if err := bounded(body); err != nil {
		return nil, err
	}

	var e envelope

	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()

	// The errors of encoding/json are not passed on: they may quote the body.
	if decoder.Decode(&e) != nil {
		return nil, errNotJSON
	}

	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}

	return e, nil
}

// bounded looks at a JSON text before any memory is spent on it.
func bounded(body []byte) error {
	depth, values, quoted := 0, 0, false

	for i := 0; i < len(body); i++ {
		switch char := body[i]; {
		case char == '"':
			quoted = !quoted
		case quoted && char == '\\':
			i++
		case quoted:
		case char == '{', char == '[':
			depth++
			values++
		case char == '}', char == ']':
			depth--
		case char == ',':
			values++
		}

		if depth > maxDepth {
			return errTooDeep
		}

		if values > maxValues {
			return errTooMany
		}
	}

	return nil
}

// data returns what is in data, or under one of the older names.
func (e envelope) data(older ...string) (any, bool) {
	for _, name := range append([]string{"data"}, older...) {
		if value, ok := e[name]; ok {
			return value, true
		}
	}

	return nil, false
}

// one returns the object of an answer about one.
func (e envelope) one(older ...string) (any, error) {
	value, ok := e.data(older...)

	switch {
	case value != nil:
		return value, nil
	case !ok && e["id"] != nil:
		return map[string]any(e), nil
	default:
		return nil, errNoData
	}
}

// many returns the objects of a list.
func (e envelope) many(older ...string) ([]any, error) {
	value, ok := e.data(older...)
	if !ok {
		return nil, errNoData
	}

	if value == nil {
		return nil, nil
	}

	items, err := elements(value)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}

	if len(items) > maxPageRows {
		return nil, fmt.Errorf("the page has more than %d rows", maxPageRows)
	}

	return items, nil
}

// pagination is where a page stands in its list. Values are 0 where SePay gave none, and never above maxCount.
type pagination struct {
	total, perPage, last int64
}

// pagination returns false when the answer has no usable pagination.
func (e envelope) pagination() (pagination, bool) {
	inner := readObject(readObject(e["meta"]).keys["pagination"])
	count := func(name string) int64 { return min(max(inner.integer(name).Or(0), 0), maxCount) }
	p := pagination{total: count("total"), perPage: count("per_page"), last: count("last_page")}

	if p.last == 0 && p.perPage > 0 {
		p.last = (p.total + p.perPage - 1) / p.perPage
	}

	return p, inner.err == nil && (p.last > 0 || inner.keys["total"] != nil && p.total == 0)
}
