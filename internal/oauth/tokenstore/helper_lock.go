package tokenstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// LocalLock is a list of directories for a lock file. The first usable one is used: records are stored by the helper, so none
// of the directories has to exist or be writable.
type LocalLock []string

var errLocalLock = errors.New("no lock file on this machine")

// helperLocks prefers the user's state directory. An ephemeral runner may have no home directory, or a read-only one.
func helperLocks() LocalLock {
	var directories LocalLock
	if base, err := stateHome(); err == nil {
		directories = append(directories, filepath.Join(base, "terraform-provider-sepay", "helper-locks"))
	}

	return append(directories, filepath.Join(os.TempDir(), fmt.Sprintf("terraform-provider-sepay-%d", os.Getuid())))
}

// Try attempts to lock once. If another process holds the lock, unlock is nil and holder describes that process, if known.
func (l LocalLock) Try(ctx context.Context, name string) (unlock func(), holder string, err error) {
	failures := errLocalLock

	for _, directory := range l {
		unlock, holder, err := NewFile(directory).TryLock(ctx, name)
		if err == nil {
			return unlock, holder, nil
		}

		failures = fmt.Errorf("%w: %w", failures, err)
	}

	return nil, "", failures
}

// TryLock implements Store. It locks all records of the client among the processes of this machine, and the names among all
// machines if the helper supports locks.
func (h *Helper) TryLock(
	ctx context.Context, client string, names ...string,
) (unlock func(), holder string, err error) {
	unlockLocal, holder, err := h.Lock.Try(ctx, RecordName("", client, "helper", strings.Join(h.Command.Args, "\x00")))
	if err != nil || unlockLocal == nil {
		return nil, holder, err
	}

	unlocks := []func(){unlockLocal}
	unlock = func() {
		for _, release := range slices.Backward(unlocks) {
			release()
		}
	}

	supported, err := h.supportsLocks(ctx)
	if err != nil {
		unlock()

		return nil, "", err
	}

	if !supported {
		return unlock, "", nil
	}

	for _, name := range names {
		unlockName, err := h.lockName(ctx, name)
		if err == nil {
			unlocks = append(unlocks, unlockName)

			continue
		}

		unlock()

		if ctx.Err() != nil || !exitedWithFailure(err) {
			return nil, "", err
		}

		return nil, fmt.Sprintf("another machine (%v)", err), nil
	}

	return unlock, "", nil
}

// lockName locks a record with the helper. It passes an owner, so that the helper releases a lock only for its owner.
func (h *Helper) lockName(ctx context.Context, name string) (unlock func(), err error) {
	owner, err := json.Marshal(map[string]string{"owner": ThisProcess() + ", " + rand.Text()})
	if err != nil {
		return nil, err
	}

	if _, err := h.Command.Call(ctx, owner, "lock", name); err != nil {
		return nil, err
	}

	return func() {
		// Release the lock even if the run was canceled.
		if _, err := h.Command.Call(context.WithoutCancel(ctx), owner, "unlock", name); err != nil {
			h.warnings.Add(notUnlocked(h.Location(name), err))
		}
	}, nil
}

// supportsLocks asks the helper once whether it has locks. A failure does not mean that it has none: without its lock, two
// machines could spend the same token.
func (h *Helper) supportsLocks(ctx context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()

	if h.canLock != nil {
		return *h.canLock, nil
	}

	out, err := h.Command.Call(ctx, nil, "capabilities")
	if err != nil {
		return false, err
	}

	lock, err := parseCapabilities(out)
	if err != nil {
		return false, err
	}

	h.canLock = &lock

	return lock, nil
}

// parseCapabilities parses the output of capabilities, and reports whether the helper supports locks.
func parseCapabilities(out []byte) (lock bool, err error) {
	capabilities, err := helperResponse("capabilities", out)
	if err != nil {
		return false, err
	}

	if value, ok := capabilities["lock"]; ok {
		if string(value) == "null" || json.Unmarshal(value, &lock) != nil {
			return false, helperFailed("capabilities printed a lock that is neither true nor false")
		}
	}

	return lock, nil
}

// exitedWithFailure reports whether the command ran and exited with a failure, as a lock that is held does.
func exitedWithFailure(err error) bool {
	var failure *helperError

	return errors.As(err, &failure) && failure.exited
}
