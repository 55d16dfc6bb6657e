package oauth

import (
	"cmp"
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// newChain returns the first record of the configured refresh token's chain. A chain that it replaces is kept elsewhere.
func (e *exchange) newChain(ctx context.Context) (*tokenstore.Record, error) {
	next := &tokenstore.Record{
		Key: e.cfg.Key, RefreshToken: e.cfg.RefreshToken, SeedFingerprint: tokenstore.Fingerprint(e.cfg.RefreshToken),
	}

	if err := e.saveSuccessorNote(ctx, next); err != nil {
		return nil, e.msg.CannotWrite(e.cfg.Store.Location(e.seedName()), err)
	}

	old := e.at.record
	if old == nil {
		return next, nil
	}

	next.Raw, next.Former = old.Raw, old.Former

	switch {
	case old.Generation == 0:
	case old.IsRejected():
		// Keep the fingerprints, to recognize its tokens as spent.
		next.Former = ""
		next.History = tokenstore.AppendHistory(old.History, old.SeedFingerprint, tokenstore.Fingerprint(old.RefreshToken))
	default:
		if err := e.saveReplaced(ctx, old); err != nil {
			return nil, e.msg.CannotWrite(e.cfg.Store.Location(e.replacedName(old)), err)
		}

		next.Former = e.replacedName(old)
	}

	return next, nil
}

// saveSuccessorNote saves a note under the seed's own name. In a store that cannot list, a run with the same seed and another
// key finds the chain through it.
func (e *exchange) saveSuccessorNote(ctx context.Context, next *tokenstore.Record) error {
	name := e.seedName()
	if e.cfg.Store == tokenstore.None() || e.cfg.Store.Lists() || name == e.at.name {
		return nil
	}

	stored, err := e.loadStored(ctx, name)
	if err != nil || stored != nil && stored.Successor == e.at.name {
		return err
	}

	note := (&tokenstore.Record{
		Version: tokenstore.RecordVersion, TokenURL: e.cfg.TokenURL, ClientID: e.cfg.ClientID, Successor: e.at.name,
		SeedFingerprint: next.SeedFingerprint, UpdatedBy: cmp.Or(e.cfg.UserAgent, tokenstore.ThisProcess()),
	}).Replacing(stored)

	return e.save(ctx, name, note)
}

// replacedName returns the name under which a replaced chain is kept: the one that it would have without a key.
func (e *exchange) replacedName(r *tokenstore.Record) string {
	return tokenstore.RecordName(e.cfg.TokenURL, e.cfg.ClientID, "seed", r.SeedFingerprint)
}

// saveReplaced saves a valid chain that another one replaces. It is used again when its own refresh token is configured again,
// or if the other chain never works.
func (e *exchange) saveReplaced(ctx context.Context, r *tokenstore.Record) error {
	name := e.replacedName(r)

	stored, err := e.loadStored(ctx, name)
	if err != nil {
		return err
	}

	if stored != nil && !stored.IsRejected() && !r.Supersedes(stored) {
		return nil
	}

	replaced := r.Replacing(stored)
	replaced.Key, replaced.Former, replaced.Replaced = "", "", true

	return e.save(ctx, name, replaced)
}
