package sepay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// envelope is what SePay puts around data: {"status":"success","data":…,"meta":{"pagination":…}}, or the older
// {"status":200,"messages":[],"bankaccounts":[…]}.
type envelope struct {
	root map[string]json.RawMessage
}

func openEnvelope(body []byte) (envelope, error) {
	var e envelope

	body = bytes.TrimPrefix(body, []byte(byteOrderMark))
	if err := json.Unmarshal(body, &e.root); err != nil || e.root == nil {
		// The error of encoding/json is not passed on: it may quote the body.
		return e, errors.New("it is not a JSON object")
	}

	return e, nil
}

// data returns what is in data, or under one of the older names.
func (e envelope) data(older ...string) (json.RawMessage, bool) {
	for _, name := range append([]string{"data"}, older...) {
		if raw, ok := e.root[name]; ok {
			return raw, true
		}
	}

	return nil, false
}

// one returns the object of an answer about one.
func (e envelope) one(older ...string) (json.RawMessage, error) {
	raw, ok := e.data(older...)

	switch {
	case ok && !isNull(raw):
		return raw, nil
	case !ok && e.root["id"] != nil:
		return json.Marshal(e.root)
	default:
		return nil, errNoData
	}
}

// many returns the objects of a list.
func (e envelope) many(older ...string) ([]json.RawMessage, error) {
	raw, ok := e.data(older...)
	if !ok {
		return nil, errNoData
	}

	if isNull(raw) {
		return nil, nil
	}

	items, err := elements(raw)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}

	return items, nil
}

// pagination is where a page stands in its list. Values are 0 where SePay gave none.
type pagination struct {
	total, perPage, current, last int64
}

// pagination returns false when the answer has no usable pagination.
func (e envelope) pagination() (pagination, bool) {
	outer := readObject(e.root["meta"])
	if outer.err != nil {
		return pagination{}, false
	}

	inner := readObject(outer.keys["pagination"])
	if inner.err != nil {
		return pagination{}, false
	}

	p := pagination{
		total:   inner.integer("total").Or(0),
		perPage: inner.integer("per_page").Or(0),
		current: inner.integer("current_page").Or(0),
		last:    inner.integer("last_page").Or(0),
	}

	if p.last == 0 && p.perPage > 0 {
		p.last = (p.total + p.perPage - 1) / p.perPage
	}

	return p, inner.err == nil && (p.last > 0 || inner.keys["total"] != nil && p.total == 0)
}
