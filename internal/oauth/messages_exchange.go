package oauth

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
)

// notGranted is the error for an exchange that failed without ending the chain.
func (m messages) notGranted(a answer) *Error {
	switch a.verdict {
	case verdictMisconfigured:
		return &Error{
			Code: CodeClientRejected, Summary: "SePay rejects the client credentials",
			Detail: fmt.Sprintf("SePay does not accept client_id %s with the configured client_secret (%s). The stored "+
				"tokens were not "+
				"touched and are not spent. Check client_id (SEPAY_CLIENT_ID) and client_secret (SEPAY_CLIENT_SECRET) "+
				"against the "+
				"client that SePay registered for you.", m.clientID, a.said()),
			Err: a.err,
		}
	case verdictBusy:
		return &Error{
			Code: CodeBusy, Summary: "SePay does not issue tokens at the moment",
			Detail: fmt.Sprintf("SePay answered %s%s. %sRun again later.", a.said(), a.askedToWait(), untouched),
			Err:    a.err,
		}
	case verdictUnreachable:
		return &Error{
			Code: CodeUnreachable, Summary: "Cannot reach SePay",
			Detail: fmt.Sprintf("No connection to SePay's token address could be made (%v). %s%s", a.err, untouched, reach(a.err)),
			Err:    a.err,
		}
	case verdictAmbiguous, verdictUnanswered:
		return m.noAnswer(a)
	case verdictGranted, verdictDead, verdictRefused, verdictCanceled:
	}

	return &Error{
		Code: CodeUnexpected, Summary: "SePay refuses to renew the access token",
		Detail: fmt.Sprintf("SePay answered %s. The stored refresh token is kept. Check base_url (SEPAY_BASE_URL) and "+
			"the client in "+
			"SePay; if both are right, authorize again with %s.", a.said(), m.loginCommand()),
		Err: a.err,
	}
}

// issuedBy names the authority, by which an administrator recognizes the own proxy's. The name is somebody else's text.
func issuedBy(certificate *x509.Certificate) string {
	if certificate == nil {
		return ""
	}

	issuer := cmp.Or(certificate.Issuer.CommonName, strings.Join(certificate.Issuer.Organization, ", "))
	if issuer == "" {
		return ""
	}

	return fmt.Sprintf("The certificate was issued by %q. ", readable(issuer))
}

// reach is the next step after a connection that could not be made.
func reach(err error) string {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return issuedBy(unknown.Cert) + "Nothing on this machine vouches for it. If a proxy inspects TLS here, add its certificate " +
			"authority to those of the system, or set SSL_CERT_FILE to a file that has it; if not, check base_url. Then run again."
	}

	return "Check the network, the proxy (HTTPS_PROXY) and base_url, and run again."
}
