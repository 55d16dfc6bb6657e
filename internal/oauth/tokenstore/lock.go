package tokenstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/gofrs/flock"
)

// ErrNoLocks means that the file system does not support locks, as opposed to a lock file that cannot be opened.
var ErrNoLocks = errors.New("the file system does not support locks")

// tryLockFile attempts once to lock a file exclusively. It creates a missing file and never deletes it: otherwise two processes
// could lock two different files of the same name.
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

	// If the file was deleted between open and lock, the lock is on a file that no other process can find.
	if !sameFile(lock, path) {
		if err := lock.Unlock(); err != nil {
			return nil, "", fmt.Errorf("unlock %s: %w", path, err)
		}

		return nil, "", nil
	}

	// The holder is for the message of a run that times out. Some systems cannot write a locked file; the message omits it then.
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

// ThisProcess describes this process for lock files and updated_by.
func ThisProcess() string { return fmt.Sprintf("process %d on %s", os.Getpid(), HostName()) }

// HostName returns the name of this machine, for messages and records.
func HostName() string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		return "an unknown host"
	}

	return host
}

func lockHolder(path string) string {
	const maxLength = 300

	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 || len(data) > maxLength {
		return ""
	}

	return strings.ToValidUTF8(strings.TrimSpace(string(data)), "")
}
