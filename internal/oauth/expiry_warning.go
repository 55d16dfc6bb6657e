package oauth

import (
	"fmt"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// warnOfExpiry warns if the sign-in expires soon. before is the record at the start of this run, and now the one that it
// continues with; nil means none.
func (s *Source) warnOfExpiry(before, now *tokenstore.Record) {
	clock := s.env.Now()

	switch {
	case now != nil && tokenstore.ExpiresSoon(now.RefreshExpiresAt, clock):
		s.warnings.Add(s.msg.expiresSoon(now.RefreshExpiresAt))
	case now == nil && before != nil && tokenstore.ExpiresSoon(before.RefreshExpiresAt, clock):
		s.warnings.Add(s.msg.expiresSoon(before.RefreshExpiresAt))
	case now != nil && before != nil && before.Generation > 0 && tokenstore.ExpiresSoon(before.RefreshExpiresAt, clock):
		s.warnings.Add(s.msg.renewedLate(before, now))
	}
}

func (m messages) expiresSoon(at time.Time) diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The SePay sign-in expires soon",
		Detail: fmt.Sprintf("It expires on %s if it is not renewed before. A run that needs a new access token renews it. If "+
			"that does not happen before that day, sign in again with %s.", at.UTC().Format(time.DateOnly), m.QuotedLoginCommand()),
	}
}

func (m messages) renewedLate(before, now *tokenstore.Record) diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The SePay sign-in was close to expiry",
		Detail: fmt.Sprintf("It was last renewed on %s and would have expired on %s. This run renewed it: unused, it now expires "+
			"on %s. Run Terraform more often, for example with a scheduled plan each week.",
			before.ObtainedAt.UTC().Format(time.DateOnly), before.RefreshExpiresAt.UTC().Format(time.DateOnly),
			now.RefreshExpiresAt.UTC().Format(time.DateOnly)),
	}
}
