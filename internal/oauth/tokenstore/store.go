package tokenstore

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// DefaultLockTimeout is how long a run waits for another one to finish its exchange.
const DefaultLockTimeout = 90 * time.Second

// SaveTries is how often a record is saved before its caller gives up.
const SaveTries = 3

// Store keeps the records of sign-ins. OpenFileStore, OpenHelperStore and NoStore make one.
//
// Opening a store touches nothing: what is wrong with it is said when a token is first needed.
type Store interface {
	// String says where the store is, for messages.
	String() string

	// Location says where one record is, for messages.
	Location(name string) string
	// Name is the record's name for this combination, or "" when only a look at all records can tell.
	Name(tokenURL, clientID, key, seed string) string
	// Load returns nil data when nothing is stored under the name. A failure to find out is an error, never "nothing".
	Load(ctx context.Context, name string) ([]byte, error)
	// Save is durable when it returns nil, and changes nothing when it fails. was is what load returned before: a store that
	// finds something else fails with errChanged.
	Save(ctx context.Context, name string, data, was []byte) error
	// Remove deletes a record that the user signs out of; removing what is not there is no error.
	Remove(ctx context.Context, name string) error
	// Lists tells whether list knows the records of all processes.
	Lists() bool
	// List names the records that the store knows of.
	List(ctx context.Context) ([]string, error)
	// TryLock makes one attempt at the lock of a client, and of the names where the client's lock does not reach every
	// machine. While somebody else holds it, unlock is nil and holder says what is known of them.
	TryLock(ctx context.Context, client string, names ...string) (unlock func(), holder string, err error)
	// TakeWarnings returns what the user should know about the store, once.
	TakeWarnings() []diagnostic.Warning
}

// errUnsafe marks a file or directory whose content cannot be trusted, and is not read.
var errUnsafe = errors.New("not safe for tokens")

// ErrChanged is the failure of a save that would have replaced what its caller has not read.
var ErrChanged = errors.New("another process has changed it")

// Check returns what is wrong with the settings of a store, or nil.
func Check(store Store, key string) error {
	if helper, ok := store.(*Helper); ok && len(helper.Command.Args) == 0 {
		return diagnostic.Missing("token_helper", "SEPAY_TOKEN_HELPER")
	}

	if !validKey(key) {
		return badKey(key)
	}

	return nil
}

// Write saves a record in place of the one that it was read from or made on top of.
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
