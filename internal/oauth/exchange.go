package oauth

import (
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// exchange is one exchange of a refresh token, with the locks of the store and of the process held. It must not log: Terraform
// may have exited, and a write to its closed pipe would end the process.
type exchange struct {
	*Source

	at       target
	rejected string
}

func (e *exchange) save(ctx context.Context, name string, r *tokenstore.Record) error {
	return tokenstore.Write(ctx, e.cfg.Store, name, r)
}

// withdrawIntent is step 7 for all other outcomes: it removes the intent after an exchange without a result. If SePay may have
// received the token (sent), the record keeps that fact, to explain a later rejection. A record with another intent is not
// changed.
func (e *exchange) withdrawIntent(ctx context.Context, intent *tokenstore.Record, previous *tokenstore.Intent, sent bool) {
	stored, err := e.loadStored(ctx, e.at.name)
	if err != nil || stored == nil || stored.Pending == nil || !stored.Pending.Equal(intent.Pending) {
		return
	}

	updated := intent.Replacing(stored)
	updated.Pending = previous

	if sent {
		lost := *intent.Pending
		lost.ResponseLost = true

		if previous != nil {
			lost = *previous
		}

		lost.LostAt = e.env.Now()
		updated.Pending = &lost
	}

	// If this fails, the next run finds the intent, and reports it only if SePay rejects the token.
	_ = e.save(ctx, e.at.name, updated)
}

// report logs the outcome. The tokens are saved by now, so a broken pipe does no harm.
func (e *exchange) report(ctx context.Context, err error) {
	if err != nil {
		e.log(ctx, "the token refresh failed", map[string]any{"error": err.Error()})

		return
	}

	e.log(ctx, "refreshed the access token", map[string]any{"store": e.cfg.Store.Location(e.at.name)})
}

// lockNames returns the records to lock. A run with another key may start a chain from the same seed, so the seed's name is
// locked, too.
func (s *Source) lockNames(at target) []string {
	if own := s.seedName(); at.startsChain && own != at.name {
		return []string{at.name, own}
	}

	return []string{at.name}
}

func (s *Source) usable(at target, rejected string) bool {
	return !at.startsChain && at.record.Usable(s.env.Now(), rejected) && s.env.Now().Add(s.cfg.MinTTL).Before(at.record.ExpiresAt)
}

// runDetached runs the exchange detached from the cancellation of the run: once the token is sent, the response must be saved
// even if the caller has stopped waiting.
func (s *Source) runDetached(ctx context.Context, release func(), e *exchange) (AccessToken, error) {
	// Begin precedes the check of the context: a caller that cancels and then waits either prevents this exchange or waits for it.
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
		releaseSignals := s.env.HoldSignals()

		r, err := e.run(context.WithoutCancel(ctx), ctx.Done())

		release()
		done <- result{r, err}

		// Deliver held signals before main may return, so that their handlers still run.
		releaseSignals()
		s.env.Process.Exchanges.End()
	}()

	select {
	case r := <-done:
		e.report(ctx, r.err)

		return s.publish(r.record), r.err
	case <-ctx.Done():
		return AccessToken{}, ctx.Err()
	}
}

// publish caches the record's access token in this source and returns it.
func (s *Source) publish(r *tokenstore.Record) AccessToken {
	if r == nil {
		return AccessToken{}
	}

	s.mask(r.RefreshToken, r.AccessToken)

	s.warnOfExpiry(nil, r)

	token := AccessToken{Value: r.AccessToken, ExpiresAt: r.ExpiresAt, usableUntil: r.UsableUntil()}
	s.current.Store(&token)

	return token
}
