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

func TestRenameOfABusyFileIsRetried(t *testing.T) {
	t.Parallel()

	synctest.Test(t, renameIsRetried)
}

func renameIsRetried(t *testing.T) {
	t.Helper()

	busy := errors.New("sharing violation")

	for failures, want := range map[int]bool{0: true, 3: true, 1000: false} {
		store := NewFile(t.TempDir())
		store.retryable = func(err error) bool { return errors.Is(err, busy) }
		attempts := 0
		store.Rename = func(from, to string) error {
			if attempts++; attempts <= failures {
				return busy
			}

			return os.Rename(from, to)
		}

		began := time.Now()
		err := store.Save(t.Context(), "record", []byte("{}"), nil)

		if (err == nil) != want {
			t.Errorf("%d failures: %v after %v and %d attempts", failures, err, time.Since(began), attempts)
		}

		if !want && (time.Since(began) < renameRetry || attempts > 200) {
			t.Errorf("gave up after %v and %d attempts", time.Since(began), attempts)
		}
	}
}

func TestDefaultDirectoryIsTheSystemsStateDirectory(t *testing.T) {
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

func TestRelativeStorePathIsRejected(t *testing.T) {
	t.Parallel()

	if _, err := OpenFile("tokens"); err == nil || !strings.Contains(err.Error(), "absolute") {
		t.Errorf("unexpected: %v", err)
	}
}

func TestLockOnADeletedFileIsDetected(t *testing.T) {
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
		t.Error("a deleted file is accepted as the lock file")
	}

	if err := os.WriteFile(path, nil, PrivateFile); err != nil {
		t.Fatal(err)
	}

	if sameFile(lock, path) {
		t.Error("another file with the same name is accepted as the locked one")
	}

	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}

func TestSaveReplacesOnlyTheLoadedContent(t *testing.T) {
	t.Parallel()

	for name, store := range map[string]Store{"files": NewFile(t.TempDir()), "memory": &Memory{}} {
		ctx := t.Context()

		if err := store.Save(ctx, "record", []byte("one"), nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		for _, previous := range [][]byte{nil, []byte("another")} {
			if err := store.Save(ctx, "record", []byte("two"), previous); !errors.Is(err, ErrChanged) {
				t.Errorf("%s: a record that was not loaded was replaced: %v", name, err)
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
