package probe

import (
	"context"
	"net/http"
)

// errStillOn is the error of a run whose webhook SePay does not switch off.
const errStillOn = sentinel("SePay does not switch the probe's webhook off, so it was deleted immediately")

// steps changes the webhook in this order.
func (w *writer) steps(ctx context.Context) error {
	seen := &w.seen.webhook
	seen.accepted = map[string]bool{}

	if err := w.create(ctx); err != nil {
		return err
	}

	if w.id == 0 {
		w.notes = append(w.notes, "SePay did not accept the create, or its response has no id: the questions that need a webhook are open.")

		return nil
	}

	var err error
	if seen.created, err = w.readBack(ctx, "create"); err != nil {
		return err
	}

	if w.own = w.isOwn(seen.created.record()); !w.own {
		w.notes = append(w.notes, "The webhook with the id in the response to the create is not the one that was created: the questions "+
			"that need a webhook are open.")

		return nil
	}

	w.sayf("Created webhook %d. Changing it step by step.", w.id)

	if err := w.switchOff(ctx); err != nil {
		return err
	}

	for _, step := range []func(context.Context) error{
		w.stepName, w.stepInvalid, w.stepLists, w.stepAuthentication, w.stepVirtualAccounts, w.stepURL, w.stepList, w.stepDelete,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}

	return nil
}

// switchOff is needed if a create ignores active.
func (w *writer) switchOff(ctx context.Context) error {
	if active, known := onOff(w.seen.webhook.created.record()["active"]); known && !active {
		return nil
	}

	w.sayf("SePay has created the webhook switched on. Switching it off.")

	if _, err := w.update(ctx, "switch off", map[string]any{"active": 0}); err != nil {
		return err
	}

	e, err := w.readBack(ctx, "switch off")
	if err != nil {
		return err
	}

	if active, known := onOff(e.record()["active"]); active || !known {
		return errStillOn
	}

	return nil
}

func (w *writer) stepName(ctx context.Context) (err error) {
	seen := &w.seen.webhook
	seen.newName = marked(webhookRenamed, w.mark)

	if seen.rename, err = w.update(ctx, "name", map[string]any{"name": seen.newName}); err != nil || !seen.rename.succeeded() {
		return err
	}

	seen.renamed, err = w.readBack(ctx, "name")

	return err
}

// stepInvalid sends an invalid value.
func (w *writer) stepInvalid(ctx context.Context) (err error) {
	w.seen.webhook.invalid, err = w.update(ctx, "invalid value", map[string]any{"event_type": "sepay-probe"})

	return err
}

// stepLists sets lists, and empties them.
func (w *writer) stepLists(ctx context.Context) error {
	seen := &w.seen.webhook
	on := []part{{partRetry, map[string]any{"retry_conditions": []string{retryNon2xx}}}}

	if form2026(seen.created.record()) {
		on = append(on, part{partPrefix, map[string]any{"prefix_filters": []string{prefixFilter}}},
			part{partVAMode, map[string]any{"va_mode": vaNone}})
	}

	if _, err := w.change(ctx, "lists set", on); err != nil {
		return err
	}

	var err error
	if seen.turnedOn, err = w.readBack(ctx, "lists set"); err != nil {
		return err
	}

	var off []part
	if retryOn(seen.turnedOn.record()) {
		off = append(off, part{partRetryOff, map[string]any{"retry_conditions": []string{}}})
	}

	if prefixes(seen.turnedOn.record()) > 0 {
		off = append(off, part{partPrefixOff, map[string]any{"prefix_filters": []string{}}})
	}

	if len(off) == 0 {
		return nil
	}

	if _, err = w.change(ctx, "lists emptied", off); err != nil {
		return err
	}

	seen.turnedOff, err = w.readBack(ctx, "lists emptied")

	return err
}

// stepAuthentication changes authen_type and, if the service has it, bank_mode. The webhook is switched off, so SePay
// never requests the OAuth2 token.
func (w *writer) stepAuthentication(ctx context.Context) (err error) {
	seen := &w.seen.webhook
	parts := []part{{partAuthen, map[string]any{
		"authen_type": authenOAuth2, "oauth2_access_token_url": w.url, "oauth2_client_id": w.mark, "oauth2_client_secret": newKey(),
	}}}

	if form2026(seen.created.record()) && w.account != 0 {
		parts = append(parts, part{partMulti, map[string]any{"bank_mode": bankMulti, "bank_account_ids": []int64{w.account}}})
	}

	if seen.authen, err = w.change(ctx, "authen_type", parts); err != nil || seen.authen == nil {
		return err
	}

	seen.authenRead, err = w.readBack(ctx, "authen_type")

	return err
}

// stepVirtualAccounts sends only_va alone, while va_mode is none.
func (w *writer) stepVirtualAccounts(ctx context.Context) (err error) {
	seen := &w.seen.webhook
	if text(seen.turnedOn.record()["va_mode"]) != vaNone {
		return nil
	}

	if seen.onlyVA, err = w.update(ctx, "only_va", map[string]any{"only_va": 1}); err != nil || !seen.onlyVA.succeeded() {
		return err
	}

	seen.onlyVARead, err = w.readBack(ctx, "only_va")

	return err
}

func (w *writer) stepURL(ctx context.Context) (err error) {
	seen := &w.seen.webhook
	seen.newURL = w.url + " "

	if seen.url2, err = w.update(ctx, "webhook_url", map[string]any{"webhook_url": seen.newURL}); err != nil || !seen.url2.succeeded() {
		return err
	}

	seen.url2Read, err = w.readBack(ctx, "webhook_url")

	return err
}

// stepList lists the webhooks again if the account's own were not enough to determine the form of the list.
func (w *writer) stepList(ctx context.Context) (err error) {
	if len(w.seen.webhooks.rows("data")) < 2 {
		w.seen.webhook.list, err = w.ask(ctx, w.list("webhooks with the probe's", nil))
	}

	return err
}

func (w *writer) stepDelete(ctx context.Context) error {
	w.session.reserve -= cleanupReserve
	defer func() { w.session.reserve += cleanupReserve }()

	seen := &w.seen.webhook

	var err error
	if seen.delete, err = w.ask(ctx, w.webhook("delete", http.MethodDelete, w.id, nil)); err != nil {
		return err
	}

	if seen.gone, err = w.readBack(ctx, "delete"); err != nil {
		return err
	}

	w.deleted = seen.gone.responded() && seen.gone.status == http.StatusNotFound

	return nil
}

// The parts of updates.
const (
	partRetry     = "retry_conditions"
	partPrefix    = "prefix_filters"
	partVAMode    = "va_mode"
	partRetryOff  = "retry_conditions emptied"
	partPrefixOff = "prefix_filters emptied"
	partAuthen    = "authen_type"
	partMulti     = "bank_mode"
)
