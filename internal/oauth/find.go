package oauth

import (
	"cmp"
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// seedIsNew reports whether a refresh token is configured that does not belong to the record's chain.
func (s *Source) seedIsNew(r *tokenstore.Record) bool {
	return s.cfg.RefreshToken != "" && (r == nil || !r.Contains(tokenstore.Fingerprint(s.cfg.RefreshToken)))
}

// clientName returns the name of the lock for all records of the client.
func (s *Source) clientName() string { return tokenstore.ClientName(s.cfg.TokenURL, s.cfg.ClientID) }

// seedName returns the record name of the configured refresh token's chain if no key is configured.
func (s *Source) seedName() string {
	return tokenstore.SeedName(s.cfg.TokenURL, s.cfg.ClientID, s.cfg.RefreshToken)
}

// target is the record that a source uses; record is nil if nothing is stored under the name. startsChain reports that no
// record of the client contains the configured refresh token, which therefore starts a new chain here.
type target struct {
	name        string
	record      *tokenstore.Record
	startsChain bool
}

// token returns the refresh token that an exchange sends.
func (at target) token(seed string) string {
	if at.startsChain {
		return seed
	}

	return at.record.RefreshToken
}

// find selects the record for this source. A configured refresh token that any record of the client contains is never sent as
// a new one: SePay would reject the replay, and may revoke the whole chain.
func (s *Source) find(ctx context.Context) (target, error) {
	name := s.cfg.Store.Name(s.cfg.TokenURL, s.cfg.ClientID, s.cfg.Key, s.cfg.RefreshToken)
	if name == "" {
		return s.findDefault(ctx)
	}

	r, err := s.load(ctx, name)
	if err != nil {
		return target{}, err
	}

	if s.cfg.RefreshToken == "" {
		return s.orFormer(ctx, target{name: name, record: r})
	}

	contained := !s.seedIsNew(r)
	if contained && !r.IsRejected() {
		return target{name: name, record: r}, nil
	}

	sibling, err := s.findSibling(ctx, name)

	switch {
	case err != nil:
		return target{}, err
	case sibling.record != nil && !sibling.record.IsRejected(), sibling.record != nil && r == nil:
		return sibling, nil
	case contained, sibling.record != nil && !r.IsRejected():
		return target{name: name, record: r}, nil
	case sibling.record != nil:
		return sibling, nil
	case s.cfg.Key == "" && r != nil && !r.IsRejected():
		// In a store that cannot list, the default name belongs to another authorization of the client, so this one gets its own
		// record.
		name, r = s.seedName(), nil
	}

	return target{name: name, record: r, startsChain: true}, nil
}

// orFormer falls back to the former chain if the refresh token that replaced it never worked and is no longer configured.
func (s *Source) orFormer(ctx context.Context, at target) (target, error) {
	if at.record == nil || at.record.Former == "" || at.record.Generation > 0 || !at.record.IsRejected() {
		return at, nil
	}

	former, err := s.load(ctx, at.record.Former)
	if err != nil || former == nil || former.IsRejected() {
		return at, err
	}

	return target{name: at.record.Former, record: former}, nil
}

// findSibling returns another record of this client that contains the seed: one from before a key was set, one with another
// key, or one that was replaced under its key. That chain is used instead; valid ones take precedence.
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

	// Ignore the note if its chain was never saved or was removed.
	if err != nil || r == nil || !r.Contains(fp) || name == own {
		return target{}, err
	}

	return target{name: name, record: r}, nil
}

// load returns the newest version of a record, or nil if there is none. An unreadable record is an error, so that it is not
// overwritten.
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
