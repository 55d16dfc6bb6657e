package transport

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// grace is how long a create, and the search for its webhook, continue after Terraform was told to stop: closing the
// connection would not undo the create, only lose its id.
const grace = 5 * time.Second

// constError is an error without an allocation at start: a command starts several provider processes.
type constError string

func (s constError) Error() string { return string(s) }

// ErrWaitTooLong is the error of a wait that would take too long and did not start.
const ErrWaitTooLong = constError("the wait is too long")

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

// Pause waits. It fails immediately if the wait would outlast the context.
func Pause(ctx context.Context, wait time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}

	if wait <= 0 {
		return nil
	}

	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return fmt.Errorf("the next request has to wait %s, and only %s are left: %w",
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

// formatWait formats a wait, in days if it is that long.
func formatWait(wait time.Duration) string {
	if days := wait / (24 * time.Hour); days > 1 {
		return strconv.Itoa(int(days)) + " days"
	}

	return wait.Round(time.Second).String()
}
