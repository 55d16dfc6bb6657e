package transaction

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// newest returns the newest transactions of a sequence, at most limit of them, the newest first.
//
// SePay documents no order. If each row is older than the one before, reading stops at the limit: all later rows are older, and
// there may be years of them. In any other order all rows are read, and at most four times the limit is kept.
func newest(rows iter.Seq2[sepay.Transaction, error], limit int) ([]sepay.Transaction, error) {
	var (
		kept     []sepay.Transaction
		previous *sepay.Transaction
		descends bool // a row was older than the one before
		ascends  bool // a row was newer than the one before
	)

	for row, err := range rows {
		if err != nil {
			return nil, err
		}

		if previous != nil {
			order := compareAge(*previous, row)
			descends = descends || order < 0
			ascends = ascends || order > 0
		}

		previous = &row
		kept = append(kept, row)

		if len(kept) >= limit && descends && !ascends {
			break
		}

		if len(kept) > 4*limit {
			kept = cut(kept, limit)
		}
	}

	return cut(kept, limit), nil
}

// cut sorts rows, the newest first, and keeps limit of them.
func cut(rows []sepay.Transaction, limit int) []sepay.Transaction {
	slices.SortFunc(rows, func(a, b sepay.Transaction) int {
		return cmp.Or(compareAge(a, b), cmp.Compare(b.ID, a.ID))
	})

	return rows[:min(limit, len(rows))]
}

// compareAge is negative when a is newer than b. Rows of the same second, and rows without a date, are of equal age.
func compareAge(a, b sepay.Transaction) int {
	return b.TransactionDate.Or(time.Time{}).Compare(a.TransactionDate.Or(time.Time{}))
}
