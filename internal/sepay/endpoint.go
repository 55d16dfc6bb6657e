package sepay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// pageLimit is the longest page that SePay is known to accept. The response has the length that SePay chose.
const pageLimit = 100

// endpoint reads objects of one type: a single one, or a list of them.
type endpoint[T any] struct {
	path string
	// scope is the OAuth2 scope of reads, and role the role of the user, "" if any role is enough.
	scope, role string
	// name is the name of an object in errors.
	name string
	// legacyKeys are the keys of the data in the legacy envelope.
	legacyKeys []string
	decode     func(*wire.Object) T
	id         func(T) int64
	// secrets returns what no later error may show of an object; nil where objects have no secrets.
	secrets func(T) []string
}

func objectPath(collection string, id int64) string {
	return collection + "/" + strconv.FormatInt(id, 10)
}

// object reads the object with an id. onAttempt, if not nil, is called before each attempt.
func (e endpoint[T]) object(ctx context.Context, c *Client, id int64, onAttempt func()) (T, error) {
	return e.get(ctx, c, transport.Request{Path: objectPath(e.path, id), OnAttempt: onAttempt}, func(got T) error {
		if e.id(got) != id {
			return errors.New("it has another object")
		}

		return nil
	})
}

// only reads the object of an endpoint that has a single one.
func (e endpoint[T]) only(ctx context.Context, c *Client) (T, error) {
	return e.get(ctx, c, transport.Request{Path: e.path}, func(T) error { return nil })
}

func (e endpoint[T]) get(ctx context.Context, c *Client, request transport.Request, check func(T) error) (T, error) {
	var zero T

	request.Method, request.Scope, request.Role = http.MethodGet, e.scope, e.role

	response, err := c.api.Do(ctx, request)
	if err != nil {
		return zero, err
	}

	data, err := response.One(e.legacyKeys...)
	if err != nil {
		return zero, response.Unreadable(err)
	}

	value, err := wire.Decode(data, e.name, e.decode)
	if err == nil {
		err = check(value)
	}

	if err != nil {
		return zero, response.Unreadable(err)
	}

	e.redact(c, value)

	return value, nil
}

// redact keeps the secrets that SePay returned out of later errors.
func (e endpoint[T]) redact(c *Client, value T) {
	if e.secrets != nil {
		c.api.Redact(e.secrets(value)...)
	}
}

// page reads one page of the list, counted from 1. onAttempt, if not nil, is called before each attempt.
func (e endpoint[T]) page(ctx context.Context, c *Client, filter url.Values, number int64, onAttempt func()) (paging.Page[T], error) {
	query := url.Values{}
	maps.Copy(query, filter)
	query.Set("page", strconv.FormatInt(number, 10))
	query.Set("limit", strconv.Itoa(pageLimit))

	response, err := c.api.Do(ctx, transport.Request{
		Method: http.MethodGet, Path: e.path, Query: query, Scope: e.scope, Role: e.role, OnAttempt: onAttempt,
	})
	if err != nil {
		return paging.Page[T]{}, err
	}

	items, err := response.Many(e.legacyKeys...)
	if err != nil {
		return paging.Page[T]{}, response.Unreadable(err)
	}

	pagination, paginated, err := response.Pagination()
	if err != nil {
		return paging.Page[T]{}, response.Unreadable(err)
	}

	page := paging.Page[T]{
		Rows: make([]T, 0, len(items)), Paginated: paginated,
		Total: pagination.Total, PerPage: pagination.PerPage, Last: pagination.Last,
	}

	for i, item := range items {
		row, err := wire.Decode(item, e.name, e.decode)
		if err != nil {
			return paging.Page[T]{}, response.Unreadable(fmt.Errorf("row %d of page %d: %w", i+1, number, err))
		}

		e.redact(c, row)

		page.Rows = append(page.Rows, row)
	}

	return page, nil
}

// all yields every row of the list that passes the filter once, and ends after the first error.
func (e endpoint[T]) all(ctx context.Context, c *Client, filter url.Values) iter.Seq2[T, error] {
	return paging.List[T]{
		Name: http.MethodGet + " " + e.path,
		Page: func(number int64) (paging.Page[T], error) { return e.page(ctx, c, filter, number, nil) },
		ID:   e.id,
	}.All()
}

// reader returns a reader whose reads share requests.
func (e endpoint[T]) reader(c *Client, shape coalesce.Shape[T], repeats bool) *coalesce.Reader[T] {
	return coalesce.New(coalesce.Config[T]{
		One: func(ctx context.Context, id int64, onAttempt func()) (T, error) {
			return e.object(ctx, c, id, onAttempt)
		},
		Page: func(ctx context.Context, number int64, onAttempt func()) (coalesce.Page[T], error) {
			page, err := e.page(ctx, c, nil, number, onAttempt)

			return coalesce.Page[T](page), err
		},
		ID:    e.id,
		Shape: shape,
		Canceled: func(id int64, sent bool, cause error) error {
			return &RequestError{Method: http.MethodGet, Path: objectPath(e.path, id), Sent: sent, Err: cause}
		},
		Forbidden: func(err error) bool {
			failure, ok := errors.AsType[*APIError](err)

			return ok && failure.Status == http.StatusForbidden
		},
		DeadlineExceeded: func(err error) bool { return errors.Is(err, transport.ErrWaitTooLong) },
		AllowRepeats:     repeats,
		Disabled:         c.disableCoalescing,
		Log: func(ctx context.Context, msg string, fields map[string]any) {
			if fields == nil {
				fields = map[string]any{}
			}

			fields["path"] = e.path
			c.api.Log(ctx, msg, fields)
		},
	})
}
