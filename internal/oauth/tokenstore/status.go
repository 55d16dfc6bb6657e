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
	Key         string // "" for a chain that was started from a refresh token without a key
	Location    string
	TokenURL    string
	ClientID    string
	Scopes      []string // what the access is for, as far as it is known
	Generation  int      // exchanges so far
	ObtainedAt  time.Time
	ExpiresAt   time.Time       // of the access token
	IdleUntil   time.Time       // when the refresh token dies, if it stays unused
	Seed        string          // fingerprint of the refresh token that the chain started from
	Refresh     string          // fingerprint of the refresh token that comes next
	Interrupted string          // the run that announced an exchange and never ended it, or ""
	Ended       diagnostic.Code // why SePay refuses the chain, or ""
	Err         error           // why the record cannot be read; then only Location is set

	RecordName, FormerName string
}

// Query says which records are asked for. Of a store that cannot list, it names the only one.
type Query struct {
	TokenURL, ClientID string
	Key                string // "": all
}

// Statuses lists what is stored, and what the user should know about the store. It takes no lock and changes nothing,
// not even modes that are too open. Its errors are *Error, or the context's.
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

// matchesName tells whether a record that cannot be read may be one that is asked for.
func (q Query) matchesName(name string) bool {
	return q.Key == "" || q.ClientID == "" || name == KeyName(q.TokenURL, q.ClientID, q.Key) || name == q.Key
}

func (r *Record) status(name, location string) Status {
	s := Status{
		Key: r.Key, Location: location, TokenURL: r.TokenURL, ClientID: r.ClientID, Generation: r.Generation,
		Scopes:     r.GrantedScopes(),
		ObtainedAt: r.ObtainedAt, ExpiresAt: r.ExpiresAt, IdleUntil: r.RefreshExpiresAt,
		Seed: short(r.SeedFingerprint), Refresh: short(Fingerprint(r.RefreshToken)), RecordName: name, FormerName: r.Former,
	}

	if r.Pending != nil {
		s.Interrupted = r.Pending.Holder() + ", " + r.Pending.At.UTC().Format(diagnostic.TimeFormat)
	}

	if r.IsRejected() {
		s.Ended = r.Rejected.Code
	}

	return s
}

// short is enough of a fingerprint to tell two apart.
func short(fp string) string {
	const length = 12

	return fp[:min(len(fp), length)]
}
