package sepay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// resolveTime bounds how long a create whose answer was lost is looked for: SePay may still be working on it.
	resolveTime = 15 * time.Second
	// clockTolerance covers the whole seconds of created_at and of the Date header.
	clockTolerance = 2 * time.Second
)

// CreateWebhook creates a webhook and returns its id.
//
// A create is never repeated blindly. When its answer was lost (a time-out, a cut connection, a 5xx), the webhook is
// looked for by its URL, and adopted when exactly one is there that has every value that was sent, was created since,
// and belongs to no other create of this client. When there is none, the error says that nothing was created and is
// the one of the create; when it cannot be decided, the error is an *AmbiguousCreateError.
//
// When ctx ends after the request was sent, the answer is awaited for a few seconds more, so that the id is not lost.
func (c *Client) CreateWebhook(ctx context.Context, body WebhookBody) (int64, error) {
	written := c.webhooks.writing()

	id, err := c.create(ctx, body)
	if err != nil {
		written(0, 0)

		return 0, err
	}

	written(id, 1)

	return id, nil
}

func (c *Client) create(ctx context.Context, body WebhookBody) (int64, error) {
	request, err := body.call(http.MethodPost, webhooksPath)
	if err != nil {
		return 0, err
	}

	attempt := c.creates.begin(body, string(request.body))

	// Only the last try can have created anything: those before it were refused, or never left.
	request.sending = func() { attempt.sent = time.Now() }

	answer, err := c.do(ctx, request)
	if err == nil {
		var id int64
		if id, err = createdID(answer.envelope); err == nil {
			c.creates.end(attempt, id)

			return id, nil
		}

		err = unreadable(request, answer, err)
	}

	if !ambiguous(err) {
		c.creates.end(attempt, 0)

		return 0, err
	}

	c.log(ctx, "SePay's answer to a create was lost; looking for what it created", map[string]any{"error": err.Error()})
	c.creates.answerLost(attempt)

	id, err := c.findCreated(ctx, attempt, err)
	c.creates.end(attempt, id)

	return id, err
}

// ambiguous tells whether SePay may have created the webhook in spite of the error.
func ambiguous(err error) bool {
	var (
		failure *APIError
		broken  *RequestError
		strange *answerError
	)

	switch {
	case errors.As(err, &failure):
		return !failure.refused()
	case errors.As(err, &broken):
		return broken.Sent
	default:
		return errors.As(err, &strange)
	}
}

// findCreated looks for what a create with a lost answer created. cause is what happened to the answer.
func (c *Client) findCreated(ctx context.Context, attempt *attempt, cause error) (int64, error) {
	if attempt.url == "" {
		return 0, &AmbiguousCreateError{Err: cause}
	}

	ctx, cancel := graceful(ctx)
	defer cancel()

	var found matches

	for _, wait := range c.lookups(cause) {
		if err := pause(ctx, wait); err != nil {
			return 0, attempt.undecided(nil, fmt.Errorf("%w; looking for it ended early: %w", cause, err))
		}

		rows, err := collect(c.webhookList().all(ctx, c, WebhookFilter{WebhookURL: attempt.url}.query()))
		if err != nil {
			return 0, attempt.undecided(nil, fmt.Errorf("%w; looking for it failed too: %w", cause, err))
		}

		if found, err = c.creates.adopt(ctx, attempt, rows, c.clock.server); err != nil {
			return 0, attempt.undecided(nil, fmt.Errorf("%w; looking for it ended early: %w", cause, err))
		}

		switch {
		case found.adopted != 0:
			c.log(ctx, "the webhook of a create without an answer was found", map[string]any{"id": found.adopted})

			return found.adopted, nil
		case len(found.proven) > 0:
			return 0, attempt.undecided(found.proven, cause)
		}
	}

	if len(found.possible) > 0 {
		return 0, attempt.undecided(found.possible, cause)
	}

	return 0, fmt.Errorf("%w. No webhook with this URL has appeared since: nothing was created, and it is safe to apply again", cause)
}

// lookups returns the waits before each look. A service that has answered is done with the request; one whose answer
// was cut off, or a proxy that lost patience with it, may not be.
func (c *Client) lookups(cause error) []time.Duration {
	unit := min(c.timeout, resolveTime) / 15
	waits := []time.Duration{0, unit, 2 * unit, 4 * unit, 8 * unit}

	var failure *APIError
	if errors.As(cause, &failure) && failure.Status != http.StatusGatewayTimeout {
		return waits[:3]
	}

	return waits
}

// graceful returns a context that outlives ctx by createGrace.
func graceful(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(createGrace, cancel)
		context.AfterFunc(longer, func() { timer.Stop() })
	})

	return longer, func() {
		stop()
		cancel()
	}
}

// AmbiguousCreateError is a create of which nobody can say whether it succeeded.
type AmbiguousCreateError struct {
	WebhookURL string
	// Candidates are the ids of webhooks that may be the one, in ascending order.
	Candidates []int64
	// Err is what happened to the create.
	Err error
}

// Error says what happened, which webhooks to look at, and what to do then.
func (e *AmbiguousCreateError) Error() string {
	var text strings.Builder

	fmt.Fprintf(&text, "%v. ", e.Err)

	if len(e.Candidates) == 0 {
		fmt.Fprintf(&text, "Whether the webhook was created could not be found out. Look at SePay for a webhook of %s "+
			"that was created just now: if there is one, import it (terraform import ADDRESS ID); if not, apply again.", e.WebhookURL)

		return text.String()
	}

	ids := make([]string, len(e.Candidates))
	for i, id := range e.Candidates {
		ids[i] = formatInteger(id)
	}

	fmt.Fprintf(&text, "The webhook may be one of those of %s with the id %s, which could not be decided. Look at them at SePay: "+
		"if one is yours, import it (terraform import ADDRESS %s); if none is, apply again.",
		e.WebhookURL, strings.Join(ids, " or "), ids[0])

	return text.String()
}

// Unwrap returns what happened to the create.
func (e *AmbiguousCreateError) Unwrap() error { return e.Err }

func (a *attempt) undecided(candidates []int64, cause error) error {
	slices.Sort(candidates)

	return &AmbiguousCreateError{WebhookURL: a.url, Candidates: candidates, Err: cause}
}
