package playground

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// edits records when a webhook was last changed on the page, for the advice on the next step.
type edits struct {
	mu   sync.Mutex
	last time.Time
}

func (e *edits) made() {
	e.mu.Lock()
	defer e.mu.Unlock()

	e.last = time.Now()
}

func (e *edits) at() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()

	return e.last
}

// changeWebhook serves the switch, the form and the delete button of a webhook.
func (p *page) changeWebhook(r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}

	changes := map[string]any{}

	switch r.PathValue("action") {
	case "on":
		changes["active"] = true
	case "off":
		changes["active"] = false
	case "change":
		if changes, err = formChanges(r); err != nil {
			return err
		}
	case "delete":
		if !p.DeleteWebhook(id) {
			return fmt.Errorf("there is no webhook %d", id)
		}

		p.edits.made()

		return nil
	default:
		return errors.New("no such action")
	}

	if err := p.ChangeWebhook(id, changes); err != nil {
		return err
	}

	p.edits.made()

	return nil
}

func formChanges(r *http.Request) (map[string]any, error) {
	name, address := strings.TrimSpace(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("webhook_url"))

	u, err := url.Parse(address)
	if name == "" || err != nil || u.Host == "" {
		return nil, errors.New("a webhook needs a name and an absolute URL")
	}

	event := r.PostFormValue("event_type")
	if !slices.Contains(sepay.Values(sepay.EventTypes()), event) {
		return nil, fmt.Errorf("unknown event %q", event)
	}

	return map[string]any{
		"name": name, "webhook_url": address, "event_type": event, "skip_if_no_code": r.PostFormValue("skip_if_no_code") != "",
	}, nil
}

// pay serves the button “Money arrives”.
func (p *page) pay(r *http.Request) error {
	var payment state.Payment

	for key, field := range map[string]*int64{
		"bank_account_id": &payment.BankAccountID, "amount": &payment.Amount, "sub_account_id": &payment.SubAccountID,
	} {
		value, err := strconv.ParseInt(r.PostFormValue(key), 10, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}

		*field = value
	}

	payment.Content = r.PostFormValue("content")
	_, err := p.Receive(payment)

	return err
}
