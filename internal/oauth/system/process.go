package system

import (
	"context"
	"sync"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Process is what all Sources of one process share: only one of them at a time exchanges a token of a client, none sends
// a token again that got no response, and when a new token cannot be saved, all of them go on with it.
type Process struct {
	Exchanges inFlight

	mu         sync.Mutex
	turns      map[string]chan struct{}      // by client; holds one element while somebody is in the critical section
	unsaved    map[string]*tokenstore.Record // by location
	unanswered map[string]*diagnostic.Error  // by the fingerprint of the refresh token that was sent
}

// thisProcessState belongs to the process and not to one Source, because Terraform may configure several in one process.
//
//nolint:gochecknoglobals // it is the state of the process
var thisProcessState = NewProcess()

// NewProcess returns the state of a process that has done nothing yet.
func NewProcess() *Process {
	return &Process{
		turns: map[string]chan struct{}{}, unsaved: map[string]*tokenstore.Record{}, unanswered: map[string]*diagnostic.Error{},
	}
}

// Enter waits for the turn of a client.
func (p *Process) Enter(ctx context.Context, client string) (leave func(), err error) {
	p.mu.Lock()

	turn := p.turns[client]
	if turn == nil {
		turn = make(chan struct{}, 1)
		p.turns[client] = turn
	}

	p.mu.Unlock()

	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Newer is the unsaved record of a location, if it is further than the stored one. It is saved on top of the stored one.
func (p *Process) Newer(location string, stored *tokenstore.Record) *tokenstore.Record {
	p.mu.Lock()
	defer p.mu.Unlock()

	unsaved := p.unsaved[location]
	if unsaved == nil || !unsaved.Supersedes(stored) {
		return stored
	}

	return unsaved.Replacing(stored)
}

// KeepUnsaved remembers a record that could not be saved; nil: the last one was.
func (p *Process) KeepUnsaved(location string, r *tokenstore.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()

	if r == nil {
		delete(p.unsaved, location)
	} else {
		p.unsaved[location] = r
	}
}

// MarkUnanswered remembers that this process sent a token and got no response: it may still be in work.
func (p *Process) MarkUnanswered(fp string, failure *diagnostic.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.unanswered[fp] = failure
}

// Unanswered returns the failure of the token with this fingerprint that was sent and got no response, or nil.
func (p *Process) Unanswered(fp string) *diagnostic.Error {
	p.mu.Lock()
	defer p.mu.Unlock()

	return p.unanswered[fp]
}
