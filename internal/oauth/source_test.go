package oauth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func TestFiveConsecutiveProcessesSpendOneRefreshToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()

	for range 5 {
		f.token(f.source(seed), "")
	}

	f.server.expectRequests(t, 1, 0)
	f.expectValidChain()

	r := f.stored()
	if r.Generation != 1 || r.Pending != nil || r.SeedFingerprint != tokenstore.Fingerprint(seed) || len(r.History) != 1 {
		t.Errorf("unexpected record: generation %d, pending %v, history %d", r.Generation, r.Pending, len(r.History))
	}
}

func TestExpiredTokenIsRefreshedWithTheStoredToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	s := f.source(seed)
	first := f.token(s, "")

	f.advance(time.Hour - tokenstore.MaxExpiryMargin + time.Second)

	if second := f.token(s, ""); second == first {
		t.Error("the expired token was returned again")
	}

	f.token(f.source(seed), "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestFiftyGoroutinesMakeOneTokenRequest(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.always = fault{after: 50 * time.Millisecond}
	f.server.reuseRevokes = true
	seed := f.server.authorize()
	process := system.NewProcess()
	sources := []*Source{f.sourceIn(process, seed), f.sourceIn(process, seed)}

	var wg sync.WaitGroup

	for i := range 50 {
		wg.Go(func() {
			if _, err := sources[i%2].Token(t.Context(), ""); err != nil {
				t.Errorf("Token: %v", err)
			}
		})
	}

	wg.Wait()
	f.server.expectRequests(t, 1, 0)
	f.expectValidChain()
}

func TestTokenOfAnotherProcessIsUsedAfter401(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.revokesAccess = true
	seed := f.server.authorize()
	ours, peer := f.source(seed), f.source(seed)
	old := f.token(ours, "")

	f.advance(2 * time.Minute)
	fresh := f.token(peer, old)

	if got := f.token(ours, old); got != fresh {
		t.Error("the access token of the other process was not used")
	}

	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestPermanent401RefreshesOnceAndFails(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	s := f.source(seed)
	old := f.token(s, "")
	f.advance(2 * time.Minute)
	f.server.apiRejectsAll = true

	var wg sync.WaitGroup

	for range 10 {
		wg.Go(func() {
			second, err := s.Token(t.Context(), old)
			if err != nil {
				t.Errorf("Token: %v", err)

				return
			}

			_, err = s.Token(t.Context(), second)
			if err == nil || !strings.Contains(err.Error(), "just issued") {
				t.Errorf("Token after the second 401 returned %v", err)
			}
		})
	}

	wg.Wait()
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestCanceledRunStillSavesTheNewToken(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	committed := make(chan struct{})
	f.server.script(fault{after: 200 * time.Millisecond, committed: func() { close(committed) }})
	seed := f.server.authorize()

	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-committed
		cancel()
	}()

	s := f.source(seed)
	if _, err := s.Token(ctx, ""); err == nil {
		t.Error("the canceled run got a token")
	}

	s.env.Process.Exchanges.Wait()
	f.expectValidChain()
	f.token(f.source(seed), "")
	f.server.expectRequests(t, 1, 0)
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()

	for _, code := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		f := newFixture(t)

		var elsewhere atomic.Int32

		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
		t.Cleanup(other.Close)
		f.server.script(fault{status: code, header: http.Header{"Location": {other.URL}}})

		failure := f.failure(f.source(f.server.authorize()), "", diagnostic.CodeUnexpected)
		if elsewhere.Load() != 0 || !strings.Contains(failure.Detail, "redirects") {
			t.Errorf("%d requests elsewhere; %v", elsewhere.Load(), failure)
		}

		f.server.expectRequests(t, 1, 0)
		f.expectValidChain()
	}
}

func TestNewSourceTouchesNeitherStoreNorServer(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.source(f.server.authorize())

	if _, err := os.Stat(f.dir); !os.IsNotExist(err) {
		t.Errorf("NewSource touched the store: %v", err)
	}

	f.server.expectRequests(t, 0, 0)
}
