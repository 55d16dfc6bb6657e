package tokenstore

import (
	"fmt"
	"math"
	"time"
)

// DescribeExpiry returns the day on which an unused sign-in expires, and the time until then. at is the expiry of its refresh
// token; the zero time means that it is unknown.
func DescribeExpiry(at, now time.Time) string {
	day := at.UTC().Format(time.DateOnly)

	switch left := at.Sub(now); {
	case at.IsZero():
		return "unknown"
	case left <= 0:
		return day + " (expired: not used in time)"
	default:
		return fmt.Sprintf("%s (%s)", day, inDays(left))
	}
}

// inDays rounds down, so that it never promises too much time.
func inDays(left time.Duration) string {
	switch days := int(math.Floor(left.Hours() / 24)); days {
	case 0:
		return "in less than a day"
	case 1:
		return "in 1 day"
	default:
		return fmt.Sprintf("in %d days", days)
	}
}

// ExpiresSoon reports whether the user has to be warned of a sign-in whose refresh token expires at the given time.
func ExpiresSoon(at, now time.Time) bool {
	return !at.IsZero() && !now.Before(at.AddDate(0, 0, -warningDays))
}

const (
	// warningDays is how many days before a sign-in expires the warnings start.
	warningDays = 7
)
