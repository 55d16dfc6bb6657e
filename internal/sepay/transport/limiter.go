package transport

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// pace keeps the requests a little further apart than the limit asks. Evenly spaced ones would put the fourth at
	// exactly one second after the first, and the network's jitter would move it into the same second.
	pace = 0.9
	// slowRate and slowFactor: what a 429 makes of no limit, and of a limit that is too high.
	slowRate   = 3.0
	slowFactor = 0.75
	minRate    = 0.2
)

// limiter gives all requests of a client their turns.
type limiter struct {
	rate *rate.Limiter

	mu sync.Mutex
	// until holds everybody back: SePay counts the requests of an account, not of a goroutine.
	until time.Time
	// slowed is when the rate was last lowered.
	slowed time.Time
}

func newLimiter(perSecond float64) *limiter {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond * pace)
	}

	return &limiter{rate: rate.NewLimiter(limit, 1)}
}

// wait returns when the caller may send. It fails at once when its turn would come after the context's deadline, or
// when SePay holds everybody back for longer than a call is prepared to wait.
func (l *limiter) wait(ctx context.Context) error {
	for {
		held := l.paused()
		if held > retryBudget {
			return fmt.Errorf("SePay accepts no request for another %s: %w", formatWait(held), ErrWaitTooLong)
		}

		if err := Pause(ctx, held); err != nil {
			return err
		}

		turn := l.rate.Reserve()
		if err := Pause(ctx, turn.Delay()); err != nil {
			turn.Cancel()

			return err
		}

		if l.paused() <= 0 {
			return nil
		}
	}
}

// hold keeps all requests back for a while.
func (l *limiter) hold(wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if until := time.Now().Add(wait); until.After(l.until) {
		l.until = until
	}
}

// late lets the next turn count from now: a request that had to make a connection left later than its turn said, and the
// ones after it must not close up to it.
func (l *limiter) late() {
	if limit := l.rate.Limit(); limit != rate.Inf {
		l.hold(time.Duration(float64(time.Second) / float64(limit)))
	}
}

func (l *limiter) paused() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()

	return time.Until(l.until)
}

// slow lowers the rate after a 429. Requests that were under way when the rate was lowered say nothing about the lower
// rate, so their 429s do not count.
func (l *limiter) slow(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if sent.Before(l.slowed) {
		return
	}

	l.slowed = time.Now()

	if l.rate.Limit() == rate.Inf {
		l.rate.SetLimit(slowRate * pace)

		return
	}

	l.rate.SetLimit(max(l.rate.Limit()*slowFactor, minRate))
}
