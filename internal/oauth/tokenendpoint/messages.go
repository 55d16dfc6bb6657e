package tokenendpoint

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// UnreachableError is the error for a request that was never sent.
func (a Response) UnreachableError() *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeUnreachable, Summary: "Cannot reach SePay",
		Detail: fmt.Sprintf("No connection to SePay's token address could be made (%v). %s%s",
			a.Err, diagnostic.NothingSpent, reach(a.Err)),
		Err: a.Err,
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

	return fmt.Sprintf("The certificate was issued by %q. ", redact.Untrusted(issuer))
}

// reach is the next step after a connection that could not be made.
func reach(err error) string {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return issuedBy(unknown.Cert) + "Nothing on this machine vouches for it. If a proxy inspects TLS here, add its certificate " +
			"authority to those of the system, or set SSL_CERT_FILE to a file that has it; if not, check base_url. Then run again."
	}

	return "Check the network, the proxy (HTTPS_PROXY) and base_url, and run again."
}
