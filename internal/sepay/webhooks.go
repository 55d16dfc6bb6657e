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

func (c *Client) webhookList() list[Webhook] {
	return list[Webhook]{
		path: webhooksPath, scope: ScopeWebhookRead, decode: decodeWebhook, id: func(w Webhook) int64 { return w.ID },
	}
}

func objectPath(collection string, id int64) string {
	return collection + "/" + strconv.FormatInt(id, 10)
}

// Webhook returns one webhook. IsNotFound reports whether SePay, or a proxy in front of it, responded with 404.
//
// Reads of one refresh share requests. What a read returns is a state that SePay had between the beginning of the
// refresh and the answer. A refresh begins with the first read, and anew
//   - whenever a write of this client was answered, so that every read sees every write that was answered before it;
//   - when a webhook is asked for that it has answered already, so that whoever looks twice looks afresh;
//   - after 5 s without a read, and in any case after 2 min.
//
// Errors are never shared beyond those who wait for the same webhook at the same moment.
func (c *Client) Webhook(ctx context.Context, id int64) (Webhook, error) {
	return c.webhooks.Get(ctx, id)
}

// KnownWebhook returns a webhook that existed, with lastURL as its webhook_url. IsGone reports whether the error says
// that it was deleted, which takes more than a 404: see confirmGone.
func (c *Client) KnownWebhook(ctx context.Context, id int64, lastURL string) (Webhook, error) {
	found, err := c.webhooks.Get(ctx, id)
	if IsNotFound(err) {
		return c.confirmGone(ctx, id, lastURL, err)
	}

	return found, err
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

	done := c.webhooks.Writing()

	_, err = c.do(ctx, request)
	if err != nil {
		done(0, 0)

		return err
	}

	done(id, 0)

	return nil
}

// DeleteWebhook deletes a webhook, with lastURL as its webhook_url. One that is gone already counts as deleted, see
// confirmGone; so does one that is gone after a response that is not SePay's.
func (c *Client) DeleteWebhook(ctx context.Context, id int64, lastURL string) error {
	request := call{method: http.MethodDelete, path: objectPath(webhooksPath, id), scope: ScopeWebhookDelete}
	_, err := c.do(ctx, request)
	c.webhooks.Deleted(id)

	if _, unclear := errors.AsType[*answerError](err); unclear || IsNotFound(err) {
		if _, err = c.confirmGone(ctx, id, lastURL, err); err == nil {
			return fmt.Errorf("%s %s: SePay did not delete the webhook, which it still has. Delete it in SePay's dashboard, or "+
				"check base_url and the proxy, then run the command again", request.method, request.path)
		}
	}

	if err == nil || IsGone(err) {
		c.similar.set(id, written)

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
