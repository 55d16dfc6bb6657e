package coalesce

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Config configures a Reader.
type Config[T any] struct {
	// One reads one object. It must call onAttempt before each attempt.
	One func(ctx context.Context, id int64, onAttempt func()) (T, error)
	// Page reads one page of the list, counted from 1. It must call onAttempt before each attempt.
	Page func(ctx context.Context, number int64, onAttempt func()) (Page[T], error)
	// ID returns the id of an object.
	ID func(T) int64
	// Shape decides whether rows replace single reads.
	Shape Shape[T]
	// Canceled returns the error for a caller whose context ended with cause; sent reports whether a request may have been sent.
	Canceled func(id int64, sent bool, cause error) error
	// Forbidden reports whether an error is the same for every object.
	Forbidden func(error) bool
	// DeadlineExceeded reports whether an error was caused by the deadline of a caller.
	DeadlineExceeded func(error) bool
	// AllowRepeats lets one snapshot serve repeated reads of the same object.
	AllowRepeats bool
	// Disabled sends one request for each read.
	Disabled bool
	// Log, if not nil, receives messages about why the list is not used.
	Log func(ctx context.Context, msg string, fields map[string]any)
}

// Page is one page of a list.
type Page[T any] struct {
	Rows []T
	// Total, PerPage and Last describe the list: its rows, the rows of a page, and the number of the last page.
	Total, PerPage, Last int64
	// Paginated reports whether the response had pagination.
	Paginated bool
}

// Reader serves reads of single objects, see the package documentation. It is safe for concurrent use.
type Reader[T any] struct {
	cfg Config[T]

	mu sync.Mutex
	// sequence orders requests, calls and writes.
	sequence int64
	pending  []*pendingRead[T] // in the order of the calls
	gets     map[int64]*flight
	pages    map[int64]*flight
	snapshot snapshot[T]
	shape    shape[T]
	layout   layout
	writes   writes
	// listAbandoned is set, and never reset, when the list turns out to be unusable.
	listAbandoned bool
	credit        int
}

// pendingRead is an object that callers wait for.
type pendingRead[T any] struct {
	id      int64
	waiters []*waiter[T]
	asked   time.Time
	// ctx carries the values of the first caller's context.
	ctx context.Context //nolint:containedctx // its request starts later, on another goroutine
}

// waiter is one caller.
type waiter[T any] struct {
	// after is the sequence number of the call: only requests that were sent after it count.
	after int64
	// hasDeadline reports whether the context of the call has a deadline.
	hasDeadline bool
	result      chan result[T]
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
		return none, r.cfg.Canceled(id, false, err)
	}

	if r.cfg.Disabled {
		return r.cfg.One(ctx, id, func() {})
	}

	waiting, value, ok := r.ask(ctx, id)
	if ok {
		return value.value, value.err
	}

	select {
	case got := <-waiting.result:
		return got.value, got.err
	case <-ctx.Done():
		r.leave(id, waiting)

		return none, r.cfg.Canceled(id, true, ctx.Err())
	}
}

// Since returns when the current refresh began, or the zero time if there was none.
func (r *Reader[T]) Since() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.snapshot.since
}

// ask returns the result if it is already known, else a waiter for it.
func (r *Reader[T]) ask(ctx context.Context, id int64) (*waiter[T], result[T], bool) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.renew(id)
	r.snapshot.use()
	r.writes.read(id)

	wanted := r.pendingOf(id)
	if wanted == nil {
		if !r.snapshot.served[id] {
			r.snapshot.asked++
			r.credit += 2
		}

		if err := r.snapshot.refused; err != nil {
			return nil, result[T]{err: err}, true
		}

		if row, ok := r.snapshot.rows[id]; ok && r.shape.replacesRead(row) {
			r.snapshot.served[id] = true

			return nil, result[T]{value: row}, true
		}

		wanted = &pendingRead[T]{id: id, asked: time.Now(), ctx: ctx}
		r.pending = append(r.pending, wanted)
	}

	_, hasDeadline := ctx.Deadline()
	waiting := &waiter[T]{after: r.snapshot.begun, hasDeadline: hasDeadline, result: make(chan result[T], 1)}
	wanted.waiters = append(wanted.waiters, waiting)

	r.plan()

	return waiting, result[T]{}, false
}

// leave removes a waiter, and cancels requests that no caller waits for.
func (r *Reader[T]) leave(id int64, leaving *waiter[T]) {
	r.mu.Lock()
	defer r.mu.Unlock()

	wanted := r.pendingOf(id)
	if wanted == nil {
		return
	}

	wanted.waiters = slices.DeleteFunc(wanted.waiters, func(w *waiter[T]) bool { return w == leaving })
	r.removeServed()

	if r.pendingOf(id) == nil {
		abandon(r.gets, id)
	}

	if len(r.pending) == 0 {
		for number := range r.pages {
			abandon(r.pages, number)
		}
	}

	r.plan()
}

func (r *Reader[T]) pendingOf(id int64) *pendingRead[T] {
	for _, n := range r.pending {
		if n.id == id {
			return n
		}
	}

	return nil
}

// removeServed removes pending reads without callers.
func (r *Reader[T]) removeServed() {
	r.pending = slices.DeleteFunc(r.pending, func(n *pendingRead[T]) bool { return len(n.waiters) == 0 })
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

// Fill adds objects that another request has read since Now returned a sequence number.
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

	r.deliverRows()
}
