package sepay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// shop is a service that stores webhooks.
type shop struct {
	mu   sync.Mutex
	next int64
	rows map[int64]map[string]any
	// onCreate is called for each create, the store locked; it may answer itself and then returns false.
	onCreate func(s *shop, nth int, w http.ResponseWriter, body map[string]any) bool
	// change is made to each row that is shown.
	change  func(row map[string]any)
	creates int
	// skew is how far its clock is off.
	skew time.Duration
}

func newShop() *shop { return &shop{next: 100, rows: map[int64]map[string]any{}} }

// add stores a webhook as if it had been created at a moment.
func (s *shop) add(body map[string]any, at time.Time) int64 {
	s.next++

	row := maps.Clone(body)
	row["id"], row["created_at"] = s.next, at.Add(s.skew).In(vietnamTime()).Format(time.DateTime)
	s.rows[s.next] = row

	return s.next
}

func (s *shop) row(id int64) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.rows[id]
}

func (s *shop) created() int {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.creates
}

func (s *shop) handle(w http.ResponseWriter, r *http.Request, _ int) {
	s.mu.Lock()
	defer s.mu.Unlock()

	w.Header().Set("Date", time.Now().Add(s.skew).UTC().Format(http.TimeFormat))

	if r.Method == http.MethodPost {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)

		s.creates++

		if s.onCreate == nil || s.onCreate(s, s.creates, w, body) {
			respond(w, 200, fmt.Sprintf(`{"status":"success","data":{"id":%d}}`, s.add(body, time.Now())))
		}

		return
	}

	rows := []map[string]any{}

	for _, id := range slices.Sorted(maps.Keys(s.rows)) {
		row := maps.Clone(s.rows[id])
		if url, _ := row["webhook_url"].(string); strings.Contains(url, r.URL.Query().Get("webhook_url")) {
			if s.change != nil {
				s.change(row)
			}

			rows = append(rows, row)
		}
	}

	data, err := json.Marshal(rows)
	if err != nil {
		panic(err)
	}

	respond(w, 200, fmt.Sprintf(`{"data":%s,"meta":{"pagination":{"total":%d,"per_page":100,"current_page":1,"last_page":1}}}`,
		data, len(rows)))
}

const hook = "https://shop.example/hook"

func hookBody() WebhookBody {
	return WebhookBody{Name: new("Shop"), WebhookURL: new(hook), Active: new(Flag(true)), APIKey: new("0123456789abcdef")}
}

func hookRow() map[string]any {
	return map[string]any{"name": "Shop", "webhook_url": hook, "active": 1, "api_key": "0123456789abcdef"}
}

func lostAfter(s *shop, _ int, _ http.ResponseWriter, body map[string]any) bool {
	s.add(body, time.Now())
	cut()

	return false
}

func lostBefore(*shop, int, http.ResponseWriter, map[string]any) bool {
	cut()

	return false
}

func answers(code int, commit bool) func(*shop, int, http.ResponseWriter, map[string]any) bool {
	return func(s *shop, _ int, w http.ResponseWriter, body map[string]any) bool {
		if commit {
			s.add(body, time.Now())
		}

		respond(w, code, "")

		return false
	}
}

