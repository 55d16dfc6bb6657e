package sepay

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// reader answers reads of single objects from as few requests as it can: Terraform asks for each object by itself, and
// SePay's list returns a hundred whole ones at once.
//
// A read that comes alone is a single read. From the second one on, pages of the list are read where the wanted objects
// are likely to be, and what else is on them answers later reads of the same refresh. Pages are bought on credit: each
// read brings two requests, of which one is kept back for a single read should no page have the object. So however few
// objects of a long list are wanted, they never cost more than twice what single reads would have.
//
// All requests run on goroutines of their own that end with the request. They are shared, so the end of one caller's
// context does not end them; they are cut off when nobody waits for them any more.
type reader[T any] struct {
	client *Client
	list   list[T]
	older  []string // names of data in older envelopes of a single read
	// repeats lets one snapshot answer for the same object again.
	repeats bool

	mu sync.Mutex
	// moment orders requests, calls and writes.
	moment   int64
	needs    []*need[T] // in the order of asking
	gets     map[int64]*flight
	pages    map[int64]*flight
	snapshot snapshot[T]
	shape    shape[T]
	layout   layout
	writes   writes
	// singly is set for good when the list turned out to be of no use.
	singly bool
	credit int
}

// need is an object that somebody waits for.
type need[T any] struct {
	id      int64
	waiters []*waiter[T]
	asked   time.Time
	// ctx carries the values of the first caller's context.
	ctx context.Context //nolint:containedctx // the request on its behalf starts later, and on another goroutine
}

// waiter is one call.
type waiter[T any] struct {
	// after is the moment that the request of its answer must have been sent after.
	after int64
	// hurried tells that the caller has a deadline.
	hurried bool
	answer  chan result[T]
}

type result[T any] struct {
	value T
	err   error
}

func newReader[T any](client *Client, list list[T], shape shape[T]) *reader[T] {
	return &reader[T]{
		client: client, list: list, shape: shape,
		writes: writes{gap: gapFirst, unread: map[int64]bool{}},
		gets:   map[int64]*flight{}, pages: map[int64]*flight{}, snapshot: newSnapshot[T](),
	}
}

// get returns one object.
func (r *reader[T]) get(ctx context.Context, id int64) (T, error) {
	var none T

	path := objectPath(r.list.path, id)
	if err := ctx.Err(); err != nil {
		return none, &RequestError{Method: http.MethodGet, Path: path, Err: err}
	}

	if r.client.apart {
		return getOne(ctx, r.client, call{path: path, scope: r.list.scope}, r.list.decode, r.older...)
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

		return none, &RequestError{Method: http.MethodGet, Path: path, Sent: true, Err: ctx.Err()}
	}
}

// ask returns the answer when it is there already, else somebody to wait with.
func (r *reader[T]) ask(ctx context.Context, id int64) (*waiter[T], result[T], bool) {
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

		if row, ok := r.snapshot.rows[id]; ok && r.shape.proves(row) {
			r.snapshot.answered[id] = true

			return nil, result[T]{value: row}, true
		}

		wanted = &need[T]{id: id, asked: time.Now(), ctx: ctx}
		r.needs = append(r.needs, wanted)
	}

	_, hurried := ctx.Deadline()
	waiting := &waiter[T]{after: r.snapshot.begun, hurried: hurried, answer: make(chan result[T], 1)}
	wanted.waiters = append(wanted.waiters, waiting)

	r.plan()

	return waiting, result[T]{}, false
}

// leave forgets a caller that waits no longer, and cuts off what nobody waits for.
func (r *reader[T]) leave(id int64, leaving *waiter[T]) {
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

func (r *reader[T]) needOf(id int64) *need[T] {
	for _, n := range r.needs {
		if n.id == id {
			return n
		}
	}

	return nil
}

// forgetAnswered removes the needs that nobody waits for.
func (r *reader[T]) forgetAnswered() {
	r.needs = slices.DeleteFunc(r.needs, func(n *need[T]) bool { return len(n.waiters) == 0 })
}

// next returns the next moment.
func (r *reader[T]) next() int64 {
	r.moment++

	return r.moment
}

// now returns a moment that fill can be told.
func (r *reader[T]) now() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.next()
}

// fill takes objects that somebody else has read since a moment.
func (r *reader[T]) fill(since int64, rows []T) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if since <= r.snapshot.begun || r.singly {
		return
	}

	r.snapshot.use()

	for _, row := range rows {
		r.snapshot.rows[r.list.id(row)] = row
	}

	r.settle()
}
