package oauth

import (
	"fmt"
	"math"
	"time"
)

const (
	// longestMargin is how long an access token must still live to be handed out: longer than one request may take to reach
	// SePay.
	longestMargin = 45 * time.Second
	// marginShare is the part of an access token's life that the margin never exceeds, so that short lives are of use, too.
	marginShare = 10
	// reminderDays is how many days before a sign-in expires the user is told.
	reminderDays = 7
)

// margin is how much of an access token's life is left when it is no longer handed out.
func margin(life time.Duration) time.Duration { return max(0, min(longestMargin, life/marginShare)) }

// monthAfter is when a refresh token expires that was issued at a time: SePay documents a month, and its answers do not
// say more. The last day of a shorter month counts, which is never too late.
func monthAfter(at time.Time) time.Time {
	end := at.AddDate(0, 1, 0)
	if end.Day() != at.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}

	return end
}

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

// remind warns of a sign-in that is about to expire. before is the record that this run began with, and now the one that it
// goes on with; nil: there is none.
func (s *Source) remind(before, now *record) {
	clock := s.env.now()

	switch {
	case now != nil && ExpiresSoon(now.RefreshExpiresAt, clock):
		s.warnings.add(s.msg.expiresSoon(now.RefreshExpiresAt))
	case now == nil && before != nil && ExpiresSoon(before.RefreshExpiresAt, clock):
		s.warnings.add(s.msg.expiresSoon(before.RefreshExpiresAt))
	case now != nil && before != nil && before.Generation > 0 && ExpiresSoon(before.RefreshExpiresAt, clock):
		s.warnings.add(s.msg.renewedLate(before, now))
	}
}

func (m messages) expiresSoon(at time.Time) Warning {
	return Warning{
		Summary: "The SePay sign-in expires soon",
		Detail: fmt.Sprintf("It expires on %s if it is not renewed before. A run that needs a new access token renews it. If "+
			"that does not happen before that day, sign in again with %s.", at.UTC().Format(time.DateOnly), m.loginCommand()),
	}
}

func (m messages) renewedLate(before, now *record) Warning {
	return Warning{
		Summary: "The SePay sign-in was close to its end",
		Detail: fmt.Sprintf("It was last renewed on %s and would have expired on %s. This run renewed it: unused, it now expires "+
			"on %s. Run Terraform more often, for example with a scheduled plan each week.",
			before.ObtainedAt.UTC().Format(time.DateOnly), before.RefreshExpiresAt.UTC().Format(time.DateOnly),
			now.RefreshExpiresAt.UTC().Format(time.DateOnly)),
	}
}
