package sepay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// webhookStore is a service that stores webhooks.
type webhookStore struct {
	mu   sync.Mutex
	next int64
	rows map[int64]map[string]any
	// onCreate is called for each create, the store locked; it returns false if it has responded itself.
	onCreate func(s *webhookStore, nth int, w http.ResponseWriter, body map[string]any) bool
	// onPatch is called for each update, the store locked; it returns false if it has responded itself.
	onPatch func(w http.ResponseWriter, body map[string]any) bool
	// change is applied to each returned row.
	change  func(row map[string]any)
	creates int
	// skew is the error of its clock.
	skew time.Duration
}

func newWebhookStore() *webhookStore {
	return &webhookStore{next: 100, rows: map[int64]map[string]any{}}
}

// add stores a webhook that was created at the given time.
func (s *webhookStore) add(body map[string]any, at time.Time) int64 {
	s.next++

	row := maps.Clone(body)
	row["id"], row["created_at"] = s.next, at.Add(s.skew).In(vietnamTime()).Format(time.DateTime)
	s.rows[s.next] = row

	return s.next
}

func (s *webhookStore) row(id int64) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.rows[id]
}

func (s *webhookStore) all() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Collect(maps.Values(s.rows))
}

func (s *webhookStore) created() int {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.creates
}

func (s *webhookStore) handle(w http.ResponseWriter, r *http.Request, _ int) {
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

	if r.Method == http.MethodPatch {
		s.patch(w, r)

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

func (s *webhookStore) patch(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)

	if s.onPatch == nil || s.onPatch(w, body) {
		id, _ := strconv.ParseInt(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], 10, 64)
		maps.Copy(s.rows[id], body)
		respond(w, 200, `{"status":"success"}`)
	}
}

const hook = "https://shop.example/hook"

func hookBody() WebhookBody {
	return WebhookBody{Name: new("Shop"), WebhookURL: new(hook), Active: new(Flag(true)), APIKey: new("0123456789abcdef")}
}

func lostAfter(s *webhookStore, _ int, _ http.ResponseWriter, body map[string]any) bool {
	s.add(body, time.Now())
	cut()

	return false
}

func lostBefore(*webhookStore, int, http.ResponseWriter, map[string]any) bool {
	cut()

	return false
}

func respondsWith(code int, commit bool) func(*webhookStore, int, http.ResponseWriter, map[string]any) bool {
	return func(s *webhookStore, _ int, w http.ResponseWriter, body map[string]any) bool {
		if commit {
			s.add(body, time.Now())
		}

		respond(w, code, "")

		return false
	}
}

func TestAWebhookIsCreatedInactiveWithAMarkAndThenEnabled(t *testing.T) {
	t.Parallel()

	for name, declared := range map[string]struct {
		name   string
		active Flag
	}{
		"short":        {"Shop", true},
		"switched off": {"Shop", false},
		"longest":      {strings.Repeat("ế", NameMaxLength), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := newWebhookStore()
			s, client := serve(t, store.handle)

			body := hookBody()
			body.Name, body.Active = &declared.name, &declared.active

			id, err := client.CreateWebhook(t.Context(), body)
			if err != nil {
				t.Fatal(err)
			}

			created := store.row(id)
			stored, _ := created["name"].(string)

			prefix, marked := splitMark(stored)
			if !marked || !strings.HasPrefix(declared.name, prefix) || utf8.RuneCountInString(stored) > NameMaxLength || created["active"] != 0.0 {
				t.Errorf("the webhook was created as %v", created)
			}

			if err := client.EnableWebhook(t.Context(), id, body); err != nil {
				t.Fatal(err)
			}

			if got := s.lines(); !slices.Equal(got, []string{"POST /webhooks", "PATCH /webhooks/101"}) {
				t.Errorf("requests: %q", got)
			}

			want := fmt.Sprintf(`{"name":%q,"active":%s}`, declared.name, zeroOrOne(bool(declared.active)))
			if last := s.log()[1].body; last != want {
				t.Errorf("the update sent %s, want %s", last, want)
			}
		})
	}
}

func TestAWebhookIsEnabledEvenWhenSePayRefusesItsName(t *testing.T) {
	t.Parallel()

	for _, status := range []int{400, 422, 500} {
		store := newWebhookStore()
		store.onPatch = func(w http.ResponseWriter, body map[string]any) bool {
			if body["name"] != nil {
				respond(w, status, "")
			}

			return body["name"] == nil
		}

		s, client := serve(t, store.handle)
		id, _ := client.CreateWebhook(t.Context(), hookBody())

		err := client.EnableWebhook(t.Context(), id, hookBody())
		if err != nil || store.row(id)["active"] != 1.0 || s.log()[2].body != `{"active":1}` {
			t.Errorf("%d: %v, %v", status, store.row(id), err)
		}
	}
}

