package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// idleConnections covers Terraform's -parallelism up to 64. Go's default of two for each host would open a new
// connection for almost every request of a parallel run.
const idleConnections = 64

// newHTTPClient returns the client that all requests share. It has no timeout: each attempt has a context
// with one, which excludes the wait for the limiter.
func newHTTPClient(cfg Config) *http.Client {
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}

	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           dial,
			ForceAttemptHTTP2:     true,
			MaxIdleConns:          idleConnections,
			MaxIdleConnsPerHost:   idleConnections,
			IdleConnTimeout:       90 * time.Second,
			TLSHandshakeTimeout:   10 * time.Second,
			ExpectContinueTimeout: time.Second,
			// Health checks detect a dead connection before the request on it times out.
			HTTP2:           &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second},
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs},
		},
		// The API does not redirect: a redirect comes from another server, which must not get the access token.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// firstConnection admits one request at a time until there is a connection. Otherwise, parallel requests would each open
// a connection, although one is enough for all over HTTP/2.
type firstConnection struct {
	turn chan struct{}
	open atomic.Bool
}

func newFirstConnection() *firstConnection { return &firstConnection{turn: make(chan struct{}, 1)} }

// enter waits for a turn. leave must be called, with true if there is a connection; further calls have no effect.
func (o *firstConnection) enter(ctx context.Context) (leave func(connected bool), err error) {
	if o.open.Load() {
		return func(bool) {}, nil
	}

	select {
	case o.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}

	var once sync.Once

	leave = func(connected bool) {
		once.Do(func() {
			if connected {
				o.open.Store(true)
			}

			<-o.turn
		})
	}

	if o.open.Load() {
		leave(true)
	}

	return leave, nil
}
