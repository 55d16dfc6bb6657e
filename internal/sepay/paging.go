package sepay

import (
	"context"
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
	// maxPages and maxRows bound one pass over a list, whatever the service says about its length.
	maxPages = 1_000
	maxRows  = 100_000
	// maxPasses bounds how often a list is read until two passes agree.
	maxPasses = 3
)

// errUnstable names maxPasses.
const errUnstable = sentinel("the list changes while it is read: no two of 3 passes found the same rows. " +
	"Run the command again when nothing else changes it")

// list is a paged endpoint.
type list[T any] struct {
	path   string
	scope  string
	older  []string // names of data in older envelopes
	decode func(any) (T, error)
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

	items, err := answer.many(l.older...)
	if err != nil {
		return page[T]{}, unreadable(request, answer, err)
	}

	var result page[T]

	result.rows = make([]T, 0, len(items))
	result.pagination, result.paginated = answer.pagination()

	for i, item := range items {
		row, err := l.decode(item)
		if err != nil {
			return page[T]{}, unreadable(request, answer, fmt.Errorf("row %d of page %d: %w", i+1, number, err))
		}

		result.rows = append(result.rows, row)
	}

	return result, nil
}

// all yields every row of the list once, page by page as they are needed, and ends after the first error.
//
// Rows move between pages while they are read: what is deleted pulls a row onto a page that was read already, and
// nothing in the answers shows it. So a list of more than one page that is read to its end is read until two passes
// agree; the later ones yield what those before them have missed.
func (l list[T]) all(ctx context.Context, c *Client, filter url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var (
			none     T
			previous map[int64]bool
			yielded  = map[int64]bool{}
		)

		for range maxPasses {
			pass := map[int64]bool{}
			walk := walk{number: 1}

			for !walk.done {
				page, err := l.page(ctx, c, filter, walk.number, nil)
				if err != nil {
					yield(none, err)

					return
				}

				before := len(pass)

				for _, row := range page.rows {
					id := l.id(row)
					pass[id] = true

					if !yielded[id] && !yield(row, nil) {
						return
					}

					yielded[id] = true
				}

				if err := walk.next(len(page.rows), len(pass), len(pass)-before, page.pagination, page.paginated); err != nil {
					yield(none, fmt.Errorf("GET %s: %w", l.path, err))

					return
				}
			}

			if previous == nil && walk.number == 1 || previous != nil && agree(previous, pass) {
				return
			}

			previous = pass
		}

		yield(none, fmt.Errorf("GET %s: %w", l.path, errUnstable))
	}
}

// agree tells whether two passes have found the same rows, but for new ones that only the later one can have found: ids
// are handed out in ascending order.
func agree(earlier, later map[int64]bool) bool {
	newest := int64(0)

	for id := range earlier {
		if !later[id] {
			return false
		}

		newest = max(newest, id)
	}

	for id := range later {
		if id <= newest && !earlier[id] {
			return false
		}
	}

	return true
}

// walk decides which page comes next.
type walk struct {
	number  int64 // the page to ask for, or the last one
	done    bool
	longest int
	barren  int
}

// next takes what a page has had: its rows, and how many of them were new to all that the pass has seen.
func (w *walk) next(rows, seen, fresh int, p pagination, paginated bool) error {
	w.longest = max(w.longest, rows)

	w.barren++
	if fresh > 0 {
		w.barren = 0
	}

	if paginated {
		w.done = rows == 0 || w.number >= p.last
	} else {
		// Without a word on paging: a page that is empty, repeats what was seen or is shorter than its kind is the last.
		w.done = fresh == 0 || rows < max(w.longest, smallestPage)
	}

	switch {
	case w.done:
		return nil
	case w.barren > barrenPages:
		return fmt.Errorf("page %d of %d repeats what the pages before it had: the list cannot be read to its end", w.number, p.last)
	case seen > maxRows:
		return fmt.Errorf("the list has more than %d rows: narrow it with a filter or a limit", maxRows)
	case w.number >= maxPages:
		return fmt.Errorf("the list has more than %d pages: narrow it with a filter or a limit", maxPages)
	}

	w.number++

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
