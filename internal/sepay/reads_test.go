package sepay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// logRecorder records the messages of the client's log.
type logRecorder struct {
	mu    sync.Mutex
	lines []string
}

func (l *logRecorder) option(cfg *Config) {
	cfg.Log = func(_ context.Context, msg string, fields map[string]any) {
		l.mu.Lock()
		defer l.mu.Unlock()

		l.lines = append(l.lines, fmt.Sprint(msg, " ", fields))
	}
}

func (l *logRecorder) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()

	return strings.Contains(strings.Join(l.lines, "\n"), text)
}

func pages(s *service) int {
	count := 0

	for _, line := range s.lines() {
		if line == "GET /webhooks" {
			count++
		}
	}

	return count
}

func TestReadsFallBackWhenTheListIsUnusable(t *testing.T) {
	t.Parallel()

	hide := func(keys ...string) func(map[string]any) {
		return func(row map[string]any) {
			for _, key := range keys {
				delete(row, key)
			}
		}
	}

	list := func(code int) func(r *http.Request) int {
		return func(r *http.Request) int {
			if strings.HasSuffix(r.URL.Path, "/webhooks") {
				return code
			}

			return 0
		}
	}

	tests := map[string]struct {
		change func(g *registry)
		log    string
		pages  int
	}{
		"a page fails":             {func(g *registry) { g.fail = list(500) }, "could not be read", 1},
		"the list is forbidden":    {func(g *registry) { g.fail = list(403) }, "could not be read", 1},
		"no meta":                  {func(g *registry) { g.noMeta = true }, "has no pagination", 1},
		"rows without a key":       {func(g *registry) { g.row = hide("event_type") }, "omits", 1},
		"rows without secrets":     {func(g *registry) { g.row = hide("api_key") }, "omits", 1},
		"pages that are all empty": {func(g *registry) { g.empty = true }, "", 1},
	}

	for name, test := range tests {
		for _, parallelism := range []int{1, 10} {
			t.Run(fmt.Sprintf("%s, parallelism %d", name, parallelism), func(t *testing.T) {
				t.Parallel()

				g := newRegistry(numbers(1, 50))
				for _, row := range g.rows {
					row["authen_type"], row["api_key"], row["event_type"] = AuthenTypeAPIKey, "key", EventTypeAll
				}

				test.change(g)

				var recorded logRecorder

				underFakeTime(t, g.handle, func(b fakeTimeTest) {
					t, s, client := b.T, b.service, b.client

					inParallel(parallelism, 50, func(i int) {
						got, err := client.Webhook(t.Context(), int64(i+1))
						if err != nil || got.APIKey.Or("") != "key" || got.EventType.Or("") != EventTypeAll {
							t.Errorf("webhook %d: %t %t, %v", i+1, got.APIKey.Present(), got.EventType.Present(), err)
						}
					})

					if pages(s) != test.pages || len(s.log()) > 51 {
						t.Errorf("%d pages among %d requests", pages(s), len(s.log()))
					}

					if test.log != "" && !recorded.has(test.log) {
						t.Errorf("not logged: %q", test.log)
					}
				}, recorded.option)
			})
		}
	}
}

func TestSecretsThatSePayNeverReturnsDoNotCauseSingleReads(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 300))
	for id, row := range g.rows {
		row["authen_type"] = []string{AuthenTypeNone, AuthenTypeAPIKey, AuthenTypeHMAC}[id%3]
	}

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		refresh(t, client, g.order, 10)

		// One single read for each kind of secret, which lacks the secret, too.
		if got := len(s.log()); got > 6 {
			t.Errorf("%d requests: %q", got, s.lines())
		}
	})
}

