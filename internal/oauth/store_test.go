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
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
)

func TestUnreadableRecordsAreNamedAndNotOverwritten(t *testing.T) {
	t.Parallel()

	for name, tc := range map[string]struct{ content, want string }{
		"corrupt":        {`{"version":1,"refresh_token":"rt-secret`, "can be read"},
		"empty":          {"", "can be read"},
		"not an object":  {`[]`, "can be read"},
		"future version": {`{"version":2,"client_id":"client-1","refresh_token":"rt-secret"}`, "newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.expired()
			path := f.files(recordSuffix)[0]

			if err := os.WriteFile(path, []byte(tc.content), privateFile); err != nil {
				t.Fatal(err)
			}

			for _, s := range []*Source{f.source(seed), f.source("")} {
				failure := f.failure(s, "", CodeStoreRead)
				if !strings.Contains(failure.Detail, path) || !strings.Contains(failure.Detail, tc.want) ||
					strings.Contains(failure.Detail, "rt-secret") {
					t.Errorf("unexpected: %v", failure)
				}
			}

			if got, err := os.ReadFile(path); err != nil || string(got) != tc.content {
				t.Errorf("the file was changed: %q, %v", got, err)
			}

			f.server.expectCalls(t, 1, 0)
		})
	}
}

func TestSaveThatFailsAfterTheExchangeLeavesAnEmergencyCopy(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	store := newFileStore(f.dir)
	seed := f.server.authorize()
	renames := 0
	store.rename = func(from, to string) error {
		if renames++; renames > 1 {
			return errors.New("the disk is gone")
		}

		return os.Rename(from, to)
	}

	process := newProcess()
	s := f.sourceIn(process, seed, withStore(store))
	token := f.token(s, "")

	if other := f.token(f.sourceIn(process, seed, withStore(store)), ""); other != token || renames != 1+saveTries {
		t.Errorf("this run does not go on in memory; %d renames", renames)
	}

	warnings := s.TakeWarnings()
	if len(warnings) != 1 {
		t.Fatalf("warnings: %v", warnings)
	}

	f.hear(warnings[0].Detail)

	copies, err := filepath.Glob(filepath.Join(f.env.tempDir(), "*"))
	if err != nil || len(copies) != 1 || !strings.Contains(warnings[0].Detail, copies[0]) ||
		!strings.Contains(warnings[0].Detail, f.files(recordSuffix)[0]) {
		t.Fatalf("copies %v, %v; warning %v", copies, err, warnings[0])
	}

	if info, err := os.Stat(copies[0]); err != nil || info.Mode().Perm() != privateFile {
		t.Errorf("the copy has mode %v, %v", info.Mode(), err)
	}

	// The restored copy goes on, as the warning says.
	if err := os.Rename(copies[0], f.files(recordSuffix)[0]); err != nil {
		t.Fatal(err)
	}

	f.token(f.source(seed), "")
	f.server.expectCalls(t, 1, 0)
	f.expectAlive()
}

func TestSaveAndCopyThatBothFailStillServeThisRun(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.env.tempDir = func() string { return filepath.Join(f.dir, "missing") }
	store := newFileStore(f.dir)
	seed := f.server.authorize()
	renames := 0
	store.rename = func(from, to string) error {
		if renames++; renames > 1 {
			return errors.New("the disk is gone")
		}

		return os.Rename(from, to)
	}
	s := f.source(seed, withStore(store))
	f.token(s, "")

	if w := s.TakeWarnings(); len(w) != 1 || !strings.Contains(w[0].Detail, "authorize again") {
		t.Errorf("warnings: %v", w)
	}

	f.server.expectCalls(t, 1, 0)
}

func TestUnsafePlacesAreRefused(t *testing.T) {
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

			path := f.files(recordSuffix)[0]
			if err := errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path)); err != nil {
				t.Fatal(err)
			}
		},
		"the file belongs to another user": func(t *testing.T, f *fixture) {
			t.Helper()

			if err := os.Chown(f.files(recordSuffix)[0], 65534, -1); err != nil {
				t.Skip("only root can give files away")
			}
		},
		"the directory belongs to another user": func(t *testing.T, f *fixture) {
			t.Helper()

			if err := os.Chown(f.dir, 65534, -1); err != nil {
				t.Skip("only root can give files away")
			}
		},
	}

	for name, change := range prepare {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.expired()
			change(t, f)

			failure := f.failure(f.source(seed), "", CodeStoreRead)
			if !strings.Contains(failure.Detail, "not safe") || !strings.Contains(failure.Detail, f.dir) {
				t.Errorf("unexpected: %v", failure)
			}

			f.server.expectCalls(t, 1, 0)
		})
	}
}

func TestTooOpenModesAreTightenedWithAWarning(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.token(f.source(seed), "")

	path := f.files(recordSuffix)[0]
	if err := errors.Join(os.Chmod(f.dir, 0o755), os.Chmod(path, 0o644)); err != nil {
		t.Fatal(err)
	}

	s := f.source(seed)
	f.token(s, "")

	if w := s.TakeWarnings(); len(w) != 2 {
		t.Errorf("warnings: %v", w)
	}

	for name, mode := range map[string]os.FileMode{f.dir: privateDirectory, path: privateFile} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}

	f.server.expectCalls(t, 1, 0)
}

