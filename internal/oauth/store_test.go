//go:build unix

package oauth

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func TestUnreadableRecordsAreNamedAndNotOverwritten(t *testing.T) {
	t.Parallel()

	for name, tc := range map[string]struct{ content, want string }{
		"corrupt":        {`{"version":1,"refresh_token":"rt-secret`, "not a readable token record"},
		"empty":          {"", "not a readable token record"},
		"not an object":  {`[]`, "not a readable token record"},
		"future version": {`{"version":2,"client_id":"client-1","refresh_token":"rt-secret"}`, "newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.startExpired()
			path := f.files(tokenstore.RecordSuffix)[0]

			if err := os.WriteFile(path, []byte(tc.content), tokenstore.PrivateFile); err != nil {
				t.Fatal(err)
			}

			for _, s := range []*Source{f.source(seed), f.source("")} {
				failure := f.failure(s, "", diagnostic.CodeStoreRead)
				if !strings.Contains(failure.Detail, path) || !strings.Contains(failure.Detail, tc.want) ||
					strings.Contains(failure.Detail, "rt-secret") {
					t.Errorf("unexpected: %v", failure)
				}
			}

			if got, err := os.ReadFile(path); err != nil || string(got) != tc.content {
				t.Errorf("the file was changed: %q, %v", got, err)
			}

			f.server.expectRequests(t, 1, 0)
		})
	}
}

func TestFailedSaveAfterTheExchangeWritesAnEmergencyCopy(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	store := tokenstore.NewFile(f.dir)
	seed := f.server.authorize()
	renames := 0
	store.Rename = func(from, to string) error {
		if renames++; renames > 1 {
			return errors.New("input/output error")
		}

		return os.Rename(from, to)
	}

	process := system.NewProcess()
	s := f.sourceIn(process, seed, withStore(store))
	token := f.token(s, "")

	if other := f.token(f.sourceIn(process, seed, withStore(store)), ""); other != token || renames != 1+tokenstore.SaveAttempts {
		t.Errorf("this run does not use the token in memory; %d renames", renames)
	}

	warnings := s.TakeWarnings()
	if len(warnings) != 1 {
		t.Fatalf("warnings: %v", warnings)
	}

	f.record(warnings[0].Detail)

	copies, err := filepath.Glob(filepath.Join(f.env.TempDir(), "*"))
	if err != nil || len(copies) != 1 || !strings.Contains(warnings[0].Detail, copies[0]) ||
		!strings.Contains(warnings[0].Detail, f.files(tokenstore.RecordSuffix)[0]) {
		t.Fatalf("copies %v, %v; warning %v", copies, err, warnings[0])
	}

	if info, err := os.Stat(copies[0]); err != nil || info.Mode().Perm() != tokenstore.PrivateFile {
		t.Errorf("the copy has mode %v, %v", info.Mode(), err)
	}

	// A copy that the user restores is used.
	if err := os.Rename(copies[0], f.files(tokenstore.RecordSuffix)[0]); err != nil {
		t.Fatal(err)
	}

	f.token(f.source(seed), "")
	f.server.expectRequests(t, 1, 0)
	f.expectValidChain()
}

func TestRunContinuesIfNeitherStoreNorCopyCanBeWritten(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.env.TempDir = func() string { return filepath.Join(f.dir, "missing") }
	store := tokenstore.NewFile(f.dir)
	seed := f.server.authorize()
	renames := 0
	store.Rename = func(from, to string) error {
		if renames++; renames > 1 {
			return errors.New("input/output error")
		}

		return os.Rename(from, to)
	}
	s := f.source(seed, withStore(store))
	f.token(s, "")

	if w := s.TakeWarnings(); len(w) != 1 || !strings.Contains(w[0].Detail, "authorize again") {
		t.Errorf("warnings: %v", w)
	}

	f.server.expectRequests(t, 1, 0)
}

