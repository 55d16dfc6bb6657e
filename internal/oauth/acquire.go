package oauth

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

const (
	minPoll = 20 * time.Millisecond
	maxPoll = time.Second

	// passages bounds how often one request for a token starts over because another process has changed the record.
	passages = 5
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

	for passage := 1; ; passage++ {
		at, unlock, err := s.loadOrLock(ctx, rejected, began.Add(s.cfg.LockTimeout))
		if err != nil || unlock == nil {
			leave()

			return s.publish(at.record), err
		}

		release := func() {
			unlock()
			leave()
		}

		if err := s.refusal(at, rejected, began); err != nil {
			release()

			return AccessToken{}, err
		}

		token, err := s.detached(ctx, release, &exchange{Source: s, at: at, rejected: rejected})
		if !errors.Is(err, tokenstore.ErrChanged) {
			return token, err
		}

		// Another process has rotated the token although we had the lock: its record is the one to go on with.
		if passage == passages {
			return AccessToken{}, s.msg.CannotLock(s.cfg.Store.Location(at.name), err)
		}

		if leave, err = s.env.Process.Enter(ctx, s.clientName()); err != nil {
			return AccessToken{}, err
		}
	}
}

// loadOrLock returns a usable record, or takes the lock and returns what has to be exchanged. While somebody else has the
// lock, their result is looked for: it is most likely what we need.
func (s *Source) loadOrLock(
	ctx context.Context, rejected string, deadline time.Time,
) (at slot, unlock func(), err error) {
	var peer watch

	for poll := minPoll; ; poll = min(2*poll, maxPoll) {
		at, err := s.find(ctx)
		if err != nil {
			return slot{}, nil, err
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
			return slot{}, nil, ctx.Err()
		case err != nil:
			return slot{}, nil, s.msg.CannotLock(s.cfg.Store.Location(at.name), err)
		}

		if s.env.Now().After(deadline) {
			return slot{}, nil, s.msg.LockTimeout(s.cfg.Store.Location(at.name), holder, s.cfg.LockTimeout)
		}

		if err := s.env.Sleep(ctx, system.Jitter(poll)); err != nil {
			return slot{}, nil, err
		}
	}
}

// underLock looks again. done means that the lock is not needed: the record is usable by now, it has another name than the
// lock, or somebody is in the middle of an exchange although we hold the lock, because the lock file was deleted under
// them or the store's locks do not hold.
func (s *Source) underLock(ctx context.Context, locked, rejected string, peer *watch) (at slot, done bool, err error) {
	at, err = s.find(ctx)
	if err != nil {
		return slot{}, true, err
	}

	if at.name != locked {
		return at, true, nil
	}

	if at.record != nil && at.record.CopyPath != "" {
		at.record = s.putBack(ctx, at.name, at.record)
	}

	return at, s.usable(at, rejected) || s.exchangedElsewhere(at.record, peer), nil
}

// lockNames are the names to lock. A configured refresh token may be about to start a chain under another name, too.
func (s *Source) lockNames(at slot) []string {
	if own := s.seedName(); at.seeds && own != at.name {
		return []string{at.name, own}
	}

	return []string{at.name}
}

func (s *Source) usable(at slot, rejected string) bool {
	return !at.seeds && at.record.Usable(s.env.Now(), rejected) && s.env.Now().Add(s.cfg.MinTTL).Before(at.record.ExpiresAt)
}

// watch remembers since when an exchange of another machine has been seen. Its clock may differ from ours.
type watch struct {
	at    time.Time // of the intent
	since time.Time
}

// exchangedElsewhere tells whether another process has announced an exchange of the record's token so recently that it may
// be in the middle of it. Of this machine's processes only those that live count.
func (s *Source) exchangedElsewhere(r *tokenstore.Record, peer *watch) bool {
	if r == nil || r.Pending == nil || r.Pending.Fingerprint != tokenstore.Fingerprint(r.RefreshToken) || !r.Pending.LostAt.IsZero() {
		return false
	}

	now := s.env.Now()
	age := now.Sub(r.Pending.At)

	if r.Pending.Host == s.env.Host {
		return r.Pending.PID != s.env.PID && age >= 0 && age < tokenendpoint.ExchangeTimeout && system.ProcessAlive(r.Pending.PID)
	}

	if !peer.at.Equal(r.Pending.At) {
		*peer = watch{at: r.Pending.At, since: now}
	}

	return age < tokenendpoint.ExchangeTimeout && now.Sub(peer.since) < tokenendpoint.ExchangeTimeout
}

