package oauth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// helperStore keeps records with a command that the user provides. It speaks the verbs of Terraform's credentials
// helpers (get, store, forget), so that an existing one needs few changes, and two of our own for locks.
type helperStore struct {
	run  helperCommand
	lock localLock // among the processes of this machine, whatever the helper can do

	mu       sync.Mutex
	canLock  *bool // what `capabilities` said, once it was asked
	warnings warnings
}

// OpenHelperStore keeps records with a command, given as a list of arguments; a verb and a key are appended. No shell
// is involved. Secrets travel on its standard input and output only.
func OpenHelperStore(argv []string) Store {
	return &helperStore{run: helperCommand{argv: argv}, lock: helperLock()}
}

// localLock is a lock file without content in the first of some directories that can be used. What a helper keeps is
// elsewhere, so that none of them has to be there, or writable.
type localLock []string

var errLocalLock = errors.New("no lock among the runs on this machine")

// helperLock prefers the user's own place. An ephemeral machine may have no home directory, or one that is read-only.
func helperLock() localLock {
	var directories localLock
	if base, err := stateHome(); err == nil {
		directories = append(directories, filepath.Join(base, "terraform-provider-sepay", "helper-locks"))
	}

	return append(directories, filepath.Join(os.TempDir(), fmt.Sprintf("terraform-provider-sepay-%d", os.Getuid())))
}

func (l localLock) try(ctx context.Context, name string) (unlock func(), holder string, err error) {
	failures := errLocalLock

	for _, directory := range l {
		unlock, holder, err := newFileStore(directory).tryLock(ctx, name)
		if err == nil {
			return unlock, holder, nil
		}

		failures = fmt.Errorf("%w: %w", failures, err)
	}

	return nil, "", failures
}

func (h *helperStore) String() string { return fmt.Sprintf("the token helper `%s`", h.run) }

func (h *helperStore) location(name string) string {
	return fmt.Sprintf("%s under the key %s", h.String(), name)
}

// name passes the user's key on unchanged. Without one the first authorization of a client has a name that needs no
// refresh token to be found, because a helper cannot list; others have names of their own.
func (h *helperStore) name(tokenURL, clientID, key, _ string) string {
	if key != "" {
		return key
	}

	return keyName(tokenURL, clientID, DefaultKey)
}

func (h *helperStore) load(ctx context.Context, name string) ([]byte, error) {
	out, err := h.run.call(ctx, nil, "get", name)
	if err != nil {
		return nil, err
	}

	// Anything but {} and a token is a helper that failed without reporting it, and must not pass for "nothing stored": the
	// seed would be sent again.
	got, err := helperAnswer("get", out)
	if err != nil || len(got) == 0 {
		return nil, err
	}

	var token string
	if json.Unmarshal(got["token"], &token) != nil || token == "" {
		return nil, helperFailed("get printed a JSON object that is neither {} nor {\"token\":\"…\"}")
	}

	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(token), ""))
	if err != nil || len(data) == 0 {
		return nil, helperFailed("get printed a token that is not base64")
	}

	return data, nil
}

// helperAnswer is the one JSON object that a verb must print.
func helperAnswer(verb string, out []byte) (map[string]json.RawMessage, error) {
	var got map[string]json.RawMessage
	if err := json.Unmarshal(out, &got); err != nil || got == nil {
		return nil, helperFailed("%s printed no JSON object", verb)
	}

	return got, nil
}

func (h *helperStore) save(ctx context.Context, name string, data, _ []byte) error {
	input, err := json.Marshal(map[string]string{"token": base64.StdEncoding.EncodeToString(data)})
	if err != nil {
		return err
	}

	_, err = h.run.call(ctx, input, "store", name)

	return err
}

func (h *helperStore) remove(ctx context.Context, name string) error {
	_, err := h.run.call(ctx, nil, "forget", name)

	return err
}

func (h *helperStore) lists() bool { return false }

func (h *helperStore) list(context.Context) ([]string, error) { return nil, nil }

// tryLock locks all records of the client among the processes of this machine, and the names among all machines when the
// helper can.
func (h *helperStore) tryLock(
	ctx context.Context, client string, names ...string,
) (unlock func(), holder string, err error) {
	unlockLocal, holder, err := h.lock.try(ctx, recordName("", client, "helper", strings.Join(h.run.argv, "\x00")))
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

		if ctx.Err() != nil || !saidNo(err) {
			return nil, "", err
		}

		return nil, fmt.Sprintf("another machine (%v)", err), nil
	}

	return unlock, "", nil
}

// lockName tells the helper who locks, so that it can release a lock for its holder only.
func (h *helperStore) lockName(ctx context.Context, name string) (unlock func(), err error) {
	owner, err := json.Marshal(map[string]string{"owner": thisProcess() + ", " + rand.Text()})
	if err != nil {
		return nil, err
	}

	if _, err := h.run.call(ctx, owner, "lock", name); err != nil {
		return nil, err
	}

	return func() {
		// The run may have been canceled by now; the lock has to go all the same.
		if _, err := h.run.call(context.WithoutCancel(ctx), owner, "unlock", name); err != nil {
			h.warnings.add(newMessages(Config{}).notUnlocked(h.location(name), err))
		}
	}, nil
}

// lockable asks the helper once whether it has locks. A failure is none of its answers: without the lock that the helper
// has, two machines would spend the same token.
func (h *helperStore) lockable(ctx context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()

	if h.canLock != nil {
		return *h.canLock, nil
	}

	out, err := h.run.call(ctx, nil, "capabilities")
	if err != nil {
		return false, err
	}

	capabilities, err := helperAnswer("capabilities", out)
	if err != nil {
		return false, err
	}

	var lock bool
	if said, ok := capabilities["lock"]; ok {
		if string(said) == "null" || json.Unmarshal(said, &lock) != nil {
			return false, helperFailed("capabilities printed a lock that is neither true nor false")
		}
	}

	h.canLock = &lock

	return lock, nil
}

// saidNo tells a command that ran and refused from one that did not work.
func saidNo(err error) bool {
	var failure *helperError

	return errors.As(err, &failure) && failure.exited
}

func (h *helperStore) takeWarnings() []Warning {
	return h.warnings.take()
}
