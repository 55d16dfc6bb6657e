package transport

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// safetyFactor spaces the requests slightly wider than the limit requires. At exactly 3 a second, the fourth request
	// would follow the first after one second, and network jitter could move it into the same second.
	safetyFactor = 0.9
	// rateAfter429 is the limit after a 429 if there was none; decreaseFactor lowers a limit that is too high.
	rateAfter429   = 3.0
	decreaseFactor = 0.75
	minRate        = 0.2
)

// limiter limits the rate of a client's requests.
type limiter struct {
	rate *rate.Limiter

	mu sync.Mutex
	// pausedUntil applies to all requests: SePay counts the requests of an account.
	pausedUntil time.Time
	// loweredAt is when the rate was last lowered.
	loweredAt time.Time
}

func newLimiter(perSecond float64) *limiter {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond * safetyFactor)
	}

	return &limiter{rate: rate.NewLimiter(limit, 1)}
}

// wait returns when the caller may send. It fails immediately if that would be after the context's deadline, or if SePay
// requests a pause that is longer than the maximum wait.
func (l *limiter) wait(ctx context.Context) error {
	for {
		paused := l.pause()
		if paused > retryBudget {
			return fmt.Errorf("SePay accepts no request for another %s: %w", formatWait(paused), ErrWaitTooLong)
		}

		if err := Pause(ctx, paused); err != nil {
			return err
		}

		turn := l.rate.Reserve()
		if err := Pause(ctx, turn.Delay()); err != nil {
			turn.Cancel()

			return err
		}

		if l.pause() <= 0 {
			return nil
		}
	}
}

// pauseAll delays all requests.
func (l *limiter) pauseAll(wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if until := time.Now().Add(wait); until.After(l.pausedUntil) {
		l.pausedUntil = until
	}
}

// delayNext schedules the next request relative to now: a request that had to open a connection is sent later than
// scheduled, and the next one must not follow it too closely.
func (l *limiter) delayNext() {
	if limit := l.rate.Limit(); limit != rate.Inf {
		l.pauseAll(time.Duration(float64(time.Second) / float64(limit)))
	}
}

// pause returns how long all requests are still paused.
func (l *limiter) pause() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()

	return time.Until(l.pausedUntil)
}

// lowerRate lowers the rate after a 429 to a request that was sent at a given time. A 429 to a request that was sent before
// the rate was last lowered does not count.
func (l *limiter) lowerRate(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if sent.Before(l.loweredAt) {
		return
	}

	l.loweredAt = time.Now()

	if l.rate.Limit() == rate.Inf {
		l.rate.SetLimit(rateAfter429 * safetyFactor)

		return
	}

	l.rate.SetLimit(max(l.rate.Limit()*decreaseFactor, minRate))
}
