package state

import (
	"slices"
	"time"
)

// Version is one state that a webhook had. History keeps all of them, so that a test can check that a read
// returned a version that was current during the read.
type Version struct {
	Webhook Webhook
	// Number counts the commits of the whole simulator, so it also orders versions of different webhooks.
	Number int64
	// From is when the version was stored, Until when it was replaced or deleted; zero while it is current. Both are the
	// system's clock with its monotonic reading, not the simulator's clock.
	From, Until time.Time
}

// VersionedWebhooks holds the webhooks with all their versions. The mutex of the store guards it.
type VersionedWebhooks struct {
	current map[int64]Webhook
	ids     []int64 // of current, ascending
	nextID  int64
	history map[int64][]Version
	commits int64
	secrets map[string]struct{}
}

// firstWebhookID is the id in the observed response to a create.
const firstWebhookID = 59325

func newVersionedWebhooks() VersionedWebhooks {
	return VersionedWebhooks{
		current: map[int64]Webhook{},
		nextID:  firstWebhookID,
		history: map[int64][]Version{},
		secrets: map[string]struct{}{},
	}
}

// Get returns a webhook, and whether it exists. Its lists are shared with the store.
func (b *VersionedWebhooks) Get(id int64) (Webhook, bool) {
	w, found := b.current[id]

	return w, found
}

// IDs returns the ids of all webhooks, ascending. The caller does not change the list.
func (b *VersionedWebhooks) IDs() []int64 { return b.ids }

// Put stores a webhook under its id, or under a new one when it has none.
func (b *VersionedWebhooks) Put(w Webhook) int64 {
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
func (b *VersionedWebhooks) Remove(id int64) {
	at, _ := slices.BinarySearch(b.ids, id)
	b.ids = slices.Delete(b.ids, at, at+1)
	delete(b.current, id)
	b.commits++
	b.end(id)
}

// end closes the current version of a webhook, if it has one, and returns when that was.
func (b *VersionedWebhooks) end(id int64) time.Time {
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

// HeldBetween returns the versions of a webhook that were current at any time in the interval, and whether the webhook did
// not exist at any time in it.
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
