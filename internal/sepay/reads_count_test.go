package sepay

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// layouts are possible lists of webhooks.
func layouts(count int64) map[string]func() *registry {
	reversed := func(g *registry) *registry {
		g.reverse = true

		return g
	}

	shuffled := func(ids []int64) []int64 { return pick(ids, len(ids)) }

	return map[string]func() *registry{
		"even":                 func() *registry { return newRegistry(numbers(59325, count)) },
		"even, newest first":   func() *registry { return reversed(newRegistry(numbers(59325, count))) },
		"uneven":               func() *registry { return newRegistry(sparse(count)) },
		"uneven, newest first": func() *registry { return reversed(newRegistry(sparse(count))) },
		"without an order":     func() *registry { return newRegistry(shuffled(sparse(count))) },
	}
}

func TestTheRequestsOfARefresh(t *testing.T) {
	t.Parallel()

	tests := []struct {
		total, managed int
		// most applies to evenly spaced ids, such as those of one company's configuration.
		most int
	}{
		{300, 300, 4}, {1000, 1000, 11}, {3000, 2, 4}, {3000, 20, 40}, {3000, 1, 1}, {90, 2, 2}, {250, 2, 4}, {350, 300, 5},
	}

	for _, test := range tests {
		for name, layout := range layouts(int64(test.total)) {
			for _, parallelism := range []int{1, 10, 50} {
				t.Run(fmt.Sprintf("%d of %d, %s, parallelism %d", test.managed, test.total, name, parallelism), func(t *testing.T) {
					t.Parallel()

					g := layout()
					g.latency = time.Duration(rand.IntN(2)) * 10 * time.Millisecond

					underFakeTime(t, g.handle, func(b fakeTimeTest) {
						t, s, client := b.T, b.service, b.client

						refresh(t, client, pick(g.order, test.managed), parallelism)

						most := 2 * test.managed
						if strings.HasPrefix(name, "even") {
							most = min(most, test.most)
						}

						if got := len(s.log()); got > most {
							t.Errorf("%d requests, at most %d expected: %q", got, most, s.lines())
						}
					})
				})
			}
		}
	}
}

func TestASecondRefreshReadsAgain(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 200))
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		for range 3 {
			refresh(t, client, g.order, 10)
		}

		if got := len(s.log()); got != 9 {
			t.Errorf("%d requests for three refreshes, want 9: %q", got, s.lines())
		}
	})
}

func TestSmallPagesAreReadToo(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 300))
	g.max = 20
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		refresh(t, client, g.order, 10)

		if got := len(s.log()); got != 16 {
			t.Errorf("%d requests, want 16: %q", got, s.lines())
		}
	})
}

func TestARefreshTakesTwoRoundTrips(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 300))
	g.latency = 50 * time.Millisecond // each way

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		start := time.Now()

		inParallel(10, len(g.order), func(i int) {
			if _, err := b.client.Webhook(b.Context(), g.order[i*101%300]); err != nil {
				b.Error(err)
			}
		})

		if took := time.Since(start); took != 200*time.Millisecond || len(b.service.log()) != 4 {
			b.Errorf("%d requests in %s", len(b.service.log()), took)
		}
	})
}

func TestARefreshWithinTheLimitGetsNo429(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 300))

	var served []time.Time

	g.fail = func(*http.Request) int {
		if n := len(served); n >= 3 && time.Since(served[n-3]) < time.Second {
			return http.StatusTooManyRequests
		}

		served = append(served, time.Now())

		return 0
	}

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		start := time.Now()
		refresh(t, client, g.order, 10)

		if took := time.Since(start); len(s.log()) != 4 || took > 5*time.Second {
			t.Errorf("%d requests in %s", len(s.log()), took)
		}
	}, func(cfg *Config) { cfg.RequestsPerSecond = 3 })
}

