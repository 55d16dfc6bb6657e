package sepay

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

const (
	// pageLimit is the longest page that SePay was seen to accept. The answer says what it made of it.
	pageLimit = 100
	// smallestPage is the shortest page that SePay was seen to return from a list with more.
	smallestPage = 20
	// barrenPages bounds the pages in a row that bring nothing new: a service that always names one more page, or that
	// ignores the page asked for, must not keep us for ever.
	barrenPages = 3
)

// list is a paged endpoint.
type list[T any] struct {
	path   string
	scope  string
	older  []string // names of data in older envelopes
	decode func(json.RawMessage) (T, error)
	id     func(T) int64
}

// page is one page of a list.
type page[T any] struct {
	rows       []T
	pagination pagination
	// paginated tells whether SePay said where the page stands.
	paginated bool
}

// page asks for one page, counted from 1. sending, when not nil, is called before each try.
func (l list[T]) page(ctx context.Context, c *Client, filter url.Values, number int64, sending func()) (page[T], error) {
	query := url.Values{}
	maps.Copy(query, filter)
	query.Set("page", strconv.FormatInt(number, 10))
	query.Set("limit", strconv.Itoa(pageLimit))

	request := call{method: http.MethodGet, path: l.path, query: query, scope: l.scope, sending: sending}

	answer, err := c.do(ctx, request)
	if err != nil {
		return page[T]{}, err
	}

	envelope, err := openEnvelope(answer.body)
	if err != nil {
		return page[T]{}, unreadable(request, err)
	}

	items, err := envelope.many(l.older...)
	if err != nil {
		return page[T]{}, unreadable(request, err)
	}

	var result page[T]

	result.rows = make([]T, 0, len(items))
	result.pagination, result.paginated = envelope.pagination()

	for i, item := range items {
		row, err := l.decode(item)
		if err != nil {
			return page[T]{}, unreadable(request, fmt.Errorf("row %d of page %d: %w", i+1, number, err))
		}

		result.rows = append(result.rows, row)
	}

	return result, nil
}

// all yields every row of the list once, page by page as they are needed, and ends after the first error.
func (l list[T]) all(ctx context.Context, c *Client, filter url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var (
			none   T
			walk   = walk{number: 1}
			yields = map[int64]bool{}
		)

		for !walk.done {
			page, err := l.page(ctx, c, filter, walk.number, nil)
			if err != nil {
				yield(none, err)

				return
			}

			before := len(yields)

			for _, row := range page.rows {
				if yields[l.id(row)] {
					continue
				}

				yields[l.id(row)] = true

				if !yield(row, nil) {
					return
				}
			}

			if err := walk.next(len(page.rows), len(yields)-before, page.pagination, page.paginated); err != nil {
				yield(none, fmt.Errorf("GET %s: %w", l.path, err))

				return
			}
		}
	}
}

// walk decides which page comes next. Rows move between pages while they are read: what is created may push a row
// onto a page yet to come, where it shows again; what is deleted may pull one onto a page that has been read.
type walk struct {
	number  int64 // the page to ask for
	done    bool
	longest int
	total   int64
	barren  int
}

func (w *walk) next(rows, fresh int, p pagination, paginated bool) error {
	w.longest = max(w.longest, rows)

	w.barren++
	if fresh > 0 {
		w.barren = 0
	}

	if !paginated {
		// Without a word on paging: a page that is empty, repeats what was seen or is shorter than its kind is the last.
		w.done = fresh == 0 || rows < max(w.longest, smallestPage)
		w.number++

		return nil
	}

	shrunk := w.number > 1 && p.total < w.total
	w.total = p.total

	switch {
	case w.barren > barrenPages:
		return fmt.Errorf("page %d of %d repeats what the pages before it had: the list cannot be read to its end", w.number, p.last)
	case shrunk:
		// A row may have slipped onto the page before this one.
		w.number--
	case rows == 0 || w.number >= p.last:
		w.done = true
	default:
		w.number++
	}

	return nil
}

// collect returns all rows of a sequence, or its error.
func collect[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var all []T

	for row, err := range rows {
		if err != nil {
			return nil, err
		}

		all = append(all, row)
	}

	return all, nil
}
