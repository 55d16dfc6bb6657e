package transport

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// safetyFactor spaces the requests a little wider than the limit asks. At exactly the limit of 3, the fourth request
	// would follow the first after one second, and the network's jitter would move it into the same second.
	safetyFactor = 0.9
	// rateAfter429 replaces no limit after a 429, and decreaseFactor lowers a limit that is too high.
	rateAfter429   = 3.0
	decreaseFactor = 0.75
	minRate        = 0.2
)

// limiter gives each request of a client its turn.
type limiter struct {
	rate *rate.Limiter

	mu sync.Mutex
	// pausedUntil is for all requests: SePay counts those of an account, not of a goroutine.
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

// wait returns when the caller may send. It fails at once when its turn would come after the context's deadline, or
// when SePay asks for a pause that is longer than a request waits.
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

// delayNext lets the next turn count from now: a request that had to make a connection is sent later than its turn, and
// the next one must not follow it too closely.
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

// lowerRate lowers the rate after a 429 to a request that was sent at a time. One that was in flight when the rate was
// last lowered says nothing about the lower rate, so its 429 does not count.
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
