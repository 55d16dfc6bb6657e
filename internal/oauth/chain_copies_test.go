//go:build unix

package oauth

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func copyScenarios() []scenario {
	return []scenario{
		{name: "a disk that is full at the instant of the save", fate: fate{calls: 2}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.fullOnce(seed)

			// Phase 2 of the same apply.
			s := f.source(seed)
			f.token(s, "")

			if warnings := s.TakeWarnings(); len(warnings) != 0 {
				f.t.Errorf("warnings: %v", warnings)
			}

			f.expectNoCopy()
			f.advance(2 * time.Hour)
			f.token(f.source(seed), "")
			f.server.expectCalls(f.t, 2, 0)
		}},
		{name: "a disk that stays full, in four runs", fate: fate{calls: 1}, run: func(f *fixture) {
			seed := f.server.authorize()
			path := f.fullOnce(seed)

			for range 3 {
				s := f.source(seed, withStore(f.full()))
				f.token(s, "")

				if warnings := s.TakeWarnings(); len(warnings) != 1 || !strings.Contains(warnings[0].Detail, path) {
					f.t.Errorf("warnings: %v", warnings)
				}
			}

			// When the access token is over, nothing is spent that could not be kept.
			f.advance(2 * time.Hour)
			f.fails(f.source(seed, withStore(f.full())), "", diagnostic.CodeStoreWrite)
		}},
		{name: "10 runs after a copy was left", fate: fate{calls: 1}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.fullOnce(seed)

			var wg sync.WaitGroup

			for range 10 {
				wg.Go(func() { f.token(f.source(seed), "") })
			}

			wg.Wait()
			f.expectNoCopy()
		}},
		{
			name: "a copy that others could have written", fate: fate{2, 1, false}, refused: &fate{2, 1, true}, run: func(f *fixture) {
				seed := f.server.authorize()
				path := f.fullOnce(seed)

				if err := os.Chmod(path, 0o644); err != nil {
					f.t.Fatal(err)
				}

				f.nextRun(seed, diagnostic.CodeInterrupted)

				if err := os.Remove(path); err != nil {
					f.t.Errorf("what is not ours was removed: %v", err)
				}
			},
		},
		{name: "a copy that the store has left behind", fate: fate{calls: 3}, run: func(f *fixture) {
			seed := f.server.authorize()
			path := f.fullOnce(seed)

			old, err := os.ReadFile(path)
			if err != nil {
				f.t.Fatal(err)
			}

			f.token(f.source(seed), "")
			f.advance(2 * time.Hour)
			f.token(f.source(seed), "")

			// Somebody puts it there again: it holds nothing but spent tokens.
			if err := os.WriteFile(path, old, tokenstore.PrivateFile); err != nil {
				f.t.Fatal(err)
			}

			f.advance(time.Hour)
			f.server.script(status(429, "Retry-After", "3600"))
			f.fails(f.source(seed), "", diagnostic.CodeBusy)
			f.expectNoCopy()
		}},
	}
}

// full is the store of this user on a disk that is full.
func (f *fixture) full() *tokenstore.File {
	store := tokenstore.NewFile(f.dir)
	store.Rename = func(string, string) error { return errors.New("no space left on device") }

	return store
}

// fullOnce starts a chain whose new token cannot be saved, and returns the path of its emergency copy.
func (f *fixture) fullOnce(seed string) string {
	f.t.Helper()

	store := tokenstore.NewFile(f.dir)
	store.Rename = func(from, to string) error {
		store.Rename = f.full().Rename

		return os.Rename(from, to)
	}

	s := f.source(seed, withStore(store))
	f.token(s, "")

	copies := f.copies()
	if len(copies) != 1 {
		f.t.Fatalf("copies: %v", copies)
	}

	if warnings := s.TakeWarnings(); len(warnings) != 1 || !strings.Contains(warnings[0].Detail, copies[0]) {
		f.t.Errorf("warnings: %v", warnings)
	}

	return copies[0]
}

func (f *fixture) copies() []string {
	f.t.Helper()

	copies, err := filepath.Glob(filepath.Join(f.env.TempDir(), "*"))
	if err != nil {
		f.t.Fatal(err)
	}

	return copies
}

func (f *fixture) expectNoCopy() {
	f.t.Helper()

	if copies := f.copies(); len(copies) != 0 {
		f.t.Errorf("copies are left: %v", copies)
	}
}
