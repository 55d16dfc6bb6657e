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
