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

// lookupTime is the maximum time of the search for the webhook of a lost response: SePay may still be creating it.
const lookupTime = 15 * time.Second

// CreateWebhook creates a webhook and returns its id. The webhook is switched off and has a mark at the end of its
// name: EnableWebhook gives it the declared name and switches it on.
//
// A create is never sent twice. If its response was lost (a timeout, a closed connection, a 5xx), the webhook is searched
// for by its mark. If it is not found, the error is a *LostCreateError: SePay may still create the webhook, which then
// delivers nothing, unless SePay ignores active in a create.
//
// If ctx ends after the request was sent, the client waits a few more seconds for the response, so that the id is not lost.
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

	if !mayHaveCreated(err) {
		return 0, err
	}

	c.api.Log(ctx, "SePay's response to a create was lost; searching for the webhook", map[string]any{"error": err.Error()})

	return c.findByMark(ctx, deref(body.WebhookURL), mark, err)
}

// mayHaveCreated reports whether SePay may have created the webhook in spite of the error.
func mayHaveCreated(err error) bool {
	var (
		apiErr      *APIError
		requestErr  *RequestError
		responseErr *transport.ResponseError
	)

	switch {
	case errors.As(err, &apiErr):
		return !refused(apiErr)
	case errors.As(err, &requestErr):
		return requestErr.Sent
	default:
		return errors.As(err, &responseErr)
	}
}

// refused reports whether SePay certainly did nothing. An error in the body of a response with a success status does not prove that.
func refused(apiErr *APIError) bool {
	return apiErr.Status >= http.StatusMultipleChoices && apiErr.Status < http.StatusInternalServerError
}

// findByMark searches for the webhook of a create whose response was lost. cause is the reason of the loss.
func (c *Client) findByMark(ctx context.Context, webhookURL, mark string, cause error) (int64, error) {
	ctx, cancel := transport.WithGrace(ctx)
	defer cancel()

	lost := &LostCreateError{Mark: strings.TrimSpace(mark), Err: cause}

	for _, wait := range c.lookupDelays(cause) {
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

// lookupDelays returns the wait before each lookup. A service that responded has finished the request. It may
// still be working on it if the response was cut off or a proxy timed out.
func (c *Client) lookupDelays(cause error) []time.Duration {
	unit := min(c.api.Timeout(), lookupTime) / 15
	waits := []time.Duration{0, unit, 2 * unit, 4 * unit, 8 * unit}

	var apiErr *APIError
	if errors.As(cause, &apiErr) && apiErr.Status != http.StatusGatewayTimeout {
		return waits[:3]
	}

	return waits
}

// EnableWebhook completes the create of a webhook: one PATCH sends its declared name and active. If SePay rejects
// that, active is sent alone, because deliveries matter more than the name; a read then shows which name SePay kept.
//
// If ctx ends, the request is still sent, and has a few seconds to complete, so that a stop leaves a complete webhook.
func (c *Client) EnableWebhook(ctx context.Context, id int64, body WebhookBody) error {
	ctx, cancel := transport.WithGrace(ctx)
	defer cancel()

	err := c.UpdateWebhook(ctx, id, WebhookBody{Name: body.Name, Active: body.Active})

	if apiErr, ok := errors.AsType[*APIError](err); ok && refusesContent(apiErr) {
		return c.UpdateWebhook(ctx, id, WebhookBody{Active: body.Active})
	}

	return err
}

// refusesContent reports whether SePay rejects the values, not the user or the rate.
func refusesContent(apiErr *APIError) bool {
	switch apiErr.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusInternalServerError:
		return true
	default:
		return false
	}
}

// LostCreateError is a create whose response was lost and whose webhook was not found.
type LostCreateError struct {
	// Mark is at the end of the name of the webhook if SePay still creates it.
	Mark string
	// Lookup is the error of the search for the webhook, or nil.
	Lookup error
	// Err is the error of the create.
	Err error
}

// Error returns the failure, its possible effects, and the next step.
func (e *LostCreateError) Error() string {
	found := "SePay shows no such webhook so far, but may still create it"
	if e.Lookup != nil {
		found = fmt.Sprintf("Whether SePay created the webhook is unknown, because the search for it failed too: %v", e.Lookup)
	}

	return fmt.Sprintf("%s. %s. It would be switched off and deliver nothing, unless SePay switches on what it creates. "+
		"Its name would end in %s: it can be deleted. Applying again is safe.",
		withoutFullStop(e.Err), withoutFullStop(errors.New(found)), e.Mark)
}

// Unwrap returns the error of the create.
func (e *LostCreateError) Unwrap() error { return e.Err }

// withoutFullStop returns the text of an error, for use within a sentence.
func withoutFullStop(err error) string { return strings.TrimRight(err.Error(), ". ") }

func deref(text *string) string {
	if text == nil {
		return ""
	}

	return *text
}
