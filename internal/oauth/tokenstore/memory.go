package tokenstore

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// Memory is the store "none". All Sources of a process share it, because Terraform may configure several in one process, and
// the second must not send the seed that the first has spent.
type Memory struct {
	mu      sync.Mutex
	Records map[string][]byte
}

// processMemory is the store of every Source of this process without a persistent store.
//
//nolint:gochecknoglobals // it is the memory of the process
var processMemory Memory

// None returns the store in the memory of this process: every process spends the configured refresh token.
func None() Store { return &processMemory }

// String implements Store.
func (m *Memory) String() string { return "the memory of this process" }

// Location implements Store.
func (m *Memory) Location(string) string { return m.String() }

// Name implements Store.
func (m *Memory) Name(tokenURL, clientID, key, seed string) string {
	return directoryName(tokenURL, clientID, key, seed)
}

// Load implements Store.
func (m *Memory) Load(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	return m.Records[name], nil
}

// Save implements Store.
func (m *Memory) Save(_ context.Context, name string, data, previous []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()

	if !bytes.Equal(m.Records[name], previous) {
		return ErrChanged
	}

	if m.Records == nil {
		m.Records = map[string][]byte{}
	}

	m.Records[name] = data

	return nil
}

// Remove implements Store.
func (m *Memory) Remove(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.Records, name)

	return nil
}

// Lists implements Store.
func (m *Memory) Lists() bool { return false }

// List implements Store.
func (m *Memory) List(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	return slices.Sorted(maps.Keys(m.Records)), nil
}

// TryLock implements Store. It always succeeds: within a process, system.Process locks the client.
func (m *Memory) TryLock(context.Context, string, ...string) (func(), string, error) {
	return func() {}, "", nil
}

// TakeWarnings implements Store.
func (m *Memory) TakeWarnings() []diagnostic.Warning { return nil }
