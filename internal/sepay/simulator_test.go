package sepay_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// constant is a token source with a single token.
type constant string

func (c constant) Token(_ context.Context, rejected string) (string, error) {
	if rejected != "" {
		return "", errors.New("the only token was rejected")
	}

	return string(c), nil
}

func connect(tb testing.TB, server *simulator.Server, options ...func(*sepay.Config)) *sepay.Client {
	tb.Helper()

	cfg := sepay.Config{
		BaseURL: server.URL, Tokens: constant(server.NewAccessToken()), MaxRetries: 2, RequestTimeout: 30 * time.Second,
	}
	for _, option := range options {
		option(&cfg)
	}

	client := sepay.New(cfg)
	tb.Cleanup(client.CloseIdleConnections)

	return client
}

func newBody(name string) sepay.WebhookBody {
	url, kind, form, account := "https://shop.example.com/"+name+"/", sepay.EventTypeInOnly, sepay.ContentTypeJSON, int64(19)
	none, flag := sepay.AuthenTypeNone, sepay.Flag(false)

	return sepay.WebhookBody{
		Name: &name, WebhookURL: &url, EventType: &kind, AuthenType: &none, RequestContentType: &form, BankAccountID: &account,
		IsVerifyPayment: &flag, SkipIfNoCode: &flag,
	}
}

// randomClient sends random requests, as Terraform runs and other users may do, and checks the result of every read.
type randomClient struct {
	t       *testing.T
	server  *simulator.Server
	client  *sepay.Client
	names   atomic.Int64
	reads   atomic.Int64
	mu      sync.Mutex
	ids     []int64
	written map[int64]time.Time // when the client got the response to its last write
}

func (w *randomClient) name() string { return fmt.Sprintf("state-%d", w.names.Add(1)) }

func (w *randomClient) any() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.ids[rand.IntN(len(w.ids))]
}

func (w *randomClient) wrote(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.written[id] = time.Now()
}

// read checks that the client returns a state that SePay had between the beginning of the refresh, or the last write of
// the client to the webhook, and the response.
func (w *randomClient) read(id int64) {
	from := time.Now()
	if since := w.client.SnapshotSince(); !since.IsZero() && since.Before(from) {
		from = since
	}

	w.mu.Lock()
	if last := w.written[id]; last.After(from) {
		from = last
	}
	w.mu.Unlock()

	got, err := w.client.Webhook(w.t.Context(), id)
	held, absent := w.server.HeldBetween(id, from, time.Now())

	w.reads.Add(1)

	switch {
	case sepay.IsNotFound(err):
		if !absent {
			w.t.Errorf("webhook %d was reported as missing, but existed all the time", id)
		}
	case err != nil:
		w.t.Errorf("webhook %d: %v", id, err)
	case !slices.ContainsFunc(held, func(v simulator.Version) bool { return v.Webhook.Name == got.Name.Or("") }):
		w.t.Errorf("webhook %d was returned as %q, which it has not been for %s", id, got.Name.Or(""), time.Since(from))
	}
}

func (w *randomClient) step() {
	switch id := w.any(); rand.IntN(20) {
	case 0:
		name := w.name()
		if err := w.client.UpdateWebhook(w.t.Context(), id, sepay.WebhookBody{Name: &name}); err == nil {
			w.wrote(id)
		} else if !sepay.IsNotFound(err) {
			w.t.Error(err)
		}

		w.read(id)
	case 1:
		id, err := w.client.CreateWebhook(w.t.Context(), newBody(w.name()))
		if err != nil {
			w.t.Error(err)

			return
		}

		w.wrote(id)
		w.read(id)

		w.mu.Lock()
		w.ids = append(w.ids, id)
		w.mu.Unlock()
	case 2:
		// As the provider does, with the URL of the state: one page lists it, however often the whole list changes.
		if err := w.client.DeleteWebhook(w.t.Context(), id, w.server.History(id)[0].Webhook.WebhookURL); err != nil {
			w.t.Error(err)
		}

		w.wrote(id)
		w.read(id)
	case 3, 4:
		// Another user deletes it in the dashboard; it may already be deleted.
		_ = w.server.ChangeWebhook(id, map[string]any{"name": w.name()})
	case 5:
		if rand.IntN(3) == 0 {
			w.server.DeleteWebhook(id)
		}
	default:
		// A refresh is a sequence of reads.
		for range 1 + rand.IntN(8) {
			w.read(w.any())
		}
	}
}

func TestEveryReadReturnsAStateThatSePayHad(t *testing.T) {
	t.Parallel()

	for _, variant := range []struct {
		name    string
		dialect dialects.Dialect
		latency time.Duration
		seeded  int
	}{
		{"without latency", dialects.Dialect{}, 0, 250},
		{"slowly", dialects.Dialect{}, 2 * time.Millisecond, 150},
		{"small pages", dialects.Dialect{Paging: dialects.Paging20}, time.Millisecond, 120},
		{"no meta", dialects.Dialect{Paging: dialects.PagingNoMeta}, 0, 60},
		{"brief rows", dialects.Dialect{ListRows: dialects.ListRowsBrief}, 0, 60},
		{"few", dialects.Dialect{}, time.Millisecond, 3},
	} {
		t.Run(variant.name, func(t *testing.T) {
			t.Parallel()

			server := simulator.Start(t, simulator.WithDialect(variant.dialect))
			server.SetLatency(variant.latency)

			w := &randomClient{t: t, server: server, client: connect(t, server), written: map[int64]time.Time{}}
			w.ids = server.SeedWebhooks(variant.seeded)

			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					for range proof.Times(25, 15) {
						w.step()
					}
				})
			}

			group.Wait()

			if w.reads.Load() < 200 {
				t.Errorf("%d reads only", w.reads.Load())
			}
		})
	}
}

func TestTheRequestsOfARefreshOfTheSimulator(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ total, managed, most int }{{300, 300, 4}, {1000, 1000, 11}, {3000, 2, 4}, {3000, 20, 40}} {
		for _, parallelism := range []int{1, 10, 50} {
			t.Run(fmt.Sprintf("%d of %d, parallelism %d", test.managed, test.total, parallelism), func(t *testing.T) {
				t.Parallel()

				server := simulator.Start(t)
				ids := server.SeedWebhooks(test.total)
				client := connect(t, server)

				rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })

				next := make(chan int64)

				var group sync.WaitGroup
				for range parallelism {
					group.Go(func() {
						for id := range next {
							if got, err := client.Webhook(t.Context(), id); err != nil || got.ID != id {
								t.Errorf("webhook %d: %d, %v", id, got.ID, err)
							}
						}
					})
				}

				for _, id := range ids[:test.managed] {
					next <- id
				}

				close(next)
				group.Wait()

				if got := len(server.Requests()); got > test.most {
					t.Errorf("%d requests, at most %d expected", got, test.most)
				}
			})
		}
	}
}

func TestOneConnectionForAPlanWhereHTTP2IsOffered(t *testing.T) {
	t.Parallel()

	server := simulator.StartTLS(t)
	ids := server.SeedWebhooks(300)
	client := connect(t, server, func(cfg *sepay.Config) {
		cfg.RootCAs = x509.NewCertPool()
		cfg.RootCAs.AppendCertsFromPEM(server.CertificatePEM)
	})

	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() {
			for _, id := range ids[i*30 : i*30+30] {
				if _, err := client.Webhook(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
	}

	group.Wait()

	if got := server.Counters(); got.Connections != 1 || len(server.Requests()) > 4 {
		t.Errorf("%d connections for %d requests", got.Connections, len(server.Requests()))
	}
}
