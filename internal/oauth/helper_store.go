package oauth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// helperStore keeps records with a command that the user provides. It speaks the verbs of Terraform's credentials
// helpers (get, store, forget), so that an existing one needs few changes, and two of our own for locks.
type helperStore struct {
	run  helperCommand
	lock *fileStore // among the processes of this machine, whatever the helper can do

	mu       sync.Mutex
	canLock  *bool // what `capabilities` said, once it was asked
	warnings warnings
}

// OpenHelperStore keeps records with a command, given as a list of arguments; a verb and a key are appended. No shell
// is involved. Secrets travel on its standard input and output only.
func OpenHelperStore(argv []string) Store {
	return &helperStore{run: helperCommand{argv: argv}, lock: newFileStore(helperLockDirectory())}
}

// helperLockDirectory holds lock files without content. A throw-away machine may have no home directory.
func helperLockDirectory() string {
	if base, err := stateHome(); err == nil {
		return filepath.Join(base, "terraform-provider-sepay", "helper-locks")
	}

	return filepath.Join(os.TempDir(), fmt.Sprintf("terraform-provider-sepay-%d", os.Getuid()))
}

func (h *helperStore) String() string { return fmt.Sprintf("the token helper `%s`", h.run) }

func (h *helperStore) location(name string) string {
	return fmt.Sprintf("%s under the key %s", h.String(), name)
}

// name passes the user's key on as it is. Without one there is a single record for each client: a helper cannot list,
// and a run without the seed has to find the record too.
func (h *helperStore) name(tokenURL, clientID, key, _ string) string {
	if key != "" {
		return key
	}

	return keyName(tokenURL, clientID, DefaultKey)
}

// envelope is what travels between the provider and the helper.
type envelope struct {
	Token *string `json:"token,omitempty"` // base64 of the record; absent: nothing stored
}

func (h *helperStore) load(ctx context.Context, name string) ([]byte, error) {
	out, err := h.run.call(ctx, nil, "get", name)
	if err != nil {
		return nil, err
	}

	// Anything but an object is a helper that failed without saying so, and must not pass for "nothing stored": the
	// seed would be sent again.
	var got envelope
	if err := json.Unmarshal(out, &got); err != nil {
		return nil, helperFailed("get printed no JSON object")
	}

	if got.Token == nil {
		return nil, nil
	}

	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(*got.Token), ""))
	if err != nil || len(data) == 0 {
		return nil, helperFailed("get printed a token that is not base64")
	}

	return data, nil
}

func (h *helperStore) save(ctx context.Context, name string, data []byte) error {
	token := base64.StdEncoding.EncodeToString(data)

	input, err := json.Marshal(envelope{Token: &token})
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

// tryLock locks among the processes of this machine, and among all machines when the helper can.
func (h *helperStore) tryLock(ctx context.Context, name string) (unlock func(), holder string, err error) {
	unlockLocal, holder, err := h.lock.tryLock(ctx, recordName("", "", "helper", strings.Join(h.run.argv, "\x00")+"\x00"+name))
	if err != nil || unlockLocal == nil {
		return nil, holder, err
	}

	can, err := h.lockable(ctx)
	if err != nil || !can {
		if err != nil {
			unlockLocal()

			return nil, "", err
		}

		return unlockLocal, "", nil
	}

	if _, err := h.run.call(ctx, nil, "lock", name); err != nil {
		unlockLocal()

		if ctx.Err() != nil || !saidNo(err) {
			return nil, "", err
		}

		return nil, fmt.Sprintf("another machine (%v)", err), nil
	}

	return func() {
		// The run may have been canceled by now; the lock has to go all the same.
		if _, err := h.run.call(context.WithoutCancel(ctx), nil, "unlock", name); err != nil {
			h.warnings.add(newMessages(Config{}).notUnlocked(h.location(name), err))
		}

		unlockLocal()
	}, "", nil
}

// lockable asks the helper once. A helper that does not know the verb has no locks.
func (h *helperStore) lockable(ctx context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()

	if h.canLock != nil {
		return *h.canLock, nil
	}

	out, err := h.run.call(ctx, nil, "capabilities")
	if err != nil && !saidNo(err) {
		return false, err
	}

	var capabilities struct {
		Lock bool `json:"lock"`
	}

	if err != nil || json.Unmarshal(out, &capabilities) != nil {
		capabilities.Lock = false
	}

	h.canLock = &capabilities.Lock

	return capabilities.Lock, nil
}

// saidNo tells a command that ran and refused from one that did not work.
func saidNo(err error) bool {
	var failure *helperError

	return errors.As(err, &failure) && failure.exited
}

func (h *helperStore) takeWarnings() []Warning {
	return append(h.lock.takeWarnings(), h.warnings.take()...)
}
