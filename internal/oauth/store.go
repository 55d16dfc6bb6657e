package oauth

import (
	"context"
	"errors"
)

// Store keeps the records of sign-ins. OpenFileStore, OpenHelperStore and NoStore make one.
//
// Opening a store touches nothing: what is wrong with it is said when a token is first needed.
type Store interface {
	// String says where the store is, for messages.
	String() string

	// location says where one record is, for messages.
	location(name string) string
	// name is the record's name for this combination, or "" when only a look at all records can tell.
	name(tokenURL, clientID, key, seed string) string
	// load returns nil data when nothing is stored under the name. A failure to find out is an error, never "nothing".
	load(ctx context.Context, name string) ([]byte, error)
	// save is durable when it returns nil, and changes nothing when it fails. was is what load returned before: a store that
	// finds something else fails with errChanged.
	save(ctx context.Context, name string, data, was []byte) error
	// remove deletes a record that the user signs out of; removing what is not there is no error.
	remove(ctx context.Context, name string) error
	// lists tells whether list knows the records of all processes.
	lists() bool
	// list names the records that the store knows of.
	list(ctx context.Context) ([]string, error)
	// tryLock makes one attempt at the lock of a client, and of the names where the client's lock does not reach every
	// machine. While somebody else holds it, unlock is nil and holder says what is known of them.
	tryLock(ctx context.Context, client string, names ...string) (unlock func(), holder string, err error)
	// takeWarnings returns what the user should know about the store, once.
	takeWarnings() []Warning
}

// errUnsafe marks a file or directory whose content cannot be trusted, and is not read.
var errUnsafe = errors.New("not safe for tokens")

// errChanged is the failure of a save that would have replaced what its caller has not read.
var errChanged = errors.New("another process has changed it")

// checkStore returns what is wrong with the settings of a store, or nil.
func checkStore(store Store, key string) error {
	if helper, ok := store.(*helperStore); ok && len(helper.run.argv) == 0 {
		return missing("token_helper", "SEPAY_TOKEN_HELPER")
	}

	if !validKey(key) {
		return badKey(key)
	}

	return nil
}

// writeRecord saves a record in place of the one that it was read from or made on top of.
func writeRecord(ctx context.Context, store Store, name string, r *record) error {
	data, err := r.encode()
	if err != nil {
		return err
	}

	if err := store.save(ctx, name, data, r.raw); err != nil {
		return err
	}

	r.raw = data

	return nil
}
