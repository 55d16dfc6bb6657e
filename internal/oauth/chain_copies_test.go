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
		{name: "disk becomes full before the save", result: result{requests: 2}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.startWithFullDisk(seed)

			// The second process of the same apply.
			s := f.source(seed)
			f.token(s, "")

			if warnings := s.TakeWarnings(); len(warnings) != 0 {
				f.t.Errorf("warnings: %v", warnings)
			}

			f.expectNoCopy()
			f.advance(2 * time.Hour)
			f.token(f.source(seed), "")
			f.server.expectRequests(f.t, 2, 0)
		}},
		{name: "disk stays full in four runs", result: result{requests: 1}, run: func(f *fixture) {
			seed := f.server.authorize()
			path := f.startWithFullDisk(seed)

			for range 3 {
				s := f.source(seed, withStore(f.fullDiskStore()))
				f.token(s, "")

				if warnings := s.TakeWarnings(); len(warnings) != 1 || !strings.Contains(warnings[0].Detail, path) {
					f.t.Errorf("warnings: %v", warnings)
				}
			}

			// When the access token expires, no refresh token is spent, because the new one could not be saved.
			f.advance(2 * time.Hour)
			f.fails(f.source(seed, withStore(f.fullDiskStore())), "", diagnostic.CodeStoreWrite)
		}},
		{name: "10 parallel runs after an emergency copy was written", result: result{requests: 1}, run: func(f *fixture) {
			seed := f.server.authorize()
			f.startWithFullDisk(seed)

			var wg sync.WaitGroup

			for range 10 {
				wg.Go(func() { f.token(f.source(seed), "") })
			}

			wg.Wait()
			f.expectNoCopy()
		}},
		{
			name: "emergency copy that other users could have written", result: result{2, 1, false}, rejected: &result{2, 1, true}, run: func(f *fixture) {
				seed := f.server.authorize()
				path := f.startWithFullDisk(seed)

				if err := os.Chmod(path, 0o644); err != nil {
					f.t.Fatal(err)
				}

				f.expectNextRun(seed, diagnostic.CodeInterrupted)

				if err := os.Remove(path); err != nil {
					f.t.Errorf("the untrusted copy was removed: %v", err)
				}
			},
		},
		{name: "emergency copy that is older than the record", result: result{requests: 3}, run: func(f *fixture) {
			seed := f.server.authorize()
			path := f.startWithFullDisk(seed)

			old, err := os.ReadFile(path)
			if err != nil {
				f.t.Fatal(err)
			}

			f.token(f.source(seed), "")
			f.advance(2 * time.Hour)
			f.token(f.source(seed), "")

			// The old copy appears again. It has only spent tokens.
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

// fullDiskStore returns a store on a full disk.
func (f *fixture) fullDiskStore() *tokenstore.File {
	store := tokenstore.NewFile(f.dir)
	store.Rename = func(string, string) error { return errors.New("no space left on device") }

	return store
}

// startWithFullDisk starts a chain whose new token cannot be saved, and returns the path of its emergency copy.
func (f *fixture) startWithFullDisk(seed string) string {
	f.t.Helper()

	store := tokenstore.NewFile(f.dir)
	store.Rename = func(from, to string) error {
		store.Rename = f.fullDiskStore().Rename

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
		f.t.Errorf("copies remain: %v", copies)
	}
}
