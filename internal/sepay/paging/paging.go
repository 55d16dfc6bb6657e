// Package paging reads paged lists to their end, each row once, whatever the service says about the length of its list
// and however rows move between pages meanwhile. It knows neither HTTP nor SePay.
package paging

import (
	"fmt"
	"iter"
)

const (
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

// sentinel is an error that costs nothing before main.
type sentinel string

func (s sentinel) Error() string { return string(s) }

// ErrUnstable is the end of a list that changes all the time. It names maxPasses.
const ErrUnstable = sentinel("the list changes while it is read: no two of 3 passes found the same rows. " +
	"Run the command again when nothing else changes it")

// Page is one page of a list.
type Page[T any] struct {
	Rows []T
	// Total, PerPage and Last describe the list: its rows, the rows of a page, and the number of the last page.
	Total, PerPage, Last int64
	// Paginated reports whether the service said where the page is.
	Paginated bool
}

// List is a paged list.
type List[T any] struct {
	// Name begins the errors about the list.
	Name string
	// Page reads one page, counted from 1.
	Page func(number int64) (Page[T], error)
	// ID returns the id of a row. Newer rows have higher ids.
	ID func(T) int64
}

// All yields every row of the list once, page by page as they are needed, and ends after the first error.
//
// Rows move between pages while they are read: what is deleted pulls a row onto a page that was read already, and
// nothing in the responses shows it. So a list of more than one page that is read to its end is read until two passes
// agree; the later ones yield what those before them have missed.
func (l List[T]) All() iter.Seq2[T, error] {
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
				page, err := l.Page(walk.number)
				if err != nil {
					yield(none, err)

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

				if err := walk.next(len(page.Rows), len(pass), len(pass)-before, page.Last, page.Paginated); err != nil {
					yield(none, fmt.Errorf("%s: %w", l.Name, err))

					return
				}
			}

			if previous == nil && walk.number == 1 || previous != nil && agree(previous, pass) {
				return
			}

			previous = pass
		}

		yield(none, fmt.Errorf("%s: %w", l.Name, ErrUnstable))
	}
}

// agree reports whether two passes have found the same rows, but for new ones that only the later one can have found: ids
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
func (w *walk) next(rows, seen, fresh int, last int64, paginated bool) error {
	w.longest = max(w.longest, rows)

	w.barren++
	if fresh > 0 {
		w.barren = 0
	}

	if paginated {
		w.done = rows == 0 || w.number >= last
	} else {
		// Without a word on paging: a page that is empty, repeats what was seen or is shorter than its kind is the last.
		w.done = fresh == 0 || rows < max(w.longest, smallestPage)
	}

	switch {
	case w.done:
		return nil
	case w.barren > barrenPages:
		return fmt.Errorf("page %d of %d repeats what the pages before it had: the list cannot be read to its end", w.number, last)
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
