package tokenendpoint

import "strings"

// Reason is why SePay rejects a refresh token, according to its response.
type Reason int

// The reasons, which league/oauth2-server states in the hint of an error.
const (
	Unexplained  Reason = iota
	UnknownToken        // not issued by this server
	OtherClient         // issued to another client, for which it is still valid
	Expired
	Revoked
)

// reason evaluates the hint of an error. It ignores the description, which lists all possible causes of invalid_grant.
func (o object) reason() Reason {
	hint := strings.ToLower(o.text("hint"))

	for _, known := range []struct {
		text   string
		reason Reason
	}{
		{"cannot decrypt", UnknownToken},
		{"not linked to client", OtherClient},
		{"expired", Expired},
		{"revoked", Revoked},
	} {
		if strings.Contains(hint, known.text) {
			return known.reason
		}
	}

	return Unexplained
}