func TestACreateWithALostAnswer(t *testing.T) {
	t.Parallel()

	twin := func(s *shop) { s.add(hookRow(), time.Now().Add(-time.Hour)) }
	tests := map[string]struct {
		before   func(s *shop)
		onCreate func(*shop, int, http.ResponseWriter, map[string]any) bool
		change   func(row map[string]any)
		id       int64   // that is adopted
		unsure   []int64 // candidates of an AmbiguousCreateError
		requests int     // 0: not counted
	}{
		"answered":                      {id: 101, requests: 1},
		"cut after commit":              {onCreate: lostAfter, id: 101, requests: 2},
		"cut before commit":             {onCreate: lostBefore, requests: 6},
		"500 after commit":              {onCreate: answers(500, true), id: 101, requests: 2},
		"500 before commit":             {onCreate: answers(500, false), requests: 4},
		"502 after commit":              {onCreate: answers(502, true), id: 101, requests: 2},
		"504 before commit":             {onCreate: answers(504, false), requests: 6},
		"200 without an id":             {onCreate: answers(200, true), id: 101, requests: 2},
		"400":                           {onCreate: answers(400, false), requests: 1},
		"422 though committed":          {onCreate: answers(422, true), requests: 1},
		"an old twin, committed":        {before: twin, onCreate: lostAfter, id: 102},
		"an old twin, not committed":    {before: twin, onCreate: lostBefore},
		"masked secrets":                {onCreate: lostAfter, change: func(row map[string]any) { row["api_key"] = "****cdef" }, id: 101},
		"no secrets":                    {onCreate: lostAfter, change: func(row map[string]any) { delete(row, "api_key") }, id: 101},
		"trimmed":                       {onCreate: lostAfter, change: func(row map[string]any) { row["webhook_url"] = hook + " " }, id: 101},
		"another value was stored":      {onCreate: lostAfter, change: func(row map[string]any) { row["active"] = 0 }, unsure: []int64{101}},
		"no proof that it is new":       {onCreate: lostAfter, change: func(row map[string]any) { delete(row, "created_at") }, unsure: []int64{101}},
		"a longer URL":                  {onCreate: lostAfter, change: func(row map[string]any) { row["webhook_url"] = hook + "/2" }},
		"two that are new and the same": {onCreate: committedTwice, unsure: []int64{101, 102}},
		"committed some seconds later":  {onCreate: committedLater, id: 101, requests: 5},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := newShop()
			store.onCreate, store.change = test.onCreate, test.change

			underFakeTime(t, store.handle, func(b bubble) {
				t, s, client := b.T, b.service, b.client

				if test.before != nil {
					test.before(store)
				}

				id, err := client.CreateWebhook(t.Context(), hookBody())

				var unsure *AmbiguousCreateError

				errors.As(err, &unsure)

				switch {
				case id != test.id || (err == nil) != (test.id != 0):
					t.Errorf("id %d, %v", id, err)
				case test.unsure == nil && unsure != nil:
					t.Errorf("undecided: %v", err)
				case test.unsure != nil && (unsure == nil || !slices.Equal(unsure.Candidates, test.unsure)):
					t.Errorf("decided, or for others: %v", err)
				}

				if store.created() != 1 || test.requests != 0 && len(s.log()) != test.requests {
					t.Errorf("%d creates in %d requests: %q", store.created(), len(s.log()), s.lines())
				}

				if err != nil && strings.Contains(err.Error(), "0123456789abcdef") {
					t.Errorf("a secret is shown: %v", err)
				}
			}, func(cfg *Config) { cfg.RequestTimeout = 30 * time.Second })
		})
	}
}

func committedTwice(s *shop, _ int, _ http.ResponseWriter, body map[string]any) bool {
	s.add(body, time.Now())
	s.add(body, time.Now())
	cut()

	return false
}

func committedLater(s *shop, _ int, _ http.ResponseWriter, body map[string]any) bool {
	time.AfterFunc(5*time.Second, func() {
		s.mu.Lock()
		defer s.mu.Unlock()

		s.add(body, time.Now())
	})
	cut()

	return false
}

func TestTheErrorsOfALostCreateSayWhatToDo(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		onCreate func(*shop, int, http.ResponseWriter, map[string]any) bool
		want     []string
	}{
		"nothing created": {answers(500, false), []string{"SePay answered 500", "nothing was created", "safe to apply again"}},
		"undecided":       {committedTwice, []string{"no answer", "101 or 102", hook, "terraform import ADDRESS 101"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := newShop()
			store.onCreate = test.onCreate

			underFakeTime(t, store.handle, func(b bubble) {
				t, client := b.T, b.client

				_, err := client.CreateWebhook(t.Context(), hookBody())
				for _, want := range test.want {
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("%q is missing in: %v", want, err)
					}
				}
			})
		})
	}
}

func TestALookThatFailsLeavesTheCreateUndecided(t *testing.T) {
	t.Parallel()

	underFakeTime(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodPost {
			cut()
		}

		respond(w, 403, `{"message":"Forbidden"}`)
	}, func(b bubble) {
		t, client := b.T, b.client

		_, err := client.CreateWebhook(t.Context(), hookBody())

		var unsure *AmbiguousCreateError
		if !errors.As(err, &unsure) || len(unsure.Candidates) != 0 || !strings.Contains(err.Error(), ScopeWebhookRead) ||
			!strings.Contains(err.Error(), "if not, apply again") {
			t.Errorf("error: %v", err)
		}
	})
}