func TestTheNameIsKeptWhenSePayRefusesTheUserOrTheRate(t *testing.T) {
	t.Parallel()

	for _, status := range []int{403, 404} {
		store := newWebhookStore()
		store.onPatch = func(w http.ResponseWriter, _ map[string]any) bool {
			respond(w, status, "")

			return false
		}

		s, client := serve(t, store.handle)
		id, _ := client.CreateWebhook(t.Context(), hookBody())

		if err := client.EnableWebhook(t.Context(), id, hookBody()); err == nil || len(s.log()) != 2 {
			t.Errorf("%d: %v after %q", status, err, s.lines())
		}
	}
}

func TestACreateWithALostResponseIsFoundByItsMark(t *testing.T) {
	t.Parallel()

	// Another webhook that is equal in everything, and was created in the same second.
	twin := func(s *webhookStore) {
		s.add(map[string]any{"name": "Shop", "webhook_url": hook, "active": 1, "api_key": "0123456789abcdef"}, time.Now())
	}
	tests := map[string]struct {
		before   func(s *webhookStore)
		onCreate func(*webhookStore, int, http.ResponseWriter, map[string]any) bool
		change   func(row map[string]any)
		skew     time.Duration
		id       int64 // that is found
		refused  bool  // the error is SePay's and final
		requests int   // 0: not counted
	}{
		"responded":                    {id: 101, requests: 1},
		"cut after commit":             {onCreate: lostAfter, id: 101, requests: 2},
		"cut before commit":            {onCreate: lostBefore, requests: 6},
		"500 after commit":             {onCreate: respondsWith(500, true), id: 101, requests: 2},
		"500 before commit":            {onCreate: respondsWith(500, false), requests: 4},
		"502 after commit":             {onCreate: respondsWith(502, true), id: 101, requests: 2},
		"503 after commit":             {onCreate: respondsWith(503, true), id: 101, requests: 2},
		"504 before commit":            {onCreate: respondsWith(504, false), requests: 6},
		"200 without an id":            {onCreate: respondsWith(200, true), id: 101, requests: 2},
		"400":                          {onCreate: respondsWith(400, false), refused: true, requests: 1},
		"422 though committed":         {onCreate: respondsWith(422, true), refused: true, requests: 1},
		"a twin, committed":            {before: twin, onCreate: lostAfter, id: 102},
		"a twin, not committed":        {before: twin, onCreate: lostBefore},
		"no secrets":                   {onCreate: lostAfter, change: func(row map[string]any) { delete(row, "api_key") }, id: 101},
		"trimmed":                      {onCreate: lostAfter, change: func(row map[string]any) { row["webhook_url"] = hook + " " }, id: 101},
		"switched on nevertheless":     {onCreate: lostAfter, change: func(row map[string]any) { row["active"] = 1 }, id: 101},
		"without a date":               {onCreate: lostAfter, change: func(row map[string]any) { delete(row, "created_at") }, id: 101},
		"committed twice by a proxy":   {onCreate: committedTwice, id: 101},
		"committed some seconds later": {onCreate: committedAfter(5 * time.Second), id: 101, requests: 5},
		"committed after the search":   {onCreate: committedAfter(time.Minute), requests: 6},
		"a clock 3 s behind":           {onCreate: lostAfter, skew: -3 * time.Second, id: 101, requests: 2},
		"a clock 7 h behind":           {onCreate: lostAfter, skew: -7 * time.Hour, id: 101, requests: 2},
		"a clock 7 h ahead":            {onCreate: lostAfter, skew: 7 * time.Hour, id: 101, requests: 2},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := newWebhookStore()
			store.onCreate, store.change, store.skew = test.onCreate, test.change, test.skew

			underFakeTime(t, store.handle, func(b fakeTimeTest) {
				t, s, client := b.T, b.service, b.client

				if test.before != nil {
					test.before(store)
				}

				id, err := client.CreateWebhook(t.Context(), hookBody())
				lost, unknown := errors.AsType[*LostCreateError](err)

				if id != test.id || (err == nil) != (test.id != 0) || unknown != (test.id == 0 && !test.refused) {
					t.Errorf("id %d, %v", id, err)
				}

				if store.created() != 1 || test.requests != 0 && len(s.log()) != test.requests {
					t.Errorf("%d creates in %d requests: %q", store.created(), len(s.log()), s.lines())
				}

				if err != nil && strings.Contains(err.Error(), "0123456789abcdef") {
					t.Errorf("a secret appears: %v", err)
				}

				time.Sleep(time.Minute)

				// A webhook that appears later is switched off, and has the mark that the error names.
				for _, row := range store.all() {
					name, _ := row["name"].(string)
					if unknown && name != "Shop" && (row["active"] != 0.0 || !strings.HasSuffix(name, lost.Mark) || !strings.Contains(err.Error(), lost.Mark)) {
						t.Errorf("%v was left behind by %v", row, err)
					}
				}
			}, func(cfg *Config) { cfg.RequestTimeout = 30 * time.Second })
		})
	}
}

