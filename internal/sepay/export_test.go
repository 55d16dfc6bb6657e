package sepay

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"
)

// SnapshotSince returns when the refresh began that reads are answered from, the zero time when none has.
func (c *Client) SnapshotSince() time.Time {
	return c.webhooks.Since()
}

// Trust makes the client trust a certificate.
func (c *Client) Trust(certificatePEM []byte) {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificatePEM)

	if transport, ok := c.http.Transport.(*http.Transport); ok {
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	}
}