func TestParallelCreatesOfOneURLNeverShareAnID(t *testing.T) {
	t.Parallel()

	// Some answers are lost after the commit, some before, some come late.
	mixed := func(s *shop, nth int, _ http.ResponseWriter, body map[string]any) bool {
		switch nth % 3 {
		case 0:
			return lostAfter(s, nth, nil, body)
		case 1:
			return lostBefore(s, nth, nil, body)
		default:
			s.mu.Unlock()
			time.Sleep(3 * time.Second)
			s.mu.Lock()

			return true
		}
	}

	for _, same := range []bool{true, false} {
		t.Run(fmt.Sprintf("same=%t", same), func(t *testing.T) {
			t.Parallel()

			store := newShop()
			store.onCreate = mixed

			underFakeTime(t, store.handle, func(b bubble) {
				t, client := b.T, b.client

				var (
					group sync.WaitGroup
					mu    sync.Mutex
					ids   = map[int64]int{}
					none  int
				)

				for i := range 12 {
					group.Go(func() {
						body := hookBody()
						if !same {
							body.Name = new(fmt.Sprintf("Shop %d", i))
						}

						id, err := client.CreateWebhook(t.Context(), body)

						mu.Lock()
						defer mu.Unlock()

						if err != nil {
							none++
						} else if ids[id]++; !same && store.row(id)["name"] != *body.Name {
							t.Errorf("the webhook of another create was adopted")
						}
					})
				}

				group.Wait()

				if len(ids) != 8 || none != 4 || store.row(108) == nil || store.row(109) != nil {
					t.Errorf("%d ids and %d errors for 8 webhooks: %v", len(ids), none, ids)
				}
			})
		})
	}
}

func TestACreateOutlivesCtrlCLongEnoughToLearnItsID(t *testing.T) {
	t.Parallel()

	slow := func(wait time.Duration) func(*shop, int, http.ResponseWriter, map[string]any) bool {
		return func(s *shop, _ int, w http.ResponseWriter, body map[string]any) bool {
			id := s.add(body, time.Now())
			s.mu.Unlock()
			time.Sleep(wait)
			s.mu.Lock()
			respond(w, 200, fmt.Sprintf(`{"id":%d,"message":"created"}`, id))

			return false
		}
	}

	for name, test := range map[string]struct {
		answer, most time.Duration
		requests     int
	}{
		"the answer comes soon": {3 * time.Second, 3 * time.Second, 1},
		"the answer is late":    {20 * time.Second, 7 * time.Second, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := newShop()
			store.onCreate = slow(test.answer)

			underFakeTime(t, store.handle, func(b bubble) {
				t, s, client := b.T, b.service, b.client

				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)

				start := time.Now()

				id, err := client.CreateWebhook(ctx, hookBody())
				if id != 101 || err != nil || time.Since(start) > test.most || len(s.log()) != test.requests {
					t.Errorf("id %d, %v after %s and %d requests", id, err, time.Since(start), len(s.log()))
				}
			}, func(cfg *Config) { cfg.RequestTimeout = 30 * time.Second })
		})
	}
}

func TestNothingIsSentAfterCtrlC(t *testing.T) {
	t.Parallel()

	s, client := serve(t, newShop().handle)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := client.CreateWebhook(ctx, hookBody()); !errors.Is(err, context.Canceled) || len(s.log()) != 0 {
		t.Errorf("%v after %d requests", err, len(s.log()))
	}
}

func TestNewIsMeasuredOnSePaysClock(t *testing.T) {
	t.Parallel()

	for _, skew := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		for name, test := range map[string]struct {
			onCreate func(*shop, int, http.ResponseWriter, map[string]any) bool
			id       int64
		}{"committed": {lostAfter, 102}, "not committed": {lostBefore, 0}} {
			t.Run(fmt.Sprintf("%s %s", name, skew), func(t *testing.T) {
				t.Parallel()

				store := newShop()
				store.skew, store.onCreate = skew, test.onCreate

				underFakeTime(t, store.handle, func(b bubble) {
					t, client := b.T, b.client

					store.add(hookRow(), time.Now().Add(-time.Minute))

					if id, err := client.CreateWebhook(t.Context(), hookBody()); id != test.id {
						t.Errorf("id %d, %v", id, err)
					}
				})
			})
		}
	}
}
