package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// noWebhook is an id without a webhook in any account.
const noWebhook = 999_999_999

// read answers the questions that need only reads.
func (r *run) read(ctx context.Context) error {
	r.sayf("Reading. Nothing is changed.")

	accounts := r.api("bank accounts", http.MethodGet, "/bank-accounts")
	accounts.query = url.Values{"page": {"1"}, "limit": {"100"}}

	steps := []reading{
		{&r.seen.accounts, accounts},
		{&r.seen.webhooks, r.list("webhooks", nil)},
		{&r.seen.noBearer, r.api("no access token", http.MethodGet, "/me").with("")},
		{&r.seen.badBearer, r.api("made-up access token", http.MethodGet, "/me").with("Bearer sepay-probe")},
	}

	if !r.Write {
		// With its own webhook, the probe gets better answers.
		steps = append(steps,
			reading{&r.seen.badQuery, r.list("bad parameter", url.Values{"active": {"2"}})},
			reading{&r.seen.missing, r.webhook("missing webhook", http.MethodGet, noWebhook, nil)})
	}

	for _, step := range steps {
		var err error
		if *step.into, err = r.ask(ctx, step.request); err != nil {
			return err
		}
	}

	if err := r.readOne(ctx); err != nil {
		return err
	}

	return r.findLeftovers(ctx)
}

// readShapes reads objects without a question, for their shapes. It is last, because the number of requests is limited.
func (r *run) readShapes(ctx context.Context) error {
	transactions := r.api("transactions", http.MethodGet, "/transactions")
	transactions.query = url.Values{"page": {"1"}, "limit": {"1"}}

	shapes := []request{r.api("user", http.MethodGet, "/me"), r.api("company", http.MethodGet, "/company"), transactions}

	if account, ok := firstAccount(r.seen.accounts); ok {
		subAccounts := r.api("sub-accounts", http.MethodGet, fmt.Sprintf("/bank-accounts/%d/sub-accounts", account))
		subAccounts.template = "/api/v1/bank-accounts/{id}/sub-accounts"
		shapes = append(shapes, subAccounts)
	}

	for _, request := range shapes {
		if _, err := r.ask(ctx, request); err != nil {
			return err
		}
	}

	return nil
}

type reading struct {
	into    **exchange
	request request
}

// readOne reads one of the account's webhooks, preferably one with a secret, if the probe creates none.
func (r *run) readOne(ctx context.Context) error {
	rows := r.seen.webhooks.rows("data")
	if r.Write || len(rows) == 0 {
		return nil
	}

	chosen := rows[0]

	for _, row := range rows {
		if kind := text(row["authen_type"]); kind == authenAPIKey || kind == authenHMAC {
			chosen = row

			break
		}
	}

	id, ok := integer(chosen["id"])
	if !ok {
		return nil
	}

	var err error

	r.seen.existingRow = chosen
	r.seen.existing, err = r.ask(ctx, r.webhook("one webhook", http.MethodGet, id, nil))

	return err
}

// findLeftovers finds webhooks that remain from killed runs of the probe.
func (r *run) findLeftovers(ctx context.Context) error {
	rows := r.seen.webhooks.rows("data")

	if pages, paged := lastPage(r.seen.webhooks); pages > 1 || !paged && len(rows) >= 20 {
		filtered, err := r.ask(ctx, r.list("webhooks of the probe", url.Values{"webhook_url": {urlWord}}))
		if err != nil {
			return err
		}

		rows = append(filtered.rows("data"), rows...)
	}

	known := map[int64]bool{}

	for _, found := range leftovers(rows, "") {
		if !known[found.id] {
			known[found.id] = true
			r.seen.leftovers = append(r.seen.leftovers, found)
		}
	}

	if len(r.seen.leftovers) > 0 && !r.Write {
		for _, found := range r.seen.leftovers {
			r.sayf("An interrupted run of sepay-probe has left webhook %d behind, switched %s. Run sepay-probe --write, which "+
				"deletes it first, or delete it in SePay.", found.id, onOrOff(found.active))
		}
	}

	return nil
}

func onOrOff(active bool) string {
	if active {
		return "on"
	}

	return "off"
}

// lastPage returns the number of pages of a list, and whether the list has it.
func lastPage(e *exchange) (pages int64, paged bool) {
	meta, _ := e.object()["meta"].(map[string]any)
	pagination, _ := meta["pagination"].(map[string]any)

	return integer(pagination["last_page"])
}
