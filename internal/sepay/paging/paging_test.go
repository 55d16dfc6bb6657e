package paging_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
)

// read returns the rows of a list, and how many pages were read.
func read(page func(nth int, number int64) (paging.Page[int64], error)) (rows []int64, reads int, err error) {
	rows, err = paging.Collect(paging.List[int64]{
		Name: "GET /things",
		Page: func(number int64) (paging.Page[int64], error) {
			reads++

			return page(reads, number)
		},
		ID: func(row int64) int64 { return row },
	}.All())

	return rows, reads, err
}

func TestARowThatMovesBetweenPagesIsFoundByASecondPass(t *testing.T) {
	t.Parallel()

	// After the first page is read, its first row is deleted: row 3 moves onto that page.
	pages := [][]int64{{1, 2}, {4}, {2, 3}, {4}, {2, 3}, {4}}
	rows, reads, err := read(func(nth int, _ int64) (paging.Page[int64], error) {
		return paging.Page[int64]{Rows: pages[nth-1], Last: 2, Paginated: true}, nil
	})

	if err != nil || reads != 6 || !slices.Equal(rows, []int64{1, 2, 4, 3}) {
		t.Errorf("%v after %d pages, %v", rows, reads, err)
	}
}

func TestAListOfOnePageIsReadOnce(t *testing.T) {
	t.Parallel()

	rows, reads, err := read(func(int, int64) (paging.Page[int64], error) {
		return paging.Page[int64]{Rows: []int64{1, 2}, Last: 1, Paginated: true}, nil
	})
	if err != nil || reads != 1 || !slices.Equal(rows, []int64{1, 2}) {
		t.Errorf("%v after %d pages, %v", rows, reads, err)
	}
}

func TestAListThatAlwaysChangesIsAnErrorAfterThreePasses(t *testing.T) {
	t.Parallel()

	_, reads, err := read(func(nth int, number int64) (paging.Page[int64], error) {
		return paging.Page[int64]{Rows: []int64{number * 1000, number*1000 - int64(nth)}, Last: 2, Paginated: true}, nil
	})
	if !errors.Is(err, paging.ErrUnstable) || reads != 6 {
		t.Errorf("%v after %d pages", err, reads)
	}
}
