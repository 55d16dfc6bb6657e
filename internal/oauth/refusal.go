package oauth

import (
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// peerIntent remembers since when an exchange of another machine has been seen. Its clock may differ from ours.
type peerIntent struct {
	at    time.Time // of the intent
	since time.Time
}

// exchangedElsewhere tells whether another process has announced an exchange of the record's token so recently that it may
// be in the middle of it. Of this machine's processes only those that live count.
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

// mustNotExchange says why no exchange should be tried, or returns nil. began is when this request for a token did.
func (s *Source) mustNotExchange(at target, rejected string, began time.Time) error {
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
	if failure := s.env.Process.Unanswered(fp); failure != nil {
		return failure
	}

	if at.startsChain {
		return nil
	}

	// Runs that waited for the same response have the same result. One that starts later tries the token again.
	if p := r.Pending; p != nil && p.Fingerprint == fp && p.LostAt.After(began) {
		return s.msg.noResponseElsewhere(p)
	}

	if !r.IsRejected() {
		return nil
	}

	if age := now.Sub(r.Rejected.At); age >= 0 && age < refusalMemory {
		return s.msg.chainEnded(r.Rejected.Code, at.name, r, r.Pending)
	}

	return nil
}

// lifetimeTooShort refuses a life that no token of SePay has: each new one would be as short-lived as the record's, and each
// exchange may revoke the former.
func (s *Source) lifetimeTooShort(at target, rejected string) error {
	if s.cfg.MinTTL == 0 || at.startsChain || !at.record.Usable(s.env.Now(), rejected) {
		return nil
	}

	if life := at.record.ExpiresAt.Sub(at.record.ObtainedAt); life <= s.cfg.MinTTL {
		return s.msg.lifetimeTooShort(s.cfg.MinTTL, life)
	}

	return nil
}

// reason finds out what most likely ended the chain. SePay's word comes first. before is the exchange of an earlier run that
// did not end well, and lost tells that an earlier attempt of this one had no response.
func (e *exchange) reason(a tokenendpoint.Response, r *tokenstore.Record, before *tokenstore.Intent, lost bool) diagnostic.Code {
	switch a.Reason {
	case tokenendpoint.UnknownToken:
		return diagnostic.CodeUnknownToken
	case tokenendpoint.OtherClient:
		return diagnostic.CodeOtherClient
	case tokenendpoint.Expired:
		return diagnostic.CodeExpired
	case tokenendpoint.Revoked, tokenendpoint.Unexplained:
	}

	switch {
	case before != nil && before.ResponseLost, before == nil && lost:
		return diagnostic.CodeResponseLost
	case before != nil:
		return diagnostic.CodeInterrupted
	case r.Generation == 0:
		return diagnostic.CodeSeedSpent
	case a.Reason == tokenendpoint.Unexplained && e.env.Now().After(r.RefreshExpiresAt):
		return diagnostic.CodeExpired
	}

	return diagnostic.CodeRefused
}
