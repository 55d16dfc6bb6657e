//go:build unix

package oauth

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func nameScenarios() []scenario {
	return []scenario{
		{name: "10 runs with 10 keys and one seed", fate: fate{calls: 1}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.server.script(fault{before: time.Second, after: time.Second})

			var wg sync.WaitGroup

			for i := range 10 {
				wg.Go(func() { f.token(f.source(seed, withKey(fmt.Sprint("key-", i))), "") })
			}

			wg.Wait()
		}},
		{name: "two aliases of one process with two keys and one seed", fate: fate{calls: 1}, run: func(f *fixture) {
			seed, process := f.server.authorize(), system.NewProcess()

			var wg sync.WaitGroup

			for _, key := range []string{"shop", "wholesale"} {
				wg.Go(func() { f.token(f.sourceIn(process, seed, withKey(key)), "") })
			}

			wg.Wait()
		}},
		{name: "two aliases with two keys and one seed, without a store", fate: fate{calls: 1}, run: func(f *fixture) {
			seed, store := f.server.authorize(), &tokenstore.Memory{}
			f.token(f.source(seed, withKey("shop"), withStore(store)), "")
			f.token(f.source(seed, withKey("wholesale"), withStore(store)), "")

			// There is no file for the report to look at.
			f.keepForReport(store)
		}},
		{name: "two keys and one seed with a helper", fate: fate{calls: 1}, run: func(f *fixture) {
			seed := f.server.authorize()

			for _, key := range []string{"shop", "wholesale", "shop", "wholesale"} {
				f.token(f.source(seed, withKey(key), withStore(f.helper("lock"))), "")
			}
		}},
		{name: "refresh tokens A, B, A, B in turn under one key", fate: fate{calls: 4}, run: func(f *fixture) {
			f.inTurn(tokenstore.NewFile(f.dir), "production")
		}},
		{name: "refresh tokens A, B, A, B in turn under one key of a helper", fate: fate{calls: 4}, run: func(f *fixture) {
			f.inTurn(f.helper(), "production")
		}},
		{name: "refresh tokens A, B, A, B in turn with a helper, without a key", fate: fate{calls: 5}, run: func(f *fixture) {
			first := f.inTurn(f.helper(), "")

			// Without a refresh token it is the first one's chain.
			s := f.source("", withStore(f.helper()))
			f.token(s, "")

			if at, err := s.find(f.t.Context()); err != nil || !at.record.Contains(tokenstore.Fingerprint(first)) {
				f.t.Errorf("a run without a refresh token has got another account: %v", err)
			}
		}},
		{name: "a spent refresh token of a chain that has ended", fate: fate{calls: 3}, run: func(f *fixture) {
			first, key := f.server.authorize(), withKey("production")
			f.token(f.source(first, key), "")
			f.server.kill(first)
			f.advance(2 * time.Hour)
			f.fails(f.source(first, key), "", diagnostic.CodeRefused)

			f.token(f.source(f.server.authorize(), key), "")
			f.token(f.source(first, key), "") // recognized as spent: the new chain goes on
			f.server.forget(first)
		}},
	}
}

// inTurn uses two authorizations in turn, each of which is renewed once.
func (f *fixture) inTurn(store tokenstore.Store, key string) (first string) {
	f.t.Helper()

	first, second := f.server.authorize(), f.server.authorize()

	for range 2 {
		f.token(f.source(first, withStore(store), withKey(key)), "")
		f.token(f.source(second, withStore(store), withKey(key)), "")
		f.advance(time.Hour)
	}

	return first
}

// keepForReport writes what a store in memory holds to where chainsAlive looks.
func (f *fixture) keepForReport(store *tokenstore.Memory) {
	f.t.Helper()

	for name, data := range store.Records {
		if err := os.WriteFile(filepath.Join(f.env.TempDir(), name), data, tokenstore.PrivateFile); err != nil {
			f.t.Fatal(err)
		}
	}
}

// forget takes an authorization that was ended on purpose out of the account.
func (s *tokenServer) forget(seed string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.families = slices.DeleteFunc(s.families, func(f *family) bool { return slices.Contains(f.spent, seed) })
}