func TestAnObjectOnNoPageIsReadBeforeItCountsAsDeleted(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 90))
	delete(g.rows, 50)

	g.order = numbers(1, 90)
	hidden := func(ids []int64) []int64 { return append(append([]int64(nil), ids[:49]...), ids[51:]...) }
	g.order = hidden(g.order) // 50 is deleted; 51 exists, and the list does not have it

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		for _, id := range []int64{10, 20, 50, 51, 60} {
			got, err := client.Webhook(t.Context(), id)
			if deleted := id == 50; IsNotFound(err) != deleted || !deleted && got.ID != id {
				t.Errorf("webhook %d: %d, %v", id, got.ID, err)
			}
		}

		if want := "[GET /webhooks/10 GET /webhooks GET /webhooks/50 GET /webhooks/51]"; fmt.Sprint(s.lines()) != want {
			t.Errorf("requests: %q", s.lines())
		}
	})
}

func TestCallersOfOneWebhookShareOneRequest(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 90))
	g.latency = time.Second

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		refresh(t, client, []int64{7, 7, 7, 7, 7}, 5)

		if got := len(s.log()); got != 1 {
			t.Errorf("%d requests: %q", got, s.lines())
		}
	})
}

func TestErrorsAreNotCached(t *testing.T) {
	t.Parallel()

	broken := true
	g := newRegistry(numbers(1, 9))
	g.fail = func(*http.Request) int {
		if broken {
			return 500
		}

		return 0
	}

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, client := b.T, b.client

		reads := map[string]func() error{
			"webhook":      func() error { _, err := client.Webhook(t.Context(), 3); return err },
			"account":      func() error { _, err := client.BankAccount(t.Context(), 3); return err },
			"account list": func() error { _, err := client.BankAccounts(t.Context()); return err },
		}

		for _, broken = range []bool{true, false} {
			for name, read := range reads {
				if err := read(); (err != nil) != broken {
					t.Errorf("%s: broken is %t, got %v", name, broken, err)
				}
			}
		}
	})
}

func TestACanceledCallerDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 90))
	g.latency = time.Second

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		short, cancel := context.WithCancel(t.Context())
		defer cancel()

		callers := []context.Context{short, t.Context()}

		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				// The first caller, which started the requests, gives up.
				_ = transport.Pause(t.Context(), time.Duration(i)*time.Millisecond)

				_, err := client.Webhook(callers[i%2], int64(i/2+1))
				if gaveUp := i%2 == 0; (err != nil) != gaveUp || gaveUp && !errors.Is(err, context.Canceled) {
					t.Errorf("caller %d: %v", i, err)
				}
			})
		}

		_ = transport.Pause(t.Context(), 500*time.Millisecond)

		cancel()
		group.Wait()

		if got := len(s.log()); got != 2 {
			t.Errorf("%d requests: %q", got, s.lines())
		}
	})
}

func TestRequestsWithoutCallersAreCanceled(t *testing.T) {
	t.Parallel()

	var begun, ended atomic.Int64

	stalled := func(_ http.ResponseWriter, r *http.Request, _ int) {
		begun.Add(1)
		<-r.Context().Done()
		ended.Add(1)
	}

	underFakeTime(t, stalled, func(b fakeTimeTest) {
		t, client := b.T, b.client

		ctx, cancel := context.WithCancel(t.Context())

		var group sync.WaitGroup
		for i := range int64(20) {
			group.Go(func() {
				if _, err := client.Webhook(ctx, i+1); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}

				if _, err := client.Me(ctx); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}

		synctest.Wait()
		cancel()

		start := time.Now()

		group.Wait()
		synctest.Wait()

		if begun.Load() == 0 || ended.Load() != begun.Load() || time.Since(start) != 0 {
			t.Errorf("%d of %d requests ended, and the callers left after %s", ended.Load(), begun.Load(), time.Since(start))
		}
	})
}

func TestADeadlineAppliesToItsCallerOnly(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 9))
	g.latency = 3 * time.Second

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, client := b.T, b.client

		withDeadline, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		callers := []context.Context{withDeadline, t.Context()}

		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				_ = transport.Pause(t.Context(), time.Duration(i)*time.Millisecond)

				if _, err := client.Webhook(callers[i%2], 5); (err == nil) != (i%2 == 1) {
					t.Errorf("caller %d: %v", i, err)
				}
			})
		}

		group.Wait()
	})
}

