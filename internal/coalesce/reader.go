package coalesce

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Config says what a Reader reads, and how.
type Config[T any] struct {
	// One reads one object. sending has to be called before each attempt.
	One func(ctx context.Context, id int64, sending func()) (T, error)
	// Page reads one page of the list, counted from 1. sending has to be called before each attempt.
	Page func(ctx context.Context, number int64, sending func()) (Page[T], error)
	// ID returns the id of an object.
	ID func(T) int64
	// Shape decides whether rows replace single reads.
	Shape Shape[T]
	// Stopped returns the error of a caller whose context ended with cause; sent reports whether a request may be on its way.
	Stopped func(id int64, sent bool, cause error) error
	// Forbidden reports whether an error is the same for every object.
	Forbidden func(error) bool
	// TooLate reports whether an error is the matter of the caller whose deadline was too short.
	TooLate func(error) bool
	// Repeats lets one snapshot answer for the same object again.
	Repeats bool
	// Disabled makes every read a request of its own.
	Disabled bool
	// Log, when not nil, is told why the list is not used.
	Log func(ctx context.Context, msg string, fields map[string]any)
}

// Page is one page of a list.
type Page[T any] struct {
	Rows []T
	// Total, PerPage and Last describe the list: its rows, the rows of a page, and the number of the last page.
	Total, PerPage, Last int64
	// Paginated reports whether the service said where the page is.
	Paginated bool
}

// Reader answers reads of single objects, see the package's documentation. It is safe for concurrent use.
type Reader[T any] struct {
	cfg Config[T]

	mu sync.Mutex
	// sequence orders requests, calls and writes.
	sequence int64
	needs    []*need[T] // in the order of asking
	gets     map[int64]*flight
	pages    map[int64]*flight
	snapshot snapshot[T]
	shape    shape[T]
	layout   layout
	writes   writes
	// listAbandoned is set for good when the list turned out to be of no use.
	listAbandoned bool
	credit        int
}

// need is an object that calls wait for.
type need[T any] struct {
	id      int64
	waiters []*waiter[T]
	asked   time.Time
	// ctx carries the values of the first caller's context.
	ctx context.Context //nolint:containedctx // the request on its behalf starts later, and on another goroutine
}

// waiter is one call.
type waiter[T any] struct {
	// after is the sequence number that the request of its answer must have been sent after.
	after int64
	// hasDeadline reports whether the context of the call has a deadline.
	hasDeadline bool
	answer      chan result[T]
}

type result[T any] struct {
	value T
	err   error
}

// New returns a reader.
func New[T any](cfg Config[T]) *Reader[T] {
	if cfg.Log == nil {
		cfg.Log = func(context.Context, string, map[string]any) {}
	}

	return &Reader[T]{
		cfg: cfg, shape: shape[T]{Shape: cfg.Shape},
		writes: writes{gap: gapFirst, unread: map[int64]bool{}},
		gets:   map[int64]*flight{}, pages: map[int64]*flight{}, snapshot: newSnapshot[T](),
	}
}

// Get returns one object.
func (r *Reader[T]) Get(ctx context.Context, id int64) (T, error) {
	var none T

	if err := ctx.Err(); err != nil {
		return none, r.cfg.Stopped(id, false, err)
	}

	if r.cfg.Disabled {
		return r.cfg.One(ctx, id, func() {})
	}

	waiting, value, ok := r.ask(ctx, id)
	if ok {
		return value.value, value.err
	}

	select {
	case got := <-waiting.answer:
		return got.value, got.err
	case <-ctx.Done():
		r.leave(id, waiting)

		return none, r.cfg.Stopped(id, true, ctx.Err())
	}
}

// Since returns when the refresh began that reads are answered from, the zero time when none has.
func (r *Reader[T]) Since() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.snapshot.since
}

// ask returns the answer when it is there already, else somebody to wait with.
func (r *Reader[T]) ask(ctx context.Context, id int64) (*waiter[T], result[T], bool) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.renew(id)
	r.snapshot.use()
	r.writes.read(id)

	wanted := r.needOf(id)
	if wanted == nil {
		if !r.snapshot.answered[id] {
			r.snapshot.asked++
			r.credit += 2
		}

		if err := r.snapshot.refused; err != nil {
			return nil, result[T]{err: err}, true
		}

		if row, ok := r.snapshot.rows[id]; ok && r.shape.replacesRead(row) {
			r.snapshot.answered[id] = true

			return nil, result[T]{value: row}, true
		}

		wanted = &need[T]{id: id, asked: time.Now(), ctx: ctx}
		r.needs = append(r.needs, wanted)
	}

	_, hasDeadline := ctx.Deadline()
	waiting := &waiter[T]{after: r.snapshot.begun, hasDeadline: hasDeadline, answer: make(chan result[T], 1)}
	wanted.waiters = append(wanted.waiters, waiting)

	r.plan()

	return waiting, result[T]{}, false
}

// leave removes a call that no longer waits, and cancels requests for which none waits.
func (r *Reader[T]) leave(id int64, leaving *waiter[T]) {
	r.mu.Lock()
	defer r.mu.Unlock()

	wanted := r.needOf(id)
	if wanted == nil {
		return
	}

	wanted.waiters = slices.DeleteFunc(wanted.waiters, func(w *waiter[T]) bool { return w == leaving })
	r.forgetAnswered()

	if r.needOf(id) == nil {
		abandon(r.gets, id)
	}

	if len(r.needs) == 0 {
		for number := range r.pages {
			abandon(r.pages, number)
		}
	}

	r.plan()
}

func (r *Reader[T]) needOf(id int64) *need[T] {
	for _, n := range r.needs {
		if n.id == id {
			return n
		}
	}

	return nil
}

// forgetAnswered removes the needs that nobody waits for.
func (r *Reader[T]) forgetAnswered() {
	r.needs = slices.DeleteFunc(r.needs, func(n *need[T]) bool { return len(n.waiters) == 0 })
}

// next returns the next sequence number.
func (r *Reader[T]) next() int64 {
	r.sequence++

	return r.sequence
}

// Now returns a sequence number for Fill.
func (r *Reader[T]) Now() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.next()
}

// Fill takes objects that somebody else has read since Now returned a sequence number.
func (r *Reader[T]) Fill(since int64, rows []T) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if since <= r.snapshot.begun || r.listAbandoned {
		return
	}

	r.snapshot.use()

	for _, row := range rows {
		r.snapshot.rows[r.cfg.ID(row)] = row
	}

	r.settle()
}
