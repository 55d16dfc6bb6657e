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

// UnreachableError is the error for a request that was not sent.
func (r Response) UnreachableError() *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeUnreachable, Summary: "Cannot reach SePay",
		Detail: fmt.Sprintf("Could not connect to SePay's token endpoint (%v). %s%s",
			r.Err, diagnostic.NothingSpent, connectStep(r.Err)),
		Err: r.Err,
	}
}

// issuedBy names the issuer, so that an administrator recognizes their proxy. The name is untrusted text.
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

// connectStep returns the next step after a failed connection.
func connectStep(err error) string {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return issuedBy(unknown.Cert) + "This machine does not trust its issuer. If a proxy inspects TLS here, add its certificate " +
			"authority to the system's trust store, or set SSL_CERT_FILE to a file that has it; if not, check base_url. Then run again."
	}

	return "Check the network, the proxy (HTTPS_PROXY) and base_url, and run again."
}