// refusal says why no exchange should be tried, or returns nil. began is when this request for a token did.
func (s *Source) refusal(at slot, rejected string, began time.Time) error {
	r := at.record
	if r == nil && !at.seeds {
		return s.msg.notSignedIn()
	}

	now := s.env.Now()

	if r != nil && rejected != "" && rejected == r.AccessToken && now.Before(r.ExpiresAt) {
		if age := now.Sub(r.ObtainedAt); age >= 0 && age < freshTokenAge {
			return s.msg.freshTokenRejected(age)
		}
	}

	if err := s.tooLong(at, rejected); err != nil {
		return err
	}

	fp := tokenstore.Fingerprint(at.token(s.cfg.RefreshToken))
	if failure := s.env.Process.Unanswered(fp); failure != nil {
		return failure
	}

	if at.seeds {
		return nil
	}

	// Runs that waited for the same response have the same result. One that starts later tries the token again.
	if p := r.Pending; p != nil && p.Fingerprint == fp && p.LostAt.After(began) {
		return s.msg.noAnswerElsewhere(p)
	}

	if !r.IsRejected() {
		return nil
	}

	if age := now.Sub(r.Rejected.At); age >= 0 && age < refusalMemory {
		return s.msg.chainEnded(r.Rejected.Code, at.name, r, r.Pending)
	}

	return nil
}

// tooLong refuses a life that no token of SePay has: each new one would be as short-lived as the record's, and each
// exchange may revoke the former.
func (s *Source) tooLong(at slot, rejected string) error {
	if s.cfg.MinTTL == 0 || at.seeds || !at.record.Usable(s.env.Now(), rejected) {
		return nil
	}

	if life := at.record.ExpiresAt.Sub(at.record.ObtainedAt); life <= s.cfg.MinTTL {
		return s.msg.tooLong(s.cfg.MinTTL, life)
	}

	return nil
}

// detached runs the exchange apart from the run's cancellation: once the token is on its way, the answer must be saved
// whether or not anybody still waits for it.
func (s *Source) detached(ctx context.Context, release func(), e *exchange) (AccessToken, error) {
	// In this order: whoever cancels the run and then waits for exchanges finds this one, or prevents it.
	s.env.Process.Exchanges.Begin()

	if err := ctx.Err(); err != nil {
		release()
		s.env.Process.Exchanges.End()

		return AccessToken{}, err
	}

	type result struct {
		record *tokenstore.Record
		err    error
	}

	done := make(chan result, 1)

	go func() {
		letGo := s.env.HoldSignals()

		r, err := e.run(context.WithoutCancel(ctx), ctx.Done())

		release()
		done <- result{r, err}

		// Held signals act before main may end, so that whoever handles them still does.
		letGo()
		s.env.Process.Exchanges.End()
	}()

	select {
	case got := <-done:
		e.report(ctx, got.err)

		return s.publish(got.record), got.err
	case <-ctx.Done():
		return AccessToken{}, ctx.Err()
	}
}

// publish makes the record's access token the current one of this source.
func (s *Source) publish(r *tokenstore.Record) AccessToken {
	if r == nil {
		return AccessToken{}
	}

	s.mask(r.RefreshToken, r.AccessToken)

	s.remind(nil, r)

	token := AccessToken{Value: r.AccessToken, ExpiresAt: r.ExpiresAt, usableUntil: r.UsableUntil()}
	s.current.Store(&token)

	return token
}

const (
	// refusalMemory is how long a refused refresh token is not tried again.
	refusalMemory = 10 * time.Minute
	// freshTokenAge is the age under which a rejected access token is not a reason to refresh again.
	freshTokenAge = 60 * time.Second
)
