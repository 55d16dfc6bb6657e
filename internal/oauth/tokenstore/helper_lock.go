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

// LocalLock is a lock file without content in the first of some directories that can be used. What a helper keeps is
// elsewhere, so that none of them has to be there, or writable.
type LocalLock []string

var errLocalLock = errors.New("no lock among the runs on this machine")

// helperLocks prefers the user's own place. An ephemeral machine may have no home directory, or one that is read-only.
func helperLocks() LocalLock {
	var directories LocalLock
	if base, err := stateHome(); err == nil {
		directories = append(directories, filepath.Join(base, "terraform-provider-sepay", "helper-locks"))
	}

	return append(directories, filepath.Join(os.TempDir(), fmt.Sprintf("terraform-provider-sepay-%d", os.Getuid())))
}

// Try makes one attempt at the lock. While somebody else holds it, unlock is nil and holder says what is known of them.
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

// TryLock locks all records of the client among the processes of this machine, and the names among all machines when the
// helper can.
func (h *Helper) TryLock(
	ctx context.Context, client string, names ...string,
) (unlock func(), holder string, err error) {
	unlockLocal, holder, err := h.Lock.Try(ctx, RecordName("", client, "helper", strings.Join(h.Command.Args, "\x00")))
	if err != nil || unlockLocal == nil {
		return nil, holder, err
	}

	unlocks := []func(){unlockLocal}
	unlock = func() {
		for _, undo := range slices.Backward(unlocks) {
			undo()
		}
	}

	can, err := h.lockable(ctx)
	if err != nil {
		unlock()

		return nil, "", err
	}

	if !can {
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

// lockName tells the helper who locks, so that it can release a lock for its holder only.
func (h *Helper) lockName(ctx context.Context, name string) (unlock func(), err error) {
	owner, err := json.Marshal(map[string]string{"owner": ThisProcess() + ", " + rand.Text()})
	if err != nil {
		return nil, err
	}

	if _, err := h.Command.Call(ctx, owner, "lock", name); err != nil {
		return nil, err
	}

	return func() {
		// The run may have been canceled by now; the lock has to go all the same.
		if _, err := h.Command.Call(context.WithoutCancel(ctx), owner, "unlock", name); err != nil {
			h.warnings.Add(notUnlocked(h.Location(name), err))
		}
	}, nil
}

// lockable asks the helper once whether it has locks. A failure is none of its responses: without the lock that the helper
// has, two machines would spend the same token.
func (h *Helper) lockable(ctx context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()

	if h.canLock != nil {
		return *h.canLock, nil
	}

	out, err := h.Command.Call(ctx, nil, "capabilities")
	if err != nil {
		return false, err
	}

	lock, err := lockIn(out)
	if err != nil {
		return false, err
	}

	h.canLock = &lock

	return lock, nil
}

// lockIn reads from what capabilities printed whether the helper can lock.
func lockIn(out []byte) (lock bool, err error) {
	capabilities, err := helperResponse("capabilities", out)
	if err != nil {
		return false, err
	}

	if said, ok := capabilities["lock"]; ok {
		if string(said) == "null" || json.Unmarshal(said, &lock) != nil {
			return false, helperFailed("capabilities printed a lock that is neither true nor false")
		}
	}

	return lock, nil
}

// exitedWithFailure tells a command that ran and refused from one that did not work.
func exitedWithFailure(err error) bool {
	var failure *helperError

	return errors.As(err, &failure) && failure.exited
}
