package oauth

import (
	"cmp"
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// seedIsNew tells whether the configured refresh token starts a chain that the record does not know.
func (s *Source) seedIsNew(r *tokenstore.Record) bool {
	return s.cfg.RefreshToken != "" && (r == nil || !r.Contains(tokenstore.Fingerprint(s.cfg.RefreshToken)))
}

// clientName is the name of the lock that covers all records of the client.
func (s *Source) clientName() string { return tokenstore.ClientName(s.cfg.TokenURL, s.cfg.ClientID) }

// seedName is the name that a chain of the configured refresh token has when no key gives it another.
func (s *Source) seedName() string {
	return tokenstore.SeedName(s.cfg.TokenURL, s.cfg.ClientID, s.cfg.RefreshToken)
}

// target is where a source works: the record of that name, or nil, and whether the configured refresh token is to start a
// new chain there, because no record of the client knows it.
type target struct {
	name        string
	record      *tokenstore.Record
	startsChain bool
}

// token is the refresh token that an exchange would send.
func (at target) token(seed string) string {
	if at.startsChain {
		return seed
	}

	return at.record.RefreshToken
}

// find looks for the record that this source works on. A refresh token that any record of the client knows is never sent
// as a new one: sending it would fail, and may revoke the chain that came from it.
func (s *Source) find(ctx context.Context) (target, error) {
	name := s.cfg.Store.Name(s.cfg.TokenURL, s.cfg.ClientID, s.cfg.Key, s.cfg.RefreshToken)
	if name == "" {
		return s.findOnly(ctx)
	}

	r, err := s.load(ctx, name)
	if err != nil {
		return target{}, err
	}

	if s.cfg.RefreshToken == "" {
		return s.orPredecessor(ctx, target{name: name, record: r})
	}

	known := !s.seedIsNew(r)
	if known && !r.IsRejected() {
		return target{name: name, record: r}, nil
	}

	sibling, err := s.findSibling(ctx, name)

	switch {
	case err != nil:
		return target{}, err
	case sibling.record != nil && !sibling.record.IsRejected(), sibling.record != nil && r == nil:
		return sibling, nil
	case known, sibling.record != nil && !r.IsRejected():
		return target{name: name, record: r}, nil
	case sibling.record != nil:
		return sibling, nil
	case s.cfg.Key == "" && r != nil && !r.IsRejected():
		// A store that cannot list keeps one record under a name that needs no refresh token to be found. It belongs to
		// another authorization of the client, and this one gets a record of its own.
		name, r = s.seedName(), nil
	}

	return target{name: name, record: r, startsChain: true}, nil
}

// orPredecessor is the chain that a refresh token replaced which never worked, and which the configuration no longer has.
func (s *Source) orPredecessor(ctx context.Context, at target) (target, error) {
	if at.record == nil || at.record.Former == "" || at.record.Generation > 0 || !at.record.IsRejected() {
		return at, nil
	}

	former, err := s.load(ctx, at.record.Former)
	if err != nil || former == nil || former.IsRejected() {
		return at, err
	}

	return target{name: at.record.Former, record: former}, nil
}

// findSibling looks whether the seed is a spent ancestor of another record of this client: from before a key was set, of
// another key, or of a chain that was replaced under its key. That chain goes on instead; living ones come first.
func (s *Source) findSibling(ctx context.Context, own string) (target, error) {
	fp := tokenstore.Fingerprint(s.cfg.RefreshToken)

	siblings, err := s.siblings(ctx, s.seedName())
	if err != nil {
		return target{}, err
	}

	var name string

	for _, sibling := range siblings {
		if sibling.Name == own || sibling.record == nil || !sibling.record.Contains(fp) {
			continue
		}

		if name = cmp.Or(name, sibling.Name); !sibling.record.IsRejected() {
			name = sibling.Name

			break
		}
	}

	if name == "" {
		return target{}, nil
	}

	r, err := s.load(ctx, name)
	if err == nil && r != nil && r.Successor != "" {
		name = r.Successor
		r, err = s.load(ctx, name)
	}

	// The note of a chain that never came to be, or whose record was removed, says nothing.
	if err != nil || r == nil || !r.Contains(fp) || name == own {
		return target{}, err
	}

	return target{name: name, record: r}, nil
}

// load returns the record of that name, or nil. What cannot be read is an error, so that it is never overwritten.
func (s *Source) load(ctx context.Context, name string) (*tokenstore.Record, error) {
	r, err := s.loadStored(ctx, name)
	if err != nil {
		return nil, err
	}

	if r != nil && (r.ClientID != s.cfg.ClientID || r.TokenURL != s.cfg.TokenURL) {
		return nil, s.msg.ForeignRecord(s.cfg.Store.Location(name))
	}

	r = s.env.Process.Newer(s.cfg.Store.Location(name), r)

	if r = s.newestCopy(name, r); r != nil {
		s.mask(r.RefreshToken, r.AccessToken)
	}

	return r, nil
}

func (s *Source) loadStored(ctx context.Context, name string) (*tokenstore.Record, error) {
	r, err := tokenstore.Read(ctx, s.cfg.Store, name)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}

	if err != nil {
		return nil, s.msg.CannotRead(s.cfg.Store.Location(name), err)
	}

	return r, nil
}
