package sepay

import (
	"context"
	"errors"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
)

// errAnotherObject guards against answering one object's reader with another object.
const errAnotherObject = sentinel("it is about another object")

// newReader returns a reader of the objects of a list. legacyKeys name data in older envelopes of a single read.
func newReader[T any](c *Client, l list[T], shape coalesce.Shape[T], repeats bool, legacyKeys ...string) *coalesce.Reader[T] {
	return coalesce.New(coalesce.Config[T]{
		One: func(ctx context.Context, id int64, sending func()) (T, error) {
			request := call{path: objectPath(l.path, id), scope: l.scope, sending: sending}

			value, err := getOne(ctx, c, request, l.decode, legacyKeys...)
			if err == nil && l.id(value) != id {
				err = unreadable(request, answer{status: http.StatusOK}, errAnotherObject)
			}

			return value, err
		},
		Page: func(ctx context.Context, number int64, sending func()) (coalesce.Page[T], error) {
			got, err := l.page(ctx, c, nil, number, sending)

			return coalesce.Page[T]{
				Rows: got.rows, Paginated: got.paginated,
				Total: got.pagination.total, PerPage: got.pagination.perPage, Last: got.pagination.last,
			}, err
		},
		ID:    l.id,
		Shape: shape,
		Stopped: func(id int64, sent bool, cause error) error {
			return &RequestError{Method: http.MethodGet, Path: objectPath(l.path, id), Sent: sent, Err: cause}
		},
		Forbidden: func(err error) bool {
			failure, ok := errors.AsType[*APIError](err)

			return ok && failure.Status == http.StatusForbidden
		},
		TooLate:  func(err error) bool { return errors.Is(err, errWaitTooLong) },
		Repeats:  repeats,
		Disabled: c.disableCoalescing,
		Log: func(ctx context.Context, msg string, fields map[string]any) {
			if fields == nil {
				fields = map[string]any{}
			}

			fields["path"] = l.path
			c.log(ctx, msg, fields)
		},
	})
}
