package sepay

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

const oneWebhook = `{"status":"success","data":{"id":23,"name":"Shop"}}`

func TestARequestHasTokenAndUserAgent(t *testing.T) {
	t.Parallel()

	s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 200, oneWebhook) })

	webhook, err := client.Webhook(t.Context(), 23)
	if err != nil || webhook.ID != 23 || webhook.Name.Or("") != "Shop" {
		t.Fatalf("got %d, %v", webhook.ID, err)
	}

	got := s.log()[0]
	if got.path != "/api/v1/webhooks/23" || got.authorization != "Bearer token-1" || got.agent != "test/1" || got.body != "" {
		t.Errorf("request: %+v", got)
	}
}

func TestARejectedTokenIsReplacedAndTheRequestRetriedOnce(t *testing.T) {
	t.Parallel()

	source := &tokens{}
	s, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Header.Get("Authorization") == "Bearer token-1" {
			respond(w, 401, `{"error":"access_denied","error_description":"expired"}`)

			return
		}

		respond(w, 200, `{"status":"success","data":{"id":7}}`)
	}, func(cfg *Config) { cfg.Tokens = source })

	id, err := client.CreateWebhook(t.Context(), WebhookBody{Name: new("Shop"), APIKey: new("k1")})
	if err != nil || id != 7 {
		t.Fatalf("got %d, %v", id, err)
	}

	log := s.log()
	if len(log) != 2 || log[0].body != log[1].body || !strings.Contains(log[0].body, `"api_key":"k1"`) {
		t.Errorf("requests: %+v", log)
	}

	if want := []string{"", "token-1"}; !slices.Equal(source.rejected, want) {
		t.Errorf("the token source got %q, want %q", source.rejected, want)
	}
}

func TestASecond401IsTheError(t *testing.T) {
	t.Parallel()

	s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		respond(w, 401, `{"error":"access_denied"}`)
	})

	_, err := client.Webhook(t.Context(), 23)

	var failure *APIError
	if !errors.As(err, &failure) || failure.Status != 401 || !strings.Contains(err.Error(), "sign in again") {
		t.Errorf("error: %v", err)
	}

	if len(s.log()) != 2 {
		t.Errorf("%d requests, want 2", len(s.log()))
	}
}

func TestTheErrorOfTheTokenSourceIsReturned(t *testing.T) {
	t.Parallel()

	dead := errors.New("the authorization has ended")
	s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 401, `{}`) },
		func(cfg *Config) { cfg.Tokens = &tokens{fail: dead} })

	if _, err := client.Me(t.Context()); !errors.Is(err, dead) {
		t.Errorf("error: %v", err)
	}

	if len(s.log()) != 1 {
		t.Errorf("%d requests, want 1", len(s.log()))
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()

	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(other.Close)

	_, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		http.Redirect(w, r, other.URL, http.StatusFound)
	})

	_, err := client.Webhook(t.Context(), 23)
	if err == nil || !strings.Contains(err.Error(), "check base_url") || reached {
		t.Errorf("error: %v, reached: %t", err, reached)
	}
}

func TestAnEndlessResponseIsAnError(t *testing.T) {
	t.Parallel()

	s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		chunk := strings.Repeat(" ", 1<<20)
		for range 10 {
			if _, err := w.Write([]byte(chunk)); err != nil {
				return
			}
		}
	})

	if _, err := client.Webhook(t.Context(), 23); !errors.Is(err, wire.ErrTooLarge) {
		t.Errorf("error: %v", err)
	}

	if len(s.log()) != 1 {
		t.Errorf("%d requests, want 1", len(s.log()))
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()

	peers := map[string]bool{}
	_, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		peers[r.RemoteAddr] = true

		if r.URL.Path == "/api/v1/webhooks/2" {
			respond(w, 404, `{"status":404,"error":404,"messages":{"error":"Not found"}}`)

			return
		}

		respond(w, 200, `{"data":{"id":`+path.Base(r.URL.Path)+`}}`)
	}, func(cfg *Config) { cfg.DisableCoalescing = true })

	for _, id := range []int64{1, 2, 3, 2, 1} {
		if _, err := client.Webhook(t.Context(), id); err != nil && !IsNotFound(err) {
			t.Fatal(err)
		}
	}

	if len(peers) != 1 {
		t.Errorf("%d connections, want 1", len(peers))
	}
}

// Ten at a time, as Terraform calls the provider.
func TestConnectionsOfParallelCallersAreReused(t *testing.T) {
	t.Parallel()

	const callers = 10

	var (
		mu    sync.Mutex
		peers = map[string]bool{}
		// held keeps the responses of a round back until each of its callers has a connection.
		held atomic.Pointer[sync.WaitGroup]
	)

	_, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		mu.Lock()
		peers[r.RemoteAddr] = true
		mu.Unlock()

		held.Load().Done()
		held.Load().Wait()
		respond(w, 200, `{"data":{"id":`+path.Base(r.URL.Path)+`}}`)
	}, func(cfg *Config) { cfg.DisableCoalescing = true })

	for range 3 {
		var round errgroup.Group

		all := new(sync.WaitGroup)
		all.Add(callers)
		held.Store(all)

		for id := range int64(callers) {
			round.Go(func() error {
				_, err := client.Webhook(t.Context(), id+1)

				return err
			})
		}

		if err := round.Wait(); err != nil {
			t.Fatal(err)
		}
	}

	if len(peers) != callers {
		t.Errorf("%d connections for three rounds of %d callers", len(peers), callers)
	}
}
