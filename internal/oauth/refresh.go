package oauth

import (
	"cmp"
	"context"
	"errors"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// exchange is one passage through the critical section: lock and turn are held, and the token is about to be spent.
// Nothing is logged in here: Terraform may be gone, and writing to its pipe would end the process.
type exchange struct {
	*Source

	at       slot
	rejected string
}

// run returns the record with the new access token. errChanged means that another process has rotated the token, and that
// its record has to be looked at first.
func (e *exchange) run(ctx context.Context, canceled <-chan struct{}) (*tokenstore.Record, error) {
	intent, before, err := e.saveIntent(ctx)
	if err != nil {
		return nil, err
	}

	e.mask(intent.RefreshToken)
	e.env.Step(system.StepIntent)

	bounded, stop := context.WithTimeout(ctx, tokenendpoint.ExchangeTimeout)
	a, sent := e.client.Refresh(bounded, canceled, intent.RefreshToken)

	stop()
	e.env.Step(system.StepAnswered)

	switch a.Outcome {
	case tokenendpoint.Granted:
		next := intent.Next(a.Grant, e.env.Now())
		e.remind(e.at.record, next)

		return e.keep(ctx, intent, next)
	case tokenendpoint.TokenRejected:
		return e.adoptOrReject(ctx, a, intent, before, sent)
	case tokenendpoint.Ambiguous, tokenendpoint.NoResponse:
		a.Resent, sent = sent, true
	case tokenendpoint.ClientRejected, tokenendpoint.Rejected, tokenendpoint.Busy, tokenendpoint.Unreachable, tokenendpoint.Canceled:
		if sent {
			a.Resent, a.Outcome = true, tokenendpoint.Ambiguous
		}
	}

	e.settle(ctx, intent, before, sent)

	failure := e.msg.notGranted(a)
	if sent {
		e.env.Process.MarkUnanswered(tokenstore.Fingerprint(intent.RefreshToken), failure)
	}

	e.remind(e.at.record, nil)

	return nil, failure
}

// saveIntent announces the exchange. When that cannot be saved, the result could not be either, and nothing is spent.
// before is the intent of an earlier run on the same token, which that run did not live to remove.
func (e *exchange) saveIntent(ctx context.Context) (intent *tokenstore.Record, before *tokenstore.Intent, err error) {
	var next *tokenstore.Record

	if e.at.seeds {
		if next, err = e.newChain(ctx); err != nil {
			return nil, nil, err
		}
	} else {
		next = e.at.record.Replacing(e.at.record)
	}

	next.Version, next.TokenURL, next.ClientID = tokenstore.RecordVersion, e.cfg.TokenURL, e.cfg.ClientID
	next.UpdatedBy = cmp.Or(e.cfg.UserAgent, tokenstore.ThisProcess())

	fp := tokenstore.Fingerprint(next.RefreshToken)
	if next.Pending != nil && next.Pending.Fingerprint == fp {
		before = next.Pending
	}

	next.Pending = &tokenstore.Intent{Fingerprint: fp, At: e.env.Now(), PID: e.env.PID, Host: e.env.Host}

	err = e.save(ctx, e.at.name, next)

	switch {
	case errors.Is(err, tokenstore.ErrChanged):
		return nil, nil, err
	case err != nil:
		return nil, nil, e.msg.CannotWrite(e.cfg.Store.Location(e.at.name), err)
	}

	return next, before, nil
}

// newChain is the record in which the configured refresh token starts. What it takes the place of is not lost.
func (e *exchange) newChain(ctx context.Context) (*tokenstore.Record, error) {
	next := &tokenstore.Record{
		Key: e.cfg.Key, RefreshToken: e.cfg.RefreshToken, SeedFingerprint: tokenstore.Fingerprint(e.cfg.RefreshToken),
	}

	if err := e.noteSuccessor(ctx, next); err != nil {
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
		// Its tokens are still recognized as spent.
		next.Former = ""
		next.History = tokenstore.AppendHistory(old.History, old.SeedFingerprint, tokenstore.Fingerprint(old.RefreshToken))
	default:
		if err := e.setAside(ctx, old); err != nil {
			return nil, e.msg.CannotWrite(e.cfg.Store.Location(e.asideName(old)), err)
		}

		next.Former = e.asideName(old)
	}

	return next, nil
}

// noteSuccessor leaves a note under the seed's own name, by which a run that has the same seed and another key finds the
// chain in a store that cannot list.
func (e *exchange) noteSuccessor(ctx context.Context, next *tokenstore.Record) error {
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

// asideName is where a living chain goes on when another one takes its name: where it would be without a key.
func (e *exchange) asideName(r *tokenstore.Record) string {
	return tokenstore.RecordName(e.cfg.TokenURL, e.cfg.ClientID, "seed", r.SeedFingerprint)
}

// setAside keeps a living chain whose name another one takes. It goes on when its own refresh token is configured again,
// or when the other one never works.
func (e *exchange) setAside(ctx context.Context, r *tokenstore.Record) error {
	name := e.asideName(r)

	stored, err := e.loadStored(ctx, name)
	if err != nil {
		return err
	}

	if stored != nil && !stored.IsRejected() && !r.Supersedes(stored) {
		return nil
	}

	aside := r.Replacing(stored)
	aside.Key, aside.Former, aside.Replaced = "", "", true

	return e.save(ctx, name, aside)
}

// keep saves the new tokens. They are used in any case: they are the only ones that work.
func (e *exchange) keep(ctx context.Context, intent, r *tokenstore.Record) (*tokenstore.Record, error) {
	e.mask(r.AccessToken, r.RefreshToken)

	location := e.cfg.Store.Location(e.at.name)

	var err error

	for range tokenstore.SaveTries {
		var used *tokenstore.Record
		if used, err = e.saveNext(ctx, intent, r); err == nil {
			e.env.Process.KeepUnsaved(location, nil)
			e.env.Step(system.StepSaved)
			e.removeCopies(e.at.name)

			return used, nil
		}
	}

	e.env.Process.KeepUnsaved(location, r)
	e.emergencyCopy(r, err)

	return r, nil
}

// saveNext saves what came after the intent, unless the store has something by now that is not older, and returns the
// record to go on with.
func (e *exchange) saveNext(ctx context.Context, intent, r *tokenstore.Record) (*tokenstore.Record, error) {
	stored, err := e.loadStored(ctx, e.at.name)
	if err != nil {
		return nil, err
	}

	switch {
	case stored == nil, stored.RefreshToken == intent.RefreshToken, r.Contains(tokenstore.Fingerprint(stored.RefreshToken)):
		return r, e.save(ctx, e.at.name, r.Replacing(stored))
	case stored.Contains(tokenstore.Fingerprint(intent.RefreshToken)):
		// SePay has exchanged the same token for two, and somebody else has saved theirs first.
		if stored.Usable(e.env.Now(), e.rejected) {
			return stored, nil
		}

		return r, nil
	}

	// Another chain has taken the name meanwhile.
	return r, e.setAside(ctx, r)
}

func (e *exchange) save(ctx context.Context, name string, r *tokenstore.Record) error {
	return tokenstore.Write(ctx, e.cfg.Store, name, r)
}

// adoptOrReject deals with a refused token. Where the store's lock does not reach everybody who uses it, somebody else
// may have rotated the token meanwhile, and their record is the one to go on with, at least with its refresh token. Only
// if not, the chain has ended.
func (e *exchange) adoptOrReject(
	ctx context.Context, a tokenendpoint.Response, intent *tokenstore.Record, before *tokenstore.Intent, lost bool,
) (*tokenstore.Record, error) {
	var stored *tokenstore.Record

	var err error

	for range tokenstore.SaveTries {
		if stored, err = e.load(ctx, e.at.name); err == nil {
			break
		}
	}

	switch {
	case err != nil:
		return nil, e.msg.cannotReadAgain(e.cfg.Store.Location(e.at.name), err)
	case stored != nil && stored.RefreshToken != intent.RefreshToken:
		if stored.Usable(e.env.Now(), e.rejected) {
			return stored, nil
		}

		return nil, tokenstore.ErrChanged
	}

	ended := intent.Replacing(stored)
	ended.Pending = before
	code := e.reason(a, ended, before, lost)

	if lost && before == nil {
		ended.Pending = intent.Pending
		ended.Pending.ResponseLost = true
	}

	ended.Rejected = &tokenstore.Rejection{
		Fingerprint: tokenstore.Fingerprint(ended.RefreshToken), At: e.env.Now(), Code: code,
		Quote: a.Quote(), Revoked: a.Reason == tokenendpoint.Revoked,
	}
	failure := e.msg.chainEnded(code, e.at.name, ended, ended.Pending)

	// Without this note the next run merely asks SePay once more. A record that was deleted meanwhile stays deleted.
	if stored != nil {
		failure.Err = e.save(ctx, e.at.name, ended)
	}

	return nil, failure
}

// settle takes the intent back after an exchange that brought nothing. When SePay may have seen the token, a note of that
// stays, so that a later refusal can be explained. A record that is no longer our intent is left alone.
func (e *exchange) settle(ctx context.Context, intent *tokenstore.Record, before *tokenstore.Intent, uncertain bool) {
	stored, err := e.loadStored(ctx, e.at.name)
	if err != nil || stored == nil || stored.Pending == nil || !stored.Pending.Equal(intent.Pending) {
		return
	}

	settled := intent.Replacing(stored)
	settled.Pending = before

	if uncertain {
		lost := *intent.Pending
		lost.ResponseLost = true

		if before != nil {
			lost = *before
		}

		lost.LostAt = e.env.Now()
		settled.Pending = &lost
	}

	// If this fails, the next run finds an intent too many, and mentions it only if SePay refuses the token.
	_ = e.save(ctx, e.at.name, settled)
}

// report logs the outcome, once it is safe to write to a pipe that may be broken.
func (e *exchange) report(ctx context.Context, err error) {
	if err != nil {
		e.log(ctx, "the refresh token could not be exchanged", map[string]any{"error": err.Error()})

		return
	}

	e.log(ctx, "the access token was renewed", map[string]any{"store": e.cfg.Store.Location(e.at.name)})
}
