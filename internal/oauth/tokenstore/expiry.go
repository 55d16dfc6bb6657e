package tokenstore

import (
	"fmt"
	"math"
	"time"
)

// UnusedUntil says when a sign-in expires if it is not used: the day, and how far it is away. at is when its refresh token
// expires; the zero time is one that is not known.
func UnusedUntil(at, now time.Time) string {
	day := at.UTC().Format(time.DateOnly)

	switch left := at.Sub(now); {
	case at.IsZero():
		return "not known"
	case left <= 0:
		return day + " (expired: it was not used in time)"
	default:
		return fmt.Sprintf("%s (%s)", day, away(left))
	}
}

// away counts whole days, so that nobody is told of more time than there is.
func away(left time.Duration) string {
	switch days := int(math.Floor(left.Hours() / 24)); days {
	case 0:
		return "in less than a day"
	case 1:
		return "in 1 day"
	default:
		return fmt.Sprintf("in %d days", days)
	}
}

// ExpiresSoon tells whether a sign-in whose refresh token expires at a time is so near to it that the user has to be told.
func ExpiresSoon(at, now time.Time) bool {
	return !at.IsZero() && !now.Before(at.AddDate(0, 0, -reminderDays))
}

const (
	// reminderDays is how many days before a sign-in expires the user is told.
	reminderDays = 7
)
