package sepay

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
)

// Similar is a webhook that delivers to the same address as a planned one.
type Similar struct {
	Webhook

	// Overlaps reports whether it delivers some of the same transactions. One that does not is unfinished.
	Overlaps bool
	// SameName reports whether it also has the name of the planned one, without a mark of a create.
	SameName bool
	// Managed reports whether ManageWebhook named it.
	Managed bool
}

// SimilarWebhooks returns the webhooks that have the webhook_url of body, one of its bank accounts, and an event_type
// that overlaps; and those at that address that an interrupted create seems to have left switched on, whatever they deliver. It
// omits those that this client created or deleted.
//
// All calls share one request if SePay's list fits on a page; otherwise each needs one more. After a failure there is no
// further request, and every call returns that error: the result is only advice, and a plan must not wait for it repeatedly.
func (c *Client) SimilarWebhooks(ctx context.Context, body WebhookBody) ([]Similar, error) {
	rows, err := c.similar.candidates(ctx, c, deref(body.WebhookURL))
	if err != nil {
		return nil, err
	}

	var found []Similar

	for _, row := range rows {
		relation := c.similar.relation(row.ID)
		if relation == written || !sameAddress(deref(body.WebhookURL), row.WebhookURL.Or("")) {
			continue
		}

		overlapping := overlaps(deref(body.EventType), row.EventType.Or(EventTypeAll)) && body.sharesAccount(row)
		if !overlapping && (relation == managed || !row.unfinished()) {
			continue
		}

		found = append(found, Similar{
			Webhook: row, Overlaps: overlapping, SameName: sameName(deref(body.Name), row.Name.Or("")), Managed: relation == managed,
		})
	}

	return found, nil
}

// ManageWebhook records that a webhook belongs to the configuration that is being planned.
func (c *Client) ManageWebhook(id int64) { c.similar.set(id, managed) }

// relation is the known origin of a webhook.
type relation int

const (
	managed relation = iota + 1 // named by ManageWebhook
	written                     // created or deleted by this client
)

// similar reads the webhooks for SimilarWebhooks.
type similar struct {
	first coalesce.Shared[paging.Page[Webhook]]

	mu        sync.Mutex
	relations map[int64]relation
	failed    error
}

func newSimilar(c *Client) *similar {
	return &similar{relations: map[int64]relation{}, first: coalesce.Shared[paging.Page[Webhook]]{
		Expires: true,
		Fetch:   func(ctx context.Context) (paging.Page[Webhook], error) { return webhooks().page(ctx, c, nil, 1, nil) },
	}}
}

func (s *similar) set(id int64, to relation) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.relations[id] = max(s.relations[id], to)
}

func (s *similar) relation(id int64) relation {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.relations[id]
}

// candidates returns the whole list if it fits on one page, else the rows that SePay's filter by URL returns.
func (s *similar) candidates(ctx context.Context, c *Client, webhookURL string) ([]Webhook, error) {
	s.mu.Lock()
	failed := s.failed
	s.mu.Unlock()

	if failed != nil {
		return nil, failed
	}

	first, err := s.first.Get(ctx)

	rows := first.Rows
	if err == nil && (!first.Paginated || first.Last > 1) {
		rows, err = paging.Collect(webhooks().all(ctx, c, WebhookFilter{WebhookURL: strings.TrimSpace(webhookURL)}.query()))
	}

	if err != nil && !errors.Is(err, context.Canceled) {
		s.mu.Lock()
		defer s.mu.Unlock()

		s.failed = err
	}

	return rows, err
}

// sameAddress compares two URLs; spaces around them and the case of scheme and host do not count.
func sameAddress(a, b string) bool {
	return canonicalAddress(a) == canonicalAddress(b)
}

func canonicalAddress(text string) string {
	text = strings.TrimSpace(text)

	address, err := url.Parse(text)
	if err != nil {
		return text
	}

	address.Host = strings.ToLower(address.Host)

	return address.String()
}

// sameName compares the name of a planned webhook with one at SePay, which may have a mark and be shortened for it.
func sameName(planned, stored string) bool {
	stored, marked := splitMark(stored)
	if marked {
		planned, _ = splitMark(withMark(planned, newMark()))
	}

	return strings.TrimSpace(planned) == strings.TrimSpace(stored)
}

// overlaps reports whether two event types have transactions in common.
func overlaps(a, b string) bool { return a == b || a == EventTypeAll || b == EventTypeAll }

// sharesAccount reports whether both may cover the same bank account. If SePay does not return the accounts of a webhook,
// they may.
func (b WebhookBody) sharesAccount(w Webhook) bool {
	var planned []int64

	switch {
	case b.BankMode != nil && *b.BankMode == BankModeAll:
		return true
	case b.BankAccountIDs != nil:
		planned = *b.BankAccountIDs
	case b.BankAccountID != nil:
		planned = []int64{*b.BankAccountID}
	}

	covered, known := w.BankAccountIDs.Get()
	if w.BankMode.Or(BankModeSingle) == BankModeSingle {
		var id int64
		id, known = w.BankAccountID.Get()
		covered, known = []int64{id}, known && id != 0
	}

	return !known || slices.ContainsFunc(planned, func(id int64) bool { return slices.Contains(covered, id) })
}
