//go:build unix

package oauth

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// overwritingStore is a store without working locks that replaces any record, as a helper without locks does.
type overwritingStore struct{ *tokenstore.File }

func (o overwritingStore) TryLock(context.Context, string, ...string) (func(), string, error) {
	return func() {}, "", nil
}

func (o overwritingStore) Save(ctx context.Context, name string, data, _ []byte) error {
	previous, err := o.Load(ctx, name)
	if err != nil {
		return err
	}

	return o.File.Save(ctx, name, data, previous)
}

// withoutLocks configures a run on the given host with a store that does not lock.
func (f *fixture) withoutLocks(host string) func(*Config) {
	return func(c *Config) {
		c.Store = overwritingStore{tokenstore.NewFile(f.dir)}
		c.Key = "ci"
		c.UserAgent = host
	}
}

// machine returns a source on another machine, whose clock is ahead by the given duration.
func (f *fixture) machine(host string, ahead time.Duration, seed string) *Source {
	f.t.Helper()

	s := f.source(seed, f.withoutLocks(host))
	s.env.Host = host
	now := s.env.Now
	s.env.Now = func() time.Time { return now().Add(ahead) }

	return s
}

func overwriteScenarios() []scenario {
	return []scenario{
		{name: "two responses with 503 while another machine refreshes the token", result: result{requests: 4}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.token(f.machine("here", 0, seed), "")
			f.advance(2 * time.Hour)

			// The other machine read the record before our intent was saved.
			f.server.script(status(503), fault{status: 503, received: func() { f.refreshElsewhere(0) }})
			f.fails(f.machine("here", 0, seed), "", diagnostic.CodeNoResponse)
			f.token(f.machine("here", 0, seed), "")
		}},
		{
			name:   "rejected token, and the store cannot be read again",
			result: result{requests: 3, replays: 1}, revoked: &result{3, 1, true}, run: func(f *fixture) {
				seed := f.server.authorize()
				f.token(f.machine("here", 0, seed), "")
				f.advance(2 * time.Hour)

				broken := false
				s := f.machine("here", 0, seed)
				s.cfg.Store = breakableStore{overwritingStore{tokenstore.NewFile(f.dir)}, &broken}
				f.server.script(fault{received: func() {
					f.refreshElsewhere(0)

					broken = true
				}})

				if f.server.reuseWorks {
					f.token(s, "")
				} else if failure := f.failure(s, "", diagnostic.CodeStoreRead); !strings.Contains(failure.Detail, "read again") {
					f.t.Errorf("unexpected: %v", failure)
				}

				if !f.server.reuseRevokes {
					f.token(f.machine("here", 0, seed), "")
				}
			},
		},
		{name: "another machine, whose clock is 6 minutes ahead, refreshed the token", result: result{requests: 3}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.token(f.machine("here", 0, seed), "")
			f.advance(2 * time.Hour)
			f.refreshElsewhere(6 * time.Minute)
			f.token(f.machine("here", 0, seed), "")
		}},
		{
			name:   "another machine, whose clock is 6 minutes ahead, refreshes at the same time",
			result: result{requests: 3, replays: 1}, rejected: &result{requests: 4, replays: 1}, revoked: &result{4, 1, true},
			run: func(f *fixture) {
				seed := f.server.authorize()
				f.token(f.machine("here", 0, seed), "")
				f.advance(2 * time.Hour)
				f.server.script(fault{received: func() { f.refreshElsewhere(6 * time.Minute) }})

				if s := f.machine("here", 0, seed); f.server.reuseRevokes {
					f.fails(s, "", diagnostic.CodeRejected)
				} else {
					f.token(s, "")
				}
			},
		},
		{
			name: "response after another chain was saved under the name", result: result{requests: 3}, run: func(f *fixture) {
				first, second := f.server.authorize(), f.server.authorize()
				f.token(f.machine("here", 0, first), "")
				f.advance(2 * time.Hour)
				f.server.script(fault{committed: func() { f.exchangeElsewhere(0, second) }})
				f.token(f.machine("here", 0, first), "")
				f.token(f.machine("here", 0, first), "")
				f.token(f.machine("here", 0, second), "")
			},
		},
	}
}

// refreshElsewhere refreshes the token on another machine, regardless of intents in the store.
func (f *fixture) refreshElsewhere(ahead time.Duration) {
	f.t.Helper()
	f.exchangeElsewhere(ahead, "")
}

// exchangeElsewhere exchanges the stored refresh token on another machine, or the seed if it is not "".
func (f *fixture) exchangeElsewhere(ahead time.Duration, seed string) {
	f.t.Helper()

	there := f.machine("there", ahead, seed)
	name := tokenstore.KeyName(f.server.tokenURL(), testClient, "ci")
	r := f.readRecord(filepath.Join(f.dir, name+tokenstore.RecordSuffix))
	r.Pending = nil

	e := &exchange{Source: there, at: target{name: name, record: r, startsChain: seed != ""}}
	if _, err := e.run(f.t.Context(), nil); err != nil {
		f.t.Errorf("the exchange on the other machine failed: %v", err)
	}
}

// breakableStore is a store that cannot be read after *broken is set.
type breakableStore struct {
	overwritingStore

	broken *bool
}

func (b breakableStore) Load(ctx context.Context, name string) ([]byte, error) {
	if *b.broken {
		return nil, errors.New("connection reset")
	}

	return b.overwritingStore.Load(ctx, name)
}
