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

// TestParallelRunsGoOnWhileTheTokenExpires: a refresh revokes the access token that the others hold. The others notice that
// it expires, or meet a 401, and go on with the new one.
func TestParallelRunsGoOnWhileTheTokenExpires(t *testing.T) {
	t.Parallel()

	const (
		processes = 20
		reads     = 300
	)

	expiries := proof.Times(20, 2)

	repeated := 0

	for range expiries {
		f := newFixture(t)
		f.server.expireAt = processes * reads / 2
		seed := f.server.authorize()
		f.token(f.source(seed), "")

		children := make([]*child, processes)
		for i := range children {
			r := role{Action: "reads", Seed: seed, Reads: reads}
			// Some clocks are late: these processes do not see the expiry, but a token that was revoked.
			if i%2 == 1 {
				r.Behind = 2 * time.Minute
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
				t.Errorf("process %d: %d reads made again, %s", i, out.Repeated, out.Error)
			}

			requests += reads + out.Repeated
			repeated += out.Repeated
		}

		f.server.expectCalls(t, 2, 0)

		if f.server.apiCalls != requests {
			t.Errorf("%d requests to the API, want %d", f.server.apiCalls, requests)
		}

		f.expectAlive()
	}

	t.Logf("%d expiries, %d processes with %d reads each: %d reads made again", expiries, processes, reads, repeated)

	if repeated == 0 {
		t.Error("no process met the revoked token, so nothing was proven")
	}
}

// read makes reads as the API client does: a 401 is followed by the same request with another token, once.
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

		passed, err := time.ParseDuration(response.Header.Get(clockHeader))
		if err != nil {
			return repeated, err
		}

		clock.Store(int64(max(0, passed-r.Behind)))

		switch {
		case response.StatusCode != http.StatusUnauthorized:
			return repeated, nil
		case repeated:
			return repeated, fmt.Errorf("two tokens were refused")
		}

		repeated, rejected = true, token
	}
}
