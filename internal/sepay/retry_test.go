package sepay

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// fakeTimeTest is a test under fake time, with its service and client.
type fakeTimeTest struct {
	*testing.T

	service *service
	client  *Client
}

// underFakeTime runs a test against a piped service, with a clock that only advances while all goroutines wait.
func underFakeTime(t *testing.T, handle handler, test func(fakeTimeTest), options ...func(*Config)) {
	t.Helper()

	synctest.Test(t, func(t *testing.T) {
		s, client, stop := servePiped(handle, options...)
		defer stop()

		test(fakeTimeTest{t, s, client})
	})
}

// first responds to the first n requests with fail and the others with ok.
func first(n int, fail, ok handler) handler {
	return func(w http.ResponseWriter, r *http.Request, nth int) {
		if nth <= n {
			fail(w, r, nth)
		} else {
			ok(w, r, nth)
		}
	}
}

func status(code int, body string) handler {
	return func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, code, body) }
}

func TestOnlySafeRequestsAreRetried(t *testing.T) {
	t.Parallel()

	read := func(ctx context.Context, c *Client) error { _, err := c.Webhook(ctx, 23); return err }
	patch := func(ctx context.Context, c *Client) error {
		return c.UpdateWebhook(ctx, 1, WebhookBody{Name: new("x")})
	}
	remove := func(ctx context.Context, c *Client) error { return c.DeleteWebhook(ctx, 1, hook) }
	create := func(ctx context.Context, c *Client) error {
		request, err := WebhookBody{Name: new("x")}.request(http.MethodPost, webhooks().path)
		if err == nil {
			_, err = c.api.Do(ctx, request)
		}

		return err
	}

	dropped := func(http.ResponseWriter, *http.Request, int) { cut() }
	stalled := func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() }

	tests := map[string]struct {
		fail handler
		call func(context.Context, *Client) error
		want int
	}{
		"read 429":       {status(429, ``), read, 3},
		"read 502":       {status(502, `<html>`), read, 3},
		"read 503":       {status(503, ``), read, 3},
		"read 504":       {status(504, ``), read, 3},
		"read cut":       {dropped, read, 3},
		"read time-out":  {stalled, read, 3},
		"read 500":       {status(500, ``), read, 1},
		"read 404":       {status(404, `{}`), read, 1},
		"patch 502":      {status(502, ``), patch, 3},
		"patch time-out": {stalled, patch, 3},
		"patch 500":      {status(500, ``), patch, 1},
		"delete cut":     {dropped, remove, 3},
		"delete 403":     {status(403, `{}`), remove, 1},
		"create 429":     {status(429, ``), create, 3},
		"create 400":     {status(400, `{}`), create, 1},
		"create 500":     {status(500, ``), create, 1},
		"create 502":     {status(502, ``), create, 1},
		"create 503":     {status(503, ``), create, 1},
		"create cut":     {dropped, create, 1},
		"create stalled": {stalled, create, 1},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			underFakeTime(t, first(2, test.fail, status(200, oneWebhook)), func(b fakeTimeTest) {
				t, s, client := b.T, b.service, b.client

				err := test.call(t.Context(), client)

				if got := len(s.log()); got != test.want {
					t.Errorf("%d requests, want %d (%v)", got, test.want, err)
				}

				if (err == nil) != (test.want == 3) {
					t.Errorf("error: %v", err)
				}
			})
		})
	}
}

func TestACreateThatWasNeverSentIsRetried(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		dials := 0
		s, client, stop := servePiped(status(200, oneWebhook), func(cfg *Config) {
			dial := cfg.Dial
			cfg.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				if dials++; dials <= 2 {
					return nil, errors.New("connection refused")
				}

				return dial(ctx, network, address)
			}
		})
		defer stop()

		id, err := client.CreateWebhook(t.Context(), WebhookBody{Name: new("x")})
		if err != nil || id != 23 || len(s.log()) != 1 || dials != 3 {
			t.Errorf("id %d, error %v, %d requests, %d dials", id, err, len(s.log()), dials)
		}
	})
}

func TestRetriesAreLimited(t *testing.T) {
	t.Parallel()

	underFakeTime(t, status(503, `{"message":"maintenance"}`), func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		start := time.Now()
		_, err := client.Webhook(t.Context(), 23)

		if err == nil || !strings.Contains(err.Error(), "maintenance") || len(s.log()) != 5 {
			t.Errorf("error %v after %d requests", err, len(s.log()))
		}

		if took := time.Since(start); took < 3*time.Second || took > 8*time.Second {
			t.Errorf("gave up after %s", took)
		}
	})
}

func TestA429DelaysAllRequests(t *testing.T) {
	t.Parallel()

	limited := func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("x-sepay-userapi-retry-after", "20")
		respond(w, 429, `{"message":"Too many requests"}`)
	}

	underFakeTime(t, first(1, limited, status(200, oneWebhook)), func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		start := time.Now()

		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				// The others come while the first one has its 429 already.
				if i > 0 {
					_ = transport.Pause(t.Context(), time.Second)
				}

				if _, err := client.Company(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}

		group.Wait()

		for i, r := range s.log()[1:] {
			if waited := r.at.Sub(start); waited < 20*time.Second {
				t.Errorf("request %d went out after %s", i+2, waited)
			}
		}
	})
}

func TestAWaitBeyondTheDeadlineFailsImmediately(t *testing.T) {
	t.Parallel()

	limited := func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Retry-After", "60")
		respond(w, 429, `{}`)
	}

	underFakeTime(t, limited, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()

		start := time.Now()
		_, err := client.Webhook(ctx, 23)

		if err == nil || time.Since(start) > time.Second || !strings.Contains(err.Error(), "has to wait 1m0s") {
			t.Errorf("after %s: %v", time.Since(start), err)
		}

		if len(s.log()) != 1 {
			t.Errorf("%d requests, want 1", len(s.log()))
		}
	})
}

func TestALongRetryAfterFailsImmediately(t *testing.T) {
	t.Parallel()

	limited := func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Retry-After", "3600")
		respond(w, 429, `{}`)
	}

	underFakeTime(t, limited, func(b fakeTimeTest) {
		t, s, client := b.T, b.service, b.client

		start := time.Now()

		for range 5 {
			if _, err := client.Company(t.Context()); err == nil || !strings.Contains(err.Error(), "1h0m0s") {
				t.Errorf("error: %v", err)
			}
		}

		if time.Since(start) > time.Second || len(s.log()) != 1 {
			t.Errorf("%d requests in %s", len(s.log()), time.Since(start))
		}
	})
}

func TestWaitsEndWhenTerraformStops(t *testing.T) {
	t.Parallel()

	underFakeTime(t, status(503, ``), func(b fakeTimeTest) {
		t, client := b.T, b.client

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)

		start := time.Now()

		_, err := client.Webhook(ctx, 23)
		if !errors.Is(err, context.Canceled) || time.Since(start) != 100*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}
