package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// byteOrderMark is prepended to JSON by some proxies, and encoding/json rejects it.
	byteOrderMark = "\ufeff"
	// MaxResponse limits, in bytes, the size of one response. A page of 100 webhooks has about 100 kB.
	MaxResponse = 8 << 20
	// maxDepth and maxValues bound the work and the memory for one response. SePay's responses are about five levels deep.
	maxDepth  = 32
	maxValues = 250_000
	// maxPageRows bounds a page. 100 rows are requested; a service without pagination returns all rows.
	maxPageRows = 10_000
	// maxCount limits the length of a list that a service reports.
	maxCount = 1_000_000_000
)

// constError is an error that needs no allocation at startup: a command starts several provider processes.
type constError string

func (s constError) Error() string { return string(s) }

// ErrNotJSON reports that a response is not a JSON object.
const ErrNotJSON = constError("it is not a JSON object")

// ErrTooLarge reports that a response is longer than MaxResponse.
const ErrTooLarge = constError("it has more than 8 MB")

// The texts repeat the limits above.
const (
	errTooDeep = constError("it is nested more than 32 levels deep")
	errTooMany = constError("it has more than 250000 values")
	errNoData  = constError("it has no data")
)

// Envelope is the JSON around the data of a response: {"status":"success","data":…,"meta":{"pagination":…}}, or the legacy
// {"status":200,"messages":[],"bankaccounts":[…]}. It is nil for an empty response.
type Envelope map[string]any

// Open parses the body of a response.
func Open(body []byte) (Envelope, error) {
	if len(body) > MaxResponse {
		return nil, ErrTooLarge
	}

	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte(byteOrderMark)))

	switch {
	case len(body) == 0:
		return nil, nil
	case string(body) == "[]":
		// PHP writes an object without keys as a list.
		return Envelope{}, nil
	case body[0] != '{':
		return nil, ErrNotJSON
	}

	if err := checkBounds(body); err != nil {
		return nil, err
	}

	var e Envelope

	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()

	// The errors of encoding/json are not returned: they may quote the body.
	if decoder.Decode(&e) != nil {
		return nil, ErrNotJSON
	}

	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrNotJSON
	}

	return e, nil
}

// checkBounds checks a JSON text before memory is allocated for it.
func checkBounds(body []byte) error {
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

// data returns the value of the key data, or of one of the legacy keys.
func (e Envelope) data(legacyKeys []string) (any, bool) {
	if value, ok := e["data"]; ok {
		return value, true
	}

	for _, key := range legacyKeys {
		if value, ok := e[key]; ok {
			return value, true
		}
	}

	return nil, false
}

// One returns the object of a response with a single object. With legacy keys, it may also be a list of one object.
func (e Envelope) One(legacyKeys ...string) (any, error) {
	value, ok := e.data(legacyKeys)
	if list, isList := value.([]any); isList && len(list) == 1 && len(legacyKeys) > 0 {
		value = list[0]
	}

	switch {
	case value != nil:
		return value, nil
	case !ok && e["id"] != nil:
		return map[string]any(e), nil
	default:
		return nil, errNoData
	}
}

// Many returns the objects of a list.
func (e Envelope) Many(legacyKeys ...string) ([]any, error) {
	value, ok := e.data(legacyKeys)
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

// CreatedID returns the id of the created object: in data, or next to it in the legacy form.
func (e Envelope) CreatedID() (int64, error) {
	for _, o := range []*Object{readObject(e["data"]), {keys: e}} {
		if id, ok := o.Integer("id").Get(); ok && id > 0 {
			return id, nil
		}
	}

	return 0, errors.New("it has no id of the created object")
}

// Pagination is the position of a page in its list. Values are 0 if SePay returns none, and at most a billion.
type Pagination struct {
	Total, PerPage, Last int64
}

// Pagination returns false when the response has no usable pagination. A pagination that cannot be read is an error:
// without its numbers, a part of a list could be mistaken for the whole list.
func (e Envelope) Pagination() (Pagination, bool, error) {
	inner := readObject(readObject(e["meta"]).keys["pagination"])
	if inner.keys == nil {
		return Pagination{}, false, nil
	}

	count := func(name string) int64 { return min(max(inner.Integer(name).Or(0), 0), maxCount) }
	p := Pagination{Total: count("total"), PerPage: count("per_page"), Last: count("last_page")}

	if inner.err != nil {
		return Pagination{}, false, fmt.Errorf("pagination: %w", inner.err)
	}

	if p.Last == 0 && p.PerPage > 0 {
		p.Last = (p.Total + p.PerPage - 1) / p.PerPage
	}

	return p, p.Last > 0 || inner.keys["total"] != nil && p.Total == 0, nil
}
