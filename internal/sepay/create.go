package sepay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// resolveTime bounds how long a create whose response was lost is looked for: SePay may still be working on it.
const resolveTime = 15 * time.Second

// CreateWebhook creates a webhook and returns its id. The webhook is switched off and bears a mark at the end of its
// name: EnableWebhook gives it the declared name and switches it on.
//
// A create is never sent twice. When its response was lost (a time-out, a cut connection, a 5xx), the webhook is looked
// for by its mark. When it is not found, the error is a *LostCreateError: SePay may still create the webhook, which then
// delivers nothing.
//
// When ctx ends after the request was sent, the response is awaited for a few seconds more, so that the id is not lost.
func (c *Client) CreateWebhook(ctx context.Context, body WebhookBody) (int64, error) {
	done := c.webhooks.Writing()

	id, err := c.create(ctx, body)
	if err != nil {
		done(0, 0)

		return 0, err
	}

	c.similar.set(id, written)
	done(id, 1)

	return id, nil
}

func (c *Client) create(ctx context.Context, body WebhookBody) (int64, error) {
	mark := newMark()
	name, off := withMark(deref(body.Name), mark), Flag(false)
	body.Name, body.Active = &name, &off

	request, err := body.request(http.MethodPost, webhooks().path)
	if err != nil {
		return 0, err
	}

	response, err := c.api.Do(ctx, request)
	if err == nil {
		var id int64
		if id, err = response.CreatedID(); err == nil {
			return id, nil
		}

		err = response.Unreadable(err)
	}

	if !ambiguous(err) {
		return 0, err
	}

	c.api.Log(ctx, "SePay's response to a create was lost; looking for the webhook", map[string]any{"error": err.Error()})

	return c.findByMark(ctx, deref(body.WebhookURL), mark, err)
}

// ambiguous reports whether SePay may have created the webhook in spite of the error.
func ambiguous(err error) bool {
	var (
		failure *APIError
		broken  *RequestError
		strange *transport.ResponseError
	)

	switch {
	case errors.As(err, &failure):
		return !refused(failure)
	case errors.As(err, &broken):
		return broken.Sent
	default:
		return errors.As(err, &strange)
	}
}

// refused reports whether SePay certainly did nothing. An error within a good status does not say that.
func refused(failure *APIError) bool {
	return failure.Status >= http.StatusMultipleChoices && failure.Status < http.StatusInternalServerError
}

// findByMark looks for what a create made whose response was lost. cause is what happened to the response.
func (c *Client) findByMark(ctx context.Context, webhookURL, mark string, cause error) (int64, error) {
	ctx, cancel := transport.WithGrace(ctx)
	defer cancel()

	lost := &LostCreateError{Mark: strings.TrimSpace(mark), Err: cause}

	for _, wait := range c.lookups(cause) {
		if err := transport.Pause(ctx, wait); err != nil {
			return 0, lost
		}

		for row, err := range webhooks().all(ctx, c, WebhookFilter{WebhookURL: strings.TrimSpace(webhookURL)}.query()) {
			if err != nil {
				lost.Lookup = err

				return 0, lost
			}

			if strings.HasSuffix(row.Name.Or(""), lost.Mark) {
				c.api.Log(ctx, "the webhook of a create without a response was found", map[string]any{"id": row.ID})

				return row.ID, nil
			}
		}
	}

	return 0, lost
}

// lookups returns the waits before each look. A service that has responded is done with the request; one whose response
// was cut off, or a proxy that lost patience with it, may not be.
func (c *Client) lookups(cause error) []time.Duration {
	unit := min(c.api.Timeout(), resolveTime) / 15
	waits := []time.Duration{0, unit, 2 * unit, 4 * unit, 8 * unit}

	var failure *APIError
	if errors.As(cause, &failure) && failure.Status != http.StatusGatewayTimeout {
		return waits[:3]
	}

	return waits
}

// EnableWebhook completes the create of a webhook: one PATCH gives it its declared name and active. When SePay refuses
// that, active is sent alone, since deliveries matter more than a name; a read then shows which name SePay kept.
//
// When ctx ends, the request is still made and awaited for a few seconds, so that a stop leaves a complete webhook.
func (c *Client) EnableWebhook(ctx context.Context, id int64, body WebhookBody) error {
	ctx, cancel := transport.WithGrace(ctx)
	defer cancel()

	err := c.UpdateWebhook(ctx, id, WebhookBody{Name: body.Name, Active: body.Active})

	if failure, ok := errors.AsType[*APIError](err); ok && refusesContent(failure) {
		return c.UpdateWebhook(ctx, id, WebhookBody{Active: body.Active})
	}

	return err
}

// refusesContent reports whether SePay objects to what was sent, and not to who sent it or when.
func refusesContent(failure *APIError) bool {
	switch failure.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusInternalServerError:
		return true
	default:
		return false
	}
}

// LostCreateError is a create whose response was lost and whose webhook has not appeared.
type LostCreateError struct {
	// Mark ends the name of the webhook, should SePay still create it.
	Mark string
	// Lookup is why the webhook could not be looked for, or nil.
	Lookup error
	// Err is what happened to the create.
	Err error
}

// Error says what happened, what may still happen, and what to do.
func (e *LostCreateError) Error() string {
	found := "SePay shows no such webhook so far, but may still create it"
	if e.Lookup != nil {
		found = fmt.Sprintf("Whether SePay created the webhook is unknown, because looking for it failed too: %v", e.Lookup)
	}

	return fmt.Sprintf("%s. %s. It would be switched off and deliver nothing, and its name would end in %s: it can be "+
		"deleted. Applying again is safe.", clause(e.Err), clause(errors.New(found)), e.Mark)
}

// Unwrap returns what happened to the create.
func (e *LostCreateError) Unwrap() error { return e.Err }

// clause returns an error's text without the full stop at its end.
func clause(err error) string { return strings.TrimRight(err.Error(), ". ") }

func deref(text *string) string {
	if text == nil {
		return ""
	}

	return *text
}
