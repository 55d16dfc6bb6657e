package oauth

import "strings"

// refusal is why SePay does not accept a refresh token, as far as its response says.
type refusal int

const (
	refusedUnexplained refusal = iota
	refusedUnknown             // it is not a token of this server
	refusedOtherClient         // it is another client's, and still good for that one
	refusedExpired
	refusedRevoked
)

// refusal reads the hint of a refusal. Other texts do not count: the usual description of invalid_grant lists all causes.
func (o object) refusal() refusal {
	hint := strings.ToLower(o.text("hint"))

	for _, known := range []struct {
		part  string
		means refusal
	}{
		{"cannot decrypt", refusedUnknown},
		{"not linked to client", refusedOtherClient},
		{"expired", refusedExpired},
		{"revoked", refusedRevoked},
	} {
		if strings.Contains(hint, known.part) {
			return known.means
		}
	}

	return refusedUnexplained
}

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
