package tokenstore

import (
	"testing"
	"time"
)

func TestStatusShowsWhenAnUnusedSignInExpires(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

	for _, test := range []struct {
		at   time.Time
		want string
		soon bool
	}{
		{now.AddDate(0, 1, 0), "2026-12-24 (in 30 days)", false},
		{now.Add(8*24*time.Hour - time.Second), "2026-12-02 (in 7 days)", false},
		{now.Add(7 * 24 * time.Hour), "2026-12-01 (in 7 days)", true},
		{now.Add(36 * time.Hour), "2026-11-26 (in 1 day)", true},
		{now.Add(time.Hour), "2026-11-24 (in less than a day)", true},
		{now.Add(-time.Hour), "2026-11-24 (expired: not used in time)", true},
		{time.Time{}, "unknown", false},
	} {
		if got := DescribeExpiry(test.at, now); got != test.want || ExpiresSoon(test.at, now) != test.soon {
			t.Errorf("got %q, soon %v; want %q, %v", got, ExpiresSoon(test.at, now), test.want, test.soon)
		}
	}
}
