package sepay

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
)

// pagedList serves a list of ids in pages.
type pagedList struct {
	ids    []int64
	max    int  // the longest page it gives
	noMeta bool // without pagination
	stuck  bool // returns the first page for every number
}

func (b *pagedList) page(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	limit = min(limit, b.max)

	if b.stuck {
		number = 1
	}

	from := min((number-1)*limit, len(b.ids))
	to := min(from+limit, len(b.ids))

	var rows []string
	for _, id := range b.ids[from:to] {
		rows = append(rows, fmt.Sprintf(`{"id":%d}`, id))
	}

	meta := fmt.Sprintf(`,"meta":{"pagination":{"total":%d,"per_page":%d,"current_page":%d,"last_page":%d}}`,
		len(b.ids), limit, number, (len(b.ids)+limit-1)/limit)
	if b.noMeta {
		meta = ""
	}

	respond(w, 200, `{"status":"success","data":[`+strings.Join(rows, ",")+`]`+meta+`}`)
}

func numbers(from, count int64) []int64 {
	ids := make([]int64, count)
	for i := range ids {
		ids[i] = from + int64(i)
	}

	return ids
}

func TestListsAreReadToTheirEnd(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		list     pagedList
		requests int
	}{
		"empty":                   {pagedList{max: 100}, 1},
		"one page":                {pagedList{ids: numbers(1, 7), max: 100}, 1},
		"a full page":             {pagedList{ids: numbers(1, 100), max: 100}, 1},
		"250 at 100 a page":       {pagedList{ids: numbers(1, 250), max: 100}, 6},
		"250 at 20 a page":        {pagedList{ids: numbers(1, 250), max: 20}, 26},
		"250 without meta":        {pagedList{ids: numbers(1, 250), max: 100, noMeta: true}, 6},
		"250 at 20 without meta":  {pagedList{ids: numbers(1, 250), max: 20, noMeta: true}, 26},
		"200 without meta":        {pagedList{ids: numbers(1, 200), max: 100, noMeta: true}, 6},
		"7 without meta":          {pagedList{ids: numbers(1, 7), max: 100, noMeta: true}, 1},
		"empty without meta":      {pagedList{max: 100, noMeta: true}, 1},
		"pages ignored, no meta":  {pagedList{ids: numbers(1, 100), max: 100, noMeta: true, stuck: true}, 4},
		"order is the service's":  {pagedList{ids: []int64{9, 3, 7, 1}, max: 100}, 1},
		"the same row comes once": {pagedList{ids: []int64{1, 2, 2, 3}, max: 100}, 1},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { test.list.page(w, r) })

			var got []int64

			for webhook, err := range client.Webhooks(t.Context(), WebhookFilter{}) {
				if err != nil {
					t.Fatal(err)
				}

				got = append(got, webhook.ID)
			}

			want := test.list.ids
			if name == "the same row comes once" {
				want = []int64{1, 2, 3}
			}

			if fmt.Sprint(got) != fmt.Sprint(want) || len(s.log()) != test.requests {
				t.Errorf("%d rows in %d requests, want %d in %d", len(got), len(s.log()), len(want), test.requests)
			}
		})
	}
}

func TestAListThatRepeatsItselfIsAnError(t *testing.T) {
	t.Parallel()

	stuck := &pagedList{ids: numbers(1, 1000), max: 100, stuck: true}
	s, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { stuck.page(w, r) })

	_, err := paging.Collect(client.Webhooks(t.Context(), WebhookFilter{}))
	if err == nil || !strings.Contains(err.Error(), "cannot be read to its end") || len(s.log()) > 6 {
		t.Errorf("error %v after %d requests", err, len(s.log()))
	}
}

