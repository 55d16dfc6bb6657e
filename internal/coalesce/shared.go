package coalesce

import (
	"context"
	"sync"
	"time"
)

// Shared is a value that all callers share, during the request and afterwards (single-flight). Errors are not cached.
type Shared[T any] struct {
	// Fetch reads the value.
	Fetch func(ctx context.Context) (T, error)
	// Expires makes the value live no longer than a snapshot; otherwise it lives as long as the process.
	Expires bool

	mu    sync.Mutex
	value T
	read  bool
	// since is when the request for the value began, used is when the value was last requested.
	since, used time.Time
	flight      *sharedFlight[T]
}

type sharedFlight[T any] struct {
	begun   time.Time
	cancel  context.CancelFunc
	waiting int
	done    chan struct{} // closed when got is set
	got     result[T]
}

// Get returns the value.
func (s *Shared[T]) Get(ctx context.Context) (T, error) {
	var none T

	if err := ctx.Err(); err != nil {
		return none, err
	}

	value, f := s.join(ctx)
	if f == nil {
		return value, nil
	}

	select {
	case <-f.done:
		return f.got.value, f.got.err
	case <-ctx.Done():
		s.leave(f)

		return none, ctx.Err()
	}
}

// join returns the value, or the request to wait for.
func (s *Shared[T]) join(ctx context.Context) (T, *sharedFlight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.Expires && (time.Since(s.used) > snapshotIdle || time.Since(s.since) > snapshotAge) {
		s.read = false
	}

	s.used = time.Now()

	if s.read {
		return s.value, nil
	}

	if s.flight == nil {
		s.flight = s.start(ctx)
	}

	s.flight.waiting++

	return s.value, s.flight
}

// start starts the request. The end of one caller must not fail the others: the request is canceled when all have left.
func (s *Shared[T]) start(ctx context.Context) *sharedFlight[T] {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &sharedFlight[T]{begun: time.Now(), cancel: cancel, done: make(chan struct{})}

	go func() {
		defer cancel()

		value, err := s.Fetch(ctx)

		s.mu.Lock()
		defer s.mu.Unlock()

		f.got = result[T]{value: value, err: err}
		close(f.done)

		if s.flight != f {
			return
		}

		s.flight = nil

		if err == nil {
			s.value, s.read, s.since, s.used = value, true, f.begun, time.Now()
		}
	}()

	return f
}

func (s *Shared[T]) leave(f *sharedFlight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if f.waiting--; f.waiting > 0 {
		return
	}

	f.cancel()

	if s.flight == f {
		s.flight = nil
	}
}
