package coalesce

import (
	"context"
	"errors"
	"slices"
	"time"
)

// flight is a request in flight.
type flight struct {
	// sent is the sequence number of its last attempt.
	sent      int64
	cancel    context.CancelFunc
	abandoned bool
}

func abandon(flights map[int64]*flight, key int64) {
	if f := flights[key]; f != nil {
		f.abandoned = true
		f.cancel()
		delete(flights, key)
	}
}

// onAttempt returns a function that records the sequence number of each attempt.
func (r *Reader[T]) onAttempt(f *flight) func() {
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()

		f.sent = r.next()
	}
}

// startGet starts a single read. It is canceled when its callers have left, or at the deadline of the first one.
func (r *Reader[T]) startGet(wanted *pendingRead[T]) {
	ctx, cancel := untilDeadline(wanted.ctx)
	f := &flight{cancel: cancel}
	r.gets[wanted.id] = f
	r.credit--

	go func() {
		defer cancel()

		value, err := r.cfg.One(ctx, wanted.id, r.onAttempt(f))

		r.mu.Lock()
		defer r.mu.Unlock()

		if f.abandoned {
			return
		}

		delete(r.gets, wanted.id)

		if err == nil {
			r.handleOne(ctx, f, value)
		} else {
			r.handleError(ctx, f, wanted, err)
		}

		r.deliverRows()
		r.plan()
	}()
}

// untilDeadline returns a context that does not end with ctx, but with its deadline.
func untilDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	detached := context.WithoutCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(detached, deadline)
	}

	return context.WithCancel(detached)
}

// handleOne processes the response to a single read.
func (r *Reader[T]) handleOne(ctx context.Context, f *flight, value T) {
	id := r.cfg.ID(value)

	row, listed := r.snapshot.rows[id]
	r.shape.learn(value)

	if listed && !r.shape.covers(row, value) {
		r.abandonList(ctx, "the list omits keys that single reads have")
	}

	if f.sent > r.snapshot.begun {
		r.snapshot.use()

		if r.cfg.AllowRepeats {
			r.snapshot.rows[id] = value
		}
	}

	r.deliver(id, f.sent, result[T]{value: value})
}

// handleError processes the error of a single read. If a caller's deadline was the cause, callers without a deadline do
// not get the error: their read starts again.
func (r *Reader[T]) handleError(ctx context.Context, f *flight, wanted *pendingRead[T], err error) {
	late := r.cfg.DeadlineExceeded(err) || errors.Is(ctx.Err(), context.DeadlineExceeded)
	sent := f.sent

	if sent == 0 {
		// It failed before it was sent: the error is for all callers.
		sent = r.next()
	}

	if r.cfg.AllowRepeats && r.cfg.Forbidden(err) && sent > r.snapshot.begun {
		r.snapshot.refused = err
	}

	if _, limited := ctx.Deadline(); limited && late {
		r.deliverTo(wanted.id, result[T]{err: err}, func(w *waiter[T]) bool { return w.hasDeadline })
		wanted.ctx = context.WithoutCancel(wanted.ctx)

		return
	}

	r.deliver(wanted.id, sent, result[T]{err: err})
}

// startPage starts the read of a page.
func (r *Reader[T]) startPage(wanted *pendingRead[T], number int64) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(wanted.ctx))
	f := &flight{cancel: cancel}
	r.pages[number] = f
	r.credit--

	go func() {
		defer cancel()

		page, err := r.cfg.Page(ctx, number, r.onAttempt(f))

		r.mu.Lock()
		defer r.mu.Unlock()

		if f.abandoned {
			return
		}

		delete(r.pages, number)

		if err != nil {
			r.cfg.Log(ctx, "a page of the list could not be read; its objects are read with single requests",
				map[string]any{"page": number, "error": err.Error()})

			r.snapshot.broken = true
		} else {
			r.handlePage(ctx, f, number, page)
		}

		r.deliverRows()
		r.plan()
	}()
}

// handlePage processes the rows of a page.
func (r *Reader[T]) handlePage(ctx context.Context, f *flight, number int64, page Page[T]) {
	ids := make([]int64, len(page.Rows))

	for i, row := range page.Rows {
		ids[i] = r.cfg.ID(row)
	}

	if f.sent <= r.snapshot.begun {
		// A write completed in between. The rows are valid only for calls from before it.
		for i, row := range page.Rows {
			if r.shape.replacesRead(row) {
				r.deliver(ids[i], f.sent, result[T]{value: row})
			}
		}
	} else {
		r.snapshot.pages[number] = true
		r.snapshot.use()

		for i, row := range page.Rows {
			r.snapshot.rows[ids[i]] = row
		}
	}

	if !page.Paginated {
		r.abandonList(ctx, "the list has no pagination")

		return
	}

	r.layout.learn(number, ids, page.Total, page.PerPage, page.Last)
}

// abandonList stops reading pages of the list: from then on, each object is read with its own request.
func (r *Reader[T]) abandonList(ctx context.Context, why string) {
	if !r.listAbandoned {
		r.cfg.Log(ctx, why+"; objects are read with single requests", nil)
	}

	r.listAbandoned = true
	clear(r.snapshot.rows)
}

// deliverRows completes each pending read whose row the snapshot has.
func (r *Reader[T]) deliverRows() {
	for _, n := range slices.Clone(r.pending) {
		row, ok := r.snapshot.rows[n.id]
		if !ok {
			continue
		}

		if r.shape.lacking(row) {
			r.abandonList(n.ctx, "the list omits keys that single reads have")

			return
		}

		if r.shape.replacesRead(row) {
			// All rows were requested after the snapshot began, and so after each call.
			r.deliver(n.id, r.snapshot.begun+1, result[T]{value: row})
		}
	}
}

// deliver returns the result of a request to the callers that wait for the object and called before the request was sent.
func (r *Reader[T]) deliver(id, sent int64, got result[T]) {
	r.deliverTo(id, got, func(w *waiter[T]) bool { return sent > w.after })
}

func (r *Reader[T]) deliverTo(id int64, got result[T], matches func(*waiter[T]) bool) {
	wanted := r.pendingOf(id)
	if wanted == nil {
		return
	}

	wanted.waiters = slices.DeleteFunc(wanted.waiters, func(w *waiter[T]) bool {
		if !matches(w) {
			return false
		}

		w.result <- got

		return true
	})

	if len(wanted.waiters) == 0 {
		r.snapshot.served[id] = true
		r.snapshot.used = time.Now()
	}

	r.removeServed()
}
