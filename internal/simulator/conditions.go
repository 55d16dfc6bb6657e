package simulator

import (
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// conditions are the conditions under which requests are served. They can be changed at any time.
type conditions struct {
	mu      sync.Mutex
	dialect dialects.Dialect
	latency time.Duration
	offset  time.Duration

	advanced chan struct{} // closed when the clock is advanced, and replaced
}

// Dialect returns the current dialect, with the default for each unset question.
func (c *conditions) Dialect() dialects.Dialect {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.dialect
}

// SetDialect changes the dialect of all later requests.
func (c *conditions) SetDialect(dialect dialects.Dialect) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.dialect = dialect.Complete()
}

// SetLatency delays every response, those of the OAuth pages too.
func (c *conditions) SetLatency(latency time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.latency = latency
}

// AdvanceClock advances the simulator's clock, which determines the expiry of tokens and codes and the dates of webhooks.
func (c *conditions) AdvanceClock(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.offset += by
	close(c.advanced)
	c.advanced = make(chan struct{})
}

// Now returns the time by the simulator's clock.
func (c *conditions) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()

	return time.Now().Add(c.offset)
}

// Advanced returns a channel that is closed when the clock is next advanced.
func (c *conditions) Advanced() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.advanced
}

// current returns the dialect and the latency for a request that begins now.
func (c *conditions) current() (dialects.Dialect, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.dialect, c.latency
}
