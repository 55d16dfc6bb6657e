package probe

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
)

// create sends a valid body, without the keys whose defaults are a question. Spaces at the end of the
// name show whether SePay keeps them.
func (w *writer) create(ctx context.Context) error {
	seen := &w.seen.webhook
	seen.name, seen.url, seen.apiKey = marked(webhookName, w.mark)+"  ", w.url, newKey()

	body := map[string]any{
		"name": seen.name, "webhook_url": seen.url, "event_type": "In_only", "authen_type": authenAPIKey,
		"api_key": seen.apiKey, "request_content_type": "Json", "is_verify_payment": 0, "skip_if_no_code": 0,
		"only_va": 0, "active": 0,
	}

	if w.account != 0 {
		body["bank_account_id"] = w.account
	} else {
		body["bank_mode"] = "all"
	}

	request := w.api("create", http.MethodPost, "/webhooks")
	request.body = body

	var err error

	w.attempted = true
	seen.create, err = w.ask(ctx, request)

	if id, ok := createdID(seen.create); ok {
		w.id = id
	}

	if seen.create == nil {
		w.attempted = false
	}

	return err
}

// createdID finds the new id: in data, or next to it.
func createdID(e *exchange) (int64, bool) {
	if !e.succeeded() {
		return 0, false
	}

	if id, ok := integer(e.record()["id"]); ok {
		return id, id > 0
	}

	id, ok := integer(e.object()["id"])

	return id, ok && id > 0
}

// part is a part of an update that SePay may reject separately.
type part struct {
	name string
	body map[string]any
}

// change sends parts of an update in one request, and each part alone if SePay rejects them together. It returns the last
// successful response, else the last one.
func (w *writer) change(ctx context.Context, step string, parts []part) (*exchange, error) {
	together := map[string]any{}
	for _, part := range parts {
		maps.Copy(together, part.body)
	}

	e, err := w.update(ctx, step, together)
	if err != nil || e == nil {
		return e, err
	}

	if len(parts) == 1 || e.succeeded() {
		for _, part := range parts {
			w.seen.webhook.accepted[part.name] = e.succeeded()
		}

		return e, nil
	}

	for _, part := range parts {
		alone, err := w.update(ctx, step+", "+part.name+" alone", part.body)
		if err != nil {
			return e, err
		}

		if alone != nil {
			w.seen.webhook.accepted[part.name] = alone.succeeded()
		}

		if alone.succeeded() {
			e = alone
		}
	}

	return e, nil
}

func (w *writer) update(ctx context.Context, step string, body map[string]any) (*exchange, error) {
	e, err := w.ask(ctx, w.webhook(step, http.MethodPatch, w.id, body))
	if e.succeeded() && w.seen.webhook.update == nil {
		w.seen.webhook.update = e
	}

	return e, err
}

func (w *writer) readBack(ctx context.Context, step string) (*exchange, error) {
	return w.ask(ctx, w.webhook(step+", read", http.MethodGet, w.id, nil))
}

// newKey is a key in the form of every sample: 32 hexadecimal digits.
func newKey() string {
	var key [16]byte

	_, _ = rand.Read(key[:])

	return hex.EncodeToString(key[:])
}

func (w *writer) filter() url.Values { return url.Values{"webhook_url": {w.mark}} }
