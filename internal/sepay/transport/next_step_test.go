package transport

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"strings"
	"testing"
	"time"
)

func TestAFailedRequestHasANextStep(t *testing.T) {
	t.Parallel()

	verification := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	certificate := &x509.Certificate{
		Issuer: pkix.Name{CommonName: "Proxy of the company"}, DNSNames: []string{"proxy.example"}, NotAfter: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}

	for name, test := range map[string]struct {
		err  error
		want []string
	}{
		"unknown authority":      {verification(x509.UnknownAuthorityError{Cert: certificate}), []string{"Proxy of the company", "SSL_CERT_FILE", "base_url"}},
		"authority with no name": {verification(x509.UnknownAuthorityError{}), []string{"SSL_CERT_FILE", "base_url"}},
		"another host":           {verification(x509.HostnameError{Certificate: certificate, Host: "my.sepay.vn"}), []string{"another host", "proxy", "base_url"}},
		"expired":                {verification(x509.CertificateInvalidError{Cert: certificate, Reason: x509.Expired}), []string{"expired", "clock"}},
		"no TLS":                 {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, []string{"TLS", "http://", "proxy", "base_url"}},
		"no such host":           {&net.DNSError{Name: "my.sepay.vm", IsNotFound: true}, []string{"name", "base_url"}},
		"refused":                {errors.New("connection refused"), []string{"Check the network", "base_url"}},
		"too long a wait":        {ErrWaitTooLong, []string{"requests_per_second"}},
	} {
		step := (&RequestError{Method: "GET", Path: "/me", Err: &redactedError{"x", test.err}}).NextStep()

		for _, want := range test.want {
			if !strings.Contains(step, want) {
				t.Errorf("%s: %q is missing in: %s", name, want, step)
			}
		}

		if !strings.HasSuffix(step, "un the command again.") && !strings.Contains(step, "run the command again later") {
			t.Errorf("%s: %s", name, step)
		}
	}
}
