package accesstoken

import (
	"testing"
	"time"
)

func TestExpiryIsInUTCAndNullWhenNotKnown(t *testing.T) {
	t.Parallel()

	instant := time.Date(2026, 9, 1, 7, 30, 0, 999, time.FixedZone("", 7*3600))
	if got := newModel("t", instant).ExpiresAt.ValueString(); got != "2026-09-01T00:30:00Z" {
		t.Errorf("got %s", got)
	}

	if got := newModel("t", time.Time{}).ExpiresAt; !got.IsNull() {
		t.Errorf("got %s, want null", got)
	}
}
