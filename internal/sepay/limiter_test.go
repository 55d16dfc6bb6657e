package sepay

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestNeverMoreThanTheLimitInAnyOneSecond(t *testing.T) {
	t.Parallel()

	underFakeTime(t, status(200, oneWebhook), func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		var group sync.WaitGroup
		for range 30 {
			group.Go(func() {
				if _, err := client.SubAccounts(t.Context(), 1); err == nil {
					t.Error("an object instead of a list")
				}
			})
		}

		group.Wait()

		log := s.log()
		for i := 3; i < len(log); i++ {
			if gap := log[i].at.Sub(log[i-3].at); gap <= time.Second {
				t.Errorf("requests %d to %d went out within %s", i-2, i+1, gap)
			}
		}

		if took := log[29].at.Sub(log[0].at); took > 11*time.Second {
			t.Errorf("30 requests took %s", took)
		}
	}, func(cfg *Config) { cfg.RequestsPerSecond = 3 })
}

func TestTheRateIsLoweredAfterA429(t *testing.T) {
	t.Parallel()

	var (
		mu     sync.Mutex
		served []time.Time
	)

	// Two a second, by the service's count.
	strict := func(w http.ResponseWriter, _ *http.Request, _ int) {
		mu.Lock()
		defer mu.Unlock()

		if n := len(served); n >= 2 && time.Since(served[n-2]) < time.Second {
			w.Header().Set("Retry-After", "1")
			respond(w, 429, `{}`)

			return
		}

		served = append(served, time.Now())

		respond(w, 200, `{"data":{"id":1}}`)
	}

	underFakeTime(t, strict, func(b fakeTimeTest) {
		t, client := b.T, b.client

		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if err := client.UpdateWebhook(t.Context(), 1, WebhookBody{Name: new("x")}); err != nil {
					t.Error(err)
				}
			})
		}

		group.Wait()
	}, func(cfg *Config) { cfg.RequestsPerSecond = 0 })
}

func TestTheLimitHoldsAfterASlowConnection(t *testing.T) {
	t.Parallel()

	underFakeTime(t, status(200, oneWebhook), func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if _, err := client.SubAccounts(t.Context(), 1); err == nil {
					t.Error("an object instead of a list")
				}
			})
		}

		group.Wait()

		if log := s.log(); log[3].at.Sub(log[0].at) <= time.Second {
			t.Errorf("4 requests reached SePay within %s, at 3 a second", log[3].at.Sub(log[0].at))
		}
	}, func(cfg *Config) {
		cfg.RequestsPerSecond = 3

		// The handshake of a distant host.
		dial := cfg.Dial
		cfg.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			time.Sleep(250 * time.Millisecond)

			return dial(ctx, network, address)
		}
	})
}
