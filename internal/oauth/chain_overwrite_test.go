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

// blindStore is a store whose locks do not hold, and which replaces whatever is there: a helper without locks.
type blindStore struct{ *tokenstore.File }

func (b blindStore) TryLock(context.Context, string, ...string) (func(), string, error) {
	return func() {}, "", nil
}

func (b blindStore) Save(ctx context.Context, name string, data, _ []byte) error {
	was, err := b.Load(ctx, name)
	if err != nil {
		return err
	}

	return b.File.Save(ctx, name, data, was)
}

// blind is a run on another machine with a store that does not lock.
func (f *fixture) blind(host string) func(*Config) {
	return func(c *Config) {
		c.Store = blindStore{tokenstore.NewFile(f.dir)}
		c.Key = "ci"
		c.UserAgent = host
	}
}

// machine is a source of a machine of its own, whose clock is ahead.
func (f *fixture) machine(host string, ahead time.Duration, seed string) *Source {
	f.t.Helper()

	s := f.source(seed, f.blind(host))
	s.env.Host = host
	now := s.env.Now
	s.env.Now = func() time.Time { return now().Add(ahead) }

	return s
}

func overwriteScenarios() []scenario {
	return []scenario{
		{name: "two 503s, while another machine renews the token", fate: fate{calls: 4}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.token(f.machine("here", 0, seed), "")
			f.advance(2 * time.Hour)

			// The other one does not see our intent: it had read the record before.
			f.server.script(status(503), fault{status: 503, received: func() { f.renewElsewhere(0) }})
			f.fails(f.machine("here", 0, seed), "", diagnostic.CodeNoResponse)
			f.token(f.machine("here", 0, seed), "")
		}},
		{
			name: "a refused token and a store that cannot be read again",
			fate: fate{calls: 3, replays: 1}, family: &fate{3, 1, true}, run: func(f *fixture) {
				seed := f.server.authorize()
				f.token(f.machine("here", 0, seed), "")
				f.advance(2 * time.Hour)

				broken := false
				s := f.machine("here", 0, seed)
				s.cfg.Store = unreadable{blindStore{tokenstore.NewFile(f.dir)}, &broken}
				f.server.script(fault{received: func() {
					f.renewElsewhere(0)

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
		{name: "a peer whose clock is 6 minutes ahead", fate: fate{calls: 3}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.token(f.machine("here", 0, seed), "")
			f.advance(2 * time.Hour)
			f.renewElsewhere(6 * time.Minute)
			f.token(f.machine("here", 0, seed), "")
		}},
		{
			name: "a peer whose clock is 6 minutes ahead renews at the same moment",
			fate: fate{calls: 3, replays: 1}, refused: &fate{calls: 4, replays: 1}, family: &fate{4, 1, true},
			run: func(f *fixture) {
				seed := f.server.authorize()
				f.token(f.machine("here", 0, seed), "")
				f.advance(2 * time.Hour)
				f.server.script(fault{received: func() { f.renewElsewhere(6 * time.Minute) }})

				if s := f.machine("here", 0, seed); f.server.reuseRevokes {
					f.fails(s, "", diagnostic.CodeRefused)
				} else {
					f.token(s, "")
				}
			},
		},
		{
			name: "a response that comes after another chain has taken the name", fate: fate{calls: 3}, run: func(f *fixture) {
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

// renewElsewhere is a run on another machine that renews the token now, whatever is announced in the store.
func (f *fixture) renewElsewhere(ahead time.Duration) {
	f.t.Helper()
	f.exchangeElsewhere(ahead, "")
}

// exchangeElsewhere is the same with a refresh token of its own.
func (f *fixture) exchangeElsewhere(ahead time.Duration, seed string) {
	f.t.Helper()

	there := f.machine("there", ahead, seed)
	name := tokenstore.KeyName(f.server.tokenURL(), testClient, "ci")
	r := f.readRecord(filepath.Join(f.dir, name+tokenstore.RecordSuffix))
	r.Pending = nil

	e := &exchange{Source: there, at: target{name: name, record: r, startsChain: seed != ""}}
	if _, err := e.run(f.t.Context(), nil); err != nil {
		f.t.Errorf("the other machine failed: %v", err)
	}
}

// unreadable is a store that cannot be read any more once it is broken.
type unreadable struct {
	blindStore

	broken *bool
}

func (u unreadable) Load(ctx context.Context, name string) ([]byte, error) {
	if *u.broken {
		return nil, errors.New("connection reset")
	}

	return u.blindStore.Load(ctx, name)
}
