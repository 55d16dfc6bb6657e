package oauth

import (
	"context"
	"sync"
)

// chain is what all Sources of this process share about one record: only one of them exchanges at a time, and when a
// new token cannot be saved, all of them go on with it.
type chain struct {
	turn chan struct{} // holds one element while somebody is in the critical section

	mu      sync.Mutex
	unsaved *record
}

// processChains holds every chain that this process has touched.
//
//nolint:gochecknoglobals // what is shared by all Sources of a process cannot belong to one of them
var processChains struct {
	mu  sync.Mutex
	all map[string]*chain
}

func chainOf(store Store, name string) *chain {
	processChains.mu.Lock()
	defer processChains.mu.Unlock()

	id := store.location(name)
	if c := processChains.all[id]; c != nil {
		return c
	}

	if processChains.all == nil {
		processChains.all = map[string]*chain{}
	}

	c := &chain{turn: make(chan struct{}, 1)}
	processChains.all[id] = c

	return c
}

func (c *chain) enter(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *chain) leave() { <-c.turn }

// newer is the unsaved record, if it is further than the stored one.
func (c *chain) newer(r *record) *record {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.unsaved != nil && (r == nil || c.unsaved.Generation > r.Generation) {
		return c.unsaved
	}

	return r
}

func (c *chain) keep(r *record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unsaved = r
}
