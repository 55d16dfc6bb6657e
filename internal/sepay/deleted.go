package sepay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
)

// DeletedError reports that a webhook was deleted.
type DeletedError struct {
	ID int64
	// Err is the 404 that a list confirmed.
	Err error
}

// Error says that the webhook was deleted.
func (e *DeletedError) Error() string {
	return fmt.Sprintf("webhook %d no longer exists at SePay: %v", e.ID, e.Err)
}

// Unwrap returns the 404.
func (e *DeletedError) Unwrap() error { return e.Err }

// IsDeleted reports whether the error says that the webhook was deleted, confirmed by SePay's list.
func IsDeleted(err error) bool {
	_, deleted := errors.AsType[*DeletedError](err)

	return deleted
}

// confirmDeleted returns a *DeletedError when SePay's list of the webhooks at lastURL responds and does not have the webhook.
//
// A 404 alone is not enough: SePay does not document its own, and a proxy may send one. A plan that relies on it would
// create a second webhook, and SePay would deliver each payment twice. If the list has the webhook, the 404 may have
// been transient: the webhook is read once more, and returned.
func (c *Client) confirmDeleted(ctx context.Context, id int64, lastURL string, cause error) (Webhook, error) {
	filter := WebhookFilter{WebhookURL: strings.TrimSpace(lastURL)}

	rows, err := paging.Collect(webhooks().all(ctx, c, filter.query()))
	if err != nil {
		return Webhook{}, &UnconfirmedError{Err: cause, Detail: fmt.Sprintf("the list of webhooks, which would confirm that the "+
			"webhook was deleted, could not be read: %s", withoutFullStop(err))}
	}

	if !slices.ContainsFunc(rows, func(w Webhook) bool { return w.ID == id }) {
		return Webhook{}, &DeletedError{ID: id, Err: cause}
	}

	found, err := webhooks().object(ctx, c, id, nil)
	if err != nil {
		return Webhook{}, &UnconfirmedError{Err: cause, Detail: "the list of webhooks still has the webhook"}
	}

	return found, nil
}

// UnconfirmedError is a 404 for a webhook that the list of webhooks does not confirm.
type UnconfirmedError struct {
	// Detail says what contradicts the 404.
	Detail string
	// Err is the 404.
	Err error
}

// Error returns the failure and the next step.
func (e *UnconfirmedError) Error() string {
	return fmt.Sprintf("%s. However, %s. A proxy may have responded in SePay's place. Nothing was changed: check base_url and "+
		"the network, then run the command again", withoutFullStop(e.Err), e.Detail)
}

// Unwrap returns the 404.
func (e *UnconfirmedError) Unwrap() error { return e.Err }
