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

// This file implements the algorithm of DESIGN.md, in the same order. The steps use the other files of this package: find.go
// and choose.go select the record, check_exchange.go decides when no exchange is attempted, new_chain.go starts a chain, exchange.go
// detaches an exchange from the run, and messages_ended.go has the messages of the failure table.

const (
	minPoll = 20 * time.Millisecond
	maxPoll = time.Second

	// maxRestarts is how often one call of Token starts over because another process changed the record.
	maxRestarts = 5
	// rejectionTTL is how long a rejected refresh token is not sent again.
	rejectionTTL = 10 * time.Minute
	// freshTokenAge is the minimum age of a rejected access token for a refresh: a newer one would be rejected, too.
	freshTokenAge = 60 * time.Second
)

// acquire returns an access token of the stored chain. It refreshes only if the stored access token cannot be used.
func (s *Source) acquire(ctx context.Context, rejected string) (AccessToken, error) {
	if err := s.client.Check(); err != nil {
		return AccessToken{}, err
	}

	start := s.env.Now()

	unlockClient, err := s.env.Process.LockClient(ctx, s.clientName())
	if err != nil {
		return AccessToken{}, err
	}

	for restart := 0; ; restart++ {
		// Steps 1 to 3.
		at, unlock, err := s.loadOrLock(ctx, rejected, start.Add(s.cfg.LockTimeout))
		if err != nil || unlock == nil {
			unlockClient()

			return s.publish(at.record), err
		}

		release := func() {
			unlock()
			unlockClient()
		}

		if err := s.checkExchange(at, rejected, start); err != nil {
			release()

			return AccessToken{}, err
		}

		// Steps 4 to 9.
		token, err := s.runDetached(ctx, release, &exchange{Source: s, at: at, rejected: rejected})
		if !errors.Is(err, tokenstore.ErrChanged) {
			return token, err
		}

		// Another process rotated the token in spite of our lock. Its record has the valid token.
		if restart == maxRestarts-1 {
			return AccessToken{}, s.msg.CannotLock(s.cfg.Store.Location(at.name), err)
		}

		if unlockClient, err = s.env.Process.LockClient(ctx, s.clientName()); err != nil {
			return AccessToken{}, err
		}
	}
}