// Whatever happens to a list during the read, the result has all rows that existed the whole time, or there is an error.
func TestAListIsCompleteOrAnError(t *testing.T) {
	t.Parallel()

	remove := func(b *pagedList, id int64) {
		b.ids = slices.DeleteFunc(slices.Clone(b.ids), func(other int64) bool { return other == id })
	}
	add := func(b *pagedList, id int64) { b.ids = append(slices.Clone(b.ids), id) }
	front := func(b *pagedList, id int64) { b.ids = append([]int64{id}, b.ids...) }

	tests := map[string]struct {
		change   func(b *pagedList, nth int)
		requests int
		unstable bool
	}{
		"nothing happens":          {func(*pagedList, int) {}, 6, false},
		"a deletion between pages": {func(b *pagedList, nth int) { remove(b, map[int]int64{2: 5}[nth]) }, 9, false},
		"a deletion and a creation between pages": {func(b *pagedList, nth int) {
			if nth == 2 {
				remove(b, 5)
				add(b, 1000)
			}
		}, 9, false},
		"a deletion before the second pass": {func(b *pagedList, nth int) { remove(b, map[int]int64{4: 5}[nth]) }, 9, false},
		"a deletion in the third pass":      {func(b *pagedList, nth int) { remove(b, map[int]int64{2: 5, 8: 6}[nth]) }, 9, true},
		"creations at the end":              {func(b *pagedList, nth int) { add(b, int64(1000+nth)) }, 6, false},
		"creations at the front":            {func(b *pagedList, nth int) { front(b, int64(1000+nth)) }, 6, false},
		"one deleted and one created for each page": {func(b *pagedList, nth int) {
			remove(b, int64(nth))
			add(b, int64(1000+nth))
		}, 9, true},
		"a deletion in the first two passes": {func(b *pagedList, nth int) { remove(b, map[int]int64{2: 5, 5: 6}[nth]) }, 9, true},
	}

	for name, test := range tests {
		for _, noMeta := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, without meta: %t", name, noMeta), func(t *testing.T) {
				t.Parallel()

				moving := &pagedList{ids: numbers(1, 250), max: 100, noMeta: noMeta}
				s, client := serve(t, func(w http.ResponseWriter, r *http.Request, nth int) {
					test.change(moving, nth)
					moving.page(w, r)
				})

				seen := map[int64]int{}

				var failure error

				for webhook, err := range client.Webhooks(t.Context(), WebhookFilter{}) {
					if err != nil {
						failure = err

						break
					}

					seen[webhook.ID]++
				}

				if errors.Is(failure, paging.ErrUnstable) != test.unstable || (failure != nil) != test.unstable || len(s.log()) != test.requests {
					t.Fatalf("%d requests, %v", len(s.log()), failure)
				}

				for _, id := range moving.ids {
					if id <= 250 && seen[id] != 1 && !test.unstable {
						t.Errorf("webhook %d was seen %d times", id, seen[id])
					}
				}
			})
		}
	}
}

func TestALoopThatEndsEarlySendsNoMoreRequests(t *testing.T) {
	t.Parallel()

	long := &pagedList{ids: numbers(1, 1000), max: 100}
	s, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { long.page(w, r) })

	count := 0
	for _, err := range client.Transactions(t.Context(), TransactionFilter{AccountNumber: "0071", AmountIn: new(json.Number("18067000.00"))}) {
		if count++; err != nil || count == 150 {
			break
		}
	}

	log := s.log()
	if len(log) != 2 || log[0].query != "account_number=0071&amount_in=18067000.00&limit=100&page=1" {
		t.Errorf("requests: %+v", log)
	}
}

func TestAFailingPageEndsTheSequenceWithItsError(t *testing.T) {
	t.Parallel()

	long := &pagedList{ids: numbers(1, 300), max: 100}
	_, client := serve(t, func(w http.ResponseWriter, r *http.Request, nth int) {
		if nth == 2 {
			respond(w, 500, `{"message":"broken"}`)

			return
		}

		long.page(w, r)
	})

	rows, failures := 0, 0

	for _, err := range client.Webhooks(t.Context(), WebhookFilter{Active: new(true)}) {
		if err != nil {
			failures++
		} else {
			rows++
		}
	}

	if rows != 100 || failures != 1 {
		t.Errorf("%d rows and %d errors", rows, failures)
	}
}
