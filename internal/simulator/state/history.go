package state

import (
	"slices"
	"time"
)

// Version is one state that a webhook had. History keeps every one, so that a test can tell whether a read returned
// something that the server held while the read was under way.
type Version struct {
	Webhook Webhook
	// Number counts the commits of the whole simulator, so it orders versions of different webhooks too.
	Number int64
	// From is when the version was stored, Until when it was replaced or deleted; zero while it is current. Both are the
	// system's clock with its monotonic reading, not the simulator's clock.
	From, Until time.Time
}

// Book holds the webhooks and every version that they had. The mutex of the store guards it.
type Book struct {
	current map[int64]Webhook
	ids     []int64 // of current, ascending
	nextID  int64
	history map[int64][]Version
	commits int64
	secrets map[string]struct{}
}

// firstWebhookID is the id in the observed response to a create.
const firstWebhookID = 59325

func newBook() Book {
	return Book{
		current: map[int64]Webhook{},
		nextID:  firstWebhookID,
		history: map[int64][]Version{},
		secrets: map[string]struct{}{},
	}
}

// Get returns a webhook, and whether it exists. Its lists are shared with the book.
func (b *Book) Get(id int64) (Webhook, bool) {
	w, found := b.current[id]

	return w, found
}

// IDs returns the ids of all webhooks, ascending. The caller does not change the list.
func (b *Book) IDs() []int64 { return b.ids }

// Put stores a webhook under its id, or under a new one when it has none.
func (b *Book) Put(w Webhook) int64 {
	if w.ID == 0 {
		w.ID = b.nextID
	}

	b.nextID = max(b.nextID, w.ID+1)

	if at, found := slices.BinarySearch(b.ids, w.ID); !found {
		b.ids = slices.Insert(b.ids, at, w.ID)
	}

	b.current[w.ID] = w
	b.commits++
	now := b.end(w.ID)
	b.history[w.ID] = append(b.history[w.ID], Version{Webhook: w.Clone(), Number: b.commits, From: now})

	for _, secret := range w.secrets() {
		b.secrets[secret] = struct{}{}
	}

	return w.ID
}

// Remove deletes a webhook that exists.
func (b *Book) Remove(id int64) {
	at, _ := slices.BinarySearch(b.ids, id)
	b.ids = slices.Delete(b.ids, at, at+1)
	delete(b.current, id)
	b.commits++
	b.end(id)
}

// end closes the current version of a webhook, if it has one, and returns when that was.
func (b *Book) end(id int64) time.Time {
	now := time.Now()
	if versions := b.history[id]; len(versions) > 0 && versions[len(versions)-1].Until.IsZero() {
		versions[len(versions)-1].Until = now
	}

	return now
}

// History returns every version that the webhook had, oldest first. After a deletion the last one has an Until.
func (d Dashboard) History(id int64) []Version {
	d.store.Lock()
	defer d.store.Unlock()

	return slices.Clone(d.store.Webhooks.history[id])
}

// HeldBetween returns the versions of a webhook that were current at some moment of the interval, and whether there was
// a moment at which the webhook did not exist.
func (d Dashboard) HeldBetween(id int64, from, until time.Time) (held []Version, absent bool) {
	covered := from

	for _, version := range d.History(id) {
		if version.From.After(until) || (!version.Until.IsZero() && version.Until.Before(from)) {
			continue
		}

		held = append(held, version)
		absent = absent || version.From.After(covered)

		if version.Until.IsZero() {
			return held, absent
		}

		covered = version.Until
	}

	return held, absent || covered.Before(until) || len(held) == 0
}