func TestTheRequestsOfWrites(t *testing.T) {
	t.Parallel()

	for _, others := range []int64{0, 3000} {
		for _, latency := range []time.Duration{0, 100 * time.Millisecond} {
			for _, limit := range []float64{0, 3} {
				t.Run(fmt.Sprintf("among %d, latency %s, limit %g", others, latency, limit), func(t *testing.T) {
					t.Parallel()

					testWrites(t, others, latency, limit)
				})
			}
		}
	}
}

func testWrites(t *testing.T, others int64, latency time.Duration, limit float64) {
	t.Helper()

	g := newRegistry(numbers(59325, others))
	g.latency = latency

	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		var created []int64

		cost := func(what string, most int, do func(i int)) {
			before := len(s.log())

			inParallel(10, 100, do)

			_ = transport.Pause(t.Context(), 20*time.Second)

			if got := len(s.log()) - before; got > most {
				t.Errorf("100 %s cost %d requests, at most %d expected: %q", what, got, most, s.lines()[before:])
			}
		}

		ids := make(chan int64, 100)

		cost("creates", 230, func(i int) {
			name := fmt.Sprintf("New %d", i)
			body := WebhookBody{Name: &name, AuthenType: new(AuthenTypeNone), Active: new(Flag(true))}

			id, err := client.CreateWebhook(t.Context(), body)
			ids <- id

			if err == nil {
				err = client.EnableWebhook(t.Context(), id, body)
			}

			got, readErr := client.Webhook(t.Context(), id)
			if err != nil || readErr != nil || got.ID != id || got.Name.Or("") != name {
				t.Errorf("created %d, read %d (%q), %v, %v", id, got.ID, got.Name.Or(""), err, readErr)
			}
		})

		close(ids)

		for id := range ids {
			created = append(created, id)
		}

		slices.Sort(created)

		cost("updates", 130, func(i int) {
			name := fmt.Sprintf("Changed %d", i)
			err := client.UpdateWebhook(t.Context(), created[i], WebhookBody{Name: &name})

			got, readErr := client.Webhook(t.Context(), created[i])
			if err != nil || readErr != nil || got.Name.Or("") != name {
				t.Errorf("updated %d, read %q, %v, %v", created[i], got.Name.Or(""), err, readErr)
			}
		})

		cost("deletes", 100, func(i int) {
			if err := client.DeleteWebhook(t.Context(), created[i], hook); err != nil {
				t.Error(err)
			}
		})
	}, func(cfg *Config) { cfg.RequestsPerSecond = limit })
}

func TestUpdatesSpreadOverALongListCostNoMoreThanSingleReads(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 3000))
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		ids := pick(g.order, 50)

		inParallel(10, len(ids), func(i int) {
			name := fmt.Sprintf("Changed %d", i)
			err := client.UpdateWebhook(t.Context(), ids[i], WebhookBody{Name: &name})

			got, readErr := client.Webhook(t.Context(), ids[i])
			if err != nil || readErr != nil || got.Name.Or("") != name {
				t.Errorf("updated %d, read %q, %v, %v", ids[i], got.Name.Or(""), err, readErr)
			}
		})

		if got := len(s.log()); got > 110 {
			t.Errorf("%d requests for 50 updates and their reads: %q", got, s.lines())
		}
	})
}

func TestOneWriteAtATimeCostsOneReadEach(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 250))
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		for id := range int64(20) {
			err := client.UpdateWebhook(t.Context(), id+1, WebhookBody{Name: new("x")})

			got, readErr := client.Webhook(t.Context(), id+1)
			if err != nil || readErr != nil || got.Name.Or("") != "x" {
				t.Errorf("read %q, %v, %v", got.Name.Or(""), err, readErr)
			}
		}

		if got := len(s.log()); got != 40 {
			t.Errorf("%d requests, want 40: %q", got, s.lines())
		}
	})
}

func TestWithoutCoalescingEveryReadIsARequest(t *testing.T) {
	t.Parallel()

	g := newRegistry(numbers(1, 50))
	underFakeTime(t, g.handle, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		refresh(t, client, g.order, 10)

		if got := len(s.log()); got != 50 {
			t.Errorf("%d requests, want 50", got)
		}
	}, func(cfg *Config) { cfg.DisableCoalescing = true })
}