// loadOrLock is steps 1 and 2. It returns a usable record and no unlock, or acquires the lock and returns the record to
// exchange. While another process holds the lock, it polls for the record that this process is about to save.
func (s *Source) loadOrLock(
	ctx context.Context, rejected string, deadline time.Time,
) (at target, unlock func(), err error) {
	var peer peerIntent

	for poll := minPoll; ; poll = min(2*poll, maxPoll) {
		at, err := s.find(ctx)
		if err != nil {
			return target{}, nil, err
		}

		// A record from an emergency copy has to be restored, which needs the lock.
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

// underLock is step 3: it loads the record again. done reports that the lock is not needed: the record is usable by now, it
// has another name than the locked one, or another process is exchanging it in spite of our lock. The last happens if
// someone deletes the lock file, or if the store's locks do not exclude other processes.
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

// run returns the record with the new access token. tokenstore.ErrChanged means that another process rotated the token, and
// that its record has to be loaded first.
func (e *exchange) run(ctx context.Context, canceled <-chan struct{}) (*tokenstore.Record, error) {
	// Steps 4 and 5.
	intent, previous, err := e.saveIntent(ctx)
	if err != nil {
		return nil, err
	}

	e.mask(intent.RefreshToken)
	e.env.Step(system.StepIntent)

	// Step 6.
	bounded, stop := context.WithTimeout(ctx, tokenendpoint.ExchangeTimeout)
	response, sent := e.client.Refresh(bounded, canceled, intent.RefreshToken)

	stop()
	e.env.Step(system.StepResponded)

	// Step 7.
	switch response.Outcome {
	case tokenendpoint.Granted:
		next := intent.Next(response.Grant, e.env.Now())
		e.warnOfExpiry(e.at.record, next)

		return e.saveGranted(ctx, intent, next)
	case tokenendpoint.TokenRejected:
		return e.adoptOrReject(ctx, response, intent, previous, sent)
	case tokenendpoint.Ambiguous, tokenendpoint.NoResponse:
		response.Resent, sent = sent, true
	case tokenendpoint.ClientRejected, tokenendpoint.Rejected, tokenendpoint.Busy, tokenendpoint.Unreachable, tokenendpoint.Canceled:
		if sent {
			response.Resent, response.Outcome = true, tokenendpoint.Ambiguous
		}
	}

	e.withdrawIntent(ctx, intent, previous, sent)

	failure := e.msg.notGranted(response)
	if sent {
		e.env.Process.RecordNoResponse(tokenstore.Fingerprint(intent.RefreshToken), failure)
	}

	e.warnOfExpiry(e.at.record, nil)

	return nil, failure
}

// saveIntent is steps 4 and 5. It saves the intent to exchange the token: if that fails, the new token could not be saved
// either, so nothing is sent. previous is the intent of an earlier run for the same token, which ended before removing it.
func (e *exchange) saveIntent(ctx context.Context) (intent *tokenstore.Record, previous *tokenstore.Intent, err error) {
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
		previous = next.Pending
	}

	next.Pending = &tokenstore.Intent{Fingerprint: fp, At: e.env.Now(), PID: e.env.PID, Host: e.env.Host}

	err = e.save(ctx, e.at.name, next)

	switch {
	case errors.Is(err, tokenstore.ErrChanged):
		return nil, nil, err
	case err != nil:
		return nil, nil, e.msg.CannotWrite(e.cfg.Store.Location(e.at.name), err)
	}

	return next, previous, nil
}

// adoptOrReject is step 7 for a rejected token. If the store's lock does not reach all its users, another process may have
// rotated the token in the meantime. Then its record is used, at least its refresh token. Otherwise the chain has ended.
func (e *exchange) adoptOrReject(
	ctx context.Context, response tokenendpoint.Response, intent *tokenstore.Record, previous *tokenstore.Intent, lost bool,
) (*tokenstore.Record, error) {
	var stored *tokenstore.Record

	var err error

	for range tokenstore.SaveAttempts {
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
	ended.Pending = previous
	code := e.reason(response, ended, previous, lost)

	if lost && previous == nil {
		ended.Pending = intent.Pending
		ended.Pending.ResponseLost = true
	}

	ended.Rejected = &tokenstore.Rejection{
		Fingerprint: tokenstore.Fingerprint(ended.RefreshToken), At: e.env.Now(), Code: code,
		Quote: response.Quote(), Revoked: response.Reason == tokenendpoint.Revoked,
	}
	failure := e.msg.chainEnded(code, e.at.name, ended, ended.Pending)

	// If this fails, the next run only asks SePay again. A record that was deleted in the meantime stays deleted.
	if stored != nil {
		failure.Err = e.save(ctx, e.at.name, ended)
	}

	return nil, failure
}

// saveGranted is step 8: it saves the new tokens. The run uses them even if the save fails: no others are valid.
func (e *exchange) saveGranted(ctx context.Context, intent, r *tokenstore.Record) (*tokenstore.Record, error) {
	e.mask(r.AccessToken, r.RefreshToken)

	location := e.cfg.Store.Location(e.at.name)

	var err error

	for range tokenstore.SaveAttempts {
		var used *tokenstore.Record
		if used, err = e.saveUnlessNewer(ctx, intent, r); err == nil {
			e.env.Process.SetUnsaved(location, nil)
			e.env.Step(system.StepSaved)
			e.removeCopies(e.at.name)

			return used, nil
		}
	}

	e.env.Process.SetUnsaved(location, r)
	e.writeEmergencyCopy(r, err)

	return r, nil
}

// saveUnlessNewer saves the new record r, unless the store has a record by now that is at least as new. It returns the
// record to use.
func (e *exchange) saveUnlessNewer(ctx context.Context, intent, r *tokenstore.Record) (*tokenstore.Record, error) {
	stored, err := e.loadStored(ctx, e.at.name)
	if err != nil {
		return nil, err
	}

	switch {
	case stored == nil, stored.RefreshToken == intent.RefreshToken, r.Contains(tokenstore.Fingerprint(stored.RefreshToken)):
		return r, e.save(ctx, e.at.name, r.Replacing(stored))
	case stored.Contains(tokenstore.Fingerprint(intent.RefreshToken)):
		// SePay exchanged the same token twice, and the other process saved its result first.
		if stored.Usable(e.env.Now(), e.rejected) {
			return stored, nil
		}

		return r, nil
	}

	// Another chain was saved under this name in the meantime.
	return r, e.saveReplaced(ctx, r)
}
