package tokenstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/gofrs/flock"
)

// ErrNoLocks marks a file system that has no locks, as opposed to a lock file that cannot be opened.
var ErrNoLocks = errors.New("the file system has no locks")

// tryLockFile makes one attempt at an exclusive lock on a file of its own, which is created when missing and never
// deleted: deleting it would let two processes lock two different files of the same name.
func tryLockFile(path string) (unlock func(), holder string, err error) {
	lock := flock.New(path, flock.SetPermissions(PrivateFile))

	locked, err := lock.TryLock()

	var cannotOpen *fs.PathError

	switch {
	case errors.As(err, &cannotOpen):
		return nil, "", err
	case err != nil:
		return nil, "", fmt.Errorf("%w: %w", ErrNoLocks, err)
	}

	if !locked {
		return nil, lockHolder(path), nil
	}

	// Someone may have deleted the file by hand between our open and our lock; then the lock is on a file that nobody
	// else will ever find.
	if !sameFile(lock, path) {
		if err := lock.Unlock(); err != nil {
			return nil, "", fmt.Errorf("unlock %s: %w", path, err)
		}

		return nil, "", nil
	}

	// The note is for the message of whoever waits in vain. Where a locked file cannot be written, the message says less.
	_ = os.WriteFile(path, []byte(ThisProcess()), PrivateFile)

	return func() { _ = lock.Unlock() }, "", nil
}

func sameFile(lock *flock.Flock, path string) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}

	named, err := os.Lstat(path)

	return err == nil && os.SameFile(held, named)
}

// ThisProcess names this process for people: in lock files and in updated_by.
func ThisProcess() string { return fmt.Sprintf("process %d on %s", os.Getpid(), HostName()) }

// HostName is the name of this machine, for messages and records.
func HostName() string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		return "an unknown host"
	}

	return host
}

func lockHolder(path string) string {
	const enough = 300

	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 || len(data) > enough {
		return ""
	}

	return strings.ToValidUTF8(strings.TrimSpace(string(data)), "")
}
