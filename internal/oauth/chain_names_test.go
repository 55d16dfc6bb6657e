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
		{name: "10 parallel runs with 10 keys and one refresh token", result: result{requests: 1}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.server.script(fault{before: time.Second, after: time.Second})

			var wg sync.WaitGroup

			for i := range 10 {
				wg.Go(func() { f.token(f.source(seed, withKey(fmt.Sprint("key-", i))), "") })
			}

			wg.Wait()
		}},
		{name: "two provider aliases with two keys and one refresh token", result: result{requests: 1}, run: func(f *fixture) {
			seed, process := f.server.authorize(), system.NewProcess()

			var wg sync.WaitGroup

			for _, key := range []string{"shop", "wholesale"} {
				wg.Go(func() { f.token(f.sourceIn(process, seed, withKey(key)), "") })
			}

			wg.Wait()
		}},
		{name: "two provider aliases with two keys and one refresh token, without a store", result: result{requests: 1}, run: func(f *fixture) {
			seed, store := f.server.authorize(), &tokenstore.Memory{}
			f.token(f.source(seed, withKey("shop"), withStore(store)), "")
			f.token(f.source(seed, withKey("wholesale"), withStore(store)), "")

			// chainsValid reads files.
			f.writeRecords(store)
		}},
		{name: "two keys and one refresh token, with a helper", result: result{requests: 1}, run: func(f *fixture) {
			seed := f.server.authorize()

			for _, key := range []string{"shop", "wholesale", "shop", "wholesale"} {
				f.token(f.source(seed, withKey(key), withStore(f.helper("lock"))), "")
			}
		}},
		{name: "refresh tokens A, B, A, B with one key", result: result{requests: 4}, run: func(f *fixture) {
			f.alternate(tokenstore.NewFile(f.dir), "production")
		}},
		{name: "refresh tokens A, B, A, B with one key of a helper", result: result{requests: 4}, run: func(f *fixture) {
			f.alternate(f.helper(), "production")
		}},
		{name: "refresh tokens A, B, A, B with a helper, without a key", result: result{requests: 5}, run: func(f *fixture) {
			first := f.alternate(f.helper(), "")

			// Without a refresh token, the first chain is used.
			s := f.source("", withStore(f.helper()))
			f.token(s, "")

			if at, err := s.find(f.t.Context()); err != nil || !at.record.Contains(tokenstore.Fingerprint(first)) {
				f.t.Errorf("a run without a refresh token uses another account: %v", err)
			}
		}},
		{name: "spent refresh token of a chain that ended", result: result{requests: 3}, run: func(f *fixture) {
			first, key := f.server.authorize(), withKey("production")
			f.token(f.source(first, key), "")
			f.server.revokeFamily(first)
			f.advance(2 * time.Hour)
			f.fails(f.source(first, key), "", diagnostic.CodeRejected)

			f.token(f.source(f.server.authorize(), key), "")
			f.token(f.source(first, key), "") // recognized as spent: the new chain is used
			f.server.removeAuthorization(first)
		}},
	}
}

// alternate uses two authorizations alternately, each of which is refreshed once.
func (f *fixture) alternate(store tokenstore.Store, key string) (first string) {
	f.t.Helper()

	first, second := f.server.authorize(), f.server.authorize()

	for range 2 {
		f.token(f.source(first, withStore(store), withKey(key)), "")
		f.token(f.source(second, withStore(store), withKey(key)), "")
		f.advance(time.Hour)
	}

	return first
}

// writeRecords writes the records of a store in memory to files, where chainsValid finds them.
func (f *fixture) writeRecords(store *tokenstore.Memory) {
	f.t.Helper()

	for name, data := range store.Records {
		if err := os.WriteFile(filepath.Join(f.env.TempDir(), name), data, tokenstore.PrivateFile); err != nil {
			f.t.Fatal(err)
		}
	}
}

// removeAuthorization removes an authorization that the test ended, so that it does not count as lost.
func (s *tokenServer) removeAuthorization(seed string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.families = slices.DeleteFunc(s.families, func(f *family) bool { return slices.Contains(f.spent, seed) })
}
