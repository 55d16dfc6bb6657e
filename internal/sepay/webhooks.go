package sepay

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

const webhooksPath = "/webhooks"

func webhookList() list[Webhook] {
	return list[Webhook]{
		path: webhooksPath, scope: ScopeWebhookRead, decode: decodeWebhook,
		id: func(w Webhook) int64 { return w.ID },
	}
}

func objectPath(collection string, id int64) string {
	return collection + "/" + strconv.FormatInt(id, 10)
}

// Webhook returns one webhook. IsNotFound tells whether the error says that it does not exist.
func (c *Client) Webhook(ctx context.Context, id int64) (Webhook, error) {
	return getOne(ctx, c, call{path: objectPath(webhooksPath, id), scope: ScopeWebhookRead}, decodeWebhook)
}

// Webhooks yields the webhooks that pass the filter, each once, in SePay's order. Pages are asked for as the loop goes
// on; the sequence ends after the first error.
func (c *Client) Webhooks(ctx context.Context, filter WebhookFilter) iter.Seq2[Webhook, error] {
	return webhookList().all(ctx, c, filter.query())
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

	_, err = c.do(ctx, request)

	return err
}

// DeleteWebhook deletes a webhook. One that does not exist counts as deleted.
func (c *Client) DeleteWebhook(ctx context.Context, id int64) error {
	_, err := c.do(ctx, call{method: http.MethodDelete, path: objectPath(webhooksPath, id), scope: ScopeWebhookDelete})
	if IsNotFound(err) {
		return nil
	}

	return err
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
func createdID(body []byte) (int64, error) {
	envelope, err := openEnvelope(body)
	if err != nil {
		return 0, err
	}

	for _, o := range []*object{readObject(envelope.root["data"]), {keys: envelope.root}} {
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
