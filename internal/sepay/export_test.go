package sepay

import (
	"time"
)

// SnapshotSince returns the start of the current refresh, the zero time if there is none.
func (c *Client) SnapshotSince() time.Time {
	return c.webhooks.Since()
}
