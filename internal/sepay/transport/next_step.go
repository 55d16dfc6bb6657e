package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

const loginCommand = "terraform-provider-sepay login"

// NextStep returns what the user can do about the failure, "" if only SePay's text can say.
func (e *APIError) NextStep() string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return unauthorizedStep(e.hint)
	case e.Status == http.StatusForbidden && e.Scope != "":
		return e.forbiddenStep()
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > retryBudget:
		return "SePay asks to wait " + formatWait(e.RetryAfter) + ": run the command again later, with a lower requests_per_second."
	case e.Status == http.StatusTooManyRequests:
		return "Lower requests_per_second, or wait for other users of this account to finish."
	case e.Status == http.StatusInternalServerError && e.Message == "" && e.Method != http.MethodGet:
		return "SePay responds this way when it cannot process a value: check the last change."
	case e.Status >= http.StatusInternalServerError:
		return "SePay, or a proxy in front of it, is unavailable: try again later."
	case e.Status >= http.StatusMultipleChoices && e.Status < http.StatusBadRequest:
		return "The API does not redirect: check base_url."
	default:
		return ""
	}
}

// forbiddenStep distinguishes a scope that was not granted from a permission that the user lacks, if the access token
// names its scopes.
func (e *APIError) forbiddenStep() string {
	permission := "the matching permission"
	if e.Role != "" {
		permission = "the role " + e.Role
	}

	granted := shellSafe(e.Granted)

	switch {
	case len(granted) == 0:
		return fmt.Sprintf("The sign-in needs the scope %q, and its user %s at SePay. To authorize again, run `%s`, which requests "+
			"every scope that the provider uses, or give the scopes that you need with --scope; for %s, ask an administrator of "+
			"the company.", e.Scope, permission, loginCommand, permission)
	case slices.Contains(granted, e.Scope):
		return fmt.Sprintf("The sign-in has the scope %q, so its user lacks %s at SePay. Ask an administrator of the company for it, "+
			"or authorize again as a user who has it: `%s`.", e.Scope, permission, loginCommand)
	}

	wanted := slices.Sorted(slices.Values(append([]string{e.Scope}, granted...)))

	step := fmt.Sprintf("The sign-in lacks the scope %q; it has %s. To authorize again with it, run `%s --scope %s`, with the "+
		"--store-key of this sign-in if it has one.", e.Scope, strings.Join(granted, ", "), loginCommand, strings.Join(wanted, ","))
	if e.Role != "" {
		step += fmt.Sprintf(" The user needs %s at SePay, too.", permission)
	}

	return step
}

// shellSafe returns the scopes that can be part of a command, sorted. The content of a token is untrusted.
func shellSafe(scopes []string) []string {
	const most = 20

	var safe []string

	for _, scope := range slices.Sorted(slices.Values(scopes)) {
		if scope != "" && len(scope) <= maxName && len(safe) < most && strings.Trim(scope, "abcdefghijklmnopqrstuvwxyz-:") == "" {
			safe = append(safe, scope)
		}
	}

	return slices.Compact(safe)
}

// unauthorizedStep is the next step after a request that SePay rejected twice with 401: once with the first token, and once
// with its replacement. hint is SePay's reason, "" if there is none.
func unauthorizedStep(hint string) string {
	const again = "run the command again, and if that does not help, sign in again with `terraform-provider-sepay login`."

	switch hint = strings.ToLower(hint); {
	case strings.Contains(hint, "revoked"):
		return "SePay revoked the new access token immediately. Most likely the same sign-in is renewed somewhere else, on another " +
			"machine or from a copy of the token store: each renewal revokes the access tokens issued before. Use one authorization " +
			"for each machine, or a token helper that they share; then " + again
	case strings.Contains(hint, "header"):
		return "The access token did not reach SePay: a proxy between this machine and SePay removes the Authorization header. Check " +
			"the proxy (HTTPS_PROXY) and base_url, then run the command again."
	case strings.Contains(hint, "verified"):
		return "SePay does not recognize the access token, although it is new: check that base_url is the service that issued it, and " +
			"the clock of this machine; then " + again
	}

	return "SePay rejected two access tokens in a row. Check that the user who signed in is still active at SePay and that " +
		"the client may use the API; then " + again
}

// NextStep returns what the user can do about the failure.
func (e *RequestError) NextStep() string {
	if errors.Is(e.Err, ErrWaitTooLong) {
		return "SePay limits the number of requests: run the command again later, with a lower requests_per_second."
	}

	if step := certificateStep(e.Err); step != "" {
		return step + " Then run the command again."
	}

	if _, ok := errors.AsType[tls.RecordHeaderError](e.Err); ok {
		return "The server does not speak TLS. Check base_url (a server on this machine may need http://), and the proxy " +
			"(HTTPS_PROXY) if there is one, then run the command again."
	}

	if name, ok := errors.AsType[*net.DNSError](e.Err); ok && name.IsNotFound {
		return "No server has this name. Check base_url, and the DNS settings of this machine, then run the command again."
	}

	return "Check the network between this machine and SePay and the provider's base_url, then run the command again."
}

// certificateStep is the next step after a certificate error, "" for other errors.
func certificateStep(err error) string {
	if authority, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		issuer := "an authority without a name"
		if authority.Cert != nil {
			issuer = fmt.Sprintf("%q", authority.Cert.Issuer.String())
		}

		return "This machine does not trust the certificate, which was issued by " + issuer + ". If your proxy issues it, add its " +
			"authority to those of the system, or on Linux set SSL_CERT_FILE to a file that has it; if not, check base_url."
	}

	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "The certificate is for another host. Check base_url, and the proxy if there is one."
	}

	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "The certificate has expired, or is not valid yet. Check the clock of this machine, and the proxy if there is one."
	}

	return ""
}
