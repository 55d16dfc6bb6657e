package oauth

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
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

// memoryStore is the store "none". It belongs to the process and not to one Source, because Terraform may configure
// several in one process, and the second must not send the seed that the first has spent.
type memoryStore struct {
	mu      sync.Mutex
	records map[string][]byte
}

// processMemory is what every Source of this process without a store shares.
//
//nolint:gochecknoglobals // it is the memory of the process
var processMemory memoryStore

// NoStore keeps tokens in the memory of this process only: every run spends the configured refresh token.
func NoStore() Store { return &processMemory }

func (m *memoryStore) String() string { return "the memory of this process" }

func (m *memoryStore) location(string) string { return m.String() }

func (m *memoryStore) name(tokenURL, clientID, key, seed string) string {
	return directoryName(tokenURL, clientID, key, seed)
}

func (m *memoryStore) load(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	return m.records[name], nil
}

func (m *memoryStore) save(_ context.Context, name string, data, was []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()

	if !bytes.Equal(m.records[name], was) {
		return errChanged
	}

	if m.records == nil {
		m.records = map[string][]byte{}
	}

	m.records[name] = data

	return nil
}

func (m *memoryStore) remove(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, name)

	return nil
}

func (m *memoryStore) lists() bool { return false }

func (m *memoryStore) list(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	return slices.Sorted(maps.Keys(m.records)), nil
}

// tryLock always succeeds: within a process the client's turn does the work.
func (m *memoryStore) tryLock(context.Context, string, ...string) (func(), string, error) {
	return func() {}, "", nil
}

func (m *memoryStore) takeWarnings() []Warning { return nil }

// directoryName is the naming of stores with one entry for each chain.
func directoryName(tokenURL, clientID, key, seed string) string {
	switch {
	case key != "":
		return keyName(tokenURL, clientID, key)
	case seed != "":
		return seedName(tokenURL, clientID, seed)
	}

	return ""
}
