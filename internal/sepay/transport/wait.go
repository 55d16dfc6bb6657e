package transport

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// grace is how long a create is still awaited, and looked for, after Terraform has been told to stop: cutting the
// connection would not undo the create, it would only lose the id.
const grace = 5 * time.Second

// sentinel is an error that costs nothing before main: a provider process starts several times a command.
type sentinel string

func (s sentinel) Error() string { return string(s) }

// ErrWaitTooLong is why a wait was not begun.
const ErrWaitTooLong = sentinel("the wait is too long")

// WithGrace returns a context that outlives ctx by a few seconds.
func WithGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(longer, func() { timer.Stop() })
	})

	return longer, func() {
		stop()
		cancel()
	}
}

// Pause waits, unless that would outlast the context.
func Pause(ctx context.Context, wait time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}

	if wait <= 0 {
		return nil
	}

	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return fmt.Errorf("the next request may go out in %s only, and there are %s left: %w",
			wait.Round(time.Millisecond), time.Until(deadline).Round(time.Millisecond), ErrWaitTooLong)
	}

	timer := time.NewTimer(wait)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// formatWait shows a wait as people say it.
func formatWait(wait time.Duration) string {
	if days := wait / (24 * time.Hour); days > 1 {
		return strconv.Itoa(int(days)) + " days"
	}

	return wait.Round(time.Second).String()
}
