package simulator_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

// tryCreate posts a webhook and gives up after a while; it returns the error of the connection.
func (c client) tryCreate(patience time.Duration) (reply, error) {
	c.Helper()

	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()

	body := `{"bank_account_id":19,"event_type":"All","authen_type":"No_Authen","request_content_type":"Json","name":"n",` +
		`"webhook_url":"https://shop.example.com/hook"}`

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server.URL+"/api/v1/webhooks", strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}

	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")

	return send(request)
}

func TestFaultsHitBeforeOrAfterTheCommit(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		fault     simulator.Fault
		status    int // 0: the connection is cut
		committed bool
	}{
		"status":          {simulator.Fault{Status: 409}, 409, false},
		"500":             {simulator.Fault{Status: 500}, 500, false},
		"500 after":       {simulator.Fault{Status: 500, Commit: true}, 500, true},
		"502 after":       {simulator.Fault{Status: 502, Commit: true}, 502, true},
		"cut before":      {simulator.Fault{Drop: fault.DropBeforeCommit}, 0, false},
		"cut after":       {simulator.Fault{Drop: fault.DropAfterCommit}, 0, true},
		"cut halfway":     {simulator.Fault{Drop: fault.DropHalfway}, 0, true},
		"slow before":     {simulator.Fault{DelayBefore: 300 * time.Millisecond}, 0, true},
		"slow after":      {simulator.Fault{DelayAfter: time.Minute}, 0, true},
		"slow, then cut":  {simulator.Fault{DelayBefore: time.Minute, Drop: fault.DropBeforeCommit}, 0, false},
		"HTML":            {simulator.Fault{Body: "<html>", ContentType: "text/html"}, 200, true},
		"unauthenticated": {simulator.Fault{Status: 401}, 401, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := start(t, "")
			test.fault.Method, test.fault.Path = "POST", "/api/v1/webhooks"
			c.server.Fail(test.fault)

			patience := time.Minute
			if test.fault.DelayAfter > 0 || test.fault.DelayBefore > 0 {
				patience = 100 * time.Millisecond
			}

			resp, err := c.tryCreate(patience)
			if (err != nil) != (test.status == 0) || resp.status != test.status {
				t.Errorf("response %d %q, error %v", resp.status, resp.body, err)
			}

			// A service continues when its client has disconnected.
			deadline := time.Now().Add(time.Minute)
			for test.committed && len(c.server.Webhooks()) == 0 && time.Now().Before(deadline) {
				time.Sleep(5 * time.Millisecond)
			}

			if got := len(c.server.Webhooks()) == 1; got != test.committed {
				t.Errorf("committed: %v", got)
			}

			if test.fault.DelayAfter == 0 && test.fault.DelayBefore == 0 {
				if log := c.server.Requests(); len(log) != 1 || log[0].Committed != test.committed || !log[0].Faulty {
					t.Errorf("log %+v", log)
				}
			}
		})
	}
}

func TestFaultsAreCounted(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	fault := c.server.Fail(simulator.Fault{Path: "/api/v1/bank-accounts/{id}", Status: 404, Skip: 1, Times: 2})
	c.server.Fail(simulator.Fault{Method: "POST", Path: "/api/v1/", Status: 403})

	var got []string
	for range 4 {
		got = append(got, fmt.Sprint(c.do("GET", "bank-accounts/19", nil).status))
	}

	if text := strings.Join(got, " "); text != "200 404 404 200" || c.server.FaultHits(fault) != 2 {
		t.Errorf("returns %s, hits %d", text, c.server.FaultHits(fault))
	}

	if got := c.do("GET", "bank-accounts/19/sub-accounts", nil).status; got != 200 {
		t.Errorf("another route: %d", got)
	}

	if got := c.do("POST", "webhooks", with(nil)).status; got != 403 {
		t.Errorf("a route below the prefix: %d", got)
	}

	c.server.ClearFaults()

	if got := c.do("POST", "webhooks", with(nil)).status; got != 200 {
		t.Errorf("after the faults were cleared: %d", got)
	}
}