func TestFilesAreForThisUserOnly(t *testing.T) {
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

func TestRenameIsRetriedWhereFilesCanBeBusy(t *testing.T) {
	t.Parallel()

	synctest.Test(t, renameIsRetried)
}

func renameIsRetried(t *testing.T) {
	t.Helper()

	busy := errors.New("sharing violation")

	for failures, want := range map[int]bool{0: true, 3: true, 1000: false} {
		store := newFileStore(t.TempDir())
		store.retryable = func(err error) bool { return errors.Is(err, busy) }
		tried := 0
		store.rename = func(from, to string) error {
			if tried++; tried <= failures {
				return busy
			}

			return os.Rename(from, to)
		}

		began := time.Now()
		err := store.save(t.Context(), "record", []byte("{}"), nil)

		if (err == nil) != want {
			t.Errorf("%d failures: %v after %v and %d tries", failures, err, time.Since(began), tried)
		}

		if !want && (time.Since(began) < renameRetry || tried > 200) {
			t.Errorf("gave up after %v and %d tries", time.Since(began), tried)
		}
	}
}

func TestDefaultDirectoryIsTheSystemsPlaceForState(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/state")

	if dir, err := DefaultDirectory(); err != nil || dir != "/state/terraform-provider-sepay" {
		t.Errorf("%q, %v", dir, err)
	}

	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "/home/user")

	if dir, err := DefaultDirectory(); err != nil || dir != "/home/user/.local/state/terraform-provider-sepay" {
		t.Errorf("%q, %v", dir, err)
	}

	t.Setenv("HOME", "")

	_, err := DefaultDirectory()

	var failure *Error
	if !errors.As(err, &failure) || !strings.Contains(failure.Detail, "token_store_path") {
		t.Errorf("without a home: %v", err)
	}
}

func TestRelativeStorePathIsRefused(t *testing.T) {
	t.Parallel()

	if _, err := OpenFileStore("tokens"); err == nil || !strings.Contains(err.Error(), "absolute") {
		t.Errorf("unexpected: %v", err)
	}
}

func TestBadConfigurationIsRefusedBeforeAnythingHappens(t *testing.T) {
	t.Parallel()

	f := newFixture(t)

	for want, change := range map[string]func(*Config){
		"client_id":       func(c *Config) { c.ClientID = "" },
		"client_secret":   func(c *Config) { c.ClientSecret = "" },
		"token_store ":    func(c *Config) { c.Store = nil },
		"token_helper":    func(c *Config) { c.Store = OpenHelperStore(nil) },
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

func TestARunThatWaitsForTheLockCanBeCanceled(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.env.sleep = sleep
	seed := f.expired()

	unlock, _, err := newFileStore(f.dir).tryLock(t.Context(), f.source(seed).clientName())
	if err != nil || unlock == nil {
		t.Fatalf("no lock: %v", err)
	}
	defer unlock()

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()

	if _, err := f.source(seed).Token(ctx, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Token returned %v", err)
	}

	f.server.expectCalls(t, 1, 0)
}

func TestALockOnAFileThatIsGoneIsNoLock(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "record.lock")
	lock := flock.New(path)

	if locked, err := lock.TryLock(); err != nil || !locked || !sameFile(lock, path) {
		t.Fatalf("no lock on the file: %t, %v", locked, err)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}

	if sameFile(lock, path) {
		t.Error("a deleted file passes for the lock file")
	}

	if err := os.WriteFile(path, nil, privateFile); err != nil {
		t.Fatal(err)
	}

	if sameFile(lock, path) {
		t.Error("another file of the same name passes for the locked one")
	}

	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}

func TestTemporaryFilesOfKilledRunsAreRemovedWhateverThePathIsCalled(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"plain", "with [brackets]", "a[", "b]*?"} {
		f := newFixture(t)
		f.dir = filepath.Join(t.TempDir(), name)
		seed := f.server.authorize()
		f.token(f.source(seed), "")

		target := f.onlyFile(recordSuffix)
		left, other := target+".LEFT"+tempSuffix, filepath.Join(f.dir, "another.json.LEFT"+tempSuffix)

		for _, path := range []string{left, other} {
			if err := os.WriteFile(path, []byte("tokens"), privateFile); err != nil {
				t.Fatal(err)
			}
		}

		f.advance(2 * time.Hour)
		f.token(f.source(seed), "")

		if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the temporary file stayed: %v", name, err)
		}

		if _, err := os.Stat(other); err != nil {
			t.Errorf("%s: a temporary file of another record was removed: %v", name, err)
		}
	}
}

// onlyFile is the path of the only file in the store that has the suffix.
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

func TestASaveReplacesOnlyWhatWasRead(t *testing.T) {
	t.Parallel()

	for name, store := range map[string]Store{"files": newFileStore(t.TempDir()), "memory": &memoryStore{}} {
		ctx := t.Context()

		if err := store.save(ctx, "record", []byte("one"), nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		for _, was := range [][]byte{nil, []byte("another")} {
			if err := store.save(ctx, "record", []byte("two"), was); !errors.Is(err, errChanged) {
				t.Errorf("%s: a record that was not read was replaced: %v", name, err)
			}
		}

		if err := store.save(ctx, "record", []byte("two"), []byte("one")); err != nil {
			t.Errorf("%s: %v", name, err)
		}

		if got, err := store.load(ctx, "record"); err != nil || string(got) != "two" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