func committedTwice(s *webhookStore, _ int, _ http.ResponseWriter, body map[string]any) bool {
	s.add(body, time.Now())
	s.add(body, time.Now())
	cut()

	return false
}

func committedAfter(wait time.Duration) func(*webhookStore, int, http.ResponseWriter, map[string]any) bool {
	return func(s *webhookStore, _ int, _ http.ResponseWriter, body map[string]any) bool {
		time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()

			s.add(body, time.Now())
		})
		cut()

		return false
	}
}

func TestTheErrorOfALostCreateHasCauseAndNextStep(t *testing.T) {
	t.Parallel()

	for name, handle := range map[string]struct {
		list handler
		want string
	}{
		"not found":    {func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 200, `{"data":[]}`) }, "may still create it"},
		"not readable": {func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 403, `{"message":"Forbidden"}`) }, ScopeWebhookRead},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			underFakeTime(t, func(w http.ResponseWriter, r *http.Request, nth int) {
				if r.Method == http.MethodPost {
					cut()
				}

				handle.list(w, r, nth)
			}, func(b fakeTimeTest) {
				t, client := b.T, b.client

				_, err := client.CreateWebhook(t.Context(), hookBody())
				if err == nil {
					t.Fatal("no error")
				}

				for _, want := range []string{"no response", handle.want, "switched off", "deliver nothing, unless SePay switches on what it creates", "[tf-", "can be deleted", "Applying again is safe."} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%q is missing in: %v", want, err)
					}
				}

				if strings.Contains(err.Error(), "..") {
					t.Errorf("a double full stop: %v", err)
				}
			})
		})
	}
}

// Two configurations create equal webhooks at the same time, and a proxy drops one response.
func TestACreateNeverReturnsTheWebhookOfAnother(t *testing.T) {
	t.Parallel()

	for _, committed := range []bool{true, false} {
		store := newWebhookStore()
		store.onCreate = func(s *webhookStore, nth int, w http.ResponseWriter, body map[string]any) bool {
			if nth != 1 {
				return true
			}

			return respondsWith(503, committed)(s, nth, w, body)
		}

		underFakeTime(t, store.handle, func(b fakeTimeTest) {
			t, client := b.T, b.client

			var (
				group  sync.WaitGroup
				first  int64
				second int64
			)

			group.Go(func() { first, _ = client.CreateWebhook(t.Context(), hookBody()) })
			synctest.Wait()
			group.Go(func() { second, _ = client.CreateWebhook(t.Context(), hookBody()) })
			group.Wait()

			if second == 0 || first == second || (first != 0) != committed {
				t.Errorf("committed %t: ids %d and %d", committed, first, second)
			}
		})
	}
}

func TestParallelCreatesOfOneURLNeverShareAnID(t *testing.T) {
	t.Parallel()

	// Some responses are lost after the commit, some before, some come late.
	mixed := func(s *webhookStore, nth int, _ http.ResponseWriter, body map[string]any) bool {
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

	store := newWebhookStore()
	store.onCreate = mixed

	underFakeTime(t, store.handle, func(b fakeTimeTest) {
		t, client := b.T, b.client

		var (
			group sync.WaitGroup
			mu    sync.Mutex
			ids   = map[int64]bool{}
			none  int
		)

		for range 12 {
			group.Go(func() {
				id, err := client.CreateWebhook(t.Context(), hookBody())

				mu.Lock()
				defer mu.Unlock()

				if err != nil {
					none++
				} else {
					ids[id] = true
				}
			})
		}

		group.Wait()

		if len(ids) != 8 || none != 4 || store.row(108) == nil || store.row(109) != nil {
			t.Errorf("%d ids and %d errors for 8 webhooks: %v", len(ids), none, ids)
		}
	})
}

func TestACreateStillGetsItsIDAfterCtrlC(t *testing.T) {
	t.Parallel()

	slow := func(wait time.Duration) func(*webhookStore, int, http.ResponseWriter, map[string]any) bool {
		return func(s *webhookStore, _ int, w http.ResponseWriter, body map[string]any) bool {
			id := s.add(body, time.Now())
			s.mu.Unlock()
			time.Sleep(wait)
			s.mu.Lock()
			respond(w, 200, fmt.Sprintf(`{"id":%d,"message":"created"}`, id))

			return false
		}
	}

	for name, test := range map[string]struct {
		response, most time.Duration
		requests       int
	}{
		"the response comes soon": {3 * time.Second, 3 * time.Second, 1},
		"the response is late":    {20 * time.Second, 7 * time.Second, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := newWebhookStore()
			store.onCreate = slow(test.response)

			underFakeTime(t, store.handle, func(b fakeTimeTest) {
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

	s, client := serve(t, newWebhookStore().handle)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := client.CreateWebhook(ctx, hookBody()); !errors.Is(err, context.Canceled) || len(s.log()) != 0 {
		t.Errorf("%v after %d requests", err, len(s.log()))
	}
}
