package oauth

import (
	"context"
	"time"
)

const (
	firstPoll = 20 * time.Millisecond
	lastPoll  = time.Second
)

// acquire gets an access token from the stored chain, and exchanges the refresh token when no other one is usable.
func (s *Source) acquire(ctx context.Context, rejected string) (AccessToken, error) {
	if err := s.checkExchange(); err != nil {
		return AccessToken{}, err
	}

	deadline := s.env.now().Add(s.cfg.LockTimeout)

	name, err := s.resolve(ctx)
	if err != nil {
		return AccessToken{}, err
	}

	shared := chainOf(s.cfg.Store, name)
	if err := shared.enter(ctx); err != nil {
		return AccessToken{}, err
	}

	r, unlock, err := s.loadOrLock(ctx, name, rejected, deadline)
	if err != nil || unlock == nil {
		shared.leave()

		return s.publish(r), err
	}

	release := func() {
		unlock()
		shared.leave()
	}

	if err := s.refusal(name, r, rejected); err != nil {
		release()

		return AccessToken{}, err
	}

	return s.detached(ctx, release, &exchange{Source: s, name: name, shared: shared, rejected: rejected, base: r})
}

// loadOrLock returns a usable record, or takes the lock and returns the record that has to be refreshed, which is nil
// when there is none. While somebody else has the lock, their result is looked for: it is most likely what we need.
func (s *Source) loadOrLock(
	ctx context.Context, name, rejected string, deadline time.Time,
) (r *record, unlock func(), err error) {
	for poll := firstPoll; ; poll = min(2*poll, lastPoll) {
		r, err := s.load(ctx, name)
		if err != nil {
			return nil, nil, err
		}

		if s.usable(r, rejected) {
			return r, nil, nil
		}

		unlock, holder, err := s.cfg.Store.tryLock(ctx, name)
		if err != nil {
			if ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}

			return nil, nil, s.msg.cannotLock(s.cfg.Store.location(name), err)
		}

		if unlock != nil {
			r, done, err := s.underLock(ctx, name, rejected)
			if err == nil && !done {
				s.env.step(stepLocked)

				return r, unlock, nil
			}

			unlock()

			if err != nil || s.usable(r, rejected) {
				return r, nil, err
			}

			holder = r.Pending.holder()
		}

		if s.env.now().After(deadline) {
			return nil, nil, s.msg.lockTimeout(s.cfg.Store.location(name), holder, s.cfg.LockTimeout)
		}

		if err := s.env.sleep(ctx, jittered(poll)); err != nil {
			return nil, nil, err
		}
	}
}

// underLock loads the record again. done means that the lock is not needed: the record is usable by now, or somebody
// is in the middle of an exchange although we hold the lock, because the lock file was deleted under them or the file
// system does not respect locks.
func (s *Source) underLock(ctx context.Context, name, rejected string) (r *record, done bool, err error) {
	r, err = s.load(ctx, name)
	if err != nil {
		return nil, true, err
	}

	if r, err = s.restored(ctx, name, r); err != nil {
		return nil, true, err
	}

	return r, s.usable(r, rejected) || s.exchangedElsewhere(r), nil
}

func (s *Source) usable(r *record, rejected string) bool {
	return r.usable(s.env.now(), rejected) && !s.seedIsNew(r)
}

// exchangedElsewhere tells whether another process of this machine that still lives has announced an exchange of the
// record's token so recently that it must be in the middle of it.
func (s *Source) exchangedElsewhere(r *record) bool {
	if r == nil || r.Pending == nil || r.Pending.Fingerprint != fingerprint(r.RefreshToken) || r.Pending.AnswerLost {
		return false
	}

	age := s.env.now().Sub(r.Pending.At)

	return r.Pending.Host == s.env.host && r.Pending.PID != s.env.pid && age >= 0 && age < exchangeTimeout &&
		processAlive(r.Pending.PID)
}

// restored returns the former record of a key when the new seed that replaced it never worked, and the configuration no
// longer asks for it.
func (s *Source) restored(ctx context.Context, name string, r *record) (*record, error) {
	if r == nil || r.Generation > 0 || !r.dead() && !s.seedIsNew(r) {
		return r, nil
	}

	former, err := s.load(ctx, backupName(name))
	if err != nil || former == nil {
		return r, err
	}

	if s.cfg.RefreshToken == "" || s.seedIsNew(r) && !s.seedIsNew(former) {
		return former, nil
	}

	return r, nil
}

// refusal says why no exchange should be tried, or returns nil.
func (s *Source) refusal(name string, r *record, rejected string) error {
	if r == nil {
		if s.cfg.RefreshToken == "" {
			return s.msg.notSignedIn()
		}

		return nil
	}

	now := s.env.now()

	if age := now.Sub(r.ObtainedAt); rejected != "" && rejected == r.AccessToken && age >= 0 && age < freshTokenAge &&
		now.Before(r.ExpiresAt) {
		return s.msg.freshTokenRejected(age)
	}

	if s.seedIsNew(r) || !r.dead() {
		return nil
	}

	if age := now.Sub(r.Rejected.At); age >= 0 && age < refusalMemory {
		return s.msg.chainEnded(r.Rejected.Code, name, r, r.Pending)
	}

	return nil
}

// detached runs the exchange apart from the run's cancellation: once the token is on its way, the answer must be saved
// whether or not anybody still waits for it.
func (s *Source) detached(ctx context.Context, release func(), e *exchange) (AccessToken, error) {
	if err := ctx.Err(); err != nil {
		release()

		return AccessToken{}, err
	}

	type result struct {
		record *record
		err    error
	}

	done := make(chan result, 1)

	exchangeBegins()

	go func() {
		letGo := holdSignals()

		r, err := e.run(context.WithoutCancel(ctx), ctx.Done())

		release()
		done <- result{r, err}

		// Held signals act before main may end, so that whoever handles them still does.
		letGo()
		exchangeEnds()
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
func (s *Source) publish(r *record) AccessToken {
	if r == nil {
		return AccessToken{}
	}

	s.mask(r.RefreshToken, r.AccessToken)

	s.remind(nil, r)

	token := AccessToken{Value: r.AccessToken, ExpiresAt: r.ExpiresAt, usableUntil: r.usableUntil()}
	s.current.Store(&token)

	return token
}