func TestUnsafeFilesAndDirectoriesAreRejected(t *testing.T) {
	t.Parallel()

	prepare := map[string]func(t *testing.T, f *fixture){
		"the directory is a symlink": func(t *testing.T, f *fixture) {
			t.Helper()

			target := f.dir + "-real"
			if err := errors.Join(os.Rename(f.dir, target), os.Symlink(target, f.dir)); err != nil {
				t.Fatal(err)
			}
		},
		"others may write to the directory": func(t *testing.T, f *fixture) {
			t.Helper()

			if err := os.Chmod(f.dir, 0o770); err != nil {
				t.Fatal(err)
			}
		},
		"the file is a symlink": func(t *testing.T, f *fixture) {
			t.Helper()

			path := f.files(tokenstore.RecordSuffix)[0]
			if err := errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path)); err != nil {
				t.Fatal(err)
			}
		},
		"the file belongs to another user": func(t *testing.T, f *fixture) {
			t.Helper()

			if err := os.Chown(f.files(tokenstore.RecordSuffix)[0], 65534, -1); err != nil {
				t.Skip("only root can change the owner")
			}
		},
		"the directory belongs to another user": func(t *testing.T, f *fixture) {
			t.Helper()

			if err := os.Chown(f.dir, 65534, -1); err != nil {
				t.Skip("only root can change the owner")
			}
		},
	}

	for name, change := range prepare {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.startExpired()
			change(t, f)

			failure := f.failure(f.source(seed), "", diagnostic.CodeStoreRead)
			if !strings.Contains(failure.Detail, "not safe") || !strings.Contains(failure.Detail, f.dir) {
				t.Errorf("unexpected: %v", failure)
			}

			f.server.expectRequests(t, 1, 0)
		})
	}
}

func TestPermissiveModesAreRestrictedWithAWarning(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.token(f.source(seed), "")

	path := f.files(tokenstore.RecordSuffix)[0]
	if err := errors.Join(os.Chmod(f.dir, 0o755), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}

	s := f.source(seed)
	f.token(s, "")

	if w := s.TakeWarnings(); len(w) != 2 {
		t.Errorf("warnings: %v", w)
	}

	for name, mode := range map[string]os.FileMode{f.dir: tokenstore.PrivateDirectory, path: tokenstore.PrivateFile} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}

	f.server.expectRequests(t, 1, 0)
}

func TestOnlyThisUserCanAccessTheFiles(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.token(f.source(f.server.authorize()), "")

	for _, path := range append(f.files(""), f.dir) {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
	}
}

func TestInvalidConfigurationIsRejected(t *testing.T) {
	t.Parallel()

	f := newFixture(t)

	for want, change := range map[string]func(*Config){
		"client_id":       func(c *Config) { c.ClientID = "" },
		"client_secret":   func(c *Config) { c.ClientSecret = "" },
		"token_store ":    func(c *Config) { c.Store = nil },
		"token_helper":    func(c *Config) { c.Store = tokenstore.OpenHelper(nil) },
		"token_store_key": func(c *Config) { c.Key = "-rf" },
		"unencrypted":     func(c *Config) { c.TokenURL = "http://my.sepay.vn/oauth/token" },
		"user name":       func(c *Config) { c.TokenURL = "https://me:pw@my.sepay.vn/oauth/token" },
		"no host":         func(c *Config) { c.TokenURL = "my.sepay.vn" },
	} {
		cfg := f.config("seed")
		change(&cfg)

		if _, err := NewSource(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestRunThatWaitsForTheLockCanBeCanceled(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.env.Sleep = system.Sleep
	seed := f.startExpired()

	unlock, _, err := tokenstore.NewFile(f.dir).TryLock(t.Context(), f.source(seed).clientName())
	if err != nil || unlock == nil {
		t.Fatalf("no lock: %v", err)
	}
	defer unlock()

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()

	if _, err := f.source(seed).Token(ctx, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Token returned %v", err)
	}

	f.server.expectRequests(t, 1, 0)
}

func TestTemporaryFilesOfKilledRunsAreRemovedForAnyPath(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"plain", "with [brackets]", "a[", "b]*?"} {
		f := newFixture(t)
		f.dir = filepath.Join(t.TempDir(), name)
		seed := f.server.authorize()
		f.token(f.source(seed), "")

		target := f.onlyFile(tokenstore.RecordSuffix)
		leftover, other := target+".LEFT"+tokenstore.TempSuffix, filepath.Join(f.dir, "another.json.LEFT"+tokenstore.TempSuffix)

		for _, path := range []string{leftover, other} {
			if err := os.WriteFile(path, []byte("tokens"), tokenstore.PrivateFile); err != nil {
				t.Fatal(err)
			}
		}

		f.advance(2 * time.Hour)
		f.token(f.source(seed), "")

		if _, err := os.Stat(leftover); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the temporary file remains: %v", name, err)
		}

		if _, err := os.Stat(other); err != nil {
			t.Errorf("%s: a temporary file of another record was removed: %v", name, err)
		}
	}
}

// onlyFile returns the path of the only file in the store with the suffix. The path may contain pattern characters.
func (f *fixture) onlyFile(suffix string) string {
	f.t.Helper()

	entries, err := os.ReadDir(f.dir)
	if err != nil {
		f.t.Fatal(err)
	}

	var found []string

	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), suffix) {
			found = append(found, filepath.Join(f.dir, entry.Name()))
		}
	}

	if len(found) != 1 {
		f.t.Fatalf("files %v, want one", found)
	}

	return found[0]
}
