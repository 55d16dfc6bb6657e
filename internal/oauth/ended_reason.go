package oauth

// reason finds out what most likely ended the chain. SePay's word comes first. before is the exchange of an earlier run that
// did not end well, and lost tells that an earlier attempt of this one had no response.
func (e *exchange) reason(a answer, r *record, before *pending, lost bool) Code {
	switch a.refusal {
	case refusedUnknown:
		return CodeUnknownToken
	case refusedOtherClient:
		return CodeOtherClient
	case refusedExpired:
		return CodeExpired
	case refusedRevoked, refusedUnexplained:
	}

	switch {
	case before != nil && before.AnswerLost, before == nil && lost:
		return CodeAnswerLost
	case before != nil:
		return CodeInterrupted
	case r.Generation == 0:
		return CodeSeedSpent
	case a.refusal == refusedUnexplained && e.env.now().After(r.RefreshExpiresAt):
		return CodeExpired
	}

	return CodeRefused
}
