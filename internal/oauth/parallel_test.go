//go:build unix

package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
)

// TestParallelRunsContinueWhenTheTokenExpires runs processes during a refresh, which revokes the access token of the others. They
// see its expiry or get a 401, and continue with the new one.
func TestParallelRunsContinueWhenTheTokenExpires(t *testing.T) {
	t.Parallel()

	const (
		processes = 20
		reads     = 300
	)

	expiries := proof.Times(20, 1)

	repeated := 0

	for range expiries {
		f := newFixture(t)
		f.server.expireAt = processes * reads / 2
		seed := f.server.authorize()
		f.token(f.source(seed), "")

		children := make([]*child, processes)
		for i := range children {
			r := role{Action: "read", Seed: seed, Reads: reads}
			// Processes with a slow clock do not see the expiry, and get a 401 for the revoked token.
			if i%2 == 1 {
				r.ClockBehind = 2 * time.Minute
			}

			children[i] = f.spawn(r)
		}

		for _, c := range children {
			c.ready()
		}

		for _, c := range children {
			c.release()
		}

		requests := 0

		for i, c := range children {
			out := c.wait()
			if out.Error != "" || out.Repeated > 1 {
				t.Errorf("process %d: %d reads repeated, %s", i, out.Repeated, out.Error)
			}

			requests += reads + out.Repeated
			repeated += out.Repeated
		}

		f.server.expectRequests(t, 2, 0)

		if f.server.apiRequests != requests {
			t.Errorf("%d requests to the API, want %d", f.server.apiRequests, requests)
		}

		f.expectValidChain()
	}

	t.Logf("%d expiries, %d processes with %d reads each: %d reads repeated", expiries, processes, reads, repeated)

	if repeated == 0 {
		t.Error("no process used the revoked token, so the test proves nothing")
	}
}

// read sends requests as the API client does: after a 401, it repeats the request once with another token.
func (r role) read() int {
	s, err := r.source()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 2
	}

	var clock atomic.Int64

	s.env.Now = func() time.Time { return time.Now().UTC().Round(0).Add(time.Duration(clock.Load())) }

	var out outcome

	for range r.Reads {
		repeated, err := r.readOnce(s, &clock)
		if repeated {
			out.Repeated++
		}

		if err != nil {
			out.Error = err.Error()

			break
		}
	}

	system.WaitForExchanges()

	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		return 2
	}

	return 0
}

func (r role) readOnce(s *Source, clock *atomic.Int64) (repeated bool, err error) {
	rejected := ""

	for {
		token, err := s.Token(context.Background(), rejected)
		if err != nil {
			return repeated, err
		}

		address := strings.TrimSuffix(r.TokenURL, "/oauth/token") + "/api"

		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
		if err != nil {
			return repeated, err
		}

		request.Header.Set("Authorization", "Bearer "+token)

		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return repeated, err
		}

		_ = response.Body.Close()

		elapsed, err := time.ParseDuration(response.Header.Get(clockHeader))
		if err != nil {
			return repeated, err
		}

		clock.Store(int64(max(0, elapsed-r.ClockBehind)))

		switch {
		case response.StatusCode != http.StatusUnauthorized:
			return repeated, nil
		case repeated:
			return repeated, fmt.Errorf("two tokens were rejected")
		}

		repeated, rejected = true, token
	}
}
