package probe

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const (
	// cleanupTime limits the time in which an interrupted run deletes its webhook.
	cleanupTime = time.Minute
	// deletions is the number of attempts of a delete.
	deletions = 2
)

// cleanUp deletes the webhook of the run, if it may exist, also when the context has ended.
func (w *writer) cleanUp(ctx context.Context) error {
	if w.deleted || !w.attempted {
		return nil
	}

	if ctx.Err() != nil {
		w.sayf("Interrupted. Deleting the probe's webhook; another interrupt leaves it behind.")
	}

	reserve := w.session.reserve
	w.session.reserve = 0

	defer func() { w.session.reserve = reserve }()

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()

	if w.id != 0 && !w.own {
		e, err := w.session.send(ctx, w.webhook("cleanup, read", http.MethodGet, w.id, nil))
		if err != nil {
			return notDeleted(w.unknown(), err)
		}

		w.own = w.isOwn(e.record())
	}

	if w.own {
		return w.remove(ctx, w.id)
	}

	return w.removeUnknown(ctx)
}

// remove deletes a webhook, and reads it to confirm that.
func (w *writer) remove(ctx context.Context, id int64) error {
	var err error

	for range deletions {
		if _, err = w.session.send(ctx, w.webhook("cleanup, delete", http.MethodDelete, id, nil)); err != nil {
			break
		}

		var e *exchange
		if e, err = w.session.send(ctx, w.webhook("cleanup, read", http.MethodGet, id, nil)); err != nil {
			break
		}

		if e.responded() && e.status == http.StatusNotFound {
			return nil
		}
	}

	return notDeleted(fmt.Sprintf("webhook %d", id), err)
}

// removeUnknown deletes the webhook of a create whose response had no id. Only an error response proves that SePay has not
// created it; without a response, SePay may still be working on it.
func (w *writer) removeUnknown(ctx context.Context) error {
	status := w.seen.webhook.create.statusOr0()
	if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
		return nil
	}

	for _, delay := range []time.Duration{0, 2 * time.Second, 6 * time.Second} {
		if err := wait(ctx, delay); err != nil {
			return notDeleted(w.unknown(), err)
		}

		e, err := w.session.send(ctx, w.list("cleanup, find", w.filter()))
		if err != nil || !isList(e) {
			return notDeleted(w.unknown(), err)
		}

		for _, found := range leftovers(e.rows("data"), w.mark) {
			return w.remove(ctx, found.id)
		}

		if status != 0 && status < http.StatusInternalServerError {
			break
		}
	}

	w.sayf("SePay has no webhook of this run. Should one whose name ends with [%s] appear later, the next run deletes it.", w.mark)

	return nil
}

func (w *writer) unknown() string {
	return "the webhook whose name ends with [" + w.mark + "], if there is one,"
}

// NotDeletedError reports that a webhook of the probe may remain.
type NotDeletedError struct {
	what string
	err  error
}

// Error returns the failure and the next step.
func (e *NotDeletedError) Error() string {
	failure := "the probe could not delete its webhook: delete " + e.what + " in SePay, or run sepay-probe --write again"
	if e.err != nil {
		failure += " (" + e.err.Error() + ")"
	}

	return failure
}

// Unwrap returns the cause, or nil.
func (e *NotDeletedError) Unwrap() error { return e.err }

func notDeleted(what string, err error) error { return &NotDeletedError{what, err} }
