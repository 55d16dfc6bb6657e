package oauth

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// This file is the algorithm of DESIGN.md, step by step and in its order. What a step needs is in the files next to it:
// find.go and choose.go find the record, refusal.go says when no exchange is tried, new_chain.go starts a chain, exchange.go
// detaches an exchange from the run, and messages_ended.go has the texts of the design's failure table.

const (
	minPoll = 20 * time.Millisecond
	maxPoll = time.Second

	// maxRestarts bounds how often one request for a token starts over because another process has changed the record.
	maxRestarts = 5
	// refusalMemory is how long a refused refresh token is not tried again.
	refusalMemory = 10 * time.Minute
	// freshTokenAge is the age under which a rejected access token is not a reason to refresh again.
	freshTokenAge = 60 * time.Second
)

// acquire gets an access token from the stored chain, and exchanges the refresh token when no other one is usable.
func (s *Source) acquire(ctx context.Context, rejected string) (AccessToken, error) {
	if err := s.client.Check(); err != nil {
		return AccessToken{}, err
	}

	began := s.env.Now()

	leave, err := s.env.Process.Enter(ctx, s.clientName())
	if err != nil {
		return AccessToken{}, err
	}

	for restart := 0; ; restart++ {
		// Steps 1 to 3.
		at, unlock, err := s.loadOrLock(ctx, rejected, began.Add(s.cfg.LockTimeout))
		if err != nil || unlock == nil {
			leave()

			return s.publish(at.record), err
		}

		release := func() {
			unlock()
			leave()
		}

		if err := s.mustNotExchange(at, rejected, began); err != nil {
			release()

			return AccessToken{}, err
		}

		// Steps 4 to 9.
		token, err := s.detached(ctx, release, &exchange{Source: s, at: at, rejected: rejected})
		if !errors.Is(err, tokenstore.ErrChanged) {
			return token, err
		}

		// Another process has rotated the token although we had the lock: its record is the one to go on with.
		if restart == maxRestarts-1 {
			return AccessToken{}, s.msg.CannotLock(s.cfg.Store.Location(at.name), err)
		}

		if leave, err = s.env.Process.Enter(ctx, s.clientName()); err != nil {
			return AccessToken{}, err
		}
	}
}

// loadOrLock is steps 1 and 2. It returns a usable record, or takes the lock and returns what has to be exchanged. While
// somebody else has the lock, their result is looked for: it is most likely what we need.
func (s *Source) loadOrLock(
	ctx context.Context, rejected string, deadline time.Time,
) (at target, unlock func(), err error) {
	var peer peerIntent

	for poll := minPoll; ; poll = min(2*poll, maxPoll) {
		at, err := s.find(ctx)
		if err != nil {
			return target{}, nil, err
		}

		// What was read from an emergency copy has to be put back, under the lock.
		if s.usable(at, rejected) && at.record.CopyPath == "" {
			return at, nil, nil
		}

		unlock, holder, err := s.cfg.Store.TryLock(ctx, s.clientName(), s.lockNames(at)...)

		switch {
		case err == nil && unlock != nil:
			locked, done, err := s.underLock(ctx, at.name, rejected, &peer)
			if err == nil && !done {
				s.env.Step(system.StepLocked)

				return locked, unlock, nil
			}

			unlock()

			if err != nil || s.usable(locked, rejected) {
				return locked, nil, err
			}

			holder = locked.record.Holder()
		case s.usable(at, rejected):
			return at, nil, nil
		case err != nil && ctx.Err() != nil:
			return target{}, nil, ctx.Err()
		case err != nil:
			return target{}, nil, s.msg.CannotLock(s.cfg.Store.Location(at.name), err)
		}

		if s.env.Now().After(deadline) {
			return target{}, nil, s.msg.LockTimeout(s.cfg.Store.Location(at.name), holder, s.cfg.LockTimeout)
		}

		if err := s.env.Sleep(ctx, system.Jitter(poll)); err != nil {
			return target{}, nil, err
		}
	}
}

