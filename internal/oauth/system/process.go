package system

import (
	"context"
	"sync"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Process is the state that all Sources of one process share: only one of them at a time exchanges a token of a client, none
// of them resends a token that got no response, and all of them use a new token that could not be saved.
type Process struct {
	Exchanges inFlight

	mu         sync.Mutex
	locks      map[string]chan struct{}      // by client; holds one element while the lock is held
	unsaved    map[string]*tokenstore.Record // by location
	noResponse map[string]*diagnostic.Error  // by the fingerprint of the refresh token that was sent
}

// thisProcessState is shared because Terraform may configure several Sources in one process.
//
//nolint:gochecknoglobals // it is the state of the process
var thisProcessState = NewProcess()

// NewProcess returns the initial state of a process.
func NewProcess() *Process {
	return &Process{
		locks: map[string]chan struct{}{}, unsaved: map[string]*tokenstore.Record{}, noResponse: map[string]*diagnostic.Error{},
	}
}

// LockClient waits for the lock of a client among the Sources of this process. It returns the context's error if that ends
// first.
func (p *Process) LockClient(ctx context.Context, client string) (unlock func(), err error) {
	p.mu.Lock()

	lock := p.locks[client]
	if lock == nil {
		lock = make(chan struct{}, 1)
		p.locks[client] = lock
	}

	p.mu.Unlock()

	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Newer returns the unsaved record of a location if it is newer than the stored one, else the stored one.
func (p *Process) Newer(location string, stored *tokenstore.Record) *tokenstore.Record {
	p.mu.Lock()
	defer p.mu.Unlock()

	unsaved := p.unsaved[location]
	if unsaved == nil || !unsaved.Supersedes(stored) {
		return stored
	}

	return unsaved.Replacing(stored)
}

// SetUnsaved keeps a record that could not be saved, for the other Sources. nil means that the last save succeeded.
func (p *Process) SetUnsaved(location string, r *tokenstore.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()

	if r == nil {
		delete(p.unsaved, location)
	} else {
		p.unsaved[location] = r
	}
}

// RecordNoResponse records that this process sent a token and got no response: SePay may still be processing it.
func (p *Process) RecordNoResponse(fp string, failure *diagnostic.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.noResponse[fp] = failure
}

// NoResponse returns the error for the token with this fingerprint if it was sent and got no response, else nil.
func (p *Process) NoResponse(fp string) *diagnostic.Error {
	p.mu.Lock()
	defer p.mu.Unlock()

	return p.noResponse[fp]
}
