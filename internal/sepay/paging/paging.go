// Package paging reads paged lists to their end, each row once, regardless of the length that the service
// reports, and although rows move between pages during the read. It depends neither on HTTP nor on SePay.
package paging

import (
	"fmt"
	"iter"
)

const (
	// smallestPage is the shortest page of a longer list that SePay is known to return.
	smallestPage = 20
	// maxRepeatedPages bounds the consecutive pages without a new row: a service may always
	// report one more page, or ignore the requested page number.
	maxRepeatedPages = 3
	// maxPages and maxRows bound one pass over a list, regardless of the length that the service reports.
	maxPages = 1_000
	maxRows  = 100_000
	// maxPasses bounds how often a list is read until two passes agree.
	maxPasses = 3
)

// constError is an error that needs no allocation at startup.
type constError string

func (s constError) Error() string { return string(s) }

// ErrUnstable is the error of a list that changes during every pass. Its text repeats maxPasses.
const ErrUnstable = constError("the list changes while it is read: no two of 3 passes found the same rows. " +
	"Run the command again when nothing else changes the list")

// Page is one page of a list.
type Page[T any] struct {
	Rows []T
	// Total, PerPage and Last describe the list: its rows, the rows of a page, and the number of the last page.
	Total, PerPage, Last int64
	// Paginated reports whether the response had pagination.
	Paginated bool
}

// List is a paged list.
type List[T any] struct {
	// Name is the prefix of errors about the list.
	Name string
	// Page reads one page, counted from 1.
	Page func(number int64) (Page[T], error)
	// ID returns the id of a row. Newer rows have higher ids.
	ID func(T) int64
}

// All yields every row of the list once, page by page as they are needed, and ends after the first error.
//
// Rows move between pages during the read: a deletion moves a row to a page that was already read, and the responses do
// not show that. So a list of more than one page that is read to its end is read until two passes agree; later passes
// yield the rows that the earlier ones missed.
func (l List[T]) All() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var (
			zero     T
			previous map[int64]bool
			yielded  = map[int64]bool{}
		)

		for range maxPasses {
			pass := map[int64]bool{}
			pages := walk{number: 1}

			for !pages.done {
				page, err := l.Page(pages.number)
				if err != nil {
					yield(zero, err)

					return
				}

				before := len(pass)

				for _, row := range page.Rows {
					id := l.ID(row)
					pass[id] = true

					if !yielded[id] && !yield(row, nil) {
						return
					}

					yielded[id] = true
				}

				if err := pages.next(len(page.Rows), len(pass), len(pass)-before, page.Last, page.Paginated); err != nil {
					yield(zero, fmt.Errorf("%s: %w", l.Name, err))

					return
				}
			}

			if previous == nil && pages.number == 1 || previous != nil && agree(previous, pass) {
				return
			}

			previous = pass
		}

		yield(zero, fmt.Errorf("%s: %w", l.Name, ErrUnstable))
	}
}

// agree reports whether two passes found the same rows, except for new ones that only the later pass can have found: ids
// are assigned in ascending order.
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
	number   int64 // the page to request, or the last one
	done     bool
	longest  int
	repeated int
}

// next records a page: its rows, all rows of the pass so far, and the rows that were new.
func (w *walk) next(rows, seen, newRows int, last int64, paginated bool) error {
	w.longest = max(w.longest, rows)

	w.repeated++
	if newRows > 0 {
		w.repeated = 0
	}

	if paginated {
		w.done = rows == 0 || w.number >= last
	} else {
		// Without pagination, a page that is empty, repeats rows or is shorter than the others is the last one.
		w.done = newRows == 0 || rows < max(w.longest, smallestPage)
	}

	switch {
	case w.done:
		return nil
	case w.repeated > maxRepeatedPages:
		return fmt.Errorf("page %d of %d repeats rows of earlier pages: the list cannot be read to its end", w.number, last)
	case seen > maxRows:
		return fmt.Errorf("the list has more than %d rows: narrow it with a filter or a limit", maxRows)
	case w.number >= maxPages:
		return fmt.Errorf("the list has more than %d pages: narrow it with a filter or a limit", maxPages)
	}

	w.number++

	return nil
}

// Collect returns all rows of a sequence, or its error.
func Collect[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var all []T

	for row, err := range rows {
		if err != nil {
			return nil, err
		}

		all = append(all, row)
	}

	return all, nil
}
