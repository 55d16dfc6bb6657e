package sepay

import (
	"time"
)

// SnapshotSince returns when the refresh started that reads belong to, the zero time when none has.
func (c *Client) SnapshotSince() time.Time {
	return c.webhooks.Since()
}