func TestFaultsDistortTokenResponses(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	c.server.Fail(simulator.Fault{
		Path: "/oauth/token", Prefix: "\ufeff<br />Warning: x", ContentType: "text/html", Header: http.Header{"X-Test": {"1"}},
		Rewrite: func(body []byte) []byte { return bytes.Replace(body, []byte(":3600"), []byte(`:"3600"`), 1) },
	})

	resp := c.refresh(c.server.Credentials().RefreshToken)
	if resp.status != 200 || !strings.HasPrefix(resp.body, "\ufeff<br />Warning: x{") ||
		!strings.Contains(resp.body, `"expires_in":"3600"`) || resp.header.Get("Content-Type") != "text/html" ||
		resp.header.Get("X-Test") != "1" {
		t.Errorf("%d %v", resp.status, resp.header)
	}

	c.server.ClearFaults()
	c.server.Fail(simulator.Fault{Path: "/oauth/token", Status: 503})

	if resp := c.refresh("x"); resp.status != 503 || c.server.TokenCounters().Calls != 1 {
		t.Errorf("%d, the service was reached %d times", resp.status, c.server.TokenCounters().Calls)
	}
}

func TestStatusFaultsHaveTheirUsualBodies(t *testing.T) {
	t.Parallel()

	c := start(t, "")

	for status, want := range map[int]string{
		500: "", 502: "<html>", 401: `{"error":"access_denied"`, 404: `{"error":404`, 429: `{"error":429`,
	} {
		c.server.ClearFaults()
		c.server.Fail(simulator.Fault{Status: status})

		resp := c.do("GET", "me", nil)
		if resp.status != status || !strings.HasPrefix(resp.body, want) || (want == "" && resp.body != "") {
			t.Errorf("%d: %d %q", status, resp.status, resp.body)
		}

		if retry := resp.header.Get("Retry-After"); (retry == "1") != (status == 429) {
			t.Errorf("%d: Retry-After %q", status, retry)
		}
	}
}

func TestRateLimitIsAWindowOfOneSecond(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		limit   dialects.RateLimit
		allowed int
		header  string
	}{{dialects.RateLimitThree, 3, "Retry-After"}, {dialects.RateLimitTwo, 2, "X-Sepay-Userapi-Retry-After"}} {
		t.Run(string(test.limit), func(t *testing.T) {
			t.Parallel()

			// Under simulated time, where requests take none.
			synctest.Test(t, func(t *testing.T) {
				sim := simulator.New(simulator.WithDialect(dialects.Dialect{RateLimit: test.limit}))
				defer sim.Close()

				token := sim.NewAccessToken()
				ask := func() *httptest.ResponseRecorder {
					request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/me", nil)
					request.Header.Set("Authorization", "Bearer "+token)

					resp := httptest.NewRecorder()
					sim.ServeHTTP(resp, request)

					return resp
				}
				want := func(when string, status int) {
					t.Helper()

					resp := ask()
					if resp.Code != status {
						t.Errorf("%s: %d, want %d", when, resp.Code, status)
					}

					if retry := resp.Header().Get(test.header); (retry == "1") != (status == http.StatusTooManyRequests) {
						t.Errorf("%s: %s %q", when, test.header, retry)
					}
				}

				want("the first request", http.StatusOK)
				time.Sleep(400 * time.Millisecond)

				for range test.allowed - 1 {
					want("a request within the limit", http.StatusOK)
				}

				want("a request beyond the limit", http.StatusTooManyRequests)
				time.Sleep(599 * time.Millisecond)
				want("just before the first is a second ago", http.StatusTooManyRequests)
				time.Sleep(time.Millisecond)
				want("when the first is a second ago", http.StatusOK)
				want("while the others are not", http.StatusTooManyRequests)

				if got := sim.Counters().TooManyRequests; got != 3 {
					t.Errorf("%d responses 429 were counted, want 3", got)
				}
			})
		})
	}
}

func TestLatencyEndsWithTheServer(t *testing.T) {
	t.Parallel()

	server := simulator.Start(t, simulator.WithLatency(time.Hour))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}

	responded := make(chan struct{})

	go func() {
		defer close(responded)

		if resp, err := send(request); err == nil {
			t.Logf("responded with %d", resp.status)
		}
	}()

	for server.Counters().Requests == 0 {
		time.Sleep(time.Millisecond)
	}

	server.Close()

	select {
	case <-responded:
	case <-time.After(time.Minute):
		t.Error("the request still waits")
	}
}
