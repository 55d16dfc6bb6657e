package oauth

import (
	"context"
	"time"
)

// Status describes one stored sign-in, without its tokens.
type Status struct {
	Key         string // "" for a chain that was started from a refresh token without a key
	Location    string
	TokenURL    string
	ClientID    string
	Generation  int // exchanges so far
	ObtainedAt  time.Time
	ExpiresAt   time.Time // of the access token
	IdleUntil   time.Time // when the refresh token dies, if it stays unused
	Seed        string    // fingerprint of the refresh token that the chain started from
	Refresh     string    // fingerprint of the refresh token that comes next
	Interrupted string    // the run that announced an exchange and never ended it, or ""
	Ended       Code      // why SePay refuses the chain, or ""
	Err         error     // why the record cannot be read; then only Location is set
}

// StatusQuery names the record of a store that cannot list.
type StatusQuery struct {
	TokenURL, ClientID, Key string
}

// Statuses lists what is stored. It takes no lock and changes nothing. Its errors are *Error, or the context's.
func Statuses(ctx context.Context, store Store, query StatusQuery) ([]Status, error) {
	query.TokenURL = canonicalURL(query.TokenURL)
	msg := newMessages(Config{ClientID: query.ClientID, Key: query.Key, Store: store})

	names := []string{store.name(query.TokenURL, query.ClientID, query.Key, "")}

	if store.lists() {
		var err error
		if names, err = store.list(ctx); err != nil {
			return nil, msg.cannotRead(store.String(), err)
		}
	}

	var all []Status

	for _, name := range names {
		r, err := readRecord(ctx, store, name)

		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			all = append(all, Status{Location: store.location(name), Err: msg.cannotRead(store.location(name), err)})
		case r != nil:
			all = append(all, r.status(store.location(name)))
		}
	}

	return all, nil
}

func (r *record) status(location string) Status {
	s := Status{
		Key: r.Key, Location: location, TokenURL: r.TokenURL, ClientID: r.ClientID, Generation: r.Generation,
		ObtainedAt: r.ObtainedAt, ExpiresAt: r.ExpiresAt, IdleUntil: r.RefreshExpiresAt,
		Seed: short(r.SeedFingerprint), Refresh: short(fingerprint(r.RefreshToken)),
	}

	if r.Pending != nil {
		s.Interrupted = r.Pending.holder() + ", " + r.Pending.At.UTC().Format(userTime)
	}

	if r.dead() {
		s.Ended = r.Rejected.Code
	}

	return s
}

// short is enough of a fingerprint to tell two apart.
func short(fp string) string {
	const length = 12

	return fp[:min(len(fp), length)]
}
