package tokenendpoint

import "strings"

// Reason is why SePay does not accept a refresh token, as far as its response says.
type Reason int

// The reasons, as the hints of the usual authorization server name them.
const (
	Unexplained  Reason = iota
	UnknownToken        // it is not a token of this server
	OtherClient         // it is another client's, and still good for that one
	Expired
	Revoked
)

// reason reads the hint of a refusal. Other texts do not count: the usual description of invalid_grant lists all causes.
func (o object) reason() Reason {
	hint := strings.ToLower(o.text("hint"))

	for _, known := range []struct {
		part  string
		means Reason
	}{
		{"cannot decrypt", UnknownToken},
		{"not linked to client", OtherClient},
		{"expired", Expired},
		{"revoked", Revoked},
	} {
		if strings.Contains(hint, known.part) {
			return known.means
		}
	}

	return Unexplained
}
