//go:build unix

package tokenstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

func TestRenameIsRetriedWhereFilesCanBeBusy(t *testing.T) {
	t.Parallel()

	synctest.Test(t, renameIsRetried)
}

func renameIsRetried(t *testing.T) {
	t.Helper()

	busy := errors.New("sharing violation")

	for failures, want := range map[int]bool{0: true, 3: true, 1000: false} {
		store := NewFile(t.TempDir())
		store.retryable = func(err error) bool { return errors.Is(err, busy) }
		tried := 0
		store.Rename = func(from, to string) error {
			if tried++; tried <= failures {
				return busy
			}

			return os.Rename(from, to)
		}

		began := time.Now()
		err := store.Save(t.Context(), "record", []byte("{}"), nil)

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

	var failure *diagnostic.Error
	if !errors.As(err, &failure) || !strings.Contains(failure.Detail, "token_store_path") {
		t.Errorf("without a home: %v", err)
	}
}

func TestRelativeStorePathIsRefused(t *testing.T) {
	t.Parallel()

	if _, err := OpenFile("tokens"); err == nil || !strings.Contains(err.Error(), "absolute") {
		t.Errorf("unexpected: %v", err)
	}
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

	if err := os.WriteFile(path, nil, PrivateFile); err != nil {
		t.Fatal(err)
	}

	if sameFile(lock, path) {
		t.Error("another file of the same name passes for the locked one")
	}

	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}

func TestASaveReplacesOnlyWhatWasRead(t *testing.T) {
	t.Parallel()

	for name, store := range map[string]Store{"files": NewFile(t.TempDir()), "memory": &Memory{}} {
		ctx := t.Context()

		if err := store.Save(ctx, "record", []byte("one"), nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		for _, was := range [][]byte{nil, []byte("another")} {
			if err := store.Save(ctx, "record", []byte("two"), was); !errors.Is(err, ErrChanged) {
				t.Errorf("%s: a record that was not read was replaced: %v", name, err)
			}
		}

		if err := store.Save(ctx, "record", []byte("two"), []byte("one")); err != nil {
			t.Errorf("%s: %v", name, err)
		}

		if got, err := store.Load(ctx, "record"); err != nil || string(got) != "two" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
