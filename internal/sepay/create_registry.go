package sepay

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// attempt is one create of this client.
type attempt struct {
	body WebhookBody
	json string // to tell creates that ask for the same
	url  string // without spaces around it, which SePay may trim
	sent time.Time
	lost bool // its answer will not come any more
}

// creates knows the creates of a client that are under way, so that two of them never adopt the same webhook.
type creates struct {
	mu sync.Mutex
	// ended is closed, and replaced, whenever an answer has come or been lost.
	ended    chan struct{}
	underWay []*attempt
	// seen has the webhooks that this client has met, and when. What was met before a create is not its work.
	seen map[int64]time.Time
	// claimed has the webhooks that a create of this client has made.
	claimed map[int64]bool
}

func newCreates() *creates {
	return &creates{ended: make(chan struct{}), seen: map[int64]time.Time{}, claimed: map[int64]bool{}}
}

func (r *creates) begin(body WebhookBody, json string) *attempt {
	r.mu.Lock()
	defer r.mu.Unlock()

	a := &attempt{body: body, json: json}
	if body.WebhookURL != nil {
		a.url = strings.TrimSpace(*body.WebhookURL)
	}

	r.underWay = append(r.underWay, a)

	return a
}

// answerLost marks an attempt as one that has to find its webhook.
func (r *creates) answerLost(a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()

	a.lost = true
	r.announce()
}

// end forgets an attempt. id is what it created, 0 when that is nothing or unknown.
func (r *creates) end(a *attempt, id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if id != 0 {
		r.claimed[id] = true
	}

	r.underWay = slices.DeleteFunc(r.underWay, func(other *attempt) bool { return other == a })
	r.announce()
}

func (r *creates) announce() {
	close(r.ended)
	r.ended = make(chan struct{})
}

// saw notes that a webhook exists.
func (r *creates) saw(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if _, ok := r.seen[id]; !ok {
		r.seen[id] = time.Now()
	}
}

// matches is what a look has found.
type matches struct {
	// adopted is the webhook that now belongs to the attempt, 0 for none.
	adopted int64
	// proven have all values and are new, but are too many.
	proven []int64
	// possible may be the attempt's: new but with another value, or equal but without proof that they are new.
	possible []int64
}

// adopt claims the webhook of an attempt among rows. While another create of the same URL awaits its answer, a row may
// be that one's: its answer is awaited first.
func (r *creates) adopt(ctx context.Context, a *attempt, rows []Webhook, server func(time.Time) (time.Time, bool)) (matches, error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	for {
		found := r.sift(a, rows, server)
		if len(found.proven)+len(found.possible) == 0 {
			return found, nil
		}

		if !r.awaited(a) {
			// Creates that ask for the same may share out what they find: it does not matter which gets which.
			if len(found.proven) > 0 && len(found.proven) <= r.equals(a) {
				found.adopted = slices.Min(found.proven)
				r.claimed[found.adopted] = true
			}

			return found, nil
		}

		ended := r.ended
		r.mu.Unlock()

		select {
		case <-ended:
		case <-ctx.Done():
		}

		r.mu.Lock()

		if err := ctx.Err(); err != nil {
			return matches{}, err
		}
	}
}

// sift finds the rows that may be the attempt's.
func (r *creates) sift(a *attempt, rows []Webhook, server func(time.Time) (time.Time, bool)) matches {
	var found matches

	start, known := server(a.sent)

	for _, row := range rows {
		if strings.TrimSpace(row.WebhookURL.Or("")) != a.url || r.claimed[row.ID] {
			continue
		}

		if met, ok := r.seen[row.ID]; ok && met.Before(a.sent) {
			continue
		}

		created, dated := row.CreatedAt.Get()
		dated = dated && known
		equal := len(a.body.Differences(row)) == 0

		switch {
		case dated && created.Before(start.Add(-clockTolerance)):
		case equal && r.outranked(a, row):
		case dated && equal:
			found.proven = append(found.proven, row.ID)
		case !dated && equal, dated && !r.anothers(a, row):
			found.possible = append(found.possible, row.ID)
		}
	}

	return found
}

// awaited tells whether another create of the same URL may still be answered.
func (r *creates) awaited(a *attempt) bool {
	return slices.ContainsFunc(r.underWay, func(other *attempt) bool { return other != a && other.url == a.url && !other.lost })
}

// equals counts the creates that look for the same webhook, a itself included.
func (r *creates) equals(a *attempt) int {
	count := 0

	for _, other := range r.underWay {
		if other.lost && other.json == a.json {
			count++
		}
	}

	return count
}

// anothers tells whether a row is exactly what another create with a lost answer asked for.
func (r *creates) anothers(a *attempt, row Webhook) bool {
	return slices.ContainsFunc(r.underWay, func(other *attempt) bool {
		return other != a && other.lost && other.url == a.url && len(other.body.Differences(row)) == 0
	})
}

// outranked tells whether a row that has all values of a rather belongs to another create that looks for its webhook:
// one that sent more keys, all of which the row has.
func (r *creates) outranked(a *attempt, row Webhook) bool {
	return slices.ContainsFunc(r.underWay, func(other *attempt) bool {
		return other.lost && other.url == a.url && rank(other, a) > 0 && len(other.body.Differences(row)) == 0
	})
}

func rank(a, b *attempt) int {
	return cmp.Or(cmp.Compare(len(a.json), len(b.json)), cmp.Compare(a.json, b.json))
}
