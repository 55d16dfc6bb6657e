package coalesce

import (
	"context"
	"errors"
	"slices"
	"time"
)

// flight is a request under way.
type flight struct {
	// sent is the sequence number drawn before its last attempt.
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

// sending returns what records the sequence number of each attempt.
func (r *Reader[T]) sending(f *flight) func() {
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()

		f.sent = r.next()
	}
}

// startGet starts a single read. It ends when its callers have left, or at the deadline of the first one.
func (r *Reader[T]) startGet(wanted *need[T]) {
	ctx, cancel := untilDeadline(wanted.ctx)
	f := &flight{cancel: cancel}
	r.gets[wanted.id] = f
	r.credit--

	go func() {
		defer cancel()

		value, err := r.cfg.One(ctx, wanted.id, r.sending(f))

		r.mu.Lock()
		defer r.mu.Unlock()

		if f.abandoned {
			return
		}

		delete(r.gets, wanted.id)

		if err == nil {
			r.landOne(ctx, f, value)
		} else {
			r.landError(ctx, f, wanted, err)
		}

		r.settle()
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

// landOne takes the response to a single read.
func (r *Reader[T]) landOne(ctx context.Context, f *flight, value T) {
	id := r.cfg.ID(value)

	row, listed := r.snapshot.rows[id]
	r.shape.learn(value)

	if listed && !r.shape.covers(row, value) {
		r.abandonList(ctx, "the list leaves out what single reads have")
	}

	if f.sent > r.snapshot.begun {
		r.snapshot.use()

		if r.cfg.Repeats {
			r.snapshot.rows[id] = value
		}
	}

	r.deliver(id, f.sent, result[T]{value: value})
}

// landError takes the failure of a single read. It is kept from those who wait longer than the caller whose deadline
// was the cause.
func (r *Reader[T]) landError(ctx context.Context, f *flight, wanted *need[T], err error) {
	late := r.cfg.TooLate(err) || errors.Is(ctx.Err(), context.DeadlineExceeded)
	sent := f.sent

	if sent == 0 {
		// It failed before it was sent, for all who wait.
		sent = r.next()
	}

	if r.cfg.Repeats && r.cfg.Forbidden(err) && sent > r.snapshot.begun {
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
func (r *Reader[T]) startPage(wanted *need[T], number int64) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(wanted.ctx))
	f := &flight{cancel: cancel}
	r.pages[number] = f
	r.credit--

	go func() {
		defer cancel()

		page, err := r.cfg.Page(ctx, number, r.sending(f))

		r.mu.Lock()
		defer r.mu.Unlock()

		if f.abandoned {
			return
		}

		delete(r.pages, number)

		if err != nil {
			r.cfg.Log(ctx, "a page of the list could not be read; its objects are read one by one",
				map[string]any{"page": number, "error": err.Error()})

			r.snapshot.broken = true
		} else {
			r.landPage(ctx, f, number, page)
		}

		r.settle()
		r.plan()
	}()
}

// landPage takes the rows of a page.
func (r *Reader[T]) landPage(ctx context.Context, f *flight, number int64, page Page[T]) {
	ids := make([]int64, len(page.Rows))

	for i, row := range page.Rows {
		ids[i] = r.cfg.ID(row)
	}

	if f.sent <= r.snapshot.begun {
		// A write was answered in between. The rows are valid for calls from before it.
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
		r.abandonList(ctx, "the list does not say how long it is")

		return
	}

	r.layout.learn(number, ids, page.Total, page.PerPage, page.Last)
}

// abandonList stops reading pages of the list: from then on, each object is read with a request of its own.
func (r *Reader[T]) abandonList(ctx context.Context, why string) {
	if !r.listAbandoned {
		r.cfg.Log(ctx, why+"; objects are read one by one", nil)
	}

	r.listAbandoned = true
	clear(r.snapshot.rows)
}

// settle answers each call that a row of the snapshot can answer.
func (r *Reader[T]) settle() {
	for _, n := range slices.Clone(r.needs) {
		row, ok := r.snapshot.rows[n.id]
		if !ok {
			continue
		}

		if r.shape.lacking(row) {
			r.abandonList(n.ctx, "the list leaves out what single reads have")

			return
		}

		if r.shape.replacesRead(row) {
			// All rows were requested after the snapshot began, and so after the bound of each call.
			r.deliver(n.id, r.snapshot.begun+1, result[T]{value: row})
		}
	}
}

// deliver answers those who wait for an object with the response of a request that was sent at a sequence number.
func (r *Reader[T]) deliver(id, sent int64, got result[T]) {
	r.deliverTo(id, got, func(w *waiter[T]) bool { return sent > w.after })
}

func (r *Reader[T]) deliverTo(id int64, got result[T], whom func(*waiter[T]) bool) {
	wanted := r.needOf(id)
	if wanted == nil {
		return
	}

	wanted.waiters = slices.DeleteFunc(wanted.waiters, func(w *waiter[T]) bool {
		if !whom(w) {
			return false
		}

		w.answer <- got

		return true
	})

	if len(wanted.waiters) == 0 {
		r.snapshot.answered[id] = true
		r.snapshot.used = time.Now()
	}

	r.forgetAnswered()
}
