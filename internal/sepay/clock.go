package sepay

import (
	"sync"
	"time"
)

// serverClock estimates what SePay's clock shows. created_at can be compared with nothing else: the clock here may be
// minutes off.
type serverClock struct {
	mu     sync.Mutex
	offset time.Duration
	// spread is how long the request took that the offset comes from, 0 before the first one.
	spread time.Duration
}

// note takes the Date of an answer. The quickest answer tells the time best.
func (c *serverClock) note(date, sent, got time.Time) {
	if date.IsZero() {
		return
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	if spread := max(got.Sub(sent), 1); c.spread == 0 || spread < c.spread {
		// The header names a second, and the moment lies somewhere in it.
		c.spread, c.offset = spread, date.Add(500*time.Millisecond).Sub(sent.Add(spread/2))
	}
}

// server translates a moment of our clock into SePay's; false when SePay never said what time it is.
func (c *serverClock) server(at time.Time) (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()

	return at.Add(c.offset), c.spread != 0
}