// underLock is step 3: it looks again. done means that the lock is not needed: the record is usable by now, it has another
// name than the lock, or somebody is in the middle of an exchange although we hold the lock, because the lock file was
// deleted under them or the store's locks do not hold.
func (s *Source) underLock(ctx context.Context, locked, rejected string, peer *peerIntent) (at target, done bool, err error) {
	at, err = s.find(ctx)
	if err != nil {
		return target{}, true, err
	}

	if at.name != locked {
		return at, true, nil
	}

	if at.record != nil && at.record.CopyPath != "" {
		at.record = s.restoreCopy(ctx, at.name, at.record)
	}

	return at, s.usable(at, rejected) || s.exchangedElsewhere(at.record, peer), nil
}

// run returns the record with the new access token. errChanged means that another process has rotated the token, and that
// its record has to be looked at first.
func (e *exchange) run(ctx context.Context, canceled <-chan struct{}) (*tokenstore.Record, error) {
	// Steps 4 and 5.
	intent, before, err := e.saveIntent(ctx)
	if err != nil {
		return nil, err
	}

	e.mask(intent.RefreshToken)
	e.env.Step(system.StepIntent)

	// Step 6.
	bounded, stop := context.WithTimeout(ctx, tokenendpoint.ExchangeTimeout)
	a, sent := e.client.Refresh(bounded, canceled, intent.RefreshToken)

	stop()
	e.env.Step(system.StepAnswered)

	// Step 7.
	switch a.Outcome {
	case tokenendpoint.Granted:
		next := intent.Next(a.Grant, e.env.Now())
		e.remind(e.at.record, next)

		return e.saveGranted(ctx, intent, next)
	case tokenendpoint.TokenRejected:
		return e.adoptOrReject(ctx, a, intent, before, sent)
	case tokenendpoint.Ambiguous, tokenendpoint.NoResponse:
		a.Resent, sent = sent, true
	case tokenendpoint.ClientRejected, tokenendpoint.Rejected, tokenendpoint.Busy, tokenendpoint.Unreachable, tokenendpoint.Canceled:
		if sent {
			a.Resent, a.Outcome = true, tokenendpoint.Ambiguous
		}
	}

	e.withdrawIntent(ctx, intent, before, sent)

	failure := e.msg.notGranted(a)
	if sent {
		e.env.Process.MarkUnanswered(tokenstore.Fingerprint(intent.RefreshToken), failure)
	}

	e.remind(e.at.record, nil)

	return nil, failure
}

// saveIntent is steps 4 and 5. It announces the exchange. When that cannot be saved, the result could not be either, and
// nothing is spent. before is the intent of an earlier run on the same token, which that run did not live to remove.
func (e *exchange) saveIntent(ctx context.Context) (intent *tokenstore.Record, before *tokenstore.Intent, err error) {
	var next *tokenstore.Record

	if e.at.startsChain {
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

// adoptOrReject is step 7 for a dead token: it deals with a refused token. Where the store's lock does not reach everybody
// who uses it, somebody else may have rotated the token meanwhile, and their record is the one to go on with, at least with
// its refresh token. Only if not, the chain has ended.
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

// saveGranted is step 8: it saves the new tokens. They are used in any case: they are the only ones that work.
func (e *exchange) saveGranted(ctx context.Context, intent, r *tokenstore.Record) (*tokenstore.Record, error) {
	e.mask(r.AccessToken, r.RefreshToken)

	location := e.cfg.Store.Location(e.at.name)

	var err error

	for range tokenstore.SaveTries {
		var used *tokenstore.Record
		if used, err = e.saveUnlessNewer(ctx, intent, r); err == nil {
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

// saveUnlessNewer saves what came after the intent, unless the store has something by now that is not older, and returns the
// record to go on with.
func (e *exchange) saveUnlessNewer(ctx context.Context, intent, r *tokenstore.Record) (*tokenstore.Record, error) {
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
	return r, e.keepReplaced(ctx, r)
}
