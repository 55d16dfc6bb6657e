package sepay

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// idleConnections covers Terraform's -parallelism up to 64. Go's default of two for each host would open a new
// connection for almost every request of a parallel run.
const idleConnections = 64

// newHTTPClient returns the client that all requests share. It has no time-out of its own: each try has a context with
// one, so that waiting for the limiter does not count.
func newHTTPClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			ForceAttemptHTTP2:     true,
			MaxIdleConns:          idleConnections,
			MaxIdleConnsPerHost:   idleConnections,
			IdleConnTimeout:       90 * time.Second,
			TLSHandshakeTimeout:   10 * time.Second,
			ExpectContinueTimeout: time.Second,
			TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		},
		// The API does not redirect. Whoever does is not SePay, and must not be shown the access token.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
