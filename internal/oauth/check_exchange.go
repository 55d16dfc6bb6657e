package oauth

import (
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// peerIntent records when this process first saw the intent of another machine, whose clock may differ from ours.
type peerIntent struct {
	at    time.Time // of the intent
	since time.Time
}

// exchangedElsewhere reports whether another process saved an intent for the record's token so recently that it may still be
// exchanging it. An intent of this machine counts only while its process runs.
func (s *Source) exchangedElsewhere(r *tokenstore.Record, peer *peerIntent) bool {
	if r == nil || r.Pending == nil || r.Pending.Fingerprint != tokenstore.Fingerprint(r.RefreshToken) || !r.Pending.LostAt.IsZero() {
		return false
	}

	now := s.env.Now()
	age := now.Sub(r.Pending.At)

	if r.Pending.Host == s.env.Host {
		return r.Pending.PID != s.env.PID && age >= 0 && age < tokenendpoint.ExchangeTimeout && system.ProcessAlive(r.Pending.PID)
	}

	if !peer.at.Equal(r.Pending.At) {
		*peer = peerIntent{at: r.Pending.At, since: now}
	}

	return age < tokenendpoint.ExchangeTimeout && now.Sub(peer.since) < tokenendpoint.ExchangeTimeout
}

// checkExchange returns the reason not to send the refresh token, or nil. start is when this call of Token began.
func (s *Source) checkExchange(at target, rejected string, start time.Time) error {
	r := at.record
	if r == nil && !at.startsChain {
		return s.msg.notSignedIn()
	}

	now := s.env.Now()

	if r != nil && rejected != "" && rejected == r.AccessToken && now.Before(r.ExpiresAt) {
		if age := now.Sub(r.ObtainedAt); age >= 0 && age < freshTokenAge {
			return s.msg.freshTokenRejected(age)
		}
	}

	if err := s.lifetimeTooShort(at, rejected); err != nil {
		return err
	}

	fp := tokenstore.Fingerprint(at.token(s.cfg.RefreshToken))
	if failure := s.env.Process.NoResponse(fp); failure != nil {
		return failure
	}

	if at.startsChain {
		return nil
	}

	// All runs that waited for the lost response fail alike. A run that starts later sends the token again.
	if p := r.Pending; p != nil && p.Fingerprint == fp && p.LostAt.After(start) {
		return s.msg.noResponseElsewhere(p)
	}

	if !r.IsRejected() {
		return nil
	}

	if age := now.Sub(r.Rejected.At); age >= 0 && age < rejectionTTL {
		return s.msg.chainEnded(r.Rejected.Code, at.name, r, r.Pending)
	}

	return nil
}

// lifetimeTooShort rejects a minimum that exceeds the lifetime of SePay's access tokens: a new token would not satisfy it
// either, and each refresh may revoke the token before it.
func (s *Source) lifetimeTooShort(at target, rejected string) error {
	if s.cfg.MinTTL == 0 || at.startsChain || !at.record.Usable(s.env.Now(), rejected) {
		return nil
	}

	if lifetime := at.record.ExpiresAt.Sub(at.record.ObtainedAt); lifetime <= s.cfg.MinTTL {
		return s.msg.lifetimeTooShort(s.cfg.MinTTL, lifetime)
	}

	return nil
}

// reason returns the most likely cause of a rejection. What SePay states takes precedence. previous is the intent of an earlier
// run that was interrupted or got no response, and lost reports that an earlier attempt of this run got no response.
func (e *exchange) reason(response tokenendpoint.Response, r *tokenstore.Record, previous *tokenstore.Intent, lost bool) diagnostic.Code {
	switch response.Reason {
	case tokenendpoint.UnknownToken:
		return diagnostic.CodeUnknownToken
	case tokenendpoint.OtherClient:
		return diagnostic.CodeOtherClient
	case tokenendpoint.Expired:
		return diagnostic.CodeExpired
	case tokenendpoint.Revoked, tokenendpoint.Unexplained:
	}

	switch {
	case previous != nil && previous.ResponseLost, previous == nil && lost:
		return diagnostic.CodeResponseLost
	case previous != nil:
		return diagnostic.CodeInterrupted
	case r.Generation == 0:
		return diagnostic.CodeSeedSpent
	case response.Reason == tokenendpoint.Unexplained && e.env.Now().After(r.RefreshExpiresAt):
		return diagnostic.CodeExpired
	}

	return diagnostic.CodeRejected
}
