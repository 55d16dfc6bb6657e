package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
)

// largestCleanup is the maximum number of webhooks of interrupted runs that one run deletes.
const largestCleanup = 3

// write answers the questions that need a webhook: it creates one that is switched off, changes it step by step, and deletes it.
func (r *run) write(ctx context.Context) (err error) {
	w := &writer{run: r, mark: newMark()}
	r.session.reserve += cleanupReserve

	defer func() { r.session.reserve -= cleanupReserve }()

	if w.url, err = markedURL(r.URL, w.mark); err != nil {
		return err
	}

	if err := w.mayWrite(ctx); err != nil {
		return err
	}

	w.account, _ = firstAccount(r.seen.accounts)

	if err := r.Confirm(ctx, w.plan()); err != nil {
		return &DeclinedError{err}
	}

	for i, found := range r.seen.leftovers {
		if i == largestCleanup {
			break
		}

		if err := w.remove(ctx, found.id); err != nil {
			return err
		}

		r.sayf("Deleted webhook %d, which an interrupted run left behind.", found.id)
	}

	// From here on, the webhook must be deleted in every case.
	defer func() { err = errors.Join(err, w.cleanUp(ctx)) }()

	return w.steps(ctx)
}

// writer is the phase of a run that has a webhook.
type writer struct {
	*run

	mark, url string
	account   int64 // 0 when the account's bank accounts are not known

	attempted bool  // the create was sent
	id        int64 // in the response to the create
	own       bool  // a read has shown that the webhook with that id is the probe's
	deleted   bool
}

// mayWrite returns an error if the webhook could not be found or deleted later.
func (w *writer) mayWrite(ctx context.Context) error {
	if !w.seen.webhooks.succeeded() {
		return errors.New(refusal("the list of webhooks", w.seen.webhooks) + ": the probe creates a webhook only if it can find it later")
	}

	if !isList(w.seen.webhooks) {
		return errors.New("the list of webhooks is in an unknown form: the probe creates a webhook only if it can find it later")
	}

	token, err := w.Tokens.Token(ctx, "")
	if err != nil {
		return err
	}

	// A token without a list of scopes may have all of them.
	claims, _ := jwt.Parse(token)
	scopes := claims.Scopes()

	for _, needed := range []string{"webhook:write", "webhook:delete"} {
		if len(scopes) > 0 && !slices.Contains(scopes, needed) {
			return fmt.Errorf("the sign-in lacks the scope %s: the probe creates a webhook only if it can delete it. Sign in again "+
				"with `terraform-provider-sepay login`", needed)
		}
	}

	return nil
}

// plan describes the planned changes to the user.
func (w *writer) plan() string {
	var plan strings.Builder

	fmt.Fprintf(&plan, "sepay-probe will do this at %s:\n", w.BaseURL)

	for i, found := range w.seen.leftovers {
		if i < largestCleanup {
			fmt.Fprintf(&plan, "  - delete webhook %d, which an interrupted run of sepay-probe left behind\n", found.id)
		}
	}

	fmt.Fprintf(&plan, "  - create one webhook that is switched off (active is 0, so that SePay sends it nothing):\n"+
		"      name         %s\n      webhook_url  %s\n      authen_type  Api_Key, with a random key\n", marked(webhookName, w.mark), w.url)

	if w.account != 0 {
		fmt.Fprintf(&plan, "      bank account %d\n", w.account)
	}

	fmt.Fprintf(&plan, "  - change it in about 7 steps and read it after each: name, event_type, retry_conditions, prefix_filters,\n"+
		"    va_mode, only_va, authen_type, bank_mode, webhook_url\n"+
		"  - delete it, also after Ctrl-C\n"+
		"It changes no other webhook, and sends at most %d requests, %d of them so far. The sign-in needs the scopes\n"+
		"webhook:read, webhook:write and webhook:delete.", MaxRequests, w.session.sent)

	return plan.String()
}

func firstAccount(accounts *exchange) (int64, bool) {
	for _, row := range append(accounts.rows("data"), accounts.rows("bankaccounts")...) {
		if id, ok := integer(row["id"]); ok && id > 0 {
			return id, true
		}
	}

	return 0, false
}

// DeclinedError ends a run that the user did not confirm. Nothing was created.
type DeclinedError struct{ err error }

// Error returns the reason.
func (e *DeclinedError) Error() string { return "nothing was created: " + e.err.Error() }

// Unwrap returns what Confirm returned.
func (e *DeclinedError) Unwrap() error { return e.err }
