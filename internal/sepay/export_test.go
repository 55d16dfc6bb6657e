package sepay

import (
	"time"
)

// SnapshotSince returns when the refresh began that reads are answered from, the zero time when none has.
func (c *Client) SnapshotSince() time.Time {
	return c.webhooks.Since()
}