func TestAReadDoesNotWaitLongForOtherWrites(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 9))
	underFakeTime(t, func(w http.ResponseWriter, r *http.Request, nth int) {
		if r.Method == http.MethodPatch {
			time.Sleep(time.Minute)
		}

		g.handle(w, r, nth)
	}, func(b fakeTimeTest) {
		t, client := b.T, b.client

		var group sync.WaitGroup

		group.Go(func() { _ = client.UpdateWebhook(t.Context(), 1, WebhookBody{Name: new("x")}) })
		synctest.Wait()

		start := time.Now()
		if _, err := client.Webhook(t.Context(), 2); err != nil || time.Since(start) > 5*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}

		group.Wait()
	}, func(cfg *Config) { cfg.RequestTimeout = 2 * time.Minute })
}

func TestRowsAreReusedForALimitedTime(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 90))
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		read := func(id int64, wait time.Duration, requests int) {
			t.Helper()

			_ = transport.Pause(t.Context(), wait)

			before := len(s.log())
			if _, err := client.Webhook(t.Context(), id); err != nil || len(s.log())-before != requests {
				t.Errorf("webhook %d: %d requests, want %d, %v", id, len(s.log())-before, requests, err)
			}
		}

		read(1, 0, 1) // alone
		read(2, 0, 1) // the page
		read(3, 0, 0)
		read(4, 4*time.Second, 0)
		read(5, 6*time.Second, 1) // a pause: another refresh
		read(6, 0, 1)
		read(7, 0, 0)
		read(6, 0, 1) // read again
		read(8, 0, 1)

		for id := int64(9); id < 9+33; id++ {
			read(id, 3*time.Second+500*time.Millisecond, 0)
		}

		read(60, 4*time.Second, 0) // 119.5 s old
		read(61, time.Second, 1)
	})
}

func TestOneRequestForAnyNumberOfProfiles(t *testing.T) {
	t.Parallel()

	underFakeTime(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
		time.Sleep(time.Second)

		if nth <= 2 {
			respond(w, 500, `{"message":"broken"}`)

			return
		}

		respond(w, 200, `{"data":{"id":1}}`)
	}, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		for round := range 3 {
			var group sync.WaitGroup
			for range 10 {
				group.Go(func() {
					_, errMe := client.Me(t.Context())
					_, errCompany := client.Company(t.Context())

					if failed := errMe != nil || errCompany != nil; failed != (round == 0) {
						t.Errorf("round %d: %v, %v", round, errMe, errCompany)
					}
				})
			}

			group.Wait()
		}

		if want := "[GET /me GET /company GET /me GET /company]"; fmt.Sprint(s.lines()) != want {
			t.Errorf("requests: %q", s.lines())
		}
	})
}

func TestBankAccountsOfOnePlanShareRequests(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 150))
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		// Look-ups by number and by id, and the bank account that many webhooks are bound to.
		inParallel(10, 200, func(i int) {
			if accounts, err := client.BankAccounts(t.Context()); err != nil || len(accounts) != 150 {
				t.Errorf("%d accounts, %v", len(accounts), err)
			} else {
				accounts[0].ID = -1 // the caller has its own copy
			}

			if _, err := client.BankAccount(t.Context(), int64(i%3+1)); err != nil {
				t.Error(err)
			}
		})

		// Two pages, read twice, and perhaps a single read while they are.
		if got := len(s.log()); got > 5 {
			t.Errorf("%d requests: %q", got, s.lines())
		}

		_ = transport.Pause(t.Context(), time.Minute)

		if accounts, err := client.BankAccounts(t.Context()); err != nil || accounts[0].ID != 1 || len(s.log()) < 4 {
			t.Errorf("%v, %v after %d requests", accounts[0].ID, err, len(s.log()))
		}
	})
}

func TestAForbiddenBankAccountIsRequestedOnce(t *testing.T) {
	t.Parallel()

	underFakeTime(t, status(403, `{"message":"Forbidden"}`), func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		for range 100 {
			if _, err := client.BankAccount(t.Context(), 19); err == nil || !strings.Contains(err.Error(), ScopeBankAccountRead) {
				t.Error(err)
			}
		}

		if got := len(s.log()); got != 1 {
			t.Errorf("%d requests", got)
		}
	})
}
