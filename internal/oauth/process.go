package oauth

import (
	"context"
	"sync"
)

// process is what all Sources of one process share: only one of them at a time exchanges a token of a client, none sends
// a token again that got no response, and when a new token cannot be saved, all of them go on with it.
type process struct {
	exchanges inFlight

	mu         sync.Mutex
	turns      map[string]chan struct{} // by client; holds one element while somebody is in the critical section
	unsaved    map[string]*record       // by location
	unanswered map[string]*Error        // by the fingerprint of the refresh token that was sent
}

// thisProcessState belongs to the process and not to one Source, because Terraform may configure several in one process.
//
//nolint:gochecknoglobals // it is the state of the process
var thisProcessState = newProcess()

func newProcess() *process {
	return &process{
		turns: map[string]chan struct{}{}, unsaved: map[string]*record{}, unanswered: map[string]*Error{},
	}
}

// enter waits for the turn of a client.
func (p *process) enter(ctx context.Context, client string) (leave func(), err error) {
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

// newer is the unsaved record of a location, if it is further than the stored one. It is saved on top of the stored one.
func (p *process) newer(location string, stored *record) *record {
	p.mu.Lock()
	defer p.mu.Unlock()

	unsaved := p.unsaved[location]
	if unsaved == nil || !unsaved.follows(stored) {
		return stored
	}

	return unsaved.onTopOf(stored)
}

// keep remembers a record that could not be saved; nil: the last one was.
func (p *process) keep(location string, r *record) {
	p.mu.Lock()
	defer p.mu.Unlock()

	if r == nil {
		delete(p.unsaved, location)
	} else {
		p.unsaved[location] = r
	}
}

// giveUp remembers that this process sent a token and got no response: it may still be in work.
func (p *process) giveUp(fp string, failure *Error) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.unanswered[fp] = failure
}

func (p *process) gaveUp(fp string) *Error {
	p.mu.Lock()
	defer p.mu.Unlock()

	return p.unanswered[fp]
}
