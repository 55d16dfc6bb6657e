package tokenstore

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// DefaultLockTimeout is how long a run waits for the lock of another one.
const DefaultLockTimeout = 90 * time.Second

// SaveAttempts is how often a caller attempts to save or reload a record.
const SaveAttempts = 3

// Store stores the records of sign-ins. OpenFile, OpenHelper and None return one.
//
// Opening a store touches nothing: its errors are reported when a token is first needed.
type Store interface {
	// String describes the store, for messages.
	String() string

	// Location describes where a record is stored, for messages.
	Location(name string) string
	// Name returns the name of the record, or "" if it depends on which records exist.
	Name(tokenURL, clientID, key, seed string) string
	// Load returns the data of a record, or nil if nothing is stored under the name.
	Load(ctx context.Context, name string) ([]byte, error)
	// Save stores data durably, or fails and changes nothing. previous is the result of Load: a store that finds other data fails
	// with ErrChanged.
	Save(ctx context.Context, name string, data, previous []byte) error
	// Remove deletes a record when the user signs out. A record that does not exist is no error.
	Remove(ctx context.Context, name string) error
	// Lists reports whether List returns the records of all processes.
	Lists() bool
	// List returns the names of the records that the store can list.
	List(ctx context.Context) ([]string, error)
	// TryLock attempts once to lock a client, and the names if the client's lock does not cover all machines. If another process
	// holds the lock, unlock is nil and holder describes that process, if known.
	TryLock(ctx context.Context, client string, names ...string) (unlock func(), holder string, err error)
	// TakeWarnings returns the warnings about the store since the last call.
	TakeWarnings() []diagnostic.Warning
}

// errUnsafe means that a file or directory cannot be trusted, and is not read.
var errUnsafe = errors.New("not safe for tokens")

// ErrChanged is the error of a save that would replace data that its caller has not loaded.
var ErrChanged = errors.New("another process has changed it")

// Check validates the settings of a store. Its error is a *diagnostic.Error.
func Check(store Store, key string) error {
	if helper, ok := store.(*Helper); ok && len(helper.Command.Args) == 0 {
		return diagnostic.Missing("token_helper", "SEPAY_TOKEN_HELPER")
	}

	if !validKey(key) {
		return badKey(key)
	}

	return nil
}

// Write saves a record in place of the one that it was loaded from or replaces.
func Write(ctx context.Context, store Store, name string, r *Record) error {
	data, err := r.Encode()
	if err != nil {
		return err
	}

	if err := store.Save(ctx, name, data, r.Raw); err != nil {
		return err
	}

	r.Raw = data

	return nil
}
