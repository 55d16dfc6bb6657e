package transaction

import (
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// minutes returns a transaction for each minute; the id is the minute.
func minutes(at ...int) []sepay.Transaction {
	rows := make([]sepay.Transaction, len(at))
	for i, minute := range at {
		rows[i] = sepay.Transaction{
			ID:              int64(minute),
			TransactionDate: sepay.Of(time.Date(2025, 1, 1, 0, minute, 0, 0, time.UTC)),
		}
	}

	return rows
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i + 1
	}

	return numbers
}

// counted yields rows and counts them.
func counted(rows []sepay.Transaction, taken *int) iter.Seq2[sepay.Transaction, error] {
	return func(yield func(sepay.Transaction, error) bool) {
		for _, row := range rows {
			*taken++

			if !yield(row, nil) {
				return
			}
		}
	}
}

func ids(rows []sepay.Transaction) []int64 {
	list := make([]int64, len(rows))
	for i, row := range rows {
		list[i] = row.ID
	}

	return list
}

func TestTheNewestAreKeptInAnyOrder(t *testing.T) {
	t.Parallel()

	falling := upTo(300)
	slices.Reverse(falling)

	shuffled := upTo(300)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) {
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	})

	for _, test := range []struct {
		name  string
		order []int
		limit int
		taken int
	}{
		{"newest first", falling, 10, 10},
		{"newest first, only one wanted", falling, 1, 2},
		{"oldest first", upTo(300), 10, 300},
		{"in no order", shuffled, 10, 300},
		{"fewer than wanted", falling[290:], 100, 10},
	} {
		taken := 0

		kept, err := newest(counted(minutes(test.order...), &taken), test.limit)
		if err != nil {
			t.Fatal(err)
		}

		highest := int64(slices.Max(test.order))
		for i, id := range ids(kept) {
			if id != highest-int64(i) {
				t.Errorf("%s: got %v, want %d and down", test.name, ids(kept), highest)

				break
			}
		}

		if want := min(test.limit, len(test.order)); len(kept) != want || taken != test.taken {
			t.Errorf("%s: kept %d of %d rows read, want %d of %d", test.name, len(kept), taken, want, test.taken)
		}
	}
}

func TestTransactionsOfOneSecondAreOrderedByID(t *testing.T) {
	t.Parallel()

	rows := minutes(5, 5, 5, 4)
	for i, id := range []int64{11, 13, 12, 10} {
		rows[i].ID = id
	}

	taken := 0

	kept, err := newest(counted(rows, &taken), 4)
	if err != nil || !slices.Equal(ids(kept), []int64{13, 12, 11, 10}) {
		t.Errorf("got %v, %v", ids(kept), err)
	}
}

func TestRowsWithoutADateAreTheOldest(t *testing.T) {
	t.Parallel()

	rows := append(minutes(3), sepay.Transaction{ID: 99}, minutes(7)[0])
	taken := 0

	kept, err := newest(counted(rows, &taken), 3)
	if err != nil || !slices.Equal(ids(kept), []int64{7, 3, 99}) {
		t.Errorf("got %v, %v", ids(kept), err)
	}
}

func TestAnErrorOnALaterPageIsNotAShorterList(t *testing.T) {
	t.Parallel()

	failure := errors.New("page 2 failed")

	kept, err := newest(func(yield func(sepay.Transaction, error) bool) {
		if yield(minutes(3)[0], nil) {
			yield(sepay.Transaction{}, failure)
		}
	}, 10)
	if kept != nil || !errors.Is(err, failure) {
		t.Errorf("got %v, %v, want the error alone", kept, err)
	}
}
