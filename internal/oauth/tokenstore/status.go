package tokenstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
)

// Status describes one stored sign-in, without its tokens.
type Status struct {
	Key                string // "" for a chain that was started from a refresh token without a key
	Location           string
	TokenURL           string
	ClientID           string
	Scopes             []string // granted scopes, if known
	Generation         int      // number of successful exchanges
	ObtainedAt         time.Time
	ExpiresAt          time.Time       // of the access token
	RefreshExpiresAt   time.Time       // of the refresh token, if it stays unused
	SeedFingerprint    string          // of the refresh token that started the chain
	RefreshFingerprint string          // of the current refresh token
	Interrupted        string          // the run that announced an exchange and did not finish it, or ""
	Rejected           diagnostic.Code // why SePay rejects the chain, or ""
	Err                error           // why the record cannot be read; then only Location and RecordName are set

	RecordName, FormerName string
}

// Query selects records. In a store that cannot list, it names the only one.
type Query struct {
	TokenURL, ClientID string
	Key                string // "" means all
}

// Statuses returns the stored sign-ins, and warnings about the store. It acquires no lock and changes nothing, not even modes
// that are too permissive. Its errors are *diagnostic.Error, or the context's.
func Statuses(ctx context.Context, store Store, query Query) ([]Status, []diagnostic.Warning, error) {
	query.TokenURL = tokenendpoint.CanonicalURL(query.TokenURL)
	msg := NewMessages(query.ClientID, query.Key)

	if files, ok := store.(*File); ok {
		store = files.readOnly()
	}

	names := []string{store.Name(query.TokenURL, query.ClientID, query.Key, "")}

	if store.Lists() {
		var err error
		if names, err = store.List(ctx); err != nil {
			return nil, nil, msg.CannotRead(store.String(), err)
		}
	}

	var all []Status

	for _, name := range names {
		r, err := Read(ctx, store, name)

		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case err != nil && query.matchesName(name):
			all = append(all, Status{
				Location: store.Location(name), Err: msg.CannotRead(store.Location(name), err), RecordName: name,
			})
		case r != nil && r.Successor == "" && (!store.Lists() || query.Key == "" || r.Key == query.Key):
			all = append(all, r.status(name, store.Location(name)))
		}
	}

	slices.SortStableFunc(all, func(a, b Status) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), cmp.Compare(a.Key, b.Key))
	})

	return all, store.TakeWarnings(), nil
}

// matchesName reports whether the query may select an unreadable record with this name.
func (q Query) matchesName(name string) bool {
	return q.Key == "" || q.ClientID == "" || name == KeyName(q.TokenURL, q.ClientID, q.Key) || name == q.Key
}

func (r *Record) status(name, location string) Status {
	s := Status{
		Key: r.Key, Location: location, TokenURL: r.TokenURL, ClientID: r.ClientID, Generation: r.Generation,
		Scopes:     r.GrantedScopes(),
		ObtainedAt: r.ObtainedAt, ExpiresAt: r.ExpiresAt, RefreshExpiresAt: r.RefreshExpiresAt,
		SeedFingerprint: shorten(r.SeedFingerprint), RefreshFingerprint: shorten(Fingerprint(r.RefreshToken)),
		RecordName: name, FormerName: r.Former,
	}

	if r.Pending != nil {
		s.Interrupted = r.Pending.Holder() + ", " + r.Pending.At.UTC().Format(diagnostic.TimeFormat)
	}

	if r.IsRejected() {
		s.Rejected = r.Rejected.Code
	}

	return s
}

// shorten returns enough of a fingerprint to distinguish tokens.
func shorten(fp string) string {
	const length = 12

	return fp[:min(len(fp), length)]
}
