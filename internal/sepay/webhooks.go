package sepay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

const webhooksPath = "/webhooks"

// webhookList notes each webhook that is read: none of them can be the work of a later create.
func (c *Client) webhookList() list[Webhook] {
	return list[Webhook]{
		path: webhooksPath, scope: ScopeWebhookRead,
		decode: func(value any) (Webhook, error) {
			webhook, err := decodeWebhook(value)
			if err == nil {
				c.creates.saw(webhook.ID)
			}

			return webhook, err
		},
		id: func(w Webhook) int64 { return w.ID },
	}
}

func objectPath(collection string, id int64) string {
	return collection + "/" + strconv.FormatInt(id, 10)
}

// Webhook returns one webhook. IsNotFound tells whether the error says that it does not exist; that it does is never
// concluded from a list.
//
// Reads of one refresh share requests. What a read returns is a state that SePay had between the beginning of the
// refresh and the answer. A refresh begins with the first read, and anew
//   - whenever a write of this client was answered, so that every read sees every write that was answered before it;
//   - when a webhook is asked for that it has answered already, so that whoever looks twice looks afresh;
//   - after 5 s without a read, and in any case after 2 min.
//
// Errors are never shared beyond those who wait for the same webhook at the same moment.
//
// That a webhook does not exist is believed when SePay says so twice: a plan made on a passing 404 would create a second
// webhook beside one that lives, and each payment would be notified twice.
func (c *Client) Webhook(ctx context.Context, id int64) (Webhook, error) {
	found, err := c.webhooks.get(ctx, id)
	if IsNotFound(err) {
		return c.freshWebhook(ctx, id)
	}

	return found, err
}

// freshWebhook asks for one webhook, whatever has been read.
func (c *Client) freshWebhook(ctx context.Context, id int64) (Webhook, error) {
	list := c.webhookList()

	return getOne(ctx, c, call{path: objectPath(list.path, id), scope: list.scope}, list.decode)
}

// Webhooks yields the webhooks that pass the filter, each once, in SePay's order. Pages are asked for as the loop goes
// on; the sequence ends after the first error.
func (c *Client) Webhooks(ctx context.Context, filter WebhookFilter) iter.Seq2[Webhook, error] {
	return c.webhookList().all(ctx, c, filter.query())
}

func (f WebhookFilter) query() url.Values {
	query := url.Values{}

	if f.WebhookURL != "" {
		query.Set("webhook_url", f.WebhookURL)
	}

	if f.Active != nil {
		query.Set("active", zeroOrOne(*f.Active))
	}

	return query
}

// UpdateWebhook changes the keys that body has and leaves the others alone. What SePay made of them is known only from
// a read afterwards. Without any key there is no request.
func (c *Client) UpdateWebhook(ctx context.Context, id int64, body WebhookBody) error {
	request, err := body.call(http.MethodPatch, objectPath(webhooksPath, id))
	if err != nil || string(request.body) == "{}" {
		return err
	}

	written := c.webhooks.writing()

	_, err = c.do(ctx, request)
	if err != nil {
		written(0, 0)

		return err
	}

	written(id, 0)

	return nil
}

// DeleteWebhook deletes a webhook. One that does not exist counts as deleted, once a read says so too: believed on a
// passing 404 of a proxy, it would leave a webhook behind that is called for ever and that nobody manages.
func (c *Client) DeleteWebhook(ctx context.Context, id int64) error {
	_, err := c.do(ctx, call{method: http.MethodDelete, path: objectPath(webhooksPath, id), scope: ScopeWebhookDelete})
	c.webhooks.deleted(id)

	if !IsNotFound(err) {
		return err
	}

	_, readErr := c.freshWebhook(ctx, id)

	switch {
	case IsNotFound(readErr):
		return nil
	case readErr != nil:
		return fmt.Errorf("SePay does not know the webhook, but could not confirm it: %w", readErr)
	default:
		return fmt.Errorf("SePay would not delete the webhook, though it still has it: %w", err)
	}
}

// call returns the write that sends the body.
func (b WebhookBody) call(method, path string) (call, error) {
	body, err := json.Marshal(b)
	if err != nil {
		return call{}, err
	}

	return call{method: method, path: path, body: body, scope: ScopeWebhookWrite, secrets: b.secrets()}, nil
}

// secrets returns the values of the body that no text may contain.
func (b WebhookBody) secrets() []string {
	var secrets []string

	for _, secret := range []*string{b.APIKey, b.SecretKey, b.OAuth2ClientSecret} {
		if secret != nil {
			secrets = append(secrets, *secret)
		}
	}

	return secrets
}

// createdID finds the new id: in data, or beside it in the older form.
func createdID(body envelope) (int64, error) {
	for _, o := range []*object{readObject(body["data"]), {keys: body}} {
		if id, ok := o.integer("id").Get(); ok && id > 0 {
			return id, nil
		}
	}

	return 0, errors.New("it has no id of what was created")
}

func zeroOrOne(flag bool) string {
	if flag {
		return "1"
	}

	return "0"
}
