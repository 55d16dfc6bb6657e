package oauth

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
)

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
