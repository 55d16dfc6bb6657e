package oauth

import (
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// exchange is one passage through the critical section: lock and turn are held, and the token is about to be spent.
// Nothing is logged in here: Terraform may be gone, and writing to its pipe would end the process.
type exchange struct {
	*Source

	at       target
	rejected string
}

func (e *exchange) save(ctx context.Context, name string, r *tokenstore.Record) error {
	return tokenstore.Write(ctx, e.cfg.Store, name, r)
}

// withdrawIntent is step 7 for every other outcome: it takes the intent back after an exchange that brought nothing. When
// SePay may have seen the token, a note of that stays, so that a later refusal can be explained. A record that is no longer
// our intent is left alone.
func (e *exchange) withdrawIntent(ctx context.Context, intent *tokenstore.Record, before *tokenstore.Intent, uncertain bool) {
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

// lockNames are the names to lock. A configured refresh token may be about to start a chain under another name, too.
func (s *Source) lockNames(at target) []string {
	if own := s.seedName(); at.startsChain && own != at.name {
		return []string{at.name, own}
	}

	return []string{at.name}
}

func (s *Source) usable(at target, rejected string) bool {
	return !at.startsChain && at.record.Usable(s.env.Now(), rejected) && s.env.Now().Add(s.cfg.MinTTL).Before(at.record.ExpiresAt)
}

// detached runs the exchange apart from the run's cancellation: once the token is on its way, the response must be saved
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
		resume := s.env.HoldSignals()

		r, err := e.run(context.WithoutCancel(ctx), ctx.Done())

		release()
		done <- result{r, err}

		// Held signals act before main may end, so that whoever handles them still does.
		resume()
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
